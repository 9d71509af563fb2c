/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check.h"

#include <complex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "base/denormals.h"
#include "base/memory.h"

/* ---- Counting ----------------------------------------------------------- */

/* A broken loop must not fill the disk. */
#define MOST_MESSAGES 100

static unsigned n_checks, n_failures;

static void
count (bool ok)
{
  n_checks++;
  n_failures += !ok;
}

bool
check_that (bool ok, const char *file, int line, const char *condition,
    const char *format, ...)
{
  count (ok);
  if (ok || n_failures > MOST_MESSAGES)
    return ok;
  const char *name = strrchr (file, '/');
  printf ("%s:%d: FAIL %s: ", name ? name + 1 : file, line, condition);
  va_list args;
  va_start (args, format);
  vprintf (format, args);
  va_end (args);
  printf ("\n");
  fflush (stdout);
  return ok;
}

bool
check_figure (const char *name, double measured, double low, double high,
    const char *unit)
{
  bool ok = measured >= low && measured <= high;
  count (ok);
  printf ("figure: %s: measured %.6g %s (allowed %g … %g)  %s\n", name,
      measured, unit, low, high, ok ? "ok" : "FAIL");
  fflush (stdout);
  return ok;
}

int
check_end (void)
{
  printf ("%u checks, %u failed\n", n_checks, n_failures);
  if (n_failures == 0 && !check_has_level ()) {
    printf ("this machine cannot run MIX_CPU=%s\n", getenv ("MIX_CPU"));
    return 77;
  }
  return n_checks == 0 || n_failures > 0;
}

bool
check_has_level (void)
{
  static const char *const names[]
      = { "c", "baseline", "x86-64-v3", "x86-64-v4" };
  const char *asked = getenv ("MIX_CPU");
  return !asked || !asked[0] || strcmp (asked, names[mix_cpu_level ()]) == 0;
}

static void
die (const char *what, const char *name)
{
  printf ("FAIL: %s %s\n", what, name);
  exit (1);
}

static void *
memory (size_t count, size_t size)
{
  void *p = calloc (count ? count : 1, size);
  if (!p)
    die ("no memory for", "test data");
  return p;
}

/* ---- Units -------------------------------------------------------------- */

typedef struct {
  MixRemarks remarks;
  unsigned count;
} Counter;

static void
count_remark (MixRemarks *remarks, const char *format, ...)
{
  (void)format;
  ((Counter *)remarks)->count++;
}

unsigned
check_remarks (const MixUnit *unit, const void *params, const MixFormat *format)
{
  Counter counter = { { count_remark }, 0 };
  if (unit->remark)
    unit->remark (params, format, &counter.remarks);
  return counter.count;
}

void *
check_params (const MixUnit *unit)
{
  void *params = memory (1, unit->params.size);
  mix_unit_defaults (unit, params);
  return params;
}

static const MixRow *
find_row (const MixTable *table, const char *name)
{
  const MixRow *row = mix_table_find (table, name);
  if (!row)
    die ("no row", name);
  return row;
}

static double
find_choice (const MixRow *row, const char *nick)
{
  for (int i = 0; row->choices && row->choices[i].nick; i++)
    if (strcmp (row->choices[i].nick, nick) == 0)
      return i;
  die ("no choice", nick);
  return 0;
}

static void *
find_band (const MixUnit *unit, void *params, unsigned band)
{
  if (!unit->group || band >= unit->group->most)
    die ("no such band in", unit->name);
  return mix_group_at (unit->group, params, band);
}

void
check_set (const MixUnit *unit, void *params, const char *name, double value)
{
  mix_row_put (find_row (&unit->params, name), params, value);
}

void
check_choose (
    const MixUnit *unit, void *params, const char *name, const char *nick)
{
  const MixRow *row = find_row (&unit->params, name);
  mix_row_put (row, params, find_choice (row, nick));
}

void
check_set_band (const MixUnit *unit, void *params, unsigned band,
    const char *name, double value)
{
  void *at = find_band (unit, params, band);
  mix_row_put (find_row (&unit->group->table, name), at, value);
}

void
check_choose_band (const MixUnit *unit, void *params, unsigned band,
    const char *name, const char *nick)
{
  void *at = find_band (unit, params, band);
  const MixRow *row = find_row (&unit->group->table, name);
  mix_row_put (row, at, find_choice (row, nick));
}

