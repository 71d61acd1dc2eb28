/* options.c - commands and options as tables: reading a command line, its environment, and --help come from the same rows. */
#include "command/options.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/time.h"

enum kind { SWITCH, WORDS, DIGEST, CHOICE, COUNT, INSTANT, SINCE };

static const struct option {
    const char *name;
    char letter; /* 0: none */
    enum kind kind;
    const char *value; /* what --help calls it; the choices of a CHOICE */
    size_t at;         /* in struct cmd_arguments */
    unsigned commands;
    bool environment; /* also as SPURN_<NAME>. Never what answers a question for a person */
    const char *help;
} OPTIONS[] = {
#define AT(field) offsetof(struct cmd_arguments, field)
    {"yes", 0, SWITCH, "", AT(yes), FOR_APPLY, false, "reject without asking"},
    {"trust", 0, DIGEST, "DIGEST", AT(trust), FOR_APPLY, false,
     "trust the policies of these 64 hex digits from now on"},
    {"all", 0, SWITCH, "", AT(all), FOR_PLAN | FOR_APPLY | FOR_CHECK | FOR_REPLAY | FOR_DOCTOR,
     false, "a row for everything, however much"},
    {"rules", 0, SWITCH, "", AT(rules), FOR_PLAN | FOR_APPLY, false,
     "how every rule fared: asked, true, undecided, decided, time"},
    {"invitation", 0, WORDS, "JSON", AT(invitation), FOR_EXPLAIN, false,
     "explain one that is described, as a JSON object or - for standard input"},
    {"now", 0, INSTANT, "TIME", AT(now_ms), FOR_PLAN | FOR_EXPLAIN, false,
     "decide as if it were TIME, such as 2026-11-22T03:10:00Z"},
    {"since", 0, SINCE, "WHEN", AT(since_ms), FOR_HISTORY | FOR_REPLAY, false,
     "not older than WHEN: 30d, 6h or 2026-11-22"},
    {"limit", 0, COUNT, "N", AT(limit), FOR_HISTORY, false,
     "at most the newest N, 0 for all; a table: 100"},
    {"plans", 0, SWITCH, "", AT(plans), FOR_HISTORY | FOR_REPLAY, false, "what plans decided, too"},
    {"exit-code", 0, SWITCH, "", AT(exit_code), FOR_REPLAY, false,
     "exit code 1 when a verdict would differ"},
    {"head", 0, WORDS, "SEQ:HASH", AT(head), FOR_VERIFY, false,
     "must still be in it: a head that was noted earlier"},
    {"run", 0, WORDS, "PATTERN", AT(run), FOR_TEST, false,
     "only tests with a name like PATTERN: * any run, ? one character, letter case ignored; a "
     "word without these is found anywhere in a name"},
    {"coverage", 0, SWITCH, "", AT(coverage), FOR_TEST, false,
     "what no test made true, made false, or ran"},
    {"fail-under", 0, COUNT, "N", AT(fail_under), FOR_TEST, false,
     "fail when less than N percent are covered: each rule true, each rule false, each line of a "
     "function"},
    {"tap", 0, SWITCH, "", AT(tap), FOR_TEST, false, "report as TAP 14, whatever --format says"},
    {"junit", 0, WORDS, "FILE", AT(junit), FOR_TEST, false, "report as JUnit's XML too, into FILE"},
    {"record", 0, WORDS, "ID", AT(record), FOR_TEST, false,
     "run nothing: write what the journal has about an invitation, named by its id or the end of "
     "it, as a test"},
    {"config", 'c', WORDS, "FILE", AT(config), FOR_EVERY, false, "the configuration; see below"},
    {"format", 0, CHOICE, "table|json", AT(format), FOR_EVERY, true, "how the report is written"},
    {"log-level", 0, CHOICE, "error|warn|info|debug", AT(log_level), FOR_EVERY, true,
     "the least that is logged"},
    {"log-format", 0, CHOICE, "text|json", AT(log_format), FOR_EVERY, true, "how it is logged"},
    {"color", 0, CHOICE, "auto|always|never", AT(color), FOR_EVERY, true,
     "auto: on a terminal without NO_COLOR"},
    {"help", 'h', SWITCH, "", AT(help), FOR_EVERY, false, "about spurn, or about one command"},
    {"version", 0, SWITCH, "", AT(version), FOR_EVERY, false, "the version of spurn"},
#undef AT
};
enum { OPTIONS_LEN = sizeof OPTIONS / sizeof OPTIONS[0] };
enum { NAME_LONGEST = 24, VARIABLE_LONGEST = NAME_LONGEST + 8, DIGEST_LEN = 64 };

