/* nearest.c - the word that was probably meant. */
#include <string.h>

#include "script/sandbox/host.h"
#include "slip.h"

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

const char *host_nearest(const char *word, const char *const *candidates)
{
    struct slip slip = {.written = text_of(word)};
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
        if (strcmp(word, synonyms[i].said) == 0 && among(synonyms[i].meant, candidates) != NULL)
            return among(synonyms[i].meant, candidates);
    for (; *candidates != NULL; candidates++)
        slip_consider(&slip, text_of(*candidates));
    return slip.meant.at;
}
