/* private.h - what the files of the journal share: the handle, its statements, the chain, the file
 * on disk. */
#ifndef SPURN_JOURNAL_PRIVATE_H
#define SPURN_JOURNAL_PRIVATE_H

#include <sqlite3.h>
#include <sys/stat.h>

#include "error.h"
#include "journal/journal.h"

/* The statements of statements.sql, in its order. */
enum sql {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_BEGIN_READING,
    SQL_LAST_LINK,
    SQL_ADD_LINK,
    SQL_EACH_LINK,
    SQL_LINK_AT,
    SQL_CHAIN_DECISIONS,
    SQL_CHAIN_INTENTS,
    SQL_CHAIN_ATTEMPTS,
    SQL_CHAIN_OUTCOMES,
    SQL_END_RUNS,
    SQL_CUT_SWEEPS,
    SQL_DOUBT_OPEN,
    SQL_RETIRE_UNSEEN,
    SQL_NOTE_NEW,
    SQL_START_RUN,
    SQL_START_SWEEP,
    SQL_MOVE_SWEEP,
    SQL_END_RUN_OF,
    SQL_FIND_TARGET,
    SQL_ADD_TARGET,
    SQL_COVER,
    SQL_FIND_INVITATION,
    SQL_ADD_INVITATION,
    SQL_ADD_READING,
    SQL_RENEW_READING,
    SQL_REMEMBER_INVITATION,
    SQL_SEE_FIRST,
    SQL_RETIRE_INVITATION,
    SQL_FIND_ABANDONED,
    SQL_ADD_DECISION,
    SQL_ADD_FAULT,
    SQL_ADD_RULE,
    SQL_EACH_RULE,
    SQL_HAS_TWINS,
    SQL_COUNT_SEEN,
    SQL_COUNT_SEEN_ONCE,
    SQL_COUNT_REJECTED,
    SQL_COUNT_NEW_SEEN,
    SQL_COUNT_NEW_REJECTED,
    SQL_BEGAN,
    SQL_COUNT_INTENTS,
    SQL_ADD_TRUST,
    SQL_FIND_TRUST,
    SQL_QUEUE,
    SQL_CANDIDATE,
    SQL_GENERATION,
    SQL_DECIDED_FOR,
    SQL_ADD_INTENT,
    SQL_FIND_INTENT,
    SQL_ADD_ATTEMPT,
    SQL_DOUBT_INTENT,
    SQL_ADD_OUTCOME,
    SQL_NOTE_REJECTED,
    SQL_CLOSE_INTENT,
    SQL_EACH_OPEN,
    SQL_OLDEST_ROWS,
    SQL_NEWEST_ROWS,
    SQL_EACH_BASIS,
    SQL_EACH_COVERED,
    SQL_COUNT
};

/* A sweep's reject decisions in the order in which they are to be acted on. */
struct queue {
    int64_t sweep;      /* 0: to be made anew */
    int64_t *decisions; /* owned */
    size_t count, cap;
    size_t at; /* what comes before has its intent */
};

struct journal {
    char *name; /* as it was asked for, for people */
    char *path; /* absolute, links resolved; NULL for a temporary journal */
    enum journal_use use;
    struct digest *digest;
    int lock_fd;       /* -1: none */
    bool was_there;    /* the file had its schema before it was opened */
    struct disk *disk; /* NULL unless acting */
    sqlite3 *db;
    sqlite3_stmt *statements[SQL_COUNT]; /* prepared when first asked for */
    struct stat opened;                  /* device and inode of the open file */

    int64_t sweep_ms;         /* the clock of the sweep that was started here last */
    bool writing;             /* between begin and commit or rollback */
    int64_t sealed_seq;       /* the last link's */
    int64_t last_seq;         /* given out so far */
    bool intents_added;       /* in this transaction */
    uint8_t hash[SHA256_LEN]; /* the last link's */
    struct buf row;           /* a row as it is hashed */
    struct queue queue;
    enum { TWINS_UNASKED, TWINS_NONE, TWINS_SOME } twins; /* targets that may be the same place */
};

/* ---- failing (failure.c) ---- */

/* What SQLite just said, for people: what to do about a full disk, damage, a lock. `doing` is
 * "open", "read" or "write". */
