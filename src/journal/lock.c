/* lock.c - one acting run per journal: a lock that the kernel keeps, and the file systems on which
 * it means nothing. */
#define _GNU_SOURCE /* F_OFD_SETLK: a lock that belongs to the open file and not to the process */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "journal/private.h"

enum spurn_status lock_take(const char *path, const char *name, int *fd, struct spurn_error *err)
{
    *fd = -1;
    struct buf lock_path;
    buf_init(&lock_path, 4096);
    buf_addf(&lock_path, "%s-lock", path);
    enum spurn_status status = SPURN_OK;
    if (lock_path.failed) {
        status = spurn_fail_memory(err);
        goto done;
    }
    *fd = open(buf_str(&lock_path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*fd < 0) {
        status = spurn_fail(err, SPURN_E_FILE, "cannot lock journal %s: %s-lock: %s", name, name,
                            strerror(errno));
        goto done;
    }
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(*fd, F_OFD_SETLK, &whole) == 0)
        goto done;
    status =
        errno == EAGAIN || errno == EACCES
            ? spurn_fail(err, SPURN_E_BUSY,
                         "cannot act on journal %s: another run is acting on it; wait until "
                         "that has ended",
                         name)
            : spurn_fail(err, SPURN_E_JOURNAL, "cannot lock journal %s: %s", name, strerror(errno));
    close(*fd);
    *fd = -1;
done:
    buf_clear(&lock_path);
    return status;
}

/* CIFS_SUPER_MAGIC and SMB2_SUPER_MAGIC, which the linux/magic.h of older kernels lacks. */
enum { MAGIC_CIFS = 0xFF534D42, MAGIC_SMB2 = 0xFE534D42 };

const char *lock_network_filesystem(const char *path)
{
    static const struct {
        uint32_t magic;
        const char *name;
    } rows[] = {
        {NFS_SUPER_MAGIC, "NFS"}, {SMB_SUPER_MAGIC, "SMB"},   {MAGIC_CIFS, "CIFS"},
        {MAGIC_SMB2, "SMB"},      {V9FS_MAGIC, "9P"},         {CEPH_SUPER_MAGIC, "Ceph"},
        {AFS_SUPER_MAGIC, "AFS"}, {CODA_SUPER_MAGIC, "Coda"},
    };
    struct statfs at;
    if (statfs(path, &at) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((uint32_t)at.f_type == rows[i].magic)
            return rows[i].name;
    return NULL;
}
