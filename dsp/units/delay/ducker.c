/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ducker.h"

#define FULL_DB (-30.0)
#define NONE_DB (-50.0)
#define HOLD_MS 100.0
#define RELEASE_MS 300.0
#define SMOOTHING_MS 5.0

/* The attenuation is over after so long: e^(-6.5) of 40 dB is 0.06 dB. */
#define PAUSE_MS (HOLD_MS + 6.5 * RELEASE_MS)

void
mix_delay_ducker_prepare (MixDelayDucker *ducker, unsigned rate)
{
  *ducker = (MixDelayDucker){ .kernels = mix_kernels (), .rate = rate };
  mix_smoother_prepare (&ducker->attenuation, rate, SMOOTHING_MS);
}

void
mix_delay_ducker_set (MixDelayDucker *ducker, double depth_db)
{
  ducker->depth_db = depth_db;
}

static void
clear_envelope (MixDelayDucker *ducker)
{
  ducker->peak = 0;
  ducker->share = 0;
  ducker->hold = 0;
}

void
mix_delay_ducker_reset (MixDelayDucker *ducker)
{
  clear_envelope (ducker);
  ducker->on = false;
  mix_smoother_set (&ducker->attenuation, 0);
  mix_smoother_snap (&ducker->attenuation);
}

void
mix_delay_ducker_measure (
    MixDelayDucker *ducker, const MixSpan *span, unsigned channels)
{
  for (unsigned c = 0; ducker->on && c < channels; c++)
    ducker->peak = mix_larger (
        ducker->kernels->peak (span->in[c], span->frames), ducker->peak);
}

static void
update_envelope (MixDelayDucker *ducker)
{
  double level = mix_db_from_gain ((double)ducker->peak);
  double share = mix_clamp ((level - NONE_DB) / (FULL_DB - NONE_DB), 0, 1);
  ducker->peak = 0;
  if (share >= ducker->share) {
    ducker->share = share;
    ducker->hold = mix_frames_from_ms (HOLD_MS, ducker->rate) / MIX_TICK;
  } else if (ducker->hold > 0) {
    ducker->hold--;
  } else {
    ducker->share
        = share
          + (ducker->share - share)
                * mix_decay_per_frames (RELEASE_MS, MIX_TICK, ducker->rate);
  }
}

void
mix_delay_ducker_tick (MixDelayDucker *ducker)
{
  if (ducker->on)
    update_envelope (ducker);
  mix_smoother_set (&ducker->attenuation, ducker->depth_db * ducker->share);
  mix_smoother_tick (&ducker->attenuation);
  ducker->on = ducker->depth_db > 0;
  if (!ducker->on)
    clear_envelope (ducker);
}

unsigned
mix_delay_ducker_pause (const MixDelayDucker *ducker)
{
  return ducker->depth_db > 0 ? mix_frames_from_ms (PAUSE_MS, ducker->rate) : 0;
}
