"""Python peers of the chain, one thread: reads commands from standard input, answers with seconds.

load FILE PULSES GATES: int16 I/Q, pulse-major; all peers must find the same mean shifts in its beginning
run NAME: prints the seconds that it took, and those that it had the processor

peers.py --process FILE PULSES GATES: reads the recording, computes SciPy's spectrogram and ends.
"""
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.sched_setaffinity(0, {0})

import numpy as np  # noqa: E402  (threads are settled before it is imported)
import scipy.fft  # noqa: E402
from numpy.lib.stride_tricks import sliding_window_view  # noqa: E402
from scipy import signal  # noqa: E402

PRF_HZ, WINDOW, HOP = 5000.0, 256, 64
FILTER = signal.butter(4, 100, "highpass", fs=PRF_HZ, output="sos")
HANN = signal.get_window("hann", WINDOW).astype(np.float32)


def lag_one(z):
    """Mean turns a pulse of each window, from its 255 products."""
    products = np.conj(z[:, :-1]) * z[:, 1:]
    return np.angle(sliding_window_view(products, WINDOW - 1, axis=1)[:, ::HOP].sum(-1)) / (2 * np.pi)


def spectrogram(iq):
    """As in tutorials: double precision, scipy.signal.spectrogram."""
    z = signal.sosfilt(FILTER, iq[..., 0].T + 1j * iq[..., 1].T, axis=1)
    _, _, power = signal.spectrogram(
        z, PRF_HZ, window="hann", nperseg=WINDOW, noverlap=WINDOW - HOP, detrend=False, return_onesided=False)
    return power, lag_one(z)


def short_time_fft(iq):
    """SciPy's current interface."""
    z = signal.sosfilt(FILTER, iq[..., 0].T + 1j * iq[..., 1].T, axis=1)
    transform = signal.ShortTimeFFT(HANN, hop=HOP, fs=PRF_HZ, fft_mode="twosided")
    # The windows that lie wholly within the recording.
    power = transform.spectrogram(z, p0=2, p1=2 + (z.shape[1] - WINDOW) // HOP + 1)
    return power, lag_one(z)


def careful(iq):
    """Single precision, views, sums of blocks, windows in batches that stay in the cache."""
    values = iq.astype(np.float32)
    pulses, gates, _ = values.shape
    filtered = signal.sosfilt(FILTER.astype(np.float32), values.reshape(pulses, 2 * gates), axis=0)
    filtered = np.ascontiguousarray(filtered.astype(np.float32, copy=False)).reshape(pulses, gates, 2)
    z = np.ascontiguousarray(filtered.view(np.complex64)[..., 0].T)
    frames = (pulses - WINDOW) // HOP + 1
    power = np.empty((gates, frames, WINDOW), np.float32)
    windows = sliding_window_view(z, WINDOW, axis=1)[:, ::HOP]
    batch = 256
    for gate in range(gates):
        for first in range(0, frames, batch):
            spectrum = scipy.fft.fft(windows[gate, first:first + batch] * HANN, axis=-1, workers=1)
            power[gate, first:first + batch] = spectrum.real ** 2 + spectrum.imag ** 2
    products = np.conj(z[:, :-1]) * z[:, 1:]
    blocks = products.shape[1] // HOP
    sums = products[:, :blocks * HOP].reshape(gates, blocks, HOP).sum(-1)
    # 255 products are four blocks less one product, or three blocks and the rest where the recording ends.
    whole = min(frames, blocks - 3)
    extra = products[:, np.arange(whole) * HOP + WINDOW - 1]
    turns = np.angle(sums[:, :whole] + sums[:, 1:whole + 1] + sums[:, 2:whole + 2] + sums[:, 3:whole + 3] - extra)
    return power, turns / (2 * np.pi)


def windows_filtered(iq):
    """Each window of 256 pulses as an ensemble of depths, lines and pulses, as makers of colour Doppler want them."""
    z = np.ascontiguousarray(iq.astype(np.float32).view(np.complex64)[..., 0].T)
    z = signal.sosfilt(FILTER, z[:, np.newaxis, :], axis=2)
    return (z[:, :, first:first + WINDOW] for first in range(0, z.shape[2] - WINDOW + 1, HOP))


def by_pymust(iq):
    """Mean shifts alone: pymust has no spectrogram. A carrier of 2 MHz, which falls out of the turns again."""
    import pymust
    settings = pymust.utils.Param()
    settings.fc, settings.PRF, settings.c = 2e6, PRF_HZ, 1540.0
    nyquist = settings.c * PRF_HZ / (4 * settings.fc)
    found = [pymust.iq2doppler(window, settings)[0][:, 0] for window in windows_filtered(iq)]
    return None, np.stack(found, axis=1) / (2 * nyquist)


def by_ultraspy(iq):
    """Mean shifts alone, on the processor."""
    from ultraspy.cpu import doppler
    found = [doppler.get_color_doppler_map(window, 1.0, kernel=1)[:, 0] for window in windows_filtered(iq)]
    return None, np.stack(found, axis=1) / 2


PEERS = {
    "spectrogram": spectrogram, "ShortTimeFFT": short_time_fft, "careful": careful, "pymust": by_pymust, "ultraspy": by_ultraspy,
}


def check(iq):
    """Lets every peer run once, which also loads what it needs, and ends where one finds other shifts than the others."""
    found = {name: peer(iq)[1] for name, peer in PEERS.items()}
    expected = found["spectrogram"]
    for name, turns in found.items():
        shared = min(turns.shape[1], expected.shape[1])
        worst = np.abs(turns[:, :shared] - expected[:, :shared]).max()
        if shared < expected.shape[1] - 1 or not worst < 1e-3:
            sys.exit(f"peers.py: {name} finds shifts {worst} turns from spectrogram's in {shared} of {expected.shape[1]} windows")


def read(path, pulses, gates):
    """A recording: pulses, gates, I and Q."""
    return np.fromfile(path, np.int16).reshape(int(pulses), int(gates), 2)


def main():
    if sys.argv[1:2] == ["--process"]:
        last = float(spectrogram(read(*sys.argv[2:]))[1].mean())
        with open("/proc/self/status") as status:
            print(last, next(line.split()[1] for line in status if line.startswith("VmHWM:")))
        return
    iq = None
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "load":
            iq = read(*arguments)
            check(iq[:4096])
            print("loaded", flush=True)
        else:
            begin, own = time.perf_counter(), time.process_time()
            found = PEERS[arguments[0]](iq)
            seconds, own = time.perf_counter() - begin, time.process_time() - own
            print(seconds, own, flush=True)
            del found


main()
