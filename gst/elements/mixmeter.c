/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixmeter
 * @title: mixmeter
 *
 * Measures how loud a programme is by EBU R 128 (ITU-R BS.1770-5, EBU Tech 3341
 * and 3342) and lets the audio through as it is, without a delay.
 * `docs/loudness.md` explains what the figures mean and which to aim at.
 *
 * When the stream ends, an element message named mixmeter, with the field
 * `final` set to true, carries the figures of the whole programme: its loudness
 * (`integrated`, LUFS), its range (`range`, LU), its highest peak (`true-peak`,
 * dBTP), its loudest moments and, for each channel, `rms` and `peak`. A new
 * track ends a programme as well (see #GstMixMeter:programme); seeks and new
 * caps do not. #GstMixMeter:reset begins another one without a message. With
 * `meter-interval` set there are messages on the way (`final` is false). The
 * same figures are properties.
 *
 * On the way #GstMixMeter:mode decides whether peaks, RMS and correlation are
 * those of the last interval (live) or of all so far (file).
 *
 * ## Example: how loud is this?
 * |[
 * gst-launch-1.0 -m filesrc location=pipelines/stems/lead.flac ! decodebin \
 *   ! audioconvert ! mixmeter ! fakesink
 * ]|
 *
 * ## Example: watch it ten times a second
 * |[
 * gst-launch-1.0 -m audiotestsrc wave=pink-noise num-buffers=100 ! \
 *   audioconvert ! mixmeter meter-interval=100 ! autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixMeter, gst_mix_meter, mixmeter, mix_meter,
    "Loudness meter", "Filter/Analyzer/Audio")
