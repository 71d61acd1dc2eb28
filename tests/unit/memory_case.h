/* memory_case.h - a secret that stands nowhere in the test itself, and a search for it through all the memory that we have. */
#ifndef SPURN_TESTS_MEMORY_CASE_H
#define SPURN_TESTS_MEMORY_CASE_H

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "secret.h"
#include "unit.h"

/* Written so that only memory_case_secret says it plainly, and only where it is told to. */
enum { MASKED_LEN = 40, MASK = 1 };
static const char MASKED[MASKED_LEN + 1] = "BqhmLfYjvPNwkCrXcHgEoStFxTiKbVdBmLpQwRbU";

static inline void memory_case_secret(char out[MASKED_LEN])
{
    for (size_t i = 0; i < MASKED_LEN; i++)
        out[i] = (char)(MASKED[i] ^ MASK);
}

static inline bool memory_case_is_here(const char *at)
{
    for (size_t i = 0; i < MASKED_LEN; i++)
        if (at[i] != (char)(MASKED[i] ^ MASK))
            return false;
    return true;
}

static inline int memory_case_count_between(int memory, uintptr_t from, uintptr_t to)
{
    enum { CHUNK_LEN = 64 * 1024 };
    static char chunk[CHUNK_LEN];
    int found = 0;
    while (from < to) {
        size_t want = to - from < CHUNK_LEN ? to - from : CHUNK_LEN;
        ssize_t len = pread(memory, chunk, want, (off_t)from);
        for (ssize_t i = 0; i + MASKED_LEN <= len; i++)
            found += memory_case_is_here(chunk + i);
        secret_wipe(chunk, sizeof chunk); /* else a hit would be found again here */
        if (len <= MASKED_LEN)
            break;
        from += (size_t)(len == CHUNK_LEN ? len - MASKED_LEN + 1 : len);
    }
    return found;
}

struct memory_mapping {
    uintptr_t from, to;
    bool can_be_written, is_dumped;
};

/* The next mapping of the process's /proc/self/smaps (proc(5)); false when there is no more. */
static inline bool memory_case_next(FILE *maps, struct memory_mapping *out)
{
    char line[512], access[8];
    while (fgets(line, sizeof line, maps) != NULL) {
        uintptr_t from = 0, to = 0;
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &from, &to, access) == 3)
            *out = (struct memory_mapping){from, to, strncmp(access, "rw", 2) == 0, true};
        if (strncmp(line, "VmFlags:", 8) == 0) {
            out->is_dumped = strstr(line, " dd") == NULL;
            return true;
        }
    }
    return false;
}

/* How often the secret stands in memory that can be written; `dumped`: only where a core dump would show it. Mappings of more
 * than 64 MiB are not ours but a sanitizer's. */
static inline int memory_case_count(bool dumped)
{
    enum { LARGEST = 64 * 1024 * 1024 };
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    FILE *maps = fopen("/proc/self/smaps", "re");
    struct memory_mapping mapping = {0, 0, false, true};
    int found = 0, seen = 0;
    while (maps != NULL && memory_case_next(maps, &mapping)) {
        if (!mapping.can_be_written || (dumped && !mapping.is_dumped) ||
            mapping.to - mapping.from > LARGEST)
            continue;
        found += memory_case_count_between(memory, mapping.from, mapping.to);
        seen++;
    }
    CHECK("some memory was looked at", memory >= 0 && seen > 2);
    if (maps != NULL)
        fclose(maps);
    if (memory >= 0)
        close(memory);
    return found;
}

#endif
