#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Figures of float WAV files that know nothing of our programs, one line each:

judge.py end FILE             length in s, highest sample in dBFS, that of the
                              last 100 ms
judge.py bands FILE LOW HIGH  dB under LOW and over HIGH (Hz) against between
judge.py width FILE           correlation, side against mid in dB
judge.py sum FILE FILE        mono sums: difference of the levels, the largest
                              difference of a third octave, both in dB
judge.py decay FILE           of a click's response: reverberation time at 1 kHz
                              in s, from the slope of smoothed squares
judge.py direct FILE          the same: direct sound against the rest in dB, its
                              8 kHz against its 500 Hz in dB
judge.py echoes FILE          a line each: ms after the click, dB at 1 kHz, side
judge.py click FILE RATE CHANNELS SECONDS [LEVEL]
judge.py noise FILE RATE CHANNELS SECONDS    make such a file
judge.py strokes FILE RATE SECONDS           a stroke each half second, noise
                                             of -60 dBFS
judge.py strokes-of FILE      of such a file: mean peak of the strokes, level
                              between them, in dBFS"""
import struct
import sys

import numpy


def write(path, rate, sound):
    frames, channels = sound.shape
    data = sound.astype('<f4').tobytes()
    with open(path, 'wb') as file:
        file.write(b'RIFF' + struct.pack('<I', 36 + len(data)) + b'WAVEfmt '
                   + struct.pack('<IHHIIHH', 16, 3, channels, rate,
                                 rate * channels * 4, channels * 4, 32)
                   + b'data' + struct.pack('<I', len(data)) + data)


def read(path):
    """Rate and samples, a row a frame."""
    data = open(path, 'rb').read()
    at, rate, channels = 12, 0, 0
    while at + 8 <= len(data):
        name, size = struct.unpack('<4sI', data[at:at + 8])
        if name == b'fmt ':
            channels, rate = struct.unpack('<HI', data[at + 10:at + 16])
        if name == b'data':
            sound = numpy.frombuffer(data[at + 8:at + 8 + size], '<f4')
            return rate, sound.reshape(-1, channels).astype(float)
        at += 8 + size + size % 2
    raise SystemExit(f'{path}: no samples')


def db(power):
    return 10 * numpy.log10(max(power, 1e-30))


def powers(rate, sound):
    """Frequencies and the power at each, of the whole file at once."""
    length = 1 << (len(sound) - 1).bit_length()
    bins = abs(numpy.fft.rfft(sound, length, axis=0)) ** 2
    return numpy.fft.rfftfreq(length, 1 / rate), bins.sum(axis=1)


def between(spectrum, low, high):
    hz, power = spectrum
    return power[(hz >= low) & (hz < high)].sum()


def end(path):
    rate, sound = read(path)
    print('%.3f %.2f %.2f' % (
        len(sound) / rate, db(abs(sound).max() ** 2),
        db(abs(sound[-rate // 10:]).max() ** 2)))


def bands(path, low, high):
    spectrum = powers(*read(path))
    low, high = float(low), float(high) or 1e9
    rest = between(spectrum, low, high)
    print('%.2f %.2f' % (db(between(spectrum, 0, low) / rest),
                         db(between(spectrum, high, 1e9) / rest)))


def sides(path):
    rate, sound = read(path)
    return rate, sound[:, 0], sound[:, -1]


def width(path):
    _, left, right = sides(path)
    print('%.3f %.2f' % (
        (left @ right) / numpy.sqrt((left @ left) * (right @ right)),
        db(((left - right) @ (left - right)) / ((left + right) @ (left + right)))))


def mono_sum(first, second):
    spectra = []
    for path in (first, second):
        rate, left, right = sides(path)
        spectra.append(powers(rate, (left + right)[:, None] / 2))
    centres = 10 ** (numpy.arange(14, 44) / 10)
    both = [[between(s, c * 10 ** -.05, c * 10 ** .05) for c in centres]
            for s in spectra]
    most = max(abs(db(b / a)) for a, b in zip(*both) if a > 1e-4 * sum(both[0]))
    print('%.4f %.4f' % (db(sum(both[1]) / sum(both[0])), most))


def after_click(path):
    """A quarter of a second in, as `click` puts it."""
    rate, sound = read(path)
    return rate, sound[rate // 4:]


def decay(path):
    rate, sound = after_click(path)
    hz = numpy.fft.rfftfreq(4 * len(sound), 1 / rate)
    shape = numpy.exp(-(numpy.log2(numpy.maximum(hz, 1) / 1000) / .5) ** 2)
    bins = numpy.fft.rfft(sound, 4 * len(sound), axis=0) * shape[:, None]
    power = (numpy.fft.irfft(bins, axis=0)[:len(sound)] ** 2).sum(axis=1)
    step = rate // 50
    levels = numpy.array([db(power[i:i + step].mean())
                          for i in range(0, len(power) - step, step)])
    time = numpy.arange(len(levels)) * step / rate
    late = levels[(time > .1)].max()
    used = (time > .1) & (levels < late - 3) & (levels > late - 40)
    print('%.3f' % (-60 / numpy.polyfit(time[used], levels[used], 1)[0]))


def direct(path):
    rate, sound = after_click(path)
    near = sound[:rate // 200]
    hz = numpy.fft.rfftfreq(rate, 1 / rate)
    bins = abs(numpy.fft.rfft(near[:, 0], rate)) ** 2
    print('%.2f %.2f' % (
        db((near ** 2).sum() / (sound[rate // 200:] ** 2).sum()),
        db(bins[hz == 8000][0] / bins[hz == 500][0])))


def echoes(path):
    rate, sound = after_click(path)
    step = rate // 40
    for at in range(step, len(sound) - step, step):
        block = abs(sound[at:at + step])
        peak = at + block.max(axis=1).argmax()
        around = abs(sound[peak - step:peak + step])
        if around.max() > block.max() or block.max() < 1e-3:
            continue
        time = numpy.arange(2 * step) / rate
        wave = numpy.exp(-2j * numpy.pi * 1000 * time)
        levels = abs(wave @ sound[peak - step // 2:peak + step * 3 // 2]) ** 2
        print('%.2f %.2f %s' % (peak * 1000 / rate, db(levels.max()),
                                'left' if levels[0] >= levels[-1] else 'right'))


def click(path, rate, channels, seconds, level=1):
    sound = numpy.zeros((int(int(rate) * float(seconds)), int(channels)))
    if len(sound) > int(rate) // 4:
        sound[int(rate) // 4] = float(level)
    write(path, int(rate), sound)


def noise(path, rate, channels, seconds):
    shape = int(int(rate) * float(seconds)), int(channels)
    write(path, int(rate), numpy.random.default_rng(1).normal(0, .05, shape))


def strokes(path, rate, seconds):
    rate = int(rate)
    sound = numpy.random.default_rng(1).normal(0, .001, int(rate * float(seconds)))
    time = numpy.arange(rate // 4) / rate
    stroke = numpy.exp(-time / .03) * numpy.cos(2 * numpy.pi * 200 * time)
    for at in range(rate // 4, len(sound) - rate // 4, rate // 2):
        sound[at:at + len(stroke)] += .5 * stroke
    write(path, rate, sound[:, None])


def strokes_of(path):
    rate, sound = read(path)
    starts = range(rate // 4, len(sound) - rate // 2, rate // 2)
    peaks = [abs(sound[at:at + rate // 100]).max() for at in starts]
    # the last 10 ms before a stroke; a gate opens 2 ms before it
    rest = [(sound[at - rate // 80:at - rate // 400] ** 2).mean()
            for at in starts if at > rate]
    print('%.2f %.2f' % (20 * numpy.log10(numpy.mean(peaks)),
                         db(numpy.mean(rest))))


JOBS = {'end': end, 'bands': bands, 'width': width, 'sum': mono_sum,
        'decay': decay, 'direct': direct, 'echoes': echoes, 'click': click,
        'noise': noise, 'strokes': strokes, 'strokes-of': strokes_of}

JOBS[sys.argv[1]](*sys.argv[2:])