void *
check_new_unit (
    const MixUnit *unit, unsigned rate, unsigned channels, const void *params)
{
  void *defaults = params ? NULL : check_params (unit);
  void *self = mix_alloc (1, unit->size);
  MixFormat format = mix_format (rate, channels);
  if (!self || !unit->prepare (self, &format, params ? params : defaults))
    die ("cannot prepare", unit->name);
  free (defaults);
  return self;
}

void
check_free_unit (const MixUnit *unit, void *self)
{
  unit->release (self);
  mix_free (self);
}

double
check_read (const MixUnit *unit, void *self, const char *name)
{
  const MixRow *row = find_row (&unit->readings, name);
  void *readings = memory (1, unit->readings.size);
  unit->read (self, readings);
  double value = mix_row_get (row, readings);
  free (readings);
  return value;
}

/* ---- Audio -------------------------------------------------------------- */

CheckAudio
check_audio (unsigned channels, unsigned frames)
{
  CheckAudio audio = { .channels = channels, .frames = frames };
  for (unsigned c = 0; c < channels; c++)
    audio.c[c] = memory (frames, sizeof (float));
  return audio;
}

void
check_audio_free (CheckAudio *audio)
{
  for (unsigned c = 0; c < audio->channels; c++)
    free (audio->c[c]);
  *audio = (CheckAudio){ 0 };
}

void
check_audio_copy (CheckAudio *to, const CheckAudio *from)
{
  for (unsigned c = 0; c < to->channels; c++)
    memcpy (to->c[c], from->c[c], to->frames * sizeof (float));
}

bool
check_audio_equal (const CheckAudio *a, const CheckAudio *b)
{
  for (unsigned c = 0; c < a->channels; c++)
    if (memcmp (a->c[c], b->c[c], a->frames * sizeof (float)) != 0)
      return false;
  return true;
}

bool
check_audio_finite (const CheckAudio *audio)
{
  for (unsigned c = 0; c < audio->channels; c++)
    for (unsigned i = 0; i < audio->frames; i++)
      if (!isfinite (audio->c[c][i]))
        return false;
  return true;
}

void
check_process_key_span (const MixUnit *unit, void *self, const CheckAudio *out,
    const CheckAudio *in, const CheckAudio *key, unsigned from, unsigned to)
{
  float *to_c[MIX_MAX_CHANNELS];
  const float *from_c[MIX_MAX_CHANNELS], *key_c[MIX_MAX_CHANNELS];
  for (unsigned c = 0; c < in->channels; c++) {
    to_c[c] = out->c[c] + from;
    from_c[c] = in->c[c] + from;
    if (key)
      key_c[c] = key->c[c] + from;
  }
  unsigned long mode = mix_denormals_off ();
  unit->process (self, to_c, from_c, key ? key_c : NULL, to - from);
  mix_denormals_restore (mode);
}

void
check_process_key (const MixUnit *unit, void *self, const CheckAudio *out,
    const CheckAudio *in, const CheckAudio *key, unsigned block)
{
  for (unsigned at = 0; at < in->frames; at += block)
    check_process_key_span (
        unit, self, out, in, key, at, at + mix_min (block, in->frames - at));
}

void
check_process_span (const MixUnit *unit, void *self, const CheckAudio *out,
    const CheckAudio *in, unsigned from, unsigned to)
{
  check_process_key_span (unit, self, out, in, NULL, from, to);
}

void
check_process (const MixUnit *unit, void *self, const CheckAudio *out,
    const CheckAudio *in, unsigned block)
{
  check_process_key (unit, self, out, in, NULL, block);
}

/* ---- Signals ------------------------------------------------------------ */

void
check_sine (
    float *out, unsigned frames, double hz, double rate, double amplitude)
{
  for (unsigned i = 0; i < frames; i++)
    out[i] = (float)(amplitude * sin (2 * MIX_PI * fmod (hz * i / rate, 1)));
}

void
check_impulse (float *out, unsigned frames, unsigned at, double amplitude)
{
  memset (out, 0, frames * sizeof *out);
  out[at] = (float)amplitude;
}

uint64_t
check_random (uint64_t *state)
{
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * 0x2545f4914f6cdd1du;
}

static double
next_white (uint64_t *state)
{
  return (double)(int64_t)check_random (state) / 9223372036854775808.0;
}

void
check_noise (float *out, unsigned frames, double amplitude, uint64_t seed)
{
  uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  for (unsigned i = 0; i < frames; i++)
    out[i] = (float)(amplitude * next_white (&state));
}

