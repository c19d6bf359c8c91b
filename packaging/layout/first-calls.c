// Writes which functions of a program are called, each once, in the order of their first calls.
//
// Loaded ahead of the program (LD_PRELOAD) it puts a breakpoint on each of its functions; the first call runs into it, writes
// the function's name and takes the breakpoint away. So every function is seen, also one that runs once for a microsecond,
// and the program runs at its usual speed afterwards. x86-64 only.
//
// FIRST_CALLS_OF=PROGRAM    whose calls; other programs are left alone
// FIRST_CALLS_LIST=FILE     its functions: an address within the file, hexadecimal, and a name in each line, ascending
// FIRST_CALLS_TO=FILE       where the names go, behind what is there
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { BREAKPOINT = 0xCC, PAGE_BYTES = 4096 };

struct function {
    uint8_t *entry;
    uint8_t first_byte;  // what the breakpoint replaces
    const char *name;
    size_t name_bytes;  // with the line's end
};

static struct function *functions;
static size_t function_count;
static int names;

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "first-calls: %s: %s\n", what, strerror(errno));
    _exit(70);
}

static struct function *function_at(const uint8_t *entry) {
    size_t low = 0, high = function_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (functions[middle].entry < entry) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < function_count && functions[low].entry == entry ? &functions[low] : NULL;
}

// Nothing in here may call a function of the program.
static void take_call(int number, siginfo_t *info, void *context) {
    (void)info;
    int error_before = errno;
    greg_t *instruction = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    struct function *called = function_at((uint8_t *)*instruction - 1);
    if (called == NULL) {  // not one of ours
        signal(number, SIG_DFL);
        return;
    }
    // Of several threads that run into it one writes its name.
    if (__atomic_exchange_n(called->entry, called->first_byte, __ATOMIC_SEQ_CST) == BREAKPOINT
        && write(names, called->name, called->name_bytes) != (ssize_t)called->name_bytes) {
        _exit(70);
    }
    *instruction -= 1;
    errno = error_before;
}

static int take_base(struct dl_phdr_info *object, size_t bytes, void *base) {
    (void)bytes;
    *(uintptr_t *)base = object->dlpi_addr;
    return 1;  // the program is the first
}

static void read_functions(const char *path) {
    FILE *list = fopen(path, "r");
    if (list == NULL) fail(path);
    uintptr_t base = 0;
    dl_iterate_phdr(take_base, &base);
    char *line = NULL;
    size_t room = 0, capacity = 0;
    while (getline(&line, &room, list) > 0) {
        char *name;
        uint8_t *entry = (uint8_t *)base + strtoull(line, &name, 16);
        if (*name != ' ') continue;
        // Several names of one place: the first stands for it.
        if (function_count > 0 && functions[function_count - 1].entry == entry) continue;
        if (function_count == capacity) {
            capacity = capacity == 0 ? 65536 : 2 * capacity;
            functions = reallocarray(functions, capacity, sizeof *functions);
            if (functions == NULL) fail("the list of functions");
        }
        const char *kept = strdup(name + 1);
        if (kept == NULL) fail("a function's name");
        functions[function_count++] = (struct function){.entry = entry, .name = kept, .name_bytes = strlen(kept)};
    }
    free(line);
    fclose(list);
    if (function_count == 0) {
        errno = EINVAL;
        fail(path);
    }
}

static void set_breakpoints(void) {
    uintptr_t pages = ~(uintptr_t)(PAGE_BYTES - 1);
    uintptr_t first = (uintptr_t)functions[0].entry & pages;
    uintptr_t end = ((uintptr_t)functions[function_count - 1].entry & pages) + PAGE_BYTES;
    if (mprotect((void *)first, end - first, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) fail("mprotect");
    struct sigaction action = {.sa_sigaction = take_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    if (sigaction(SIGTRAP, &action, NULL) != 0) fail("sigaction");
    for (size_t i = 0; i < function_count; i++) {
        functions[i].first_byte = *functions[i].entry;
        *functions[i].entry = BREAKPOINT;
    }
}

__attribute__((constructor)) static void begin(void) {
    const char *program = getenv("FIRST_CALLS_OF"), *list = getenv("FIRST_CALLS_LIST"), *to = getenv("FIRST_CALLS_TO");
    char path[4096];
    ssize_t bytes = readlink("/proc/self/exe", path, sizeof path - 1);
    if (program == NULL || list == NULL || to == NULL || bytes < 0) return;
    path[bytes] = 0;
    if (strcmp(path, program) != 0) return;
    names = open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (names < 0) fail(to);
    read_functions(list);
    set_breakpoints();
}
