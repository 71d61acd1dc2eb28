/* seek.c - seeks texts in all the memory of a process, or in files: seek TEXTS -p PID, seek TEXTS FILE...
 *
 * TEXTS is a file of lines "NAME<tab>TEXT". Pieces of each text are sought, so that what is left of one is found too. Each find
 * is a line NAME|WHERE|HOW|BEFORE; the last line says how many bytes were looked at. HOW is, of memory: "dumped", a core dump
 * would show it; "left out", it would not (MADV_DONTDUMP); "environment", the block that the process was started with. The process
 * is stopped meanwhile, at a moment when it waits: what it signs a request with is put together in microseconds, and wiped. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    PIECE_LEN = 16,
    PIECES_MAX = 512 * 1024,
    BUCKETS = 1 << 20,
    CHUNK_LEN = 1024 * 1024,
    NAME_LEN = 64,
    LINE_LEN = 16 * 1024,
    CONTEXT_LEN = 40,
    MAPPING_MAX = 64 * 1024 * 1024, /* larger ones are not ours, but a sanitizer's */
    ENV_START_FIELD = 50,           /* of /proc/PID/stat, as proc(5) counts them */
    HOLD_TRIES = 2000,
    DONE = 0,
    FAILED = 2
};

struct piece {
    unsigned char bytes[PIECE_LEN];
    char name[NAME_LEN];
    int next; /* of the same bucket; -1: the last */
};

static struct piece pieces[PIECES_MAX];
static int piece_count;
static int buckets[BUCKETS];
static unsigned char chunk[CHUNK_LEN];
static uint64_t bytes_seen;

/* ---- what is sought ---- */

static unsigned bucket_of(const unsigned char *at)
{
    uint64_t start;
    memcpy(&start, at, sizeof start);
    return (unsigned)(start * UINT64_C(0x9e3779b97f4a7c15) >> 44);
}

static bool add_piece(const char *name, const char *at)
{
    if (piece_count == PIECES_MAX)
        return false;
    struct piece *piece = &pieces[piece_count];
    memcpy(piece->bytes, at, PIECE_LEN);
    snprintf(piece->name, sizeof piece->name, "%.*s", NAME_LEN - 1, name);
    unsigned bucket = bucket_of(piece->bytes);
    piece->next = buckets[bucket];
    buckets[bucket] = piece_count++;
    return true;
}

static bool add_text(const char *name, const char *text)
{
    size_t len = strlen(text);
    if (len < PIECE_LEN)
        return false;
    for (size_t at = 0; at + PIECE_LEN <= len; at += PIECE_LEN)
        if (!add_piece(name, text + at))
            return false;
    return len % PIECE_LEN == 0 || add_piece(name, text + len - PIECE_LEN);
}

static bool read_texts(const char *path)
{
    static char line[LINE_LEN];
    FILE *file = fopen(path, "re");
    bool ok = file != NULL;
    for (size_t i = 0; i < BUCKETS; i++)
        buckets[i] = -1;
    while (ok && fgets(line, sizeof line, file) != NULL) {
        char *tab = strchr(line, '\t');
        line[strcspn(line, "\n")] = '\0';
        ok = tab != NULL;
        if (ok) {
            *tab = '\0';
            ok = add_text(line, tab + 1);
        }
    }
    if (file != NULL)
        fclose(file);
    return ok && piece_count > 0;
}

/* ---- seeking ---- */

struct place {
    const char *where, *how;
    uint64_t env_start, env_end;
};

static void print_find(const struct piece *piece, const struct place *place, uint64_t address,
                       const unsigned char *at, size_t before)
{
    bool is_environment = address >= place->env_start && address < place->env_end;
    printf("%s|%s|%s|", piece->name, place->where, is_environment ? "environment" : place->how);
    size_t len = before < CONTEXT_LEN ? before : CONTEXT_LEN;
    for (const unsigned char *c = at - len; c < at; c++)
        putchar(*c > ' ' && *c <= '~' && *c != '|' ? *c : '.');
    putchar('\n');
}

static void seek_in(const unsigned char *bytes, size_t len, uint64_t address,
                    const struct place *place)
{
    for (size_t i = 0; i + PIECE_LEN <= len; i++)
        for (int p = buckets[bucket_of(bytes + i)]; p >= 0; p = pieces[p].next)
            if (memcmp(pieces[p].bytes, bytes + i, PIECE_LEN) == 0)
                print_find(&pieces[p], place, address + i, bytes + i, i);
}

/* Chunks overlap by less than a piece, so that none falls between two and none is found twice. */
static void seek_through(int fd, uint64_t from, uint64_t to, const struct place *place)
{
    while (from < to) {
        size_t want = to - from < CHUNK_LEN ? (size_t)(to - from) : CHUNK_LEN;
        ssize_t len = pread(fd, chunk, want, (off_t)from);
        if (len < PIECE_LEN)
            return;
        bytes_seen += (uint64_t)len;
        seek_in(chunk, (size_t)len, from, place);
        if ((size_t)len < want || from + (uint64_t)len == to)
            return;
        from += (uint64_t)len - (PIECE_LEN - 1);
    }
}

