/* doctor_report.c - what the doctor found: a row for each target, in words and as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "json.h"
#include "library/doctor.h"
#include "report.h"

enum { ERROR_LEN_MAX = 8 * 1024 };
static const char HOME[] = "us-east-1";

static const char *const words[] = {
    [PROBE_NOT_ASKED] = "-", [PROBE_YES] = "yes", [PROBE_NO] = "no", [PROBE_UNKNOWN] = "unknown"};

struct spurn_text patient_keys(const struct patient *patient)
{
    return (struct spurn_text){(const char *)&patient->site->keyring,
                               sizeof patient->site->keyring};
}

/* ---- what is wrong ---- */

static void begin_sentence(struct buf *out)
{
    if (out->len > 0)
        buf_add_str(out, "; ");
}

static void tell_clock(const struct site *site, struct buf *out)
{
    char apart[32];
    if (!site->clock_differs)
        return;
    clock_format_age((site->apart_ms < 0 ? -site->apart_ms : site->apart_ms) / 1000, apart);
    buf_addf(out,
             "the clocks differ by %s (the cloud's is %s): every age is unknown here; set this "
             "machine's clock",
             apart, site->apart_ms > 0 ? "ahead" : "behind");
}

/* Each sentence once: bad keys are told the same whatever is asked. */
static void tell_problems(const struct patient *patient, struct buf *out)
{
    const struct probe *told = NULL;
    for (size_t i = 0; i < PROBES_LEN; i++) {
        const struct probe *p = &patient->probes[i];
        bool is_extra = p->operation == CLOUD_RESOURCES && p->word == PROBE_NO;
        if (p->problem == NULL ||
            (told != NULL && text_equal(text_of(told->problem), text_of(p->problem))))
            continue;
        begin_sentence(out);
        buf_add_str(out, p->problem);
        if (is_extra)
            buf_add_str(out, ", if a policy asks what is shared");
        told = p;
    }
}

/* Looking at resources is for policies that ask about them: without it a sweep is as well. */
static bool is_well(const struct patient *patient)
{
    const struct probe *p = patient->probes;
    return patient->site->state == SITE_READY && !patient->site->clock_differs &&
           p[0].word == PROBE_YES && p[1].word == PROBE_YES && p[2].word != PROBE_UNKNOWN;
}

static bool is_closed(const struct patient *patient)
{
    const struct credentials *keys = site_credentials(patient->site);
    bool keys_are_good = (keys != NULL && keys->principal.at != NULL) ||
                         set_has(patient->doctor->keys_taken, patient_keys(patient));
    return patient->seems_closed && keys_are_good;
}

static bool is_skipped(const struct patient *patient)
{
    return is_closed(patient) && patient->site->config->is_any_region;
}

/* Keys that do all that a sweep wants of them do so whoever has them. What keeps others from it is told already. */
static void tell_identity(const struct patient *patient, struct buf *out)
{
    struct spurn_error why;
    if (!is_well(patient) || !site_is_unidentified(patient->site, &why))
        return;
    begin_sentence(out);
    buf_add_str(out, why.text);
}

static void put_error(const struct patient *patient, struct buf *out)
{
    if (is_closed(patient)) {
        buf_add_str(out, site_closed_words(patient->site));
    } else if (patient->site->state != SITE_READY) {
        buf_add_str(out, patient->site->error->text);
    } else {
        tell_clock(patient->site, out);
        tell_problems(patient, out);
        tell_identity(patient, out);
    }
}

/* Whose target it is comes first where nobody knows its account. */
static void tell_error(const struct patient *patient, struct buf *problem, struct buf *out)
{
    char whence[SITE_WHENCE_MAX];
    buf_reset(problem);
    buf_reset(out);
    put_error(patient, problem);
    if (problem->len == 0)
        return;
    buf_add_str(out, site_whence(patient->site, whence));
    buf_add_text(out, buf_text(problem));
}

/* ---- rows ---- */

