/* script_metamorphic_test.c - policies that say the same in other words and another order answer the same, whatever was asked before. */
#include "buf.h"
#include "script_case.h"

#ifndef SEED
#define SEED 20270131
#endif
#ifndef TRIALS
#define TRIALS 40
#endif

enum { RULES_MAX = 6, POLICIES = 2, INVITATIONS = 10, TREES_MAX = 400, DEPTH_MAX = 3 };
enum { POLICY_LEN_MAX = 64 * 1024, RESOURCES_MAX = 40, NAME_LEN_MAX = 24 };
enum { EXTRA_RULE = RULES_MAX }; /* that only some variants have */

/* Functions take up to half of these for the longest name, some searches more. */
static const struct script_limits narrow = {.steps = 20000};

/* ---- chance ---- */

struct chance {
    uint64_t state;
};

static unsigned below(struct chance *c, unsigned end)
{
    c->state ^= c->state << 13;
    c->state ^= c->state >> 7;
    c->state ^= c->state << 17;
    return (unsigned)(c->state >> 33) % end;
}

static bool happens(struct chance *c, unsigned percent)
{
    return below(c, 100) < percent;
}

static void shuffle(struct chance *c, size_t *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        items[i] = i;
    for (size_t i = count; i > 1; i--) {
        size_t k = below(c, (unsigned)i), item = items[k];
        items[k] = items[i - 1];
        items[i - 1] = item;
    }
}

/* ---- what policies are made of ---- */

static const char functions[] =
    "local function finds(inv) return inv.name:find(\"b\", 1, true) ~= nil end\n"
    "local function costs(inv)\n"
    "  local n = 0\n"
    "  for i = 1, #inv.name * 200 do n = n + i end\n"
    "  return n % 2 == 0\n"
    "end\n"
    "local function raises(inv)\n"
    "  if inv.name == \"zz\" then error \"odd\" end\n"
    "  return inv.age > 3600\n"
    "end\n"
    "local function lists(inv)\n"
    "  for _, r in ipairs(inv:resources()) do\n"
    "    if r.type == \"ec2:Subnet\" then return true end\n"
    "  end\n"
    "  return false\n"
    "end\n"
    "local function asks(inv) return inv:has \"sender\" and inv.sender == \"111122223333\" end\n";

static const struct leaf {
    const char *text;
    bool is_function, is_about_resources;
} leaves[] = {
    {"always", false, false},
    {"sender \"999999999999\"", false, false},
    {"sender { \"111122223333\", \"1111222233334444\" }", false, false},
    {"name \"*b*\"", false, false},
    {"name { \"aa*\", \"?Z\" }", false, false},
    {"name \"zz\"", false, false},
    {"region \"us-*\"", false, false},
    {"receiver_arn \"*role*\"", false, false},
    {"cloud \"aws\"", false, false},
    {"older \"1h\"", false, false},
    {"younger \"2h\"", false, false},
    {"created_at { hours = \"22:00-02:00\" }", false, false},
    {"name_regex \"b$\"", false, false},
    {"name_regex \"(a|aa)+[bc]\"", false, false},
    {"name_regex \"^(a|aa)+z\"", false, false},
    {"seen_before { within = \"7d\" }", false, false},
    {"rejected_before { times = 2, within = \"30d\" }", false, false},
    {"resource_type \"ec2:*\"", false, true},
    {"resource_type { \"svc:*a*a*b\", \"ram:X\" }", false, true},
    {"only_resource_type { \"ec2:Subnet\", \"svc:*\" }", false, true},
    {"finds", true, false},
    {"costs", true, false},
    {"raises", true, false},
    {"asks", true, false},
    {"lists", true, true},
};

enum { LEAF_COUNT = sizeof leaves / sizeof leaves[0] };

struct tree {
    enum { LEAF, ALL, ANY, NOT } kind;
    size_t leaf, child_count;
    struct tree *children[3];
};

