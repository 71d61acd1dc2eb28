/* script_case.h - a policy in a folder of its own, loaded and asked about an invitation. */
#ifndef SPURN_TESTS_SCRIPT_CASE_H
#define SPURN_TESTS_SCRIPT_CASE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "script/script.h"
#include "unit.h"

static const int64_t CASE_NOW_MS = 1795316400000; /* 2026-11-22T03:00:00Z */

struct script_case {
    char folder[64], policy[128];
    struct script *script; /* NULL when the policy did not load */
    struct spurn_error err;
    struct invitation inv;
    struct origin origin;
    struct script_facts facts;
    struct script_decision decision;
};

static void case_write(const struct script_case *c, const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", c->folder, name);
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

static void case_init(struct script_case *c)
{
    *c = (struct script_case){0};
    snprintf(c->folder, sizeof c->folder, "%s/spurn-XXXXXX", P_tmpdir);
    if (mkdtemp(c->folder) == NULL)
        abort();
    snprintf(c->policy, sizeof c->policy, "%s/p.lua", c->folder);
    c->inv =
        (struct invitation){.id = text_of("arn:1"),
                            .sender = text_of("999999999999"),
                            .receiver = text_of("111122223333"),
                            .name = text_of("shared-subnets"),
                            .share = text_of("arn:aws:ram:us-east-1:999999999999:resource-share/1"),
                            .status = STATUS_PENDING,
                            .status_text = text_of("PENDING"),
                            .has_created = true,
                            .created_ms = CASE_NOW_MS - 3600 * 1000};
    c->origin = (struct origin){text_of("aws"), text_of("111122223333"), text_of("us-east-1")};
    c->facts = (struct script_facts){.has_age = true};
}

/* Loads `text` as p.lua, with these settings (NULL: none), and begins a sweep. */
static enum spurn_status case_load_with(struct script_case *c, const char *text,
                                        const char *settings, const struct script_limits *limits)
{
    case_write(c, "p.lua", text);
    script_close(c->script);
    c->script = NULL;
    c->err.text[0] = '\0';
    struct script *script;
    enum spurn_status status = script_open(limits, NULL, &script, &c->err);
    if (status == SPURN_OK)
        status = script_load_policy(script, c->policy, text_of(settings),
                                    settings ? "spurn.lua:7" : NULL, &c->err);
    if (status == SPURN_OK)
        status = script_begin_sweep(script, CASE_NOW_MS, &c->err);
    if (status == SPURN_OK)
        c->script = script;
    else
        script_close(script);
    return status;
}

static inline enum spurn_status case_load(struct script_case *c, const char *text)
{
    return case_load_with(c, text, NULL, NULL);
}

static inline const char *case_verdict(struct script_case *c)
{
    if (c->script == NULL)
        return c->err.text;
    enum spurn_status status =
        script_decide(c->script, &c->inv, &c->origin, &c->facts, &c->decision, &c->err);
    return status == SPURN_OK ? script_verdict_name(c->decision.verdict) : c->err.text;
}

/* What an error says after the folder: "p.lua:1: ..."; without a folder, all of it. */
static inline const char *case_error(const struct script_case *c)
{
    size_t len = strlen(c->folder);
    return strncmp(c->err.text, c->folder, len) == 0 ? c->err.text + len + 1 : c->err.text;
}

static inline void case_clear(struct script_case *c)
{
    static const char *const names[] = {"p.lua", "ids.txt", "names.txt"};
    char path[160];
    script_close(c->script);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", c->folder, names[i]);
        unlink(path);
    }
    rmdir(c->folder);
}

/* ---- what a policy may not say ---- */

struct refusal {
    const char *text;
    const char *says; /* "p.lua:LINE: " and what it begins with */
};

static inline void check_refusals(const struct refusal *rows, size_t count)
{
    struct script_case c;
    case_init(&c);
    case_write(&c, "ids.txt", "111122223333\r\n# ours\n\n444455556666 # theirs\n");
    case_write(&c, "names.txt", "");
    for (size_t i = 0; i < count; i++) {
        enum spurn_status status = case_load(&c, rows[i].text);
        CHECK_INT(rows[i].text, status, SPURN_E_POLICY);
        struct spurn_text got = text_of(case_error(&c)), want = text_of(rows[i].says);
        if (got.len > want.len)
            got.len = want.len;
        if (!CHECK_TEXT(rows[i].text, got, want))
            printf("     whole: %s\n", case_error(&c));
        CHECK(rows[i].text, strchr(c.err.text, '\n') == NULL);
    }
    case_clear(&c);
}

#define CHECK_REFUSALS(rows) check_refusals(rows, sizeof(rows) / sizeof(rows)[0])

#endif
