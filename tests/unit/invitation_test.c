/* invitation_test.c - statuses read alike from every cloud; a token stands for one call. */
#include <string.h>

#include "invitation.h"
#include "unit.h"

static void a_status_is_known_in_every_clouds_spelling(void)
{
    static const struct {
        struct spurn_text word;
        enum invitation_status status;
        const char *name;
    } rows[] = {
        {{"PENDING", 7}, STATUS_PENDING, "PENDING"},
        {{"Pending", 7}, STATUS_PENDING, "PENDING"},
        {{"ACCEPTED", 8}, STATUS_ACCEPTED, "ACCEPTED"},
        {{"Rejected", 8}, STATUS_REJECTED, "REJECTED"},
        {{"EXPIRED", 7}, STATUS_EXPIRED, "EXPIRED"},
        {{"Cancelled", 9}, STATUS_CANCELLED, "CANCELLED"},
        {{"AcceptFailed", 12}, STATUS_ACCEPT_FAILED, "ACCEPT_FAILED"},
        {{"ACCEPT_FAILED", 13}, STATUS_ACCEPT_FAILED, "ACCEPT_FAILED"},
        {{"accept_failed", 13}, STATUS_ACCEPT_FAILED, "ACCEPT_FAILED"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_INT(rows[i].word.at, invitation_status_of(rows[i].word), rows[i].status);
        CHECK_STR(rows[i].word.at, invitation_status_name(rows[i].status), rows[i].name);
    }
}

static void an_unknown_status_is_never_pending(void)
{
    static const struct spurn_text words[] = {
        {NULL, 0},           {"", 0},
        {"PENDIN", 6},       {"PENDINGS", 8},
        {"PENDING ", 8},     {" PENDING", 8},
        {"PENDING\0", 8},    {"PENDING\0X", 9},
        {"NOT_PENDING", 11}, {"P\xc4\xb0NDING", 8},
        {"___", 3},          {"REVIEWING", 9},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        CHECK_INT(words[i].at == NULL ? "absent" : words[i].at, invitation_status_of(words[i]),
                  STATUS_OTHER);
    CHECK_STR("", invitation_status_name(STATUS_OTHER), "OTHER");
}

/* One call, as the rule for client tokens gives it for an example. */
static const char EXAMPLE_ARN[] = "arn:aws:ram:us-east-1:999999999999:resource-share-invitation/"
                                  "3b3bc051-fbf6-4336-8377-06c559dfee49";

struct call {
    const char *account, *region, *id;
    bool has_created;
    int64_t created_ms, generation;
};

static const struct call EXAMPLE = {
    "111122223333", "us-east-1", EXAMPLE_ARN, true, INT64_C(1565312166258), 1};

static bool token_of(const struct call *call, char out[37])
{
    struct digest *d = NULL;
    CHECK_INT("", digest_open(&d, NULL), SPURN_OK);
    struct origin origin = {text_of("aws"), text_of(call->account), text_of(call->region)};
    struct invitation inv = {
        .id = text_of(call->id), .has_created = call->has_created, .created_ms = call->created_ms};
    bool ok = invitation_client_token(d, &origin, &inv, call->generation, out);
    digest_close(d);
    return ok;
}

static void two_tries_of_one_call_carry_the_same_token(void)
{
    char token[37];
    for (int again = 0; again < 2; again++) {
        CHECK("", token_of(&EXAMPLE, token));
        CHECK_STR("", token, "e3191fa6-0223-5dbb-8289-6487fe2ef616");
    }
}

static void whatever_makes_another_call_makes_another_token(void)
{
    static const struct {
        const char *label;
        struct call call;
    } rows[] = {
        {"account", {"111122223334", "us-east-1", EXAMPLE_ARN, true, INT64_C(1565312166258), 1}},
        {"no account", {NULL, "us-east-1", EXAMPLE_ARN, true, INT64_C(1565312166258), 1}},
        {"region", {"111122223333", "us-east-2", EXAMPLE_ARN, true, INT64_C(1565312166258), 1}},
        {"id", {"111122223333", "us-east-1", "arn:other", true, INT64_C(1565312166258), 1}},
        {"created", {"111122223333", "us-east-1", EXAMPLE_ARN, true, INT64_C(1565312166259), 1}},
        {"not created",
         {"111122223333", "us-east-1", EXAMPLE_ARN, false, INT64_C(1565312166258), 1}},
        {"generation", {"111122223333", "us-east-1", EXAMPLE_ARN, true, INT64_C(1565312166258), 2}},
    };
    enum { COUNT = sizeof rows / sizeof rows[0] };
    char tokens[COUNT + 1][37];
    CHECK("", token_of(&EXAMPLE, tokens[COUNT]));
    for (size_t i = 0; i < COUNT; i++) {
        CHECK(rows[i].label, token_of(&rows[i].call, tokens[i]));
        CHECK(rows[i].label, strcmp(tokens[i], tokens[COUNT]) != 0);
        for (size_t k = 0; k < i; k++)
            CHECK(rows[i].label, strcmp(tokens[i], tokens[k]) != 0);
    }
}

static void an_absent_creation_time_counts_as_zero(void)
{
    const struct call absent = {"111122223333", "us-east-1", EXAMPLE_ARN, false, 77, 1};
    const struct call zero = {"111122223333", "us-east-1", EXAMPLE_ARN, true, 0, 1};
    char absent_token[37], zero_token[37];
    CHECK("", token_of(&absent, absent_token));
    CHECK("", token_of(&zero, zero_token));
    CHECK_STR("", absent_token, zero_token);
}

static void an_id_longer_than_any_gives_no_token(void)
{
    char long_id[5000], token[37];
    memset(long_id, 'a', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    const struct call call = {"111122223333", "us-east-1", long_id, true, 1, 1};
    CHECK("", !token_of(&call, token));
    CHECK_STR("", token, "");
}

static const struct unit_test tests[] = {
    {"a_status_is_known_in_every_clouds_spelling", a_status_is_known_in_every_clouds_spelling},
    {"an_unknown_status_is_never_pending", an_unknown_status_is_never_pending},
    {"two_tries_of_one_call_carry_the_same_token", two_tries_of_one_call_carry_the_same_token},
    {"whatever_makes_another_call_makes_another_token",
     whatever_makes_another_call_makes_another_token},
    {"an_absent_creation_time_counts_as_zero", an_absent_creation_time_counts_as_zero},
    {"an_id_longer_than_any_gives_no_token", an_id_longer_than_any_gives_no_token},
};

UNIT_MAIN(tests)
