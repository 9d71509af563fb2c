/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixautomix
 * @title: mixautomix
 *
 * Mixes a panel by itself: each channel is a microphone, and all microphones
 * share one gain. Who speaks gets it; when two speak they share it; when nobody
 * does all are equally far down, so that eight open microphones let as much
 * room through as one. Nothing is switched, so no syllable is cut and no noise
 * pumps.
 *
 * Microphones come in as channels of one stream, from audiointerleave, and
 * leave as such: audioconvert with a `mix-matrix`, or audiomixmatrix, makes the
 * mix, and clean feeds without one of them. #GstMixAutomix:weights favours some
 * microphones ("0 0 -6" holds the third one back), #GstMixAutomix:mute takes
 * some out ("2 4").
 *
 * With `meter-interval` set, element messages named mixautomix carry `gains` (a
 * value for each microphone) and `open`.
 *
 * ## Two microphones, mixed to one
 * |[
 * gst-launch-1.0 audiointerleave name=panel ! mixautomix ! audioconvert \
 *   mix-matrix="<<(float)1,(float)1>>" ! audio/x-raw,channels=1 ! \
 *   autoaudiosink \
 *   audiotestsrc wave=ticks num-buffers=200 ! audioconvert ! queue ! panel. \
 *   audiotestsrc wave=pink-noise volume=0.01 num-buffers=200 ! audioconvert ! \
 *   queue ! panel.
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixAutomix, gst_mix_automix, mixautomix, mix_automix,
    "Automatic microphone mixer", "Filter/Effect/Audio")
