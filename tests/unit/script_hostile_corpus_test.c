/* script_hostile_corpus_test.c - every policy of tests/hostile, at load and when asked: it ends soon, and nobody else notices. */
#include <dirent.h>
#include <time.h>

#include "script_case.h"

enum {
    FILES_LEAST = 60,
    FILES_MOST = 256,
    SOURCE_LEN = 8192,
    ROUNDS = 3, /* the best counts: others use the machine too */
#ifdef __SANITIZE_ADDRESS__
    CPU_MS_MOST = 1000
#else
    CPU_MS_MOST = 100 /* of this thread */
#endif
};

/* What another policy says does not change, whatever happens beside it. */
static const char WITNESS[] =
    "local known = { [\"111122223333\"] = true }\n"
    "keep \"known\" (function(inv) return known[inv.sender] == true end)\n"
    "reject \"shape\" (function(inv)\n"
    "    local word, number = inv.name:match(\"^(%a+)%-(%d+)$\")\n"
    "    local t = { 3, 1, 2 }\n"
    "    table.sort(t)\n"
    "    return word ~= nil and word:upper():rep(2, \"/\") == \"TMP/TMP\" and\n"
    "        math.floor(tonumber(number) / 2) == t[2] and next { a = 1 } == \"a\"\n"
    "end)\n"
    "reject \"old\" (older \"6h\")\n";

static const struct asked {
    const char *sender, *name;
    int64_t age_s;
} others[] = {
    {"111122223333", "tmp-4", 3600},
    {"999999999999", "tmp-4", 3600},
    {"999999999999", "tmp-9", 3600},
    {"999999999999", "tmp-9", 90000},
};
enum { OTHERS = sizeof others / sizeof others[0], ANSWER_LEN = 128 };

