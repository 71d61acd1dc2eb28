/* config_accounts_test.c - files of accounts: what they may say, how they are refused, and how large they may be. */
#include "config_case.h"

#include "config/csv.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define BOM         "\xef\xbb\xbf"
#define A           "111122223333"
#define B           "022233334444"

/* ---- CSV by itself ---- */

static void csv_is_read_as_rfc_4180_has_it(void)
{
    static const struct {
        const char *text,
            *records; /* fields between '|', records each ended by ';' with their line before */
        const char *why;
    } rows[] = {
        {"a,b\n1,2\n", "1:a|b;2:1|2;", NULL},
        {"a,b\r\n1,2\r\n", "1:a|b;2:1|2;", NULL},
        {"a,b\n1,2", "1:a|b;2:1|2;", NULL},
        {BOM "a,b\n\n\r\n1,2\n\n", "1:a|b;4:1|2;", NULL},
        {"\"a\",\"b,c\"\n\"say \"\"x\"\"\",\"\"", "1:a|b,c;2:say \"x\"|;", NULL},
        {"\"two\nlines\",b\nc,d\n", "1:two\nlines|b;3:c|d;", NULL},
        {"a,\n,b\n", "1:a|;2:|b;", NULL},
        {" a , b ", "1: a | b ;", NULL},
        {"a\rb,c", "1:a\rb|c;", NULL},
        {"", "", NULL},
        {"a\n\"b", "1:a;", "a quote is not closed"},
        {"a\n\"b\"c", "1:a;", "something follows a closing quote"},
        {"a\nb\"c\"", "1:a;", "a quote stands in a field that does not begin with one"},
        {"a,b\n1,2,3,4", "1:a|b;",
         "it has more fields than there are columns; a field with a comma in it stands in quotes"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct csv csv;
        struct buf got;
        struct spurn_text fields[3];
        size_t count;
        char text[64];
        snprintf(text, sizeof text, "%s", rows[i].text);
        csv_init(&csv, text, strlen(text));
        buf_init(&got, 1024);
        while (csv_next(&csv, fields, COUNT(fields), &count)) {
            buf_addf(&got, "%d:", (int)csv.line);
            for (size_t k = 0; k < count; k++)
                buf_addf(&got, "%s%.*s", k > 0 ? "|" : "", TEXT_ARG(fields[k]));
            buf_add_char(&got, ';');
        }
        CHECK_STR(rows[i].text, buf_str(&got), rows[i].records);
        CHECK_STR(rows[i].text, csv.why, rows[i].why);
        buf_clear(&got);
    }
}

/* ---- files of accounts ---- */

/* "ACCOUNT LABEL ROLE EXTERNAL_ID;" of each, '-' for what is not said. */
static void check_accounts(const struct config_case *c, const char *label, const char *want)
{
    struct buf got;
    buf_init(&got, 4096);
    for (size_t i = 0; i < c->config.target_count; i++) {
        const struct config_target *t = &c->config.targets[i];
        const char *role = t->role_arn != NULL ? strrchr(t->role_arn, '/') + 1 : "-";
        buf_addf(&got, "%s %s %s %s;", t->account, t->label != NULL ? t->label : "-", role,
                 t->external_id != NULL ? t->external_id : "-");
    }
    CHECK_STR(label, c->err.text, "");
    CHECK_STR(label, buf_str(&got), want);
    buf_clear(&got);
}

#define WORD(name, more) "aws { regions = { 'us-east-1' }, accounts_file = '" name "'" more " }"

static void an_account_has_what_its_row_says(void)
{
    static const struct {
        const char *label, *word, *name, *content, *want;
    } rows[] = {
        {"accounts alone", WORD("a.csv", ", role = 'spurn'"), "a.csv", "account\n" A "\n" B "\n",
         A " - spurn -;" B " - spurn -;"},
        {"every column, in any order",
         WORD("a.csv", ", role = 'spurn', external_id = 'ours', label = 'any'"), "a.csv",
         "label,external_id,account,role\r\n"
         "\"Ops, west\",theirs," A ",other\r\n"
         ",," B ",\r\n",
         A " Ops, west other theirs;" B " any spurn ours;"},
        {"the keys as they are", WORD("a.csv", ", external_id = 'ours'"), "a.csv",
         "account,role\n" A ",-\n" B ",x\n", A " - - -;" B " - x ours;"},
        {"JSON of accounts", WORD("a.json", ", role = 'spurn'"), "a.json", "[\"" A "\", \"" B "\"]",
         A " - spurn -;" B " - spurn -;"},
        {"JSON with a byte order mark", WORD("a.json", ", role = 'spurn'"), "a.json",
         BOM "[\"" A "\"]", A " - spurn -;"},
        {"JSON of objects", WORD("a.JSON", ", role = 'spurn', external_id = 'ours'"), "a.JSON",
         "[{\"account\":\"" A
         "\",\"label\":\"\\u00fc\",\"role\":\"a/b\",\"external_id\":\"theirs\"},"
         "\n {\"account\":\"" B "\",\"label\":null,\"role\":\"-\"}]",
         A " ü b theirs;" B " - - -;"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config_case c;
        case_open_with(&c, rows[i].word, rows[i].name, text_of(rows[i].content));
        check_accounts(&c, rows[i].label, rows[i].want);
        case_close(&c);
    }
}

static void the_session_goes_with_the_role(void)
{
    struct config_case c;
    case_open_with(&c, WORD("a.csv", ", role = 'x', session_name = 'me', duration = '1h'"), "a.csv",
                   text_of("account,role\n" A ",\n" B ",-\n"));
    CHECK_STR("", c.err.text, "");
    if (CHECK("", c.config.target_count == 2)) {
        CHECK_STR("", c.config.targets[0].session_name, "me");
        CHECK_INT("", c.config.targets[0].duration_s, 3600);
        CHECK("", c.config.targets[1].session_name == NULL);
        CHECK_INT("", c.config.targets[1].duration_s, 0);
    }
    case_close(&c);
}

#define COLUMNS "; there are account, label, role, external_id"
#define TOO_MANY                                                                                   \
    "it has more fields than there are columns; a field with a comma in it stands in quotes"
#define NO_ACCOUNT "account is not 12 digits, with leading zeros: "

static void a_file_is_refused_with_line_or_item_and_none_of_its_text_but_words_and_numbers(void)
{
    static const struct {
        const char *name;
        struct spurn_text content;
        const char *error;
    } rows[] = {
#define FILE_OF(text) {text, sizeof text - 1}
        {"a.csv", FILE_OF("account\n" A "\n1112223333\n"),
         "a.csv:3: " NO_ACCOUNT "it is \"1112223333\""},
        {"a.csv", FILE_OF("account\n 11122223333\n"),
         "a.csv:2: " NO_ACCOUNT "it is \" 11122223333\""},
        {"a.csv", FILE_OF("account\n2.22233E+11\n"),
         "a.csv:2: " NO_ACCOUNT
         "it is \"2.22233E+11\"; a spreadsheet rounds numbers, so make the column text"},
        {"a.csv", FILE_OF("account\nAKIAEXAMPLE1\n"),
         "a.csv:2: " NO_ACCOUNT "it has 12 characters"},
        {"a.csv", FILE_OF("account\n1111222233334444555566667\n"),
         "a.csv:2: " NO_ACCOUNT "it has 25 characters"},
        {"a.csv", FILE_OF("label,account\nx,\n"), "a.csv:2: " NO_ACCOUNT "it has 0 characters"},
        {"a.csv", FILE_OF("account\n" A "\n\n" A "\n"),
         "a.csv:4: this account was there before, in line 2"},
        {"a.csv", FILE_OF("account,name\n" A ",x\n"),
         "a.csv:1: column 2, \"name\", is not known" COLUMNS},
        {"a.csv", FILE_OF("account,lable\n" A ",x\n"),
         "a.csv:1: column 2, \"lable\", is not known; did you mean \"label\"?"},
        {"a.csv", FILE_OF("Account\n" A "\n"),
         "a.csv:1: column 1, \"Account\", is not known; did you mean \"account\"?"},
        {"a.csv", FILE_OF("account, label\n" A ",x\n"),
         "a.csv:1: column 2, \" label\", is not known; did you mean \"label\"?"},
        {"a.csv", FILE_OF("account;label\n" A ";x\n"),
         "a.csv:1: its fields are separated by ';': separate them by commas"},
        {"a.csv", FILE_OF("account\tlabel\n" A "\tx\n"),
         "a.csv:1: its fields are separated by tabs: separate them by commas"},
        {"a.csv", FILE_OF(A "\n" B "\n"),
         "a.csv:1: the first line names columns: account, label, role, external_id"},
        {"a.csv",
         FILE_OF("\xff\xfe"
                 "a\0c\0c\0"),
         "a.csv: it is UTF-16: save it as UTF-8"},
        {"a.csv", FILE_OF("\xfe\xff\0a\0c"), "a.csv: it is UTF-16: save it as UTF-8"},
        {"a.json", FILE_OF("[\0\"\0"), "a.json: it is UTF-16: save it as UTF-8"},
        {"a.csv", FILE_OF("account,account\n"), "a.csv:1: there are two columns account"},
        {"a.csv", FILE_OF("label,role\n"), "a.csv:1: there is no column account"},
        {"a.csv", FILE_OF("\n"),
         "a.csv:1: there is nothing in it; the first line names columns: account, label, role, "
         "external_id"},
        {"a.csv", FILE_OF("[default]\naws_secret_access_key = x\n"),
         "a.csv:1: column 1 is not known" COLUMNS},
        {"a.csv", FILE_OF("a,b,c,d,e\n"),
         "a.csv:1: " TOO_MANY "; the first line names columns: account, label, role, external_id"},
        {"a.csv", FILE_OF("account,label\n" A "\n"),
         "a.csv:2: it has fewer fields than there are columns"},
        {"a.csv", FILE_OF("account\n" A ",x\n"), "a.csv:2: " TOO_MANY},
        {"a.csv", FILE_OF("account\n\"" A "\n"), "a.csv:2: a quote is not closed"},
        {"a.csv", FILE_OF("account\n"), "a.csv: it names no account"},
        {"a.csv", FILE_OF("account,role\n" A ",a b\n"), "a.csv:2: role is no role's name"},
        {"a.csv", FILE_OF("account,external_id\n" A ",?\n"),
         "a.csv:2: external_id must be 2 to 1224 letters, digits and any of _+=,.@:/-"},
        {"a.csv", FILE_OF("account,role,external_id\n" A ",-,xy\n"),
         "a.csv:2: external_id goes with a role"},
        {"a.csv", FILE_OF("account,label\n" A ",\"a\nb\"\n"),
         "a.csv:2: label holds a control character, or is not UTF-8"},
        {"a.csv", FILE_OF("account,label\n" A ",\xff\n"),
         "a.csv:2: label holds a control character, or is not UTF-8"},
        {"a.csv", FILE_OF("account,label\n" A ",a\0b\n"),
         "a.csv:2: label holds a control character, or is not UTF-8"},
        {"a.json", FILE_OF("[\"" A "\",\"1\"]"), "a.json: item 2: " NO_ACCOUNT "it is \"1\""},
        {"a.json", FILE_OF("[\"" A "\",{\"account\":\"" A "\"}]"),
         "a.json: item 2: this account was there before, in item 1"},
        {"a.json", FILE_OF("[{\"account\":\"" A "\",\"lable\":\"x\"}]"),
         "a.json: item 1: a member, \"lable\", is not known; did you mean \"label\"?"},
        {"a.json", FILE_OF("[{\"account\":\"" A "\",\"Arn\":\"x\"}]"),
         "a.json: item 1: a member, \"Arn\", is not known" COLUMNS},
        {"a.json", FILE_OF("[{\"account\":\"" A "\",\"AKIA1\":\"x\"}]"),
         "a.json: item 1: a member is not known" COLUMNS},
        {"a.json", FILE_OF("[{\"label\":\"x\"}]"),
         "a.json: item 1: " NO_ACCOUNT "it has 0 characters"},
        {"a.json", FILE_OF("[{\"account\":\"" A "\",\"label\":\"a\\u0000\"}]"),
         "a.json: item 1: label holds a control character, or is not UTF-8"},
        {"a.json", FILE_OF("[111122223333]"),
         "a.json: item 1: write the account in quotes: a number has no leading zeros"},
        {"a.json", FILE_OF("[true]"), "a.json: item 1: expected a string"},
        {"a.json", FILE_OF("{\"accounts\":[]}"),
         "a.json: it has to be an array: [\"ACCOUNT\", ...]"},
        {"a.json", FILE_OF("account\n" A "\n"), "a.json: expected a value"},
        {"a.json", FILE_OF(""), "a.json: there is nothing in it"},
        {"a.json", FILE_OF(" \r\n"), "a.json: there is nothing in it"},
        {"a.json", FILE_OF("[\"" A "\"] x"), "a.json: item 1: something follows the value"},
        {"a.json", FILE_OF("[]"), "a.json: it names no account"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char word[128];
        struct config_case c;
        snprintf(word, sizeof word, WORD("%s", ", role = 'spurn'"), rows[i].name);
        case_open_with(&c, word, rows[i].name, rows[i].content);
        case_says(&c, rows[i].error, rows[i].error);
        CHECK_INT("", (int64_t)c.config.target_count, 0);
        case_close(&c);
    }
}

static void a_row_without_any_role_is_an_error(void)
{
    struct config_case c;
    case_open_with(&c, WORD("a.csv", ""), "a.csv", text_of("account,role\n" A ",x\n" B ",\n"));
    case_says(
        &c, "",
        "a.csv:3: no role is named; name it with role in the configuration, or \"-\" here for "
        "the keys as they are");
    case_close(&c);
}

static void a_file_that_is_missing_or_open_to_others_is_an_error(void)
{
    struct config_case c;
    case_open(&c, WORD("gone.csv", ", role = 'x'"));
    CHECK_INT("", c.status, SPURN_E_FILE);
    CHECK("", strstr(c.err.text, "cannot read accounts ") != NULL &&
                  strstr(c.err.text, "/gone.csv: no such file") != NULL);
    case_close(&c);

    case_open_with(&c, "", "a.csv", text_of("account\n" A "\n"));
    CHECK_INT("", chmod(c.beside, 0666), 0);
    const char *word = WORD("a.csv", ", role = 'x'");
    case_write(c.path, word, strlen(word));
    CHECK_INT("", config_load(&c.config, c.path, &c.err), SPURN_E_FILE);
    CHECK("", strstr(c.err.text, "it is writable by others") != NULL);
    case_close(&c);
}

/* A line for each of `count` accounts. */
static void put_many(struct buf *csv, size_t count)
{
    buf_add_str(csv, "account\n");
    for (size_t i = 0; i < count; i++)
        buf_addf(csv, "%012zu\n", i);
}

static void ten_thousand_accounts_in_every_region_are_read(void)
{
    enum { ACCOUNTS = 10 * 1000 };
    struct config_case c;
    struct buf csv;
    size_t regions = place_aws_regions(text_of("aws"))->count;
    buf_init(&csv, 4 * 1024 * 1024);
    put_many(&csv, ACCOUNTS);
    const char *word = "aws { regions = 'all', accounts_file = 'a.csv', role = 'spurn' }";
    case_open_with(&c, word, "a.csv", buf_text(&csv));
    CHECK_STR("", c.err.text, "");
    if (CHECK("", c.config.target_count == ACCOUNTS * regions)) {
        const struct config_target *last = &c.config.targets[ACCOUNTS * regions - 1];
        CHECK_STR("", last->account, "000000009999");
        CHECK_STR("", last->role_arn, "arn:aws:iam::000000009999:role/spurn");
        CHECK("one copy for all regions", last->role_arn == last[-1].role_arn);
    }
    CHECK("tens of MB of memory",
          c.config.target_count * sizeof *c.config.targets + c.config.arena.used <
              64 * 1024 * 1024);
    case_close(&c);
    buf_clear(&csv);
}

static void too_many_accounts_or_targets_are_an_error(void)
{
    static const struct {
        const char *word;
        size_t count;
        const char *error;
    } rows[] = {
        {WORD("a.csv", ", role = 'x'"), 100 * 1000 + 1,
         "a.csv:100002: there are too many accounts: 100000 are read"},
        {"aws { regions = 'all', accounts_file = 'a.csv', role = 'x' }", 20 * 1000,
         "spurn.lua:1: there are more than 500000 accounts and regions in all"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config_case c;
        struct buf csv;
        buf_init(&csv, 4 * 1024 * 1024);
        put_many(&csv, rows[i].count);
        case_open_with(&c, rows[i].word, "a.csv", buf_text(&csv));
        case_says(&c, rows[i].error, rows[i].error);
        case_close(&c);
        buf_clear(&csv);
    }
}

static const struct unit_test tests[] = {
    {"csv_is_read_as_rfc_4180_has_it", csv_is_read_as_rfc_4180_has_it},
    {"an_account_has_what_its_row_says", an_account_has_what_its_row_says},
    {"the_session_goes_with_the_role", the_session_goes_with_the_role},
    {"a_file_is_refused_with_line_or_item_and_none_of_its_text_but_words_and_numbers",
     a_file_is_refused_with_line_or_item_and_none_of_its_text_but_words_and_numbers},
    {"a_row_without_any_role_is_an_error", a_row_without_any_role_is_an_error},
    {"a_file_that_is_missing_or_open_to_others_is_an_error",
     a_file_that_is_missing_or_open_to_others_is_an_error},
    {"ten_thousand_accounts_in_every_region_are_read",
     ten_thousand_accounts_in_every_region_are_read},
    {"too_many_accounts_or_targets_are_an_error", too_many_accounts_or_targets_are_an_error},
};

UNIT_MAIN(tests)
