/* journal.c - opening and closing, and transactions. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "embedded.h"
#include "journal/private.h"

enum {
    ROW_MAX = 1 << 25,           /* more than a reply, and as much again of resources, in one row */
    BUSY_MS = 5000,              /* how long another program may hold the file */
    APPLICATION_ID = 0x7370726e, /* "sprn", as in schema.sql */
    WAL_SHORT_LEN = 512 * 1024,  /* read again at each opening: under a millisecond */
};

/* The first makes FIRST_VERSION of an empty file, each other the next version; each says so itself
 * (PRAGMA user_version). Versions 1 and 2 were never released. */
static const char *const migrations[] = {"src/journal/schema.sql"};
enum {
    MIGRATION_COUNT = sizeof migrations / sizeof migrations[0],
    FIRST_VERSION = 3,
    SCHEMA_VERSION = FIRST_VERSION + MIGRATION_COUNT - 1
};

/* ---- the place ---- */

static bool is_temporary(const char *path)
{
    return path[0] == '\0' || strcmp(path, ":memory:") == 0;
}

/* Where a file that does not exist yet will be: its folder must. */
static enum spurn_status find_new_place(struct journal *j, struct spurn_error *err)
{
    enum spurn_status status = SPURN_OK;
    const char *slash = strrchr(j->name, '/');
    const char *base = slash == NULL ? j->name : slash + 1;
    char *folder = slash == NULL ? strdup(".") : strndup(j->name, (size_t)(slash - j->name) + 1);
    char *real = folder == NULL ? NULL : realpath(folder, NULL);
    struct buf path;
    buf_init(&path, 4096);
    struct stat link;
    if (folder == NULL) {
        status = spurn_fail_memory(err);
    } else if (real == NULL) {
        status = spurn_fail(err, SPURN_E_FILE, "cannot open journal %s: its folder: %s", j->name,
                            strerror(errno));
    } else if (lstat(j->name, &link) == 0) {
        status = spurn_fail(err, SPURN_E_FILE,
                            "cannot open journal %s: it is a link to nothing; remove it", j->name);
    } else if (j->use == JOURNAL_READ) {
        status =
            spurn_fail(err, SPURN_E_FILE,
                       "cannot open journal %s: it does not exist; spurn plan makes one", j->name);
    } else {
        buf_addf(&path, "%s/%s", strcmp(real, "/") == 0 ? "" : real, base);
        j->path = buf_take(&path);
        if (j->path == NULL)
            status = spurn_fail_memory(err);
    }
    buf_clear(&path);
    free(real);
    free(folder);
    return status;
}

/* SQLite would go on with a second name of the file as if it were another one, and its log with it.
 */
static enum spurn_status check_file(struct journal *j, const struct stat *at,
                                    struct spurn_error *err)
{
    if (!S_ISREG(at->st_mode))
        return spurn_fail(err, SPURN_E_FILE,
                          "cannot open journal %s: it is not a regular file; name another",
                          j->name);
    if (at->st_nlink > 1)
        return spurn_fail(err, SPURN_E_FILE,
                          "cannot open journal %s: the file has more than one name (hard links); "
                          "remove all but one",
                          j->name);
    return SPURN_OK;
}

/* An absolute path without links: the lock stands beside it, whichever way it was named, and
 * SQLite, which may have been built to take "file:..." for a URI, takes it for a path. */
static enum spurn_status find_place(struct journal *j, struct spurn_error *err)
{
    if (is_temporary(j->name)) {
        if (j->use == JOURNAL_PLAN)
            return SPURN_OK;
        return spurn_fail(err, SPURN_E_USAGE,
                          "cannot open journal \"%s\": only a plan may use a temporary one; name a "
                          "file",
                          j->name);
    }
    j->path = realpath(j->name, NULL);
    if (j->path == NULL && errno != ENOENT)
        return spurn_fail(err, SPURN_E_FILE, "cannot open journal %s: %s", j->name,
                          strerror(errno));
    enum spurn_status status = SPURN_OK;
    struct stat at;
    if (j->path == NULL)
        status = find_new_place(j, err);
    else if (stat(j->path, &at) == 0)
        status = check_file(j, &at, err);
    return status;
}

