/* nearest.c - the word that was probably meant. */
#include <string.h>

#include "script/sandbox/host.h"

enum { WORD_LEN_MAX = 32 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* How many letters to change, add, drop or swap with a neighbour; letter case does not count. */
static int distance(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    int rows[3][WORD_LEN_MAX + 1];
    if (a_len > WORD_LEN_MAX || b_len > WORD_LEN_MAX)
        return WORD_LEN_MAX;
    int *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_len; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = (int)i;
        for (size_t j = 1; j <= b_len; j++) {
            int change = last[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
            row[j] = least(change, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        int *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_len];
}

const char *host_absent(const char *word)
{
    static const char outside[] = "files, the system and the network are not there";
    static const char running[] = "text is not run as a program here";
    static const char catching[] = "errors are not caught here; they leave the rule undecided";
    static const char hidden[] = "this part of Lua is not there";
    static const char nothing[] =
        "nothing is nil, and inv:has \"name\" asks whether a field is there";
    static const char option[] =
        "it is an option of a rule, as in reject NAME { CONDITION, unless = CONDITION }";
    static const struct {
        const char *word, *why;
    } rows[] = {
        {"io", outside},
        {"os", outside},
        {"require", outside},
        {"package", outside},
        {"dofile", outside},
        {"loadfile", outside},
        {"load", running},
        {"loadstring", running},
        {"pcall", catching},
        {"xpcall", catching},
        {"coroutine", hidden},
        {"debug", hidden},
        {"_G", hidden},
        {"collectgarbage", hidden},
        {"getmetatable", hidden},
        {"setmetatable", hidden},
        {"rawget", hidden},
        {"rawset", hidden},
        {"rawequal", hidden},
        {"rawlen", hidden},
        {"null", nothing},
        {"None", nothing},
        {"undefined", nothing},
        {"unless", option},
        {"except", option},
        {"observe", "write mode = \"observe\", in quotes"},
        {"True", "write true"},
        {"False", "write false"},
        {"invitation", "a function is given it, function(inv) ... end"},
        {"spurn", "its words stand for themselves, as in reject NAME (CONDITION)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(word, rows[i].word) == 0)
            return rows[i].why;
    return NULL;
}

/* What people of other languages and tools say, and Amazon's own names of fields. */
static const struct synonym {
    const char *said, *meant;
} synonyms[] = {
    {"deny", "reject"},
    {"block", "reject"},
    {"decline", "reject"},
    {"refuse", "reject"},
    {"allow", "keep"},
    {"accept", "keep"},
    {"permit", "keep"},
    {"ignore", "keep"},
    {"whitelist", "keep"},
    {"older_than", "older"},
    {"age", "older"},
    {"newer", "younger"},
    {"newer_than", "younger"},
    {"younger_than", "younger"},
    {"from", "sender"},
    {"source", "sender"},
    {"owner", "sender"},
    {"sender_account", "sender"},
    {"sender_id", "sender"},
    {"senderAccountId", "sender"},
    {"to", "account"},
    {"receiver", "account"},
    {"receiver_account", "account"},
    {"recipient", "account"},
    {"receiverAccountId", "account"},
    {"receiverArn", "receiver_arn"},
    {"title", "name"},
    {"share_name", "name"},
    {"resourceShareName", "name"},
    {"resourceShareArn", "share"},
    {"resourceShareInvitationArn", "id"},
    {"arn", "share"},
    {"invitationTimestamp", "created"},
    {"timestamp", "created"},
    {"regex", "name_regex"},
    {"regexp", "name_regex"},
    {"matches", "name_regex"},
    {"contains", "name"},
    {"provider", "cloud"},
    {"type", "resource_type"},
    {"resource", "resource_type"},
    {"resources", "resource_type"},
    {"everything", "always"},
    {"everyone", "always"},
    {"parameters", "params"},
    {"except", "unless"},
    {"but_not", "unless"},
    {"message", "reason"},
    {"description", "reason"},
    {"expires", "ends"},
    {"until", "ends"},
    {"dry_run", "mode"},
    {"enabled", "mode"},
    {"observed", "observe"},
    {"dry-run", "observe"},
    {"count", "times"},
    {"since", "within"},
    {"last", "within"},
    {"timezone", "zone"},
    {"aliyun", "alibaba"},
    {"alicloud", "alibaba"},
    {"Alibaba Cloud", "alibaba"},
    {"amazon", "aws"},
    {"contains", "find"},
    {"includes", "find"},
    {"indexOf", "find"},
    {"startswith", "find"},
    {"length", "len"},
    {"toLowerCase", "lower"},
    {"toUpperCase", "upper"},
};

static const char *among(const char *word, const char *const *candidates)
{
    for (; *candidates != NULL; candidates++)
        if (strcmp(word, *candidates) == 0)
            return *candidates;
    return NULL;
}

/* So many letters may be wrong. */
static int errors_allowed(size_t len)
{
    return len < 3 ? 0 : len < 6 ? 1 : len < 9 ? 2 : 3;
}

const char *host_nearest(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    int best_distance = errors_allowed(strlen(word)) + 1;
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
        if (strcmp(word, synonyms[i].said) == 0 && among(synonyms[i].meant, candidates) != NULL)
            return among(synonyms[i].meant, candidates);
    for (; *candidates != NULL; candidates++) {
        int d = distance(word, *candidates);
        if (d < best_distance) {
            best = *candidates;
            best_distance = d;
        }
    }
    return best;
}
