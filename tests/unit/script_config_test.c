/* script_config_test.c - what a configuration may say, what comes out, and what is said about mistakes. */
#include "unit.h"

#include <string.h>

#include "script/script.h"

#define US "regions = { \"us-east-1\" }"

static enum spurn_status read_config(const char *text, struct buf *json, struct spurn_error *err)
{
    buf_init(json, 1024 * 1024);
    *err = (struct spurn_error){0};
    return script_read_config("spurn.lua", text_of(text), json, err);
}

struct accepted {
    const char *label, *text, *json;
};

static void check_accepted(const struct accepted *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buf json;
        struct spurn_error err;
        enum spurn_status status = read_config(cases[i].text, &json, &err);
        CHECK_STR(cases[i].label, err.text, "");
        CHECK_INT(cases[i].label, status, SPURN_OK);
        CHECK_TEXT(cases[i].label, buf_text(&json), text_of(cases[i].json));
        buf_clear(&json);
    }
}

struct refused {
    const char *label, *text, *error;
};

static void check_refused(const struct refused *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buf json;
        struct spurn_error err;
        enum spurn_status status = read_config(cases[i].text, &json, &err);
        CHECK_INT(cases[i].label, status, SPURN_E_CONFIG);
        CHECK_INT(cases[i].label, err.status, SPURN_E_CONFIG);
        CHECK_STR(cases[i].label, err.text, cases[i].error);
        buf_clear(&json);
    }
}

#define ACCEPTED(cases) check_accepted(cases, sizeof cases / sizeof cases[0])
#define REFUSED(cases)  check_refused(cases, sizeof cases / sizeof cases[0])

/* What comes out of a configuration that says nothing else. */
#define OUT(policies, targets) "{\"policies\":[" policies "],\"targets\":[" targets "]}"

/* One endpoint for all that is asked over the network. */
#define EVERY(url)                                                                                 \
    "\"invitations\":\"" url "\",\"organization\":\"" url "\",\"sso\":\"" url "\",\"sts\":\"" url  \
    "\""

static void what_is_said_comes_out(void)
{
    static const struct accepted cases[] = {
        {"nothing", "", OUT("", "")},
        {"journal", "journal = 'a \"b\".db'",
         "{\"journal\":\"a \\\"b\\\".db\",\"policies\":[],\"targets\":[]}"},
        {"trust", "trust = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'",
         "{\"policies\":[],\"targets\":[],"
         "\"trust\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"}"},
        {"a target of each cloud",
         "aws { profile = 'prod', regions = { 'us-east-1', 'eu-west-1' }, account = '012345678901' "
         "}\n"
         "alibaba { regions = { 'cn-hangzhou' }, endpoint = 'http://127.0.0.1:80', label = 'ü' }",
         OUT("", "{\"account\":\"012345678901\",\"cloud\":\"aws\",\"line\":1,\"profile\":\"prod\","
                 "\"regions\":[\"us-east-1\",\"eu-west-1\"]},"
                 "{\"cloud\":\"alibaba\",\"endpoints\":{" EVERY(
                     "http://127.0.0.1:80") "},"
                                            "\"label\":\"ü\",\"line\":2,\"regions\":[\"cn-"
                                            "hangzhou\"]}")},
        {"limits in counts and seconds",
         "limits { rejections = 200, percent = 80, pages = 10, listing = '5m', window = 8 }",
         "{\"limits\":{\"listing_s\":300,\"pages\":10,\"percent\":80,\"rejections\":200,\"window\":"
         "8},"
         "\"policies\":[],\"targets\":[]}"},
        {"no look-ups at all", "limits { lookups = 0 }",
         "{\"limits\":{\"lookups\":0},\"policies\":[],\"targets\":[]}"},
        {"what a policy may use up",
         "limits { policy_steps = 20000, policy_memory = '1MiB', policy_string = '128KiB' }",
         "{\"limits\":{\"policy_memory_len\":1048576,\"policy_steps\":20000,\"policy_string_len\":"
         "131072},\"policies\":[],\"targets\":[]}"},
        {"daemon in seconds", "daemon { every = '15m', jitter = '1m' }",
         "{\"daemon\":{\"every_s\":900,\"jitter_s\":60},\"policies\":[],\"targets\":[]}"},
        {"jitter can be none", "daemon { every = '1s', jitter = '0s' }",
         "{\"daemon\":{\"every_s\":1,\"jitter_s\":0},\"policies\":[],\"targets\":[]}"},
        {"Lua's own functions",
         "local where = { 'us-east-1' }\nfor _, r in ipairs(where) do\n"
         "aws { regions = { r }, label = r:upper() } end",
         OUT("", "{\"cloud\":\"aws\",\"label\":\"US-EAST-1\",\"line\":3,"
                 "\"regions\":[\"us-east-1\"]}")},
    };
    ACCEPTED(cases);
}

