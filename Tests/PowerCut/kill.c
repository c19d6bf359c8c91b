// Ends a process with SIGKILL in front of its n-th call that changes a disk, or half-way through it (KILL_AT), or counts
// these calls (KILL_COUNT). It stands in front of the C library by LD_PRELOAD.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static long at = -1, count = 0;
static int dies(void) {
    if (at < 0) { const char *text = getenv("KILL_AT"); at = text ? atol(text) : 0; }
    return __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST) == at;
}
static void die(void) { kill(getpid(), SIGKILL); for (;;) pause(); }
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("KILL_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) { fprintf(file, "%ld", count); fclose(file); }
}
ssize_t write(int file, const void *bytes, size_t size) {
    if (file > 2 && dies()) { REAL(write)(file, bytes, size / 2); die(); }
    return REAL(write)(file, bytes, size);
}
ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t place) {
    if (dies()) { REAL(pwrite64)(file, bytes, size / 2, place); die(); }
    return REAL(pwrite64)(file, bytes, size, place);
}
ssize_t pwrite(int file, const void *bytes, size_t size, off_t place) {
    if (dies()) { REAL(pwrite)(file, bytes, size / 2, place); die(); }
    return REAL(pwrite)(file, bytes, size, place);
}
int fsync(int file) { if (dies()) die(); return REAL(fsync)(file); }
int fdatasync(int file) { if (dies()) die(); return REAL(fdatasync)(file); }
int ftruncate64(int file, off64_t size) { if (dies()) die(); return REAL(ftruncate64)(file, size); }
int ftruncate(int file, off_t size) { if (dies()) die(); return REAL(ftruncate)(file, size); }
int rename(const char *from, const char *to) { if (dies()) die(); return REAL(rename)(from, to); }
int unlink(const char *path) { if (dies()) die(); return REAL(unlink)(path); }
int rmdir(const char *path) { if (dies()) die(); return REAL(rmdir)(path); }
int mkdir(const char *path, mode_t mode) { if (dies()) die(); return REAL(mkdir)(path, mode); }
