/* file_test.c - only a plain file that nobody else can write is read, whole and within its bound. */
#include "file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit.h"

/* A folder of its own for one test. */
struct folder {
    char path[64];
};

static struct folder folder_open(void)
{
    struct folder f;
    const char *parent = getenv("TMPDIR");
    snprintf(f.path, sizeof f.path, "%.40s/spurn-XXXXXX", parent == NULL ? P_tmpdir : parent);
    CHECK("a folder to work in", mkdtemp(f.path) != NULL);
    return f;
}

/* Removes the folder and the files named, NULL at the end. */
static void folder_close(const struct folder *f, const char *const *names)
{
    for (; *names != NULL; names++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", f->path, *names);
        unlink(path);
    }
    CHECK_INT("nothing else was left there", rmdir(f->path), 0);
}

static const char *in(const struct folder *f, const char *name, char path[128])
{
    snprintf(path, 128, "%s/%s", f->path, name);
    return path;
}

static void put_file(const char *path, const char *content, mode_t mode)
{
    FILE *file = fopen(path, "w");
    CHECK("made", file != NULL && fputs(content, file) >= 0 && fclose(file) == 0);
    CHECK_INT("mode", chmod(path, mode), 0);
}

/* Reads and compares what came of it; `wanted_error` has %s for the path, and a second one where the cure names it too. */
static void check_trusted(const char *path, size_t max, const char *content,
                          const char *wanted_error)
{
    struct buf out;
    struct spurn_error err = {0};
    buf_init(&out, max);
    enum spurn_status status = file_read_trusted(path, "policy", &out, &err);
    if (wanted_error == NULL) {
        CHECK_INT(path, (int)status, SPURN_OK);
        CHECK_TEXT(path, buf_text(&out), text_of(content));
    } else {
        struct buf wanted;
        buf_init(&wanted, sizeof err.text);
        for (const char *at = wanted_error; *at != '\0'; at++)
            if (*at == '@')
                buf_add_str(&wanted, path);
            else
                buf_add_char(&wanted, *at);
        CHECK_INT(path, (int)status, SPURN_E_FILE);
        CHECK_INT(path, (int)err.status, SPURN_E_FILE);
        CHECK_STR(path, err.text, buf_str(&wanted));
        CHECK_INT("nothing is left of it", (int64_t)out.len, 0);
        buf_clear(&wanted);
    }
    buf_clear(&out);
}

static void a_plain_file_is_read_whole(void)
{
    struct folder f = folder_open();
    char path[128], link_path[128];
    put_file(in(&f, "plain", path), "return 1\n", 0644);
    check_trusted(path, 1024, "return 1\n", NULL);
    put_file(in(&f, "empty", path), "", 0400);
    check_trusted(path, 1024, "", NULL);
    CHECK_INT("link", symlink("plain", in(&f, "link", link_path)), 0);
    check_trusted(link_path, 1024, "return 1\n", NULL);
    folder_close(&f, (const char *const[]){"plain", "empty", "link", NULL});
}

static void a_large_file_is_read_to_its_last_byte(void)
{
    enum { LEN = 300001 };
    struct folder f = folder_open();
    char path[128], *content = malloc(LEN + 1);
    for (size_t i = 0; i < LEN; i++)
        content[i] = (char)('a' + i % 23);
    content[LEN] = '\0';
    put_file(in(&f, "large", path), content, 0600);
    check_trusted(path, LEN, content, NULL);
    check_trusted(path, LEN - 1, NULL, "cannot read policy @: it is larger than 292 KiB");
    free(content);
    folder_close(&f, (const char *const[]){"large", NULL});
}

static void a_file_past_its_bound_is_refused(void)
{
    struct folder f = folder_open();
    char path[128];
    put_file(in(&f, "file", path), "12345678", 0600);
    check_trusted(path, 8, "12345678", NULL);
    check_trusted(path, 7, NULL, "cannot read policy @: it is larger than 7 bytes");
    check_trusted(path, 0, NULL, "cannot read policy @: it is larger than 0 bytes");
    CHECK_INT("a file of holes", truncate(path, (off_t)FILE_MAX + 1), 0);
    check_trusted(path, FILE_MAX, NULL, "cannot read policy @: it is larger than 64 MiB");
    folder_close(&f, (const char *const[]){"file", NULL});
}

/* The kernel says that such files are empty; what is read decides. */
static void a_bound_holds_for_a_file_that_hides_its_length(void)
{
    struct stat st;
    const char *path = "/proc/self/cmdline";
    if (geteuid() != 0 && (stat(path, &st) != 0 || st.st_uid != geteuid()))
        return;
    check_trusted(path, 3, NULL, "cannot read policy @: it is larger than 3 bytes");
}

