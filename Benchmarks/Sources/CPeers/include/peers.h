// Peers of the ring: each has a maker, one function for the whole of a producer's loop and one for a consumer's.
#pragma once
#include <sched.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Rings with one producer and one consumer.
typedef enum {
    /// Own C++ reference: cached indices, 128 bytes between the sides.
    peer_ring_reference = 0,
    /// boost::lockfree::spsc_queue.
    peer_ring_boost = 1,
} peer_ring_kind;

/// A ring of 8-byte items.
void *peer_items_make(peer_ring_kind kind, uint64_t slots);
void peer_items_free(peer_ring_kind kind, void *ring);
/// Pushes 0 to count - 1, one at a time.
void peer_items_produce(peer_ring_kind kind, void *ring, uint64_t count);
/// Pops `count` items one at a time and returns their sum.
uint64_t peer_items_consume(peer_ring_kind kind, void *ring, uint64_t count);

/// JACK's ring of bytes.
void *peer_jack_make(size_t bytes);
void peer_jack_free(void *ring);
/// Copies `count` blocks in, from a source of `source_bytes` that is gone through again and again.
void peer_jack_produce(void *ring, const void *source, size_t source_bytes, size_t block, uint64_t count);
/// Copies `count` blocks out; returns a byte of the last.
uint64_t peer_jack_consume(void *ring, size_t block, uint64_t count);

/// One thread: copies `count` blocks into an area of `area_bytes`, block after block.
uint64_t peer_memcpy(void *area, size_t area_bytes, const void *source, size_t source_bytes, size_t block,
                     uint64_t count);

/// Own C++ reference for one producer and several consumers that each see every item.
void *peer_broadcast_make(uint64_t slots, int consumers);
void peer_broadcast_free(void *ring);
void peer_broadcast_produce(void *ring, uint64_t count, uint64_t batch);
uint64_t peer_broadcast_consume(void *ring, int consumer, uint64_t count);

/// Keeps the calling thread on one processor.
void peer_pin(int processor);

/// 0: SSE4, 1: AVX2, 2: AVX-512, as far as this processor has it.
int peer_simd_level(void);

/// Ends the program with a sentence on standard error.
__attribute__((noreturn)) void peer_fail(const char *sentence);

/// A step of waiting, the same for every ring: PAUSE, and the core given up every 1,024 tries.
static inline void peer_wait(uint32_t *tries) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
    if ((++*tries & 1023) == 0) sched_yield();
}

#ifdef __cplusplus
}
#endif