/* ---- the nearest word ---- */

/* Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
static size_t distance(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    size_t d[NAME_LONGEST + 1][NAME_LONGEST + 1];
    if (a_len > NAME_LONGEST || b_len > NAME_LONGEST)
        return NAME_LONGEST;
    for (size_t i = 0; i <= a_len; i++) {
        for (size_t j = 0; j <= b_len; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1 < best)
                best = d[i - 1][j] + 1;
            if (d[i][j - 1] + 1 < best)
                best = d[i][j - 1] + 1;
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    }
    return d[a_len][b_len];
}

struct nearest {
    const char *word, *name;
    size_t distance;
};

static void consider(struct nearest *n, const char *name)
{
    size_t far = distance(n->word, name);
    bool begins = strlen(n->word) >= 2 && strncmp(n->word, name, strlen(n->word)) == 0;
    if (begins)
        far = 1;
    if (far <= 1 + strlen(name) / 4 && far < n->distance) {
        n->distance = far;
        n->name = name;
    }
}

static enum spurn_status unknown_option(const char *word, struct spurn_error *err)
{
    struct nearest n = {word, NULL, NAME_LONGEST};
    for (size_t i = 0; i < OPTIONS_LEN; i++)
        consider(&n, OPTIONS[i].name);
    if (n.name == NULL)
        return cmd_refuse(err, SPURN_E_USAGE,
                          "there is no option --%s; \"spurn help\" lists what there is", word);
    return cmd_refuse(err, SPURN_E_USAGE, "there is no option --%s; did you mean --%s?", word,
                      n.name);
}

const struct cmd_command *cmd_options_command(struct cmd_commands commands, const char *name,
                                              struct spurn_error *err)
{
    struct nearest n = {name, NULL, NAME_LONGEST};
    for (size_t i = 0; i < commands.count; i++) {
        if (strcmp(commands.at[i].name, name) == 0)
            return commands.at + i;
        consider(&n, commands.at[i].name);
    }
    if (n.name == NULL)
        cmd_refuse(err, SPURN_E_USAGE,
                   "there is no command \"%s\"; \"spurn help\" lists what there is", name);
    else
        cmd_refuse(err, SPURN_E_USAGE, "there is no command \"%s\"; did you mean \"spurn %s\"?",
                   name, n.name);
    return NULL;
}

/* ---- values ---- */

static int choice_index(const char *choices, const char *value)
{
    size_t len = strlen(value);
    for (int index = 0; len > 0; index++) {
        size_t choice_len = strcspn(choices, "|");
        if (choice_len == len && strncmp(choices, value, len) == 0)
            return index;
        if (choices[choice_len] == '\0')
            break;
        choices += choice_len + 1;
    }
    return -1;
}

static bool read_count(const char *value, int64_t *out)
{
    *out = 0;
    size_t len = strlen(value);
    if (len == 0 || len > 15 || strspn(value, "0123456789") != len)
        return false;
    *out = strtoll(value, NULL, 10);
    return true;
}

static bool is_digest(const char *value)
{
    size_t len = strlen(value);
    return len == DIGEST_LEN && strspn(value, "0123456789abcdef") == len;
}

