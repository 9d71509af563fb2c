#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pictures and the figures of docs/reverb.md, through the real elements.

  meson devenv -C build docs/pictures/reverb.py [FOLDER]

Writes reverb-spaces.png (energy decay and spectrogram of an impulse in each
space) and reverb-peers.png (a snare drum through mixreverb and its peers), and
prints a table of the peers. Needs numpy, scipy, matplotlib; the peers, if they
are there: freeverb, calf-plugins, dragonfly-reverb-lv2; the drum, if it is there:
sonic-pi-samples.
"""

import glob
import math
import os
import subprocess
import sys
import tempfile

import matplotlib
import numpy as np
from PIL import Image
from scipy.io import wavfile
from scipy.signal import butter, resample_poly, sosfilt

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

RATE = 48000
SPACES = ["room", "chamber", "hall", "plate", "ambience"]
SNARE = "/usr/share/sonic-pi/samples/drum_snare_hard.flac"
CALF = "calf-sourceforge-net-plugins-Reverb"
DRAGONFLY = "/usr/lib/lv2/DragonflyHallReverb.lv2/"

# Decay 1.8 s as far as each one's knobs say so, wet sound only.
PEERS = {
    "mixreverb": "mixreverb dry=-100 wet=0",
    "freeverb": "freeverb level=1 room-size=0.75",
    "Calf Reverb": CALF + " on=true dry=0 amount=1 decay-time=1.8",
    "Dragonfly Hall": "dragonfly",
}


def launch(effect, audio):
    """(2, frames) through an element, with what it plays after the end."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = folder + "/in.wav", folder + "/out.raw"
        wavfile.write(before, RATE, audio.T.astype(np.float32))
        subprocess.run(
            ["gst-launch-1.0", "-q", "filesrc", "location=" + before, "!",
             "wavparse", "!", "audioconvert", "!", *effect.split(), "!",
             "audioconvert", "!", "audio/x-raw,format=F32LE,channels=2", "!",
             "filesink", "location=" + after], check=True)
        return np.fromfile(after, np.float32).reshape(-1, 2).T.astype(float)


def dragonfly(audio):
    import lv2
    names = {"dry_level": 0, "early_level": 20, "late_level": 20, "size": 24,
             "width": 100, "delay": 4, "diffuse": 90, "low_cut": 4,
             "low_xo": 500, "low_mult": 1.3, "high_cut": 16000, "high_xo": 5500,
             "high_mult": 0.5, "spin": 3.3, "wander": 15, "decay": 1.8,
             "early_send": 20, "modulation": 15}
    library = glob.glob(DRAGONFLY + "*dsp.so")[0]
    controls = [(6 + i, value) for i, value in enumerate(names.values())]
    return lv2.process(library, DRAGONFLY, controls, [4, 5],
                       audio.astype(np.float32), float(RATE)).astype(float)


