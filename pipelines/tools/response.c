/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reverberation by backward integration (M. R. Schroeder, 1965, "New method of
 * measuring reverberation time", JASA 37), evaluated as ISO 3382-1 does: T20 is
 * the slope from -5 to -25 dB, T30 from -5 to -35 dB, each taken to 60 dB.
 */
#include "response.h"

#include <gst/fft/gstfftf64.h>
#include <math.h>

#define DIRECT_S 0.005 /* after it come reflections */
#define CLARITY_S 0.08
#define ECHO_S 0.03        /* what is nearer belongs to one echo */
#define ECHO_FLOOR_DB 60.0 /* under the sound that goes in */
#define LOW_HZ 354.0       /* of the octaves at 500 Hz and 1 kHz */
#define HIGH_HZ 1414.0

/* ---- Energy ------------------------------------------------------------- */

/* Of an interval, both ends in frames since the click. */
static gdouble
energy (const Response *self, gsize from, gsize to)
{
  return sound_power (self->sound, self->start + from, self->start + to)
         * (gdouble)(to - from);
}

static gsize
frames_of (const Response *self, gdouble seconds)
{
  return (gsize)(seconds * self->sound->rate + 0.5);
}

/* The power of an interval at one frequency. */
static gdouble
power_of_channel (
    const Response *self, guint channel, gdouble hz, gsize from, gsize to)
{
  gdouble re = 0, im = 0, step = 2 * G_PI * hz / self->sound->rate;
  for (gsize i = from; i < MIN (to, self->frames); i++) {
    gdouble value = sound_at (self->sound, self->start + i, channel);
    re += cos (step * (gdouble)i) * value;
    im += sin (step * (gdouble)i) * value;
  }
  return re * re + im * im;
}

/* Of the first pair, the side with more of it. */
static gboolean
is_on_the_right (const Response *self, gsize from, gsize to)
{
  return self->sound->channels > 1
         && power_of_channel (self, 1, 1000, from, to)
                > power_of_channel (self, 0, 1000, from, to);
}

static gdouble
power_at (const Response *self, gdouble hz, gsize from, gsize to)
{
  guint channel = is_on_the_right (self, from, to);
  return power_of_channel (self, channel, hz, from, to);
}

static void
measure_direct (Response *self)
{
  gsize end = frames_of (self, DIRECT_S);
  self->direct_db = db_of_power (power_at (self, 1000, 0, end));
  self->damping_db = db_of_power (
      power_at (self, 8000, 0, end) / power_at (self, 500, 0, end));
}

gdouble *
response_levels (const Response *self, gdouble seconds, guint *count)
{
  gsize step = MAX (frames_of (self, seconds), 1);
  *count = (guint)(self->frames / step);
  gdouble *levels = g_new (gdouble, *count + 1);
  for (guint i = 0; i < *count; i++)
    levels[i] = db_of_power (
        energy (self, i * step, (i + 1) * step) / self->sound->channels);
  return levels;
}

/* ---- Decay -------------------------------------------------------------- */

/* Two octaves of one channel, its squares added to `power`. The filter has no
 * delay, so some of the click comes before its time: that wraps around to the
 * end of the transform, behind the frames, and is returned. The edges are an
 * eighth of an octave wide, so that they do not ring into the slope. */
static gdouble
add_filtered (const Response *self, guint channel, gdouble *power)
{
  gint wanted = (gint)(self->frames + self->sound->rate / 2);
  guint length = (guint)gst_fft_next_fast_length (wanted);
  g_autofree gdouble *time = g_new0 (gdouble, length);
  g_autofree GstFFTF64Complex *bins = g_new (GstFFTF64Complex, length / 2 + 1);
  GstFFTF64 *there = gst_fft_f64_new ((gint)length, FALSE);
  GstFFTF64 *back = gst_fft_f64_new ((gint)length, TRUE);
  gdouble early = 0;
  for (gsize i = 0; i < self->frames; i++)
    time[i] = sound_at (self->sound, self->start + i, channel);
  gst_fft_f64_fft (there, time, bins);
  for (guint k = 0; k <= length / 2; k++) {
    gdouble hz = MAX ((gdouble)k * self->sound->rate / length, 1e-3);
    gdouble inside = MIN (log2 (hz / LOW_HZ), log2 (HIGH_HZ / hz));
    gdouble gain = 0.5 + 0.5 * sin (G_PI / 2 * CLAMP (inside * 8, -1, 1));
    bins[k].r *= gain / length;
    bins[k].i *= gain / length;
  }
  gst_fft_f64_inverse_fft (back, bins, time);
  for (gsize i = 0; i < length; i++)
    *(i < self->frames ? &power[i] : &early) += time[i] * time[i];
  gst_fft_f64_free (there);
  gst_fft_f64_free (back);
  return early;
}

static void
integrate (Response *self)
{
  gdouble *power = g_new0 (gdouble, self->frames), sum = 0, all = 0;
  for (guint c = 0; c < self->sound->channels; c++)
    all += add_filtered (self, c, power);
  for (gsize i = self->frames; i > 0; i--)
    power[i - 1] = sum += power[i - 1];
  all += sum;
  for (gsize i = 0; i < self->frames; i++)
    power[i] = db_of_power (power[i] / all);
  self->decay_db = power;
}

/* The energy until then against the rest. */
static gdouble
split_at (const Response *self, gdouble seconds)
{
  gsize frame = MIN (frames_of (self, seconds), self->frames - 1);
  gdouble rest = pow (10, self->decay_db[frame] / 10);
  return db_of_power ((1 - rest) / rest);
}

/* Seconds for 60 dB by the straight line of least squares between two levels;
 * the direct sound is over by the first of them. */
static gdouble
fall_time (const Response *self, gdouble from_db, gdouble to_db)
{
  gsize first = 0, last;
  gdouble n = 0, x = 0, y = 0, xx = 0, xy = 0, top;
  gsize skip = MIN (frames_of (self, DIRECT_S), self->frames - 1);
  top = self->decay_db[skip];
  for (first = skip; first < self->frames; first++)
    if (self->decay_db[first] <= top + from_db)
      break;
  for (last = first; last < self->frames; last++) {
    gdouble t = (gdouble)last / self->sound->rate, db = self->decay_db[last];
    if (db < top + to_db)
      break;
    n++, x += t, y += db, xx += t * t, xy += t * db;
  }
  return last < self->frames && n > 2
             ? -60 * (n * xx - x * x) / (n * xy - x * y)
             : NAN;
}

/* ---- Echoes ------------------------------------------------------------- */

static gfloat
highest (const Response *self, gsize frame)
{
  gfloat most = 0;
  for (guint c = 0; c < self->sound->channels; c++)
    most = MAX (most, ABS (sound_at (self->sound, self->start + frame, c)));
  return most;
}

/* The next frame whose sample is the highest for ECHO_S before and after. */
static gsize
next_peak (const Response *self, gsize from)
{
  gsize reach = frames_of (self, ECHO_S), best = from;
  for (gsize i = from; i < self->frames && i <= best + reach; i++)
    if (highest (self, i) > highest (self, best))
      best = i;
  return best;
}

static void
find_echoes (Response *self)
{
  gsize reach = frames_of (self, ECHO_S), at = reach;
  gdouble floor = pow (10, -ECHO_FLOOR_DB / 20);
  while (at < self->frames && self->echo_count < MOST_ECHOES) {
    if (highest (self, at) < floor) {
      at++;
      continue;
    }
    gsize peak = next_peak (self, at);
    gsize from = peak - reach / 3, to = peak + reach;
    self->echoes[self->echo_count++]
        = (Echo){ (gdouble)peak / self->sound->rate,
            db_of_power (power_at (self, 1000, from, to)),
            is_on_the_right (self, from, to) };
    at = peak + reach;
  }
}

Response *
response_new (const Sound *click, const Sound *sound)
{
  Response *self = g_new0 (Response, 1);
  self->sound = sound;
  while (self->start < click->frames && sound_mono (click, self->start) < 0.5f)
    self->start++;
  self->frames = sound->frames - MIN (self->start, sound->frames);
  if (self->frames == 0 || energy (self, 0, self->frames) <= 0) {
    g_printerr ("compare: %s: nothing came of the click\n", sound->path);
    g_free (self);
    return NULL;
  }
  measure_direct (self);
  integrate (self);
  self->direct_to_rest_db = split_at (self, DIRECT_S);
  self->clarity_db = split_at (self, CLARITY_S);
  self->t20 = fall_time (self, -5, -25);
  self->t30 = fall_time (self, -5, -35);
  find_echoes (self);
  return self;
}

void
response_free (Response *self)
{
  g_free (self->decay_db);
  g_free (self);
}
