/* journal_test.c - the file: who may open it, what it survives, what is said when it cannot be
 * used. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "journal_case.h"

static enum spurn_status open_at(struct journal_case *c, const char *path, enum journal_use use)
{
    struct journal *j = NULL;
    c->err.text[0] = '\0';
    enum spurn_status status = journal_open(path, use, c->digest, &j, &c->err);
    journal_close(j);
    return status;
}

static bool says(const struct journal_case *c, const char *part)
{
    return strstr(c->err.text, part) != NULL;
}

static void write_file(const char *path, const char *content, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(path, fd >= 0 && write(fd, content, len) == (ssize_t)len);
    close(fd);
}

static bool exists(const struct journal_case *c, const char *end)
{
    char path[192];
    snprintf(path, sizeof path, "%s%s", c->path, end);
    return access(path, F_OK) == 0;
}

/* ---- one acting run ---- */

static int second_process(struct journal_case *c)
{
    return (int)open_at(c, c->path, JOURNAL_ACT);
}

static void a_second_acting_run_is_refused(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    CHECK_INT("in this process", open_at(&c, c.path, JOURNAL_ACT), SPURN_E_BUSY);
    CHECK(c.err.text, says(&c, "another run is acting on it"));
    CHECK_INT("in another", WEXITSTATUS(case_fork(second_process, &c)), SPURN_E_BUSY);
    CHECK_INT("a plan", open_at(&c, c.path, JOURNAL_PLAN), SPURN_OK);
    CHECK_INT("a reader", open_at(&c, c.path, JOURNAL_READ), SPURN_OK);
    CHECK_INT("still", open_at(&c, c.path, JOURNAL_ACT), SPURN_E_BUSY);
    case_close(&c);
    CHECK_INT("once it has ended", open_at(&c, c.path, JOURNAL_ACT), SPURN_OK);
    case_clear(&c);
}

static void another_name_of_the_journal_is_the_same_journal(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    char other[192];
    snprintf(other, sizeof other, "%s.copy", c.path);
    CHECK("a link", symlink(c.path, other) == 0);
    CHECK_INT("through a link", open_at(&c, other, JOURNAL_ACT), SPURN_E_BUSY);
    case_close(&c);
    unlink(other);
    CHECK("a second name", link(c.path, other) == 0);
    CHECK_INT("by a second name", open_at(&c, other, JOURNAL_ACT), SPURN_E_FILE);
    CHECK(c.err.text, says(&c, "more than one name"));
    case_clear(&c);
}

/* ---- the place ---- */

static void its_files_are_for_their_owner_only(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-lock", "-reserve"};
    struct journal_case c;
    case_init(&c);
    mode_t before = umask(0);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char path[192];
        struct stat at = {0};
        snprintf(path, sizeof path, "%s%s", c.path, ends[i]);
        CHECK(path, stat(path, &at) == 0);
        CHECK_INT(path, at.st_mode & 0777, 0600);
    }
    umask(before);
    case_clear(&c);
}

static int open_oddly_named(struct journal_case *c)
{
    static const char name[] = "file:x?mode=memory";
    if (chdir(c->folder) != 0 || open_at(c, name, JOURNAL_ACT) != SPURN_OK)
        return 1;
    struct stat at;
    bool is_file = stat(name, &at) == 0 && at.st_size > 0;
    unlink(name);
    unlink("file:x?mode=memory-lock");
    unlink("file:x?mode=memory-reserve");
    return is_file ? 0 : 2;
}

static void a_path_is_never_taken_for_a_uri(void)
{
    struct journal_case c;
    case_init(&c);
    CHECK_INT("file:x?mode=memory", WEXITSTATUS(case_fork(open_oddly_named, &c)), 0);
    case_clear(&c);
}

static void a_temporary_journal_is_for_plans_only(void)
{
    static const struct {
        const char *path;
        enum journal_use use;
        enum spurn_status want;
    } rows[] = {
        {"", JOURNAL_PLAN, SPURN_OK},
        {":memory:", JOURNAL_PLAN, SPURN_OK},
        {"", JOURNAL_ACT, SPURN_E_USAGE},
        {":memory:", JOURNAL_ACT, SPURN_E_USAGE},
        {":memory:", JOURNAL_READ, SPURN_E_USAGE},
    };
    struct journal_case c;
    case_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_INT(rows[i].path, open_at(&c, rows[i].path, rows[i].use), rows[i].want);
    case_clear(&c);
}

