/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A whole file as samples in memory. Levels are in dB, -HUGE_VAL in silence;
 * times are in seconds. */
#pragma once

#include <glib.h>

typedef struct {
  gchar *path;
  guint rate, channels;
  gsize frames;
  gboolean is_cut; /* there is more in the file */
  gfloat *samples; /* interleaved, full scale is 1 */
} Sound;

/* Reads up to `most_s` of any file that decode.h decodes. NULL after the reason
 * has been reported. */
Sound *sound_read (const gchar *path, gdouble most_s);
void sound_free (Sound *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sound, sound_free)

gdouble sound_seconds (const Sound *self);

/* One channel. */
gfloat sound_at (const Sound *self, gsize frame, guint channel);
/* All channels by equal shares. */
gfloat sound_mono (const Sound *self, gsize frame);
/* The second channel, or the only one. */
gfloat sound_right (const Sound *self, gsize frame);

/* Mean power of all channels together over frames, clipped to the file. */
gdouble sound_power (const Sound *self, gsize from, gsize to);
/* The highest sample. */
gdouble sound_peak_db (const Sound *self);

gdouble db_of_power (gdouble power);