static bool seek_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const struct place place = {.where = path, .how = "file"};
    if (fd < 0)
        return false;
    seek_through(fd, 0, UINT64_MAX >> 1, &place);
    close(fd);
    return true;
}

/* ---- the memory of a process ---- */

static bool read_environment(const char *pid, struct place *place)
{
    char path[64], text[2048] = "";
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    const char *at = strrchr(text, ')'); /* the name, which may hold blanks, is field 2 */
    for (int field = 2; at != NULL && field < ENV_START_FIELD; field++)
        at = strchr(at + 1, ' ');
    return at != NULL &&
           sscanf(at, "%" SCNu64 " %" SCNu64, &place->env_start, &place->env_end) == 2;
}

struct mapping {
    uint64_t from, to;
    char access[8], name[256];
    bool is_left_out, is_device;
};

/* The next of /proc/PID/smaps; false when there is no more. */
static bool next_mapping(FILE *maps, struct mapping *m)
{
    char line[1024];
    while (fgets(line, sizeof line, maps) != NULL) {
        uint64_t from, to;
        char access[8], name[256] = "anonymous";
        int got = sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %255[^\n]", &from, &to,
                         access, name);
        if (got >= 3) {
            *m = (struct mapping){.from = from, .to = to};
            memcpy(m->access, access, sizeof access);
            memcpy(m->name, name, sizeof name);
        }
        if (strncmp(line, "VmFlags:", 8) == 0) {
            m->is_left_out = strstr(line, " dd") != NULL;
            m->is_device = strstr(line, " io") != NULL;
            return true;
        }
    }
    return false;
}

/* Files that others see as well are looked at as files. */
static bool is_ours(const struct mapping *m)
{
    bool is_private = m->access[3] == 'p';
    bool is_anonymous = m->name[0] != '/';
    return m->access[0] == 'r' && (is_private || is_anonymous) && !m->is_device &&
           m->to - m->from <= MAPPING_MAX;
}

/* What a process waits in; -1 ends the list. */
static const long waits[] = {
#ifdef SYS_poll
    SYS_poll,
#endif
#ifdef SYS_epoll_wait
    SYS_epoll_wait,
#endif
    SYS_ppoll,      SYS_epoll_pwait, SYS_clock_nanosleep, SYS_read, -1};

/* A process that is stopped by now, and was so while it waited. */
static bool is_held(const char *pid)
{
    char path[64], line[64] = "";
    long call = -1;
    snprintf(path, sizeof path, "/proc/%s/syscall", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    bool known = fgets(line, sizeof line, file) != NULL && sscanf(line, "%ld", &call) == 1;
    fclose(file);
    for (size_t i = 0; known && waits[i] >= 0; i++)
        if (waits[i] == call)
            return true;
    return false;
}

static bool is_stopped(const char *pid)
{
    char path[64], state = ' ';
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    bool known = fscanf(file, "%*d (%*[^)]) %c", &state) == 1;
    fclose(file);
    return known && state == 'T';
}

static void pause_a_little(void)
{
    const struct timespec little = {0, 1000 * 1000};
    nanosleep(&little, NULL);
}

static bool hold(const char *pid)
{
    for (int tries = 0; tries < HOLD_TRIES; tries++) {
        if (kill((pid_t)atoi(pid), SIGSTOP) != 0)
            return false;
        for (int looks = 0; looks < HOLD_TRIES && !is_stopped(pid); looks++)
            pause_a_little();
        if (is_held(pid))
            return true;
        kill((pid_t)atoi(pid), SIGCONT);
        pause_a_little();
    }
    return false;
}

static bool seek_process(const char *pid)
{
    char path[64];
    struct mapping mapping = {.from = 0};
    struct place place = {.where = NULL};
    snprintf(path, sizeof path, "/proc/%s/mem", pid);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%s/smaps", pid);
    FILE *maps = fopen(path, "re");
    bool ok = memory >= 0 && maps != NULL && hold(pid) && read_environment(pid, &place);
    while (ok && next_mapping(maps, &mapping)) {
        place.where = mapping.name;
        place.how = mapping.is_left_out ? "left out" : "dumped";
        if (is_ours(&mapping))
            seek_through(memory, mapping.from, mapping.to, &place);
    }
    kill((pid_t)atoi(pid), SIGCONT);
    if (maps != NULL)
        fclose(maps);
    if (memory >= 0)
        close(memory);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc < 3 || !read_texts(argv[1])) {
        fprintf(stderr, "seek: no TEXTS of lines NAME<tab>TEXT, each text %d bytes or more\n",
                PIECE_LEN);
        return FAILED;
    }
    bool is_process = strcmp(argv[2], "-p") == 0 && argc == 4;
    bool ok = is_process ? seek_process(argv[3]) : true;
    for (int i = 2; !is_process && ok && i < argc; i++)
        ok = seek_file(argv[i]);
    if (!ok) {
        perror("seek");
        return FAILED;
    }
    printf("%" PRIu64 " bytes\n", bytes_seen);
    return DONE;
}
