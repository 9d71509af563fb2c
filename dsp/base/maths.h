/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Units of measure. All realtime-safe; those with a libm call are for control
 * rate, block loops use the kernels.
 */
#pragma once

#include <math.h>

#define MIX_PI 3.14159265358979323846

/* What counts as silent: −100 dBFS as a gain. */
#define MIX_INAUDIBLE 1e-5f

/* Amplitude gain of a level difference in dB, and back; a gain of 0 is
 * −400 dB rather than minus infinity. */
static inline double
mix_gain_from_db (double db)
{
  return exp (db * 0.11512925464970228); /* ln 10 / 20 */
}

static inline double
mix_db_from_gain (double gain)
{
  return gain > 1e-20 ? 20 * log10 (gain) : -400;
}

/* Whole frames nearest to a time. */
static inline unsigned
mix_frames_from_ms (double ms, unsigned rate)
{
  return (unsigned)(ms * rate / 1000 + 0.5);
}

/* What is left of a one-pole's distance after `frames` when its time constant
 * (to 63.2 %) is `ms`; 0 for an instant one. */
static inline double
mix_decay_per_frames (double ms, double frames, unsigned rate)
{
  return ms > 0 ? exp (-1000 * frames / (ms * rate)) : 0;
}

static inline double
mix_clamp (double value, double low, double high)
{
  return value < low ? low : value > high ? high : value;
}

static inline unsigned
mix_min (unsigned a, unsigned b)
{
  return a < b ? a : b;
}

/* `b` when one is a NaN: unlike fmaxf and fminf, these compile to one
 * instruction. */
static inline float
mix_larger (float a, float b)
{
  return a > b ? a : b;
}

static inline float
mix_smaller (float a, float b)
{
  return a < b ? a : b;
}
