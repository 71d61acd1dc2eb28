/* verify.c - is the chain whole, and does the journal hold what a sound one never holds? */
#include <inttypes.h>
#include <string.h>

#include "embedded.h"
#include "journal/private.h"

struct verifier {
    struct journal *j;
    void (*problem)(void *context, const char *what);
    void *context;
    struct buf line;
    struct spurn_error *err;
};

static void SPURN_PRINTF(2, 3) tell(struct verifier *v, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_reset(&v->line);
    buf_vaddf(&v->line, fmt, args);
    va_end(args);
    v->problem(v->context, buf_str(&v->line));
}

/* ---- every query of verify.sql, and two of SQLite's own that they rely on ---- */

static enum spurn_status run_query(struct verifier *v, sqlite3_stmt *sql)
{
    int rc = sqlite3_step(sql);
    for (; rc == SQLITE_ROW; rc = sqlite3_step(sql)) {
        const char *what = (const char *)sqlite3_column_text(sql, 0);
        const char *row = (const char *)sqlite3_column_text(sql, 1);
        if (sqlite3_column_count(sql) == 1 && strcmp(what, "ok") != 0)
            tell(v, "the file is damaged: %s", what);
        else if (sqlite3_column_count(sql) > 2)
            tell(v, "row %s of %s stands on a row that is missing", row == NULL ? "?" : row, what);
        else if (sqlite3_column_count(sql) == 2)
            tell(v, "%s: row %s", what, row == NULL ? "?" : row);
    }
    return rc == SQLITE_DONE ? SPURN_OK : journal_fail(v->j, "read", v->err);
}

static enum spurn_status run_queries(struct verifier *v, const char *text)
{
    enum spurn_status status = SPURN_OK;
    while (status == SPURN_OK && text != NULL && *text != '\0') {
        sqlite3_stmt *sql = NULL;
        if (sqlite3_prepare_v2(v->j->db, text, -1, &sql, &text) != SQLITE_OK)
            status = journal_fail(v->j, "read", v->err);
        else if (sql != NULL) /* NULL: only a comment was left */
            status = run_query(v, sql);
        sqlite3_finalize(sql);
    }
    return status;
}

/* ---- the chain ---- */

/* Adds the rows up to `upto` and says how many there were. */
static int64_t add_rows(struct chain *chain, int64_t upto)
{
    int64_t count = 0;
    for (int64_t seq = chain_next_seq(chain); seq != 0 && seq <= upto; seq = chain_next_seq(chain))
        if (chain_add_row(chain))
            count++;
        else
            break;
    return count;
}

/* After a link that does not match, the next begins from what the file says, so that one edit is
 * told once. */
static enum spurn_status walk_links(struct verifier *v, struct chain *chain, struct statement *link,
                                    int64_t from, int64_t *checked)
{
    while (statement_next(link)) {
        int64_t upto = column_int(link, 0);
        *checked += add_rows(chain, upto);
        if (!chain_close_link(chain, upto))
            return spurn_fail_memory(v->err);
        const void *hash = sqlite3_column_blob(link->sql, 1);
        bool is_hash = sqlite3_column_bytes(link->sql, 1) == SHA256_LEN;
        if (!is_hash || memcmp(hash, chain->hash, SHA256_LEN) != 0)
            tell(v, "chain: rows %" PRId64 " to %" PRId64 " are not as they were sealed", from + 1,
                 upto);
        if (is_hash)
            memcpy(chain->hash, hash, SHA256_LEN);
        from = upto;
    }
    if (chain_next_seq(chain) != 0)
        tell(v, "chain: rows from %" PRId64 " on were never sealed", chain_next_seq(chain));
    return SPURN_OK;
}

static enum spurn_status verify_chain(struct verifier *v, int64_t *checked)
{
    static const uint8_t zeros[SHA256_LEN] = {0};
    struct statement link;
    statement_begin(&link, v->j, SQL_EACH_LINK, v->err);
    enum spurn_status status = SPURN_OK;
    bool based = statement_next(&link) && sqlite3_column_bytes(link.sql, 1) == SHA256_LEN;
    if (!based) {
        tell(v, "chain: its base is missing");
    } else {
        int64_t from = column_int(&link, 0);
        const uint8_t *base = sqlite3_column_blob(link.sql, 1);
        if (from == 0 && memcmp(base, zeros, SHA256_LEN) != 0)
            tell(v, "chain: its base is not as it was made");
        struct chain chain;
        chain_begin(&chain, v->j, from, base, v->err);
        status = walk_links(v, &chain, &link, from, checked);
        enum spurn_status ended = chain_end(&chain);
        status = status != SPURN_OK ? status : ended;
    }
    enum spurn_status ended = statement_end(&link);
    return status != SPURN_OK ? status : ended;
}

/* A chain that was cut short, or put back from an older copy, is whole in itself: only a head that
 * was noted elsewhere tells. */
static enum spurn_status verify_head(struct verifier *v, int64_t seq, const char *want)
{
    if (seq == 0)
        return SPURN_OK;
    char got[SHA256_HEX_LEN + 1] = "";
    struct statement link;
    statement_begin(&link, v->j, SQL_LINK_AT, v->err);
    put_int(&link, seq);
    if (statement_next(&link) && sqlite3_column_bytes(link.sql, 0) == SHA256_LEN)
        digest_hex(sqlite3_column_blob(link.sql, 0), SHA256_LEN, got);
    enum spurn_status status = statement_end(&link);
    if (status == SPURN_OK && (want == NULL || strcmp(got, want) != 0))
        tell(v,
             "chain: it does not pass through %" PRId64 ":%s; its end was cut off, or it is "
             "another copy",
             seq, want == NULL ? "" : want);
    return status;
}

/* All of it is asked of one and the same state, whoever writes meanwhile. */
enum spurn_status journal_verify(struct journal *j, int64_t head_seq, const char *head_hash,
                                 void (*problem)(void *context, const char *what), void *context,
                                 int64_t *checked, struct spurn_error *err)
{
    *checked = 0;
    struct verifier v = {.j = j, .problem = problem, .context = context, .err = err};
    buf_init(&v.line, 4096);
    struct statement s;
    bool begun = false;
    enum spurn_status status = SPURN_OK;
    if (!j->writing) {
        statement_begin(&s, j, SQL_BEGIN_READING, err);
        status = statement_run(&s);
        begun = status == SPURN_OK;
    }
    if (status == SPURN_OK)
        status = run_queries(&v, "PRAGMA integrity_check(10); PRAGMA foreign_key_check");
    if (status == SPURN_OK)
        status = verify_chain(&v, checked);
    if (status == SPURN_OK)
        status = verify_head(&v, head_seq, head_hash);
    if (status == SPURN_OK)
        status = run_queries(&v, embedded_text("src/journal/verify.sql").at);
    if (begun) {
        statement_begin(&s, j, SQL_ROLLBACK, NULL);
        statement_run(&s); /* nothing was written */
    }
    buf_clear(&v.line);
    return status;
}
