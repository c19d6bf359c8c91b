// Memory that is mapped twice, end to end, so that a ring has no seam: byte n and byte n + size are the same.
#pragma once
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Maps `size` bytes (a multiple of the page size) twice in a row; NULL when the system refuses, with errno set.
static inline void *mirror_map(size_t size) {
    char *place = (char *)mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) return NULL;
    void *first = mmap(place, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    // An old size of 0 makes a second mapping of the same shared pages (mremap(2)).
    long second = first == MAP_FAILED
        ? -1
        : syscall(SYS_mremap, place, (size_t)0, size, 3 /* MREMAP_MAYMOVE | MREMAP_FIXED */, place + size);
    if (second == -1) {
        munmap(place, 2 * size);
        return NULL;
    }
    return place;
}

/// Gives back what `mirror_map` mapped.
static inline void mirror_unmap(void *place, size_t size) { munmap(place, 2 * size); }
