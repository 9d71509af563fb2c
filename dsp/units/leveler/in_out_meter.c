/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "in_out_meter.h"

#include "../../base/maths.h"

unsigned
mix_in_out_meter_bins (void)
{
  return 2 * mix_loudness_bins ();
}

void
mix_in_out_meter_prepare (MixInOutMeter *m, unsigned rate, MixLoudnessBin *bins)
{
  mix_loudness_prepare (&m->before, rate, bins);
  mix_loudness_prepare (&m->after, rate, bins + mix_loudness_bins ());
}

void
mix_in_out_meter_change_rate (MixInOutMeter *m, unsigned rate)
{
  mix_loudness_change_rate (&m->before, rate);
  mix_loudness_change_rate (&m->after, rate);
}

void
mix_in_out_meter_reset (MixInOutMeter *m)
{
  mix_loudness_reset (&m->before);
  mix_loudness_reset (&m->after);
  m->peak = m->whole_peak = 0;
}

void
mix_in_out_meter_flush (MixInOutMeter *m)
{
  mix_loudness_flush (&m->before);
  mix_loudness_flush (&m->after);
}

double
mix_in_out_meter_step (MixInOutMeter *m, double power, double gain)
{
  mix_loudness_step (&m->before, power);
  mix_loudness_step (&m->after, power * gain);
  return mix_loudness_momentary (&m->after);
}

float
mix_in_out_meter_take_peak (MixInOutMeter *m, bool whole)
{
  float peak = m->peak;
  m->whole_peak = mix_larger (peak, m->whole_peak);
  m->peak = 0;
  return whole ? m->whole_peak : peak;
}