static void what_is_no_place_for_a_journal_is_refused(void)
{
    struct journal_case c;
    case_init(&c);
    CHECK_INT("not there", open_at(&c, c.path, JOURNAL_READ), SPURN_E_FILE);
    CHECK(c.err.text, says(&c, "it does not exist"));
    CHECK_INT("a folder", open_at(&c, c.folder, JOURNAL_ACT), SPURN_E_FILE);
    CHECK(c.err.text, says(&c, "not a regular file"));
    CHECK("a pipe", mkfifo(c.path, 0600) == 0);
    CHECK_INT("a pipe, without waiting", open_at(&c, c.path, JOURNAL_ACT), SPURN_E_FILE);
    unlink(c.path);
    CHECK("a link", symlink("nowhere", c.path) == 0);
    CHECK_INT("a link to nothing", open_at(&c, c.path, JOURNAL_ACT), SPURN_E_FILE);
    CHECK(c.err.text, says(&c, "a link to nothing"));
    char path[192];
    snprintf(path, sizeof path, "%s/missing/j.db", c.folder);
    CHECK_INT("no folder", open_at(&c, path, JOURNAL_ACT), SPURN_E_FILE);
    CHECK(c.err.text, says(&c, "its folder: No such file or directory"));
    case_clear(&c);
}

/* ---- what is in it ---- */

static void a_file_that_is_no_database_is_refused_and_kept(void)
{
    static const char content[] = "dear diary, nothing much happened today, and it was not in SQL";
    struct journal_case c;
    case_init(&c);
    write_file(c.path, content, sizeof content);
    for (int use = JOURNAL_READ; use <= JOURNAL_ACT; use++) {
        CHECK_INT("a diary", open_at(&c, c.path, (enum journal_use)use), SPURN_E_JOURNAL);
        char want[512];
        snprintf(want, sizeof want,
                 "cannot open journal %s: it is damaged (file is not a database); move it away or "
                 "restore a copy",
                 c.path);
        CHECK_STR("says", c.err.text, want);
    }
    struct stat at;
    CHECK("kept", stat(c.path, &at) == 0 && at.st_size == sizeof content);
    case_clear(&c);
}

static void a_database_of_something_else_is_refused_and_kept(void)
{
    struct journal_case c;
    case_init(&c);
    write_file(c.path, "", 0);
    case_edit(c.path, "CREATE TABLE recipe (soup TEXT); INSERT INTO recipe VALUES ('leek')");
    CHECK_INT("recipes", open_at(&c, c.path, JOURNAL_ACT), SPURN_E_JOURNAL);
    CHECK(c.err.text, says(&c, "it is no journal of spurn; name another file"));
    CHECK("not even its mode of logging changed", !exists(&c, "-wal"));
    case_edit(c.path, "UPDATE recipe SET soup = 'onion'");
    case_clear(&c);
}

static void a_newer_journal_is_refused(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_close(&c);
    case_edit(c.path, "PRAGMA user_version = 99");
    CHECK_INT("newer", open_at(&c, c.path, JOURNAL_ACT), SPURN_E_JOURNAL);
    CHECK(c.err.text, says(&c, "a newer spurn wrote it; use that one"));
    case_clear(&c);
}

static void a_journal_from_before_the_first_release_is_refused_and_kept(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_close(&c);
    static const char *const early[] = {"PRAGMA user_version = 1", "PRAGMA user_version = 2"};
    for (size_t i = 0; i < sizeof early / sizeof early[0]; i++) {
        case_edit(c.path, early[i]);
        for (int use = JOURNAL_READ; use <= JOURNAL_ACT; use++) {
            CHECK_INT(early[i], open_at(&c, c.path, (enum journal_use)use), SPURN_E_JOURNAL);
            CHECK(c.err.text,
                  says(&c, "an early build of spurn made it, from before the first release; "
                           "keep it aside and start a new one"));
        }
    }
    case_edit(c.path, "PRAGMA user_version = 3");
    case_open(&c, JOURNAL_ACT);
    case_is_sound(&c);
    case_clear(&c);
}

static void an_empty_file_becomes_a_journal(void)
{
    struct journal_case c;
    case_init(&c);
    write_file(c.path, "", 0);
    CHECK_INT("to be read", open_at(&c, c.path, JOURNAL_READ), SPURN_E_JOURNAL);
    case_open(&c, JOURNAL_ACT);
    case_is_sound(&c);
    case_clear(&c);
}

static int take_page(void *context, int columns, char **values, char **names)
{
    (void)columns, (void)names;
    *(off_t *)context = (off_t)atoi(values[0]) - 1;
    return 0;
}