static void fill_row(const struct patient *patient, const struct buf *error,
                     struct spurn_doctor_row *row)
{
    const struct site *site = patient->site;
    const struct credentials *keys = site_credentials(site);
    bool skipped = is_skipped(patient);
    const char *asked[PROBES_LEN];
    for (size_t i = 0; i < PROBES_LEN; i++)
        asked[i] = words[skipped ? PROBE_NOT_ASKED : patient->probes[i].word];
    *row = (struct spurn_doctor_row){.cloud = text_of(site->config->cloud->name),
                                     .account = site->place.account,
                                     .region = site->place.region,
                                     .label = text_of(site->label),
                                     .has_skew = patient->has_skew,
                                     .skew_ms = site->clock_differs ? site->apart_ms : 0,
                                     .list = asked[0],
                                     .reject = asked[1],
                                     .resources = asked[2],
                                     .status = "failed",
                                     .error = error->len > 0 ? buf_text(error) : TEXT_ABSENT};
    if (skipped || is_well(patient))
        row->status = skipped ? "skipped" : "well";
    if (keys == NULL)
        return;
    row->source = keys->source;
    row->key_id = keys->id;
    row->principal = keys->principal;
    row->expires_ms = keys->expires_ms;
}

static enum spurn_status tell_rows(const struct doctor *d, const struct spurn_doctor *visitor,
                                   int64_t *unwell, struct spurn_error *err)
{
    struct buf problem, error;
    buf_init(&problem, ERROR_LEN_MAX);
    buf_init(&error, ERROR_LEN_MAX);
    for (size_t i = 0; i < d->count && !problem.failed && !error.failed; i++) {
        const struct patient *patient = &d->patients[i];
        struct spurn_doctor_row row;
        tell_error(patient, &problem, &error);
        fill_row(patient, &error, &row);
        *unwell += !is_skipped(patient) && !is_well(patient);
        visitor->row(visitor->context, &row);
    }
    bool failed = problem.failed || error.failed;
    buf_clear(&problem);
    buf_clear(&error);
    return failed ? spurn_fail_memory(err) : SPURN_OK;
}

/* ---- what is hardly meant ---- */

/* The account; while nobody knows which one it is, its keys. */
static struct spurn_text owner_of(const struct patient *patient)
{
    return patient->site->place.account.at != NULL ? patient->site->place.account
                                                   : patient_keys(patient);
}

static bool is_away_from_home(const struct site *site)
{
    const char *partition = place_aws_partition(site->place.region);
    return site->config->cloud == &cloud_aws && partition != NULL &&
           text_is(text_of(partition), "aws") && !text_is(site->place.region, HOME);
}

static enum spurn_status warn_of_home(const struct doctor *d, const struct spurn_doctor *visitor,
                                      struct spurn_error *err)
{
    struct set *done = set_open(); /* who is at home, or was told */
    bool ok = done != NULL;
    for (size_t i = 0; ok && i < d->count; i++) {
        const struct patient *patient = &d->patients[i];
        if (patient->site->config->cloud == &cloud_aws &&
            text_is(patient->site->place.region, HOME))
            ok = set_add(done, owner_of(patient));
    }
    for (size_t i = 0; ok && i < d->count; i++) {
        const struct site *site = d->patients[i].site;
        struct spurn_text owner = owner_of(&d->patients[i]);
        if (!is_away_from_home(site) || set_has(done, owner))
            continue;
        char text[512];
        struct spurn_text account = site->place.account;
        snprintf(text, sizeof text,
                 "aws%s%.*s: us-east-1 is not among its regions, and invitations to share global "
                 "resources appear there only",
                 account.at != NULL ? " " : "", TEXT_ARG(account));
        visitor->warning(visitor->context, text);
        ok = set_add(done, owner);
    }
    set_close(done);
    return ok ? SPURN_OK : spurn_fail_memory(err);
}