#define POLICY(line, settings)                                                                     \
    OUT("{\"line\":" line ",\"path\":\"x.lua\",\"settings\":{" settings "}}", "")

static void a_policy_keeps_parameters_apart_from_settings(void)
{
    static const struct accepted cases[] = {
        {"alone", "policy 'x.lua'", POLICY("1", "\"params\":{}")},
        {"empty", "policy 'x.lua' {}", POLICY("1", "\"params\":{}")},
        {"line", "\n\npolicy 'x.lua' {\nafter = '6h' }",
         POLICY("3", "\"params\":{\"after\":\"6h\"}")},
        {"all kinds of data", "policy 'x.lua' { s = '', i = 3, f = 0.5, b = false, z = 2^53 }",
         POLICY("1",
                "\"params\":{\"b\":false,\"f\":0.5,\"i\":3,\"s\":\"\",\"z\":9007199254740992}")},
        {"lists and tables", "policy 'x.lua' { l = { 'a', { 'b' } }, t = { k = { 1 } } }",
         POLICY("1", "\"params\":{\"l\":[\"a\",[\"b\"]],\"t\":{\"k\":[1]}}")},
        {"settings",
         "policy 'x.lua' { p = 1, only = { cloud = 'aws', account = { '1', '2' } }, "
         "mode = 'observe', name = 'y' }",
         POLICY("1",
                "\"mode\":\"observe\",\"name\":\"y\","
                "\"only\":{\"account\":[\"1\",\"2\"],\"cloud\":\"aws\"},\"params\":{\"p\":1}")},
        {"two in a row", "policy 'x.lua'\npolicy 'x.lua' { a = 1 }",
         OUT("{\"line\":1,\"path\":\"x.lua\",\"settings\":{\"params\":{}}},"
             "{\"line\":2,\"path\":\"x.lua\",\"settings\":{\"params\":{\"a\":1}}}",
             "")},
    };
    ACCEPTED(cases);
}

static void what_is_unknown_is_an_error_that_names_the_nearest(void)
{
    static const struct refused cases[] = {
        {"word", "\nalibbaba {}",
         "spurn.lua:2: unknown word \"alibbaba\": did you mean \"alibaba\"?"},
        {"setting", "jurnal = 'x'",
         "spurn.lua:1: unknown setting \"jurnal\": did you mean \"journal\"? (a value of your own "
         "is "
         "local)"},
        {"a policy", "\nkeep 'x' (always)",
         "spurn.lua:2: keep belongs in policies: this is a policy, not a configuration; a "
         "configuration names it, policy \"FILE\""},
        {"what Lua has", "require 'x'",
         "spurn.lua:1: unknown word \"require\": files, the system and the network are not there"},
        {"a setting that is called", "journal 'x.db'",
         "spurn.lua:1: journal is a setting, not a word: write journal = \"x.db\""},
        {"another", "\ntrust 'abc'",
         "spurn.lua:2: trust is a setting, not a word: write trust = \"abc\""},
        {"setting like nothing", "x = 1",
         "spurn.lua:1: unknown setting \"x\"; there are journal, trust (a value of your own is "
         "local)"},
        {"option", "aws {\n" US ",\nregoins = { 'x' } }",
         "spurn.lua:1: aws has no option \"regoins\": did you mean \"regions\"?"},
        {"limit", "limits { rejectoins = 1 }",
         "spurn.lua:1: limits has no option \"rejectoins\": did you mean \"rejections\"?"},
        {"only", "policy 'x.lua' { only = { regoin = 'x' } }",
         "spurn.lua:1: policy \"x.lua\": only has no option \"regoin\": did you mean \"region\"?"},
        {"mode", "policy 'x.lua' { mode = 'obsreve' }",
         "spurn.lua:1: policy \"x.lua\": mode must be \"observe\", or left out, not \"obsreve\""},
    };
    REFUSED(cases);
}

