/* json.h - writes JSON as it goes, safe for hostile text. */
#ifndef SPURN_COMMAND_JSON_H
#define SPURN_COMMAND_JSON_H

#include "command/out.h"

struct cmd_json {
    struct cmd_out *out;
    bool comma; /* a value stands before */
};

void cmd_json_init(struct cmd_json *json, struct cmd_out *out);
void cmd_json_open(struct cmd_json *json, char bracket);  /* '{' or '[' */
void cmd_json_close(struct cmd_json *json, char bracket); /* '}' or ']' */
void cmd_json_key(struct cmd_json *json, const char *key);
/* A string; null when absent. What is not valid UTF-8 becomes U+FFFD; what moves a cursor or cannot be seen is written by number. */
void cmd_json_text(struct cmd_json *json, struct spurn_text text);
void cmd_json_str(struct cmd_json *json, const char *nul_terminated);
void cmd_json_number(struct cmd_json *json, int64_t number);
void cmd_json_bool(struct cmd_json *json, bool value);
void cmd_json_end(struct cmd_json *json); /* a newline */

#endif
