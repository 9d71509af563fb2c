/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "band_delay.h"

void
mix_band_delay_prepare (MixBandDelay *d, unsigned channels, unsigned frames,
    unsigned span, MixArena *arena)
{
  unsigned length = mix_delay_line_length (frames, span);
  size_t rings = frames > 0 ? (size_t)MIX_MULTIBAND_MOST * channels : 0;
  *d = (MixBandDelay){
    .channels = channels,
    .frames = frames,
    .rings = mix_arena_take (arena, rings * length, sizeof *d->rings),
  };
  mix_delay_line_prepare (&d->line, length);
}

static float *
ring_of (const MixBandDelay *d, unsigned band, unsigned channel)
{
  return d->rings
         + ((size_t)band * d->channels + channel)
               * mix_delay_line_ring (&d->line);
}

void
mix_band_delay_clear (MixBandDelay *d, unsigned band)
{
  unsigned length = mix_delay_line_ring (&d->line);
  if (d->frames > 0)
    memset (ring_of (d, band, 0), 0, sizeof *d->rings * d->channels * length);
}

void
mix_band_delay_reset (MixBandDelay *d)
{
  mix_delay_line_prepare (&d->line, mix_delay_line_ring (&d->line));
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    mix_band_delay_clear (d, b);
}

void
mix_band_delay_run (
    MixBandDelay *d, unsigned band, float *const *io, unsigned n)
{
  for (unsigned c = 0; d->frames > 0 && c < d->channels; c++) {
    float *ring = ring_of (d, band, c);
    mix_delay_line_write (&d->line, ring, io[c], n);
    mix_delay_line_read (&d->line, ring, io[c], d->frames, n);
  }
}

void
mix_band_delay_end_span (MixBandDelay *d, unsigned n)
{
  mix_delay_line_advance (&d->line, n);
}