static enum spurn_status make_file(struct journal *j, struct spurn_error *err)
{
    int fd = open(j->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        close(fd);
        return SPURN_OK;
    }
    if (errno == EEXIST)
        return SPURN_OK;
    if (errno == ENOSPC || errno == EDQUOT)
        return journal_fail_full(j, err);
    return spurn_fail(err, SPURN_E_FILE, "cannot make journal %s: %s", j->name, strerror(errno));
}

static enum spurn_status check_local(struct journal *j, struct spurn_error *err)
{
    struct buf folder;
    buf_init(&folder, 4096);
    buf_add(&folder, j->path, (size_t)(strrchr(j->path, '/') - j->path) + 1);
    const char *network = lock_network_filesystem(buf_str(&folder));
    buf_clear(&folder);
    if (network == NULL)
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_FILE,
                      "cannot open journal %s: it is on a network file system (%s), whose locks "
                      "cannot be relied on; name a file on a local disk",
                      j->name, network);
}

static enum spurn_status take_place(struct journal *j, struct spurn_error *err)
{
    enum spurn_status status = find_place(j, err);
    if (status != SPURN_OK || j->path == NULL)
        return status;
    status = check_local(j, err);
    if (status == SPURN_OK && j->use == JOURNAL_ACT)
        status = lock_take(j->path, j->name, &j->lock_fd, err);
    if (status == SPURN_OK && j->use != JOURNAL_READ)
        status = make_file(j, err);
    if (status == SPURN_OK && j->use == JOURNAL_ACT)
        status = disk_open(j->path, j->name, &j->disk, err);
    return status;
}

/* ---- the database ---- */

