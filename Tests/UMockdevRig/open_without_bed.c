// umockdev's preloaded library (0.17.16) makes a socket whenever a file of /dev is opened, and leaves it open, also where
// there is no test bed. All tests share a process, and each `UUID()` opens /dev/urandom: after a minute it had 2,000
// descriptors, and from some 1,350 on Foundation's `Process.run` reads past the end of the directory of them and may crash.
// So files are opened past that library where there is no test bed: these stand in the program itself, ahead of every library.
// With a sanitizer, which has an `open` of its own, only the driver's tests run: too few to matter.
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

typedef int (*open_function)(const char *, int, ...);

// What follows this program's own, and is the preloaded library's; and the C library's.
struct ways {
    open_function through, past;
};

// The way for this moment; each is looked up once (twice where threads meet, with the same result).
static open_function way(struct ways *ways, const char *name) {
    if (getenv("UMOCKDEV_DIR") != NULL) {
        if (ways->through == NULL) ways->through = (open_function)dlsym(RTLD_NEXT, name);
        return ways->through;
    }
    if (ways->past == NULL) {
        void *library = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
        if (library != NULL) ways->past = (open_function)dlsym(library, name);
    }
    return ways->past;
}

#define OPEN(name)                                                   \
    int name(const char *path, int flags, ...) {                     \
        static struct ways ways;                                     \
        mode_t mode = 0;                                             \
        if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
            va_list rest;                                            \
            va_start(rest, flags);                                   \
            mode = va_arg(rest, mode_t);                             \
            va_end(rest);                                            \
        }                                                            \
        open_function found = way(&ways, #name);                     \
        if (found == NULL) {                                         \
            errno = ENOSYS;                                          \
            return -1;                                               \
        }                                                            \
        return found(path, flags, mode);                             \
    }

OPEN(open)
OPEN(open64)

#endif
