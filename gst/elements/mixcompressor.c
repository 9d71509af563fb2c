/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixcompressor
 * @title: mixcompressor
 *
 * Turns down what is louder than #GstMixCompressor:threshold, so that a voice
 * now too close and now too far stays where it belongs. With
 * #GstMixCompressor:mode upward it lifts what is softer instead.
 *
 * The level is measured per sample and acts in dB: above the threshold,
 * #GstMixCompressor:ratio dB more at the input make one dB more at the output.
 * All channels get one gain unless #GstMixCompressor:link says less.
 * #GstMixCompressor:look-ahead lets the gain move before a peak arrives; the
 * element then moves its timestamps back, so nothing lands late in a mix.
 *
 * With `meter-interval` set, element messages named mixcompressor carry
 * `gain-reduction`, `input-level` and `output-level`.
 *
 * ## Example
 * |[
 * gst-launch-1.0 audiotestsrc wave=ticks num-buffers=200 ! audioconvert ! \
 *   mixcompressor threshold=-24 ratio=3 makeup=4 ! audioconvert ! \
 *   autoaudiosink
 * ]|
 * ## A voice-over preset, with messages every 100 ms
 * |[
 * gst-launch-1.0 -m audiotestsrc wave=pink-noise num-buffers=200 ! \
 *   audioconvert ! mixcompressor @preset=voice-over meter-interval=100 ! \
 *   audioconvert ! autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixCompressor, gst_mix_compressor, mixcompressor,
    mix_compressor, "Compressor", "Filter/Effect/Audio")