static enum spurn_status execute(struct journal *j, const char *sql, struct spurn_error *err)
{
    if (sqlite3_exec(j->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return SPURN_OK;
    return journal_fail(j, "open", err);
}

static enum spurn_status ask_int(struct journal *j, const char *sql, int64_t *out,
                                 struct spurn_error *err)
{
    *out = 0;
    sqlite3_stmt *statement = NULL;
    enum spurn_status status = SPURN_OK;
    if (sqlite3_prepare_v2(j->db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        status = journal_fail(j, "open", err);
    else
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return status;
}

/* Also while somebody else may be making the same journal: everything is asked within one
 * transaction. */
static enum spurn_status check_identity(struct journal *j, int64_t *version,
                                        struct spurn_error *err)
{
    int64_t application = 0, tables = 0;
    enum spurn_status status = ask_int(j, "PRAGMA application_id", &application, err);
    if (status == SPURN_OK)
        status = ask_int(j, "PRAGMA user_version", version, err);
    if (status == SPURN_OK)
        status = ask_int(j, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (status != SPURN_OK)
        return status;
    bool is_empty = application == 0 && *version == 0 && tables == 0;
    if (is_empty && j->use == JOURNAL_READ)
        return spurn_fail(err, SPURN_E_JOURNAL,
                          "cannot open journal %s: it is empty; spurn plan begins it", j->name);
    if (!is_empty && application != APPLICATION_ID)
        return spurn_fail(err, SPURN_E_JOURNAL,
                          "cannot open journal %s: it is no journal of spurn; name another file",
                          j->name);
    if (*version > SCHEMA_VERSION)
        return spurn_fail(err, SPURN_E_JOURNAL,
                          "cannot open journal %s: a newer spurn wrote it; use that one", j->name);
    if (!is_empty && *version < FIRST_VERSION)
        return spurn_fail(
            err, SPURN_E_JOURNAL,
            "cannot open journal %s: an early build of spurn made it, from before the "
            "first release; keep it aside and start a new one",
            j->name);
    if (*version < SCHEMA_VERSION && j->use == JOURNAL_READ)
        return spurn_fail(
            err, SPURN_E_JOURNAL,
            "cannot open journal %s: an older spurn wrote it; spurn plan brings it up "
            "to date",
            j->name);
    return SPURN_OK;
}

static enum spurn_status migrate(struct journal *j, struct spurn_error *err)
{
    int64_t version = 0;
    enum spurn_status status = execute(j, "BEGIN IMMEDIATE", err);
    if (status == SPURN_OK)
        status = check_identity(j, &version, err);
    int64_t due = version == 0 ? 0 : version - FIRST_VERSION + 1;
    for (int64_t i = due; status == SPURN_OK && i < MIGRATION_COUNT; i++) {
        struct spurn_text sql = embedded_text(migrations[i]);
        status = sql.at != NULL
                     ? execute(j, sql.at, err)
                     : spurn_fail(err, SPURN_E_INTERNAL, "%s was not built in", migrations[i]);
    }
    if (status == SPURN_OK)
        status = execute(j, "COMMIT", err);
    else
        sqlite3_exec(j->db, "ROLLBACK", NULL, NULL,
                     NULL); /* the first failure is the one to tell */
    return status;
}

/* The file is asked what it is before anything in it is changed. */
static enum spurn_status set_up(struct journal *j, struct spurn_error *err)
{
    static const char *const settings[] = {
        [JOURNAL_READ] = "PRAGMA query_only = ON",
        [JOURNAL_PLAN] = "PRAGMA synchronous = NORMAL",
        [JOURNAL_ACT] = "PRAGMA synchronous = FULL",
    };
    sqlite3_extended_result_codes(j->db, 1);
    sqlite3_busy_timeout(j->db, BUSY_MS);
    int64_t version = 0;
    enum spurn_status status = check_identity(j, &version, err);
    if (status == SPURN_OK)
        status = execute(j,
                         "PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF;"
                         "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA "
                         "wal_autocheckpoint = 4000",
                         err);
    if (status == SPURN_OK)
        status = execute(j, settings[j->use], err);
    if (status != SPURN_OK || j->use == JOURNAL_READ)
        return status;
    if (sqlite3_db_readonly(j->db, "main") == 1)
        return spurn_fail(
            err, SPURN_E_FILE,
            "cannot write journal %s: it is read-only; make it and its folder writable", j->name);
    status = execute(j, "PRAGMA journal_mode = WAL", err);
    j->was_there = version == SCHEMA_VERSION;
    if (status == SPURN_OK && version < SCHEMA_VERSION)
        status = migrate(j, err);
    return status;
}

static enum spurn_status open_database(struct journal *j, struct spurn_error *err)
{
    int flags = j->use == JOURNAL_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    flags |= SQLITE_OPEN_NOMUTEX; /* a handle belongs to one thread at a time */
    if (j->path == NULL)
        flags |= SQLITE_OPEN_CREATE;
    int rc = sqlite3_open_v2(j->path == NULL ? ":memory:" : j->path, &j->db, flags,
                             disk_vfs_name(j->disk));
    if (j->db == NULL)
        return spurn_fail_memory(err);
    enum spurn_status status = rc == SQLITE_OK ? set_up(j, err) : journal_fail(j, "open", err);
    if (status == SPURN_OK && j->path != NULL && stat(j->path, &j->opened) != 0)
        status =
            spurn_fail(err, SPURN_E_FILE, "cannot open journal %s: %s", j->name, strerror(errno));
    return status;
}

enum spurn_status journal_open(const char *path, enum journal_use use, struct digest *d,
                               struct journal **out, struct spurn_error *err)
{
    *out = NULL;
    struct journal *j = calloc(1, sizeof *j);
    if (j == NULL)
        return spurn_fail_memory(err);
    j->use = use;
    j->digest = d;
    j->lock_fd = -1;
    buf_init(&j->row, ROW_MAX);
    j->name = strdup(path);
    enum spurn_status status = j->name == NULL ? spurn_fail_memory(err) : take_place(j, err);
    if (status == SPURN_OK)
        status = open_database(j, err);
    if (status == SPURN_OK)
        *out = j;
    else
        journal_close(j);
    return status;
}

/* A plan need not wait for the disk: what it added may stay beside the file, until so much came together that the next one
 * would take longer to read it. */
static bool wal_is_short(const struct journal *j)
{
    char path[PATH_MAX];
    struct stat wal;
    int len = snprintf(path, sizeof path, "%s-wal", j->path == NULL ? "" : j->path);
    return len > 0 && (size_t)len < sizeof path && stat(path, &wal) == 0 &&
           wal.st_size < WAL_SHORT_LEN;
}

void journal_close(struct journal *j)
{
    if (j == NULL)
        return;
    journal_rollback(j);
    for (size_t i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(j->statements[i]);
    if (j->use == JOURNAL_PLAN && j->was_there && wal_is_short(j))
        sqlite3_db_config(j->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
    sqlite3_close(j->db);
    disk_close(j->disk);
    if (j->lock_fd >= 0)
        close(j->lock_fd); /* last: whoever waits for the lock finds the file closed */
    queue_forget(&j->queue);
    free(j->queue.decisions);
    buf_clear(&j->row);
    free(j->path);
    free(j->name);
    free(j);
}

/* ---- transactions ---- */

enum spurn_status journal_begin(struct journal *j, struct spurn_error *err)
{
    if (j->use == JOURNAL_READ || j->writing)
        return spurn_fail(err, SPURN_E_INTERNAL, "the journal was told to begin %s",
                          j->writing ? "twice" : "writing, but was opened to be read");
    struct statement begin;
    statement_begin(&begin, j, SQL_BEGIN, err);
    enum spurn_status status = statement_run(&begin);
    if (status != SPURN_OK)
        return status;
    j->writing = true;
    j->intents_added = false;
    status = chain_read_end(j, err);
    if (status != SPURN_OK)
        journal_rollback(j);
    return status;
}

enum spurn_status journal_check_writing(struct journal *j, struct spurn_error *err)
{
    if (j->writing && !sqlite3_get_autocommit(j->db))
        return SPURN_OK;
    return spurn_fail(err, SPURN_E_INTERNAL, "the journal was written to outside of a transaction");
}

enum spurn_status journal_check_adding(struct journal *j, struct spurn_error *err)
{
    if (disk_was_full(j->disk))
        return journal_fail_full(j, err);
    return journal_check_writing(j, err);
}

/* An intent in a file that nobody finds again is no intent. */
static enum spurn_status check_path(struct journal *j, struct spurn_error *err)
{
    struct stat now;
    if (j->path == NULL || (stat(j->path, &now) == 0 && now.st_dev == j->opened.st_dev &&
                            now.st_ino == j->opened.st_ino))
        return SPURN_OK;
    return spurn_fail(
        err, SPURN_E_JOURNAL,
        "cannot write journal %s: it was moved, removed or replaced while in use; put "
        "it back and run again",
        j->name);
}

enum spurn_status journal_commit(struct journal *j, struct spurn_error *err)
{
    enum spurn_status status = journal_check_writing(j, err);
    if (status == SPURN_OK && j->intents_added)
        status = check_path(j, err);
    if (status == SPURN_OK)
        status = chain_seal(j, err);
    struct statement commit;
    if (status == SPURN_OK) {
        statement_begin(&commit, j, SQL_COMMIT, err);
        status = statement_run(&commit);
    }
    if (status == SPURN_OK)
        j->writing = false;
    else
        journal_rollback(j);
    return status;
}

/* SQLite may have rolled back by itself, after a full disk for one. */
void journal_rollback(struct journal *j)
{
    if (!j->writing)
        return;
    if (!sqlite3_get_autocommit(j->db)) {
        struct statement rollback;
        statement_begin(&rollback, j, SQL_ROLLBACK, NULL);
        statement_run(&rollback); /* cannot fail but by what already failed */
    }
    j->writing = false;
    queue_forget(&j->queue);
}

enum spurn_status journal_head(struct journal *j, int64_t *seq, char hash[SHA256_HEX_LEN + 1],
                               struct spurn_error *err)
{
    *seq = 0;
    hash[0] = '\0';
    if (!j->writing) {
        enum spurn_status status = chain_read_end(j, err);
        if (status != SPURN_OK)
            return status;
    }
    *seq = j->sealed_seq;
    digest_hex(j->hash, SHA256_LEN, hash);
    return SPURN_OK;
}
