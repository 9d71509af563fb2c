# SPDX-License-Identifier: LGPL-2.1-or-later
"""The least of an LV2 host, for plugins that ask for features GStreamer's host
has not: runs a stereo effect over a numpy array of shape (2, frames)."""

import ctypes as c

import numpy as np


class Feature(c.Structure):
    _fields_ = [("uri", c.c_char_p), ("data", c.c_void_p)]


MAP = c.CFUNCTYPE(c.c_uint32, c.c_void_p, c.c_char_p)


class Map(c.Structure):
    _fields_ = [("handle", c.c_void_p), ("map", MAP)]


WORK = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_uint32, c.c_void_p)


class Schedule(c.Structure):
    _fields_ = [("handle", c.c_void_p), ("schedule_work", WORK)]


class Option(c.Structure):
    _fields_ = [("context", c.c_int), ("subject", c.c_uint32), ("key", c.c_uint32),
                ("size", c.c_uint32), ("type", c.c_uint32), ("value", c.c_void_p)]


class Descriptor(c.Structure):
    _fields_ = [
        ("uri", c.c_char_p),
        ("instantiate", c.CFUNCTYPE(c.c_void_p, c.c_void_p, c.c_double, c.c_char_p,
                                    c.POINTER(c.POINTER(Feature)))),
        ("connect_port", c.CFUNCTYPE(None, c.c_void_p, c.c_uint32, c.c_void_p)),
        ("activate", c.CFUNCTYPE(None, c.c_void_p)),
        ("run", c.CFUNCTYPE(None, c.c_void_p, c.c_uint32)),
    ]


BLOCK = 512


def process(library, bundle, controls, events, audio, rate):
    """`controls` are (port, value); `events` the ports for atoms; the first two
    ports are the inputs, the next two the outputs."""
    known = {}
    mapper = MAP(lambda _, uri: known.setdefault(uri, len(known) + 1))
    urids = Map(None, mapper)
    block = c.c_int32(BLOCK)
    names = [b"http://lv2plug.in/ns/ext/buf-size#maxBlockLength",
             b"http://lv2plug.in/ns/ext/buf-size#nominalBlockLength"]
    integer = mapper(None, b"http://lv2plug.in/ns/ext/atom#Int")
    options = (Option * 3)(*[Option(0, 0, mapper(None, name), 4, integer,
                                    c.addressof(block)) for name in names])
    schedule = Schedule(None, WORK(lambda *_: 0))
    features = [Feature(b"http://lv2plug.in/ns/ext/urid#map",
                        c.cast(c.pointer(urids), c.c_void_p)),
                Feature(b"http://lv2plug.in/ns/ext/options#options",
                        c.cast(options, c.c_void_p)),
                Feature(b"http://lv2plug.in/ns/ext/buf-size#boundedBlockLength",
                        None),
                Feature(b"http://lv2plug.in/ns/ext/worker#schedule",
                        c.cast(c.pointer(schedule), c.c_void_p))]
    pointers = (c.POINTER(Feature) * 5)(*map(c.pointer, features))
    find = c.CDLL(library).lv2_descriptor
    find.restype, find.argtypes = c.POINTER(Descriptor), [c.c_uint32]
    plugin = find(0).contents
    handle = plugin.instantiate(c.addressof(plugin), rate, bundle.encode(), pointers)
    if not handle:
        raise RuntimeError(library + " cannot be instantiated")
    ports = [np.zeros(BLOCK, np.float32) for _ in range(4)]
    held = [np.array([value], np.float32) for _, value in controls]
    atoms = [np.array([8, integer, 0, 0] + [0] * 60, np.uint32) for _ in events]
    for index, array in enumerate(ports):
        plugin.connect_port(handle, index, array.ctypes.data)
    for index, array in zip(events, atoms):
        plugin.connect_port(handle, index, array.ctypes.data)
    for (index, _), array in zip(controls, held):
        plugin.connect_port(handle, index, array.ctypes.data)
    plugin.activate(handle)
    out = np.zeros_like(audio)
    for at in range(0, audio.shape[1] - BLOCK + 1, BLOCK):
        for channel in (0, 1):
            ports[channel][:] = audio[channel, at:at + BLOCK]
        plugin.run(handle, BLOCK)
        for channel in (0, 1):
            out[channel, at:at + BLOCK] = ports[2 + channel]
    return out
