/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run.h"

#include <math.h>
#include <string.h>

#include "base/denormals.h"

void
mix_run_init (MixRun *run, const MixUnit *unit, void *self, unsigned channels)
{
  *run = (MixRun){
    .unit = unit, .self = self, .channels = channels, .kernels = mix_kernels ()
  };
}

static void
offset_channels (float *to[MIX_MAX_CHANNELS], float *const *from,
    unsigned channels, unsigned by)
{
  for (unsigned c = 0; c < channels; c++)
    to[c] = from[c] + by;
}

static bool
is_sane (const MixRun *run, float *const *io, unsigned frames)
{
  for (unsigned c = 0; c < run->channels; c++)
    if (!run->kernels->is_sane (io[c], frames))
      return false;
  return true;
}

static unsigned
zero_bad_samples (const MixRun *run, float *const *io, unsigned frame)
{
  unsigned bad = 0;
  for (unsigned c = 0; c < run->channels; c++)
    if (!(fabsf (io[c][frame]) <= MIX_SANE)) {
      io[c][frame] = 0;
      bad++;
    }
  return bad;
}

static unsigned
zero_all_bad_samples (const MixRun *run, float *const *io, unsigned frames)
{
  unsigned bad = 0;
  for (unsigned i = 0; i < frames; i++)
    bad += zero_bad_samples (run, io, i);
  return bad;
}

static void
flush_if_calm (MixRun *run)
{
  if (run->calm == 0 && !run->unit->sum_up) {
    mix_unit_flush (run->unit, run->self);
    run->calm = MIX_RUN_CALM;
  }
}

static unsigned
process_clean (
    MixRun *run, float *const *io, float *const *key, unsigned frames)
{
  run->unit->process (run->self, io, (const float *const *)io,
      (const float *const *)key, frames);
  run->calm -= frames < run->calm ? frames : run->calm;
  if (is_sane (run, io, frames))
    return 0;
  unsigned bad = zero_all_bad_samples (run, io, frames);
  flush_if_calm (run);
  return bad;
}

static unsigned
process_from (MixRun *run, float *const *io, float *const *key, unsigned from,
    unsigned to)
{
  float *io_at[MIX_MAX_CHANNELS], *key_at[MIX_MAX_CHANNELS];
  offset_channels (io_at, io, run->channels, from);
  if (key)
    offset_channels (key_at, key, run->channels, from);
  return process_clean (run, io_at, key ? key_at : NULL, to - from);
}

/* The rare path: frame by frame around what is bad. */
static unsigned
process_dirty (
    MixRun *run, float *const *io, float *const *key, unsigned frames)
{
  unsigned bad = 0, done = 0;
  for (unsigned i = 0; i < frames; i++) {
    unsigned here = zero_bad_samples (run, io, i);
    if (here == 0)
      continue;
    bad += here + process_from (run, io, key, done, i);
    done = i;
    flush_if_calm (run);
  }
  return bad + process_from (run, io, key, done, frames);
}

unsigned
mix_run (MixRun *run, float *const *io, float *const *key, unsigned frames)
{
  unsigned long mode = mix_denormals_off ();
  unsigned bad = 0;
  if (key && !is_sane (run, key, frames))
    bad = zero_all_bad_samples (run, key, frames);
  bad += is_sane (run, io, frames) ? process_clean (run, io, key, frames)
                                   : process_dirty (run, io, key, frames);
  mix_denormals_restore (mode);
  return bad;
}