static bool read_since(const char *value, int64_t *out_ms)
{
    int64_t seconds;
    if (!cmd_time_read_duration(value, &seconds))
        return cmd_time_read_instant(value, out_ms);
    *out_ms = cmd_time_now_ms() - seconds * 1000;
    return true;
}

/* `source` is what the value was given as: "--format" or "SPURN_FORMAT". */
static enum spurn_status take_value(const struct option *o, const char *source, const char *value,
                                    struct cmd_arguments *out, struct spurn_error *err)
{
    void *field = (char *)out + o->at;
    bool fits = true;
    switch (o->kind) {
    case SWITCH:
        *(bool *)field = true;
        break;
    case WORDS:
        fits = value[0] != '\0';
        *(const char **)field = value;
        break;
    case DIGEST:
        fits = is_digest(value);
        *(const char **)field = value;
        break;
    case CHOICE: {
        int index = choice_index(o->value, value);
        fits = index >= 0;
        *(int *)field = index;
        break;
    }
    case COUNT:
        fits = read_count(value, field);
        break;
    case INSTANT:
        fits = cmd_time_read_instant(value, field);
        break;
    case SINCE:
        fits = read_since(value, field);
        break;
    }
    if (fits)
        return SPURN_OK;
    if (o->kind == CHOICE)
        return cmd_refuse(err, SPURN_E_USAGE, "%s is \"%s\"; it can be %s", source, value,
                          o->value);
    return cmd_refuse(err, SPURN_E_USAGE, "%s is \"%s\"; it wants %s (%s)", source, value, o->value,
                      o->help);
}

/* ---- argv ---- */

struct reader {
    char **argv;
    int argc, next;
    unsigned given; /* a bit for each row of OPTIONS */
    struct cmd_arguments *out;
    struct spurn_error *err;
};

static enum spurn_status take_option(struct reader *r, size_t index, const char *value)
{
    const struct option *o = &OPTIONS[index];
    char source[NAME_LONGEST + 8];
    snprintf(source, sizeof source, "--%s", o->name);
    r->given |= 1u << index;
    if (o->kind == SWITCH && value != NULL)
        return cmd_refuse(r->err, SPURN_E_USAGE, "%s takes no value", source);
    if (o->kind != SWITCH && value == NULL) {
        if (r->next >= r->argc)
            return cmd_refuse(r->err, SPURN_E_USAGE, "%s wants %s", source, o->value);
        value = r->argv[r->next++];
    }
    return take_value(o, source, value, r->out, r->err);
}

static enum spurn_status take_long(struct reader *r, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t len = equals == NULL ? strlen(word) : (size_t)(equals - word);
    for (size_t i = 0; i < OPTIONS_LEN; i++) {
        if (strlen(OPTIONS[i].name) == len && strncmp(OPTIONS[i].name, word, len) == 0)
            return take_option(r, i, equals == NULL ? NULL : equals + 1);
    }
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)(len > 60 ? 60 : len), word);
    return unknown_option(name, r->err);
}

static enum spurn_status take_letter(struct reader *r, const char *word)
{
    for (size_t i = 0; i < OPTIONS_LEN; i++) {
        if (OPTIONS[i].letter != 0 && OPTIONS[i].letter == word[0])
            return take_option(r, i, word[1] == '\0' ? NULL : word + 1);
    }
    return cmd_refuse(r->err, SPURN_E_USAGE,
                      "there is no option -%.60s; \"spurn help\" lists what there is", word);
}

static enum spurn_status take_words(struct reader *r)
{
    bool only_operands = false;
    r->out->operands = r->argv;
    while (r->next < r->argc) {
        char *word = r->argv[r->next++];
        enum spurn_status status = SPURN_OK;
        if (!only_operands && strcmp(word, "--") == 0)
            only_operands = true;
        else if (!only_operands && strncmp(word, "--", 2) == 0)
            status = take_long(r, word + 2);
        else if (!only_operands && word[0] == '-' && word[1] != '\0')
            status = take_letter(r, word + 1);
        else
            r->argv[r->out->operands_len++] = word; /* never ahead of what is still to be read */
        if (status != SPURN_OK)
            return status;
    }
    return SPURN_OK;
}

