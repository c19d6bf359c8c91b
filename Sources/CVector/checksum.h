// CRC-32C by the processor's own instruction, where it has one.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#define CHECKSUM_TARGET __attribute__((target("sse4.2")))
#elif defined(__aarch64__)
#include <arm_acle.h>
#define CHECKSUM_TARGET __attribute__((target("crc")))
#endif

/// Whether `checksum_crc32c_hardware` may be called on this processor.
static inline int checksum_has_crc32c(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("sse4.2") != 0;
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
    return 1;
#else
    return 0;
#endif
}

/// Carries a CRC-32C register (not inverted) over `count` bytes.
#if defined(__x86_64__)
CHECKSUM_TARGET
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
CHECKSUM_TARGET
#endif
static inline uint32_t checksum_crc32c_hardware(uint32_t state, const void *bytes, size_t count) {
    const uint8_t *at = (const uint8_t *)bytes;
#if defined(__x86_64__)
    uint64_t wide = state;
    for (; count >= 8; count -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        wide = _mm_crc32_u64(wide, word);
    }
    state = (uint32_t)wide;
    for (; count; count--, at++) state = _mm_crc32_u8(state, *at);
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
    for (; count >= 8; count -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        state = __crc32cd(state, word);
    }
    for (; count; count--, at++) state = __crc32cb(state, *at);
#else
    (void)at;
    (void)count;
#endif
    return state;
}
