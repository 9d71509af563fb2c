/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixmultiband
 * @title: mixmultiband
 *
 * A compressor in 2 to 6 bands: the bass does not pull the voice down with it,
 * and each part of the spectrum has a level, a speed and a width of its own.
 * Crossovers split the sound (Linkwitz-Riley), each band has a compressor as in
 * mixcompressor, and the sum of the bands is flat as long as their gains are
 * equal. Bands are child objects (band0, the lowest, band1, …); all of them are
 * also one property, #GstMixMultiband:bands:
 *
 * |[ bands="threshold=-24 ratio=3; threshold=-20 ratio=2; threshold=-22
 * attack=2 release=60 gain=1" ]|
 *
 * What is not named has its default. The crossovers are
 * #GstMixMultiband:crossover0 and so on. As long as one is not set it follows
 * the number of bands: with 3 they are at 200 and 3000 Hz, with 5 at 200, 1000,
 * 3500 and 6500 Hz. Used are as many as there are bands but one, sorted; a
 * crossover at half of the sample rate or above leaves out the band over it,
 * and a warning says so.
 *
 * #GstMixMultiband:couple lets each band follow the band below it, and
 * #GstMixMultiband:gate brings the gains together in pauses, so that the
 * background does not change its tone. #GstMixMultiband:mix adds the plain sum
 * of the bands, in phase with the processed sound.
 *
 * ## Example: a tighter bass, all else as it is
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise num-buffers=200 ! \
 *   audioconvert ! mixmultiband num-bands=2 crossover0=150 \
 *   bands="threshold=-30 ratio=4 attack=15 release=150; ratio=1" ! \
 *   audioconvert ! autoaudiosink
 * ]|
 * ## Example: a single band by its properties
 * |[
 * gst-launch-1.0 audiotestsrc wave=saw num-buffers=200 ! audioconvert ! \
 *   mixmultiband band2::threshold=-32 band2::ratio=2 band2::width=140 ! \
 *   audioconvert ! autoaudiosink
 * ]|
 * ## Example: a preset for the whole mix
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise num-buffers=200 ! \
 *   audioconvert ! mixmultiband @preset=master ! audioconvert ! autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixMultiband, gst_mix_multiband, mixmultiband,
    mix_multiband, "Multiband compressor", "Filter/Effect/Audio")
