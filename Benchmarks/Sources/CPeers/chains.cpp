// The whole Doppler chain in C++ with the transforms of others: written as one writes it first, and tuned.
#include "transforms.h"

#include <fftw3.h>
#include <kissfft/kiss_fft.h>

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstring>
#include <vector>

namespace {

using Complex = std::complex<float>;

const std::vector<float> &hann() {
    static const std::vector<float> weights = [] {
        std::vector<float> made(peer_window);
        for (int at = 0; at < peer_window; at++) made[at] = 0.5f - 0.5f * std::cos(2 * float(M_PI) * at / peer_window);
        return made;
    }();
    return weights;
}

long framesOf(long pulses) { return pulses < peer_window ? 0 : (pulses - peer_window) / peer_hop + 1; }

struct Buffers {
    Complex *in = reinterpret_cast<Complex *>(fftwf_malloc(peer_window * sizeof(Complex)));
    Complex *out = reinterpret_cast<Complex *>(fftwf_malloc(peer_window * sizeof(Complex)));
    fftwf_plan fftw = fftwf_plan_dft_1d(peer_window, reinterpret_cast<fftwf_complex *>(in),
                                        reinterpret_cast<fftwf_complex *>(out), FFTW_FORWARD, FFTW_MEASURE);
    kiss_fft_cfg kiss = kiss_fft_alloc(peer_window, 0, nullptr, nullptr);
    // What the tuned chain keeps from run to run instead of asking the system for it anew.
    std::vector<Complex> filtered, hops;
};

/// One for each processor, to which its thread keeps: two chains that run at once share nothing.
Buffers &buffers() {
    static Buffers made[2];
    return made[sched_getcpu() & 1];
}

/// Filters one gate, pulse by pulse.
void filterGate(const int16_t *iq, long pulses, long gates, long gate, const peer_wall_filter &filter,
                Complex *filtered) {
    Complex state[2][2] = {};
    for (long pulse = 0; pulse < pulses; pulse++) {
        const int16_t *pair = iq + 2 * (pulse * gates + gate);
        Complex x(pair[0], pair[1]);
        for (int index = 0; index < 2; index++) {
            const float *c = filter.section[index];
            Complex y = c[0] * x + state[index][0];
            state[index][0] = c[1] * x - c[3] * y + state[index][1];
            state[index][1] = c[2] * x - c[4] * y;
            x = y;
        }
        filtered[pulse] = x;
    }
}

template <class Transform>
void straightforward(const int16_t *iq, long pulses, long gates, const peer_wall_filter &filter, float *power,
                     float *turns, Transform transform) {
    const auto &weights = hann();
    auto &room = buffers();
    const long frames = framesOf(pulses);
    std::vector<Complex> filtered(pulses);
    for (long gate = 0; gate < gates; gate++) {
        filterGate(iq, pulses, gates, gate, filter, filtered.data());
        for (long frame = 0; frame < frames; frame++) {
            const Complex *a = filtered.data() + frame * peer_hop;
            for (int at = 0; at < peer_window; at++) room.in[at] = a[at] * weights[at];
            transform(room);
            float *result = power + (gate * frames + frame) * peer_window;
            for (int at = 0; at < peer_window; at++)
                result[at] = room.out[at].real() * room.out[at].real() + room.out[at].imag() * room.out[at].imag();
            float re = 0, im = 0;
            for (int at = 0; at + 1 < peer_window; at++) {
                re += a[at].real() * a[at + 1].real() + a[at].imag() * a[at + 1].imag();
                im += a[at].real() * a[at + 1].imag() - a[at].imag() * a[at + 1].real();
            }
            turns[gate * frames + frame] = std::atan2(im, re) / (2 * float(M_PI));
        }
    }
}

constexpr int tile = 8;
typedef float Lanes __attribute__((vector_size(2 * tile * sizeof(float))));
typedef int16_t ShortLanes __attribute__((vector_size(2 * tile * sizeof(int16_t))));

/// Filters eight gates as sixteen lanes.
void filterTile(const int16_t *iq, long pulses, long gates, long first, const peer_wall_filter &filter,
                Complex *filtered) {
    Lanes a0 = {}, a1 = {}, b0 = {}, b1 = {};
    const float *p = filter.section[0], *q = filter.section[1];
    for (long pulse = 0; pulse < pulses; pulse++) {
        ShortLanes raw;
        memcpy(&raw, iq + 2 * (pulse * gates + first), sizeof raw);
        Lanes x = __builtin_convertvector(raw, Lanes);
        Lanes y = p[0] * x + a0;
        a0 = p[1] * x - p[3] * y + a1;
        a1 = p[2] * x - p[4] * y;
        x = y;
        y = q[0] * x + b0;
        b0 = q[1] * x - q[3] * y + b1;
        b1 = q[2] * x - q[4] * y;
        for (int gate = 0; gate < tile; gate++) filtered[gate * pulses + pulse] = {y[2 * gate], y[2 * gate + 1]};
    }
}

/// Lag-one products from `count` pulses on, in sixteen partial sums that the compiler keeps in registers.
Complex lagOne(const Complex *values, int count) {
    const float *at = reinterpret_cast<const float *>(values);
    float re[16] = {}, im[16] = {};
    int index = 0;
    for (; index + 16 <= count; index += 16) {
        for (int lane = 0; lane < 16; lane++) {
            const float *v = at + 2 * (index + lane);
            re[lane] += v[0] * v[2] + v[1] * v[3];
            im[lane] += v[0] * v[3] - v[1] * v[2];
        }
    }
    for (int lane = 0; lane < 16 && index < count; index++, lane++) {
        const float *v = at + 2 * index;
        re[lane] += v[0] * v[2] + v[1] * v[3];
        im[lane] += v[0] * v[3] - v[1] * v[2];
    }
    float sumRe = 0, sumIm = 0;
    for (int lane = 0; lane < 16; lane++) sumRe += re[lane], sumIm += im[lane];
    return {sumRe, sumIm};
}

void tuned(const int16_t *iq, long pulses, long gates, const peer_wall_filter &filter, float *power, float *turns) {
    auto &room = buffers();
    const long frames = framesOf(pulses);
    static const std::vector<float> doubled = [] {
        std::vector<float> made;
        for (float weight : hann()) made.insert(made.end(), {weight, weight});
        return made;
    }();
    auto &filtered = room.filtered;
    auto &hops = room.hops;
    filtered.resize(std::max<size_t>(filtered.size(), tile * pulses));
    hops.resize(std::max<size_t>(hops.size(), (pulses - 1) / peer_hop + 1));
    for (long first = 0; first < gates; first += tile) {
        const bool isWhole = first + tile <= gates;
        if (isWhole) filterTile(iq, pulses, gates, first, filter, filtered.data());
        for (long gate = first; gate < std::min<long>(first + tile, gates); gate++) {
            Complex *values = filtered.data() + (gate - first) * pulses;
            if (!isWhole) filterGate(iq, pulses, gates, gate, filter, values);
            for (long hop = 0; (hop + 1) * peer_hop < pulses; hop++)
                hops[hop] = lagOne(values + hop * peer_hop, peer_hop);
            for (long frame = 0; frame < frames; frame++) {
                const Complex *a = values + frame * peer_hop;
                const float *from = reinterpret_cast<const float *>(a);
                float *in = reinterpret_cast<float *>(room.in);
                for (int at = 0; at < 2 * peer_window; at++) in[at] = from[at] * doubled[at];
                fftwf_execute(room.fftw);
                const float *out = reinterpret_cast<const float *>(room.out);
                float *result = power + (gate * frames + frame) * peer_window;
                for (int at = 0; at < peer_window; at++)
                    result[at] = out[2 * at] * out[2 * at] + out[2 * at + 1] * out[2 * at + 1];
                // 255 products: three whole hops and 63 of the fourth.
                Complex sum = hops[frame] + hops[frame + 1] + hops[frame + 2] + lagOne(a + 3 * peer_hop, peer_hop - 1);
                turns[gate * frames + frame] = std::atan2(sum.imag(), sum.real()) / (2 * float(M_PI));
            }
        }
    }
}

} // namespace

void peer_chain_run(peer_chain_kind kind, const int16_t *iq, long pulses, long gates, const peer_wall_filter *filter,
                    float *power, float *turns) {
    switch (kind) {
    case peer_chain_straightforward:
        straightforward(iq, pulses, gates, *filter, power, turns, [](Buffers &room) { fftwf_execute(room.fftw); });
        break;
    case peer_chain_tuned: tuned(iq, pulses, gates, *filter, power, turns); break;
    case peer_chain_kiss:
        straightforward(iq, pulses, gates, *filter, power, turns, [](Buffers &room) {
            kiss_fft(room.kiss, reinterpret_cast<kiss_fft_cpx *>(room.in), reinterpret_cast<kiss_fft_cpx *>(room.out));
        });
        break;
    }
}
