/* strict_found.c - what was read in a policy's text, looked up while the text runs. */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "script/strict/strict.h"

void strict_clear(struct strict *s)
{
    for (size_t i = 0; i < s->warning_count; i++)
        free(s->warnings[i].text);
    free(s->warnings);
    free(s->places);
    free(s->watches);
    free(s->calls);
    free(s->functions);
    *s = (struct strict){0};
}

bool strict_allows(const struct strict *s, const char *word, int line, size_t items)
{
    bool is_told = false;
    for (size_t i = 0; i < s->call_count; i++) {
        const struct strict_call *call = &s->calls[i];
        if ((call->line != line && call->table_line != line) || !text_is(call->word, word))
            continue;
        if (call->items == STRICT_ANY || (size_t)call->items == items)
            return true;
        is_told = true;
    }
    return !is_told;
}

static void add_function(struct strict_function *all, const struct strict_function *f)
{
    all->tokens += f->tokens;
    all->is_counted |= f->is_counted;
    if (all->logic_line == 0)
        all->logic_line = f->logic_line;
    if (all->outside_line == 0) {
        all->outside_line = f->outside_line;
        memcpy(all->outside_name, f->outside_name, sizeof all->outside_name);
    }
    if (all->word_line == 0) {
        all->word_line = f->word_line;
        memcpy(all->word, f->word, sizeof all->word);
    }
}

struct strict_function strict_function_at(const struct strict *s, int first_line, int last_line)
{
    struct strict_function all = {0};
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct strict_function *f = &s->functions[i];
        if (f->first_line != first_line || f->last_line != last_line)
            continue;
        if (count++ == 0)
            all = *f;
        else
            add_function(&all, f);
    }
    if (count > 1) { /* nobody knows whose they are */
        all.slip_line = 0;
        all.name[0] = '\0';
    }
    return all;
}