static void what_is_not_supported_yet_is_said_to_be(void)
{
    static const struct refused cases[] = {
        {"listen", "daemon { listen = '127.0.0.1:9464' }",
         "spurn.lua:1: daemon: listen is not supported yet: the daemon has no port for metrics"},
    };
    REFUSED(cases);
}

static void a_value_of_the_wrong_kind_is_an_error(void)
{
    static const struct refused cases[] = {
        {"journal", "journal = 5",
         "spurn.lua:1: the configuration: journal must be a string, not empty, without control "
         "characters, not 5"},
        {"journal twice", "journal = 'a'\njournal = 'b'",
         "spurn.lua:2: journal was already set in line 1"},
        {"trust", "trust = 'abc'",
         "spurn.lua:1: the configuration: trust must be a digest, 64 hex digits as spurn check "
         "prints them, not \"abc\""},
        {"a word assigned", "aws = { " US " }",
         "spurn.lua:1: aws is a word, nothing is assigned to it: write aws without the ="},
        {"a library assigned", "string = 1",
         "spurn.lua:1: string belongs to Lua: a value of your own is local, local my_string = ..."},
        {"no table", "aws 'us-east-1'",
         "spurn.lua:1: aws takes a table of options, not \"us-east-1\""},
        {"no name", "aws { 'us-east-1' }",
         "spurn.lua:1: aws takes NAME = VALUE, not \"us-east-1\" alone"},
        {"no regions", "\naws { profile = 'x' }",
         "spurn.lua:2: aws: regions is missing: regions = { \"us-east-1\" }, or \"all\""},
        {"empty regions", "alibaba { regions = {} }",
         "spurn.lua:1: alibaba: regions must not be empty: a table of region names, { "
         "\"cn-hangzhou\" }, or \"all\""},
        {"keyed regions", "aws { regions = { 'us-east-1', home = 'eu-west-1' } }",
         "spurn.lua:1: aws: regions must be a table of region names, { \"us-east-1\" }, or "
         "\"all\", not this table"},
        {"another word for regions", "alibaba { regions = 'every' }",
         "spurn.lua:1: alibaba: regions must be a table of region names, { \"cn-hangzhou\" }, or "
         "\"all\", not \"every\""},
        {"a number for an account", "aws { " US ", account = 111122223333 }",
         "spurn.lua:1: aws: account must be an account id, digits in quotes, not 111122223333"},
        {"fewer than none", "limits { lookups = -1 }",
         "spurn.lua:1: limits: lookups must be a whole number from 0 on, not -1"},
        {"too few steps", "limits { policy_steps = 100 }",
         "spurn.lua:1: limits: policy_steps must be a whole number from 10000 to 1000000000, not "
         "100"},
        {"a size as a number", "limits { policy_memory = 16777216 }",
         "spurn.lua:1: limits: policy_memory must be a size from \"1MiB\" to \"1024MiB\", not "
         "16777216"},
        {"a size too small", "limits { policy_memory = '512KiB' }",
         "spurn.lua:1: limits: policy_memory must be a size from \"1MiB\" to \"1024MiB\", not "
         "\"512KiB\""},
        {"a unit that is none", "limits { policy_string = '64K' }",
         "spurn.lua:1: limits: policy_string must be a size from \"1KiB\" to \"16MiB\", not "
         "\"64K\""},
        {"count as text", "limits { rejections = '200' }",
         "spurn.lua:1: limits: rejections must be a whole number from 1 on, not \"200\""},
        {"nought", "limits { rejections = 0 }",
         "spurn.lua:1: limits: rejections must be a whole number from 1 on, not 0"},
        {"a fraction", "limits { pages = 1.5 }",
         "spurn.lua:1: limits: pages must be a whole number from 1 on, not 1.5"},
        {"percent", "limits { percent = 101 }",
         "spurn.lua:1: limits: percent must be a whole number from 1 to 100, not 101"},
        {"duration", "limits { listing = '5 min' }",
         "spurn.lua:1: limits: listing must be a duration such as \"90s\", \"15m\", \"6h\", \"7d\" "
         "or "
         "\"1d12h\", not \"5 min\""},
        {"duration as a number", "daemon { every = 900 }",
         "spurn.lua:1: daemon: every must be a duration such as \"90s\", \"15m\", \"6h\", \"7d\" "
         "or "
         "\"1d12h\", not 900"},
        {"limits twice", "limits { pages = 1 }\nlimits { percent = 1 }",
         "spurn.lua:2: limits was already said: put it all in one table"},
        {"a path that is none", "policy { after = '6h' }",
         "spurn.lua:1: policy takes the path of a file, policy \"policies/stale.lua\", not a "
         "table"},
        {"a bare comma", "policy 'x.lua', { after = '6h' }",
         "spurn.lua:1: syntax error near ','; leave the comma out: policy FILE { PARAMETERS }"},
        {"a comma", "policy('x.lua', { after = '6h' })",
         "spurn.lua:1: policy \"x.lua\" takes its parameters without a comma: policy \"x.lua\" { "
         "after "
         "= \"6h\" }"},
        {"two tables", "policy 'x.lua' { a = 1 } { b = 2 }",
         "spurn.lua:1: policy \"x.lua\" takes one table of parameters, not two"},
    };
    REFUSED(cases);
}

