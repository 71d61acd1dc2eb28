/* journal_verify_test.c - whatever is changed by hand afterwards is found. */
#include "journal_case.h"

/* Some of everything: rejected by reply; abandoned, then inferred; failed; a plan; kept; and, last,
 * two open intents, one of them with a call that nobody answered. Closed, so that the file is all
 * there is. */
static void make_history(struct journal_case *c)
{
    case_init(c);
    case_open(c, JOURNAL_ACT);
    case_start(c);
    int64_t first = case_decide(c, "replied"), first_invitation = c->invitation;
    int64_t second = case_decide(c, "lost"), second_invitation = c->invitation;
    int64_t third = case_decide(c, "refused"), third_invitation = c->invitation;
    case_act(c);
    case_answered(c, case_intend(c, first, first_invitation), ANSWER_OK, RESULT_REJECTED);
    case_answered(c, case_intend(c, second, second_invitation), ANSWER_NONE, RESULT_FAILED);
    case_answered(c, case_intend(c, third, third_invitation), ANSWER_REFUSED, RESULT_FAILED);
    case_move(c, SWEEP_DONE);
    case_close(c);
    c->now_ms += MINUTE_MS;
    case_open(c, JOURNAL_PLAN);
    case_start(c);
    case_decide(c, "planned");
    case_move(c, SWEEP_DONE);
    case_close(c);
    c->now_ms += MINUTE_MS;
    case_open(c, JOURNAL_ACT);
    case_start(c);
    case_see(c, "lost", STATUS_REJECTED);
    case_see(c, "kept", STATUS_PENDING);
    case_decide_as(c, c->invitation, "keep");
    c->resources = "[{\"arn\":\"arn:aws:ec2:us-east-1:999999999999:subnet/"
                   "subnet-1\",\"type\":\"ec2:Subnet\"}]";
    case_decide_as(c, case_see(c, "refused", STATUS_PENDING).invitation, "keep");
    c->resources = NULL;
    case_count_rule(c);
    first = case_decide(c, "open"), first_invitation = c->invitation;
    second = case_decide(c, "unanswered"), second_invitation = c->invitation;
    case_act(c);
    case_intend(c, first, first_invitation);
    case_attempt(c, case_intend(c, second, second_invitation), ANSWER_NONE);
    case_is_sound(c);
    case_close(c);
}

static void copy_to(const char *from, const char *to)
{
    static const size_t most = 1 << 20;
    char *bytes = malloc(most);
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (CHECK(to, bytes != NULL && in != NULL && out != NULL)) {
        size_t len = fread(bytes, 1, most, in);
        CHECK(to, len > 0 && len < most && fwrite(bytes, 1, len, out) == len);
    }
    if (in != NULL)
        fclose(in);
    if (out != NULL)
        fclose(out);
    free(bytes);
}

/* What is said about a copy of the journal after an edit. */
static struct case_problems after_edit(struct journal_case *c, const char *sql)
{
    char kept[192];
    snprintf(kept, sizeof kept, "%s.copy", c->path);
    copy_to(c->path, kept);
    case_edit(c->path, sql);
    case_open(c, JOURNAL_READ);
    struct case_problems problems = case_verify(c);
    case_close(c);
    CHECK(sql, rename(kept, c->path) == 0);
    return problems;
}

static bool names(const struct case_problems *problems, const char *invariant)
{
    char line[64];
    snprintf(line, sizeof line, "%s: ", invariant);
    const char *at = strstr(problems->text, line);
    return at != NULL && (at == problems->text || at[-1] == '\n');
}

