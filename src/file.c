/* file.c - reading the files that people point us at, with a bound and without being fooled. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

enum { CHUNK_LEN = 64 * 1024, REASON_LEN = 128 };

/* An errno in plain words, into `out`; the system's own where we have none. */
static const char *reason_of(int code, char out[REASON_LEN])
{
    static const struct {
        int code;
        const char *words;
    } rows[] = {
        {ENOENT, "no such file"},
        {ENOTDIR, "a part of its path is not a folder"},
        {EACCES, "permission denied"},
        {EPERM, "not permitted"},
        {EISDIR, "it is a folder"},
        {ENXIO, "it is not a regular file"}, /* a socket */
        {ELOOP, "too many symbolic links"},
        {ENAMETOOLONG, "its name is too long"},
        {EMFILE, "too many open files"},
        {ENFILE, "too many open files on this machine"},
        {EEXIST, "it exists already; remove it or name another"},
        {EROFS, "its file system is read-only"},
        {ENOSPC, "no space left on its device"},
        {EFBIG, "it would be longer than the system allows"},
        {EDQUOT, "its disk quota is used up"},
        {EIO, "its device failed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return rows[i].words;
    if (strerror_r(code, out, REASON_LEN) != 0)
        snprintf(out, REASON_LEN, "error %d", code);
    return out;
}

/* What a reading is about, for its errors. */
struct reading {
    const char *path, *what;
    struct spurn_error *err;
};

static enum spurn_status refuse(const struct reading *r, const char *why)
{
    return spurn_fail(r->err, SPURN_E_FILE, "cannot read %s %s: %s", r->what, r->path, why);
}

static enum spurn_status refuse_errno(const struct reading *r, int code)
{
    char reason[REASON_LEN];
    return refuse(r, reason_of(code, reason));
}

static enum spurn_status refuse_length(const struct reading *r, size_t max)
{
    enum { KIB = 1024, MIB = 1024 * 1024 };
    char why[64];
    if (max >= MIB)
        snprintf(why, sizeof why, "it is larger than %zu MiB", max / MIB);
    else if (max >= KIB)
        snprintf(why, sizeof why, "it is larger than %zu KiB", max / KIB);
    else
        snprintf(why, sizeof why, "it is larger than %zu bytes", max);
    return refuse(r, why);
}

/* Whoever can write the file decides what we do: that may be root and the caller, nobody else. */
static enum spurn_status check_trust(const struct reading *r, const struct stat *st, size_t max)
{
    const char *writers = NULL;
    if (S_ISDIR(st->st_mode))
        return refuse(r, "it is a folder");
    if (!S_ISREG(st->st_mode))
        return refuse(r, "it is not a regular file");
    if (st->st_uid != 0 && st->st_uid != geteuid())
        return spurn_fail(r->err, SPURN_E_FILE,
                          "cannot read %s %s: it belongs to another user (%ju); "
                          "make it root's or your own",
                          r->what, r->path, (uintmax_t)st->st_uid);
    if (st->st_mode & S_IWOTH)
        writers = "others";
    else if (st->st_mode & S_IWGRP)
        writers = "its group";
    if (writers != NULL)
        return spurn_fail(r->err, SPURN_E_FILE,
                          "cannot read %s %s: it is writable by %s; run chmod go-w %s", r->what,
                          r->path, writers, r->path);
    return st->st_size >= 0 && (uintmax_t)st->st_size > max ? refuse_length(r, max) : SPURN_OK;
}

static ssize_t read_again(int fd, char *into, size_t len)
{
    ssize_t got;
    do
        got = read(fd, into, len);
    while (got < 0 && errno == EINTR);
    return got;
}

/* To the end, wherever that is by now: the file may have grown, and some say they are empty. */
static enum spurn_status read_all(const struct reading *r, int fd, struct buf *out)
{
    for (;;) {
        char beyond = 0;
        size_t room_len = out->max - out->len < CHUNK_LEN ? out->max - out->len : CHUNK_LEN;
        char *room = room_len == 0 ? &beyond : buf_room(out, room_len);
        if (room == NULL)
            return spurn_fail_memory(r->err);
        ssize_t got = read_again(fd, room, room_len == 0 ? 1 : room_len);
        if (got < 0)
            return refuse_errno(r, errno);
        if (got == 0)
            break;
        if (room_len == 0)
            return refuse_length(r, out->max);
        out->len += (size_t)got;
    }
    buf_add(out, "", 0); /* ends what was read with its NUL */
    return out->failed ? spurn_fail_memory(r->err) : SPURN_OK;
}

/* Never waits for a FIFO's writer, and takes no terminal. Links are followed: what they lead to is what gets checked. */
static int open_to_read(const char *path)
{
    return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

/* Closes `fd`. On failure *out is empty. */
static enum spurn_status read_open_file(const struct reading *r, int fd, struct buf *out,
                                        mode_t *mode)
{
    enum spurn_status status = SPURN_OK;
    struct stat st = {0};
    if (fstat(fd, &st) != 0)
        status = refuse_errno(r, errno);
    else
        status = check_trust(r, &st, out->max);
    *mode = st.st_mode;
    if (status == SPURN_OK)
        status = read_all(r, fd, out);
    if (status != SPURN_OK)
        buf_reset(out);
    close(fd);
    return status;
}

enum spurn_status file_read_trusted(const char *path, const char *what, struct buf *out,
                                    struct spurn_error *err)
{
    struct reading r = {path, what, err};
    mode_t ignored;
    buf_reset(out);
    int fd = open_to_read(path);
    if (fd < 0)
        return refuse_errno(&r, errno);
    return read_open_file(&r, fd, out, &ignored);
}

enum spurn_status file_read_secret(const char *path, const char *what, struct buf *out, bool *found,
                                   bool *open_to_others, struct spurn_error *err)
{
    struct reading r = {path, what, err};
    mode_t mode = 0;
    *found = *open_to_others = false;
    buf_reset(out);
    int fd = open_to_read(path);
    if (fd < 0) /* a home of /dev/null, as services have, counts as a missing file too */
        return errno == ENOENT || errno == ENOTDIR ? SPURN_OK : refuse_errno(&r, errno);
    *found = true;
    enum spurn_status status = read_open_file(&r, fd, out, &mode);
    *open_to_others = (mode & (S_IRGRP | S_IROTH)) != 0;
    return status;
}

/* 0, or an errno. */
static int write_all(int fd, struct spurn_text content)
{
    while (content.len > 0) {
        ssize_t put = write(fd, content.at, content.len);
        if (put < 0 && errno != EINTR)
            return errno;
        if (put > 0) {
            content.at += put;
            content.len -= (size_t)put;
        }
    }
    return fsync(fd) == 0 ? 0 : errno;
}

enum spurn_status file_write_new(const char *path, struct spurn_text content, bool secret,
                                 struct spurn_error *err)
{
    char reason[REASON_LEN];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, secret ? 0600 : 0644);
    int code = fd < 0 ? errno : write_all(fd, content);
    if (fd >= 0 && close(fd) != 0 && code == 0)
        code = errno;
    if (code == 0)
        return SPURN_OK;
    if (fd >= 0)
        unlink(path); /* half a file is worse than none */
    return spurn_fail(err, SPURN_E_FILE, "cannot write %s: %s", path,
                      code == ENOENT ? "its folder does not exist" : reason_of(code, reason));
}

void file_beside(const char *base, const char *path, struct buf *out)
{
    const char *last_slash = strrchr(base, '/');
    if (path[0] != '/' && last_slash != NULL)
        buf_add(out, base, (size_t)(last_slash - base) + 1);
    buf_add_str(out, path);
}