static void parameters_are_plain_data(void)
{
    static const struct refused cases[] = {
        {"a function", "policy 'x.lua' { f = function() end }",
         "spurn.lua:1: policy \"x.lua\": f is a function: values are strings, numbers, true, false "
         "and tables of these"},
        {"deep inside", "policy 'x.lua' { t = { 'a', { k = print } } }",
         "spurn.lua:1: policy \"x.lua\": t[2].k is a function: values are strings, numbers, true, "
         "false and tables of these"},
        {"an empty table", "policy 'x.lua' { trusted = {} }",
         "spurn.lua:1: policy \"x.lua\": trusted is an empty table, which says nothing: leave it "
         "out"},
        {"a mixed table", "policy 'x.lua' { t = { 'a', b = 1 } }",
         "spurn.lua:1: policy \"x.lua\": t mixes a list with the key \"b\""},
        {"a list with a hole", "policy 'x.lua' { t = { [1] = 'a', [5] = 'b' } }",
         "spurn.lua:1: policy \"x.lua\": t mixes a list with the key 5"},
        {"a list from nought", "policy 'x.lua' { t = { [0] = 'a' } }",
         "spurn.lua:1: policy \"x.lua\": t has 0 for a key: keys are strings, lists begin at 1"},
        {"a cycle", "local t = {}\nt.t = t\npolicy 'x.lua' { t = t }",
         "spurn.lua:3: policy \"x.lua\": t.t.t.t.t.t.t.t.t lies more than 8 tables deep"},
        {"no number", "policy 'x.lua' { n = 0/0 }",
         "spurn.lua:1: policy \"x.lua\": n is not a number that can be written down"},
        {"no text", "policy 'x.lua' { s = '\\xff' }",
         "spurn.lua:1: policy \"x.lua\": s is not UTF-8 text"},
    };
    REFUSED(cases);
}

#define NIL ": a value in its table is nil, or is given twice; is a name misspelt?"

static void a_value_that_is_nil_is_not_dropped_in_silence(void)
{
    static const struct refused cases[] = {
        {"mode", "local t = {}\npolicy 'x.lua' { mode = t.typo }",
         "spurn.lua:2: policy \"x.lua\"" NIL},
        {"only", "local t = {}\npolicy 'x.lua' {\n\n  only = t.typo }",
         "spurn.lua:2: policy \"x.lua\"" NIL},
        {"in only", "local t = {}\npolicy 'x.lua' {\n  only = { cloud = 'aws', region = t.typo } }",
         "spurn.lua:2: policy \"x.lua\": only" NIL},
        {"in a parameter", "local t = {}\npolicy 'x.lua' { ours = { '111122223333', t.typo } }",
         "spurn.lua:2: policy \"x.lua\": ours" NIL},
        {"a region", "local t = {}\naws { regions = { 'us-east-1', t.typo } }",
         "spurn.lua:2: aws: regions" NIL},
        {"an option", "local t = {}\naws { " US ", account = t.typo }", "spurn.lua:2: aws" NIL},
        {"a limit", "local t = {}\nlimits { pages = 5, rejections = t.typo }",
         "spurn.lua:2: limits" NIL},
        {"twice", "limits { pages = 5, pages = 6 }", "spurn.lua:1: limits" NIL},
    };
    REFUSED(cases);
}

