// Vectors for several transforms side by side: as many lanes as one register of the processor holds.
//
// Each module that is compiled for a kind of processor sees its own width here. The types never leave such a module.
#pragma once
#include "vector.h"

#if defined(__AVX512F__)
#define VECTOR_BATCH 16
typedef vector_f16 vector_batch;
typedef vector_u16 vector_batch_unaligned;
#elif defined(__AVX__)
#define VECTOR_BATCH 8
typedef vector_f8 vector_batch;
typedef vector_u8 vector_batch_unaligned;
#else
#define VECTOR_BATCH 4
typedef vector_f4 vector_batch;
typedef vector_u4 vector_batch_unaligned;
#endif

/// What several windows' power spectra are computed with.
typedef struct {
    /// Complex values of a window, a power of two from 64 on.
    long length;
    /// The window, a weight for each value.
    const float *weights;
    /// For each pass and position w, w^2, w^3, real and imaginary; positions of the last pass have none.
    const float *factors;
    /// The bin of each last butterfly's first result.
    const int *order;
    /// What squared magnitudes are multiplied by.
    float scale;
} vector_spectra_plan;

/// What one window's power spectrum is computed with.
typedef struct {
    /// Complex values of a window, a power of two from 64 on.
    long length;
    /// The window, a weight for each value.
    const float *weights;
    /// The factors of `fourierPasses`.
    const float *vectorFactors, *scalarFactors;
    /// What squared magnitudes are multiplied by.
    float scale;
} vector_window_plan;

/// One window of samples.
typedef struct {
    const float *real, *imaginary;
    /// What is taken from I and Q before the weights.
    float meanOfI, meanOfQ;
    /// The corrected Q is Q times the first plus I times the second.
    float shareOfQ, shareOfI;
} vector_window;

/// The windows that a batch takes in: one for each lane.
typedef struct {
    /// Where each window begins in both planes.
    const long *starts;
    /// What is taken from I and Q before the weights; NULL for nothing.
    const float *meansOfI, *meansOfQ;
    /// The corrected Q is Q times the first plus I times the second; NULL for Q as it is.
    const float *sharesOfQ, *sharesOfI;
} vector_spectra_windows;

/// How the noise of a spectrum is estimated.
typedef struct {
    /// Bins at which segments begin, one more than there are segments.
    const int *edges;
    /// Segments, up to `VECTOR_NOISE_SEGMENTS`, and which of their means, from the lowest, is the first estimate.
    int segments, rank;
    /// What the first estimate is multiplied by, up to how many times it a segment counts, and the last factor.
    float first_scale, near_limit, last_scale;
} vector_noise_plan;

#define VECTOR_NOISE_SEGMENTS 16

/// How one direction of a spectrum is looked through for flow.
typedef struct {
    /// Bins of the spectrum, the first that counts and the one behind the last, as distances from 0 Hz.
    long length, first, end;
    /// What a bin's ratio to the noise is compared with, and above which ratio it has weight.
    float noise_ratio, weighted_ratio;
    /// Strength from which on a run is flow.
    float threshold;
} vector_scan_plan;

VECTOR_INLINE vector_batch vector_batch_load(const float *from) { return *(const vector_batch_unaligned *)from; }
VECTOR_INLINE void vector_batch_store(vector_batch values, float *to) { *(vector_batch_unaligned *)to = values; }
VECTOR_INLINE vector_batch vector_batch_all(float value) { return (vector_batch)(value); }
// The Swift library's operators take such vectors apart and put them together again, lane by lane.
VECTOR_INLINE vector_batch vector_batch_add(vector_batch a, vector_batch b) { return a + b; }
VECTOR_INLINE vector_batch vector_batch_sub(vector_batch a, vector_batch b) { return a - b; }
VECTOR_INLINE vector_batch vector_batch_mul(vector_batch a, vector_batch b) { return a * b; }
/// `a * b + c * d`, each product and the sum rounded.
VECTOR_INLINE vector_batch vector_batch_dot(vector_batch a, vector_batch b, vector_batch c, vector_batch d) {
    _Pragma("clang fp contract(off)") return a * b + c * d;
}
/// `a * b - c * d`, each product and the difference rounded.
VECTOR_INLINE vector_batch vector_batch_cross(vector_batch a, vector_batch b, vector_batch c, vector_batch d) {
    _Pragma("clang fp contract(off)") return a * b - c * d;
}
VECTOR_INLINE vector_batch vector_batch_max(vector_batch a, vector_batch b) { return __builtin_elementwise_max(a, b); }
VECTOR_INLINE vector_batch vector_batch_min(vector_batch a, vector_batch b) { return __builtin_elementwise_min(a, b); }

/// What a comparison gives: all bits of a lane, or none.
#if VECTOR_BATCH == 16
typedef int vector_batch_mask __attribute__((ext_vector_type(16)));
#elif VECTOR_BATCH == 8
typedef int vector_batch_mask __attribute__((ext_vector_type(8)));
#else
typedef int vector_batch_mask __attribute__((ext_vector_type(4)));
#endif

VECTOR_INLINE vector_batch vector_batch_div(vector_batch a, vector_batch b) { return a / b; }
VECTOR_INLINE vector_batch_mask vector_batch_above(vector_batch a, vector_batch b) { return a > b; }
/// The lanes of `a` where the mask holds, else those of `b`.
VECTOR_INLINE vector_batch vector_batch_choose(vector_batch_mask mask, vector_batch a, vector_batch b) {
    return (vector_batch)((mask & (vector_batch_mask)a) | (~mask & (vector_batch_mask)b));
}