static void write_variable(const struct option *o, char out[VARIABLE_LONGEST])
{
    int len = snprintf(out, VARIABLE_LONGEST, "SPURN_%s", o->name);
    for (int i = 0; i < len; i++)
        out[i] = out[i] == '-' ? '_' : (char)toupper((unsigned char)out[i]);
}

static enum spurn_status take_environment(struct reader *r)
{
    for (size_t i = 0; i < OPTIONS_LEN; i++) {
        if (!OPTIONS[i].environment || (r->given & 1u << i) != 0)
            continue;
        char name[VARIABLE_LONGEST];
        write_variable(&OPTIONS[i], name);
        const char *value = getenv(name);
        if (value == NULL || value[0] == '\0')
            continue;
        enum spurn_status status = take_value(&OPTIONS[i], name, value, r->out, r->err);
        if (status != SPURN_OK)
            return status;
    }
    return SPURN_OK;
}

static enum spurn_status check_command(const struct reader *r)
{
    const struct cmd_command *command = r->out->command;
    for (size_t i = 0; i < OPTIONS_LEN; i++) {
        if ((r->given & 1u << i) != 0 && (OPTIONS[i].commands & command->bit) == 0)
            return cmd_refuse(r->err, SPURN_E_USAGE,
                              "%s takes no --%s; \"spurn %s --help\" lists what it takes",
                              command->name, OPTIONS[i].name, command->name);
    }
    if (r->out->operands_len <= command->most_operands)
        return SPURN_OK;
    const char *first = r->out->operands[command->most_operands];
    if (command->most_operands == 0)
        return cmd_refuse(r->err, SPURN_E_USAGE, "%s takes options only, and no \"%s\"",
                          command->name, first);
    return cmd_refuse(r->err, SPURN_E_USAGE, "%s takes only one %s, and no \"%s\"", command->name,
                      command->operands, first);
}

enum spurn_status cmd_options_read(struct cmd_commands commands, int argc, char **argv,
                                   struct cmd_arguments *out, struct spurn_error *err)
{
    memset(out, 0, sizeof *out);
    out->log_level = -1;
    out->limit = -1;
    out->fail_under = -1;
    struct reader r = {argv, argc, 1, 0, out, err};
    enum spurn_status status = take_words(&r);
    if (status != SPURN_OK || out->version)
        return status;
    if (out->operands_len > 0) {
        out->command = cmd_options_command(commands, out->operands[0], err);
        if (out->command == NULL)
            return SPURN_E_USAGE;
        out->operands++;
        out->operands_len--;
    }
    if (out->help)
        return SPURN_OK;
    if (out->command != NULL)
        status = check_command(&r);
    return status != SPURN_OK ? status : take_environment(&r);
}

/* ---- --help ---- */

enum { HELP_INDENT = 2, HELP_GAP = 2, FORM_LONGEST = 80 };

/* Two columns: what to write, and what it does. */
struct help {
    struct cmd_out *out; /* NULL while the first column is measured */
    size_t column;       /* where the second one begins; 0: there is no row */
};

static void add_help_row(struct help *help, const char *form, const char *words)
{
    struct cmd_cell first, rest;
    cmd_cell_init(&first, CMD_PLAIN);
    for (size_t i = 0; i < HELP_INDENT; i++)
        cmd_cell_add_str(&first, " ");
    cmd_cell_add_str(&first, form);
    cmd_cell_init(&rest, CMD_PLAIN);
    cmd_cell_add_str(&rest, words);
    if (help->out != NULL)
        cmd_out_hanging(help->out, &first, help->column, &rest);
    else if (first.width + HELP_GAP > help->column)
        help->column = first.width + HELP_GAP;
}

