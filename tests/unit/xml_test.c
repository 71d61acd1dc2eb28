/* xml_test.c - what the reader of small XML documents takes, and what it refuses. */
#include "credentials/xml.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

enum { ARENA_MAX = 64 * 1024 };

static void a_text_is_found_by_the_names_above_it(void)
{
    static const struct {
        const char *document, *text;
    } rows[] = {
        {"<a><b>x</b></a>", "x"},
        {"<?xml version=\"1.0\" encoding='UTF-8'?>\n<a>\n <b>\n  x y\n </b>\n</a>\n", "x y"},
        {"\xEF\xBB\xBF<a><b>x</b></a>", "x"},
        {"<a xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><b c='>' d = \"'\" >x</b ></a >",
         "x"},
        {"<s:a xmlns:s='urn:x'><s:b>x</s:b></s:a>", "x"},
        {"<a><c><b>no</b></c><b>x</b><b2>no</b2></a>", "x"},
        {"<a><b></b></a>", ""},
        {"<a><b/></a>", ""},
        {"<a><c/></a>", NULL},
        {"<b>no</b>", NULL},
        {"<z><a><b>no</b></a></z>", NULL},
        {"<a><b>&amp;&lt;&gt;&quot;&apos;</b></a>", "&<>\"'"},
        {"<a><b>&#65;&#x42;&#x43; &#228;&#x20AC;&#x26C5;&#128512;</b></a>",
         "ABC \xC3\xA4\xE2\x82\xAC\xE2\x9B\x85\xF0\x9F\x98\x80"},
        {"<a><b>&#32;x&#x20;</b></a>", "x"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena arena;
        struct xml_field field = {.path = "a/b"};
        struct xml_problem problem;
        arena_init(&arena, ARENA_MAX);
        if (!CHECK(rows[i].document,
                   xml_read(text_of(rows[i].document), &arena, &field, 1, &problem)))
            printf("     says: %s (byte %zu)\n", problem.why, problem.at);
        CHECK_TEXT(rows[i].document, field.text, text_of(rows[i].text));
        arena_clear(&arena);
    }
}

static void what_is_not_strictly_a_small_document_is_refused(void)
{
    static const struct {
        const char *document, *why;
        size_t at;
    } rows[] = {
        {"", "it is empty", 0},
        {" \n", "expected an element", 2},
        {"x", "expected an element", 0},
        {"{\"a\":1}", "expected an element", 0},
        {"<a>", "it is cut off", 3},
        {"<a><b>x</b>", "it is cut off", 11},
        {"<a><b>x</b", "expected '>'", 10},
        {"<a", "expected the end of a tag", 2},
        {"<a b", "expected '='", 4},
        {"<a b=c>", "expected a quoted value", 5},
        {"<a b=\"c>", "a quoted value does not end", 8},
        {"<a b=\"<\">", "a quoted value does not end", 6},
        {"<a b=\"c\"d=\"e\"/>", "expected the end of a tag", 8},
        {"<1/>", "expected a name", 1},
        {"<a></b>", "a tag closes another element than the one that is open", 6},
        {"<s:a></a>", "a tag closes another element than the one that is open", 8},
        {"<a/><a/>", "something follows the root", 4},
        {"<a/>x", "something follows the root", 4},
        {"<a><b>x</b><b>y</b></a>", "an element is there twice", 13},
        {"<a><b/><b/></a>", "an element is there twice", 9},
        {"<a><b>x<c/></b></a>", "expected text, not an element", 9},
        {"<!DOCTYPE a [<!ENTITY x \"y\">]><a/>", "expected a name", 1},
        {"<a><!-- x --></a>", "there is a comment, CDATA or an instruction", 3},
        {"<a><b><![CDATA[x]]></b></a>", "there is a comment, CDATA or an instruction", 6},
        {"<a><?php x?></a>", "there is a comment, CDATA or an instruction", 3},
        {"<?xml version=\"1.0\"", "its declaration does not end", 19},
        {"<a>&nbsp;</a>", "there is no such entity", 4},
        {"<a>&amp</a>", "there is no such entity", 4},
        {"<a>&;</a>", "there is no such entity", 4},
        {"<a>&#;</a>", "there is no such entity", 4},
        {"<a>&#0;</a>", "there is no such entity", 4},
        {"<a>&#x1F;</a>", "there is no such entity", 4},
        {"<a>&#xD800;</a>", "there is no such entity", 4},
        {"<a>&#xFFFF;</a>", "there is no such entity", 4},
        {"<a>&#x110000;</a>", "there is no such entity", 4},
        {"<a>&#4294967361;</a>", "there is no such entity", 4},
        {"<a>&#-5;</a>", "there is no such entity", 4},
        {"<a>\x01</a>", "there is a control character", 3},
        {"<a>\xC0\xAF</a>", "it is no UTF-8", 3},
        {"<a>\xED\xA0\x80</a>", "it is no UTF-8", 3},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena arena;
        struct xml_field field = {.path = "a/b"};
        struct xml_problem problem;
        arena_init(&arena, ARENA_MAX);
        CHECK(rows[i].document, !xml_read(text_of(rows[i].document), &arena, &field, 1, &problem));
        CHECK_STR(rows[i].document, problem.why, rows[i].why);
        CHECK_INT(rows[i].document, (int64_t)problem.at, (int64_t)rows[i].at);
        arena_clear(&arena);
    }
}

static bool reads_depth(int depth)
{
    char document[16 * XML_DEPTH_MAX] = "";
    struct xml_problem problem;
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    for (int i = 0; i < depth; i++)
        strcat(document, "<a>");
    for (int i = 0; i < depth; i++)
        strcat(document, "</a>");
    bool reads = xml_read(text_of(document), &arena, NULL, 0, &problem);
    CHECK("", reads || strcmp(problem.why, "it is too deep") == 0);
    arena_clear(&arena);
    return reads;
}

static void elements_are_nested_so_deep_and_no_deeper(void)
{
    CHECK("", reads_depth(XML_DEPTH_MAX));
    CHECK("", !reads_depth(XML_DEPTH_MAX + 1));
}

static void a_text_larger_than_the_arena_is_refused(void)
{
    static const char document[] = "<a>0123456789012345678901234567890123456789</a>";
    struct xml_field field = {.path = "a"};
    struct xml_problem problem;
    struct arena arena;
    arena_init(&arena, 16);
    CHECK("", !xml_read(text_of(document), &arena, &field, 1, &problem));
    CHECK_STR("", problem.why, "out of memory");
    arena_clear(&arena);
}

/* A reply may be cut anywhere. */
static void a_document_cut_short_is_never_taken_for_whole(void)
{
    static const char document[] =
        "<?xml version=\"1.0\"?><a x='y'><b>one &amp; two</b><c><d/></c></a>";
    for (size_t len = 0; len < sizeof document - 1; len++) {
        struct xml_field field = {.path = "a/b"};
        struct xml_problem problem;
        struct arena arena;
        arena_init(&arena, ARENA_MAX);
        CHECK("", !xml_read((struct spurn_text){document, len}, &arena, &field, 1, &problem));
        CHECK("", problem.why != NULL && problem.at <= len);
        arena_clear(&arena);
    }
}

static const struct unit_test tests[] = {
    {"a text is found by the names above it", a_text_is_found_by_the_names_above_it},
    {"what is not strictly a small document is refused",
     what_is_not_strictly_a_small_document_is_refused},
    {"elements are nested so deep and no deeper", elements_are_nested_so_deep_and_no_deeper},
    {"a text larger than the arena is refused", a_text_larger_than_the_arena_is_refused},
    {"a document cut short is never taken for whole",
     a_document_cut_short_is_never_taken_for_whole},
};
UNIT_MAIN(tests)
