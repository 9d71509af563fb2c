/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reverb_control.h"

#define FREEZE_MS 15.0
#define STRETCH_MS 500.0
#define FAR_EARLY_DB -6.0 /* of early reflections at a distance of 100 % */
#define BEAT 0.1          /* of the longest T60: 6 dB */
#define LONGEST_BEAT 3.0  /* seconds */

void
mix_reverb_control_prepare (
    MixReverbControl *control, unsigned rate, double smooth_ms)
{
  control->rate = rate;
  for (unsigned k = 0; k < MIX_REVERB_SMOOTHERS; k++)
    mix_reverb_smoother_prepare (&control->smooth[k], rate,
        k == MIX_REVERB_FROZEN    ? FREEZE_MS
        : k == MIX_REVERB_STRETCH ? STRETCH_MS
                                  : smooth_ms);
}

/* The loss is at the end of each line, but stands for what happens all along
 * it: if it fell at once, sound that entered under the old decay would leave
 * under the new one, and the tail would swell. When it moves no faster than a
 * line is long, the tail's level is constant at the most. */
void
mix_reverb_control_set_pace (MixReverbControl *control, double line_s)
{
  for (unsigned k = MIX_REVERB_DECAY; k <= MIX_REVERB_HIGH_HZ; k++)
    mix_reverb_smoother_prepare (
        &control->smooth[k], control->rate, 1000 * line_s);
}

/* ---- Targets ------------------------------------------------------------ */

static void
set_target (MixReverbControl *control, unsigned which, double target)
{
  mix_smoother_set (&control->smooth[which], target);
}

/* The late sound is the same everywhere in a room: distance changes only the
 * early reflections. */
void
mix_reverb_control_set (
    MixReverbControl *control, const MixReverbParams *params)
{
  const MixReverbParams *p = params;
  double far = p->distance_percent / 100;
  control->target = *p;
  set_target (control, MIX_REVERB_DECAY, log2 (p->decay_s));
  set_target (control, MIX_REVERB_LOW_RATIO, log2 (p->low_ratio));
  set_target (control, MIX_REVERB_HIGH_RATIO, log2 (p->high_ratio));
  set_target (control, MIX_REVERB_LOW_HZ, log2 (p->low_hz));
  set_target (control, MIX_REVERB_HIGH_HZ, log2 (p->high_hz));
  set_target (control, MIX_REVERB_FROZEN, p->freeze);
  set_target (control, MIX_REVERB_STRETCH, mix_geometry_stretch_for (p));
  set_target (control, MIX_REVERB_DIFFUSION, p->diffusion_percent / 100);
  set_target (control, MIX_REVERB_MODULATION, p->modulation_percent / 100);
  set_target (
      control, MIX_REVERB_EARLY_SHARE, mix_geometry_early_share (p->space));
  set_target (control, MIX_REVERB_EARLY,
      mix_reverb_gain (p->early_db) * mix_gain_from_db (far * FAR_EARLY_DB));
  set_target (control, MIX_REVERB_LATE, mix_reverb_gain (p->late_db));
  set_target (control, MIX_REVERB_WET, mix_reverb_gain (p->wet_db));
}

MixGeometry
mix_reverb_control_geometry (const MixReverbControl *control)
{
  return mix_geometry (
      &control->target, control->smooth[MIX_REVERB_STRETCH].to);
}

MixGeometry
mix_reverb_control_target_geometry (const MixReverbControl *control)
{
  return mix_geometry (
      &control->target, control->smooth[MIX_REVERB_STRETCH].target);
}

bool
mix_reverb_control_is_frozen (const MixReverbControl *control)
{
  return control->target.freeze;
}

bool
mix_reverb_control_is_dry (const MixReverbControl *control)
{
  const MixSmoother *wet = &control->smooth[MIX_REVERB_WET];
  return wet->from == 0 && wet->to == 0;
}

static bool
stays_off (const MixSmoother *gain)
{
  return gain->target == 0 && mix_smoother_is_still (gain);
}

bool
mix_reverb_control_stays_dry (const MixReverbControl *control)
{
  const MixSmoother *s = control->smooth;
  return stays_off (&s[MIX_REVERB_WET])
         || (stays_off (&s[MIX_REVERB_EARLY])
             && stays_off (&s[MIX_REVERB_LATE]));
}

unsigned
mix_reverb_control_longest_beat (const MixReverbControl *control)
{
  const MixReverbParams *p = &control->target;
  double ratio = fmax (1, fmax (p->low_ratio, p->high_ratio));
  double seconds = fmin (LONGEST_BEAT, BEAT * p->decay_s * ratio);
  return (unsigned)(seconds * control->rate);
}

/* ---- Values ------------------------------------------------------------- */

void
mix_reverb_control_reset (MixReverbControl *control)
{
  for (unsigned k = 0; k < MIX_REVERB_SMOOTHERS; k++)
    mix_smoother_snap (&control->smooth[k]);
}

bool
mix_reverb_control_tick (MixReverbControl *control)
{
  bool moves = false;
  for (unsigned k = 0; k < MIX_REVERB_SMOOTHERS; k++)
    moves |= mix_smoother_tick (&control->smooth[k]);
  return moves;
}

static bool
filters_move (const MixReverbControl *control)
{
  bool move = false;
  for (unsigned k = MIX_REVERB_DECAY; k <= MIX_REVERB_WET; k++)
    move |= control->smooth[k].to != control->smooth[k].from;
  return move;
}

/* The longer the late sound, the smaller the early part of the power. */
static double
early_share (const MixReverbControl *control, double decay_s)
{
  return control->smooth[MIX_REVERB_EARLY_SHARE].to
         * mix_clamp (sqrt (2 / decay_s), 0.2, 1.2);
}

static void
update_filters (MixReverbControl *control)
{
  const MixSmoother *s = control->smooth;
  MixReverbValues *v = &control->values;
  v->decay = (MixDecay){ exp2 (s[MIX_REVERB_DECAY].to),
    exp2 (s[MIX_REVERB_LOW_RATIO].to), exp2 (s[MIX_REVERB_HIGH_RATIO].to),
    exp2 (s[MIX_REVERB_LOW_HZ].to), exp2 (s[MIX_REVERB_HIGH_HZ].to) };
  mix_absorption_prepare (&v->absorption, &v->decay, control->rate);
  v->diffusion = s[MIX_REVERB_DIFFUSION].to;
  v->early_share = early_share (control, v->decay.decay_s);
  v->early = s[MIX_REVERB_EARLY].to;
}

const MixReverbValues *
mix_reverb_control_update (MixReverbControl *control, bool moving)
{
  const MixSmoother *s = control->smooth;
  MixReverbValues *v = &control->values;
  v->moved = v->moving;
  v->moving = moving || filters_move (control);
  if (v->moving)
    update_filters (control);
  v->unfrozen = 1 - s[MIX_REVERB_FROZEN].to;
  v->wet = s[MIX_REVERB_WET].to;
  v->late = mix_ends_of_product (&s[MIX_REVERB_LATE], &s[MIX_REVERB_WET]);
  v->modulation = s[MIX_REVERB_MODULATION].to;
  return v;
}
