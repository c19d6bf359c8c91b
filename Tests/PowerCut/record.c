// Writes down, in its order, every call of a process that changes a disk below WATCH_FOLDER, and what it tells on standard
// output and error, to the file WATCH_LOG. It stands in front of the C library by LD_PRELOAD.
//
// A record: one byte of kind, two names (each a 32-bit length and bytes), a 64-bit place or size, a 64-bit length and
// bytes; integers as the processor has them.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;
static const char *watched;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("WATCH_LOG");
    watched = getenv("WATCH_FOLDER");
    if (path && watched) log_file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void put(const void *bytes, size_t size) {
    const char *rest = bytes;
    while (size > 0) {
        long done = syscall(SYS_write, log_file, rest, size);
        if (done <= 0) abort();
        rest += done;
        size -= (size_t)done;
    }
}

static void record(char kind, const char *path, const char *other, uint64_t place, const void *bytes, uint64_t size) {
    int before = errno;
    uint32_t length = (uint32_t)strlen(path), other_length = (uint32_t)strlen(other);
    put(&kind, 1);
    put(&length, 4);
    put(path, length);
    put(&other_length, 4);
    put(other, other_length);
    put(&place, 8);
    put(&size, 8);
    put(bytes, size);
    errno = before;
}

static int is_watched(const char *path) {
    size_t length = watched ? strlen(watched) : 0;
    return log_file >= 0 && strncmp(path, watched, length) == 0 && (path[length] == '/' || path[length] == 0);
}

// The name of an open file as it is now; empty where it has none.
static const char *name_of(int file, char *path) {
    char link[64];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    errno = before;
    path[length > 0 ? length : 0] = 0;
    return path;
}

static void note(int file, char kind, uint64_t place, const void *bytes, size_t size) {
    char path[PATH_MAX];
    if (is_watched(name_of(file, path))) record(kind, path, "", place, bytes, size);
}

static void note_opened(int file, int flags, int was_there) {
    if (file < 0) return;
    if (!was_there) note(file, 'C', 0, "", 0);
    else if (flags & O_TRUNC) note(file, 'T', 0, "", 0);
}

#define OPEN(name)                                                                              \
    int name(const char *path, int flags, ...) {                                                \
        va_list rest;                                                                           \
        va_start(rest, flags);                                                                  \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;               \
        va_end(rest);                                                                           \
        pthread_mutex_lock(&order);                                                             \
        int was_there = !(flags & O_CREAT) || faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0; \
        int file = REAL(name)(path, flags, mode);                                               \
        note_opened(file, flags, was_there);                                                    \
        pthread_mutex_unlock(&order);                                                           \
        return file;                                                                            \
    }
OPEN(open)
OPEN(open64)

ssize_t write(int file, const void *bytes, size_t size) {
    pthread_mutex_lock(&order);
    off_t place = lseek(file, 0, SEEK_CUR);
    ssize_t done = REAL(write)(file, bytes, size);
    if (done > 0 && (file == STDOUT_FILENO || file == STDERR_FILENO) && log_file >= 0) record('A', "", "", 0, bytes, (uint64_t)done);
    else if (done > 0) note(file, 'W', (uint64_t)place, bytes, (size_t)done);
    pthread_mutex_unlock(&order);
    return done;
}

#define PWRITE(name, type)                                                          \
    ssize_t name(int file, const void *bytes, size_t size, type place) {            \
        pthread_mutex_lock(&order);                                                 \
        ssize_t done = REAL(name)(file, bytes, size, place);                        \
        if (done > 0) note(file, 'W', (uint64_t)place, bytes, (size_t)done);        \
        pthread_mutex_unlock(&order);                                               \
        return done;                                                                \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(name, type)                                    \
    int name(int file, type size) {                             \
        pthread_mutex_lock(&order);                             \
        int done = REAL(name)(file, size);                      \
        if (done == 0) note(file, 'T', (uint64_t)size, "", 0);  \
        pthread_mutex_unlock(&order);                           \
        return done;                                            \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                      \
    int name(int file) {                                \
        pthread_mutex_lock(&order);                     \
        int done = REAL(name)(file);                    \
        if (done == 0) note(file, 'S', 0, "", 0);       \
        pthread_mutex_unlock(&order);                   \
        return done;                                    \
    }
SYNC(fsync)
SYNC(fdatasync)

int rename(const char *from, const char *to) {
    pthread_mutex_lock(&order);
    int done = REAL(rename)(from, to);
    if (done == 0 && is_watched(from)) record('R', from, to, 0, "", 0);
    pthread_mutex_unlock(&order);
    return done;
}

#define REMOVE(name, kind)                                              \
    int name(const char *path) {                                        \
        pthread_mutex_lock(&order);                                     \
        int done = REAL(name)(path);                                    \
        if (done == 0 && is_watched(path)) record(kind, path, "", 0, "", 0); \
        pthread_mutex_unlock(&order);                                   \
        return done;                                                    \
    }
REMOVE(unlink, 'U')
REMOVE(rmdir, 'D')

int mkdir(const char *path, mode_t mode) {
    pthread_mutex_lock(&order);
    int done = REAL(mkdir)(path, mode);
    if (done == 0 && is_watched(path)) record('M', path, "", 0, "", 0);
    pthread_mutex_unlock(&order);
    return done;
}
