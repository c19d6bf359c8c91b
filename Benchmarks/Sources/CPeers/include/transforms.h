// Peers of the Fourier transform and of the whole Doppler chain.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Pulses of a window, and pulses from one window to the next: what every peer of the chain computes.
enum { peer_window = 256, peer_hop = 64 };

typedef enum {
    /// FFTW, single precision, planned by measuring. GPL: a peer only.
    peer_fft_fftw = 0,
    /// KissFFT, single precision.
    peer_fft_kiss = 1,
    /// liquid-dsp.
    peer_fft_liquid = 2,
} peer_fft_kind;

/// A plan for one forward transform of `length` complex values.
void *peer_fft_make(peer_fft_kind kind, int length);
void peer_fft_free(peer_fft_kind kind, void *plan);
/// Where the plan reads its interleaved values.
float *peer_fft_input(peer_fft_kind kind, void *plan);
/// Transforms the input `times` times; returns where the interleaved result stands.
const float *peer_fft_run(peer_fft_kind kind, void *plan, long times);

/// The coefficients of the wall filter, b0 b1 b2 a1 a2 of each of two sections: a Butterworth high-pass of order 4.
typedef struct {
    float section[2][5];
} peer_wall_filter;

typedef enum {
    /// C and FFTW as one writes them first: gate by gate.
    peer_chain_straightforward = 0,
    /// C and FFTW with the gates of the filter in vector lanes and lag products summed once a hop.
    peer_chain_tuned = 1,
    /// As the first, with KissFFT.
    peer_chain_kiss = 2,
} peer_chain_kind;

/// int16 I/Q (pulse-major, gate by gate) to power [gate][frame][bin] and lag-one mean turns a pulse [gate][frame].
///
/// Wall filter, Hann window of 256, hop of 64, transform, squared magnitude; the mean from the lag-one products of the
/// window's 255 pairs. `frames` is (pulses - 256) / 64 + 1.
void peer_chain_run(peer_chain_kind kind, const int16_t *iq, long pulses, long gates, const peer_wall_filter *filter,
                    float *power, float *turns);

#ifdef __cplusplus
}
#endif
