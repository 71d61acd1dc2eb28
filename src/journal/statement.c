/* statement.c - the statements of statements.sql: found by name, prepared once, run with their
 * parameters in order. */
#include <string.h>

#include "embedded.h"
#include "journal/private.h"

static const char *const names[SQL_COUNT] = {
    [SQL_BEGIN] = "begin",
    [SQL_COMMIT] = "commit",
    [SQL_ROLLBACK] = "rollback",
    [SQL_BEGIN_READING] = "begin_reading",
    [SQL_LAST_LINK] = "last_link",
    [SQL_ADD_LINK] = "add_link",
    [SQL_EACH_LINK] = "each_link",
    [SQL_LINK_AT] = "link_at",
    [SQL_CHAIN_DECISIONS] = "chain_decisions",
    [SQL_CHAIN_INTENTS] = "chain_intents",
    [SQL_CHAIN_ATTEMPTS] = "chain_attempts",
    [SQL_CHAIN_OUTCOMES] = "chain_outcomes",
    [SQL_END_RUNS] = "end_runs",
    [SQL_CUT_SWEEPS] = "cut_sweeps",
    [SQL_DOUBT_OPEN] = "doubt_open",
    [SQL_RETIRE_UNSEEN] = "retire_unseen",
    [SQL_NOTE_NEW] = "note_new",
    [SQL_START_RUN] = "start_run",
    [SQL_START_SWEEP] = "start_sweep",
    [SQL_MOVE_SWEEP] = "move_sweep",
    [SQL_END_RUN_OF] = "end_run_of",
    [SQL_FIND_TARGET] = "find_target",
    [SQL_ADD_TARGET] = "add_target",
    [SQL_COVER] = "cover",
    [SQL_FIND_INVITATION] = "find_invitation",
    [SQL_ADD_INVITATION] = "add_invitation",
    [SQL_ADD_READING] = "add_reading",
    [SQL_RENEW_READING] = "renew_reading",
    [SQL_REMEMBER_INVITATION] = "remember_invitation",
    [SQL_SEE_FIRST] = "see_first",
    [SQL_RETIRE_INVITATION] = "retire_invitation",
    [SQL_FIND_ABANDONED] = "find_abandoned",
    [SQL_ADD_DECISION] = "add_decision",
    [SQL_ADD_FAULT] = "add_fault",
    [SQL_ADD_RULE] = "add_rule",
    [SQL_EACH_RULE] = "each_rule",
    [SQL_HAS_TWINS] = "has_twins",
    [SQL_COUNT_SEEN] = "count_seen",
    [SQL_COUNT_SEEN_ONCE] = "count_seen_once",
    [SQL_COUNT_REJECTED] = "count_rejected",
    [SQL_COUNT_NEW_SEEN] = "count_new_seen",
    [SQL_COUNT_NEW_REJECTED] = "count_new_rejected",
    [SQL_BEGAN] = "began",
    [SQL_COUNT_INTENTS] = "count_intents",
    [SQL_ADD_TRUST] = "add_trust",
    [SQL_FIND_TRUST] = "find_trust",
    [SQL_QUEUE] = "queue",
    [SQL_CANDIDATE] = "candidate",
    [SQL_GENERATION] = "generation",
    [SQL_DECIDED_FOR] = "decided_for",
    [SQL_ADD_INTENT] = "add_intent",
    [SQL_FIND_INTENT] = "find_intent",
    [SQL_ADD_ATTEMPT] = "add_attempt",
    [SQL_DOUBT_INTENT] = "doubt_intent",
    [SQL_ADD_OUTCOME] = "add_outcome",
    [SQL_NOTE_REJECTED] = "note_rejected",
    [SQL_CLOSE_INTENT] = "close_intent",
    [SQL_EACH_OPEN] = "each_open",
    [SQL_OLDEST_ROWS] = "oldest_rows",
    [SQL_NEWEST_ROWS] = "newest_rows",
    [SQL_EACH_BASIS] = "each_basis",
    [SQL_EACH_COVERED] = "each_covered",
};

