/* json.c - writes JSON as it goes, safe for hostile text. */
#include "command/json.h"

#include <inttypes.h>

void cmd_json_init(struct cmd_json *json, struct cmd_out *out)
{
    json->out = out;
    json->comma = false;
}

static void begin_value(struct cmd_json *json)
{
    if (json->comma)
        cmd_out_bytes(json->out, ",", 1);
    json->comma = true;
}

void cmd_json_open(struct cmd_json *json, char bracket)
{
    begin_value(json);
    cmd_out_bytes(json->out, &bracket, 1);
    json->comma = false;
}

void cmd_json_close(struct cmd_json *json, char bracket)
{
    cmd_out_bytes(json->out, &bracket, 1);
    json->comma = true;
}

/* By number: quotes, what moves a cursor, what turns the direction of writing, and separators that JavaScript takes for line ends. */
static bool is_plain(uint32_t character)
{
    return character >= 0x20 && character != '"' && character != '\\' &&
           !(character >= 0x7f && character <= 0x9f) &&
           !(character >= 0x200b && character <= 0x200f) &&
           !(character >= 0x2028 && character <= 0x202e) &&
           !(character >= 0x2060 && character <= 0x206f) && character != 0xfeff;
}

void cmd_json_text(struct cmd_json *json, struct spurn_text text)
{
    begin_value(json);
    if (text.at == NULL) {
        cmd_out_printf(json->out, "null");
        return;
    }
    cmd_out_bytes(json->out, "\"", 1);
    while (text.len > 0) {
        uint32_t character;
        size_t len = cmd_text_character(text, &character);
        if (len == 0)
            cmd_out_printf(json->out, "\\ufffd");
        else if (character == '"' || character == '\\')
            cmd_out_printf(json->out, "\\%c", (char)character);
        else if (is_plain(character))
            cmd_out_bytes(json->out, text.at, len);
        else
            cmd_out_printf(json->out, "\\u%04" PRIx32, character);
        text.at += len == 0 ? 1 : len;
        text.len -= len == 0 ? 1 : len;
    }
    cmd_out_bytes(json->out, "\"", 1);
}

void cmd_json_str(struct cmd_json *json, const char *nul_terminated)
{
    cmd_json_text(json, cmd_text(nul_terminated));
}

void cmd_json_key(struct cmd_json *json, const char *key)
{
    cmd_json_str(json, key);
    cmd_out_bytes(json->out, ":", 1);
    json->comma = false;
}

void cmd_json_number(struct cmd_json *json, int64_t number)
{
    begin_value(json);
    cmd_out_printf(json->out, "%" PRId64, number);
}

void cmd_json_bool(struct cmd_json *json, bool value)
{
    begin_value(json);
    cmd_out_printf(json->out, value ? "true" : "false");
}

void cmd_json_end(struct cmd_json *json)
{
    cmd_out_bytes(json->out, "\n", 1);
}
