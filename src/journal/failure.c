/* failure.c - what went wrong with the journal, in a sentence that says what to do. */
#include <errno.h>
#include <string.h>

#include "journal/private.h"

/* An acting run's own watch over the file is surer than errno, which something else may have set
 * since. */
static bool is_full(struct journal *j, int code)
{
    int number = sqlite3_system_errno(j->db);
    return code == SQLITE_FULL ||
           (code == SQLITE_IOERR &&
            (disk_was_full(j->disk) || number == ENOSPC || number == EDQUOT || number == EFBIG));
}

enum spurn_status journal_fail_full(struct journal *j, struct spurn_error *err)
{
    return spurn_fail(err, SPURN_E_JOURNAL,
                      "cannot write journal %s: the disk is full; free some space and run again; "
                      "nothing is lost",
                      j->name);
}

static enum spurn_status fail_cannot_open(struct journal *j, const char *doing,
                                          struct spurn_error *err)
{
    int number = sqlite3_system_errno(j->db);
    return spurn_fail(err, SPURN_E_FILE, "cannot %s journal %s: %s%s", doing, j->name,
                      number != 0 ? strerror(number) : sqlite3_errmsg(j->db),
                      j->use == JOURNAL_READ ? "; its folder must be writable once it is in use"
                                             : "");
}

enum spurn_status journal_fail(struct journal *j, const char *doing, struct spurn_error *err)
{
    static const struct {
        int code;
        enum spurn_status status;
        const char *what; /* before what SQLite says, when `after` is not NULL */
        const char *after;
    } rows[] = {
        {SQLITE_NOTADB, SPURN_E_JOURNAL, "it is damaged (", "); move it away or restore a copy"},
        {SQLITE_CORRUPT, SPURN_E_JOURNAL, "it is damaged (", "); move it away or restore a copy"},
        {SQLITE_BUSY, SPURN_E_JOURNAL,
         "it is locked by another program; run again when that has ended", NULL},
        {SQLITE_READONLY, SPURN_E_FILE, "it is read-only; make it and its folder writable", NULL},
        {SQLITE_PERM, SPURN_E_FILE, "it is read-only; make it and its folder writable", NULL},
        {SQLITE_IOERR, SPURN_E_JOURNAL, "the disk failed (", ")"},
        {SQLITE_CONSTRAINT, SPURN_E_JOURNAL, "that would break a rule of the journal (", ")"},
    };
    int code = sqlite3_errcode(j->db) & 0xff;
    if (code == SQLITE_NOMEM)
        return spurn_fail_memory(err);
    if (is_full(j, code))
        return journal_fail_full(j, err);
    if (code == SQLITE_CANTOPEN)
        return fail_cannot_open(j, doing, err);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return spurn_fail(err, rows[i].status, "cannot %s journal %s: %s%s%s", doing, j->name,
                              rows[i].what, rows[i].after != NULL ? sqlite3_errmsg(j->db) : "",
                              rows[i].after != NULL ? rows[i].after : "");
    return spurn_fail(err, SPURN_E_JOURNAL, "cannot %s journal %s: %s", doing, j->name,
                      sqlite3_errmsg(j->db));
}
