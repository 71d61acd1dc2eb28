/* policy.c - loading one policy: its file, its settings, one run of its text, and what that left behind. */
#include "script/policy.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "script/sandbox/cjson.h"
#include "script/sandbox/lines.h"
#include "script/words/vocabulary.h"

enum {
    POLICY_LEN_MAX = 1024 * 1024, /* long lists have files of their own */
    LOAD_BUDGETS = 3,             /* of a rule's steps, to read a policy and try its functions */
    TEXTS_LEN_MAX = 8 * 1024 * 1024
};

static const char environment_key = 0;

/* ---- the run ---- */

static const char *string_setting(lua_State *L, int settings, const char *key)
{
    lua_getfield(L, settings, key);
    const char *value = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
    lua_pop(L, 1);
    return value;
}

static char *name_of_file(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    size_t len = strlen(base);
    if (len > 4 && strcmp(base + len - 4, ".lua") == 0)
        len -= 4;
    return strndup(base, len);
}

static int prepare_body(lua_State *L)
{
    struct policy *p = lua_touserdata(L, 1);
    if (p->settings_json.len > 0)
        cjson_push(L, buf_text(&p->settings_json));
    else
        lua_newtable(L);
    if (!lua_istable(L, -1))
        refuse(L, "a policy's settings are an object");
    const char *name = string_setting(L, 2, "name");
    if (p->name == NULL)
        p->name = name != NULL ? strdup(name) : name_of_file(p->path);
    if (p->name == NULL)
        host_raise_memory(L);
    vocabulary_push(L, p);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &environment_key);
    return 0;
}

static void raise_error(lua_State *L, const struct spurn_error *err)
{
    if (err->status == SPURN_E_MEMORY)
        host_raise_memory(L);
    host_of(L)->is_placed = true;
    lua_pushstring(L, err->text);
    lua_error(L);
}

static void refuse_at_line(lua_State *L, struct policy *p, int line, const char *message)
{
    char where[512];
    snprintf(where, sizeof where, "%s:%d", p->path, line);
    refuse_at(L, where, message);
}

/* To Lua a lone CR ends a line, and a comment; to most editors it does not. Nobody should have to know. */
static void check_line_ends(lua_State *L, struct policy *p)
{
    struct spurn_text text = buf_text(&p->text);
    int line = 1;
    for (size_t i = 0; i < text.len; i++) {
        bool ends_line = i + 1 < text.len && text.at[i + 1] == '\n';
        if (text.at[i] == '\r' && !ends_line)
            refuse_at_line(L, p, line, "a line ends with a lone CR; save the file with LF or CRLF");
        line += text.at[i] == '\n';
    }
}

/* The text alone is judged once; it does not change from sweep to sweep. */
static void check_text(lua_State *L, struct policy *p)
{
    struct spurn_error err;
    if (p->is_strict)
        return;
    check_line_ends(L, p);
    if (strict_read(p->path, buf_text(&p->text), &p->strict, &host_of(L)->steps_left, &err) !=
        SPURN_OK)
        raise_error(L, &err);
    host_spend(L, 0); /* raises when reading it took them all */
    p->is_strict = true;
}

static void check_finished(lua_State *L, struct policy *p)
{
    struct build *b = p->building;
    for (size_t i = 0; i < b->rule_count; i++) {
        const struct rule *rule = &b->rules[i];
        const char *word = rule->keeps ? "keep" : "reject";
        if (rule->condition == CONDITION_NONE)
            refuse_at_line(L, p, rule->line,
                           lua_pushfstring(L, "%s \"%s\" has no condition: %s \"%s\" (CONDITION)",
                                           word, rule->name.at, word, rule->name.at));
    }
    for (size_t i = 0; i < conditions_count(b->conditions); i++)
        if (!conditions_used(b->conditions, (int)i))
            refuse_at_line(
                L, p, conditions_line(b->conditions, (int)i),
                "this condition belongs to no rule; write keep NAME (CONDITION) or reject NAME "
                "(CONDITION)");
    if (b->rule_count == 0)
        refuse_at_line(
            L, p, 1,
            "the policy has no rule; write keep NAME (CONDITION) or reject NAME (CONDITION)");
}

static int run_body(lua_State *L)
{
    struct policy *p = lua_touserdata(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &environment_key);
    host_push_chunk(L, buf_text(&p->text), p->path);
    check_text(L, p);
    words_watch(L, p, true);
    lua_call(L, 0, 0);
    words_watch(L, p, false);
    vocabulary_remove(L, p);
    check_finished(L, p);
    functions_settle(L, p);
    return 0;
}

static void clear_build(struct build *b)
{
    for (size_t i = 0; i < b->rule_count; i++)
        free(b->rules[i].cause);
    for (size_t i = 0; i < b->function_count; i++)
        free(b->functions[i].cause);
    free(b->rules);
    free(b->functions);
    conditions_close(b->conditions);
    arena_clear(&b->texts);
    host_close(b->host);
    *b = (struct build){.only = CONDITION_NONE};
}

