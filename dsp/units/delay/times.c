/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "times.h"

#include <limits.h>

#include "../../base/maths.h"

#define FADE_MS 50.0

/* Divisions come in threes: plain, dotted, triplet. */
double
mix_delay_wanted_ms (const MixDelayParams *p)
{
  static const double shapes[] = { 1, 1.5, 2.0 / 3 };
  double quarters = 4.0 / (1 << p->division / 3) * shapes[p->division % 3];
  return p->tempo_bpm > 0 ? quarters * 60000 / p->tempo_bpm : p->time_ms;
}

double
mix_delay_longest_wanted_ms (const MixDelayParams *p)
{
  return mix_delay_wanted_ms (p) * (1 + fabs (p->offset_percent) / 100);
}

/* ---- Targets ------------------------------------------------------------ */

static unsigned
frames_of (const MixDelayTimes *times, double ms)
{
  double frames = ms * times->rate / 1000 + 0.5;
  return (unsigned)mix_clamp (frames, 1, times->longest);
}

void
mix_delay_times_set (
    MixDelayTimes *times, const MixDelayParams *p, const MixRoles *roles)
{
  double ms = mix_delay_wanted_ms (p), later = p->offset_percent / 100;
  times->common = frames_of (times, ms);
  for (unsigned i = 0; i < roles->pairs; i++) {
    times->time[roles->pair[i].left].target
        = frames_of (times, ms * (1 + fmax (0, -later)));
    times->time[roles->pair[i].right].target
        = frames_of (times, ms * (1 + fmax (0, later)));
  }
  for (unsigned i = 0; i < roles->lone; i++)
    times->time[roles->lone_channel[i]].target = times->common;
}

void
mix_delay_times_prepare (
    MixDelayTimes *times, const MixFormat *format, unsigned longest)
{
  *times = (MixDelayTimes){ .rate = format->rate,
    .channels = format->channels,
    .longest = longest,
    .fade_length = mix_frames_from_ms (FADE_MS, format->rate) / MIX_TICK + 1 };
}

/* ---- Fades -------------------------------------------------------------- */

static bool
are_at_targets (const MixDelayTimes *times)
{
  for (unsigned c = 0; c < times->channels; c++)
    if (times->time[c].now != times->time[c].target)
      return false;
  return true;
}

/* Raised cosine, without an edge at either end: the spectrum of the fade stays
 * below that of the sound. */
static double
fade_share (const MixDelayTimes *times)
{
  return 0.5 - 0.5 * cos (MIX_PI * times->fade_at / times->fade_length);
}

static void
begin_fade (MixDelayTimes *times)
{
  for (unsigned c = 0; c < times->channels; c++)
    times->time[c].next = times->time[c].target;
  times->fading = true;
  times->fade_at = 0;
}

static void
end_fade (MixDelayTimes *times)
{
  for (unsigned c = 0; c < times->channels; c++)
    times->time[c].now = times->time[c].next;
  times->fading = false;
}

static unsigned
find_shortest (const MixDelayTimes *times)
{
  unsigned shortest = UINT_MAX;
  for (unsigned c = 0; c < times->channels; c++) {
    const MixDelayTime *time = &times->time[c];
    if (time->target == 0)
      continue;
    shortest = mix_min (shortest, time->now);
    if (times->fading)
      shortest = mix_min (shortest, time->next);
  }
  return shortest;
}

bool
mix_delay_times_tick (MixDelayTimes *times)
{
  if (times->fading && times->fade_at == times->fade_length)
    end_fade (times);
  if (!times->fading && !are_at_targets (times))
    begin_fade (times);
  if (times->fading) {
    double from = fade_share (times);
    times->fade_at++;
    times->fade = mix_ramp (from, fade_share (times));
  }
  times->shortest = find_shortest (times);
  return times->fading;
}

void
mix_delay_times_fade (const MixDelayTimes *times, float *restrict io,
    const float *restrict next, unsigned offset, unsigned n)
{
  const MixRamp fade = times->fade;
  for (unsigned i = 0; i < n; i++)
    io[i] += (next[i] - io[i]) * mix_ramp_at (fade, offset + i);
}

void
mix_delay_times_reset (MixDelayTimes *times)
{
  for (unsigned c = 0; c < times->channels; c++) {
    MixDelayTime *time = &times->time[c];
    time->now = time->next = time->target;
  }
  times->fading = false;
  times->shortest = find_shortest (times);
}

unsigned
mix_delay_times_longest (const MixDelayTimes *times)
{
  unsigned longest = 0;
  for (unsigned c = 0; c < times->channels; c++) {
    const MixDelayTime *time = &times->time[c];
    const unsigned frames[] = { time->target, time->now, time->next };
    for (unsigned i = 0; i < 3; i++)
      longest = frames[i] > longest ? frames[i] : longest;
  }
  return longest;
}
