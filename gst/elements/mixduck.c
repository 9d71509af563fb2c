/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixduck
 * @title: mixduck
 *
 * Lets music step back while a voice speaks. The voice comes in through the
 * request pad `sidechain` and is not heard from here: lead it to the mixer
 * beside the music.
 *
 * At defaults the music goes down by #GstMixDuck:depth, 12 dB, begins
 * #GstMixDuck:look-ahead before the first word and stays down for
 * #GstMixDuck:hold after the last one. With #GstMixDuck:mode loudness it goes
 * down as far as it takes to be #GstMixDuck:behind LU behind the voice, however
 * loud both are: a soft piece stays as it is, a dense one goes further. With
 * #GstMixDuck:band speech only 300 to 4000 Hz step back, and bass and air go
 * on.
 *
 * The key may have any rate, channels and format, and is aligned to the input
 * by running time. Where there is no key (no pad, pad property `mute`, gaps,
 * after its end) the music comes back. Both branches of a tee need a queue.
 *
 * With `meter-interval` set, element messages named mixduck carry `ducking` and
 * `key-level`.
 *
 * ## Music behind a voice (noise bursts and a tone stand for both)
 * |[
 * gst-launch-1.0 audiotestsrc wave=ticks tick-interval=300000000 \
 *   sine-periods-per-tick=60 num-buffers=300 ! audioconvert ! tee name=voice \
 *   voice. ! queue ! duck.sidechain  voice. ! queue ! mix. \
 *   audiotestsrc freq=220 volume=0.3 num-buffers=300 ! audioconvert ! \
 *   mixduck name=duck mode=loudness behind=10 ! queue ! \
 *   audiomixer name=mix ! audioconvert ! autoaudiosink
 * ]|
 */
#include "../keyed.h"
#include "units/units.h"

GST_MIX_KEYED_FILTER_DEFINE (GstMixDuck, gst_mix_duck, mixduck, mix_duck,
    "Ducker", "Filter/Effect/Audio")
