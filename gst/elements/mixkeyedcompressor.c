/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixkeyedcompressor
 * @title: mixkeyedcompressor
 *
 * mixcompressor that measures another sound: the one that comes in through the
 * request pad `sidechain`. It turns its input down while that sound, the key,
 * is louder than #GstMixKeyedCompressor:threshold: a bass makes room for each
 * stroke of the bass drum, a pad for the singer. The key itself is not heard.
 *
 * The key may have any rate, channels and format, and is aligned to the input
 * by running time. Where there is no key (no pad, pad property `mute`, gaps,
 * after its end) nothing is turned down. Both branches of a tee need a queue.
 *
 * With `meter-interval` set, element messages named mixkeyedcompressor carry
 * `gain-reduction`, `input-level`, `output-level` and `key-level`.
 *
 * ## A bass that makes room for a bass drum, both heard
 * |[
 * gst-launch-1.0 audiotestsrc wave=ticks num-buffers=200 ! audioconvert ! \
 *   tee name=drum  drum. ! queue ! bass.sidechain  drum. ! queue ! mix. \
 *   audiotestsrc freq=55 num-buffers=200 ! audioconvert ! \
 *   mixkeyedcompressor name=bass threshold=-30 ratio=4 release=150 ! \
 *   queue ! audiomixer name=mix ! audioconvert ! autoaudiosink
 * ]|
 */
#include "../keyed.h"
#include "units/units.h"

GST_MIX_KEYED_FILTER_DEFINE (GstMixKeyedCompressor, gst_mix_keyed_compressor,
    mixkeyedcompressor, mix_compressor, "Compressor with side chain",
    "Filter/Effect/Audio")
