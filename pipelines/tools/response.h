/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a chain does to a click, as acousticians describe a room. The click that
 * went in has full scale, so levels are against the sound that goes in. Powers
 * are sums over all channels. Times are in seconds since the click. */
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
  gdouble *decay_db; /* what is still to come at each frame, of all */
  gdouble t20, t30;  /* s; NAN when the decay is not that deep */
  gdouble direct_to_rest_db;
  gdouble clarity_db; /* first 80 ms against the rest (C80, ISO 3382-1) */
  /* Of the direct sound: */
  gdouble direct_db; /* at 1 kHz */
  gdouble shade_db;  /* at 8 kHz against 500 Hz */
  Echo echoes[MOST_ECHOES];
  guint echo_count;
} Response;

/* NULL, after it has been said, when nothing came of the click. `click` is what
 * went in. */
Response *response_new (const Sound *click, const Sound *sound);
void response_free (Response *self);

/* The level of stretches of `seconds` each, the first from the click on; to be
 * freed. */
gdouble *response_levels (const Response *self, gdouble seconds, guint *count);