/* What stands between "-- name: NAME" and the next such line. */
static struct spurn_text find_sql(enum sql which)
{
    static const char mark[] = "-- name: ";
    const char *at = embedded_text("src/journal/statements.sql").at;
    size_t name_len = strlen(names[which]);
    for (at = at == NULL ? NULL : strstr(at, mark); at != NULL; at = strstr(at, mark)) {
        at += sizeof mark - 1;
        if (strncmp(at, names[which], name_len) != 0 || at[name_len] != '\n')
            continue;
        at += name_len + 1;
        const char *end = strstr(at, mark);
        return (struct spurn_text){at, end == NULL ? strlen(at) : (size_t)(end - at)};
    }
    return TEXT_ABSENT;
}

static enum spurn_status prepare(struct journal *j, enum sql which, struct spurn_error *err)
{
    struct spurn_text sql = find_sql(which);
    if (sql.at == NULL)
        return spurn_fail(err, SPURN_E_INTERNAL, "the statement \"%s\" was not built in",
                          names[which]);
    int rc = sqlite3_prepare_v3(j->db, sql.at, (int)sql.len, SQLITE_PREPARE_PERSISTENT,
                                &j->statements[which], NULL);
    return rc == SQLITE_OK ? SPURN_OK : journal_fail(j, "read", err);
}

void statement_begin(struct statement *s, struct journal *j, enum sql which,
                     struct spurn_error *err)
{
    *s = (struct statement){.j = j, .err = err};
    if (j->statements[which] == NULL)
        s->status = prepare(j, which, err);
    else if (sqlite3_stmt_busy(j->statements[which]))
        s->status = spurn_fail(err, SPURN_E_INTERNAL,
                               "the journal was asked for \"%s\" while it was answering that",
                               names[which]);
    if (s->status == SPURN_OK)
        s->sql = j->statements[which];
}

static void put(struct statement *s, int rc)
{
    if (rc != SQLITE_OK && s->status == SPURN_OK)
        s->status = journal_fail(s->j, "write", s->err);
}

void put_int(struct statement *s, int64_t value)
{
    if (s->sql != NULL)
        put(s, sqlite3_bind_int64(s->sql, ++s->put, value));
}

void put_maybe(struct statement *s, bool present, int64_t value)
{
    if (present)
        put_int(s, value);
    else
        put_text(s, TEXT_ABSENT);
}

void put_text(struct statement *s, struct spurn_text text)
{
    if (s->sql != NULL)
        put(s,
            sqlite3_bind_text64(s->sql, ++s->put, text.at, text.len, SQLITE_STATIC, SQLITE_UTF8));
}

void put_str(struct statement *s, const char *nul_terminated)
{
    put_text(s, text_of(nul_terminated));
}

void put_blob(struct statement *s, const uint8_t *bytes, size_t len)
{
    if (s->sql != NULL)
        put(s, sqlite3_bind_blob64(s->sql, ++s->put, bytes, len, SQLITE_STATIC));
}

bool statement_next(struct statement *s)
{
    if (s->sql == NULL || s->status != SPURN_OK)
        return false;
    int rc = sqlite3_step(s->sql);
    if (rc == SQLITE_ROW)
        return true;
    if (rc != SQLITE_DONE) {
        bool writes = s->j->writing || !sqlite3_stmt_readonly(s->sql);
        s->status = journal_fail(s->j, writes ? "write" : "read", s->err);
    }
    return false;
}

enum spurn_status statement_end(struct statement *s)
{
    if (s->sql != NULL)
        sqlite3_reset(s->sql); /* says again what the step already said */
    s->sql = NULL;
    return s->status;
}

enum spurn_status statement_run(struct statement *s)
{
    while (statement_next(s))
        continue;
    return statement_end(s);
}

int64_t column_int(const struct statement *s, int column)
{
    return sqlite3_column_int64(s->sql, column);
}

bool column_is_null(const struct statement *s, int column)
{
    return sqlite3_column_type(s->sql, column) == SQLITE_NULL;
}

struct spurn_text column_text(const struct statement *s, int column)
{
    const char *at = (const char *)sqlite3_column_text(s->sql, column);
    return (struct spurn_text){at, at == NULL ? 0 : (size_t)sqlite3_column_bytes(s->sql, column)};
}