struct corpus {
    struct script_case c;
    char witness[128], hostile[128];
    char alone[OTHERS][ANSWER_LEN]; /* what the witness says with nobody beside it */
    char file[64];                  /* of the folder; labels what failed */
    char source[SOURCE_LEN];
    char at_load[128],
        when_asked[128]; /* what its first lines promise; "": that moment is left out */
};

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void write_at(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

/* ---- the witness ---- */

static void ask_others(struct corpus *k, char answers[OTHERS][ANSWER_LEN])
{
    struct script_case *c = &k->c;
    for (size_t i = 0; i < OTHERS; i++) {
        c->inv.sender = text_of(others[i].sender);
        c->inv.name = text_of(others[i].name);
        c->inv.created_ms = CASE_NOW_MS - others[i].age_s * 1000;
        const char *verdict = case_verdict(c);
        snprintf(answers[i], ANSWER_LEN, "%.60s by %.*s", verdict, TEXT_ARG(c->decision.rule));
    }
}

static void check_others(struct corpus *k)
{
    char answers[OTHERS][ANSWER_LEN];
    ask_others(k, answers);
    for (size_t i = 0; i < OTHERS; i++)
        CHECK_STR(k->file, answers[i], k->alone[i]);
}

static void open_beside_witness(struct corpus *k)
{
    struct script_case *c = &k->c;
    script_close(c->script);
    c->script = NULL;
    if (script_open(NULL, NULL, &c->script, &c->err) != SPURN_OK ||
        script_load_policy(c->script, k->witness, TEXT_ABSENT, NULL, &c->err) != SPURN_OK)
        abort();
}

static void begin(struct corpus *k)
{
    CHECK_INT(k->file, script_begin_sweep(k->c.script, CASE_NOW_MS, &k->c.err), SPURN_OK);
}

/* ---- one policy ---- */

static void copy_promise(char out[128], const char *source, const char *key)
{
    const char *at = strstr(source, key);
    out[0] = '\0';
    if (at != NULL)
        snprintf(out, 128, "%.*s", (int)strcspn(at + strlen(key), "\n"), at + strlen(key));
}

static void read_file(struct corpus *k, const char *name)
{
    char path[128];
    snprintf(k->file, sizeof k->file, "%.63s", name);
    snprintf(path, sizeof path, "tests/hostile/%.63s", name);
    snprintf(k->hostile, sizeof k->hostile, "%s/%.63s", k->c.folder, name);
    FILE *file = fopen(path, "r");
    size_t len = file != NULL ? fread(k->source, 1, SOURCE_LEN - 1, file) : 0;
    CHECK(k->file, len > 0 && len < SOURCE_LEN - 1);
    if (file != NULL)
        fclose(file);
    k->source[len] = '\0';
    copy_promise(k->at_load, k->source, "\n-- load: ");
    copy_promise(k->when_asked, k->source, "\n-- asked: ");
    CHECK(k->file, strncmp(k->source, "-- ", 3) == 0);
    CHECK(k->file, k->at_load[0] != '\0' || k->when_asked[0] != '\0');
}

static void check_cpu(const struct corpus *k, const char *moment, double ms)
{
    if (!CHECK(k->file, ms <= CPU_MS_MOST))
        printf("     %s: %.1f ms\n", moment, ms);
}

/* "this or that": one of them is there. */
static bool says(const char *text, const char *promised)
{
    const char *other = strstr(promised, " or ");
    char first[128];
    snprintf(first, sizeof first, "%.*s", other != NULL ? (int)(other - promised) : 127, promised);
    return strstr(text, first) != NULL || (other != NULL && says(text, other + strlen(" or ")));
}

/* It names file and line, then says what was promised, in one line. */
static void check_says(const struct corpus *k, struct spurn_text said, const char *promised)
{
    char text[1200];
    snprintf(text, sizeof text, "%.*s", TEXT_ARG(said));
    size_t path_len = strlen(k->hostile);
    bool is_placed = strncmp(text, k->hostile, path_len) == 0 && text[path_len] == ':';
    if (!CHECK(k->file, is_placed && says(text, promised) && strchr(text, '\n') == NULL))
        printf("     got:  %s\n     want: %s\n", text, promised);
}

static bool loads(const char *promised)
{
    return strcmp(promised, "loads") == 0;
}

static void try_at_load(struct corpus *k)
{
    static char text[SOURCE_LEN + 64];
    double best_ms = 1e9;
    snprintf(text, sizeof text, "%s\nreject \"harmless\" (name \"nobody\")\n", k->source);
    write_at(k->hostile, text);
    for (int i = 0; i < ROUNDS && best_ms > CPU_MS_MOST; i++) {
        open_beside_witness(k);
        double before_ms = cpu_ms();
        enum spurn_status status =
            script_load_policy(k->c.script, k->hostile, TEXT_ABSENT, NULL, &k->c.err);
        double took_ms = cpu_ms() - before_ms;
        best_ms = took_ms < best_ms ? took_ms : best_ms;
        CHECK_INT(k->file, status, loads(k->at_load) ? SPURN_OK : SPURN_E_POLICY);
    }
    check_cpu(k, "load", best_ms);
    if (!loads(k->at_load))
        check_says(k, text_of(k->c.err.text), k->at_load);
    begin(k);
    check_others(k);
}

static bool refuses_to_load(struct corpus *k)
{
    enum spurn_status status =
        script_load_policy(k->c.script, k->hostile, TEXT_ABSENT, NULL, &k->c.err);
    if (status == SPURN_E_POLICY)
        check_says(k, text_of(k->c.err.text), k->when_asked);
    else
        CHECK_INT(k->file, status, SPURN_OK);
    return status != SPURN_OK;
}

/* Harmless on samples, which are not named "go". */
static void try_when_asked(struct corpus *k)
{
    static char text[SOURCE_LEN + 256];
    double best_ms = 1e9;
    snprintf(
        text, sizeof text,
        "reject \"hostile\" (function(inv)\nif not inv:has \"name\" or inv.name ~= \"go\" then "
        "return false end\ndo\n%s\nend\nreturn true end)\n",
        k->source);
    write_at(k->hostile, text);
    open_beside_witness(k);
    if (refuses_to_load(k)) {
        begin(k);
        check_others(k);
        return;
    }
    begin(k);
    check_others(k);
    for (int i = 0; i < ROUNDS && best_ms > CPU_MS_MOST; i++) {
        k->c.inv.name = text_of("go");
        k->c.inv.sender = text_of("999999999999");
        k->c.inv.created_ms = CASE_NOW_MS;
        double before_ms = cpu_ms();
        CHECK_STR(k->file, case_verdict(&k->c), "undecided");
        double took_ms = cpu_ms() - before_ms;
        best_ms = took_ms < best_ms ? took_ms : best_ms;
        CHECK(k->file, k->c.decision.faulted);
    }
    check_cpu(k, "asked", best_ms);
    struct script_fault fault;
    if (CHECK(k->file, script_fault_at(k->c.script, 0, &fault)))
        check_says(k, fault.cause, k->when_asked);
    begin(k);
    check_others(k);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static size_t list_files(char names[FILES_MOST][64])
{
    size_t count = 0;
    DIR *folder = opendir("tests/hostile");
    const struct dirent *entry = folder != NULL ? readdir(folder) : NULL;
    for (; entry != NULL && count < FILES_MOST; entry = readdir(folder)) {
        size_t len = strlen(entry->d_name);
        if (len > 4 && len < 64 && strcmp(entry->d_name + len - 4, ".lua") == 0)
            memcpy(names[count++], entry->d_name, len + 1);
    }
    if (folder != NULL)
        closedir(folder);
    qsort(names, count, 64, by_name);
    return count;
}

static void every_hostile_policy_ends_in_time_and_harms_nobody(void)
{
    static struct corpus k;
    static char names[FILES_MOST][64];
    size_t count = list_files(names);
    CHECK("so many", count >= FILES_LEAST);
    case_init(&k.c);
    snprintf(k.witness, sizeof k.witness, "%s/witness.lua", k.c.folder);
    write_at(k.witness, WITNESS);
    open_beside_witness(&k);
    begin(&k);
    ask_others(&k, k.alone);
    CHECK_STR("the witness keeps", k.alone[0], "keep by known");
    CHECK_STR("the witness rejects", k.alone[1], "reject by shape");
    for (size_t i = 0; i < count; i++) {
        read_file(&k, names[i]);
        if (k.at_load[0] != '\0')
            try_at_load(&k);
        if (k.when_asked[0] != '\0')
            try_when_asked(&k);
        unlink(k.hostile);
    }
    unlink(k.witness);
    case_clear(&k.c);
}

static const struct unit_test tests[] = {
    {"every_hostile_policy_ends_in_time_and_harms_nobody",
     every_hostile_policy_ends_in_time_and_harms_nobody},
};

UNIT_MAIN(tests)
