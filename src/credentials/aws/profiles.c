/* profiles.c - AWS's two files as its own tools see them: profiles, sso-session and services sections. */
#include "credentials/aws/profiles.h"

#include <string.h>
#include <strings.h>

#include "credentials/ini.h"

/* Source: botocore, configloader.py and session.py (full_config). A profile's settings are those of the config file with those of the
 * credentials file over them. */

enum {
    SECTIONS_MAX = 10000, /* of one file: each is compared with those before it */
    SETTINGS_MAX = 256    /* of one section, likewise */
};

struct aws_section {
    struct aws_section *next; /* in the order of the files */
    enum aws_file file;
    enum aws_section_kind kind;
    struct spurn_text name, header, body; /* in the arena */
};

static const struct {
    const char *variable, *below_home, *what;
} places[AWS_FILE_COUNT] = {
    [AWS_CREDENTIALS_FILE] = {"AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials",
                              "the AWS credentials file"},
    [AWS_CONFIG_FILE] = {"AWS_CONFIG_FILE", "/.aws/config", "the AWS config file"},
};

/* ---- which section it is ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The name in `WORD NAME`, NAME perhaps in quotes; absent when it is not that. */
static struct spurn_text name_behind(const char *word, struct spurn_text header)
{
    size_t skip = strlen(word);
    if (!text_starts(header, word) || header.len == skip || !is_blank(header.at[skip]))
        return TEXT_ABSENT;
    while (skip < header.len && is_blank(header.at[skip]))
        skip++;
    struct spurn_text name = {header.at + skip, header.len - skip};
    bool is_quoted = name.len >= 2 && (name.at[0] == '"' || name.at[0] == '\'') &&
                     name.at[name.len - 1] == name.at[0];
    return is_quoted ? (struct spurn_text){name.at + 1, name.len - 2} : name;
}

/* The credentials file has nothing but profiles, by their bare names. */
static void name_section(struct aws_section *section)
{
    static const struct {
        const char *word;
        enum aws_section_kind kind;
    } rows[] = {
        {"profile", AWS_PROFILE}, {"sso-session", AWS_SSO_SESSION}, {"services", AWS_SERVICES}};
    section->kind = AWS_PROFILE;
    section->name = section->header;
    if (section->file == AWS_CREDENTIALS_FILE || text_is(section->header, "default"))
        return;
    section->kind = AWS_OTHER_SECTION;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct spurn_text name = name_behind(rows[i].word, section->header);
        if (name.at != NULL) {
            section->kind = rows[i].kind;
            section->name = name;
        }
    }
}

/* ---- reading ---- */

/* One file being read. */
struct walk {
    struct aws_profiles *p;
    enum aws_file file;
    struct ini line;
    struct aws_section *section; /* open */
    size_t section_count, setting_count;
    struct spurn_text settings[SETTINGS_MAX]; /* of the open section */
    struct spurn_error *err;
};

static enum spurn_status refuse(const struct walk *w, const char *why)
{
    return spurn_fail(w->err, SPURN_E_CREDENTIALS, "cannot read %s: line %d %s",
                      w->p->files[w->file].path, w->line.line, why);
}

static void end_section(struct walk *w, const char *at)
{
    if (w->section != NULL)
        w->section->body.len = (size_t)(at - w->section->body.at);
}

static enum spurn_status open_section(struct walk *w)
{
    for (const struct aws_section *s = w->p->first; s != NULL; s = s->next)
        if (s->file == w->file && text_equal(s->header, w->line.section))
            return refuse(w, "opens a section that is there already; make one of the two");
    if (w->section_count++ == SECTIONS_MAX)
        return refuse(w, "has one section too many; at most 10,000 are read");
    struct aws_section *section = arena_alloc(w->p->arena, sizeof *section);
    if (section == NULL)
        return spurn_fail_memory(w->err);
    *section = (struct aws_section){
        .file = w->file,
        .header = w->line.section,
        .body = {w->line.at, 0},
    };
    name_section(section);
    if (w->p->last == NULL)
        w->p->first = section;
    else
        w->p->last->next = section;
    w->p->last = section;
    w->section = section;
    w->setting_count = 0;
    return SPURN_OK;
}

static enum spurn_status note_setting(struct walk *w)
{
    struct spurn_text name = w->line.name;
    for (size_t i = 0; i < w->setting_count; i++)
        if (w->settings[i].len == name.len &&
            strncasecmp(w->settings[i].at, name.at, name.len) == 0)
            return refuse(w, "sets what its section has set already; remove one of the two");
    if (w->setting_count == SETTINGS_MAX)
        return refuse(w, "has one setting too many; at most 256 are read in a section");
    w->settings[w->setting_count++] = name;
    return SPURN_OK;
}

static enum spurn_status walk_text(struct walk *w, struct spurn_text text)
{
    enum spurn_status status = SPURN_OK;
    ini_init(&w->line, text);
    w->line.gives_deeper = true;
    for (;;) {
        const char *at = w->line.at;
        if (!ini_next(&w->line)) {
            end_section(w, at);
            break;
        }
        if (w->line.name.at == NULL) {
            end_section(w, at);
            status = open_section(w);
        } else if (!w->line.is_deeper) {
            status = note_setting(w);
        }
        if (status != SPURN_OK)
            return status;
    }
    return w->line.broken ? refuse(w, "is neither [section] nor name = value") : SPURN_OK;
}

enum spurn_status aws_profiles_add(struct aws_profiles *p, enum aws_file file,
                                   struct spurn_text text, struct spurn_error *err)
{
    bool ok = true;
    struct walk walk = {.p = p, .file = file, .err = err};
    struct spurn_text kept = arena_copy(p->arena, text, &ok);
    return ok ? walk_text(&walk, kept) : spurn_fail_memory(err);
}