static void each_invariant_that_is_broken_by_hand_is_named(void)
{
    static const struct {
        const char *invariant, *edit;
    } rows[] = {
        {"seq_gap", "DELETE FROM decision WHERE verdict = 'keep'"},
        {"identity_twice", "UPDATE invitation SET cloud_id = 'open' WHERE cloud_id = 'kept'"},
        {"decided_twice", "UPDATE decision SET invitation = (SELECT invitation FROM decision WHERE "
                          "seq = 1) WHERE seq = 2"},
        {"retired_with_open_intent", "UPDATE invitation SET live = 0 WHERE cloud_id = 'open'"},
        {"reading_of_two", "UPDATE invitation SET reading = 1 WHERE id = 2"},
        {"reading_of_two", "UPDATE decision SET reading = 1 WHERE seq = 2"},
        {"reading_after_latest", "UPDATE decision SET reading = 6 WHERE seq = 2"},
        {"sender_cache", "UPDATE invitation SET sender = 'nobody' WHERE cloud_id = 'replied'"},
        {"sender_cache", "UPDATE reading SET sender = NULL WHERE id = 1"},
        {"rejected_cache", "UPDATE invitation SET rejected_ms = NULL WHERE cloud_id = 'lost'"},
        {"rejected_cache", "UPDATE invitation SET rejected_ms = 1 WHERE cloud_id = 'refused'"},
        {"rejected_cache", "UPDATE outcome SET at_ms = 1 WHERE result = 'rejected'"},
        {"first_seen", "UPDATE invitation SET first_seen_ms = NULL WHERE cloud_id = 'replied'"},
        {"first_seen", "UPDATE invitation SET noted = 1 WHERE cloud_id = 'planned'"},
        {"first_seen_told", "UPDATE invitation SET first_seen_ms = 1 WHERE cloud_id = 'refused'"},
        {"sweep_clock", "UPDATE sweep SET started_ms = started_ms - 1 WHERE id = 1"},
        {"first_seen_by_a_sweep",
         "UPDATE invitation SET first_seen_ms = 1 WHERE cloud_id = 'replied'"},
        {"decided_where_skipped", "UPDATE coverage SET state = 'skipped' WHERE sweep = 1"},
        {"rule_count", "UPDATE rule_count SET held = asked + 1"},
        {"rule_count", "UPDATE rule_count SET decided = -1"},
        {"kind_of_run", "UPDATE run SET kind = 'act' WHERE kind = 'plan'"},
        {"seen_by_a_plan", "UPDATE invitation SET last_sweep = 2 WHERE cloud_id = 'kept'"},
        {"intent_wants_reject", "UPDATE decision SET verdict = 'keep' WHERE seq = 1"},
        {"intent_wants_reject", "UPDATE sweep SET state = 'listing' WHERE id = 3"},
        {"intent_wants_reject", "UPDATE intent SET invitation = 2 WHERE invitation = 1"},
        {"intent_on_latest", "UPDATE decision SET invitation = 3 WHERE seq = 2; UPDATE intent SET "
                             "decision = 1 WHERE invitation = 3;"
                             "UPDATE intent SET invitation = 3 WHERE decision = 1"},
        {"one_at_a_time", "DROP INDEX intent_open; UPDATE intent SET invitation = (SELECT "
                          "max(invitation) FROM intent)"},
        {"generation", "UPDATE intent SET generation = 2 WHERE invitation = 1"},
        {"token_twice", "UPDATE intent SET token = 'one'"},
        {"call_in_its_sweep", "UPDATE attempt SET sweep = 3"},
        {"call_in_its_sweep", "UPDATE attempt SET sent_ms = sent_ms - 1"},
        {"call_after_outcome",
         "UPDATE outcome SET seq = -seq WHERE result = 'rejected' AND inferred = 0"},
        {"belt", "UPDATE sweep SET belt = 2 WHERE id = 1"},
        {"doubt_carried", "UPDATE intent SET begins_in_doubt = 1 WHERE invitation = 1"},
        {"doubt_kept", "UPDATE intent SET doubt = 0"},
        {"doubt_after_death",
         "INSERT INTO run (kind, started_ms, owner) VALUES ('act', 1900000000000, 'host:2')"},
        {"doubt_without_cause", "UPDATE intent SET doubt = 1"},
        {"open_cache", "UPDATE intent SET open = 0"},
        {"open_cache", "UPDATE intent SET open = 1"},
        {"outcome_of_its_intent", "UPDATE outcome SET invitation = 3 WHERE result = 'abandoned'"},
        {"outcome_of_its_intent", "UPDATE intent SET doubt = 1 WHERE invitation = 3"},
        {"rejected_needs_ok", "UPDATE attempt SET answer = 'refused' WHERE answer = 'ok'"},
        {"ok_is_rejected", "UPDATE attempt SET answer = 'ok' WHERE answer = 'refused'"},
        {"inferred_needs_doubt", "UPDATE outcome SET inferred = 1 WHERE result = 'rejected'"},
        {"failed_without_doubt", "UPDATE outcome SET doubt = 1"},
        {"abandoned_in_doubt", "UPDATE outcome SET doubt = 0"},
        {"not_ours", "UPDATE outcome SET result = 'already_rejected' WHERE result = 'abandoned'"},
        {"only_abandoned_amended", "UPDATE outcome SET result = 'gone' WHERE result = 'abandoned'"},
        {"rejected_twice", "DROP INDEX outcome_rejected; UPDATE outcome SET invitation = 2 WHERE "
                           "result = 'rejected'"},
        {"half_way", "UPDATE sweep SET state = 'acting' WHERE id = 1"},
        {"half_way", "UPDATE run SET ended_ms = NULL WHERE id = 2"},
        {"one_actor", "UPDATE run SET ended_ms = 1900000000000 WHERE id = 1"},
        {"one_actor", "UPDATE run SET ended_ms = NULL WHERE id = 1"},
    };
    struct journal_case c;
    make_history(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct case_problems problems = after_edit(&c, rows[i].edit);
        if (!CHECK(rows[i].edit, names(&problems, rows[i].invariant)))
            printf("want %s, got:\n%s", rows[i].invariant, problems.text);
    }
    case_open(&c, JOURNAL_READ);
    case_is_sound(&c);
    case_clear(&c);
}

