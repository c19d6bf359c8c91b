// What the processor is told beside arithmetic.
#pragma once

/// Tells the processor that this is a waiting loop, which saves power and helps the other thread of the core.
static inline void processor_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Which of the vector kernels this processor runs: 0 SSE4 (or another maker's 128 bits), 1 AVX2, 2 AVX-512; -1 none.
static inline int processor_simd_level(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return 2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi")
        && __builtin_cpu_supports("bmi2"))
        return 1;
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt") ? 0 : -1;
#else
    return 0;
#endif
}

/// Copies values past the caches, for what will not be read soon: it neither reads the memory first nor drives out what is
/// in use. `processor_streamed` must follow before another thread is told of them.
static inline void processor_stream(const float *from, float *to, long count) {
    typedef float line __attribute__((ext_vector_type(16)));
    typedef line unaligned_line __attribute__((aligned(4)));
    long at = 0;
    for (; at < count && ((unsigned long)(to + at) & 63) != 0; at++) to[at] = from[at];
    for (; at + 16 <= count; at += 16)
        __builtin_nontemporal_store(*(const unaligned_line *)(from + at), (line *)(to + at));
    for (; at < count; at++) to[at] = from[at];
}

/// Lets everything that was streamed be seen before what is stored from here on.
static inline void processor_streamed(void) {
#if defined(__x86_64__)
    __builtin_ia32_sfence();
#endif
}
