# SPDX-License-Identifier: LGPL-2.1-or-later
"""louder.py IN OUT: makes an MP3 (MPEG-1 layer III, mono, no CRC) or an Opus file
6.02 dB louder by what its format has for that, without decoding it."""
import struct
import sys

STEPS = 4  # of 2 ^ 1/4
GAIN = 1541  # 6.02 dB in 1/256 dB
RATES = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
HERTZ = [44100, 48000, 32000]


def add_bits (data, bit, count, more):
    """Adds to an unsigned number of so many bits."""
    value = int.from_bytes (data, 'big')
    shift = len (data) * 8 - bit - count
    old = value >> shift & (1 << count) - 1
    value += min (more, (1 << count) - 1 - old) << shift
    return value.to_bytes (len (data), 'big')


def louder_mp3 (data):
    """Behind the frame's head stand 18 bits for mono, then 59 a granule, of which
    the gain is the 21st to the 28th."""
    data = bytearray (data)
    at = 0
    while at + 21 <= len (data):
        assert data[at] == 0xff and data[at + 1] & 0xfe == 0xfa, at
        rate, hertz = data[at + 2] >> 4, data[at + 2] >> 2 & 3
        side = bytes (data[at + 4:at + 21])
        if any (side):
            for granule in range (2):
                side = add_bits (side, 18 + 59 * granule + 21, 8, STEPS)
            data[at + 4:at + 21] = side
        at += 144 * RATES[rate] * 1000 // HERTZ[hertz] + (data[at + 2] >> 1 & 1)
    return bytes (data)


def ogg_crc (page):
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range (8):
            crc = (crc << 1 ^ (0x04c11db7 if crc & 0x80000000 else 0)) & 0xffffffff
    return crc


def louder_opus (data):
    """The first page holds the head alone."""
    end = 27 + data[26] + sum (data[27:27 + data[26]])
    page = bytearray (data[:end])
    head = page.index (b'OpusHead')
    struct.pack_into ('<h', page, head + 16, GAIN)
    struct.pack_into ('<I', page, 22, 0)
    struct.pack_into ('<I', page, 22, ogg_crc (page))
    return bytes (page) + data[end:]


with open (sys.argv[1], 'rb') as file:
    sound = file.read ()
with open (sys.argv[2], 'wb') as file:
    file.write ((louder_opus if sound[:4] == b'OggS' else louder_mp3) (sound))
