/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixreverb
 * @title: mixreverb
 *
 * Places a sound in a room: #GstMixReverb:space and #GstMixReverb:size say
 * which, #GstMixReverb:decay how long it rings. #GstMixReverb:distance moves
 * the source further behind in one go: less direct sound, less of its highs and
 * of the reflections, a shorter pre-delay.
 *
 * The decay is what acousticians call T60, the time in which the sound falls by
 * 60 dB, at the middle frequencies; #GstMixReverb:low-ratio and
 * #GstMixReverb:high-ratio multiply it below and above two frequencies.
 * #GstMixReverb:wet is the level of the reverberation against the sound that
 * goes in, and stays so whatever the decay. The dry sound passes undelayed.
 *
 * What still rings at the end of the stream is played out, for
 * #GstMixReverb:tail-max at the most. With `meter-interval` set, element
 * messages named mixreverb carry `wet-level`.
 *
 * ## Example: a voice in a hall
 * |[
 * gst-launch-1.0 audiotestsrc wave=ticks num-buffers=200 ! audioconvert ! \
 *   audio/x-raw,channels=2 ! mixreverb ! audioconvert ! autoaudiosink
 * ]|
 * ## Further behind, by a preset
 * |[
 * gst-launch-1.0 audiotestsrc wave=ticks num-buffers=200 ! audioconvert ! \
 *   audio/x-raw,channels=2 ! mixreverb @preset=drummer-further-behind ! \
 *   audioconvert ! autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixReverb, gst_mix_reverb, mixreverb, mix_reverb,
    "Reverb", "Filter/Effect/Audio")
