/* options.c - the emulator's command line. */
#include "emulator/options.h"

#include <stdlib.h>
#include <string.h>

enum { PORT_MAX = 65535 };

const char *options_help(void)
{
    return "usage: spurn-emulator [--listen ADDRESS:PORT] [--scenario FILE]\n"
           "                      [--fault SPEC]... [--expose]\n"
           "\n"
           "Answers as AWS Resource Access Manager and Alibaba Cloud Resource Sharing do\n"
           "for their operations on invitations, and as those do who give keys or tell of\n"
           "accounts. Signatures are checked.\n"
           "  both clouds  STS: AssumeRole, GetCallerIdentity; the instance's metadata with\n"
           "               tokens; endpoints of containers\n"
           "  AWS          AssumeRoleWithWebIdentity, the access portal of IAM Identity\n"
           "               Center, Organizations' ListAccounts and ListTagsForResource\n"
           "  Alibaba      AssumeRoleWithOIDC, CloudSSO, Resource Management's ListAccounts\n"
           "\n"
           "  --listen ADDRESS:PORT  where AWS answers; 127.0.0.1:0, the default, takes a\n"
           "                         free port. Each Alibaba region of the scenario has a\n"
           "                         port of its own: free ones, or those that follow PORT.\n"
           "                         All are printed.\n"
           "  --scenario FILE        accounts, keys and invitations, as JSON\n"
           "  --expose               allow an address that other machines can reach\n"
           "  --fault SPEC           let something go wrong; may be given many times\n"
           "  --help                 this text\n"
           "\n"
           "SPEC is NAME[=VALUE][:op=OP][:region=REGION][:count=N][:after=N].\n"
           "OP is list, reject, accept, resources, identity, assume, web_identity, accounts,\n"
           "tags, portal, metadata_token, metadata, container, oidc or cloud_sso; without it\n"
           "every operation is struck. The first `after` requests that it is meant for are\n"
           "spared, then `count` of them struck, or all.\n"
           "\n"
           "  Nothing is done, and the answer is\n"
           "    throttle[=SECONDS]   a throttling error; SECONDS: its hint when to come back\n"
           "    status=500..599      that status; 500 and 503 with the cloud's error code\n"
           "    html[=STATUS]        a gateway's HTML page, 503; 200 for one that hides it\n"
           "    redirect=URL         302, to there\n"
           "    garbage              200 and something else than what was asked for\n"
           "    drop                 none: the connection is closed\n"
           "    expired_token        the error for a session that is over\n"
           "    deny=WHAT            NotFound, NotPermitted or AccessDenied\n"
           "  It is done, and the answer\n"
           "    lost                 is lost: the connection is closed\n"
           "    slow=MS              comes that much later\n"
           "    truncate             ends in the middle\n"
           "    broken               is no JSON\n"
           "    big                  is larger than 16 MiB\n"
           "    expired_keys         holds keys that are over already\n"
           "  The connection is closed, and it is done\n"
           "    late[=SECONDS]       that much later, 2\n"
           "  Lists\n"
           "    empty_pages          have an empty page before each full one\n"
           "    repeat_token         hand out the same token again and again\n"
           "    overlap              begin with the last item of the page before\n"
           "    other_share          of resources hold those of another share\n"
           "    list_lag[=SECONDS]   show what was answered as still pending for so long, 5\n"
           "  The clock\n"
           "    skew=SECONDS         is ahead by that much, or behind\n"
           "\n"
           "A scenario is {\"schema\": 1, \"accounts\": [ACCOUNT, ...]}; what is marked * must\n"
           "be there, and `about` may say something to people.\n"
           "  ACCOUNT     cloud* (aws, alibaba), id* (12 or 16 digits), about, keys, roles,\n"
           "              regions, denied (operations that its keys may not do, as OP above)\n"
           "  a key       id*, secret*, token (of a session), expired (true), expires (\"20s\"\n"
           "              from the start on)\n"
           "  a role      name*, trusts (accounts that may take it; \"*\": all), external_id,\n"
           "              session (how long its keys live, whatever was asked for),\n"
           "              max_session (the longest that may be asked for; \"1h\"),\n"
           "              web_identity (tokens that may take it; \"expired:TEXT\": TEXT is\n"
           "              over), provider (Alibaba: who made those tokens)\n"
           "  a region    name*, invitations, opted_out (true: AWS takes no keys there)\n"
           "  invitation  sender* (an account's id), name, age (\"3h\", before the start; else\n"
           "              one hour) or created (an instant), status (PENDING), id, share,\n"
           "              receiver (else the account), receiver_arn, locked (true: neither\n"
           "              accepted nor rejected), accept_fails (why), omit (members that its\n"
           "              answers leave out), repeat (so many; %d in texts is the number),\n"
           "              resources: each type*, arn, status, scope; else one ec2:Subnet\n"
           "Beside `accounts` there may be\n"
           "  instance      {\"aws\": {account*, role*, tokens}, \"alibaba\": ...}: whose keys\n"
           "                the metadata services give; tokens: required, optional or none\n"
           "  containers    [{cloud*, path*, account*, role*, authorization}]: at that path\n"
           "                likewise, for requests with that Authorization header\n"
           "  sso           [{cloud*, token*, accounts*: [{account*, role*}]}]: what the\n"
           "                token's bearer may use; of Alibaba `role` is an access\n"
           "                configuration\n"
           "  organization  [{cloud*, management*, accounts*: [{id*, name, status, tags}]}],\n"
           "                listed for keys of the management account only\n"
           "\n"
           "With the header X-Spurn-Emulator: 1 tests may send, to the AWS port:\n"
           "  POST /_emulator/invitations  a scenario; its invitations are added. Leave out\n"
           "                               `keys`: those of the start stay\n"
           "  POST /_emulator/person       {\"cloud\", \"account\", \"region\", \"id\", "
           "\"does\"}:\n"
           "                               somebody else did accept, reject or cancel\n"
           "  POST /_emulator/fault        {\"faults\": [SPEC, ...]}: these from now on\n"
           "  GET /_emulator/ledger        who did what\n"
           "  GET /_emulator/keys          whose each key is that is known or was handed out\n"
           "  GET /_emulator/secrets       the secrets and tokens of these, to look for them\n"
           "                               where they must not be: [{\"kind\", \"text\"}]\n";
}

