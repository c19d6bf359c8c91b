// Wide vectors for Swift: loads, shuffles and sums that the standard library lacks.
//
// The `ext_vector_type` types arrive in Swift as SIMD16<Float> and SIMD8<Float>. Contraction is off: a*b+c is rounded
// twice on every processor, so that the same recording gives the same bits with SSE4, AVX2 and AVX-512. (Fused, it
// would be faster where there is such an instruction, and other bits elsewhere.) Vectors are passed by value: Swift
// aligns SIMD16<Float> memory to 16 bytes, C expects 64.
#pragma once

typedef float vector_f16 __attribute__((ext_vector_type(16)));
typedef float vector_f8 __attribute__((ext_vector_type(8)));
typedef float vector_f4 __attribute__((ext_vector_type(4)));
typedef float vector_f2 __attribute__((ext_vector_type(2)));

#define VECTOR_INLINE static inline __attribute__((always_inline))

// Loads and stores at any address. The Swift library's own would be shared between modules that are compiled for
// different processors, and the linker would keep one of them for all. Its operators take wide vectors apart, lane by
// lane, and put them together again.
typedef float vector_u16 __attribute__((ext_vector_type(16), aligned(4)));
typedef float vector_u8 __attribute__((ext_vector_type(8), aligned(4)));
typedef float vector_u4 __attribute__((ext_vector_type(4), aligned(4)));
typedef float vector_u2 __attribute__((ext_vector_type(2), aligned(4)));

#define VECTOR_BASICS(n)                                                                                              \
    VECTOR_INLINE vector_f##n vector_load##n(const float *from) { return *(const vector_u##n *)from; }                \
    VECTOR_INLINE void vector_store##n(vector_f##n values, float *to) { *(vector_u##n *)to = values; }                \
    VECTOR_INLINE vector_f##n vector_all##n(float value) { return (vector_f##n)(value); }                             \
    VECTOR_INLINE vector_f##n vector_add##n(vector_f##n a, vector_f##n b) { return a + b; }                           \
    VECTOR_INLINE vector_f##n vector_sub##n(vector_f##n a, vector_f##n b) { return a - b; }                           \
    VECTOR_INLINE vector_f##n vector_mul##n(vector_f##n a, vector_f##n b) { return a * b; }                           \
    VECTOR_INLINE vector_f##n vector_mad##n(vector_f##n a, vector_f##n b, vector_f##n c) {                            \
        _Pragma("clang fp contract(off)") return a * b + c;                                                           \
    }

VECTOR_BASICS(16)
VECTOR_BASICS(8)
VECTOR_BASICS(4)
VECTOR_BASICS(2)

VECTOR_INLINE vector_f2 vector_pair2(float a, float b) { return (vector_f2){a, b}; }

VECTOR_INLINE vector_f16 vector_zip_low16(vector_f16 a, vector_f16 b) {
    return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

VECTOR_INLINE vector_f16 vector_zip_high16(vector_f16 a, vector_f16 b) {
    return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

VECTOR_INLINE vector_f16 vector_even16(vector_f16 a, vector_f16 b) {
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

VECTOR_INLINE vector_f16 vector_odd16(vector_f16 a, vector_f16 b) {
    return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

VECTOR_INLINE float vector_sum16(vector_f16 a) {
    vector_f8 eight = a.lo + a.hi;
    vector_f4 four = eight.lo + eight.hi;
    return (four.x + four.y) + (four.z + four.w);
}

VECTOR_INLINE vector_f16 vector_abs16(vector_f16 a) { return __builtin_elementwise_abs(a); }

VECTOR_INLINE vector_f16 vector_max16(vector_f16 a, vector_f16 b) { return __builtin_elementwise_max(a, b); }

VECTOR_INLINE float vector_greatest16(vector_f16 a) { return __builtin_reduce_max(a); }

/// Adds 1 to each lane of `counted` in which `a` equals `b`; a comparison gives -1 where it holds.
VECTOR_INLINE vector_f16 vector_count_equal16(vector_f16 a, vector_f16 b, vector_f16 counted) {
    return counted - __builtin_convertvector(a == b, vector_f16);
}

typedef short vector_s16 __attribute__((ext_vector_type(16), aligned(1)));
typedef int vector_i16 __attribute__((ext_vector_type(16), aligned(1)));

/// Sixteen 16-bit or 32-bit integers of this processor's byte order, at any address.
VECTOR_INLINE vector_f16 vector_from_short16(const void *from) {
    return __builtin_convertvector(*(const vector_s16 *)from, vector_f16);
}
VECTOR_INLINE vector_f16 vector_from_int16(const void *from) {
    return __builtin_convertvector(*(const vector_i16 *)from, vector_f16);
}

/// Four vectors of four as rows become columns.
VECTOR_INLINE vector_f16 vector_turned16(vector_f16 a) {
    return __builtin_shufflevector(a, a, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}

/// One quarter (0 to 3) of a vector.
VECTOR_INLINE vector_f4 vector_quad16(vector_f16 a, int number) {
    switch (number) {
    case 0: return a.lo.lo;
    case 1: return a.lo.hi;
    case 2: return a.hi.lo;
    default: return a.hi.hi;
    }
}

/// The lower halves, or the upper halves, of two vectors.
VECTOR_INLINE vector_f16 vector_halves_low16(vector_f16 a, vector_f16 b) {
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}
VECTOR_INLINE vector_f16 vector_halves_high16(vector_f16 a, vector_f16 b) {
    return __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}

/// The first and third quarters, or the second and fourth, of two vectors.
VECTOR_INLINE vector_f16 vector_quarters_even16(vector_f16 a, vector_f16 b) {
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}
VECTOR_INLINE vector_f16 vector_quarters_odd16(vector_f16 a, vector_f16 b) {
    return __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}
