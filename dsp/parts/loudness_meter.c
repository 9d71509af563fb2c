/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "loudness_meter.h"

#include <math.h>
#include <string.h>

#define STEPS_PER_SECOND 100
#define MOMENTARY 40 /* steps */
#define HOP 10       /* steps between two blocks */

#define BINS_PER_LU 200
#define HIGHEST 20 /* LUFS; louder blocks share the last bin */
#define BINS ((HIGHEST + 70) * BINS_PER_LU)

/* Relative gates as powers: 10 LU for loudness (BS.1770), 20 LU for the range
 * (Tech 3342). */
#define RELATIVE_GATE 0.1
#define RANGE_GATE 0.01
#define RANGE_LOW 0.10
#define RANGE_HIGH 0.95

/* A sine of 997 Hz at full scale in one front channel is -3.01 LUFS. */
#define OFFSET_DB (-0.691)

double
mix_lufs_from_power (double power)
{
  double lufs = power > 0 ? OFFSET_DB + 10 * log10 (power) : MIX_LOUDNESS_FLOOR;
  return lufs > MIX_LOUDNESS_FLOOR ? lufs : MIX_LOUDNESS_FLOOR;
}

/* ---- Histogram ---------------------------------------------------------- */

static unsigned
bin_of (double power)
{
  double at = (mix_lufs_from_power (power) - MIX_LOUDNESS_GATE) * BINS_PER_LU;
  return at <= 0 ? 0 : at >= BINS - 1 ? BINS - 1 : (unsigned)at;
}

static void
histogram_clear (MixLoudnessHistogram *h)
{
  if (h->high > h->low)
    memset (h->bins + h->low, 0, (h->high - h->low) * sizeof *h->bins);
  h->low = BINS;
  h->high = 0;
  h->power = 0;
  h->count = 0;
}

static void
histogram_add (MixLoudnessHistogram *h, double power)
{
  if (!h->bins || mix_lufs_from_power (power) <= MIX_LOUDNESS_GATE)
    return;
  unsigned at = bin_of (power);
  h->bins[at].power += power;
  h->bins[at].count++;
  h->power += power;
  h->count++;
  h->low = at < h->low ? at : h->low;
  h->high = at >= h->high ? at + 1 : h->high;
}

static double
mean_of_bin (const MixLoudnessHistogram *h, unsigned at)
{
  return h->bins[at].power / (double)h->bins[at].count;
}

/* The first bin above a gate relative to the mean of all. The bin on the gate
 * counts when its mean does. */
static unsigned
first_bin_above (const MixLoudnessHistogram *h, double relative)
{
  double gate = relative * h->power / (double)h->count;
  unsigned at = bin_of (gate);
  if (at < h->low)
    return h->low;
  if (h->bins[at].count == 0 || mean_of_bin (h, at) >= gate)
    return at;
  return at + 1;
}

static double
gated_loudness (const MixLoudnessHistogram *h)
{
  double power = 0;
  uint64_t count = 0;
  if (h->count == 0)
    return MIX_LOUDNESS_GATE;
  for (unsigned at = first_bin_above (h, RELATIVE_GATE); at < h->high; at++) {
    power += h->bins[at].power;
    count += h->bins[at].count;
  }
  return mix_lufs_from_power (power / (double)count);
}

/* The loudness of the block that has `rank` gated ones below it. */
static double
loudness_at (const MixLoudnessHistogram *h, unsigned first, uint64_t rank)
{
  unsigned at = first;
  for (; rank >= h->bins[at].count; at++)
    rank -= h->bins[at].count;
  return mix_lufs_from_power (mean_of_bin (h, at));
}

static double
range_of (const MixLoudnessHistogram *h)
{
  uint64_t count = 0;
  if (h->count == 0)
    return 0;
  unsigned first = first_bin_above (h, RANGE_GATE);
  for (unsigned at = first; at < h->high; at++)
    count += h->bins[at].count;
  double last = (double)(count - 1);
  return loudness_at (h, first, (uint64_t)(last * RANGE_HIGH + 0.5))
         - loudness_at (h, first, (uint64_t)(last * RANGE_LOW + 0.5));
}

static void
update_results (MixLoudness *l)
{
  if (!l->is_new)
    return;
  l->integrated = gated_loudness (&l->blocks);
  l->range = range_of (&l->windows);
  l->is_new = false;
}

MixLoudnessReadings
mix_loudness_read (MixLoudness *l)
{
  update_results (l);
  return (MixLoudnessReadings){
    .momentary_lufs = mix_lufs_from_power (l->momentary),
    .short_term_lufs = mix_lufs_from_power (l->short_term),
    .max_momentary_lufs = mix_lufs_from_power (l->max_momentary),
    .max_short_term_lufs = mix_lufs_from_power (l->max_short_term),
    .integrated_lufs = l->integrated,
    .range_lu = l->range,
  };
}

/* ---- Steps -------------------------------------------------------------- */

