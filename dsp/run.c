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

static void
flush_if_calm (MixRun *run)
{
  if (run->calm == 0 && !run->unit->sum_up) {
    mix_unit_flush (run->unit, run->self);
    run->calm = MIX_RUN_CALM;
  }
}

static unsigned
process_clean (MixRun *run, float *const *io, unsigned frames)
{
  run->unit->process (run->self, io, (const float *const *)io, frames);
  run->calm -= frames < run->calm ? frames : run->calm;
  if (is_sane (run, io, frames))
    return 0;
  unsigned bad = 0;
  for (unsigned i = 0; i < frames; i++)
    bad += zero_bad_samples (run, io, i);
  flush_if_calm (run);
  return bad;
}

/* The rare path: frame by frame around what is bad. */
static unsigned
process_dirty (MixRun *run, float *const *io, unsigned frames)
{
  float *at[MIX_MAX_CHANNELS];
  unsigned bad = 0, done = 0;
  for (unsigned i = 0; i < frames; i++) {
    unsigned here = zero_bad_samples (run, io, i);
    if (here == 0)
      continue;
    bad += here;
    offset_channels (at, io, run->channels, done);
    bad += process_clean (run, at, i - done);
    done = i;
    flush_if_calm (run);
  }
  offset_channels (at, io, run->channels, done);
  return bad + process_clean (run, at, frames - done);
}

unsigned
mix_run (MixRun *run, float *const *io, unsigned frames)
{
  unsigned long mode = mix_denormals_off ();
  unsigned bad = is_sane (run, io, frames) ? process_clean (run, io, frames)
                                           : process_dirty (run, io, frames);
  mix_denormals_restore (mode);
  return bad;
}
