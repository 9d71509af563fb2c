/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixgate
 * @title: mixgate
 *
 * Turns down what is softer than #GstMixGate:threshold: the cymbals in a
 * microphone that stands at the bass drum, the hum of a guitar amplifier
 * between two phrases, the room behind a voice. With #GstMixGate:ratio 100 it
 * is a gate, with 1.5 to 4 a gentle expander.
 *
 * An open gate is bit-exact. It opens at the threshold and closes
 * #GstMixGate:hysteresis below it, after #GstMixGate:hold. With
 * #GstMixGate:look-ahead, 2 ms at defaults, it is wide open when the first
 * sample over the threshold arrives, so a drum keeps its attack; the element
 * then moves its timestamps back, so nothing lands late in a mix. Set the
 * threshold with #GstMixGate:sidechain-listen: cut the key
 * (#GstMixGate:sidechain-low-cut and #GstMixGate:sidechain-high-cut) to what
 * only the wanted sound has.
 *
 * With `meter-interval` set, element messages named mixgate carry
 * `gain-reduction`, `input-level` and `open`.
 *
 * ## Example
 * |[
 * gst-launch-1.0 audiotestsrc wave=ticks num-buffers=200 ! audioconvert ! \
 *   mixgate threshold=-30 release=80 ! audioconvert ! autoaudiosink
 * ]|
 * ## A bass drum's microphone, opened by what lies under 120 Hz
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise num-buffers=200 ! \
 *   audioconvert ! mixgate @preset=bass-drum ! audioconvert ! autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (
    GstMixGate, gst_mix_gate, mixgate, mix_gate, "Gate", "Filter/Effect/Audio")