static void add_options(struct help *help, unsigned bit, bool global)
{
    for (size_t i = 0; i < OPTIONS_LEN; i++) {
        const struct option *o = &OPTIONS[i];
        if ((o->commands == FOR_EVERY) != global || (o->commands & bit) == 0)
            continue;
        char form[FORM_LONGEST];
        snprintf(form, sizeof form, "%c%c%s--%s%s%s", o->letter != 0 ? '-' : ' ',
                 o->letter != 0 ? o->letter : ' ', o->letter != 0 ? ", " : "  ", o->name,
                 o->kind == SWITCH ? "" : " ", o->value);
        add_help_row(help, form, o->help);
    }
}

static void print_options(struct cmd_out *out, const char *heading, unsigned bit, bool global)
{
    struct help help = {NULL, 0};
    add_options(&help, bit, global);
    if (help.column == 0)
        return;
    cmd_out_heading(out, heading);
    help.out = out;
    add_options(&help, bit, global);
}

static void add_commands(struct help *help, struct cmd_commands commands)
{
    for (size_t i = 0; i < commands.count; i++) {
        char form[FORM_LONGEST];
        snprintf(form, sizeof form, "spurn %s %s", commands.at[i].name, commands.at[i].operands);
        add_help_row(help, form, commands.at[i].purpose);
    }
}

/* A paragraph for each line of `words`. */
static void print_paragraphs(struct cmd_out *out, const char *words)
{
    while (*words != '\0') {
        size_t len = strcspn(words, "\n");
        struct cmd_cell paragraph;
        cmd_cell_init(&paragraph, CMD_PLAIN);
        cmd_cell_add(&paragraph, (struct spurn_text){words, len});
        cmd_out_lines(out, 0, &paragraph);
        words += words[len] == '\0' ? len : len + 1;
    }
}

static void print_footnotes(struct cmd_out *out)
{
    char variables[OPTIONS_LEN * (VARIABLE_LONGEST + 3)] = "Options also come from ";
    const char *before = "$";
    for (size_t i = 0; i < OPTIONS_LEN; i++) {
        char name[VARIABLE_LONGEST];
        if (!OPTIONS[i].environment)
            continue;
        write_variable(&OPTIONS[i], name);
        strcat(strcat(variables, before), name);
        before = ", $";
    }
    cmd_out_printf(out, "\n");
    print_paragraphs(out, "Without -c the configuration is $SPURN_CONFIG, else ./spurn.lua, else "
                          "$XDG_CONFIG_HOME/spurn/spurn.lua (~/.config), else "
                          "/etc/spurn/spurn.lua.");
    print_paragraphs(out, strcat(variables, "."));
}

void cmd_options_help(struct cmd_commands commands, struct cmd_out *out)
{
    struct help help = {NULL, 0};
    cmd_out_printf(out, "spurn %s turns away resource-share invitations that nobody wanted.\n",
                   spurn_version());
    cmd_out_heading(out, "Commands");
    add_commands(&help, commands);
    help.out = out;
    add_commands(&help, commands);
    print_options(out, "Options of every command", FOR_EVERY, true);
    print_footnotes(out);
    cmd_out_printf(out, "\n");
    print_paragraphs(out,
                     "A first run: \"spurn init\", \"spurn check\", \"spurn plan\". More about "
                     "one command: \"spurn plan --help\".");
}

void cmd_options_help_command(const struct cmd_command *command, struct cmd_out *out)
{
    cmd_out_printf(out, "spurn %s%s%s [OPTION…]\n\n%s.\n", command->name,
                   command->operands[0] == '\0' ? "" : " ", command->operands, command->purpose);
    print_paragraphs(out, command->details);
    print_options(out, "Options", command->bit, false);
    print_options(out, "Options of every command", command->bit, true);
    print_footnotes(out);
}
