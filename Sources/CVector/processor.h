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
