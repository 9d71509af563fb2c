/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What each unit costs, in ns per frame of all its channels, at work on pink
 * noise with a 2 Hz tremolo at 48 kHz:
 *
 *   bench-units [--json FILE] [UNIT…]        (MIX_CPU=… caps the kernels)
 *
 * The best of several runs: what disturbs a run only makes it slower.
 */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "kernels/kernels.h"

#define RATE 48000
#define RUNS 7
#define MOST_CHANNELS 8

/* ---- Settings that make a unit work ------------------------------------- */

static void
set_eq (const MixUnit *unit, void *params)
{
  for (unsigned band = 0; band < 8; band++)
    check_set_band (unit, params, band, "gain", band % 2 ? -3 : 3);
}

static void
set_limiter (const MixUnit *unit, void *params)
{
  check_set (unit, params, "drive", 12);
}

static void
set_imager (const MixUnit *unit, void *params)
{
  check_set (unit, params, "width", 150);
}

/* At the mean level: it opens and closes with the tremolo. */
static void
set_gate (const MixUnit *unit, void *params)
{
  check_set (unit, params, "threshold", -10);
  check_set (unit, params, "hold", 5);
  check_set (unit, params, "release", 50);
}

static void
set_multiband (const MixUnit *unit, void *params)
{
  check_set (unit, params, "num-bands", 4);
  for (unsigned band = 0; band < 4; band++)
    check_set_band (unit, params, band, "threshold", -36);
}

/* Units that are not here work at their defaults. */
static const struct {
  const char *name;
  void (*set) (const MixUnit *unit, void *params);
} settings[]
    = { { "eq", set_eq }, { "limiter", set_limiter }, { "imager", set_imager },
        { "gate", set_gate }, { "multiband", set_multiband } };

static void *
working_params (const MixUnit *unit)
{
  void *params = check_params (unit);
  for (unsigned i = 0; i < sizeof settings / sizeof *settings; i++)
    if (strcmp (settings[i].name, unit->name) == 0)
      settings[i].set (unit, params);
  return params;
}

/* ---- Timing ------------------------------------------------------------- */

/* -15 dBFS on average, peaks near full scale. */
static CheckAudio
new_noise (void)
{
  CheckAudio audio = check_audio (MOST_CHANNELS, 2 * RATE);
  for (unsigned c = 0; c < MOST_CHANNELS; c++) {
    check_pink (audio.c[c], audio.frames, 0.25, c + 1);
    for (unsigned i = 0; i < audio.frames; i++)
      audio.c[c][i] *= (float)(0.6 + 0.4 * sin (2 * MIX_PI * 2 * i / RATE));
  }
  return audio;
}

static double
seconds_now (void)
{
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double
best_ns_per_frame (
    const MixUnit *unit, CheckAudio in, unsigned channels, unsigned block)
{
  void *params = working_params (unit);
  void *self = check_new_unit (unit, RATE, channels, params);
  double best = INFINITY;
  in.channels = channels;
  CheckAudio out = check_audio (channels, in.frames);
  for (unsigned i = 0; i < RUNS; i++) {
    double start = seconds_now ();
    check_process (unit, self, &out, &in, block);
    best = fmin (best, seconds_now () - start);
  }
  check_audio_free (&out);
  check_free_unit (unit, self);
  free (params);
  return best * 1e9 / in.frames;
}

/* ---- Reports ------------------------------------------------------------ */

static const unsigned channel_counts[] = { 1, 2, 8 };
static const unsigned blocks[] = { 64, 1024 };

static void
bench_unit (const MixUnit *unit, const CheckAudio *noise, FILE *json)
{
  static bool again;
  for (unsigned i = 0; i < sizeof channel_counts / sizeof *channel_counts; i++)
    for (unsigned k = 0; k < sizeof blocks / sizeof *blocks; k++) {
      unsigned channels = channel_counts[i], block = blocks[k];
      double ns = best_ns_per_frame (unit, *noise, channels, block);
      printf ("%-12s %8u %8u %12.2f\n", unit->name, channels, block, ns);
      fflush (stdout);
      if (json)
        fprintf (json,
            "%s\n    {\"unit\": \"%s\", \"channels\": %u, \"frames\": %u, "
            "\"ns_per_frame\": %.3f}",
            again ? "," : "", unit->name, channels, block, ns);
      again = true;
    }
}

static bool
is_asked (char **names, const char *name)
{
  for (char **at = names; *at; at++)
    if (strcmp (*at, name) == 0)
      return true;
  return !*names;
}

int
main (int argc, char **argv)
{
  FILE *json = NULL;
  char **names = argv + 1;
  if (argc > 2 && strcmp (argv[1], "--json") == 0) {
    json = fopen (argv[2], "w");
    if (!json) {
      perror (argv[2]);
      return 1;
    }
    names += 2;
  }
  CheckAudio noise = new_noise ();
  const char *level = mix_kernels ()->name;
  printf ("kernels: %s\n%-12s %8s %8s %12s\n", level, "unit", "channels",
      "frames", "ns/frame");
  if (json)
    fprintf (json, "{\n  \"kernels\": \"%s\",\n  \"results\": [", level);
  for (unsigned i = 0; mix_units[i]; i++)
    if (is_asked (names, mix_units[i]->name))
      bench_unit (mix_units[i], &noise, json);
  if (json)
    fprintf (json, "\n  ]\n}\n");
  check_audio_free (&noise);
  return json && fclose (json) != 0;
}
