/* table.h - aligned tables: rows are measured first and printed second, so that memory stays flat. */
#ifndef SPURN_COMMAND_TABLE_H
#define SPURN_COMMAND_TABLE_H

#include "command/out.h"

enum { CMD_TABLE_COLUMNS = 12 };

struct cmd_column {
    const char *heading;
    size_t least; /* on a narrow terminal it is cut down to so many columns; 0: never cut */
    size_t most;  /* on any other it is cut down to so many; 0: never */
    bool right;   /* aligned to the right */
    bool spare;   /* left out when the others need the room */
    /* A table may have forms, of which the first is for wide terminals: bit 0 says that the column is of the first, and so on. The
     * first but the last that is good to read is shown, else the first that fits, else the last. 0: of every form. */
    unsigned forms;
};

struct cmd_table {
    const struct cmd_column *columns;
    size_t count;
    int64_t most;        /* rows shown; 0: all */
    int64_t rows, shown; /* measured, printed */
    size_t widths[CMD_TABLE_COLUMNS];
    struct cmd_out *out; /* NULL while measuring */
};

void cmd_table_init(struct cmd_table *table, const struct cmd_column *columns, size_t count,
                    int64_t most);
/* Takes a row of `count` cells: measures it before cmd_table_begin, prints it after. Cuts cells. */
void cmd_table_row(struct cmd_table *table, struct cmd_cell *cells);
/* Fits the columns into the width and prints their headings. A column in which nothing stands is left out. */
void cmd_table_begin(struct cmd_table *table, struct cmd_out *out);
/* Says how many rows were not shown, and `how` to see them. */
void cmd_table_end(struct cmd_table *table, const char *how);

#endif
