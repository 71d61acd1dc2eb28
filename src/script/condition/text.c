/* text.c - conditions as text: as they were written, and what each part answered about what. */
#include "script/condition/private.h"

#include <inttypes.h>
#include <string.h>

#include "clock.h"

/* ---- as they were written ---- */

static const char *word_of(const struct node *node)
{
    switch (node->kind) {
    case NODE_OLDER:
        return "older";
    case NODE_YOUNGER:
        return "younger";
    case NODE_CREATED_AT:
        return "created_at";
    case NODE_PAST:
        return node->event == EVENT_SEEN ? "seen_before" : "rejected_before";
    case NODE_RESOURCES:
        return node->every ? "only_resource_type" : "resource_type";
    default:
        return field_name(node->field);
    }
}

static const char *values_are(const struct node *node)
{
    if (node->kind != NODE_EXACT)
        return "globs";
    return node->field == FIELD_SENDER || node->field == FIELD_ACCOUNT ? "ids" : "values";
}

static void describe_values(const struct node *node, struct buf *out)
{
    size_t count = set_count(node->values) + node->glob_count;
    if (node->list_count == 1 && node->written.at == NULL)
        buf_addf(out, "%s (list \"%s\")", word_of(node), node->lists[0]->name);
    else if (count == 1 && node->list_count == 0)
        buf_addf(out, "%s \"%.*s\"", word_of(node), TEXT_ARG(node->written));
    else
        buf_addf(out, "%s {%zu %s%s}", word_of(node), count, values_are(node),
                 node->list_count > 0 ? " and lists" : "");
}

/* Seconds that a policy worked out, as people would write them: "39600s" is "11h". */
static void describe_age(const struct node *node, struct buf *out)
{
    char shorter[32];
    int64_t age_s = 0;
    struct spurn_text written = node->written, digits = {written.at, written.len - 1};
    clock_format_age(node->age_s, shorter);
    bool is_worked_out = text_all_digits(digits) && written.at[digits.len] == 's';
    if (is_worked_out && strlen(shorter) < written.len &&
        clock_parse_duration(text_of(shorter), &age_s) && age_s == node->age_s)
        written = text_of(shorter);
    buf_addf(out, "%s \"%.*s\"", word_of(node), TEXT_ARG(written));
}

static void describe_child(const struct conditions *c, int child, struct buf *out)
{
    bool is_group = c->nodes[child].kind == NODE_ALL || c->nodes[child].kind == NODE_ANY;
    buf_add_str(out, is_group ? "(" : "");
    conditions_describe(c, child, out);
    buf_add_str(out, is_group ? ")" : "");
}

static void describe_group(const struct conditions *c, const struct node *node, struct buf *out)
{
    if (node->kind == NODE_NOT)
        buf_add_char(out, '~');
    for (size_t i = 0; i < node->child_count && !out->failed; i++) {
        if (i > 0)
            buf_add_str(out, node->kind == NODE_ALL ? " & " : " | ");
        describe_child(c, c->children[node->first_child + i], out);
    }
}

void conditions_describe(const struct conditions *c, int condition, struct buf *out)
{
    const struct node *node = &c->nodes[condition];
    switch (node->kind) {
    case NODE_ALWAYS:
        buf_add_str(out, "always");
        break;
    case NODE_EXACT:
    case NODE_GLOBS:
    case NODE_RESOURCES:
        describe_values(node, out);
        break;
    case NODE_REGEX:
        buf_addf(out, "%s_regex \"%.*s\"", word_of(node), TEXT_ARG(node->written));
        break;
    case NODE_OLDER:
    case NODE_YOUNGER:
        describe_age(node, out);
        break;
    case NODE_CREATED_AT:
    case NODE_PAST:
        buf_addf(out, "%s {%.*s}", word_of(node), TEXT_ARG(node->written));
        break;
    case NODE_FUNCTION:
        buf_add_text(out, node->written);
        break;
    default:
        describe_group(c, node, out);
    }
}

