/* config.c - reads a configuration with the words of lua/config.lua. */
#include "script/sheet.h"

enum spurn_status script_read_config(const char *path, struct spurn_text text, struct buf *json,
                                     struct spurn_error *err)
{
    const struct sheet sheet = {.path = path, .text = text, .words = "lua/config.lua"};
    return sheet_read(&sheet, SPURN_E_CONFIG, json, err);
}
