/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The impulse response of a chain, with the measures of room acoustics. The
 * click at the input has full scale, so levels are relative to the input.
 * Powers are sums over all channels. Times are in seconds since the click. */
#pragma once

#include "sound.h"

#define MOST_ECHOES 64

/* The level is that of 1 kHz on the louder side. */
typedef struct {
  gdouble time, level_db;
  gboolean is_right;
} Echo;

typedef struct {
  const Sound *sound;
  gsize start;  /* the frame of the click */
  gsize frames; /* from there to the end */
  /* Of the octaves of 500 Hz and 1 kHz: */
  gdouble *decay_db; /* energy from each frame on, against all of it */
  gdouble t20, t30;  /* s; NAN when the decay is not that deep */
  gdouble direct_to_rest_db;
  gdouble clarity_db; /* first 80 ms against the rest (C80, ISO 3382-1) */
  /* Of the direct sound: */
  gdouble direct_db;  /* at 1 kHz */
  gdouble damping_db; /* at 8 kHz against 500 Hz */
  Echo echoes[MOST_ECHOES];
  guint echo_count;
} Response;

/* NULL, after a report, when the response is silent. `click` is the input. */
Response *response_new (const Sound *click, const Sound *sound);
void response_free (Response *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Response, response_free)

/* The level of intervals of `seconds` each, from the click on; to be freed. */
gdouble *response_levels (const Response *self, gdouble seconds, guint *count);
