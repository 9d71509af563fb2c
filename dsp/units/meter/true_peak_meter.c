/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "true_peak_meter.h"

#include <string.h>

#include "../../base/maths.h"

/* Ticks between the one that is measured and the newest. */
#define LAG 2
/* Frames before the newest tick that are still read. */
#define KEEP 192
/* Ticks that the detector measures with frames of LAG ticks before them. */
#define TICKS_ACROSS LAG

/* ---- Start and restart -------------------------------------------------- */

size_t
mix_true_peak_meter_memory (unsigned channels)
{
  return (size_t)channels * mix_history_length (KEEP, MIX_TICK);
}

void
mix_true_peak_meter_prepare (
    MixTruePeakMeter *m, unsigned channels, float *memory)
{
  unsigned length = mix_history_length (KEEP, MIX_TICK);
  m->channels = channels;
  m->kernels = mix_kernels ();
  for (unsigned c = 0; c < channels; c++)
    m->audio[c] = memory + c * length;
  mix_history_prepare (&m->history, length, KEEP);
  mix_true_peak_prepare (&m->tables);
}

/* No tick that is collected or waits to be measured counts. */
static void
skip_pending (MixTruePeakMeter *m)
{
  m->skip = m->fill > 0;
  m->skipped = ~0u;
}

static void
clear_audio (MixTruePeakMeter *m)
{
  m->fill = 0;
  skip_pending (m);
  m->history.end = m->history.keep;
  for (unsigned c = 0; c < m->channels; c++) {
    memset (m->audio[c], 0, m->history.length * sizeof (float));
    m->bounds[c] = (MixPeakBounds){ 0 };
  }
}

void
mix_true_peak_meter_restart (MixTruePeakMeter *m)
{
  m->recent = m->whole = 0;
  skip_pending (m);
}

void
mix_true_peak_meter_reset (MixTruePeakMeter *m)
{
  clear_audio (m);
  mix_true_peak_meter_restart (m);
}

void
mix_true_peak_meter_flush (MixTruePeakMeter *m)
{
  clear_audio (m);
  m->skip = TICKS_ACROSS;
}

void
mix_true_peak_meter_pause (MixTruePeakMeter *m, bool is_paused)
{
  if (is_paused == m->is_paused)
    return;
  m->is_paused = is_paused;
  if (!is_paused && m->skip == 0)
    m->skip = m->fill > 0;
}

/* ---- Ticks -------------------------------------------------------------- */

void
mix_true_peak_meter_collect (
    MixTruePeakMeter *m, const float *const *in, unsigned at, unsigned n)
{
  if (m->fill == 0)
    mix_history_make_room (&m->history, m->audio, m->channels, MIX_TICK);
  for (unsigned c = 0; c < m->channels; c++) {
    float *to = m->audio[c] + m->history.end + m->fill;
    if (in)
      memcpy (to, in[c] + at, n * sizeof *to);
    else
      memset (to, 0, n * sizeof *to);
  }
  m->fill += n;
}

/* Whether the tick to be measured, at x, has no level over the known peak. */
static bool
is_below (const MixTruePeakMeter *m, unsigned c, const float *x)
{
  const MixPeakBounds *b = &m->bounds[c];
  const MixTruePeak *tables = &m->tables;
  float level[MIX_TICK];
  float peak = mix_peak_bounds_peak (b, LAG - 1);
  float curvature = mix_peak_bounds_curvature (b, MIX_PEAK_BOUNDS_TICKS);
  if (peak + tables->plain_bound * curvature <= m->recent)
    return true;
  m->kernels->coarse_peaks (&tables->taps, x, level);
  float coarse = MIX_TRUE_PEAK_SLACK * m->kernels->peak (level, MIX_TICK);
  return coarse + tables->plain_from_coarse * curvature <= m->recent;
}

static void
measure_channel (MixTruePeakMeter *m, unsigned c)
{
  float level[MIX_TICK], plain[MIX_TICK];
  const float *end = m->audio[c] + m->history.end;
  const float *x = end - (LAG + 1) * MIX_TICK;
  mix_peak_bounds_add (&m->bounds[c], m->kernels, end);
  if ((m->skipped >> LAG & 1) || is_below (m, c, x))
    return;
  m->kernels->fine_peaks (&m->tables.taps, x, level, plain);
  m->recent = mix_larger (m->kernels->peak (plain, MIX_TICK), m->recent);
}

void
mix_true_peak_meter_finish_tick (MixTruePeakMeter *m)
{
  bool counts = m->skip == 0 && !m->is_paused;
  m->history.end += MIX_TICK;
  m->fill = 0;
  m->skipped = m->skipped << 1 | !counts;
  for (unsigned c = 0; c < m->channels; c++)
    measure_channel (m, c);
  m->skip -= m->skip > 0;
}

void
mix_true_peak_meter_drain (MixTruePeakMeter *m)
{
  for (unsigned i = 0; i < LAG + 1; i++) {
    mix_true_peak_meter_collect (m, NULL, 0, MIX_TICK - m->fill);
    mix_true_peak_meter_finish_tick (m);
  }
}

float
mix_true_peak_meter_take (MixTruePeakMeter *m, bool whole)
{
  float recent = m->recent;
  m->whole = mix_larger (recent, m->whole);
  m->recent = 0;
  return whole ? m->whole : recent;
}
