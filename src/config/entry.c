/* entry.c - what one of the words aws and alibaba said. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/private.h"

enum { TAGS_MAX = 50 }; /* as lua/config.lua has it */

static void read_regions(struct config_reading *r, struct config_entry *e)
{
    struct json *j = &r->json;
    if (json_peek(j) == JSON_STRING) {
        json_string(j);
        e->is_everywhere = true;
        return;
    }
    json_open_array(j);
    while (json_next_item(j)) {
        const char **more = realloc(e->regions, (e->region_count + 1) * sizeof *more);
        if (more == NULL) {
            r->no_memory = true;
            return;
        }
        e->regions = more;
        e->regions[e->region_count++] = config_keep_string(r);
    }
}

static void read_accounts(struct config_reading *r, struct config_entry *e)
{
    struct json *j = &r->json;
    json_open_array(j);
    while (json_next_item(j)) {
        struct config_member member = {.account = config_keep(r, json_string(j))};
        config_add_member(r, &e->accounts, &member);
    }
}

/* A string member of a JSON object, and where it goes. */
struct word {
    const char *name;
    const char **value;
};

static const struct word *word_of(struct spurn_text key, const struct word *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_is(key, words[i].name))
            return &words[i];
    return NULL;
}

static bool read_word(struct config_reading *r, struct spurn_text key, const struct word *words,
                      size_t count)
{
    const struct word *word = word_of(key, words, count);
    if (word != NULL)
        *word->value = config_keep_string(r);
    return word != NULL;
}

/* "https://HOST/" is the same as "https://HOST". */
static const char *keep_url(struct config_reading *r)
{
    struct spurn_text url = json_string(&r->json);
    if (url.len > 0 && url.at[url.len - 1] == '/')
        url.len--;
    return config_keep(r, url);
}

static void read_endpoints(struct config_reading *r, struct config_endpoints *e)
{
    const struct word words[] = {{"invitations", &e->invitations},
                                 {"sts", &e->sts},
                                 {"sso", &e->sso},
                                 {"organization", &e->organization},
                                 {"metadata", &e->metadata}};
    struct spurn_text key;
    json_open_object(&r->json);
    while (json_next_key(&r->json, &key)) {
        const struct word *word = word_of(key, words, sizeof words / sizeof words[0]);
        if (word != NULL)
            *word->value = keep_url(r);
        else
            json_skip(&r->json);
    }
}

static void read_tags(struct config_reading *r, struct config_organization *organization)
{
    struct json *j = &r->json;
    struct spurn_text key;
    struct config_tag *tags = arena_alloc(&r->config->arena, TAGS_MAX * sizeof *tags);
    if (tags == NULL) {
        r->no_memory = true;
        return;
    }
    organization->tags = tags;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (organization->tag_count == TAGS_MAX) {
            json_break(j, "too many tags");
            return;
        }
        struct config_tag *tag = &tags[organization->tag_count++];
        tag->key = config_keep(r, key);
        tag->value = config_keep_string(r);
    }
}

static void read_organization(struct config_reading *r, struct config_entry *e)
{
    struct config_organization *o = arena_alloc(&r->config->arena, sizeof *o);
    if (o == NULL) {
        r->no_memory = true;
        return;
    }
    e->target.organization = o;
    const struct word words[] = {{"role", &o->role}, {"external_id", &o->external_id}};
    struct spurn_text key;
    json_open_object(&r->json);
    while (json_next_key(&r->json, &key)) {
        if (text_is(key, "tags"))
            read_tags(r, o);
        else if (!read_word(r, key, words, sizeof words / sizeof words[0]))
            json_skip(&r->json);
    }
}

static bool read_variant(struct config_reading *r, struct spurn_text key, unsigned *variants)
{
    static const struct {
        const char *name;
        enum place_variant variant;
    } rows[] = {{"fips", PLACE_FIPS}, {"dual_stack", PLACE_DUAL_STACK}, {"vpc", PLACE_VPC}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (text_is(key, rows[i].name)) {
            *variants |= json_bool(&r->json) ? rows[i].variant : 0;
            return true;
        }
    return false;
}

/* {"line":3,"cloud":"aws","profile":"prod","regions":["us-east-1"],...} */
void config_read_entry(struct config_reading *r, struct config_entry *e)
{
    struct json *j = &r->json;
    struct config_target *t = &e->target;
    const char *cloud = NULL;
    const struct word words[] = {{"cloud", &cloud},
                                 {"profile", &t->profile},
                                 {"account", &t->account},
                                 {"label", &t->label},
                                 {"partition", &e->partition},
                                 {"role_arn", &t->role_arn},
                                 {"external_id", &t->external_id},
                                 {"session_name", &t->session_name},
                                 {"role", &e->role}};
    struct spurn_text key;
    json_open_object(j);
    while (json_next_key(j, &key)) {
        if (text_is(key, "line"))
            t->line = json_int(j);
        else if (text_is(key, "duration_s"))
            t->duration_s = json_int(j);
        else if (text_is(key, "regions"))
            read_regions(r, e);
        else if (text_is(key, "accounts"))
            read_accounts(r, e);
        else if (text_is(key, "accounts_file"))
            e->accounts_path = config_keep_path(r, json_string(j));
        else if (text_is(key, "organization"))
            read_organization(r, e);
        else if (text_is(key, "endpoints"))
            read_endpoints(r, &t->endpoints);
        else if (!read_variant(r, key, &t->variants) &&
                 !read_word(r, key, words, sizeof words / sizeof words[0]))
            json_skip(j);
    }
    t->cloud = cloud_named(text_of(cloud));
    if (t->cloud == NULL)
        json_break(j, "a target without a cloud");
    snprintf(e->where, sizeof e->where, "%s:%" PRId64, r->config->path, t->line);
}