/* A target in line 1; `before` and `after` are what its JSON says before and after its line. */
#define TARGET(before, after) OUT("", "{" before ",\"line\":1," after "}")

static void whose_accounts_and_by_which_role(void)
{
    static const struct accepted cases[] = {
        {"every region", "alibaba { regions = 'all' }",
         TARGET("\"cloud\":\"alibaba\"", "\"regions\":\"all\"")},
        {"every region of a partition", "aws { regions = 'all', partition = 'aws-us-gov' }",
         TARGET("\"cloud\":\"aws\"", "\"partition\":\"aws-us-gov\",\"regions\":\"all\"")},
        {"a role",
         "aws { " US ", role_arn = 'arn:aws:iam::222222222222:role/spurn', external_id = 'x:1/2', "
         "session_name = 'spurn@host', duration = '1h' }",
         TARGET("\"cloud\":\"aws\",\"duration_s\":3600,\"external_id\":\"x:1/2\"",
                "\"regions\":[\"us-east-1\"],\"role_arn\":"
                "\"arn:aws:iam::222222222222:role/spurn\",\"session_name\":\"spurn@host\"")},
        {"a list of accounts",
         "aws { " US ", accounts = { '111122223333', '222233334444' }, role = 'ops/spurn' }",
         TARGET("\"accounts\":[\"111122223333\",\"222233334444\"],\"cloud\":\"aws\"",
                "\"regions\":[\"us-east-1\"],\"role\":\"ops/spurn\"")},
        {"a file of accounts", "aws { " US ", accounts_file = 'of/accounts.CSV', role = 'spurn' }",
         TARGET("\"accounts_file\":\"of/accounts.CSV\",\"cloud\":\"aws\"",
                "\"regions\":[\"us-east-1\"],\"role\":\"spurn\"")},
        {"a file of accounts that names roles", "aws { " US ", accounts_file = 'accounts.json' }",
         TARGET("\"accounts_file\":\"accounts.json\",\"cloud\":\"aws\"",
                "\"regions\":[\"us-east-1\"]")},
        {"an organization",
         "aws { " US ", organization = { role = 'spurn', external_id = 'xy', "
         "tags = { team = 'Ops 1', env = 'prod' } }, session_name = 'me' }",
         TARGET("\"cloud\":\"aws\"",
                "\"organization\":{\"external_id\":\"xy\",\"role\":\"spurn\",\"tags\":"
                "{\"env\":\"prod\",\"team\":\"Ops 1\"}},\"regions\":[\"us-east-1\"],"
                "\"session_name\":\"me\"")},
    };
    ACCEPTED(cases);
}

static void endpoints_are_named_after_their_services(void)
{
    static const struct accepted cases[] = {
        {"one for all", "aws { " US ", endpoint = 'https://x.example' }",
         TARGET("\"cloud\":\"aws\",\"endpoints\":{" EVERY("https://x.example") "}",
                "\"regions\":[\"us-east-1\"]")},
        {"each of AWS",
         "aws { " US ", endpoint = { ram = 'https://a', sts = 'https://b', organizations = "
         "'https://c', sso = 'https://d', metadata = 'http://e' } }",
         TARGET("\"cloud\":\"aws\",\"endpoints\":{\"invitations\":\"https://a\","
                "\"metadata\":\"http://e\",\"organization\":\"https://c\","
                "\"sso\":\"https://d\",\"sts\":\"https://b\"}",
                "\"regions\":[\"us-east-1\"]")},
        {"each of Alibaba Cloud",
         "alibaba { regions = { 'cn-hangzhou' }, endpoint = { resourcesharing = 'https://a', "
         "resourcemanager = 'https://c' } }",
         TARGET("\"cloud\":\"alibaba\",\"endpoints\":{\"invitations\":\"https://a\","
                "\"organization\":\"https://c\"}",
                "\"regions\":[\"cn-hangzhou\"]")},
        {"variants of AWS", "aws { " US ", fips = true, dual_stack = false }",
         TARGET("\"cloud\":\"aws\",\"dual_stack\":false,\"fips\":true",
                "\"regions\":[\"us-east-1\"]")},
        {"a variant of Alibaba Cloud", "alibaba { regions = 'all', vpc = true }",
         TARGET("\"cloud\":\"alibaba\"", "\"regions\":\"all\",\"vpc\":true")},
    };
    ACCEPTED(cases);
}

