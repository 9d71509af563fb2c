/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sibilance.h"

#include <string.h>

#define HIGH_MS 3.0
#define VOICE_MS 15.0
#define LATELY_MS 4000.0
/* Of what the voice has lately been: softer counts less. */
#define SOFT 1e-3
/* Power of -100 dBFS: nothing softer counts. */
#define SILENCE 1e-10

void
mix_sibilance_prepare (
    MixSibilance *s, const MixFormat *format, MixArena *arena)
{
  *s = (MixSibilance){
    .kernels = mix_kernels (),
    .rate = format->rate,
    .channels = format->channels,
    .states = mix_arena_take (arena, format->channels, sizeof *s->states),
    .high_decay = mix_decay_per_frames (HIGH_MS, 1, format->rate),
    .voice_decay = mix_decay_per_frames (VOICE_MS, 1, format->rate),
    .lately_decay = mix_decay_per_frames (LATELY_MS, 1, format->rate),
  };
  for (unsigned c = 0; c < format->channels; c++)
    s->is_linked[c] = !mix_format_is_lfe (format, c);
  mix_key_filter_prepare (&s->filter, format->rate);
}

void
mix_sibilance_set (MixSibilance *s, double frequency_hz)
{
  mix_key_filter_set (&s->filter, frequency_hz, 0);
}

void
mix_sibilance_tick (MixSibilance *s)
{
  mix_key_filter_tick (&s->filter);
}

void
mix_sibilance_reset (MixSibilance *s)
{
  mix_key_filter_reset (&s->filter);
  memset (s->states, 0, s->channels * sizeof *s->states);
  s->high = s->voice = s->lately = 0;
}

bool
mix_sibilance_is_still (const MixSibilance *s)
{
  return mix_key_filter_is_still (&s->filter);
}

/* Squares of all channels: over the frequency, and whole. */
static void
add_squares (MixSibilance *s, const MixSpan *span, float *high, float *voice)
{
  float row[MIX_SIBILANCE_SPAN];
  const unsigned n = span->frames;
  memset (high, 0, n * sizeof *high);
  memset (voice, 0, n * sizeof *voice);
  for (unsigned c = 0; c < s->channels; c++) {
    if (!s->is_linked[c])
      continue;
    const float *filtered = mix_key_filter_run (
        &s->filter, &s->states[c], span->offset, row, span->in[c], n);
    s->kernels->add_square (high, filtered, 1, n);
    s->kernels->add_square (voice, span->in[c], 1, n);
  }
}

void
mix_sibilance_run (MixSibilance *s, const MixSpan *span, float *ratio_db)
{
  float voice[MIX_SIBILANCE_SPAN];
  const unsigned n = span->frames;
  add_squares (s, span, ratio_db, voice);
  double h = s->high, v = s->voice, lately = s->lately;
  for (unsigned i = 0; i < n; i++) {
    double high = (double)ratio_db[i], whole = (double)voice[i];
    h = high + (h - high) * s->high_decay;
    v = whole + (v - whole) * s->voice_decay;
    lately *= s->lately_decay;
    lately = lately > v ? lately : v;
    ratio_db[i] = (float)(h / (v + SOFT * lately + SILENCE));
  }
  s->high = h;
  s->voice = v;
  s->lately = lately;
  /* a ratio of powers: half of what a gain would be */
  s->kernels->db_from_gain (ratio_db, ratio_db, n);
  for (unsigned i = 0; i < n; i++)
    ratio_db[i] *= 0.5f;
}
