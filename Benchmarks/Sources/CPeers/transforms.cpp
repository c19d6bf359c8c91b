// Fourier transforms that users would pick, one transform at a time over its own input.
#include "transforms.h"

#include <fftw3.h>
#include <kissfft/kiss_fft.h>

#include <complex>
#include <liquid/liquid.h>
#include <vector>

namespace {

struct Plan {
    std::complex<float> *in, *out;
    fftwf_plan fftw = nullptr;
    kiss_fft_cfg kiss = nullptr;
    fftplan liquid = nullptr;

    explicit Plan(int length)
        : in(reinterpret_cast<std::complex<float> *>(fftwf_malloc(sizeof(fftwf_complex) * length))),
          out(reinterpret_cast<std::complex<float> *>(fftwf_malloc(sizeof(fftwf_complex) * length))) {}

    ~Plan() {
        if (fftw) fftwf_destroy_plan(fftw);
        if (kiss) kiss_fft_free(kiss);
        if (liquid) fft_destroy_plan(liquid);
        fftwf_free(in);
        fftwf_free(out);
    }
};

} // namespace

void *peer_fft_make(peer_fft_kind kind, int length) {
    auto *plan = new Plan(length);
    switch (kind) {
    case peer_fft_fftw:
        plan->fftw = fftwf_plan_dft_1d(length, reinterpret_cast<fftwf_complex *>(plan->in),
                                       reinterpret_cast<fftwf_complex *>(plan->out), FFTW_FORWARD, FFTW_MEASURE);
        break;
    case peer_fft_kiss: plan->kiss = kiss_fft_alloc(length, 0, nullptr, nullptr); break;
    case peer_fft_liquid:
        plan->liquid = fft_create_plan(length, plan->in, plan->out, LIQUID_FFT_FORWARD, 0);
        break;
    }
    return plan;
}

void peer_fft_free(peer_fft_kind, void *plan) { delete static_cast<Plan *>(plan); }

float *peer_fft_input(peer_fft_kind, void *plan) { return reinterpret_cast<float *>(static_cast<Plan *>(plan)->in); }

const float *peer_fft_run(peer_fft_kind kind, void *pointer, long times) {
    auto *plan = static_cast<Plan *>(pointer);
    for (long time = 0; time < times; time++) {
        switch (kind) {
        case peer_fft_fftw: fftwf_execute(plan->fftw); break;
        case peer_fft_kiss:
            kiss_fft(plan->kiss, reinterpret_cast<kiss_fft_cpx *>(plan->in),
                     reinterpret_cast<kiss_fft_cpx *>(plan->out));
            break;
        case peer_fft_liquid: fft_execute(plan->liquid); break;
        }
    }
    return reinterpret_cast<const float *>(plan->out);
}
