// CRC-32C by the processor's own instruction, where it has one.
//
// The compiler's builtins are used rather than the intrinsic headers: those declare the instructions only where
// the whole translation unit is built for them, which a module that Swift imports is not.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#define CHECKSUM_TARGET __attribute__((target("sse4.2")))
#define CHECKSUM_STEP8(state, word) ((uint32_t)__builtin_ia32_crc32di((state), (word)))
#define CHECKSUM_STEP1(state, byte) __builtin_ia32_crc32qi((state), (byte))
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#define CHECKSUM_TARGET
#define CHECKSUM_STEP8(state, word) __builtin_arm_crc32cd((state), (word))
#define CHECKSUM_STEP1(state, byte) __builtin_arm_crc32cb((state), (byte))
#endif

/// Whether `checksum_crc32c_hardware` may be called on this processor.
static inline int checksum_has_crc32c(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("sse4.2") != 0;
#elif defined(CHECKSUM_TARGET)
    return 1;
#else
    return 0;
#endif
}

#if defined(CHECKSUM_TARGET)
/// Carries a CRC-32C register (not inverted) over `count` bytes.
CHECKSUM_TARGET
static inline uint32_t checksum_crc32c_hardware(uint32_t state, const void *bytes, size_t count) {
    const uint8_t *at = (const uint8_t *)bytes;
    for (; count >= 8; count -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        state = CHECKSUM_STEP8(state, word);
    }
    for (; count; count--, at++) state = CHECKSUM_STEP1(state, *at);
    return state;
}
#else
/// Never called where `checksum_has_crc32c` is 0.
static inline uint32_t checksum_crc32c_hardware(uint32_t state, const void *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return state;
}
#endif