/* Fills the first page of a table with what no page holds. */
static void damage(const char *path, const char *question)
{
    off_t page = 0;
    sqlite3 *db = NULL;
    CHECK("to be damaged", sqlite3_open(path, &db) == SQLITE_OK);
    CHECK("page", sqlite3_exec(db, question, take_page, &page, NULL) == SQLITE_OK && page > 0);
    sqlite3_close(db);
    char junk[4096];
    memset(junk, 0xff, sizeof junk);
    int fd = open(path, O_RDWR);
    CHECK("junk", fd >= 0 && pwrite(fd, junk, sizeof junk, page * 4096) == sizeof junk);
    close(fd);
}

static void a_damaged_page_is_told(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    case_decide(&c, "a");
    case_close(&c);
    damage(c.path, "SELECT rootpage FROM sqlite_schema WHERE name = 'decision'");
    case_open(&c, JOURNAL_READ);
    struct case_rows rows = {0};
    const struct journal_query all = {.with_plans = true};
    CHECK_INT("history", journal_each_row(c.j, &all, case_take_row, &rows, &c.err),
              SPURN_E_JOURNAL);
    CHECK(c.err.text, says(&c, "it is damaged (database disk image is malformed); move it away or "
                               "restore a copy"));
    case_clear(&c);
}

static void another_program_that_locks_it_is_named_as_the_cause(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_PLAN);
    sqlite3 *other = NULL;
    CHECK("another", sqlite3_open(c.path, &other) == SQLITE_OK);
    CHECK("locks", sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL) == SQLITE_OK);
    CHECK_INT("begin", journal_begin(c.j, &c.err), SPURN_E_JOURNAL);
    CHECK(c.err.text, says(&c, "it is locked by another program"));
    sqlite3_close(other);
    case_begin(&c);
    case_commit(&c);
    case_clear(&c);
}

/* ---- rights, room and death ---- */

static int open_without_rights(struct journal_case *c)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 100;
    enum spurn_status act = open_at(c, c->path, JOURNAL_ACT);
    if (!says(c, "cannot lock journal"))
        return 101;
    enum spurn_status plan = open_at(c, c->path, JOURNAL_PLAN);
    if (!says(c, "it is read-only; make it and its folder writable"))
        return 102;
    return act == SPURN_E_FILE && plan == SPURN_E_FILE ? 0 : 103;
}

static void a_journal_that_may_only_be_read_says_so(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_PLAN);
    case_close(&c);
    CHECK("read-only", chmod(c.path, 0444) == 0 && chmod(c.folder, 0555) == 0);
    CHECK_INT("how it ended", WEXITSTATUS(case_fork(open_without_rights, &c)), 0);
    CHECK("back", chmod(c.folder, 0700) == 0);
    case_clear(&c);
}

static int write_until_full(struct journal_case *c)
{
    const struct rlimit limit = {400 * 1024, 400 * 1024};
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 100;
    case_open(c, JOURNAL_ACT);
    case_start(c);
    if (!exists(c, "-reserve"))
        return 101;
    enum spurn_status status = SPURN_OK;
    for (int i = 0; i < 100000 && status == SPURN_OK; i++) {
        char id[32];
        snprintf(id, sizeof id, "invitation-%d", i);
        const struct invitation inv = case_invitation(id, STATUS_PENDING);
        struct journal_seen seen;
        status = journal_begin(c->j, &c->err);
        if (status == SPURN_OK)
            status = journal_see(c->j, c->sweep, c->target, &inv, c->now_ms, &seen, &c->err);
        if (status == SPURN_OK)
            status = journal_commit(c->j, &c->err);
        else
            journal_rollback(c->j);
    }
    char want[512];
    snprintf(want, sizeof want,
             "cannot write journal %s: the disk is full; free some space and run again; nothing is "
             "lost",
             c->path);
    CHECK_STR("says", c->err.text, want);
    if (status != SPURN_E_JOURNAL || strcmp(c->err.text, want) != 0)
        return 102;
    return exists(c, "-reserve") ? 103 : 0;
}

static void a_full_disk_is_one_clear_line_and_loses_nothing(void)
{
    struct journal_case c;
    case_init(&c);
    CHECK_INT("how it ended", WEXITSTATUS(case_fork(write_until_full, &c)), 0);
    case_open(&c, JOURNAL_ACT);
    CHECK("its reserve is there again", exists(&c, "-reserve"));
    case_is_sound(&c);
    case_start(&c);
    CHECK("what was committed is there",
          case_see(&c, "invitation-0", STATUS_PENDING).times_seen == 1);
    case_clear(&c);
}