/* What the search for keys had to say. Where nobody takes warnings, or no report is made, the log has them. */
static enum spurn_status tell_warnings(const struct doctor *d, const struct spurn_doctor *visitor,
                                       struct spurn_error *err)
{
    for (size_t i = 0; d->warnings != NULL && i < set_count(d->warnings); i++) {
        struct spurn_text warning = set_item(d->warnings, i);
        char *text = strndup(warning.at, warning.len);
        if (text == NULL)
            return spurn_fail_memory(err);
        if (visitor != NULL && visitor->warning != NULL)
            visitor->warning(visitor->context, text);
        else
            log_warn(&d->spurn->log, "%s", text);
        free(text);
    }
    return SPURN_OK;
}

/* ---- the whole ---- */

enum spurn_status spurn_doctor(struct spurn *s, const struct spurn_doctor *visitor, int64_t *unwell,
                               struct spurn_error *err)
{
    struct doctor d;
    struct spurn_error unsaid; /* beside the one that ended it */
    *unwell = 0;
    enum spurn_status status =
        spurn_check_size(visitor->size, sizeof *visitor, "struct spurn_doctor", err);
    if (status == SPURN_OK)
        status = spurn_check_idle(s, err);
    if (status != SPURN_OK)
        return status;
    status = doctor_open(&d, s, err);
    if (status == SPURN_OK)
        status = doctor_examine(&d, err);
    if (status == SPURN_OK)
        status = tell_rows(&d, visitor, unwell, err);
    if (status == SPURN_OK)
        status = tell_warnings(&d, visitor, err);
    else if (status != SPURN_E_MEMORY)
        tell_warnings(&d, NULL, &unsaid);
    if (status == SPURN_OK && visitor->warning != NULL)
        status = warn_of_home(&d, visitor, err);
    doctor_close(&d);
    return status;
}

/* ---- JSON ---- */

struct doctor_json {
    struct report_json report;
    bool has_warnings;
};

static void put_row(void *context, const struct spurn_doctor_row *row)
{
    struct doctor_json *j = context;
    struct buf *text = &j->report.text;
    json_put_comma(text);
    buf_add_char(text, '{');
    json_put_member(text, "cloud", row->cloud);
    json_put_member(text, "account", row->account);
    json_put_member(text, "region", row->region);
    json_put_member_if(text, "label", row->label);
    json_put_member(text, "status", text_of(row->status));
    json_put_member(text, "source", row->source);
    json_put_member(text, "key_id", row->key_id);
    json_put_member(text, "principal", row->principal);
    if (row->expires_ms != 0)
        json_put_time_member(text, "expires", row->expires_ms);
    if (row->has_skew)
        json_put_int_member(text, "clock_ahead", row->skew_ms / 1000);
    json_put_member(text, "list", text_of(row->list));
    json_put_member(text, "reject", text_of(row->reject));
    json_put_member(text, "resources", text_of(row->resources));
    json_put_member_if(text, "error", row->error);
    buf_add_char(text, '}');
    report_json_hand_on(&j->report);
}

static void put_warning(void *context, const char *warning)
{
    struct doctor_json *j = context;
    if (!j->has_warnings)
        buf_add_str(&j->report.text, "],\"warnings\":[");
    j->has_warnings = true;
    json_put_comma(&j->report.text);
    json_put_text(&j->report.text, text_of(warning));
    report_json_hand_on(&j->report);
}

enum spurn_status spurn_doctor_json(struct spurn *s, spurn_write *write, void *context,
                                    int64_t *unwell, struct spurn_error *err)
{
    struct doctor_json j = {.has_warnings = false};
    report_json_open(&j.report, write, context);
    const struct spurn_doctor visitor = {
        .size = sizeof visitor, .context = &j, .row = put_row, .warning = put_warning};
    buf_add_str(&j.report.text, "{\"schema\":1,\"targets\":[");
    enum spurn_status status = spurn_doctor(s, &visitor, unwell, err);
    buf_addf(&j.report.text, "%s],\"unwell\":%" PRId64 "}\n",
             j.has_warnings ? "" : "],\"warnings\":[", *unwell);
    if (status != SPURN_OK) {
        buf_clear(&j.report.text); /* half a report is none */
        return status;
    }
    return report_json_close(&j.report, err);
}