static void
keep_step (MixLoudness *l, double power)
{
  unsigned at = (unsigned)(l->steps++ % MIX_LOUDNESS_STEPS);
  l->step[at] = power;
  if (at % MIX_LOUDNESS_GROUP != MIX_LOUDNESS_GROUP - 1)
    return;
  double sum = 0;
  for (unsigned i = 0; i < MIX_LOUDNESS_GROUP; i++)
    sum += l->step[at - i];
  l->group[at / MIX_LOUDNESS_GROUP] = sum;
}

/* The power of the latest steps, by whole groups where there are any. Summed
 * anew each time, as a running sum would accumulate rounding errors. */
static double
sum_latest (const MixLoudness *l, unsigned steps)
{
  unsigned newest = (unsigned)((l->steps - 1) % MIX_LOUDNESS_STEPS);
  unsigned open = newest / MIX_LOUDNESS_GROUP; /* may hold old steps */
  unsigned at = (newest + 1 + MIX_LOUDNESS_STEPS - steps) % MIX_LOUDNESS_STEPS;
  double sum = 0;
  for (unsigned left = steps, n; left > 0; left -= n) {
    bool whole = at % MIX_LOUDNESS_GROUP == 0 && left >= MIX_LOUDNESS_GROUP
                 && at / MIX_LOUDNESS_GROUP != open;
    n = whole ? MIX_LOUDNESS_GROUP : 1;
    sum += whole ? l->group[at / MIX_LOUDNESS_GROUP] : l->step[at];
    at = at + n < MIX_LOUDNESS_STEPS ? at + n : 0;
  }
  return sum;
}

static double
mean_power (const MixLoudness *l, unsigned steps)
{
  return sum_latest (l, steps) * STEPS_PER_SECOND / ((double)steps * l->rate);
}

/* Whether a window holds nothing from before or within a pause. */
static bool
is_unbroken (const MixLoudness *l, unsigned window)
{
  return l->measured == l->steps || l->measured >= window;
}

static void
measure (MixLoudness *l)
{
  l->measured++;
  if (is_unbroken (l, MOMENTARY))
    l->max_momentary = fmax (l->max_momentary, l->momentary);
  if (is_unbroken (l, MIX_LOUDNESS_STEPS))
    l->max_short_term = fmax (l->max_short_term, l->short_term);
  if (l->measured % HOP != 0 || l->measured < MOMENTARY)
    return;
  histogram_add (&l->blocks, l->momentary);
  if (l->measured >= MIX_LOUDNESS_STEPS && l->measured % STEPS_PER_SECOND == 0)
    histogram_add (&l->windows, l->short_term);
  l->is_new = true;
}

static void
close_step (MixLoudness *l, double power)
{
  keep_step (l, power);
  l->momentary = mean_power (l, MOMENTARY);
  if (l->windows.bins)
    l->short_term = mean_power (l, MIX_LOUDNESS_STEPS);
  if (!l->is_paused)
    measure (l);
}

/* Below 100 Hz some steps have no frame. */
static void
next_step (MixLoudness *l)
{
  for (;; close_step (l, 0)) {
    l->share += l->rate;
    l->length = l->share / STEPS_PER_SECOND;
    l->share %= STEPS_PER_SECOND;
    if (l->length > 0)
      break;
  }
  l->left = l->length;
}

void
mix_loudness_step (MixLoudness *l, double power)
{
  close_step (l, power);
  next_step (l);
}

static void
begin_steps (MixLoudness *l)
{
  l->share = 0;
  next_step (l);
}

void
mix_loudness_flush (MixLoudness *l)
{
  memset (l->step, 0, sizeof l->step);
  memset (l->group, 0, sizeof l->group);
  l->steps = l->measured = 0;
  l->momentary = l->short_term = 0;
  begin_steps (l);
}

void
mix_loudness_reset (MixLoudness *l)
{
  histogram_clear (&l->blocks);
  histogram_clear (&l->windows);
  l->max_momentary = l->max_short_term = 0;
  l->integrated = MIX_LOUDNESS_GATE;
  l->range = 0;
  l->is_new = false;
  mix_loudness_flush (l);
}

void
mix_loudness_change_rate (MixLoudness *l, unsigned rate)
{
  l->rate = rate;
  mix_loudness_flush (l);
}

bool
mix_loudness_pause (MixLoudness *l, bool is_paused)
{
  if (is_paused == l->is_paused)
    return false;
  l->is_paused = is_paused;
  l->measured = 0;
  begin_steps (l);
  return true;
}

unsigned
mix_loudness_bins (void)
{
  return 2 * BINS;
}

void
mix_loudness_prepare (MixLoudness *l, unsigned rate, MixLoudnessBin *memory)
{
  *l = (MixLoudness){ .rate = rate };
  l->blocks.bins = memory;
  l->windows.bins = memory ? memory + BINS : NULL;
  mix_loudness_reset (l);
}