/* Paul Kellet's refined filter (musicdsp.org, "Pink noise filter", 1999). */
void
check_pink (float *out, unsigned frames, double rms, uint64_t seed)
{
  static const double pole[]
      = { 0.99886, 0.99332, 0.96900, 0.86650, 0.55000, -0.7616 };
  static const double gain[]
      = { 0.0555179, 0.0750759, 0.1538520, 0.3104856, 0.5329522, -0.0168980 };
  uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  double part[6] = { 0 }, last = 0;
  for (unsigned i = 0; i < frames; i++) {
    double white = next_white (&state), sum = last + white * 0.5362;
    for (unsigned k = 0; k < 6; k++)
      sum += part[k] = part[k] * pole[k] + white * gain[k];
    last = white * 0.115926;
    out[i] = (float)sum;
  }
  double scale = rms / fmax (check_rms (out, frames), 1e-30);
  for (unsigned i = 0; i < frames; i++)
    out[i] = (float)(out[i] * scale);
}

double
check_coherent (double hz, double rate, unsigned frames)
{
  return fmax (1, round (hz * frames / rate)) * rate / frames;
}

/* ---- Measurements ------------------------------------------------------- */

/* The phasor is turned from frame to frame, and set exactly before rounding
 * has moved it. */
double _Complex check_dft (
    const float *in, unsigned frames, double hz, double rate)
{
  double _Complex sum = 0, z = 1, turn = cexp (-2 * MIX_PI * I * hz / rate);
  for (unsigned i = 0; i < frames; i++) {
    if (i % 64 == 0)
      z = cexp (-2 * MIX_PI * I * fmod (hz * i / rate, 1));
    sum += (double)in[i] * z;
    z = creal (z) * creal (turn) - cimag (z) * cimag (turn)
        + I * (creal (z) * cimag (turn) + cimag (z) * creal (turn));
  }
  return sum;
}

double
check_amplitude (const float *in, unsigned frames, double hz, double rate)
{
  return 2 * cabs (check_dft (in, frames, hz, rate)) / frames;
}

double
check_thd_db (const float *in, unsigned frames, double hz, double rate)
{
  double power = 0;
  for (unsigned k = 2; k * hz < rate / 2; k++) {
    double amplitude = check_amplitude (in, frames, k * hz, rate);
    power += amplitude * amplitude;
  }
  return mix_db_from_gain (
      sqrt (power) / check_amplitude (in, frames, hz, rate));
}

double
check_residual_db (const float *in, unsigned frames, double hz, double rate)
{
  double _Complex fit = 2 * check_dft (in, frames, hz, rate) / frames;
  double mean = 0, power = 0;
  for (unsigned i = 0; i < frames; i++)
    mean += in[i];
  mean /= frames;
  for (unsigned i = 0; i < frames; i++) {
    double phase = 2 * MIX_PI * fmod (hz * i / rate, 1);
    double rest = in[i] - mean - creal (fit * cexp (I * phase));
    power += rest * rest;
  }
  return mix_db_from_gain (sqrt (2 * power / frames) / cabs (fit));
}

double
check_rms (const float *in, unsigned frames)
{
  double power = 0;
  for (unsigned i = 0; i < frames; i++)
    power += (double)in[i] * in[i];
  return frames ? sqrt (power / frames) : 0;
}

double
check_peak (const float *in, unsigned frames)
{
  double peak = 0;
  for (unsigned i = 0; i < frames; i++)
    peak = fmax (peak, fabs (in[i]));
  return peak;
}

/* One second-order high-pass as in the Audio EQ Cookbook (R. Bristow-Johnson),
 * in transposed direct form II; `alpha` is sin (w) / (2 q). */
static void
high_pass_section (
    float *out, const float *in, unsigned frames, double w, double alpha)
{
  double b0 = (1 + cos (w)) / 2 / (1 + alpha), a1 = 2 * cos (w) / (1 + alpha);
  double a2 = (1 - alpha) / (1 + alpha), s0 = 0, s1 = 0;
  for (unsigned i = 0; i < frames; i++) {
    double x = in[i], y = b0 * x + s0;
    s0 = s1 - 2 * b0 * x + a1 * y;
    s1 = b0 * x - a2 * y;
    out[i] = (float)y;
  }
}

/* The eight Butterworth poles as four sections, q = 1 / (2 sin (angle)). */
void
check_high_pass (
    float *out, const float *in, unsigned frames, double hz, double rate)
{
  double w = 2 * MIX_PI * hz / rate;
  for (unsigned k = 0; k < 4; k++)
    high_pass_section (out, k ? out : in, frames, w,
        sin (w) * sin (MIX_PI * (2 * k + 1) / 16));
}