static void options_that_do_not_go_together_are_errors(void)
{
    static const struct refused cases[] = {
        {"a role without accounts", "\naws { " US ", role = 'spurn' }",
         "spurn.lua:2: aws: role goes with accounts or accounts_file: one account's role is named "
         "by role_arn, an organization's inside it"},
        {"accounts without a role", "aws { " US ", accounts = { '111122223333' } }",
         "spurn.lua:1: aws: role is missing: role = \"spurn\", the role to assume in each of the "
         "accounts"},
        {"accounts and a role's ARN",
         "aws { " US ", accounts = { '111122223333' }, role = 'x', role_arn = 'y' }",
         "spurn.lua:1: aws: accounts and role_arn do not go together: each says whose accounts are "
         "meant"},
        {"accounts and a file",
         "aws { " US ", accounts = { '111122223333' }, role = 'x', accounts_file = 'y.csv' }",
         "spurn.lua:1: aws: accounts and accounts_file do not go together: each says whose "
         "accounts are meant"},
        {"an organization and a role's ARN",
         "aws { " US ", organization = { role = 'x' }, role_arn = 'y' }",
         "spurn.lua:1: aws: organization and role_arn do not go together: each says whose accounts "
         "are meant"},
        {"an organization and an account",
         "aws { " US ", organization = { role = 'x' }, account = '111122223333' }",
         "spurn.lua:1: aws: account and organization do not go together: each says whose accounts "
         "are meant"},
        {"an organization without a role",
         "alibaba { regions = 'all', organization = { tags = { a = 'b' } } }",
         "spurn.lua:1: alibaba: organization: role is missing: role = \"spurn\", the role to "
         "assume in each account"},
        {"an external id without a role", "aws { " US ", external_id = 'xy' }",
         "spurn.lua:1: aws: external_id goes with role_arn or accounts or accounts_file: an "
         "organization's is named inside it"},
        {"an external id beside an organization",
         "aws { " US ", organization = { role = 'x' }, external_id = 'xy' }",
         "spurn.lua:1: aws: external_id goes with role_arn or accounts or accounts_file: an "
         "organization's is named inside it"},
        {"a session without a role", "aws { " US ", session_name = 'xy' }",
         "spurn.lua:1: aws: session_name goes with accounts or accounts_file or organization or "
         "role_arn: there is no role to assume"},
        {"a duration without a role", "aws { " US ", duration = '1h' }",
         "spurn.lua:1: aws: duration goes with accounts or accounts_file or organization or "
         "role_arn: there is no role to assume"},
        {"fips at Alibaba Cloud", "alibaba { regions = 'all', fips = true }",
         "spurn.lua:1: alibaba: fips cannot be given: Alibaba Cloud has no such endpoints"},
        {"two stacks at Alibaba Cloud", "alibaba { regions = 'all', dual_stack = true }",
         "spurn.lua:1: alibaba: dual_stack cannot be given: Alibaba Cloud has no such endpoints; "
         "vpc = true is for those inside a VPC"},
        {"a partition at Alibaba Cloud", "alibaba { regions = 'all', partition = 'aws' }",
         "spurn.lua:1: alibaba: partition cannot be given: Alibaba Cloud has only one"},
        {"vpc at AWS", "aws { " US ", vpc = true }",
         "spurn.lua:1: aws: vpc cannot be given: AWS needs no other endpoint inside a VPC"},
    };
    REFUSED(cases);
}

