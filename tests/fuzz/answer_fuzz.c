/* answer_fuzz.c - whatever a token service, a metadata service, a program or a directory of accounts answers: reading ends, keys are
 * whole or not there, and nothing that people get to see can steer a terminal. */
#include <stdlib.h>
#include <string.h>

#include "cloud/directory.h"
#include "credentials/aws/profiles.h"
#include "credentials/search.h"
#include "credentials/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_MAX = 1 << 22, FAILURES_MAX = 4096 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_sentence(const char *text)
{
    size_t len = strlen(text);
    require(len > 0 && text_utf8_len(text_of(text)) == len);
    for (size_t i = 0; i < len; i++)
        require((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
}

/* ---- XML ---- */

static void read_xml(struct spurn_text document)
{
    struct xml_field fields[] = {{"a/b", TEXT_ABSENT},
                                 {"ErrorResponse/Error/Code", TEXT_ABSENT},
                                 {"ErrorResponse/Error/Message", TEXT_ABSENT}};
    struct xml_problem problem;
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    if (xml_read(document, &arena, fields, 3, &problem)) {
        require(problem.why == NULL);
        for (size_t i = 0; i < 3; i++) {
            require(text_utf8_len(fields[i].text) == fields[i].text.len);
            require(fields[i].text.len <= document.len);
            require(fields[i].text.at == NULL || fields[i].text.at[fields[i].text.len] == '\0');
        }
    } else {
        require(problem.why != NULL && problem.at <= document.len);
    }
    arena_clear(&arena);
}

/* ---- sources of keys ---- */

static const struct {
    const struct source_kind *kind;
    int stages;
    bool is_program;
} kinds[] = {
    {&source_aws_role, 1, false},          {&source_aws_web_identity, 1, false},
    {&source_aws_identity, 1, false},      {&source_aws_sso, 1, false},
    {&source_aws_container, 1, false},     {&source_aws_instance, 3, false},
    {&source_aws_process, 1, true},        {&source_alibaba_role, 1, false},
    {&source_alibaba_oidc, 1, false},      {&source_alibaba_identity, 1, false},
    {&source_alibaba_instance, 3, false},  {&source_alibaba_uri, 1, false},
    {&source_alibaba_cloud_sso, 1, false}, {&source_alibaba_process, 1, true},
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

static const char *no_variable(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static bool asks_identity(const struct source_kind *kind)
{
    return kind == &source_aws_identity || kind == &source_alibaba_identity;
}

static void init_search(struct credentials_search *search, const struct source_kind *kind)
{
    *search = (struct credentials_search){
        .ask = {.cloud = CREDENTIALS_AWS,
                .region = {"us-east-1", 9},
                .environment = {.get = no_variable}},
        .now_ms = INT64_C(1795316400000),
    };
    arena_init_secret(&search->arena, ARENA_MAX);
    credentials_settings_init(&search->settings);
    credentials_init(&search->keys);
    buf_init(&search->failures, FAILURES_MAX);
    request_init(&search->request, "GET");
    request_set_host(&search->request, text_of("sts.us-east-1.amazonaws.com"));
    bool ok = true;
    struct aws_profiles *none = arena_alloc(&search->arena, sizeof *none);
    require(none != NULL);
    aws_profiles_init(none, &search->arena);
    search->own = none;
    if (asks_identity(kind)) {
        search->keys.id = arena_copy(&search->keys.arena, text_of("AKIDEXAMPLE"), &ok);
        search->keys.secret = arena_copy(&search->keys.arena, text_of("wJalrXUtnFEMI"), &ok);
    }
    require(ok);
}

static void clear_search(struct credentials_search *search)
{
    request_clear(&search->request);
    buf_clear(&search->failures);
    credentials_clear(&search->keys);
    credentials_settings_clear(&search->settings);
    arena_clear(&search->arena);
}

static void require_keys(const struct credentials *keys)
{
    enum { DIGITS_MAX = 32 };
    require(keys->id.len > 0 && keys->secret.len > 0);
    require(keys->account.at == NULL ||
            (keys->account.len <= DIGITS_MAX && text_all_digits(keys->account)));
    for (size_t i = 0; i < keys->principal.len; i++)
        require(keys->principal.at[i] > ' ' && keys->principal.at[i] <= '~');
}

static void hear(size_t which, int stage, int http_status, struct spurn_text body)
{
    struct credentials_search search;
    struct spurn_error err = {0};
    const struct reply reply = {.http_status = http_status, .body = body};
    const struct credentials_outcome outcome = {.reply = kinds[which].is_program ? NULL : &reply,
                                                .output =
                                                    kinds[which].is_program ? body : TEXT_ABSENT};
    struct source source = {.kind = kinds[which].kind, .what = "the source", .stage = stage};
    source.settings.role_arn = text_of("arn:aws:iam::222222222222:role/spurn");
    init_search(&search, kinds[which].kind);
    switch (kinds[which].kind->hear(&search, &source, &outcome, &err)) {
    case SOURCE_KEYS:
        require_keys(&search.keys);
        require(search.keys.expires_ms == 0 || search.keys.expires_ms > search.now_ms);
        break;
    case SOURCE_FAILED:
        require_sentence(err.text);
        break;
    case SOURCE_SEND:
    case SOURCE_NOTHING:
        break;
    case SOURCE_RUN:
        abort();
    }
    clear_search(&search);
}

/* ---- directories ---- */

static void read_accounts(const struct directory *directory, enum directory_operation operation,
                          struct spurn_text body)
{
    const struct directory_call call = {.operation = operation, .account = {"012345678901", 12}};
    const struct reply reply = {.http_status = 200, .body = body};
    struct directory_page page;
    struct spurn_error err = {0};
    directory_page_init(&page);
    if (directory->read_page(&call, &reply, &page, &err) == SPURN_OK) {
        require(page.next_token.at == NULL || page.next_token.len > 0);
        for (size_t i = 0; i < page.count && operation == DIRECTORY_ACCOUNTS; i++)
            require(text_all_digits(page.items[i].id));
    } else {
        require(page.count == 0);
        require_sentence(err.text);
    }
    directory_page_clear(&page);
}

/* The first byte chooses who reads, the second the stage and the status; the rest is the answer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 200, 200, 400, 403, 404, 500, 401};
    if (size < 2)
        return 0;
    struct spurn_text body = {(const char *)data + 2, size - 2};
    size_t who = data[0] % (KIND_COUNT + 4);
    if (who < KIND_COUNT)
        hear(who, (data[1] >> 3) % kinds[who].stages, statuses[data[1] & 7], body);
    else if (who == KIND_COUNT)
        read_xml(body);
    else if (who == KIND_COUNT + 1)
        read_accounts(&directory_alibaba, DIRECTORY_ACCOUNTS, body);
    else
        read_accounts(&directory_aws, who == KIND_COUNT + 2 ? DIRECTORY_ACCOUNTS : DIRECTORY_TAGS,
                      body);
    return 0;
}
