/* disk.c - what an acting run keeps for the moment when the disk is full. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/private.h"

enum { RESERVE_LEN = 128 * 1024 }; /* what came of some hundred calls in flight, indexes and all */

/* The methods of one open file, copied from the system's but for the two that make it grow. SQLite
 * reaches them through the file, so that from a file its `watched` is found: `methods` comes first.
 */
struct watched {
    sqlite3_io_methods methods;
    const sqlite3_io_methods *system;
    struct disk *disk;
};

struct disk {
    sqlite3_vfs vfs; /* the system's but for xOpen; first, because SQLite hands back its address */
    sqlite3_vfs *system;
    struct watched database, wal;
    char name[32];
    char *reserve; /* path; owned */
    bool full;
};

static struct watched *watched_of(sqlite3_file *file)
{
    return (struct watched *)file->pMethods;
}

/* A quota and a limit on file sizes are told apart from a failing disk by errno only. */
static bool is_full(const struct watched *w, sqlite3_file *file, int rc)
{
    int number = 0;
    if (rc == SQLITE_OK)
        return false;
    if (rc == SQLITE_FULL)
        return true;
    w->system->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number);
    return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

static bool give_up_reserve(struct disk *d)
{
    if (d->full)
        return false;
    d->full = true;
    return unlink(d->reserve) == 0;
}

static int watched_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    struct watched *w = watched_of(file);
    int rc = w->system->xWrite(file, bytes, len, at);
    if (is_full(w, file, rc) && give_up_reserve(w->disk))
        rc = w->system->xWrite(file, bytes, len, at);
    return rc;
}

static int watched_shm_map(sqlite3_file *file, int region, int len, int extend, void volatile **out)
{
    struct watched *w = watched_of(file);
    int rc = w->system->xShmMap(file, region, len, extend, out);
    if (rc == SQLITE_IOERR_SHMSIZE && give_up_reserve(w->disk))
        rc = w->system->xShmMap(file, region, len, extend, out);
    return rc;
}

static int disk_open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                          int *out_flags)
{
    struct disk *d = (struct disk *)vfs;
    int rc = d->system->xOpen(d->system, path, file, flags, out_flags);
    if (rc != SQLITE_OK || (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
        return rc;
    struct watched *w = flags & SQLITE_OPEN_WAL ? &d->wal : &d->database;
    w->disk = d;
    w->system = file->pMethods;
    w->methods = *file->pMethods;
    w->methods.xWrite = watched_write;
    if (w->methods.iVersion >= 2)
        w->methods.xShmMap = watched_shm_map;
    file->pMethods = &w->methods;
    return SQLITE_OK;
}

/* Written in full, because a hole would reserve nothing. */
static int write_reserve(int fd)
{
    static const char block[4096] = {0};
    for (int i = 0; i < RESERVE_LEN / (int)sizeof block; i++) {
        ssize_t len = write(fd, block, sizeof block);
        if (len != (ssize_t)sizeof block)
            return len < 0 ? errno : ENOSPC;
    }
    return fsync(fd) == 0 ? 0 : errno;
}

static int make_reserve(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno;
    struct stat at;
    int number = fstat(fd, &at) == 0 ? 0 : errno;
    if (number == 0 && at.st_size != RESERVE_LEN)
        number = write_reserve(fd);
    close(fd);
    if (number != 0)
        unlink(path);
    return number;
}

enum spurn_status disk_open(const char *path, const char *name, struct disk **out,
                            struct spurn_error *err)
{
    *out = NULL;
    enum spurn_status status = SPURN_OK;
    struct buf reserve;
    buf_init(&reserve, 4096);
    buf_addf(&reserve, "%s-reserve", path);
    struct disk *d = calloc(1, sizeof *d);
    if (d == NULL || reserve.failed) {
        status = spurn_fail_memory(err);
        goto done;
    }
    int number = make_reserve(buf_str(&reserve));
    if (number != 0) {
        bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
        status = spurn_fail(
            err, full ? SPURN_E_JOURNAL : SPURN_E_FILE, "cannot write journal %s: %s%s", name,
            full ? "the disk is full; free some space and run again; nothing is lost"
                 : "its reserve cannot be made: ",
            full ? "" : strerror(number));
        goto done;
    }
    d->system = sqlite3_vfs_find(NULL);
    d->vfs = *d->system;
    d->vfs.pNext = NULL;
    d->vfs.zName = d->name;
    d->vfs.xOpen = disk_open_file;
    snprintf(d->name, sizeof d->name, "spurn-%" PRIxPTR, (uintptr_t)d);
    d->reserve = buf_take(&reserve);
    if (d->reserve == NULL || sqlite3_vfs_register(&d->vfs, 0) != SQLITE_OK) {
        status = spurn_fail_memory(err);
        goto done;
    }
    *out = d;
done:
    if (status != SPURN_OK && d != NULL) {
        free(d->reserve);
        free(d);
    }
    buf_clear(&reserve);
    return status;
}

void disk_close(struct disk *d)
{
    if (d == NULL)
        return;
    sqlite3_vfs_unregister(&d->vfs);
    free(d->reserve);
    free(d);
}

const char *disk_vfs_name(const struct disk *d)
{
    return d == NULL ? NULL : d->name;
}

bool disk_was_full(const struct disk *d)
{
    return d != NULL && d->full;
}