/* ---- every column of every row ---- */

struct edits {
    struct journal_case *c;
    const char *table;
    int64_t row;
    int count;
};

static void try_edit(struct edits *edits, const char *sql)
{
    edits->count++;
    struct case_problems problems = after_edit(edits->c, sql);
    CHECK(sql, problems.count > 0);
}

/* A flag is turned over, another number and a text become others, and what was absent is there. The
 * indexes that would refuse some of that go first. */
static void edit_column(struct edits *edits, const char *column, const char *was)
{
    bool is_flag = was != NULL && strlen(was) == 1 && strchr("01", was[0]) != NULL;
    char sql[1024];
    snprintf(sql, sizeof sql,
             "DROP INDEX outcome_first; DROP INDEX intent_open; UPDATE %s SET %s = CASE typeof(%s) "
             "WHEN 'integer' THEN %s%s WHEN 'blob' THEN CAST(substr(%s, 2) || x'5a' AS BLOB) "
             "WHEN 'text' THEN %s || 'x' ELSE '7' END WHERE rowid = %lld",
             edits->table, column, column,
             is_flag && strcmp(column, "upto") != 0 ? "1 - " : "1000 + ", column, column, column,
             (long long)edits->row);
    try_edit(edits, sql);
}

static int take_row(void *context, int columns, char **values, char **names_of)
{
    struct edits *edits = context;
    edits->row = atoll(values[0]);
    for (int i = 1; i < columns; i++)
        edit_column(edits, names_of[i], values[i]);
    char sql[128];
    snprintf(sql, sizeof sql, "DELETE FROM %s WHERE rowid = %s", edits->table, values[0]);
    try_edit(edits, sql);
    return 0;
}