static void what_others_can_write_is_refused_with_the_cure(void)
{
    static const struct {
        mode_t mode;
        const char *wanted_error;
    } rows[] = {
        {0644, NULL},
        {0755, NULL},
        {0444, NULL},
        {0664, "cannot read policy @: it is writable by its group; run chmod go-w @"},
        {0666, "cannot read policy @: it is writable by others; run chmod go-w @"},
        {0602, "cannot read policy @: it is writable by others; run chmod go-w @"},
    };
    struct folder f = folder_open();
    char path[128];
    in(&f, "file", path);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put_file(path, "x", rows[i].mode);
        check_trusted(path, 1024, "x", rows[i].wanted_error);
        unlink(path);
    }
    folder_close(&f, (const char *const[]){NULL});
}

static void what_belongs_to_another_user_is_refused(void)
{
    if (geteuid() != 0)
        return; /* nobody else can give a file away */
    struct folder f = folder_open();
    char path[128];
    put_file(in(&f, "file", path), "x", 0644);
    CHECK_INT("given away", chown(path, 65534, (gid_t)-1), 0);
    check_trusted(path, 1024, NULL,
                  "cannot read policy @: it belongs to another user (65534); "
                  "make it root's or your own");
    folder_close(&f, (const char *const[]){"file", NULL});
}

static void what_is_no_plain_file_is_refused_at_once(void)
{
    struct folder f = folder_open();
    char path[128];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    check_trusted(f.path, 1024, NULL, "cannot read policy @: it is a folder");
    check_trusted("/dev/null", 1024, NULL, "cannot read policy @: it is not a regular file");
    CHECK_INT("fifo", mkfifo(in(&f, "fifo", path), 0600), 0);
    check_trusted(path, 1024, NULL, "cannot read policy @: it is not a regular file");
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", in(&f, "socket", path));
    CHECK_INT("socket", bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    check_trusted(path, 1024, NULL, "cannot read policy @: it is not a regular file");
    close(fd);
    CHECK_INT("loop", symlink("loop", in(&f, "loop", path)), 0);
    check_trusted(path, 1024, NULL, "cannot read policy @: too many symbolic links");
    folder_close(&f, (const char *const[]){"fifo", "socket", "loop", NULL});
}

static void a_missing_file_is_an_error_that_names_it(void)
{
    check_trusted("x/missing.lua", 1024, NULL, "cannot read policy @: no such file");
    check_trusted("/dev/null/x", 1024, NULL,
                  "cannot read policy @: a part of its path is not a folder");
    check_trusted("", 1024, NULL, "cannot read policy @: no such file");
}

static void a_missing_secret_is_no_error(void)
{
    static const char *const paths[] = {"x/missing", "/dev/null/.aws/credentials"};
    for (size_t i = 0; i < 2; i++) {
        struct buf out;
        struct spurn_error err = {0};
        bool found = true, open_to_others = true;
        buf_init(&out, 1024);
        buf_add_str(&out, "left over");
        CHECK_INT(paths[i],
                  (int)file_read_secret(paths[i], "keys", &out, &found, &open_to_others, &err),
                  SPURN_OK);
        CHECK(paths[i], !found && !open_to_others);
        CHECK_STR(paths[i], buf_str(&out), "");
        CHECK_STR(paths[i], err.text, "");
        buf_clear(&out);
    }
}

static void a_secret_that_others_can_read_is_told(void)
{
    static const struct {
        mode_t mode;
        enum spurn_status status;
        bool open_to_others;
    } rows[] = {
        {0600, SPURN_OK, false}, {0640, SPURN_OK, true},     {0604, SPURN_OK, true},
        {0644, SPURN_OK, true},  {0660, SPURN_E_FILE, true}, {0622, SPURN_E_FILE, false},
    };
    struct folder f = folder_open();
    char path[128], label[16];
    in(&f, "keys", path);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        struct spurn_error err = {0};
        bool found = false, open_to_others = false;
        snprintf(label, sizeof label, "%o", (unsigned)rows[i].mode);
        buf_init(&out, 1024);
        put_file(path, "key", rows[i].mode);
        CHECK_INT(label, (int)file_read_secret(path, "keys", &out, &found, &open_to_others, &err),
                  (int)rows[i].status);
        CHECK(label, found);
        CHECK_INT(label, open_to_others, rows[i].open_to_others);
        CHECK_STR(label, buf_str(&out), rows[i].status == SPURN_OK ? "key" : "");
        buf_clear(&out);
        unlink(path);
    }
    folder_close(&f, (const char *const[]){NULL});
}

