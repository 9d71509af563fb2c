/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixlimiter
 * @title: mixlimiter
 *
 * The last element before the file or the wire: no true peak (ITU-R BS.1770,
 * the peak between the samples that a converter or an encoder will produce)
 * leaves above #GstMixLimiter:ceiling. #GstMixLimiter:drive pushes the sound
 * into the ceiling to make it louder.
 *
 * The limiter looks ahead and turns down smoothly before a peak; the element
 * moves its timestamps back by that time, so nothing lands late in a mix.
 *
 * With `meter-interval` set, element messages named mixlimiter carry
 * `gain-reduction` and `true-peak-level`.
 *
 * ## Example: six dB louder, ready for streaming
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise num-buffers=200 ! \
 *   audioconvert ! mixlimiter drive=6 ceiling=-1 ! audioconvert ! \
 *   autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixLimiter, gst_mix_limiter, mixlimiter, mix_limiter,
    "True-peak limiter", "Filter/Effect/Audio")