enum spurn_status journal_fail(struct journal *j, const char *doing, struct spurn_error *err);
enum spurn_status journal_fail_full(struct journal *j, struct spurn_error *err);

/* ---- statements (statement.c): begin, put the parameters in their order, then run, or next until
 * false and end ---- */

struct statement {
    struct journal *j;
    sqlite3_stmt *sql; /* borrowed from the handle; NULL when it failed */
    int put;           /* parameters so far */
    enum spurn_status status;
    struct spurn_error *err;
};

void statement_begin(struct statement *s, struct journal *j, enum sql which,
                     struct spurn_error *err);
void put_int(struct statement *s, int64_t value);
void put_maybe(struct statement *s, bool present, int64_t value); /* NULL when not present */
void put_text(struct statement *s, struct spurn_text text);       /* borrowed until the end */
void put_str(struct statement *s, const char *nul_terminated);
void put_blob(struct statement *s, const uint8_t *bytes, size_t len);
bool statement_next(struct statement *s);             /* a row to be read */
enum spurn_status statement_end(struct statement *s); /* its text is no longer valid */
enum spurn_status statement_run(struct statement *s); /* to its end, whatever rows it has */
int64_t column_int(const struct statement *s, int column);
bool column_is_null(const struct statement *s, int column);
struct spurn_text column_text(const struct statement *s, int column); /* valid until next or end */

/* SPURN_E_INTERNAL outside a transaction, and when SQLite ended it by itself. */
enum spurn_status journal_check_writing(struct journal *j, struct spurn_error *err);
/* As above, and refuses once the disk has been full: what is left of it is kept for what came of
 * calls in flight. */
enum spurn_status journal_check_adding(struct journal *j, struct spurn_error *err);

/* ---- outcomes (act.c) ---- */

struct outcome {
    int64_t intent, invitation;
    enum journal_result result;
    bool inferred, doubt;
    int64_t at_ms;
};
/* Records it as it is, and with the invitation when it was rejected. */
enum spurn_status outcome_add(struct journal *j, const struct outcome *outcome,
                              struct spurn_error *err);

/* ---- the chain (chain.c) ---- */

/* A number as it is hashed. */
void chain_put_int(struct buf *row, int64_t value);

/* Walks the sealed rows after `after_seq` in their order. */
struct chain {
    struct journal *j;
    struct statement rows[4]; /* one for each table, each at its next row */
    bool waiting[4];
    uint8_t hash[SHA256_LEN];
};
void chain_begin(struct chain *c, struct journal *j, int64_t after_seq,
                 const uint8_t hash[SHA256_LEN], struct spurn_error *err);
/* The seq of the next row; 0 when there is none. */
int64_t chain_next_seq(const struct chain *c);
/* Adds the next row to the hash. False when there is none, or it failed, as chain_end tells. */
bool chain_add_row(struct chain *c);
/* Ends a link at `upto`. False when memory ran out. */
bool chain_close_link(struct chain *c, int64_t upto);
enum spurn_status chain_end(struct chain *c);

/* Seals what the transaction added. */
enum spurn_status chain_seal(struct journal *j, struct spurn_error *err);
/* Reads the last link into the handle. */
enum spurn_status chain_read_end(struct journal *j, struct spurn_error *err);

/* ---- the file on disk (disk.c, lock.c) ---- */

/* SQLite's own way to the file, but for this: when the disk is full, the reserve beside the journal
 * is given up and the write is tried once more, so that SQLite does not notice and the transaction
 * lives. */
struct disk;
enum spurn_status disk_open(const char *path, const char *name, struct disk **out,
                            struct spurn_error *err);
void disk_close(struct disk *d); /* after sqlite3_close */
const char *disk_vfs_name(const struct disk *d);
bool disk_was_full(const struct disk *d); /* false for NULL */

/* The kernel's lock on PATH-lock, for as long as *fd is open. SPURN_E_BUSY when another holds it.
 */
enum spurn_status lock_take(const char *path, const char *name, int *fd, struct spurn_error *err);
/* The kind of network file system that holds `path`, such as "NFS"; NULL when it is a local one. */
const char *lock_network_filesystem(const char *path);

/* Forgets the order in which a sweep acts; the next question makes it anew. */
void queue_forget(struct queue *q);

#endif