static void a_new_file_has_its_mode_and_content(void)
{
    struct folder f = folder_open();
    char path[128];
    struct stat st;
    mode_t before = umask(0);
    for (int secret = 0; secret < 2; secret++) {
        struct buf out;
        buf_init(&out, 1024);
        in(&f, secret ? "secret" : "plain", path);
        CHECK_INT("written",
                  (int)file_write_new(path, (struct spurn_text){"a\0b\n", 4}, secret, NULL),
                  SPURN_OK);
        CHECK_INT("there", stat(path, &st), 0);
        CHECK_INT("mode", (int64_t)(st.st_mode & 07777), secret ? 0600 : 0644);
        CHECK_INT("read", (int)file_read_trusted(path, "file", &out, NULL), SPURN_OK);
        CHECK_TEXT("content", buf_text(&out), ((struct spurn_text){"a\0b\n", 4}));
        buf_clear(&out);
    }
    umask(before);
    folder_close(&f, (const char *const[]){"plain", "secret", NULL});
}

static void an_existing_file_is_never_overwritten(void)
{
    struct folder f = folder_open();
    char path[128], link_path[128], wanted[256];
    struct spurn_error err = {0};
    put_file(in(&f, "file", path), "old", 0644);
    CHECK_INT("link", symlink("elsewhere", in(&f, "link", link_path)), 0);
    CHECK_INT("file", (int)file_write_new(path, text_of("new"), false, &err), SPURN_E_FILE);
    snprintf(wanted, sizeof wanted, "cannot write %s: it exists already; remove it or name another",
             path);
    CHECK_STR("says so", err.text, wanted);
    CHECK_INT("link", (int)file_write_new(link_path, text_of("new"), true, &err), SPURN_E_FILE);
    check_trusted(path, 1024, "old", NULL);
    folder_close(&f, (const char *const[]){"file", "link", NULL});
}

static void a_file_that_cannot_be_written_is_told_and_not_left_behind(void)
{
    struct spurn_error err = {0};
    CHECK_INT("no folder", (int)file_write_new("x/y", text_of("new"), false, &err), SPURN_E_FILE);
    CHECK_STR("says so", err.text, "cannot write x/y: its folder does not exist");

    /* A limit on the length of files stops the writing half way, as a full disk would. */
    struct folder f = folder_open();
    char path[128], wanted[256];
    struct rlimit before, small;
    CHECK_INT("limit", getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 5;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    CHECK_INT("limit", setrlimit(RLIMIT_FSIZE, &small), 0);
    enum spurn_status status =
        file_write_new(in(&f, "half", path), text_of("more than five"), false, &err);
    CHECK_INT("limit", setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    CHECK_INT("no room", (int)status, SPURN_E_FILE);
    snprintf(wanted, sizeof wanted, "cannot write %s: it would be longer than the system allows",
             path);
    CHECK_STR("says so", err.text, wanted);
    folder_close(&f, (const char *const[]){NULL});
}

static void a_path_is_seen_from_the_folder_of_the_file_that_names_it(void)
{
    static const struct {
        const char *base, *path, *want;
    } rows[] = {
        {"spurn.lua", "policies/a.lua", "policies/a.lua"},
        {"conf/spurn.lua", "policies/a.lua", "conf/policies/a.lua"},
        {"/etc/spurn/spurn.lua", "../a.lua", "/etc/spurn/../a.lua"},
        {"/spurn.lua", "a.lua", "/a.lua"},
        {"/etc/spurn/spurn.lua", "/a.lua", "/a.lua"},
        {"./spurn.lua", "a.lua", "./a.lua"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out, 1024);
        file_beside(rows[i].base, rows[i].path, &out);
        CHECK_STR(rows[i].base, buf_str(&out), rows[i].want);
        buf_clear(&out);
    }
}

static const struct unit_test tests[] = {
    {"a_plain_file_is_read_whole", a_plain_file_is_read_whole},
    {"a_large_file_is_read_to_its_last_byte", a_large_file_is_read_to_its_last_byte},
    {"a_file_past_its_bound_is_refused", a_file_past_its_bound_is_refused},
    {"a_bound_holds_for_a_file_that_hides_its_length",
     a_bound_holds_for_a_file_that_hides_its_length},
    {"what_others_can_write_is_refused_with_the_cure",
     what_others_can_write_is_refused_with_the_cure},
    {"what_belongs_to_another_user_is_refused", what_belongs_to_another_user_is_refused},
    {"what_is_no_plain_file_is_refused_at_once", what_is_no_plain_file_is_refused_at_once},
    {"a_missing_file_is_an_error_that_names_it", a_missing_file_is_an_error_that_names_it},
    {"a_missing_secret_is_no_error", a_missing_secret_is_no_error},
    {"a_secret_that_others_can_read_is_told", a_secret_that_others_can_read_is_told},
    {"a_new_file_has_its_mode_and_content", a_new_file_has_its_mode_and_content},
    {"an_existing_file_is_never_overwritten", an_existing_file_is_never_overwritten},
    {"a_file_that_cannot_be_written_is_told_and_not_left_behind",
     a_file_that_cannot_be_written_is_told_and_not_left_behind},
    {"a_path_is_seen_from_the_folder_of_the_file_that_names_it",
     a_path_is_seen_from_the_folder_of_the_file_that_names_it},
};

UNIT_MAIN(tests)