/* A row of each kind is enough: they are all hashed alike. */
static void any_edit_of_what_was_sealed_is_found(void)
{
    static const struct {
        const char *table, *rows;
    } tables[] = {
        {"decision", "SELECT rowid, * FROM decision WHERE rowid IN (1, 15)"},
        {"intent", "SELECT rowid, * FROM intent"},
        {"decision", "SELECT rowid, resources, first_seen_ms, times_seen FROM decision WHERE "
                     "resources IS NOT NULL"},
        {"reading", "SELECT rowid, * FROM reading WHERE id IN (1, 4)"},
        {"sweep", "SELECT rowid, kind, digest FROM sweep"},
        {"attempt", "SELECT rowid, * FROM attempt"},
        {"outcome", "SELECT rowid, * FROM outcome"},
        {"link", "SELECT rowid, * FROM link WHERE upto BETWEEN 1 AND 5"},
        {"link", "SELECT rowid, * FROM link WHERE upto = 0"},
        {"target", "SELECT rowid, * FROM target"},
        {"invitation",
         "SELECT rowid, target, cloud_id, created_ms, identity, reading, sender, rejected_ms "
         "FROM invitation WHERE cloud_id = 'replied'"},
    };
    struct journal_case c;
    make_history(&c);
    char source[192];
    snprintf(source, sizeof source, "%s.moved", c.path);
    copy_to(c.path, source);
    sqlite3 *db = NULL;
    CHECK("a copy to go by", sqlite3_open(source, &db) == SQLITE_OK);
    int count = 0;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct edits edits = {.c = &c, .table = tables[i].table};
        CHECK(tables[i].rows,
              sqlite3_exec(db, tables[i].rows, take_row, &edits, NULL) == SQLITE_OK);
        CHECK(tables[i].rows, edits.count > 0);
        count += edits.count;
    }
    sqlite3_close(db);
    CHECK("many edits", count > 150);
    char leftover[200];
    snprintf(leftover, sizeof leftover, "%s-wal", source);
    unlink(leftover);
    snprintf(leftover, sizeof leftover, "%s-shm", source);
    unlink(leftover);
    case_clear(&c);
}

/* ---- the head ---- */

static void a_tail_that_was_cut_off_is_found_by_a_head_noted_elsewhere(void)
{
    struct journal_case c;
    make_history(&c);
    case_open(&c, JOURNAL_READ);
    int64_t seq = 0, checked = 0;
    char hash[SHA256_HEX_LEN + 1];
    CASE_OK(&c, journal_head(c.j, &seq, hash, &c.err));
    struct case_problems problems = {0};
    CASE_OK(&c, journal_verify(c.j, seq, hash, case_take_problem, &problems, &checked, &c.err));
    CHECK_STR("it passes through its head", problems.text, "");
    CHECK_INT("every sealed row is checked", checked, seq);
    case_close(&c);
    case_edit(c.path, "DELETE FROM attempt WHERE seq = (SELECT max(upto) FROM link);"
                      "DELETE FROM link WHERE upto = (SELECT max(upto) FROM link);"
                      "UPDATE intent SET doubt = 0 WHERE open = 1");
    case_open(&c, JOURNAL_READ);
    CHECK_STR("cut, it is whole in itself", case_verify(&c).text, "");
    CASE_OK(&c, journal_verify(c.j, seq, hash, case_take_problem, &problems, &checked, &c.err));
    CHECK(problems.text, strstr(problems.text, "chain: it does not pass through") != NULL);
    case_clear(&c);
}

static void the_head_moves_with_each_transaction(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    char before[SHA256_HEX_LEN + 1], after[SHA256_HEX_LEN + 1];
    int64_t seq = -1;
    CASE_OK(&c, journal_head(c.j, &seq, before, &c.err));
    CHECK_INT("nothing sealed yet", seq, 0);
    case_decide(&c, "a");
    CASE_OK(&c, journal_head(c.j, &seq, after, &c.err));
    CHECK_INT("one", seq, 1);
    CHECK("another hash", strcmp(before, after) != 0);
    case_clear(&c);
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }
static const struct unit_test tests[] = {
    TEST(each_invariant_that_is_broken_by_hand_is_named),
    TEST(any_edit_of_what_was_sealed_is_found),
    TEST(a_tail_that_was_cut_off_is_found_by_a_head_noted_elsewhere),
    TEST(the_head_moves_with_each_transaction),
};
UNIT_MAIN(tests)