/* ---- what they looked at ---- */

enum { SHOWN_LEN_MAX = 200, RESOURCES_SHOWN_MAX = 5 };

/* Senders choose these texts: escaping them is for whoever prints them. */
static void show_text(struct spurn_text text, struct buf *out)
{
    struct spurn_text shown = {text.at, text.len < SHOWN_LEN_MAX ? text.len : SHOWN_LEN_MAX};
    if (shown.len < text.len)
        shown.len = text_utf8_len(shown);
    buf_add_text(out, shown);
    buf_add_str(out, shown.len < text.len ? "..." : "");
}

static void show_field(const struct subject *s, enum field field, struct buf *out)
{
    struct spurn_text text;
    buf_addf(out, "%s = ", field_name(field));
    if (!subject_text(s, field, &text)) {
        subject_show(s, field, out);
        return;
    }
    buf_add_char(out, '"');
    show_text(text, out);
    buf_add_char(out, '"');
}

static void show_past(const struct node *node, const struct subject *s, struct buf *out)
{
    const struct script_past *past = s->facts->past;
    char began[25];
    if (s->inv->sender.at == NULL) {
        show_field(s, FIELD_SENDER, out);
        return;
    }
    buf_addf(out, "%s before: ", node->event == EVENT_SEEN ? "seen" : "rejected");
    if (past == NULL || past->began_ms == INT64_MAX) {
        buf_add_str(out, "unknown");
        return;
    }
    buf_addf(out, "%" PRId64 "%s", node->found.count,
             node->found.truth == TRUTH_TRUE ? " or more" : "");
    if (node->found.truth != TRUTH_UNKNOWN)
        return;
    clock_format_iso(past->began_ms, began);
    buf_addf(out, " since %s, when the journal began", began);
}

static void show_resources(const struct script_facts *facts, struct buf *out)
{
    if (facts->resources_state == RESOURCES_NOT_ASKED)
        return;
    buf_add_str(out, "resources = ");
    if (facts->resources_state == RESOURCES_UNKNOWN)
        buf_add_str(out, "unknown");
    else if (facts->resource_count == 0)
        buf_add_str(out, "none");
    for (size_t i = 0; i < facts->resource_count && i < RESOURCES_SHOWN_MAX; i++) {
        struct spurn_text type = facts->resources[i].type;
        buf_add_str(out, i > 0 ? ", " : "");
        show_text(type.at != NULL ? type : text_of("unknown"), out);
    }
    if (facts->resource_count > RESOURCES_SHOWN_MAX)
        buf_addf(out, " and %zu more", facts->resource_count - RESOURCES_SHOWN_MAX);
}

void conditions_show_read(const struct subject *s, uint32_t fields, struct buf *out)
{
    if (s->facts->resources_state == RESOURCES_NOT_ASKED)
        fields &= ~(1U << FIELD_COUNT);
    for (int i = 0; i <= FIELD_COUNT; i++) {
        if ((fields & 1U << i) == 0)
            continue;
        buf_add_str(out, out->len > 0 ? ", " : "");
        if (i < FIELD_COUNT)
            show_field(s, (enum field)i, out);
        else
            show_resources(s->facts, out);
    }
}

static void show_looked_at(const struct node *node, const struct subject *s, struct buf *out)
{
    switch (node->kind) {
    case NODE_EXACT:
    case NODE_GLOBS:
    case NODE_REGEX:
    case NODE_OLDER:
    case NODE_YOUNGER:
    case NODE_CREATED_AT:
        show_field(s, node->field, out);
        break;
    case NODE_PAST:
        show_past(node, s, out);
        break;
    case NODE_RESOURCES:
        show_resources(s->facts, out);
        break;
    default:
        break;
    }
}

/* ---- what they answered ---- */

/* A condition that is used in several places is shown in each: doubled again and again it would fill the world. */
enum { PARTS_MAX = 1000, PART_LEN_MAX = 256 * 1024 };

