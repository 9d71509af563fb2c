/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixeq
 * @title: mixeq
 *
 * A parametric equaliser of up to 32 bands, without cramping near the top of
 * the spectrum and bit-exact while flat. Bands are child objects (band0,
 * band1, …); the whole curve is also one property, #GstMixEq:bands:
 *
 * |[ bands="low-cut 80 slope=24; bell 3000 gain=-3 q=1.4; high-shelf 8000
 * gain=2" ]|
 *
 * A band is a type, a frequency and name=value pairs of the band's properties;
 * what is not named has its default. A mistake is reported with the position of
 * the character: before the start as an error, later as a warning, and the
 * curve stays as it was.
 *
 * The text that AutoEq and EqualizerAPO write (ParametricEQ.txt) is understood
 * as well, see `docs/headphones.md`.
 *
 * A band with a `threshold` under 0 dB is dynamic: its gain moves from 0
 * towards `gain` as the level passes the threshold, in the region it acts on:
 * in the band of a bell, on all of a shelf's side, at both ends of a tilt.
 *
 * ## A telephone
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise num-buffers=200 ! \
 *   audioconvert ! mixeq \
 *   bands="low-cut 400 slope=24; high-cut 3.4k slope=24; bell 1500 gain=4" \
 *   ! audioconvert ! autoaudiosink
 * ]|
 * ## A single band by its properties
 * |[
 * gst-launch-1.0 audiotestsrc wave=saw num-buffers=200 ! audioconvert ! \
 *   mixeq band2::frequency=250 band2::gain=-6 band2::q=1.4 ! audioconvert \
 *   ! autoaudiosink
 * ]|
 * ## A preset
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise num-buffers=200 ! \
 *   audioconvert ! mixeq @preset=telephone ! audioconvert ! autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixEq, gst_mix_eq, mixeq, mix_eq,
    "Parametric equaliser", "Filter/Effect/Audio")