def is_there(effect):
    if effect == "dragonfly":
        return os.path.isdir(DRAGONFLY)
    return subprocess.run(["gst-inspect-1.0", effect.split()[0]], check=False,
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


def run(effect, audio):
    return dragonfly(audio) if effect == "dragonfly" else launch(effect, audio)


def click(seconds, channels=(0, 1)):
    audio = np.zeros((2, int(seconds * RATE)))
    for channel in channels:
        audio[channel, 0] = 0.5
    return audio


def snare(seconds):
    audio = np.zeros((2, int(seconds * RATE)))
    if os.path.exists(SNARE):
        raw = subprocess.run(
            ["gst-launch-1.0", "-q", "filesrc", "location=" + SNARE, "!",
             "decodebin", "!", "audioconvert", "!",
             "audio/x-raw,format=F32LE,channels=1,layout=interleaved", "!",
             "fdsink", "fd=1"], check=True, stdout=subprocess.PIPE).stdout
        hit = resample_poly(np.frombuffer(raw, np.float32), 160, 147)
    else:
        hit = np.random.default_rng(1).normal(size=RATE // 10)
        hit *= np.exp(-np.arange(hit.size) / (0.02 * RATE))
    hit = hit[:audio.shape[1]]
    audio[:, :hit.size] = 0.5 * hit / np.abs(hit).max()
    return audio


# ---- Figures ------------------------------------------------------------------


def decay_curve(x):
    """Schroeder's backward integral in dB."""
    energy = np.cumsum((x * x)[::-1])[::-1]
    return 10 * np.log10(energy / energy[0] + 1e-30)


def t60(x, hz):
    sos = np.vstack([butter(8, hz / 2**0.5, "high", fs=RATE, output="sos"),
                     butter(8, hz * 2**0.5, "low", fs=RATE, output="sos")])
    level = decay_curve(sosfilt(sos, x))
    where = np.where((level <= -5) & (level >= -35))[0]
    return -60 / np.polyfit(where / RATE, level[where], 1)[0]


def density_time(x):
    """When the echo density (Abel and Huang, 2006) reaches 0.9, in ms."""
    half = RATE // 100
    window = np.hanning(2 * half + 1)
    window /= window.sum()
    loudest = np.convolve(x[:RATE] ** 2, window).max()
    for ms in range(10, 1000, 2):
        part = x[ms * RATE // 1000 - half:][:2 * half + 1]
        power = (window * part * part).sum()
        if power < 1e-6 * loudest:  # not yet heard
            continue
        limit = math.sqrt(power)
        outside = (window * (np.abs(part) > limit)).sum()
        if outside / math.erfc(1 / math.sqrt(2)) >= 0.9:
            return ms
    return math.inf


def ringing(x):
    """Third-octave bands over the mean of their neighbours', after 300 ms."""
    power = np.abs(np.fft.rfft(x[RATE * 3 // 10:][:65536], 65536))**2
    total = np.concatenate([[0], np.cumsum(power)])

    def band(hz):
        low = int(hz / 2**(1 / 6) * 65536 / RATE)
        high = int(hz * 2**(1 / 6) * 65536 / RATE) + 1
        return 10 * np.log10((total[high] - total[low]) / (high - low) + 1e-30)
    third = 2**(1 / 3)
    return max(band(hz) - (band(hz / third) + band(hz * third)) / 2
               for hz in np.geomspace(126, 9500, 150))


def figures(effect):
    ir = run(effect, click(4, (0,)))
    both = run(effect, click(4))
    late = ir[:, RATE // 5:2 * RATE]
    early = 10 * np.log10((ir[:, 1:4800]**2).sum(axis=1) + 1e-30)
    short = run(effect, click(0.25)).shape[1] / RATE - 0.25
    return [*(f"{t60(both[0], hz):.2f}" for hz in (125, 500, 1000, 8000)),
            f"{max(density_time(x) for x in both):.0f}",
            f"{abs(np.corrcoef(late)[0, 1]):.2f}",
            f"{max(ringing(x) for x in both):.1f}",
            f"{early[0] - early[1]:.1f}",
            "-" if effect == "dragonfly" else f"{short:.2f}"]


# ---- Pictures -----------------------------------------------------------------


def spectrogram(axes, x, seconds, top):
    part = x[:int(seconds * RATE)]
    part = part + np.random.default_rng(1).normal(size=part.size) * 1e-9
    axes.specgram(part, NFFT=512, Fs=RATE / 1000,
                  noverlap=256, vmin=top - 80, vmax=top, cmap="magma",
                  xextent=(0, seconds))
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(0.1, 20)
    axes.set_yticks([0.2, 1, 5, 20], ["0.2", "1", "5", "20"])


def save(figure, path):
    """As a small file: few colours."""
    figure.savefig(path, dpi=70)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(48).save(path, optimize=True)


def draw_spaces(folder):
    figure, axes = pyplot.subplots(2, 5, figsize=(11, 4.2), sharex="col",
                                   layout="constrained")
    for column, space in enumerate(SPACES):
        ir = launch(f"mixreverb dry=-100 wet=0 space={space}", click(2, (0,)))[0]
        time = np.arange(int(1.2 * RATE)) / RATE
        level = 20 * np.log10(np.abs(ir[:time.size]) + 1e-9)
        axes[0, column].plot(time[::8], level.reshape(-1, 8).max(axis=1),
                             linewidth=0.3, color="0.7")
        axes[0, column].plot(time, decay_curve(ir)[:time.size], color="C3")
        axes[0, column].set_ylim(-90, 3)
        axes[0, column].set_title(space)
        spectrogram(axes[1, column], ir, 1.2, -50)
        axes[1, column].set_xlabel("s")
    axes[0, 0].set_ylabel("dB")
    axes[1, 0].set_ylabel("kHz")
    save(figure, folder + "/reverb-spaces.png")


def draw_peers(folder, peers):
    figure, axes = pyplot.subplots(1, len(peers), figsize=(11, 2.6), sharey=True,
                                   layout="constrained", squeeze=False)
    for column, (name, effect) in enumerate(peers.items()):
        wet = run(effect, snare(3))[0]
        wet /= np.sqrt((wet**2).sum() / RATE)
        spectrogram(axes[0, column], wet, 2, 0)
        axes[0, column].set_title(name)
        axes[0, column].set_xlabel("s")
    axes[0, 0].set_ylabel("kHz")
    save(figure, folder + "/reverb-peers.png")


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__) or "."
    peers = {name: effect for name, effect in PEERS.items() if is_there(effect)}
    draw_spaces(folder)
    draw_peers(folder, peers)
    print("| | T60 125 | 500 | 1k | 8k Hz | density 0.9 (ms) | late rho "
          "| ringing (dB) | side (dB) | after the end (s) |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, effect in peers.items():
        print(f"| {name} | " + " | ".join(figures(effect)) + " |", flush=True)


main()