/* "127.0.0.1:8080", "[::1]:0" */
static enum spurn_status read_listen(const char *text, struct options *out, struct spurn_error *err)
{
    const char *colon = strrchr(text, ':');
    const char *start = text;
    size_t len = colon ? (size_t)(colon - text) : 0;
    if (len > 1 && text[0] == '[' && text[len - 1] == ']') {
        start++;
        len -= 2;
    }
    char *end = NULL;
    long port = colon && colon[1] ? strtol(colon + 1, &end, 10) : -1;
    if (!len || len >= sizeof out->address || !end || *end || port < 0 || port > PORT_MAX)
        return spurn_fail(err, SPURN_E_USAGE,
                          "cannot listen on '%s': give an address and a port, as in 127.0.0.1:0",
                          text);
    memcpy(out->address, start, len);
    out->address[len] = '\0';
    out->port = (int)port;
    return SPURN_OK;
}

static enum spurn_status read_scenario(const char *text, struct options *out,
                                       struct spurn_error *err)
{
    (void)err;
    out->scenario = text;
    return SPURN_OK;
}

static enum spurn_status read_fault(const char *text, struct options *out, struct spurn_error *err)
{
    if (out->fault_count == OPTIONS_FAULTS_MAX)
        return spurn_fail(err, SPURN_E_USAGE, "cannot use fault '%s': %d are enough", text,
                          OPTIONS_FAULTS_MAX);
    out->faults[out->fault_count++] = text;
    return SPURN_OK;
}

static enum spurn_status set_expose(const char *text, struct options *out, struct spurn_error *err)
{
    (void)text, (void)err;
    out->expose = true;
    return SPURN_OK;
}

static enum spurn_status set_help(const char *text, struct options *out, struct spurn_error *err)
{
    (void)text, (void)err;
    out->help = true;
    return SPURN_OK;
}

static const struct option_row {
    const char *name;
    bool takes_value;
    enum spurn_status (*read)(const char *text, struct options *out, struct spurn_error *err);
} rows[] = {
    {"--listen", true, read_listen}, {"--scenario", true, read_scenario},
    {"--fault", true, read_fault},   {"--expose", false, set_expose},
    {"--help", false, set_help},
};

/* The row that `argument` names, as "--name" or "--name=value"; *value is NULL for the former. */
static const struct option_row *find_row(const char *argument, const char **value)
{
    size_t name_len = strcspn(argument, "=");
    *value = argument[name_len] ? argument + name_len + 1 : NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strlen(rows[i].name) == name_len && strncmp(rows[i].name, argument, name_len) == 0)
            return &rows[i];
    return NULL;
}

enum spurn_status options_read(int argc, char **argv, struct options *out, struct spurn_error *err)
{
    *out = (struct options){.address = "127.0.0.1"};
    for (int i = 1; i < argc; i++) {
        const char *value = NULL;
        const struct option_row *row = find_row(argv[i], &value);
        if (!row)
            return spurn_fail(err, SPURN_E_USAGE, "unknown option '%s': see --help", argv[i]);
        if (!row->takes_value && value)
            return spurn_fail(err, SPURN_E_USAGE, "option %s takes no value", row->name);
        if (row->takes_value && !value) {
            if (i + 1 == argc)
                return spurn_fail(err, SPURN_E_USAGE, "option %s wants a value", row->name);
            value = argv[++i];
        }
        enum spurn_status status = row->read(value, out, err);
        if (status)
            return status;
    }
    return SPURN_OK;
}
