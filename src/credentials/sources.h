/* sources.h - what every source of credentials needs: the environment, files with secrets, and keys that are whole. */
#ifndef SPURN_CREDENTIALS_SOURCES_H
#define SPURN_CREDENTIALS_SOURCES_H

#include "credentials/credentials.h"
#include "slip.h"

enum {
    SOURCES_FILE_MAX = 1024 * 1024, /* bytes of a file with credentials: thousands of profiles */
    SOURCES_PATH_MAX = 4096,
    SOURCES_NAMES_MAX = 5 /* profiles that an error lists */
};

/* A variable that is set and not empty; else NULL. */
const char *sources_variable(const struct credentials_ask *ask, const char *name);
/* The first of `names` (ended by NULL) that is set and not empty; else NULL. */
const char *sources_first_variable(const struct credentials_ask *ask, const char *const *names);

/* One file with profiles. */
struct sources_file {
    char path[SOURCES_PATH_MAX]; /* as people know it, also when it cannot be found */
    const char *missing;         /* " (no such file)", " (HOME is not set)"; "" when it was read */
    struct buf text;             /* in memory for secrets */
};

/* Reads the file that `variable` names, else the one below HOME. A missing file is no failure. It is the caller's to
 * clear, also after a failure. SPURN_E_FILE when it may not be trusted, SPURN_E_CREDENTIALS when its path is too long. */
enum spurn_status sources_read_file(const struct credentials_ask *ask, const char *variable,
                                    const char *below_home, const char *what,
                                    struct sources_file *file, struct spurn_error *err);
/* The same of the file at `path`, "~/" being HOME. */
enum spurn_status sources_read_path(const struct credentials_ask *ask, const char *path,
                                    const char *what, struct sources_file *file,
                                    struct spurn_error *err);
void sources_clear_file(struct sources_file *file);

/* Not empty, valid UTF-8, no control characters. */
bool sources_is_plain(struct spurn_text text);

/* The names of profiles that there are, for an error. */
struct sources_names {
    struct spurn_text names[SOURCES_NAMES_MAX]; /* borrowed */
    size_t count;
    bool more;
    struct slip slip; /* written: the name that is looked for, where one was said */
};
/* `name`, or words in its place when it would spoil the sentence it is shown in. */
struct spurn_text sources_shown(struct spurn_text name);
void sources_add_name(struct sources_names *list, struct spurn_text name);

/* What was looked for in vain. */
struct sources_lost {
    const char *cloud;           /* "AWS" */
    const char *profile;         /* its name */
    const char *id_variable;     /* that was looked at and was not set; NULL: not looked at */
    const char *secret_variable; /* its companion */
    const struct sources_file *const *files;
    size_t file_count;
    struct sources_names names;
    const char
        *beside; /* what was looked at besides: "there is no instance's role"; NULL, "": nothing */
};
enum spurn_status sources_fail_lost(const struct sources_lost *lost, struct spurn_error *err);

/* A pair of a setting's name and its value, which may be absent. */
struct sources_setting {
    const char *name;
    struct spurn_text value;
};

/* Keys as one source gives them. */
struct sources_keys {
    const char *source; /* as struct credentials says it */
    struct sources_setting id, secret, token;
    bool needs_token;
    struct spurn_text account;
    int64_t expires_ms;
};

/* Says which one of them is missing: SPURN_E_CREDENTIALS. */
enum spurn_status sources_check(const struct sources_keys *keys, struct spurn_error *err);
/* Copies them, or says which one is missing. */
enum spurn_status sources_keep(const struct sources_keys *keys, struct credentials *out,
                               struct spurn_error *err);
/* SPURN_E_CREDENTIALS: they ended so long ago. */
enum spurn_status sources_fail_expired(const char *source, int64_t age_ms, struct spurn_error *err);

#endif
