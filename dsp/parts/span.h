/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A span: the part of a process call that a unit works on at once, between two
 * points at which something changes. Realtime-safe.
 *
 *   MixSpan span;
 *   for (unsigned at = 0; at < frames; at += span.frames) {
 *     if (mix_tick_is_due (&self->tick))
 *       update (self);
 *     span.offset = self->tick.offset;
 *     span.frames = mix_tick_span (&self->tick, frames - at);
 *     mix_span_point (&span, self->channels, out, in, key, at);
 *     process_span (self, &span);
 *   }
 */
#pragma once

#include <stddef.h>

#include "../base/tick.h"
#include "../format.h"

typedef struct {
  unsigned offset; /* of the first frame in its tick */
  unsigned frames;
  bool has_key;
  float *out[MIX_MAX_CHANNELS];
  const float *in[MIX_MAX_CHANNELS];
  const float *key[MIX_MAX_CHANNELS]; /* the input when there is no key */
} MixSpan;

/* At frame `at` of a process call. */
static inline void
mix_span_point (MixSpan *span, unsigned channels, float *const *out,
    const float *const *in, const float *const *key, unsigned at)
{
  span->has_key = key != NULL;
  for (unsigned c = 0; c < channels; c++) {
    span->out[c] = out[c] + at;
    span->in[c] = in[c] + at;
    span->key[c] = (key ? key : in)[c] + at;
  }
}
