/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "echo_mixer.h"

#include <string.h>

#define SMOOTHING_MS 5.0

/* The loops are written once for ramps and for constant gains. */
#define ALWAYS_INLINE inline __attribute__ ((always_inline))

/* ---- Gains -------------------------------------------------------------- */

void
mix_delay_mixer_prepare (MixDelayMixer *mixer, unsigned rate)
{
  *mixer = (MixDelayMixer){ 0 };
  for (unsigned i = 0; i < MIX_DELAY_SMOOTHERS; i++)
    mix_smoother_prepare (&mixer->smooth[i], rate, SMOOTHING_MS);
}

void
mix_delay_mixer_set (MixDelayMixer *mixer, const MixDelayParams *p)
{
  MixSmoother *s = mixer->smooth;
  mix_smoother_set (&s[MIX_DELAY_DRY], p->dry_db);
  mix_smoother_set (&s[MIX_DELAY_WET], p->wet_db);
  mix_smoother_set (&s[MIX_DELAY_FEEDBACK], p->feedback_percent / 100);
  mix_smoother_set (&s[MIX_DELAY_CROSS], p->ping_pong);
  mix_smoother_set (&s[MIX_DELAY_WIDTH], p->width_percent / 100);
  mixer->settled = false;
}

void
mix_delay_mixer_reset (MixDelayMixer *mixer)
{
  for (unsigned i = 0; i < MIX_DELAY_SMOOTHERS; i++)
    mix_smoother_snap (&mixer->smooth[i]);
  mixer->settled = false;
}

static double
gain_of (double db)
{
  return db > MIX_DELAY_OFF_DB ? mix_gain_from_db (db) : 0;
}

static void
update_ramps (MixDelayMixer *mixer, const MixDelayDucker *ducker)
{
  const MixSmoother *s = mixer->smooth;
  const MixSmoother *width = &s[MIX_DELAY_WIDTH], *cross = &s[MIX_DELAY_CROSS];
  const MixSmoother *dry = &s[MIX_DELAY_DRY], *wet_db = &s[MIX_DELAY_WET];
  double duck[2];
  mix_delay_ducker_gains (ducker, duck);
  double from = gain_of (wet_db->from) * duck[0];
  double to = gain_of (wet_db->to) * duck[1];
  mixer->wet = mix_ramp (from, to);
  mixer->same
      = mix_ramp (from * (1 + width->from) / 2, to * (1 + width->to) / 2);
  mixer->other
      = mix_ramp (from * (1 - width->from) / 2, to * (1 - width->to) / 2);
  mixer->dry = mix_ramp (gain_of (dry->from), gain_of (dry->to));
  mixer->feedback = mix_smoother_ramp (&s[MIX_DELAY_FEEDBACK]);
  mixer->cross = mix_smoother_ramp (cross);
  mixer->straight = mix_ramp (1 - cross->from, 1 - cross->to);
}

bool
mix_delay_mixer_tick (
    MixDelayMixer *mixer, const MixDelayDucker *ducker, bool still)
{
  still &= mix_delay_ducker_is_still (ducker);
  if (mixer->settled && still)
    return false;
  mixer->settled = still;
  for (unsigned i = 0; i < MIX_DELAY_SMOOTHERS; i++) {
    mix_smoother_tick (&mixer->smooth[i]);
    mixer->settled &= mix_smoother_is_still (&mixer->smooth[i]);
  }
  update_ramps (mixer, ducker);
  return !mixer->settled;
}

bool
mix_delay_mixer_is_off (const MixDelayMixer *mixer)
{
  const MixSmoother *wet = &mixer->smooth[MIX_DELAY_WET];
  return wet->target <= MIX_DELAY_OFF_DB && mix_smoother_is_still (wet);
}

static ALWAYS_INLINE float
value (MixRamp ramp, bool constant, unsigned frame)
{
  return constant ? ramp.from : mix_ramp_at (ramp, frame);
}

/* ---- Into the lines ----------------------------------------------------- */

/* For ping-pong the two lines of a pair feed each other, and the mono sum of
 * the input enters the left one. */
static ALWAYS_INLINE void
feed_pair (const MixDelayMixer *m, MixDelayRows *restrict to,
    const MixDelayRows *restrict echo, const float *left, const float *right,
    unsigned offset, unsigned n, bool constant)
{
  for (unsigned i = 0; i < n; i++) {
    float straight = value (m->straight, constant, offset + i);
    float cross = value (m->cross, constant, offset + i);
    float feedback = value (m->feedback, constant, offset + i);
    float l = echo->left[i], r = echo->right[i];
    to->left[i] = straight * left[i] + cross * (0.5f * (left[i] + right[i]))
                  + feedback * (straight * l + cross * r);
    to->right[i] = straight * right[i] + feedback * (straight * r + cross * l);
  }
}