/// Whether a lane of `a` is at least as great.
VECTOR_INLINE int vector_batch_reaches(vector_batch a, float least) { return __builtin_reduce_max(a) >= least; }

/// A vector for each segment.
typedef struct {
    float values[VECTOR_NOISE_SEGMENTS * VECTOR_BATCH];
} vector_noise_room;

VECTOR_INLINE vector_batch vector_noise_get(const vector_noise_room *room, long index) {
    return vector_batch_load(room->values + index * VECTOR_BATCH);
}
VECTOR_INLINE void vector_noise_put(vector_noise_room *room, long index, vector_batch values) {
    vector_batch_store(values, room->values + index * VECTOR_BATCH);
}

// Interleaves neighbours of two rows within each quarter-kilobit (four lanes), as the processors do in one step.
#if VECTOR_BATCH == 16
#define VECTOR_PAIRS_LOW 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define VECTOR_PAIRS_HIGH 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define VECTOR_QUADS_LOW 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define VECTOR_QUADS_HIGH 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#elif VECTOR_BATCH == 8
#define VECTOR_PAIRS_LOW 0, 8, 1, 9, 4, 12, 5, 13
#define VECTOR_PAIRS_HIGH 2, 10, 3, 11, 6, 14, 7, 15
#define VECTOR_QUADS_LOW 0, 1, 8, 9, 4, 5, 12, 13
#define VECTOR_QUADS_HIGH 2, 3, 10, 11, 6, 7, 14, 15
#else
#define VECTOR_PAIRS_LOW 0, 4, 1, 5
#define VECTOR_PAIRS_HIGH 2, 6, 3, 7
#define VECTOR_QUADS_LOW 0, 1, 4, 5
#define VECTOR_QUADS_HIGH 2, 3, 6, 7
#endif

/// Turns as many rows of as many values into columns: row r becomes lane r of every result.
VECTOR_INLINE void vector_batch_transpose(const vector_batch *rows, vector_batch *columns) {
    vector_batch quads[VECTOR_BATCH];
    // Lanes 4g to 4g + 3 of quads[4 * f + k]: value 4g + k of the rows 4f to 4f + 3.
    _Pragma("clang loop unroll(full)") for (int four = 0; four < VECTOR_BATCH; four += 4) {
        vector_batch lowA = __builtin_shufflevector(rows[four], rows[four + 1], VECTOR_PAIRS_LOW);
        vector_batch highA = __builtin_shufflevector(rows[four], rows[four + 1], VECTOR_PAIRS_HIGH);
        vector_batch lowB = __builtin_shufflevector(rows[four + 2], rows[four + 3], VECTOR_PAIRS_LOW);
        vector_batch highB = __builtin_shufflevector(rows[four + 2], rows[four + 3], VECTOR_PAIRS_HIGH);
        quads[four] = __builtin_shufflevector(lowA, lowB, VECTOR_QUADS_LOW);
        quads[four + 1] = __builtin_shufflevector(lowA, lowB, VECTOR_QUADS_HIGH);
        quads[four + 2] = __builtin_shufflevector(highA, highB, VECTOR_QUADS_LOW);
        quads[four + 3] = __builtin_shufflevector(highA, highB, VECTOR_QUADS_HIGH);
    }
#if VECTOR_BATCH == 16
    _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++) {
        vector_batch a = quads[k], b = quads[4 + k], c = quads[8 + k], d = quads[12 + k];
        vector_batch even = __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
        vector_batch odd = __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
        vector_batch evenB = __builtin_shufflevector(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
        vector_batch oddB = __builtin_shufflevector(c, d, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
        columns[k] = __builtin_shufflevector(even, evenB, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
        columns[8 + k] =
            __builtin_shufflevector(even, evenB, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
        columns[4 + k] = __builtin_shufflevector(odd, oddB, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
        columns[12 + k] =
            __builtin_shufflevector(odd, oddB, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    }
#elif VECTOR_BATCH == 8
    _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++) {
        columns[k] = __builtin_shufflevector(quads[k], quads[4 + k], 0, 1, 2, 3, 8, 9, 10, 11);
        columns[4 + k] = __builtin_shufflevector(quads[k], quads[4 + k], 4, 5, 6, 7, 12, 13, 14, 15);
    }
#else
    _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++) columns[k] = quads[k];
#endif
}

/// Gathers a block of as many values from as many places into lanes: value v of lane r is `from[starts[r] + v]`.
VECTOR_INLINE void vector_batch_gather(const float *from, const long *starts, float *to, long step) {
    vector_batch rows[VECTOR_BATCH], columns[VECTOR_BATCH];
    _Pragma("clang loop unroll(full)") for (int row = 0; row < VECTOR_BATCH; row++) rows[row] =
        vector_batch_load(from + starts[row]);
    vector_batch_transpose(rows, columns);
    _Pragma("clang loop unroll(full)") for (int value = 0; value < VECTOR_BATCH; value++)
        vector_batch_store(columns[value], to + value * step);
}

/// The other way round: lane r of the vector v becomes `to[r * distance + v]`.
VECTOR_INLINE void vector_batch_spread(const float *from, float *to, long distance) {
    vector_batch rows[VECTOR_BATCH], columns[VECTOR_BATCH];
    _Pragma("clang loop unroll(full)") for (int value = 0; value < VECTOR_BATCH; value++) columns[value] =
        vector_batch_load(from + value * VECTOR_BATCH);
    vector_batch_transpose(columns, rows);
    _Pragma("clang loop unroll(full)") for (int row = 0; row < VECTOR_BATCH; row++)
        vector_batch_store(rows[row], to + row * distance);
}