static int die_in_the_middle(struct journal_case *c)
{
    case_open(c, JOURNAL_ACT);
    int64_t intent = case_intent(c, "first");
    case_begin(c);
    const struct journal_attempt attempt = {
        .intent = intent, .sweep = c->sweep, .sent_ms = c->now_ms, .answer = ANSWER_OK};
    CASE_OK(c, journal_record_attempt(c->j, &attempt, &c->err));
    CASE_OK(c, journal_record_outcome(c->j, intent, RESULT_REJECTED, c->now_ms, &c->err));
    raise(SIGKILL);
    return 0;
}

static void take_intent(void *context, const struct journal_intent *intent)
{
    struct journal_intent *out = context;
    CHECK_TEXT("its id", intent->id, text_of("first"));
    CHECK_TEXT("its token", intent->token, text_of("token-1-1"));
    CHECK_INT("its last call", intent->last_call_ms, 1800000000000);
    *out = *intent;
}

static void death_in_the_middle_leaves_nothing_half_done(void)
{
    struct journal_case c;
    case_init(&c);
    int how = case_fork(die_in_the_middle, &c);
    CHECK("killed", WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
    case_open(&c, JOURNAL_ACT);
    case_is_sound(&c);
    struct journal_intent intent = {0};
    CASE_OK(&c, journal_each_open(c.j, take_intent, &intent, &c.err));
    CHECK("it was found open, not in doubt yet", intent.seq != 0 && !intent.doubt);
    case_start(&c);
    CASE_OK(&c, journal_each_open(c.j, take_intent, &intent, &c.err));
    CHECK("an acting run that begins puts it in doubt", intent.doubt);
    case_is_sound(&c);
    case_outcome(&c, intent.seq, RESULT_ALREADY_REJECTED);
    const struct journal_query all = {0};
    CHECK_STR("so that who rejected it is inferred", case_rows(&c, &all).last, "rejected+");
    case_is_sound(&c);
    case_clear(&c);
}

static void intents_are_refused_when_the_file_was_moved_away(void)
{
    struct journal_case c;
    case_init(&c);
    case_open(&c, JOURNAL_ACT);
    case_start(&c);
    int64_t decision = case_decide(&c, "a");
    case_act(&c);
    char moved[192];
    snprintf(moved, sizeof moved, "%s.moved", c.path);
    CHECK("moved", rename(c.path, moved) == 0);
    write_file(c.path, "", 0);
    int64_t seq = 0;
    case_begin(&c);
    CASE_OK(&c, journal_record_intent(c.j, decision, 1, NULL, c.now_ms, &seq, &c.err));
    CHECK_INT("commit", journal_commit(c.j, &c.err), SPURN_E_JOURNAL);
    CHECK(c.err.text, says(&c, "it was moved, removed or replaced while in use"));
    CHECK("back", rename(moved, c.path) == 0);
    case_intend(&c, decision, c.invitation);
    case_clear(&c);
}

static const struct unit_test tests[] = {
    {"a_second_acting_run_is_refused", a_second_acting_run_is_refused},
    {"another_name_of_the_journal_is_the_same_journal",
     another_name_of_the_journal_is_the_same_journal},
    {"its_files_are_for_their_owner_only", its_files_are_for_their_owner_only},
    {"a_path_is_never_taken_for_a_uri", a_path_is_never_taken_for_a_uri},
    {"a_temporary_journal_is_for_plans_only", a_temporary_journal_is_for_plans_only},
    {"what_is_no_place_for_a_journal_is_refused", what_is_no_place_for_a_journal_is_refused},
    {"a_file_that_is_no_database_is_refused_and_kept",
     a_file_that_is_no_database_is_refused_and_kept},
    {"a_database_of_something_else_is_refused_and_kept",
     a_database_of_something_else_is_refused_and_kept},
    {"a_newer_journal_is_refused", a_newer_journal_is_refused},
    {"a_journal_from_before_the_first_release_is_refused_and_kept",
     a_journal_from_before_the_first_release_is_refused_and_kept},
    {"an_empty_file_becomes_a_journal", an_empty_file_becomes_a_journal},
    {"a_damaged_page_is_told", a_damaged_page_is_told},
    {"another_program_that_locks_it_is_named_as_the_cause",
     another_program_that_locks_it_is_named_as_the_cause},
    {"a_journal_that_may_only_be_read_says_so", a_journal_that_may_only_be_read_says_so},
    {"a_full_disk_is_one_clear_line_and_loses_nothing",
     a_full_disk_is_one_clear_line_and_loses_nothing},
    {"death_in_the_middle_leaves_nothing_half_done", death_in_the_middle_leaves_nothing_half_done},
    {"intents_are_refused_when_the_file_was_moved_away",
     intents_are_refused_when_the_file_was_moved_away},
};
UNIT_MAIN(tests)