static enum spurn_status read_file(const struct credentials_ask *ask, enum aws_file which,
                                   struct aws_profiles *p, struct spurn_error *err)
{
    struct sources_file *file = &p->files[which];
    enum spurn_status status = sources_read_file(
        ask, places[which].variable, places[which].below_home, places[which].what, file, err);
    if (status == SPURN_OK)
        status = aws_profiles_add(p, which, buf_text(&file->text), err);
    sources_clear_file(file);
    return status;
}

/* Two variables, in the order of all of AWS's tools but those in Python. */
static const char *named_profile(const struct credentials_ask *ask)
{
    static const char *const names[] = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", NULL};
    return ask->profile != NULL ? ask->profile : sources_first_variable(ask, names);
}

void aws_profiles_init(struct aws_profiles *p, struct arena *arena)
{
    *p = (struct aws_profiles){.profile = "default", .arena = arena};
    for (int i = 0; i < AWS_FILE_COUNT; i++)
        p->files[i].missing = "";
}

enum spurn_status aws_profiles_read(const struct credentials_ask *ask, struct arena *arena,
                                    struct aws_profiles *p, struct spurn_error *err)
{
    bool ok = true;
    const char *named = named_profile(ask);
    aws_profiles_init(p, arena);
    p->is_named = named != NULL;
    if (named != NULL)
        p->profile = arena_copy(arena, text_of(named), &ok).at;
    enum spurn_status status = ok ? SPURN_OK : spurn_fail_memory(err);
    for (int i = 0; i < AWS_FILE_COUNT && status == SPURN_OK; i++)
        status = read_file(ask, (enum aws_file)i, p, err);
    return status;
}

/* ---- asking ---- */

/* Of two that mean the same, such as [default] and [profile default], the last. */
static const struct aws_section *find_section(const struct aws_profiles *p, enum aws_file file,
                                              enum aws_section_kind kind, struct spurn_text name)
{
    const struct aws_section *found = NULL;
    for (const struct aws_section *s = p->first; s != NULL; s = s->next)
        if (s->file == file && s->kind == kind && text_equal(s->name, name))
            found = s;
    return found;
}

/* From the value to the end of the last line that belongs to it; with a newline at its head when it begins on the next line. */
static void lengthen(struct spurn_text *value, struct spurn_text more)
{
    const char *end = more.at + more.len;
    if (value->len == 0)
        value->at = memchr(value->at, '\n', (size_t)(end - value->at));
    value->len = (size_t)(end - value->at);
}

static struct spurn_text setting_of(const struct aws_section *section, const char *setting)
{
    struct spurn_text value = TEXT_ABSENT;
    struct ini line;
    if (section == NULL)
        return TEXT_ABSENT;
    ini_init(&line, section->body);
    line.section = section->name;
    line.gives_deeper = true;
    while (ini_next(&line)) {
        if (!text_is_nocase(line.name, setting))
            continue;
        if (line.is_deeper)
            lengthen(&value, line.value);
        else
            value = line.value;
    }
    return value;
}

bool aws_profiles_has(const struct aws_profiles *p, enum aws_section_kind kind,
                      struct spurn_text name)
{
    for (int i = 0; i < AWS_FILE_COUNT; i++)
        if (find_section(p, (enum aws_file)i, kind, name) != NULL)
            return true;
    return false;
}

struct spurn_text aws_profiles_get_in(const struct aws_profiles *p, enum aws_file file,
                                      struct spurn_text profile, const char *setting)
{
    return setting_of(find_section(p, file, AWS_PROFILE, profile), setting);
}

struct spurn_text aws_profiles_get(const struct aws_profiles *p, enum aws_section_kind kind,
                                   struct spurn_text name, const char *setting)
{
    struct spurn_text value = TEXT_ABSENT;
    for (int i = 0; i < AWS_FILE_COUNT && value.at == NULL; i++)
        value = setting_of(find_section(p, (enum aws_file)i, kind, name), setting);
    return value;
}

struct spurn_text aws_profiles_nested(struct spurn_text setting, const char *name)
{
    struct ini line;
    if (setting.len == 0 || setting.at[0] != '\n')
        return TEXT_ABSENT;
    ini_init(&line, setting);
    line.section = text_of("nested");
    while (ini_next(&line))
        if (text_is_nocase(line.name, name))
            return line.value;
    return TEXT_ABSENT;
}

enum aws_file aws_profiles_where(const struct aws_profiles *p, struct spurn_text profile,
                                 const char *setting)
{
    for (int i = 0; i < AWS_FILE_COUNT; i++)
        if (aws_profiles_get_in(p, (enum aws_file)i, profile, setting).at != NULL)
            return (enum aws_file)i;
    return AWS_CREDENTIALS_FILE;
}

const char *aws_profiles_path(const struct aws_profiles *p, struct spurn_text profile)
{
    bool is_in_config = find_section(p, AWS_CREDENTIALS_FILE, AWS_PROFILE, profile) == NULL &&
                        find_section(p, AWS_CONFIG_FILE, AWS_PROFILE, profile) != NULL;
    return p->files[is_in_config ? AWS_CONFIG_FILE : AWS_CREDENTIALS_FILE].path;
}

void aws_profiles_list(const struct aws_profiles *p, struct sources_names *names)
{
    for (const struct aws_section *s = p->first; s != NULL; s = s->next)
        if (s->kind == AWS_PROFILE)
            sources_add_name(names, s->name);
}
