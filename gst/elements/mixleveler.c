/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-mixleveler
 * @title: mixleveler
 *
 * Brings a programme to one loudness (EBU R 128, ITU-R BS.1770-5) while it
 * plays: one slow gain for all channels, without a delay, in one pass.
 * `docs/loudness.md` explains which target suits which destination.
 *
 * Set #GstMixLeveler:target and leave the rest. Within some seconds the
 * programme is at its target and its average is kept there; up to
 * #GstMixLeveler:range of dynamics around it stay as they are. Pauses, silence
 * and room tone are not raised. Without #GstMixLeveler:converge only
 * what is outside the range is brought to its edge.
 *
 * A gain raises peaks too, and limiting them needs a look-ahead: where the
 * target is high (-16 LUFS and over) put a mixlimiter behind.
 *
 * With two passes, a mixmeter first, the gain is known from the start: use
 * #GstMixLeveler:mode static with the gain as #GstMixLeveler:static-gain.
 *
 * Messages named mixleveler carry `momentary`, `short-term`, `integrated` and
 * `range` with `-before` and `-after` behind the name, and `gain`; when the
 * stream ends, one with `final` set to true has those of the whole programme.
 *
 * ## Example: a podcast at -16 LUFS
 * |[
 * gst-launch-1.0 filesrc location=pipelines/stems/lead.flac ! decodebin ! \
 *   audioconvert ! mixleveler target=-16 ! mixlimiter ! autoaudiosink
 * ]|
 *
 * ## Example: television at night
 * |[
 * gst-launch-1.0 audiotestsrc wave=pink-noise volume=0.02 num-buffers=200 \
 *   ! audioconvert ! mixleveler @preset=night-mode ! mixlimiter ! \
 *   autoaudiosink
 * ]|
 */
#include "../filter.h"
#include "units/units.h"

GST_MIX_FILTER_DEFINE (GstMixLeveler, gst_mix_leveler, mixleveler, mix_leveler,
    "Loudness leveler", "Filter/Effect/Audio")
