/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* STAND-IN */
#include "band_split.h"
#include <string.h>
#define STATE 12
void
mix_band_split_prepare (MixBandSplit *s, const MixFormat *format,
    const MixMultibandParams *params, MixArena *arena)
{
  (void)params;
  *s = (MixBandSplit){ .rate = format->rate,
    .channels = format->channels,
    .state = mix_arena_take (
        arena, (size_t)format->channels * 5 * 6 * 8, sizeof (double)) };
}
void
mix_band_split_set (MixBandSplit *s, const MixMultibandParams *params)
{
  s->bands = mix_multiband_corners (params, s->rate, s->corners);
  for (unsigned k = 0; k + 1 < s->bands; k++) {
    double w = tan (MIX_PI * s->corners[k] / s->rate), q = sqrt (0.5);
    double n = 1 / (1 + w / q + w * w);
    s->c[k][0] = w * w * n;
    s->c[k][1] = n;
    s->c[k][2] = 2 * (w * w - 1) * n;
    s->c[k][3] = (1 - w / q + w * w) * n;
  }
}
void
mix_band_split_tick (MixBandSplit *s)
{
  (void)s;
}
void
mix_band_split_reset (MixBandSplit *s)
{
  memset (s->state, 0, sizeof (double) * s->channels * 5 * 6 * 8);
}
bool
mix_band_split_is_still (const MixBandSplit *s)
{
  (void)s;
  return true;
}
unsigned
mix_band_split_latency (const MixBandSplit *s)
{
  (void)s;
  return 0;
}
static double
bq (double x, double b0, double b1, double b2, double a1, double a2, double *z)
{
  double y = b0 * x + z[0];
  z[0] = b1 * x - a1 * y + z[1];
  z[1] = b2 * x - a2 * y;
  return y;
}
void
mix_band_split_run (MixBandSplit *s, unsigned channel, const float *in,
    float *const *bands, unsigned offset, unsigned n)
{
  (void)offset;
  for (unsigned i = 0; i < n; i++) {
    double rest = in[i];
    double out[6];
    for (unsigned k = 0; k + 1 < s->bands; k++) {
      double *c = s->c[k], *z = s->state + (channel * 5 + k) * 48;
      double l = bq (rest, c[0], 2 * c[0], c[0], c[2], c[3], z);
      l = bq (l, c[0], 2 * c[0], c[0], c[2], c[3], z + 2);
      double h = bq (rest, c[1], -2 * c[1], c[1], c[2], c[3], z + 4);
      h = bq (h, c[1], -2 * c[1], c[1], c[2], c[3], z + 6);
      for (unsigned j = 0; j < k; j++)
        out[j] = bq (out[j], c[3], c[2], 1, c[2], c[3], z + 8 + 2 * j);
      out[k] = l;
      rest = h;
    }
    out[s->bands - 1] = rest;
    for (unsigned b = 0; b < s->bands; b++)
      bands[b][i] = (float)out[b];
  }
}
