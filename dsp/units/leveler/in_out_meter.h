/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Readings of what leaves the leveler: loudness without and with the gain, and
 * the sample peak. Both loudnesses come from one weighted power: a step of
 * 10 ms has one gain. Realtime-safe, no errors.
 */
#pragma once

#include "../../parts/loudness_meter.h"

typedef struct {
  MixLoudness before, after;
  float peak, whole_peak; /* since the last reading, and before it */
} MixInOutMeter;

/* Bins of zeroed memory to lend. */
unsigned mix_in_out_meter_bins (void);

void mix_in_out_meter_prepare (
    MixInOutMeter *m, unsigned rate, MixLoudnessBin *bins);

/* The measurement continues at another rate. */
void mix_in_out_meter_change_rate (MixInOutMeter *m, unsigned rate);

void mix_in_out_meter_reset (MixInOutMeter *m);

/* Clears the windows, keeps the measurement. */
void mix_in_out_meter_flush (MixInOutMeter *m);

/* A step: the sum of its weighted squares, and the gain of its power. Returns
 * the mean power of the last 400 ms after the gain. */
double mix_in_out_meter_step (MixInOutMeter *m, double power, double gain);

static inline void
mix_in_out_meter_add_peak (MixInOutMeter *m, float peak)
{
  m->peak = peak > m->peak ? peak : m->peak;
}

static inline MixLoudnessReadings
mix_in_out_meter_before (MixInOutMeter *m)
{
  return mix_loudness_read (&m->before);
}

static inline MixLoudnessReadings
mix_in_out_meter_after (MixInOutMeter *m)
{
  return mix_loudness_read (&m->after);
}

/* The peak since the last time, or since the reset. */
float mix_in_out_meter_take_peak (MixInOutMeter *m, bool whole);