struct explaining {
    const struct conditions *c;
    const struct asking *asking;
    bool waits; /* the whole is pending, for resources */
    int parts;
    struct buf text, looked_at;
    void (*each)(void *context, const struct condition_seen *seen);
    void *context;
};

static enum truth known_truth(const struct node *node, const struct asking *a)
{
    if (node->facts_stamp != a->about)
        return TRUTH_UNKNOWN; /* nobody asked */
    if (node->facts_truth != TRUTH_PENDING || node->stamp != a->round)
        return node->facts_truth;
    return node->truth;
}

/* Of a parent that was reached; no child before this one settled it with facts. */
static bool was_reached(const struct explaining *e, const struct node *parent,
                        const struct node *child)
{
    const struct asking *a = e->asking;
    if (child->facts_stamp != a->about)
        return false;
    if (child->facts_truth != TRUTH_PENDING)
        return true;
    if (known_truth(child, a) == TRUTH_PENDING)
        return e->waits && known_truth(parent, a) == TRUTH_PENDING;
    return parent->facts_truth == TRUTH_PENDING && parent->stamp == a->round &&
           parent->asked >= node_tier(child->kind);
}

static void explain_part(struct explaining *e, int condition, int depth, bool reached)
{
    const struct node *node = &e->c->nodes[condition];
    struct condition_seen seen = {.depth = depth,
                                  .line = node->line,
                                  .reached = reached,
                                  .truth = known_truth(node, e->asking),
                                  .function = -1};
    if (seen.truth == TRUTH_PENDING && !e->waits)
        seen.truth = TRUTH_UNKNOWN;
    buf_reset(&e->text);
    buf_reset(&e->looked_at);
    if (node->kind == NODE_FUNCTION)
        seen.function = node->function;
    if (node->child_count == 0)
        conditions_describe(e->c, condition, &e->text);
    else
        buf_add_str(&e->text, node->kind == NODE_ALL   ? "all"
                              : node->kind == NODE_ANY ? "any"
                                                       : "not");
    if (reached)
        show_looked_at(node, e->asking->subject, &e->looked_at);
    seen.text = buf_text(&e->text);
    if (e->looked_at.len > 0)
        seen.looked_at = buf_text(&e->looked_at);
    e->each(e->context, &seen);
}

static bool has_failed(const struct explaining *e)
{
    return e->text.failed || e->looked_at.failed;
}

static void explain(struct explaining *e, int condition, int depth, bool reached)
{
    const struct node *node = &e->c->nodes[condition];
    enum truth deciding = node->kind == NODE_ALL ? TRUTH_FALSE : TRUTH_TRUE;
    bool is_settled = false;
    explain_part(e, condition, depth, reached);
    for (size_t i = 0; i < node->child_count; i++) {
        if (++e->parts > PARTS_MAX || has_failed(e))
            return;
        int number = e->c->children[node->first_child + i];
        const struct node *child = &e->c->nodes[number];
        bool reached_child = reached && !is_settled && was_reached(e, node, child);
        explain(e, number, depth + 1, reached_child);
        is_settled |= node->kind != NODE_NOT && reached_child && child->facts_truth == deciding;
    }
}

bool conditions_explain(struct conditions *c, int condition, const struct asking *a,
                        void (*each)(void *context, const struct condition_seen *seen),
                        void *context)
{
    bool was_stopped = a->ran_out || a->fault != NULL || a->status != SPURN_OK;
    struct explaining e = {.c = c, .asking = a, .each = each, .context = context};
    e.waits = !was_stopped && known_truth(&c->nodes[condition], a) == TRUTH_PENDING;
    buf_init(&e.text, PART_LEN_MAX);
    buf_init(&e.looked_at, PART_LEN_MAX);
    explain(&e, condition, 0, true);
    bool ok = !has_failed(&e);
    buf_clear(&e.text);
    buf_clear(&e.looked_at);
    return ok;
}
