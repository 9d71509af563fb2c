/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gain_computer.h"

#define FADE_MS 5.0
#define FLOOR_MS 10.0 /* averages the power that is compared with the floor */
/* More than half a cycle of 20 Hz. */
#define GATE_MS 30.0
/* Of MixReduction.quiet: since ever. */
#define QUIET_FOREVER 0x40000000u
/* Of a lower bound: none. */
#define NO_BOUND (-1000.0f)

/* ---- Settings ----------------------------------------------------------- */

void
mix_gain_computer_prepare (MixGainComputer *g, unsigned rate)
{
  *g = (MixGainComputer){
    .floor_decay = mix_decay_per_frames (FLOOR_MS, 1, rate),
    .gate = mix_frames_from_ms (GATE_MS, rate),
  };
  mix_static_curve_prepare (&g->curve, rate);
  mix_smoother_prepare (&g->switch_fade, rate, FADE_MS);
}

/* Times need no smoothing, as the reduction goes on from where it is. */
void
mix_gain_computer_set (MixGainComputer *g, const MixGainComputerParams *p,
    unsigned rate, bool jumps)
{
  if (jumps || p->curve.mode != g->mode) {
    mix_smoother_set (&g->switch_fade, 1);
    mix_smoother_snap (&g->switch_fade);
    mix_smoother_set (&g->switch_fade, 0);
    g->switched = true;
  }
  g->ends_boosts
      = p->curve.mode == MIX_CURVE_DOWNWARD && p->curve.mode != g->mode;
  g->starts_auto_release = p->auto_release && !g->auto_release;
  g->mode = p->curve.mode;
  g->auto_release = p->auto_release;
  g->is_gated = p->is_gated;
  g->ballistics = mix_ballistics (
      p->attack_ms, p->release_ms, p->hold_ms, p->auto_release, rate);
  mix_static_curve_set (&g->curve, &p->curve);
}

void
mix_gain_computer_tick (MixGainComputer *g)
{
  mix_smoother_tick (&g->switch_fade);
  mix_static_curve_tick (&g->curve, g->switched);
}

void
mix_gain_computer_end_span (MixGainComputer *g)
{
  g->switched = false;
}

void
mix_gain_computer_reset (MixGainComputer *g)
{
  mix_smoother_snap (&g->switch_fade);
  mix_static_curve_reset (&g->curve);
  g->switched = false;
}

bool
mix_gain_computer_is_still (const MixGainComputer *g)
{
  return mix_smoother_is_still (&g->switch_fade)
         && mix_static_curve_is_still (&g->curve);
}

/* ---- State -------------------------------------------------------------- */

void
mix_reduction_restart (MixReduction *r)
{
  r->fade = (MixSwitchFade){ 0 };
  r->least_fade = (MixSwitchFade){ NO_BOUND, 0 };
  r->share_fade = (MixSwitchFade){ 0 };
  r->least = (MixRecentMax){ NO_BOUND, NO_BOUND, 0 };
}

void
mix_reduction_reset (MixReduction *r)
{
  *r = (MixReduction){ .quiet = QUIET_FOREVER };
  mix_reduction_restart (r);
}

void
mix_reduction_copy (MixReduction *to, const MixReduction *from)
{
  to->ballistics = from->ballistics;
  to->quiet = from->quiet;
  to->mean = from->mean;
  to->share = from->share;
  to->share_now = from->share_now;
  to->share_fade = from->share_fade;
  to->actual = from->actual;
  to->required = from->required;
}

void
mix_reduction_adapt (MixReduction *r, const MixGainComputer *g)
{
  if (g->starts_auto_release)
    mix_envelope_start_automatic (&r->ballistics);
  /* The floor does not act any more: go on from its result. */
  if (g->ends_boosts)
    mix_envelope_jump (&r->ballistics, (double)r->actual);
}

bool
mix_reduction_is_near (const MixReduction *a, const MixReduction *b)
{
  return fabs (mix_envelope_now (&a->ballistics)
               - mix_envelope_now (&b->ballistics))
             <= 1e-4
         && fabsf (a->actual - b->actual) <= 1e-4f;
}

/* ---- The gate ----------------------------------------------------------- */

/* The all-pass pair turns phases and so can make a wave higher than it is:
 * noise by some dB, a tone at its onset. So that what never reaches the knee
 * passes untouched, the peak detector requires a reduction only while a sample
 * has reached the knee within the latest `gate` frames. */

/* It is open all the time: only where the last high sample is matters. */
static unsigned
quiet_after_open (unsigned quiet, const MixGainComputer *g,
    const MixGainSpan *span, MixDetectorLanes lanes)
{
  const unsigned n = span->frames;
  for (unsigned i = n; i > 0; i--)
    if (mix_detector_exceeds_at (
            span->detector, lanes, mix_static_curve_onset (&g->curve), i - 1))
      return n - i;
  return quiet + n;
}

