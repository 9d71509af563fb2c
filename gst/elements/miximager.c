/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-miximager
 * @title: miximager
 *
 * How wide the stereo image is, where things stand in it, and what is left of
 * it on one loudspeaker. The sum of left and right (mid) and their difference
 * (side) are treated apart: #GstMixImager:width, #GstMixImager:spread,
 * #GstMixImager:mono-below and the widths of the bands change the side alone,
 * so the mono sum stays what it was. `docs/imager.md` explains what each
 * property is for.
 *
 * In a surround layout each pair (front, side, rear) is treated by itself;
 * centre and LFE pass as they are. Where there is no pair, as in mono, all of
 * it passes, and a warning says so when something was set.
 *
 * With `meter-interval` set, element messages named miximager carry the
 * `correlation` and the `width-out` of what leaves and the `width-in` of what
 * came, over the last 0.3 s.
 *
 * ## Example: wider, with a bass that stays in the middle
 * |[
 * gst-launch-1.0 filesrc location=pipelines/stems/choir.flac ! decodebin ! \
 *   audioconvert ! miximager width=140 mono-below=120 ! audioconvert ! \
 *   autoaudiosink
 * ]|
 *
 * ## Example: a mono guitar made stereo
 * |[
 * gst-launch-1.0 filesrc location=pipelines/stems/guitar.flac ! decodebin \
 *   ! audioconvert ! audio/x-raw,channels=2 ! miximager spread=80 ! \
 *   audioconvert ! autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixImager, gst_mix_imager, miximager, mix_imager,
    "Stereo imager", "Filter/Effect/Audio")
