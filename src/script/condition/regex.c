/* regex.c - PCRE2 behind one door: compiled within bounds, matched within limits. */
#include "script/condition/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

enum { COMPILED_LEN_MAX = 64 * 1024, PARENTHESES_DEEP_MAX = 50, AUTO_CALLOUT_NUMBER = 255 };
/* Without regard to letter case, PCRE2 looks up every character of a range: 5 ms for all of Unicode. */
enum { WIDE_RANGES_MAX = 8 };
/* What backtracking may remember: 2 for each character is usual. The bytes are a second stop, for patterns of many groups. */
enum { DEPTH_MAX = 10000, HEAP_KIB_MAX = 8 * 1024 };
/* PCRE2's match limit begins anew at every place where a match may begin, so it bounds nothing: \w+foo takes 115 ms for a name of
 * 4,000 letters. A callout before every item counts instead. An item takes 20-40 ns, and at worst as long as the whole text is,
 * so 1,000,000 steps are at most 50 ms, and a search at most a fifth of that. */
enum { SEARCH_STEPS = 20, SEARCH_STEPS_MAX = 200000, ITEM_STEPS = 2, ITEM_BYTES_A_STEP = 64 };

struct regex {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    struct budget {
        int64_t left, item_steps;
    } budget;
};

/* ---- compiling ---- */

static pcre2_code *compile(struct spurn_text pattern, pcre2_compile_context *context,
                           char why[REGEX_WHY_LEN])
{
    int number;
    size_t offset;
    unsigned char sentence[REGEX_WHY_LEN - 40];
    pcre2_set_parens_nest_limit(context, PARENTHESES_DEEP_MAX);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.at, pattern.len,
                                     PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT,
                                     &number, &offset, context);
    if (code != NULL || number == PCRE2_ERROR_HEAP_FAILED)
        return code;
    pcre2_get_error_message(number, sentence, sizeof sentence);
    snprintf(why, REGEX_WHY_LEN, "%s, at offset %zu", (const char *)sentence, offset);
    return NULL;
}

static int is_written_callout(pcre2_callout_enumerate_block *block, void *context)
{
    (void)context;
    return block->callout_number != AUTO_CALLOUT_NUMBER;
}

/* What the compiled pattern may not be; NULL when it is all right. */
static const char *complaint_about(const pcre2_code *code)
{
    size_t len = 0;
    pcre2_pattern_info(code, PCRE2_INFO_SIZE, &len);
    if (len > COMPILED_LEN_MAX)
        return "it compiles to too much; repeat less of it";
    if (pcre2_callout_enumerate(code, is_written_callout, NULL) != 0)
        return "callouts, (?C), are not there";
    return NULL;
}

/* Past what stands between a '-' and the range's end without meaning anything. */
static size_t skip_nothings(struct spurn_text pattern, size_t i)
{
    for (;;) {
        bool has_more = i + 1 < pattern.len;
        if (has_more && pattern.at[i] == '\\' &&
            (pattern.at[i + 1] == 'Q' || pattern.at[i + 1] == 'E'))
            i += 2;
        else if (has_more && (pattern.at[i] == ' ' || pattern.at[i] == '\t'))
            i++;
        else
            return i;
    }
}

/* Ranges that may reach past U+00FF: their end is such a character, or an escape. */
static int count_wide_ranges(struct spurn_text pattern)
{
    int count = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.at[i] != '-')
            continue;
        size_t end = skip_nothings(pattern, i + 1);
        count += end < pattern.len &&
                 (pattern.at[end] == '\\' || (unsigned char)pattern.at[end] >= 0xC4);
    }
    return count;
}

static const char *complaint_about_text(struct spurn_text pattern)
{
    if (pattern.at == NULL || pattern.len == 0)
        return "it is empty, and would be found in everything";
    if (pattern.len > REGEX_LEN_MAX)
        return "it is longer than 1,024 bytes";
    if (count_wide_ranges(pattern) > WIDE_RANGES_MAX)
        return "it has more than 8 ranges beyond plain letters; \\p{Han} and its like are shorter";
    return NULL;
}

/* ---- matching ---- */

static int count_item(pcre2_callout_block *block, void *context)
{
    struct budget *budget = context;
    (void)block;
    budget->left -= budget->item_steps;
    return budget->left < 0 ? PCRE2_ERROR_CALLOUT : 0;
}

static bool prepare(struct regex *r)
{
    r->data = pcre2_match_data_create(1, NULL);
    r->context = pcre2_match_context_create(NULL);
    if (r->data == NULL || r->context == NULL)
        return false;
    pcre2_set_callout(r->context, count_item, &r->budget);
    pcre2_set_match_limit(r->context, SEARCH_STEPS_MAX);
    pcre2_set_depth_limit(r->context, DEPTH_MAX);
    pcre2_set_heap_limit(r->context, HEAP_KIB_MAX);
    return true;
}

struct regex *regex_open(struct spurn_text pattern, char why[REGEX_WHY_LEN])
{
    struct regex *r = NULL;
    bool ok = false;
    pcre2_compile_context *context = NULL;
    why[0] = '\0';
    const char *complaint = complaint_about_text(pattern);
    if (complaint != NULL)
        goto done;
    context = pcre2_compile_context_create(NULL);
    r = calloc(1, sizeof *r);
    if (context == NULL || r == NULL)
        goto done;
    r->code = compile(pattern, context, why);
    if (r->code == NULL)
        goto done;
    complaint = complaint_about(r->code);
    ok = complaint == NULL && prepare(r);
done:
    if (complaint != NULL)
        snprintf(why, REGEX_WHY_LEN, "%s", complaint);
    pcre2_compile_context_free(context);
    if (!ok) {
        regex_close(r);
        r = NULL;
    }
    return r;
}

void regex_close(struct regex *r)
{
    if (r == NULL)
        return;
    pcre2_match_context_free(r->context);
    pcre2_match_data_free(r->data);
    pcre2_code_free(r->code);
    free(r);
}

enum regex_answer regex_find(struct regex *r, struct spurn_text text, int64_t *steps)
{
    int64_t text_steps = (int64_t)(text.len / ITEM_BYTES_A_STEP);
    int64_t given = *steps < SEARCH_STEPS_MAX ? *steps : SEARCH_STEPS_MAX;
    r->budget = (struct budget){given - SEARCH_STEPS - text_steps, ITEM_STEPS + text_steps};
    int found = PCRE2_ERROR_CALLOUT;
    if (r->budget.left >= 0)
        found = pcre2_match(r->code, (PCRE2_SPTR)text.at, text.len, 0, 0, r->data, r->context);
    if (found == PCRE2_ERROR_CALLOUT && given == *steps) {
        *steps = 0;
        return REGEX_NO;
    }
    *steps -= given - (r->budget.left < 0 ? 0 : r->budget.left);
    if (found == PCRE2_ERROR_NOMATCH)
        return REGEX_NO;
    if (found == PCRE2_ERROR_NOMEMORY)
        return REGEX_NO_MEMORY;
    return found < 0 ? REGEX_LIMIT : REGEX_YES;
}