static void
run_gate (MixReduction *r, const MixGainComputer *g, const MixGainSpan *span,
    MixDetectorLanes lanes, float *io)
{
  unsigned quiet = r->quiet, n = span->frames;
  const MixDetector *d = span->detector;
  if (quiet + n <= g->gate) {
    r->quiet = quiet_after_open (quiet, g, span, lanes);
    return;
  }
  bool closed = quiet > g->gate
                && !mix_detector_exceeds (
                    d, lanes, mix_static_curve_onset (&g->curve), n);
  for (unsigned i = 0; i < n; i++) {
    bool over = !closed
                && mix_detector_exceeds_at (
                    d, lanes, mix_static_curve_onset (&g->curve), i);
    quiet = over ? 0 : mix_min (quiet + 1, QUIET_FOREVER);
    if (quiet > g->gate && io[i] > 0)
      io[i] = 0;
  }
  r->quiet = quiet;
}

/* ---- The required reduction --------------------------------------------- */

static void
run_switch_fade (MixSwitchFade *fade, const MixGainComputer *g, float *io,
    const MixGainSpan *span)
{
  MixRamp share = mix_smoother_ramp (&g->switch_fade);
  if (g->switched)
    fade->jump = fade->last - io[0];
  if (share.from > 0)
    for (unsigned i = 0; i < span->frames; i++)
      io[i] += fade->jump * mix_ramp_at (share, span->offset + i);
  fade->last = io[span->frames - 1];
}

/* The same for a share: a cross-fade, so that it stays within 0 … 1. */
static void
run_share_fade (MixSwitchFade *fade, const MixGainComputer *g, float *io,
    const MixGainSpan *span)
{
  MixRamp share = mix_smoother_ramp (&g->switch_fade);
  if (g->switched)
    fade->jump = fade->last;
  if (share.from > 0)
    for (unsigned i = 0; i < span->frames; i++)
      io[i] += (fade->jump - io[i]) * mix_ramp_at (share, span->offset + i);
  fade->last = io[span->frames - 1];
}

static void
hold_required (MixReduction *r, const MixGainSpan *span, float *io)
{
  if (span->hold)
    for (unsigned i = 0; i < span->frames; i++)
      r->required = io[i] = span->hold[i] > 0 ? r->required : io[i];
  r->required = io[span->frames - 1];
}

/* ---- Boosts ------------------------------------------------------------- */

/* The share that the floor leaves opens and closes with the mean level, apart
 * from the boost itself: the boost stands ready when a word begins, held down
 * only by the level of the word. Were it to start from nothing each time, all
 * words would begin too soft. */
static void
run_floor (MixReduction *r, const MixGainComputer *g, const float *power,
    float *share, const MixGainSpan *span)
{
  double keep = g->floor_decay, take = 1 - keep, now = r->mean;
  for (unsigned i = 0; i < span->frames; i++) {
    now = keep * now + take * power[i];
    share[i] = (float)now;
  }
  r->mean = now;
  mix_static_curve_run_share (&g->curve, share, span->offset, span->frames);
}

/* With look-ahead a boost respects all sound that is still in the delay. */
static void
run_recent_max (MixRecentMax *recent, float *io, const MixGainSpan *span)
{
  if (span->look_ahead == 0)
    return;
  for (unsigned i = 0; i < span->frames; i++) {
    if (recent->at++ >= span->look_ahead) {
      recent->last = recent->now;
      recent->now = io[i];
      recent->at = 1;
    }
    recent->now = mix_larger (recent->now, io[i]);
    io[i] = mix_larger (recent->now, recent->last);
  }
}

/* Where the largest share of the recent frames steps down, it glides. */
static void
glide_share (MixReduction *r, const MixGainComputer *g, float *io,
    const MixGainSpan *span)
{
  double keep = g->floor_decay, now = r->share_now;
  if (span->look_ahead == 0)
    return;
  for (unsigned i = 0; i < span->frames; i++) {
    double to = (double)io[i];
    now = to > now ? to : to + (now - to) * keep;
    io[i] = (float)now;
  }
  r->share_now = now;
}

static void
finish_boost (MixReduction *r, const MixGainComputer *g, MixBoost *boost,
    const MixGainSpan *span)
{
  run_switch_fade (&r->least_fade, g, boost->least, span);
  run_share_fade (&r->share_fade, g, boost->share, span);
  run_recent_max (&r->least, boost->least, span);
  run_recent_max (&r->share, boost->share, span);
  glide_share (r, g, boost->share, span);
}

/* ---- Reductions --------------------------------------------------------- */

void
mix_reduction_require (MixReduction *r, const MixGainComputer *g,
    const MixGainSpan *span, MixDetectorLanes lanes, float *io, MixBoost *boost)
{
  bool boosts = mix_gain_computer_boosts (g);
  if (boosts)
    run_floor (r, g, io, boost->share, span);
  mix_static_curve_run (
      &g->curve, io, boosts ? boost->least : NULL, span->offset, span->frames);
  if (g->is_gated)
    run_gate (r, g, span, lanes, io);
  run_switch_fade (&r->fade, g, io, span);
  hold_required (r, span, io);
  if (boosts)
    finish_boost (r, g, boost, span);
}

void
mix_reduction_follow (MixReduction *r, const MixGainComputer *g, float *io,
    const MixBoost *boost, unsigned n)
{
  if (mix_gain_computer_boosts (g)) {
    mix_envelope_run (&r->ballistics, &g->ballistics, io, boost->least, n);
    for (unsigned i = 0; i < n; i++)
      io[i] = io[i] < 0 ? io[i] * boost->share[i] : io[i];
  } else {
    mix_envelope_run (&r->ballistics, &g->ballistics, io, NULL, n);
  }
  r->actual = io[n - 1];
}
