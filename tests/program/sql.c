/* sql.c - runs SQL on a database, prints the rows, and holds what it began for so many seconds: sql FILE SQL [SECONDS]. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int print_row(void *unused, int count, char **values, char **names)
{
    (void)unused;
    (void)names;
    for (int i = 0; i < count; i++)
        printf("%s%s", i == 0 ? "" : "|", values[i] == NULL ? "NULL" : values[i]);
    puts("");
    return 0;
}

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    if (argc < 3 || argc > 4)
        return 2;
    int rc = sqlite3_open(argv[1], &db);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, argv[2], print_row, NULL, NULL);
    if (rc != SQLITE_OK)
        fprintf(stderr, "sql: %s\n", sqlite3_errmsg(db));
    else
        puts("done");
    fflush(stdout);
    if (rc == SQLITE_OK && argc == 4)
        sleep((unsigned)atoi(argv[3]));
    sqlite3_close(db);
    return rc == SQLITE_OK ? 0 : 1;
}
