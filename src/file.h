/* file.h - reading the files that people point us at, with a bound and without being fooled. */
#ifndef SPURN_FILE_H
#define SPURN_FILE_H

#include "buf.h"

enum { FILE_MAX = 64 * 1024 * 1024 }; /* bytes of a configuration, policy, list or plan */

/* Reads a whole regular file into *out (initialised by the caller; its `max` is the bound). The file must be owned by
 * root or by the caller and not be writable by others; errors are SPURN_E_FILE and name `what` and the path:
 * "cannot read policy /x/y.lua: it is writable by others". Opened without following anything odd: a FIFO, a device
 * or a folder is an error, never a wait. */
enum spurn_status file_read_trusted(const char *path, const char *what, struct buf *out,
                                    struct spurn_error *err);

/* As above, for credential files: they may be group- or world-readable (*open_to_others says so), and a missing file is
 * success with *found false. */
enum spurn_status file_read_secret(const char *path, const char *what, struct buf *out, bool *found,
                                   bool *open_to_others, struct spurn_error *err);

/* Writes a new file (mode 0600 when `secret`, else 0644); one that exists is an error that says so. */
enum spurn_status file_write_new(const char *path, struct spurn_text content, bool secret,
                                 struct spurn_error *err);

/* `path` as seen from the folder of `base` (a file), unless it is absolute; into *out. */
void file_beside(const char *base, const char *path, struct buf *out);

#endif