static enum spurn_status make_build(struct policy *p, const struct script_limits *limits,
                                    const struct log *log, struct build *out,
                                    struct spurn_error *err)
{
    *out = (struct build){.only = CONDITION_NONE};
    arena_init(&out->texts, TEXTS_LEN_MAX);
    out->conditions = conditions_open();
    if (out->conditions == NULL)
        return spurn_fail_memory(err);
    enum spurn_status status = host_open(limits, log, &out->host, err);
    if (status != SPURN_OK)
        return status;
    p->building = out;
    out->host->lines = p->lines;
    host_begin(out->host);
    host_refill(out->host, out->host->limits.steps * LOAD_BUDGETS);
    status = enter(out->host, prepare_body, p, err);
    if (status == SPURN_E_POLICY)
        status = spurn_fail_within(err, "%s", p->asked_at != NULL ? p->asked_at : p->path);
    if (status == SPURN_OK)
        status = enter(out->host, run_body, p, err);
    if (status == SPURN_E_POLICY && out->host->stop != STOP_RAISED &&
        policy_line_in(p, err->text) == 0)
        status = spurn_fail_within(err, "%s", p->path);
    if (status == SPURN_OK && !conditions_finish(out->conditions))
        status = spurn_fail_memory(err);
    out->host->decides = true;
    p->building = NULL;
    return status;
}

/* ---- open, renew, close ---- */

static enum spurn_status read_policy(struct policy *p, const char *path,
                                     struct spurn_text settings_json, const char *asked_at,
                                     struct spurn_error *err)
{
    p->path = strdup(path);
    p->asked_at = asked_at != NULL ? strdup(asked_at) : NULL;
    buf_init(&p->text, POLICY_LEN_MAX);
    buf_init(&p->settings_json, FILE_MAX);
    if (settings_json.at != NULL)
        buf_add_text(&p->settings_json, settings_json);
    if (p->path == NULL || (asked_at != NULL && p->asked_at == NULL) || p->settings_json.failed)
        return spurn_fail_memory(err);
    enum spurn_status status = file_read_trusted(path, "policy", &p->text, err);
    if (status == SPURN_E_FILE && asked_at != NULL)
        return spurn_fail_within(err, "%s", asked_at);
    return status;
}

enum spurn_status policy_open(const struct script_limits *limits, const struct log *log,
                              const char *path, struct spurn_text settings_json,
                              const char *asked_at, struct policy **out, struct spurn_error *err)
{
    *out = NULL;
    struct policy *p = calloc(1, sizeof *p);
    if (p == NULL)
        return spurn_fail_memory(err);
    p->now.only = CONDITION_NONE;
    enum spurn_status status = read_policy(p, path, settings_json, asked_at, err);
    if (status == SPURN_OK && limits != NULL && limits->covers_lines)
        status = lines_open(buf_text(&p->text), &p->lines, err);
    if (status == SPURN_OK)
        status = make_build(p, limits, log, &p->now, err);
    if (status == SPURN_OK && p->lines != NULL)
        status = lines_find(p->lines, buf_text(&p->text), err);
    if (status == SPURN_OK)
        status = policy_try_functions(p, err);
    if (status == SPURN_E_POLICY && err != NULL)
        policy_name_setting(p, err);
    if (status == SPURN_OK)
        *out = p;
    else
        policy_close(p);
    return status;
}

static void forget_sweep(struct build *b)
{
    b->decided = 0;
    for (size_t i = 0; i < b->rule_count; i++) {
        struct rule *rule = &b->rules[i];
        free(rule->cause);
        rule->cause = NULL;
        rule->run_outs = 0;
        rule->spared = 0;
        rule->count = (struct script_rule_count){0};
    }
}

/* Only functions can carry anything from one invitation to the next. */
enum spurn_status policy_renew(struct policy *p, const struct script_limits *limits,
                               const struct log *log, struct spurn_error *err)
{
    struct build fresh;
    if (p->now.function_count == 0) {
        forget_sweep(&p->now);
        return SPURN_OK;
    }
    enum spurn_status status = make_build(p, limits, log, &fresh, err);
    if (status != SPURN_OK) {
        clear_build(&fresh);
        return status;
    }
    clear_build(&p->now);
    p->now = fresh;
    return SPURN_OK;
}

void policy_close(struct policy *p)
{
    if (p == NULL)
        return;
    clear_build(&p->now);
    lines_close(p->lines);
    for (size_t i = 0; i < p->list_count; i++)
        list_close(p->lists[i]);
    free(p->lists);
    strict_clear(&p->strict);
    buf_clear(&p->settings_json);
    buf_clear(&p->text);
    free(p->asked_at);
    free(p->name);
    free(p->path);
    free(p);
}