struct plan {
    struct chance chance;
    struct tree trees[TREES_MAX];
    size_t tree_count;
    struct rule_plan {
        bool keeps, observes;
        size_t policy;
        struct tree *condition, *unless; /* unless: may be NULL */
    } rules[RULES_MAX + 1];
};

static struct tree *grow(struct plan *p, int depth, bool takes_resources)
{
    struct chance *c = &p->chance;
    struct tree *tree = &p->trees[p->tree_count++];
    *tree = (struct tree){.kind = LEAF, .leaf = below(c, LEAF_COUNT)};
    while (!takes_resources && leaves[tree->leaf].is_about_resources)
        tree->leaf = below(c, LEAF_COUNT);
    if (depth == 0 || happens(c, 25))
        return tree;
    tree->kind = happens(c, 20) ? NOT : happens(c, 50) ? ALL : ANY;
    tree->child_count = tree->kind == NOT ? 1 : 2 + below(c, 2);
    for (size_t i = 0; i < tree->child_count; i++)
        tree->children[i] = grow(p, depth - 1, takes_resources);
    return tree;
}

static void make_plan(struct plan *p)
{
    struct chance *c = &p->chance;
    p->tree_count = 0;
    for (size_t i = 0; i <= RULES_MAX; i++) {
        bool is_extra = i == EXTRA_RULE, keeps = !is_extra && happens(c, 40);
        p->rules[i] = (struct rule_plan){.keeps = keeps,
                                         .observes = is_extra || (!keeps && happens(c, 15)),
                                         .policy = i < POLICIES ? i : below(c, POLICIES),
                                         .condition = grow(p, DEPTH_MAX, !is_extra),
                                         .unless = happens(c, 20) ? grow(p, 1, !is_extra) : NULL};
    }
}

/* ---- writing it down: each time in other words ---- */

enum { OCCURRENCES_MAX = 32 };

struct writing {
    struct chance *chance; /* NULL: as it is */
    struct buf *text, shared;
    bool
        shares; /* a leaf is one condition for all rules; twice in one rule it is two, which cost twice */
    bool is_shared[LEAF_COUNT][OCCURRENCES_MAX];
    size_t occurrences[LEAF_COUNT]; /* in this rule */
};

static bool varies(struct writing *w, unsigned percent)
{
    return w->chance != NULL && happens(w->chance, percent);
}

static void write_leaf(struct writing *w, size_t leaf)
{
    if (!w->shares || leaves[leaf].is_function) {
        buf_add_str(w->text, leaves[leaf].text);
        return;
    }
    size_t occurrence = w->occurrences[leaf]++;
    if (!w->is_shared[leaf][occurrence])
        buf_addf(&w->shared, "local c%zu_%zu = %s\n", leaf, occurrence, leaves[leaf].text);
    w->is_shared[leaf][occurrence] = true;
    buf_addf(w->text, "c%zu_%zu", leaf, occurrence);
}

static void write_tree(struct writing *w, const struct tree *tree, bool negated);

/* `negated`: the other kind of group, of children that are negated (De Morgan). */
static void write_group(struct writing *w, const struct tree *tree, bool negated)
{
    bool is_all = (tree->kind == ALL) != negated, by_name = varies(w, 30);
    size_t order[3] = {0, 1, 2};
    if (w->chance != NULL)
        shuffle(w->chance, order, tree->child_count);
    buf_add_str(w->text, !by_name ? "(" : is_all ? "all { " : "any { ");
    for (size_t i = 0; i < tree->child_count; i++) {
        if (i > 0)
            buf_add_str(w->text, by_name ? ", " : is_all ? " & " : " | ");
        write_tree(w, tree->children[order[i]], negated);
    }
    buf_add_str(w->text, by_name ? " }" : ")");
}

static void write_tree(struct writing *w, const struct tree *tree, bool negated)
{
    if (tree->kind == NOT) {
        write_tree(w, tree->children[0], !negated);
        return;
    }
    if (varies(w, 10))
        buf_add_str(w->text, "~~");
    if (tree->kind != LEAF && (!negated || varies(w, 50))) {
        write_group(w, tree, negated);
        return;
    }
    bool by_name = negated && varies(w, 30);
    buf_add_str(w->text, by_name ? "none { " : negated ? "~" : "");
    if (tree->kind == LEAF)
        write_leaf(w, tree->leaf);
    else
        write_group(w, tree, false);
    buf_add_str(w->text, by_name ? " }" : "");
}

