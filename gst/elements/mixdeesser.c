/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixdeesser
 * @title: mixdeesser
 *
 * Turns down the hissing of a voice, its 's' and 'sh', and nothing else.
 *
 * Sibilance is what lies above #GstMixDeesser:frequency against the whole
 * voice, so the same 's' is turned down by as much in a whisper as in a shout:
 * the threshold is in dB relative to the voice. For a deep voice set
 * #GstMixDeesser:frequency to 5000, for a high one to 7500; listen with
 * #GstMixDeesser:sidechain-listen. #GstMixDeesser:mode split turns down what
 * lies above the frequency, wide all of the sound.
 *
 * With `meter-interval` set, element messages named mixdeesser carry
 * `gain-reduction` and `sibilance`.
 *
 * ## Example
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise num-buffers=200 ! \
 *   audioconvert ! mixdeesser frequency=6000 range=6 ! audioconvert ! \
 *   autoaudiosink
 * ]|
 * ## A preset
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise num-buffers=200 ! \
 *   audioconvert ! mixdeesser @preset=male-voice ! audioconvert ! autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixDeesser, gst_mix_deesser, mixdeesser, mix_deesser,
    "De-esser", "Filter/Effect/Audio")
