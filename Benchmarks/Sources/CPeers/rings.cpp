// Peers of the ring, and an own C++ reference of the techniques that a fast one uses: positions that only grow, each
// side's copy of the other's position, and 128 bytes between the sides, because processors fetch lines in pairs.
#include "peers.h"

#include <jack/ringbuffer.h>

#include <algorithm>
#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

struct Reference {
    alignas(128) std::atomic<uint64_t> head{0};
    uint64_t seenTail = 0;
    alignas(128) std::atomic<uint64_t> tail{0};
    uint64_t seenHead = 0;
    alignas(128) std::vector<uint64_t> slots;
    uint64_t mask;

    explicit Reference(uint64_t count) : slots(count), mask(count - 1) {}

    bool push(uint64_t value) {
        uint64_t at = head.load(std::memory_order_relaxed);
        if (at - seenTail > mask) {
            seenTail = tail.load(std::memory_order_acquire);
            if (at - seenTail > mask) return false;
        }
        slots[at & mask] = value;
        head.store(at + 1, std::memory_order_release);
        return true;
    }

    bool pop(uint64_t &value) {
        uint64_t at = tail.load(std::memory_order_relaxed);
        if (at == seenHead) {
            seenHead = head.load(std::memory_order_acquire);
            if (at == seenHead) return false;
        }
        value = slots[at & mask];
        tail.store(at + 1, std::memory_order_release);
        return true;
    }
};

using Boost = boost::lockfree::spsc_queue<uint64_t>;

template <class Ring> void produce(Ring &ring, uint64_t count) {
    for (uint64_t item = 0; item < count; item++) {
        uint32_t tries = 0;
        while (!ring.push(item)) peer_wait(&tries);
    }
}

template <class Ring> uint64_t consume(Ring &ring, uint64_t count) {
    uint64_t sum = 0, value;
    for (uint64_t item = 0; item < count; item++) {
        uint32_t tries = 0;
        while (!ring.pop(value)) peer_wait(&tries);
        sum += value;
    }
    return sum;
}

struct Broadcast {
    struct alignas(128) Cursor {
        std::atomic<uint64_t> position{0};
    };
    alignas(128) std::atomic<uint64_t> head{0};
    uint64_t slowest = 0;
    alignas(128) std::vector<uint64_t> slots;
    uint64_t mask;
    std::vector<Cursor> cursors;

    Broadcast(uint64_t count, int consumers) : slots(count), mask(count - 1), cursors(consumers) {}

    uint64_t room() {
        uint64_t at = head.load(std::memory_order_relaxed);
        if (at - slowest > mask) {
            slowest = at;
            for (auto &cursor : cursors)
                slowest = std::min(slowest, cursor.position.load(std::memory_order_acquire));
        }
        return mask + 1 - (at - slowest);
    }
};

} // namespace

void peer_pin(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    sched_setaffinity(0, sizeof set, &set);
}

int peer_simd_level(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return 2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
    return 0;
}

void peer_fail(const char *sentence) {
    fprintf(stderr, "dopplerbench: %s\n", sentence);
    exit(1);
}

void *peer_items_make(peer_ring_kind kind, uint64_t slots) {
    if (kind == peer_ring_boost) return new Boost(slots);
    return new Reference(slots);
}

void peer_items_free(peer_ring_kind kind, void *ring) {
    if (kind == peer_ring_boost) delete static_cast<Boost *>(ring);
    else delete static_cast<Reference *>(ring);
}

void peer_items_produce(peer_ring_kind kind, void *ring, uint64_t count) {
    if (kind == peer_ring_boost) produce(*static_cast<Boost *>(ring), count);
    else produce(*static_cast<Reference *>(ring), count);
}

uint64_t peer_items_consume(peer_ring_kind kind, void *ring, uint64_t count) {
    if (kind == peer_ring_boost) return consume(*static_cast<Boost *>(ring), count);
    return consume(*static_cast<Reference *>(ring), count);
}

void *peer_jack_make(size_t bytes) { return jack_ringbuffer_create(bytes); }

void peer_jack_free(void *ring) { jack_ringbuffer_free(static_cast<jack_ringbuffer_t *>(ring)); }

void peer_jack_produce(void *ring, const void *source, size_t source_bytes, size_t block, uint64_t count) {
    auto *jack = static_cast<jack_ringbuffer_t *>(ring);
    for (uint64_t item = 0; item < count; item++) {
        uint32_t tries = 0;
        while (jack_ringbuffer_write_space(jack) < block) peer_wait(&tries);
        jack_ringbuffer_write(jack, static_cast<const char *>(source) + (item * block) % source_bytes, block);
    }
}

uint64_t peer_jack_consume(void *ring, size_t block, uint64_t count) {
    auto *jack = static_cast<jack_ringbuffer_t *>(ring);
    std::vector<char> out(block);
    for (uint64_t item = 0; item < count; item++) {
        uint32_t tries = 0;
        while (jack_ringbuffer_read_space(jack) < block) peer_wait(&tries);
        jack_ringbuffer_read(jack, out.data(), block);
    }
    return static_cast<uint8_t>(out[block - 1]);
}

uint64_t peer_memcpy(void *area, size_t area_bytes, const void *source, size_t source_bytes, size_t block,
                     uint64_t count) {
    auto *to = static_cast<uint8_t *>(area);
    for (uint64_t item = 0; item < count; item++)
        memcpy(to + (item * block) % area_bytes, static_cast<const uint8_t *>(source) + (item * block) % source_bytes,
               block);
    return to[block - 1];
}

void *peer_broadcast_make(uint64_t slots, int consumers) { return new Broadcast(slots, consumers); }

void peer_broadcast_free(void *ring) { delete static_cast<Broadcast *>(ring); }

void peer_broadcast_produce(void *ring, uint64_t count, uint64_t batch) {
    auto &all = *static_cast<Broadcast *>(ring);
    uint64_t item = 0;
    while (item < count) {
        uint32_t tries = 0;
        uint64_t room;
        while (!(room = all.room())) peer_wait(&tries);
        uint64_t now = std::min({room, batch, count - item});
        uint64_t at = all.head.load(std::memory_order_relaxed);
        for (uint64_t index = 0; index < now; index++) all.slots[(at + index) & all.mask] = item + index;
        all.head.store(at + now, std::memory_order_release);
        item += now;
    }
}

uint64_t peer_broadcast_consume(void *ring, int consumer, uint64_t count) {
    auto &all = *static_cast<Broadcast *>(ring);
    uint64_t at = 0, sum = 0;
    while (at < count) {
        uint32_t tries = 0;
        uint64_t head;
        while ((head = all.head.load(std::memory_order_acquire)) == at) peer_wait(&tries);
        for (; at < head; at++) sum += all.slots[at & all.mask];
        all.cursors[consumer].position.store(at, std::memory_order_release);
    }
    return sum;
}
