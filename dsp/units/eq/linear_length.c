/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "linear_length.h"

#include "../../base/maths.h"

#define USUAL_S 0.34
#define USUAL_LEAST 1024
#define USUAL_MOST 131072

/* For narrow bands: 2.7 to 3 s up to 96 kHz. */
#define LONG_S 3
#define LONG_MOST 262144
/* Frames of all channels together; 64 channels get 1.4 s at 48 kHz. */
#define LONG_ALL (1 << 22)

/* By how much a filter that ends too early may miss a curve, dB. */
#define MISS_DB 0.06

/* The decay, per second, of the slower root of s^2 + k w s + w^2. */
static double
decay (double w, double k)
{
  return k < 2 ? 0.5 * k * w : 0.5 * w * (k - sqrt (k * k - 4));
}

/* A band's zero-phase impulse response decays as the slowest of its prototype's
 * poles and zeros does. Per second. */
static double
slowest_decay (const MixFilterSpec *band)
{
  double w = 2 * MIX_PI * band->frequency_hz;
  double A = pow (10, fabs (band->gain_db) / 40), root = sqrt (A);
  unsigned order = band->order;
  switch (band->type) {
    case MIX_FILTER_BELL:
      return fmin (decay (w, A / band->q), decay (w, 1 / (A * band->q)));
    case MIX_FILTER_LOW_SHELF:
    case MIX_FILTER_HIGH_SHELF:
      return decay (w / root, 1 / band->q);
    case MIX_FILTER_TILT:
      return w / A;
    case MIX_FILTER_LOW_CUT:
    case MIX_FILTER_HIGH_CUT: /* the pair of the highest q */
      return decay (w, 2 * cos (MIX_PI * (order - 1) / (2 * order)));
    default:
      return decay (w, 1 / band->q);
  }
}

/* What the filter leaves out is to be under MISS_DB of the curve. The values
 * for types without a gain were measured. */
double
mix_eq_linear_seconds (const MixFilterSpec *band)
{
  double gain_db = fabs (band->gain_db);
  if (mix_filter_is_flat (band))
    return 0;
  if (mix_filter_is_cut (band->type))
    gain_db = 24;
  else if (band->type == MIX_FILTER_NOTCH)
    gain_db = 36;
  else if (band->type == MIX_FILTER_BAND_PASS)
    gain_db = 12;
  return log (fmax (gain_db / MISS_DB, 1)) / slowest_decay (band);
}

unsigned
mix_eq_linear_usual_frames (unsigned rate)
{
  unsigned frames = USUAL_LEAST;
  while (frames < USUAL_S * rate && frames < USUAL_MOST)
    frames *= 2;
  return frames;
}

unsigned
mix_eq_linear_frames (const MixFormat *format, double seconds)
{
  unsigned frames = mix_eq_linear_usual_frames (format->rate);
  double most = fmin (LONG_S * format->rate, LONG_MOST);
  while (frames < seconds * format->rate && 2 * frames <= most
         && 2 * frames * format->channels <= LONG_ALL)
    frames *= 2;
  return frames;
}

double
mix_eq_linear_longest (const MixFormat *format)
{
  return (double)mix_eq_linear_frames (format, INFINITY) / format->rate;
}