static void write_rule(struct writing *w, const struct rule_plan *rule, size_t number)
{
    memset(w->occurrences, 0, sizeof w->occurrences);
    buf_addf(w->text, "%s \"r%zu\" { ", rule->keeps ? "keep" : "reject", number);
    write_tree(w, rule->condition, false);
    if (rule->unless != NULL) {
        buf_add_str(w->text, varies(w, 50) ? " & ~(" : ", unless = (");
        write_tree(w, rule->unless, false);
        buf_add_str(w->text, ")");
    }
    buf_addf(w->text, "%s }\n", rule->observes ? ", mode = \"observe\"" : "");
}

/* With `has_extra`, one that observes stands somewhere among them. */
static void write_policy(struct writing *w, const struct plan *p, size_t policy, bool has_extra)
{
    size_t order[RULES_MAX + 1], count = RULES_MAX + has_extra;
    struct buf rules, *out = w->text;
    buf_init(&rules, POLICY_LEN_MAX);
    buf_init(&w->shared, POLICY_LEN_MAX);
    memset(w->is_shared, 0, sizeof w->is_shared);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    if (w->chance != NULL)
        shuffle(w->chance, order, count);
    w->text = &rules;
    for (size_t i = 0; i < count; i++)
        if (p->rules[order[i]].policy == policy)
            write_rule(w, &p->rules[order[i]], order[i]);
    w->text = out;
    buf_add_str(out, functions);
    buf_add_text(out, buf_text(&w->shared));
    buf_add_text(out, buf_text(&rules));
    buf_clear(&w->shared);
    buf_clear(&rules);
}

/* ---- loading it ---- */

static void begin_sweep(struct script *s)
{
    struct spurn_error err;
    if (!CHECK("a sweep begins", script_begin_sweep(s, CASE_NOW_MS, &err) == SPURN_OK))
        printf("%s\n", err.text);
}

static struct script *load(const struct script_case *c, const struct plan *p, struct chance *chance,
                           bool has_extra, const struct script_limits *limits)
{
    static const char *const names[POLICIES] = {"p.lua", "q.lua"};
    struct script *script;
    struct spurn_error err;
    char path[160];
    size_t order[POLICIES] = {0, 1};
    if (chance != NULL)
        shuffle(chance, order, POLICIES);
    if (script_open(limits, NULL, &script, &err) != SPURN_OK)
        abort();
    for (size_t i = 0; i < POLICIES; i++) {
        struct buf text;
        struct writing w = {.chance = chance, .text = &text};
        buf_init(&text, POLICY_LEN_MAX);
        w.shares = varies(&w, 50);
        write_policy(&w, p, order[i], has_extra);
        case_write(c, names[order[i]], buf_str(&text));
        snprintf(path, sizeof path, "%s/%s", c->folder, names[order[i]]);
        if (!CHECK_STR("loads",
                       script_load_policy(script, path, TEXT_ABSENT, NULL, &err) == SPURN_OK
                           ? ""
                           : err.text,
                       ""))
            printf("%s\n", buf_str(&text));
        buf_clear(&text);
    }
    begin_sweep(script);
    return script;
}

/* ---- invitations ---- */

struct asked {
    struct invitation inv;
    struct origin origin;
    struct script_facts facts; /* with what is told of resources once somebody asks */
    struct script_resource resources[RESOURCES_MAX];
    struct script_past past;
    int64_t seen, rejected;
    char name[NAME_LEN_MAX + 1];
};

