/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixkeyedgate
 * @title: mixkeyedgate
 *
 * mixgate that is opened by another sound: the one that comes in through the
 * request pad `sidechain`. A bass drum opens a low tone under it; the stick on
 * a trigger opens the microphone at the shell; a rhythm chops a pad into it.
 * The key itself is not heard.
 *
 * The key may have any rate, channels and format, and is aligned to the input
 * by running time. Where it is silent the gate closes; where there is none (no
 * pad, pad property `mute`, after its end) the gate stays open, so that the
 * main sound goes on. Both branches of a tee need a queue.
 *
 * With `meter-interval` set, element messages named mixkeyedgate carry
 * `gain-reduction`, `input-level`, `open` and `key-level`.
 *
 * ## A low tone under each stroke of a drum, both heard
 * |[
 * gst-launch-1.0 audiotestsrc wave=ticks num-buffers=200 ! audioconvert ! \
 *   tee name=drum  drum. ! queue ! tone.sidechain  drum. ! queue ! mix. \
 *   audiotestsrc freq=50 volume=0.3 num-buffers=200 ! audioconvert ! \
 *   mixkeyedgate name=tone threshold=-30 hold=60 release=200 ! queue ! \
 *   audiomixer name=mix ! audioconvert ! autoaudiosink
 * ]|
 */
#include "../keyed.h"
#include "units/units.h"

GST_MIX_KEYED_FILTER_DEFINE (GstMixKeyedGate, gst_mix_keyed_gate, mixkeyedgate,
    mix_gate, "Gate with side chain", "Filter/Effect/Audio")