static void what_roles_and_endpoints_cannot_be_is_an_error(void)
{
#define ROLE US ", role_arn = 'arn:aws:iam::222222222222:role/spurn'"
    static const struct refused cases[] = {
        {"an endpoint that is none", "aws { " US ", endpoint = 5 }",
         "spurn.lua:1: aws: endpoint must be a base URL, \"https://HOST\", or a table of them by "
         "service, not 5"},
        {"no endpoint", "aws { " US ", endpoint = {} }",
         "spurn.lua:1: aws: endpoint must not be empty: a base URL, \"https://HOST\", or a table "
         "of them by service"},
        {"a service that is misspelt", "aws { " US ", endpoint = { stss = 'https://x' } }",
         "spurn.lua:1: aws: endpoint has no option \"stss\": did you mean \"sts\"?"},
        {"a service of the other cloud",
         "alibaba { regions = 'all', endpoint = { ram = 'https://x' } }",
         "spurn.lua:1: alibaba: endpoint has no option \"ram\"; there are metadata, "
         "resourcemanager, resourcesharing, sso, sts"},
        {"an endpoint that is nil",
         "local t = {}\naws { " US ", endpoint = { ram = 'https://x', sts = t.typo } }",
         "spurn.lua:2: aws: endpoint" NIL},
        {"an option of an organization", "aws { " US ", organization = { roel = 'x' } }",
         "spurn.lua:1: aws: organization has no option \"roel\": did you mean \"role\"?"},
        {"an organization that is none", "aws { " US ", organization = 'o-1' }",
         "spurn.lua:1: aws: organization must be a table, { role = \"spurn\" }, not \"o-1\""},
        {"tags without a key", "aws { " US ", organization = { role = 'x', tags = { 'prod' } } }",
         "spurn.lua:1: aws: organization: tags: a tag's key must be a string, not empty, without "
         "control characters, not 1"},
        {"a tag without a text",
         "aws { " US ", organization = { role = 'x', tags = { env = 1 } } }",
         "spurn.lua:1: aws: organization: tags: env must be a string, not empty, without control "
         "characters, not 1"},
        {"a short time", "aws { " ROLE ", duration = '10m' }",
         "spurn.lua:1: aws: duration must be a duration from \"15m\" to \"12h\", not \"10m\""},
        {"a long time", "aws { " ROLE ", duration = '13h' }",
         "spurn.lua:1: aws: duration must be a duration from \"15m\" to \"12h\", not \"13h\""},
        {"a session's name", "aws { " ROLE ", session_name = 'a b' }",
         "spurn.lua:1: aws: session_name must be 2 to 64 letters, digits and any of _+=,.@-, not "
         "\"a b\""},
        {"a session's name at Alibaba Cloud",
         "alibaba { regions = 'all', role_arn = 'acs:ram::1111222233334444:role/x', session_name = "
         "'a=b' }",
         "spurn.lua:1: alibaba: session_name must be 2 to 64 letters, digits and any of _.@-, not "
         "\"a=b\""},
        {"an external id", "aws { " ROLE ", external_id = 'x' }",
         "spurn.lua:1: aws: external_id must be 2 to 1224 letters, digits and any of _+=,.@:/-, "
         "not "
         "\"x\""},
        {"an ending", "aws { " US ", accounts_file = 'accounts.txt', role = 'x' }",
         "spurn.lua:1: aws: accounts_file must be the path of a file that ends in .csv or .json, "
         "not \"accounts.txt\""},
        {"accounts as numbers", "aws { " US ", accounts = { 111122223333 }, role = 'x' }",
         "spurn.lua:1: aws: accounts are digits in quotes, \"111122223333\", not the number "
         "111122223333"},
        {"accounts as numbers that had zeros",
         "aws { " US ", accounts = { '111122223333', 022233334444 }, role = 'x' }",
         "spurn.lua:1: aws: accounts are digits in quotes, \"022233334444\", not the number "
         "22233334444"},
        {"accounts as numbers at Alibaba Cloud",
         "alibaba { regions = 'all', accounts = { 1 }, role = 'x' }",
         "spurn.lua:1: alibaba: accounts are digits in quotes, \"0000000000000001\", not the "
         "number "
         "1"},
        {"accounts that are tables", "aws { " US ", accounts = { {} }, role = 'x' }",
         "spurn.lua:1: aws: accounts must be a table of account ids, digits in quotes, not this "
         "table"},
        {"a variant that is no flag", "aws { " US ", fips = 'yes' }",
         "spurn.lua:1: aws: fips must be true or false, not \"yes\""},
    };
    REFUSED(cases);
}