void
mix_delay_mixer_feed_pair (const MixDelayMixer *m, const MixSpan *span,
    MixPair pair, MixDelayRows *to, const MixDelayRows *echo)
{
  const float *left = span->in[pair.left], *right = span->in[pair.right];
  unsigned offset = span->offset, n = span->frames;
  if (m->settled)
    feed_pair (m, to, echo, left, right, offset, n, true);
  else
    feed_pair (m, to, echo, left, right, offset, n, false);
}

static ALWAYS_INLINE void
feed_lone (const MixDelayMixer *m, float *restrict to,
    const float *restrict echo, const float *in, unsigned offset, unsigned n,
    bool constant)
{
  for (unsigned i = 0; i < n; i++)
    to[i] = in[i] + value (m->feedback, constant, offset + i) * echo[i];
}

void
mix_delay_mixer_feed_lone (const MixDelayMixer *m, const MixSpan *span,
    unsigned channel, float *to, const float *echo)
{
  const float *in = span->in[channel];
  if (m->settled)
    feed_lone (m, to, echo, in, span->offset, span->frames, true);
  else
    feed_lone (m, to, echo, in, span->offset, span->frames, false);
}

/* ---- Out of them -------------------------------------------------------- */

/* The output is the input in every bit. */
static bool
is_neutral (const MixDelayMixer *m)
{
  return mix_ramp_is_constant (m->wet, 0) && mix_ramp_is_constant (m->dry, 1);
}

static void
copy (const MixSpan *span, unsigned channel)
{
  if (span->out[channel] != span->in[channel])
    memcpy (
        span->out[channel], span->in[channel], span->frames * sizeof (float));
}

static ALWAYS_INLINE void
mix_pair (const MixDelayMixer *m, MixDelayRows *restrict to,
    const MixDelayRows *restrict echo, const float *left, const float *right,
    unsigned offset, unsigned n, bool constant)
{
  for (unsigned i = 0; i < n; i++) {
    float dry = value (m->dry, constant, offset + i);
    float same = value (m->same, constant, offset + i);
    float other = value (m->other, constant, offset + i);
    float l = echo->left[i], r = echo->right[i];
    to->left[i] = dry * left[i] + (same * l + other * r);
    to->right[i] = dry * right[i] + (same * r + other * l);
  }
}

void
mix_delay_mixer_mix_pair (const MixDelayMixer *m, const MixSpan *span,
    MixPair pair, const MixDelayRows *echo)
{
  const float *left = span->in[pair.left], *right = span->in[pair.right];
  unsigned offset = span->offset, n = span->frames;
  MixDelayRows to;
  if (is_neutral (m)) {
    copy (span, pair.left);
    copy (span, pair.right);
    return;
  }
  if (m->settled)
    mix_pair (m, &to, echo, left, right, offset, n, true);
  else
    mix_pair (m, &to, echo, left, right, offset, n, false);
  memcpy (span->out[pair.left], to.left, n * sizeof (float));
  memcpy (span->out[pair.right], to.right, n * sizeof (float));
}

static ALWAYS_INLINE void
mix_lone (const MixDelayMixer *m, float *restrict to,
    const float *restrict echo, const float *in, unsigned offset, unsigned n,
    bool constant)
{
  for (unsigned i = 0; i < n; i++)
    to[i] = value (m->dry, constant, offset + i) * in[i]
            + value (m->wet, constant, offset + i) * echo[i];
}

void
mix_delay_mixer_mix_lone (const MixDelayMixer *m, const MixSpan *span,
    unsigned channel, const float *echo)
{
  const float *in = span->in[channel];
  float to[MIX_DELAY_SPAN];
  if (is_neutral (m)) {
    copy (span, channel);
    return;
  }
  if (m->settled)
    mix_lone (m, to, echo, in, span->offset, span->frames, true);
  else
    mix_lone (m, to, echo, in, span->offset, span->frames, false);
  memcpy (span->out[channel], to, span->frames * sizeof (float));
}

void
mix_delay_mixer_pass (
    const MixDelayMixer *m, const MixSpan *span, unsigned channel)
{
  for (unsigned i = 0; i < span->frames; i++)
    span->out[channel][i]
        = mix_ramp_at (m->dry, span->offset + i) * span->in[channel][i];
}
