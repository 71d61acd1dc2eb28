/* profiles_fuzz.c - whatever AWS's two files hold: reading ends, stays inside them, and what is wrong is said in one plain line. */
#include <stdlib.h>
#include <string.h>

#include "credentials/aws/sources.h"
#include "credentials/ini.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_MAX = 8 * 1024 * 1024 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_inside(struct spurn_text part, struct spurn_text whole)
{
    require(part.at >= whole.at && part.len <= whole.len &&
            part.at + part.len <= whole.at + whole.len);
}

/* Lines count up, and everything borrows from the text. */
static void read_lines(struct spurn_text text, bool gives_deeper)
{
    struct ini line;
    int before = 0;
    ini_init(&line, text);
    line.gives_deeper = gives_deeper;
    while (ini_next(&line)) {
        require(line.line > before && line.section.len > 0);
        require(gives_deeper || !line.is_deeper);
        require_inside(line.section, text);
        before = line.line;
        if (line.name.at == NULL)
            continue;
        require(line.name.len > 0 && memchr(line.value.at, '\n', line.value.len) == NULL);
        require_inside(line.name, text);
        require_inside(line.value, text);
    }
    require(line.broken || line.at == line.end);
}

static void require_sentence(const struct spurn_error *err)
{
    require(strncmp(err->text, "cannot ", 7) == 0 || err->status == SPURN_E_MEMORY);
    require(sources_is_plain(text_of(err->text)));
}

/* A way that is found ends, in steps that all have a name. */
static void follow(enum source_answer answer, const struct source *source,
                   const struct spurn_error *err)
{
    size_t steps = 0;
    if (answer == SOURCE_FAILED)
        require_sentence(err);
    if (answer != SOURCE_KEYS)
        return;
    require(source != NULL);
    for (; source != NULL; source = source->then) {
        require(source->kind != NULL && sources_is_plain(text_of(source->what)));
        require(++steps <= 64);
    }
}

static const char *nothing(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static void find(struct search *search, const struct aws_profiles *files, struct spurn_text name)
{
    const struct aws_profile profile = {search, files, name, true};
    struct source *source = NULL;
    struct spurn_error err = {0};
    follow(aws_way_role(&profile, &source, &err), source, &err);
    source = NULL;
    follow(aws_way_any(&profile, &source, &err), source, &err);
    struct spurn_text services = aws_profile_get(&profile, "services"),
                      ram = aws_profiles_get(files, AWS_SERVICES, services, "ram"),
                      url = aws_profiles_nested(ram, "endpoint_url");
    if (url.at != NULL)
        require_inside(url, ram);
}

/* The text up to the first NUL is the credentials file, the rest the config file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct spurn_text all = {(const char *)data, size};
    const char *mark = size == 0 ? NULL : memchr(all.at, '\0', size);
    struct spurn_text first = {all.at, mark == NULL ? size : (size_t)(mark - all.at)};
    struct spurn_text second = {mark == NULL ? "" : mark + 1,
                                mark == NULL ? 0 : size - first.len - 1};
    read_lines(first, false);
    read_lines(first, true);

    struct credentials_search search = {.ask.environment = {nothing, NULL}};
    struct aws_profiles files;
    struct sources_names names = {.count = 0};
    struct spurn_error err = {0};
    arena_init_secret(&search.arena, ARENA_MAX);
    aws_profiles_init(&files, &search.arena);
    if (aws_profiles_add(&files, AWS_CREDENTIALS_FILE, first, &err) == SPURN_OK &&
        aws_profiles_add(&files, AWS_CONFIG_FILE, second, &err) == SPURN_OK) {
        aws_profiles_list(&files, &names);
        for (size_t i = 0; i < names.count; i++) {
            require(aws_profiles_has(&files, AWS_PROFILE, names.names[i]));
            find(&search, &files, names.names[i]);
        }
        find(&search, &files, text_of("default"));
    } else {
        require_sentence(&err);
    }
    arena_clear(&search.arena);
    return 0;
}