static void tables_that_are_whole_are_taken(void)
{
    static const struct accepted cases[] = {
        {"made before", "local o = { cloud = 'aws' }\npolicy 'x.lua' { only = o }",
         POLICY("2", "\"only\":{\"cloud\":\"aws\"},\"params\":{}")},
        {"as many as a call gives",
         "local function two() return 'a', 'b' end\npolicy 'x.lua' { l = { two() } }",
         POLICY("2", "\"params\":{\"l\":[\"a\",\"b\"]}")},
        {"over several lines", "policy 'x.lua'\n{\n  only =\n  {\n    cloud = 'aws',\n  },\n}",
         POLICY("1", "\"only\":{\"cloud\":\"aws\"},\"params\":{}")},
        {"two of a name in one line",
         "policy 'x.lua' { l = { 'a' } } policy 'x.lua' { l = { 'b', 'c' } }",
         OUT("{\"line\":1,\"path\":\"x.lua\",\"settings\":{\"params\":{\"l\":[\"a\"]}}},"
             "{\"line\":1,\"path\":\"x.lua\",\"settings\":{\"params\":{\"l\":[\"b\",\"c\"]}}}",
             "")},
    };
    ACCEPTED(cases);
}

static bool holds(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

/* The wording of these is Lua's or the sandbox's; the place and the subject are what counts. */
static void a_configuration_is_sandboxed(void)
{
    static const struct refused cases[] = {
        {"syntax", "aws {\n", "spurn.lua:"},
        {"no io", "io.open('x')", "spurn.lua:1: unknown word \"io\""},
        {"no os", "journal = os.getenv 'HOME'", "spurn.lua:1: unknown word \"os\""},
        {"no load", "\nload 'x'", "spurn.lua:2: unknown word \"load\""},
        {"no pcall", "pcall(print)", "spurn.lua:1: unknown word \"pcall\""},
        {"no setmetatable", "setmetatable({}, {})", "spurn.lua:1: unknown word \"setmetatable\""},
        {"no refuse", "refuse 'x'", "spurn.lua:1: unknown word \"refuse\""},
        {"no end", "while true do end", "steps"},
        {"no memory", "local s = {}\nfor i = 1, 1e9 do s[i] = { i } end", "spurn.lua:2: "},
        {"bytecode", "\x1bLua", "spurn.lua"},
        {"an error of its own", "\nerror 'mine'", "spurn.lua:2: mine"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf json;
        struct spurn_error err;
        enum spurn_status status = read_config(cases[i].text, &json, &err);
        CHECK_INT(cases[i].label, status, SPURN_E_CONFIG);
        if (!holds(err.text, cases[i].error))
            CHECK_STR(cases[i].label, err.text, cases[i].error);
        buf_clear(&json);
    }
}

static void thousands_of_ids_fit(void)
{
    struct buf json;
    struct spurn_error err;
    enum spurn_status status =
        read_config("local ids = {}\n"
                    "for i = 1, 10000 do ids[i] = tostring(100000000000 + i) end\n"
                    "policy 'x.lua' { trusted = ids }",
                    &json, &err);
    CHECK_STR("", err.text, "");
    CHECK_INT("", status, SPURN_OK);
    CHECK("", holds(buf_str(&json), "\"100000000001\",\"100000000002\""));
    CHECK("", holds(buf_str(&json), "\"100000010000\"]"));
    buf_clear(&json);
}

static const struct unit_test tests[] = {
    {"what_is_said_comes_out", what_is_said_comes_out},
    {"a_policy_keeps_parameters_apart_from_settings",
     a_policy_keeps_parameters_apart_from_settings},
    {"what_is_unknown_is_an_error_that_names_the_nearest",
     what_is_unknown_is_an_error_that_names_the_nearest},
    {"what_is_not_supported_yet_is_said_to_be", what_is_not_supported_yet_is_said_to_be},
    {"a_value_of_the_wrong_kind_is_an_error", a_value_of_the_wrong_kind_is_an_error},
    {"parameters_are_plain_data", parameters_are_plain_data},
    {"a_value_that_is_nil_is_not_dropped_in_silence",
     a_value_that_is_nil_is_not_dropped_in_silence},
    {"whose_accounts_and_by_which_role", whose_accounts_and_by_which_role},
    {"endpoints_are_named_after_their_services", endpoints_are_named_after_their_services},
    {"options_that_do_not_go_together_are_errors", options_that_do_not_go_together_are_errors},
    {"what_roles_and_endpoints_cannot_be_is_an_error",
     what_roles_and_endpoints_cannot_be_is_an_error},
    {"tables_that_are_whole_are_taken", tables_that_are_whole_are_taken},
    {"a_configuration_is_sandboxed", a_configuration_is_sandboxed},
    {"thousands_of_ids_fit", thousands_of_ids_fit},
};

UNIT_MAIN(tests)
