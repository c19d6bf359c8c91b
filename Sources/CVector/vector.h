// Wide vectors for Swift: fused multiply-add and shuffles that the standard library lacks.
//
// The `ext_vector_type` types arrive in Swift as SIMD16<Float> and SIMD8<Float>. With contraction on,
// a*b+c is one fused instruction where the target has it, and a multiply and an add where it has not
// (SIMD.addingProduct would call the C library once a lane there). Vectors are passed by value: Swift
// aligns SIMD16<Float> memory to 16 bytes, C expects 64.
#pragma once

typedef float vector_f16 __attribute__((ext_vector_type(16)));
typedef float vector_f8 __attribute__((ext_vector_type(8)));
typedef short vector_s16 __attribute__((ext_vector_type(16)));

#define VECTOR_INLINE static inline __attribute__((always_inline))

VECTOR_INLINE vector_f16 vector_mad16(vector_f16 a, vector_f16 b, vector_f16 c) {
#pragma clang fp contract(fast)
    return a * b + c;
}

VECTOR_INLINE vector_f8 vector_mad8(vector_f8 a, vector_f8 b, vector_f8 c) {
#pragma clang fp contract(fast)
    return a * b + c;
}

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

VECTOR_INLINE vector_f16 vector_from_int16(vector_s16 a) {
    return __builtin_convertvector(a, vector_f16);
}

VECTOR_INLINE float vector_sum16(vector_f16 a) {
    typedef float vector_f4 __attribute__((ext_vector_type(4)));
    vector_f8 eight = a.lo + a.hi;
    vector_f4 four = eight.lo + eight.hi;
    return (four.x + four.y) + (four.z + four.w);
}
