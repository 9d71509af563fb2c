/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixdelay
 * @title: mixdelay
 *
 * Echoes: one (slap), many (#GstMixDelay:feedback), from side to side
 * (#GstMixDelay:ping-pong), at a time in milliseconds or, with
 * #GstMixDelay:tempo, at a note value. What goes round can lose its lows and
 * highs on the way (#GstMixDelay:low-cut, #GstMixDelay:high-cut), and step back
 * while the source plays (#GstMixDelay:duck). `docs/delay.md` goes through all
 * of it.
 *
 * The sound itself is not delayed. At the end of the stream the echoes are
 * played out until they have died away, for #GstMixDelay:tail-max at most.
 *
 * A time longer than #GstMixDelay:max-delay is kept to it, and ping-pong does
 * nothing on a mono stream; the element posts a warning in either case.
 *
 * ## Example: dotted eighths at 120 BPM, from side to side
 * |[
 * gst-launch-1.0 filesrc location=pipelines/stems/lead.flac ! decodebin ! \
 *   audioconvert ! audio/x-raw,channels=2 ! mixdelay tempo=120 \
 *   division=1/8d ping-pong=true high-cut=5000 ! audioconvert ! \
 *   autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixDelay, gst_mix_delay, mixdelay, mix_delay, "Delay",
    "Filter/Effect/Audio")
