/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audio_delay.h"

#include "../../base/tick.h"

size_t
mix_audio_delay_memory (unsigned frames, unsigned channels)
{
  return frames ? (size_t)channels * mix_delay_line_length (frames, MIX_TICK)
                : 0;
}

void
mix_audio_delay_prepare (
    MixAudioDelay *d, unsigned frames, unsigned channels, float *memory)
{
  unsigned length = frames ? mix_delay_line_length (frames, MIX_TICK) : 1;
  *d = (MixAudioDelay){
    .frames = frames, .channels = channels, .length = length, .rings = memory
  };
  mix_delay_line_prepare (&d->line, length);
}

void
mix_audio_delay_reset (MixAudioDelay *d)
{
  if (d->rings)
    memset (d->rings, 0, d->length * d->channels * sizeof *d->rings);
}

const float *const *
mix_audio_delay_run (MixAudioDelay *d, float *const *out,
    const float *const *in, unsigned at, unsigned n)
{
  if (d->frames == 0)
    return in;
  for (unsigned c = 0; c < d->channels; c++) {
    float *ring = d->rings + c * d->length;
    mix_delay_line_write (&d->line, ring, in[c] + at, n);
    mix_delay_line_read (&d->line, ring, out[c] + at, d->frames, n);
  }
  mix_delay_line_advance (&d->line, n);
  return (const float *const *)out;
}