static enum spurn_status count_past(void *context, enum script_event event, struct spurn_text cloud,
                                    struct spurn_text sender, int64_t since_ms, int64_t enough,
                                    int64_t *count, struct spurn_error *err)
{
    const struct asked *a = context;
    int64_t happened = event == EVENT_SEEN ? a->seen : a->rejected;
    (void)cloud;
    (void)sender;
    (void)since_ms;
    (void)err;
    *count = happened < enough ? happened : enough;
    return SPURN_OK;
}

/* Many of the one letter, which some searches take long for, and sometimes another at the end. */
static void make_name(struct asked *a, struct chance *c)
{
    static const char *const ends[] = {"", "", "b", "z", "B", "\xC3\xA9"};
    size_t len = below(c, NAME_LEN_MAX - 1);
    memset(a->name, 'a', len);
    snprintf(a->name + len, 3, "%s", ends[below(c, 6)]);
    if (happens(c, 10))
        snprintf(a->name, sizeof a->name, "zz");
    a->inv.name = happens(c, 85) ? text_of(a->name) : TEXT_ABSENT;
}

static void make_resources(struct asked *a, struct chance *c)
{
    static const char *const types[] = {
        "ec2:Subnet", "ec2:PrefixList", "ram:X", NULL,
        "svc:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    size_t some = 1 + below(c, 5);
    a->facts.resources_state = happens(c, 20) ? RESOURCES_UNKNOWN : RESOURCES_LISTED;
    a->facts.resources = a->resources;
    a->facts.resource_count = below(c, happens(c, 50) ? 3 : RESOURCES_MAX);
    for (size_t i = 0; i < a->facts.resource_count; i++)
        a->resources[i].type = text_of(types[(some + below(c, 2)) % 5]);
}

static void make_invitation(struct asked *a, struct chance *c)
{
    static const char *const senders[] = {"999999999999", "111122223333", "1111222233334444", NULL};
    *a = (struct asked){.inv = {.id = text_of("arn:1"),
                                .sender = text_of(senders[below(c, 4)]),
                                .receiver_arn = text_of(happens(c, 50) ? "arn:role/x" : NULL),
                                .status = STATUS_PENDING,
                                .has_created = happens(c, 85)},
                        .origin = {text_of(happens(c, 70) ? "aws" : "alibaba"),
                                   text_of("111122223333"),
                                   text_of(happens(c, 50) ? "us-east-1" : NULL)}};
    a->inv.created_ms = CASE_NOW_MS - below(c, 4 * 3600) * (int64_t)1000;
    a->facts.has_age = happens(c, 85);
    make_name(a, c);
    make_resources(a, c);
    a->seen = below(c, 3);
    a->rejected = below(c, 3);
    a->past = (struct script_past){
        .count = count_past, .began_ms = happens(c, 60) ? 0 : CASE_NOW_MS, .context = a};
    a->facts.past = happens(c, 85) ? &a->past : NULL;
}

/* ---- asking ---- */

struct answer {
    enum script_verdict verdict;
    bool faulted, had_to_ask;
    bool matches[RULES_MAX], undecided[RULES_MAX], faults[RULES_MAX];
};

static void decide(struct script *s, const struct asked *a, const struct script_facts *facts,
                   struct script_decision *out)
{
    struct spurn_error err;
    if (!CHECK("decides", script_decide(s, &a->inv, &a->origin, facts, out, &err) == SPURN_OK))
        printf("%s\n", err.text);
}

/* What each rule said of the invitation that was decided between two looks at the counts. */
static void add_counts(struct script *s, int sign, struct script_rule_count counts[RULES_MAX + 1])
{
    struct script_rule rule;
    for (size_t i = 0; script_rule_at(s, i, &rule); i++) {
        struct script_rule_count *to = &counts[rule.name.at[1] - '0'];
        to->held += sign * rule.count.held;
        to->undecided += sign * rule.count.undecided;
        to->faults += sign * rule.count.faults;
    }
}

/* As a sweep does: resources are told once they are needed, or at once. A rule that ran out three times is not asked again, so
 * after a fault a new sweep begins. */
static struct answer ask(struct script *s, const struct asked *a, bool at_once)
{
    struct script_rule_count counts[RULES_MAX + 1] = {0};
    struct script_facts facts = a->facts;
    struct script_decision decision;
    struct answer answer = {0};
    add_counts(s, -1, counts);
    if (!at_once)
        facts.resources_state = RESOURCES_NOT_ASKED;
    decide(s, a, &facts, &decision);
    answer.had_to_ask = decision.needs_resources;
    if (decision.needs_resources)
        decide(s, a, &a->facts, &decision);
    CHECK("the second time is the last", !decision.needs_resources);
    answer.verdict = decision.verdict;
    answer.faulted = decision.faulted;
    add_counts(s, 1, counts);
    bool faulted = counts[EXTRA_RULE].faults > 0;
    for (size_t i = 0; i < RULES_MAX; i++) {
        answer.matches[i] = counts[i].held > 0;
        answer.undecided[i] = counts[i].undecided > 0;
        answer.faults[i] = counts[i].faults > 0;
        faulted |= answer.faults[i];
    }
    if (faulted)
        begin_sweep(s);
    return answer;
}

static bool is_same(const struct answer *a, const struct answer *b)
{
    return a->verdict == b->verdict && a->faulted == b->faulted && a->had_to_ask == b->had_to_ask &&
           memcmp(a->matches, b->matches, sizeof a->matches) == 0 &&
           memcmp(a->undecided, b->undecided, sizeof a->undecided) == 0 &&
           memcmp(a->faults, b->faults, sizeof a->faults) == 0;
}

static void print_answer(const char *who, const struct answer *a)
{
    printf("  %s: %s%s%s;", who, script_verdict_name(a->verdict), a->faulted ? ", faulted" : "",
           a->had_to_ask ? ", asked for resources" : "");
    for (size_t i = 0; i < RULES_MAX; i++)
        printf(" r%zu %s%s", i,
               a->matches[i]     ? "true"
               : a->undecided[i] ? "undecided"
                                 : "false",
               a->faults[i] ? "!" : "");
    printf("\n");
}

static void show_policies(const struct script_case *c)
{
    char command[200];
    snprintf(command, sizeof command, "cat %s/p.lua %s/q.lua", c->folder, c->folder);
    fflush(stdout);
    if (system(command) != 0)
        printf("(gone)\n");
}

/* ---- the tests ---- */

struct trial {
    struct script_case c; /* for its folder */
    struct plan plan;
    struct script *plain;
    struct asked asked[INVITATIONS];
    int verdicts[4], faults, lookups;
};

static void begin_trial(struct trial *t, const struct script_limits *limits)
{
    make_plan(&t->plan);
    t->plain = load(&t->c, &t->plan, NULL, false, limits);
    for (size_t i = 0; i < INVITATIONS; i++)
        make_invitation(&t->asked[i], &t->plan.chance);
}

static void tally(struct trial *t, const struct answer *answer)
{
    t->verdicts[answer->verdict]++;
    t->faults += answer->faulted;
    t->lookups += answer->had_to_ask;
}

/* A test of what never happens shows nothing. */
static void check_tally(const struct trial *t)
{
    for (int i = 0; i < 4; i++)
        CHECK("each verdict was met", t->verdicts[i] > TRIALS * INVITATIONS / 50);
    CHECK("faults were met", t->faults > TRIALS * INVITATIONS / 50);
    CHECK("resources were asked for", t->lookups > TRIALS * INVITATIONS / 50);
}

static struct trial *open_trials(void)
{
    struct trial *t = calloc(1, sizeof *t);
    if (t == NULL)
        abort();
    t->plan.chance.state = SEED;
    case_init(&t->c);
    return t;
}

static void close_trials(struct trial *t)
{
    char path[160];
    snprintf(path, sizeof path, "%s/q.lua", t->c.folder);
    unlink(path);
    case_clear(&t->c);
    free(t);
}

static void compare(struct trial *t, struct script *other, const struct answer want[INVITATIONS])
{
    for (size_t i = 0; i < INVITATIONS; i++) {
        const struct answer got = ask(other, &t->asked[i], false);
        if (CHECK("the same answer", is_same(&got, &want[i])))
            continue;
        printf("  name %s\n", t->asked[i].name);
        print_answer("got", &got);
        print_answer("want", &want[i]);
        show_policies(&t->c);
        script_close(load(&t->c, &t->plan, NULL, false, &narrow));
        show_policies(&t->c);
        return;
    }
}

static void other_words_and_another_order_answer_the_same(void)
{
    enum { VARIANTS = 3 };
    struct trial *t = open_trials();
    for (int trial = 0; trial < TRIALS; trial++) {
        struct answer want[INVITATIONS];
        begin_trial(t, &narrow);
        for (size_t i = 0; i < INVITATIONS; i++) {
            want[i] = ask(t->plain, &t->asked[i], false);
            tally(t, &want[i]);
        }
        script_close(t->plain);
        for (int variant = 0; variant < VARIANTS; variant++) {
            struct script *other =
                load(&t->c, &t->plan, &t->plan.chance, variant % 2 == 1, &narrow);
            compare(t, other, want);
            script_close(other);
        }
    }
    check_tally(t);
    close_trials(t);
}

/* Told at once or only when needed: a keep rule may be seen to hold that nobody had to ask for, and that is all. */
static void when_resources_are_told_decides_nothing(void)
{
    struct trial *t = open_trials();
    for (int trial = 0; trial < TRIALS; trial++) {
        begin_trial(t, &narrow);
        for (size_t i = 0; i < INVITATIONS; i++) {
            struct answer late = ask(t->plain, &t->asked[i], false);
            const struct answer early = ask(t->plain, &t->asked[i], true);
            tally(t, &late);
            CHECK("rejected or not",
                  (late.verdict == VERDICT_REJECT) == (early.verdict == VERDICT_REJECT));
            if (!late.had_to_ask)
                continue;
            late.had_to_ask = false;
            CHECK("the same answer", is_same(&late, &early));
        }
        script_close(t->plain);
    }
    check_tally(t);
    close_trials(t);
}

static void ignore_part(void *context, const struct script_explained *part)
{
    int *parts = context;
    *parts += part->depth >= 0;
}

/* With steps to spare: a rule that ran out three times is not asked again, which is the one thing that is remembered. */
static void what_was_asked_before_decides_nothing(void)
{
    enum { QUESTIONS = 3 * INVITATIONS };
    struct trial *t = open_trials();
    struct spurn_error err;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct answer want[INVITATIONS];
        begin_trial(t, NULL);
        for (size_t i = 0; i < INVITATIONS; i++) {
            want[i] = ask(t->plain, &t->asked[i], true);
            tally(t, &want[i]);
        }
        for (int question = 0; question < QUESTIONS; question++) {
            size_t i = below(&t->plan.chance, INVITATIONS);
            const struct asked *a = &t->asked[i];
            struct script_decision decision, explained;
            int parts = 0;
            decide(t->plain, a, &a->facts, &decision);
            CHECK_STR("verdict", script_verdict_name(decision.verdict),
                      script_verdict_name(want[i].verdict));
            CHECK_INT("faulted", decision.faulted, want[i].faulted);
            CHECK("explains", script_explain(t->plain, &a->inv, &a->origin, &a->facts, ignore_part,
                                             &parts, &explained, &err) == SPURN_OK &&
                                  parts > RULES_MAX);
            CHECK_INT("explained", explained.verdict, want[i].verdict);
            CHECK_INT("faults explained", explained.faulted, want[i].faulted);
        }
        script_close(t->plain);
    }
    for (int i = 0; i < 4; i++)
        CHECK("each verdict was met", t->verdicts[i] > 0);
    close_trials(t);
}

static const struct unit_test tests[] = {
    {"other_words_and_another_order_answer_the_same",
     other_words_and_another_order_answer_the_same},
    {"when_resources_are_told_decides_nothing", when_resources_are_told_decides_nothing},
    {"what_was_asked_before_decides_nothing", what_was_asked_before_decides_nothing},
};

UNIT_MAIN(tests)
