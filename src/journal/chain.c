/* chain.c - every row that was written is hashed onto the ones before it, so that a later edit
 * shows.
 *
 * The hash of a row is SHA-256 of the hash before it and the row: its table's letter, then each
 * column of the statements chain_* as a tag and a value ('-' NULL; 'i' and 8 bytes, big-endian; 't'
 * or 'b', 4 bytes of length, big-endian, and the bytes). A link ends the rows of one transaction:
 * SHA-256 of the last hash, 'l' and its own upto as a column. */
#include <string.h>

#include "journal/private.h"

static const struct {
    enum sql rows;
    char letter;
} tables[] = {{SQL_CHAIN_DECISIONS, 'd'},
              {SQL_CHAIN_INTENTS, 'i'},
              {SQL_CHAIN_ATTEMPTS, 'a'},
              {SQL_CHAIN_OUTCOMES, 'o'}};
enum { TABLE_COUNT = sizeof tables / sizeof tables[0] };

/* Room is asked for once for the whole value: a row has twenty. */
static void add_value(struct buf *row, char tag, uint64_t number, size_t number_len,
                      const void *bytes, size_t len)
{
    char *at = buf_room(row, 1 + number_len + len);
    if (at == NULL)
        return;
    *at++ = tag;
    for (size_t i = number_len; i > 0; i--)
        *at++ = (char)(number >> 8 * (i - 1));
    if (len > 0)
        memcpy(at, bytes, len);
    row->len += 1 + number_len + len;
}

void chain_put_int(struct buf *row, int64_t value)
{
    add_value(row, 'i', (uint64_t)value, 8, NULL, 0);
}

static void add_column(struct buf *row, sqlite3_stmt *sql, int column)
{
    int type = sqlite3_column_type(sql, column);
    if (type == SQLITE_NULL) {
        add_value(row, '-', 0, 0, NULL, 0);
    } else if (type == SQLITE_INTEGER) {
        chain_put_int(row, sqlite3_column_int64(sql, column));
    } else {
        const void *bytes = sqlite3_column_blob(sql, column);
        size_t len = (size_t)sqlite3_column_bytes(sql, column);
        add_value(row, type == SQLITE_TEXT ? 't' : 'b', len, 4, bytes, len);
    }
}

static void row_begin(struct chain *c, char letter)
{
    struct buf *row = &c->j->row;
    buf_reset(row);
    buf_add(row, c->hash, sizeof c->hash);
    buf_add_char(row, letter);
}

static bool row_end(struct chain *c)
{
    struct buf *row = &c->j->row;
    return !row->failed && digest_sha256(c->j->digest, buf_text(row), c->hash);
}

void chain_begin(struct chain *c, struct journal *j, int64_t after_seq,
                 const uint8_t hash[SHA256_LEN], struct spurn_error *err)
{
    *c = (struct chain){.j = j};
    memcpy(c->hash, hash, SHA256_LEN);
    for (int i = 0; i < TABLE_COUNT; i++) {
        statement_begin(&c->rows[i], j, tables[i].rows, err);
        put_int(&c->rows[i], after_seq);
        c->waiting[i] = statement_next(&c->rows[i]);
    }
}

static int next_table(const struct chain *c)
{
    int next = -1;
    for (int i = 0; i < TABLE_COUNT; i++)
        if (c->waiting[i] &&
            (next < 0 || column_int(&c->rows[i], 0) < column_int(&c->rows[next], 0)))
            next = i;
    return next;
}

int64_t chain_next_seq(const struct chain *c)
{
    int next = next_table(c);
    return next < 0 ? 0 : column_int(&c->rows[next], 0);
}

bool chain_add_row(struct chain *c)
{
    int next = next_table(c);
    if (next < 0)
        return false;
    struct statement *row = &c->rows[next];
    row_begin(c, tables[next].letter);
    for (int column = 0; column < sqlite3_column_count(row->sql); column++)
        add_column(&c->j->row, row->sql, column);
    if (!row_end(c)) {
        row->status = spurn_fail_memory(row->err);
        return false;
    }
    c->waiting[next] = statement_next(row);
    return true;
}

bool chain_close_link(struct chain *c, int64_t upto)
{
    row_begin(c, 'l');
    chain_put_int(&c->j->row, upto);
    return row_end(c);
}

enum spurn_status chain_end(struct chain *c)
{
    enum spurn_status status = SPURN_OK;
    for (int i = 0; i < TABLE_COUNT; i++) {
        enum spurn_status ended = statement_end(&c->rows[i]);
        if (status == SPURN_OK)
            status = ended;
    }
    return status;
}

enum spurn_status chain_seal(struct journal *j, struct spurn_error *err)
{
    if (j->last_seq == j->sealed_seq)
        return SPURN_OK;
    struct chain chain;
    chain_begin(&chain, j, j->sealed_seq, j->hash, err);
    int64_t last = j->sealed_seq;
    for (int64_t seq = chain_next_seq(&chain); seq != 0; seq = chain_next_seq(&chain)) {
        if (seq != last + 1 || !chain_add_row(&chain))
            break;
        last = seq;
    }
    enum spurn_status status = chain_end(&chain);
    if (status != SPURN_OK)
        return status;
    if (last != j->last_seq)
        return spurn_fail(err, SPURN_E_JOURNAL,
                          "cannot write journal %s: it holds rows that no run of spurn wrote; ask "
                          "spurn verify",
                          j->name);
    if (!chain_close_link(&chain, last))
        return spurn_fail_memory(err);
    struct statement link;
    statement_begin(&link, j, SQL_ADD_LINK, err);
    put_int(&link, last);
    put_blob(&link, chain.hash, sizeof chain.hash);
    return statement_run(&link);
}

enum spurn_status chain_read_end(struct journal *j, struct spurn_error *err)
{
    struct statement link;
    statement_begin(&link, j, SQL_LAST_LINK, err);
    bool found = false;
    if (statement_next(&link)) {
        found = sqlite3_column_bytes(link.sql, 1) == SHA256_LEN;
        if (found)
            memcpy(j->hash, sqlite3_column_blob(link.sql, 1), SHA256_LEN);
        j->sealed_seq = column_int(&link, 0);
        j->last_seq = j->sealed_seq;
    }
    enum spurn_status status = statement_end(&link);
    if (status == SPURN_OK && !found)
        return spurn_fail(err, SPURN_E_JOURNAL,
                          "cannot read journal %s: its chain has no last link; ask spurn verify",
                          j->name);
    return status;
}
