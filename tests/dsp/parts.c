/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The small parts, the plain structs behind tables, and how a host runs a unit.
 */
#include <stdlib.h>
#include <string.h>

#include "base/denormals.h"
#include "base/memory.h"
#include "check.h"
#include "parts/delay_line.h"
#include "parts/smoother.h"
#include "base/tick.h"
#include "run.h"

/* ---- base --------------------------------------------------------------- */

static void
test_memory (void)
{
  for (size_t size = 0; size < 200; size += 13) {
    unsigned char *memory = mix_alloc (3, size);
    CHECK (memory && (uintptr_t)memory % 64 == 0, "size %zu", size);
    for (size_t i = 0; i < 3 * size; i++)
      CHECK (memory[i] == 0, "byte %zu of %zu", i, 3 * size);
    memset (memory, 0xff, 3 * size);
    mix_free (memory);
  }
  mix_free (NULL);
  CHECK (mix_alloc (SIZE_MAX / 2, 3) == NULL, "overflow");
  CHECK (mix_alloc (SIZE_MAX, 1) == NULL, "overflow by rounding");
}

static void
test_maths (void)
{
  CHECK (mix_gain_from_db (0) == 1, "0 dB is %g", mix_gain_from_db (0));
  check_figure ("20 dB", mix_gain_from_db (20), 10 - 1e-12, 10 + 1e-12, "");
  check_figure ("gain 0.5", mix_db_from_gain (0.5), -6.0207, -6.0205, "dB");
  CHECK (mix_db_from_gain (0) == -400, "%g dB", mix_db_from_gain (0));
  CHECK (mix_frames_from_ms (1.5, 1000) == 2, "rounds to the nearest");
  CHECK (mix_decay_per_frames (0, 32, 48000) == 0, "instant");
  check_figure ("one time constant", mix_decay_per_frames (10, 480, 48000),
      0.367879, 0.367880, "");
}

static void
test_denormals (void)
{
  volatile float small = 1e-38f;
  unsigned long mode = mix_denormals_off ();
  float flushed = small * 0.01f;
  mix_denormals_restore (mode);
  float kept = small * 0.01f;
#if defined(__SSE2__) || defined(__aarch64__)
  CHECK (flushed == 0, "not flushed: %g", (double)flushed);
#endif
  CHECK (kept > 0 || flushed > 0, "mode not restored");
}

/* ---- parts -------------------------------------------------------------- */

static void
test_smoother (void)
{
  MixSmoother s = { 0 };
  mix_smoother_prepare (&s, 48000, 5);
  mix_smoother_snap (&s);
  CHECK (mix_smoother_is_still (&s) && !mix_smoother_tick (&s), "moves");
  mix_smoother_set (&s, 1);
  CHECK (!mix_smoother_is_still (&s), "is about to move");
  unsigned reached = 0, ticks = 0;
  double last = 0, steepest = 0;
  while (mix_smoother_tick (&s) && ++ticks < 10000) {
    CHECK (s.from == last, "jumps from %g to %g", last, s.from);
    CHECK (s.to >= s.from && s.to <= 1, "overshoots: %g", s.to);
    steepest = fmax (steepest, mix_smoother_slope (&s));
    reached += s.to < 0.632;
    last = s.to;
  }
  /* 1 - (1 + x) e^-x = 0.632 at x = 2.146; steepest at x = 1: 1 / (e T) */
  check_figure ("smoother: 63 % of a step", (reached + 1) * MIX_TICK / 48.0, 10,
      11.7, "ms");
  check_figure ("smoother: steepest", steepest * 48 * 5, 0.3, 0.368, "/T");
  CHECK (s.from == 1 && s.to == 1 && mix_smoother_is_still (&s), "not there");
  check_figure (
      "smoother: arrives after", ticks * MIX_TICK / 48.0, 50, 150, "ms");
}

/* Spans of any length, delays up to the most: out is in, delayed. */
static void
test_delay (void)
{
  enum { MOST = 100, SPAN = 37, FRAMES = 5000 };
  static float in[FRAMES], out[FRAMES];
  unsigned length = mix_delay_line_length (MOST, SPAN);
  CHECK (length >= MOST + SPAN && (length & (length - 1)) == 0, "%u", length);
  check_noise (in, FRAMES, 1, 1);
  for (unsigned delay = 0; delay <= MOST; delay += 25) {
    float *ring = mix_alloc (length, sizeof *ring);
    uint64_t random = delay + 1;
    MixDelayLine d;
    mix_delay_line_prepare (&d, length);
    for (unsigned at = 0, n; at < FRAMES; at += n) {
      n = mix_min ((check_random (&random) >> 32) % (SPAN + 1), FRAMES - at);
      mix_delay_line_write (&d, ring, in + at, n);
      mix_delay_line_read (&d, ring, out + at, delay, n);
      mix_delay_line_advance (&d, n);
    }
    for (unsigned i = 0; i < FRAMES; i++)
      CHECK (out[i] == (i < delay ? 0 : in[i - delay]), "%u late, frame %u",
          delay, i);
    mix_free (ring);
  }
}

static void
test_tick (void)
{
  MixTick tick;
  mix_tick_reset (&tick);
  uint64_t random = 1;
  unsigned position = 0;
  while (position < 3000) {
    unsigned left = (check_random (&random) >> 32) % 100;
    CHECK (mix_tick_is_due (&tick) == (position % MIX_TICK == 0), "at %u",
        position);
    unsigned n = mix_tick_span (&tick, left);
    CHECK (n == mix_min (left, MIX_TICK - position % MIX_TICK), "span %u at %u",
        n, position);
    position += n;
  }
}

/* ---- Tables ------------------------------------------------------------- */

typedef struct {
  double level;
  unsigned count;
  int kind;
  bool on;
} Plain;

static const MixChoice kinds[] = { { "one", "One" }, { "two", "Two" },
  { "three", "Three" }, { NULL, NULL } };

static const MixRow plain_rows[] = {
  MIX_ROW_DOUBLE (Plain, level, "level", "Level", "dB", -10, 10, 2, 0, "Level"),
  MIX_ROW_UINT (Plain, count, "count", "Count", "", 1, 8, 3, 0, "Count"),
  MIX_ROW_CHOICE (Plain, kind, "kind", "Kind", kinds, 3, 1, 0, "Kind"),
  MIX_ROW_BOOL (Plain, on, "on", "On", 1, 0, "On"),
};

static const MixTable plain_table = MIX_TABLE (plain_rows, Plain);

static void
test_rows (void)
{
  /* value put, and what must come back from each row */
  static const double puts[][5] = {
    { 1, 1, 1, 1, 1 },
    { 0.4, 0.4, 1, 0, 0 },
    { 1.6, 1.6, 2, 2, 1 },
    { 99, 10, 8, 2, 1 },
    { -99, -10, 1, 0, 0 },
    { NAN, 2, 3, 1, 1 },
    { INFINITY, 10, 8, 2, 1 },
  };
  for (unsigned k = 0; k < sizeof puts / sizeof *puts; k++)
    for (unsigned i = 0; i < 4; i++) {
      Plain plain = { 0 };
      mix_row_put (&plain_rows[i], &plain, puts[k][0]);
      double got = mix_row_get (&plain_rows[i], &plain);
      CHECK (got == puts[k][i + 1], "%s: put %g, got %g", plain_rows[i].name,
          puts[k][0], got);
    }
  CHECK (mix_table_find (&plain_table, "kind") == &plain_rows[2], "kind");
  CHECK (!mix_table_find (&plain_table, "kin"), "kin");
}

/* ---- Formats ------------------------------------------------------------ */

static void
test_formats (void)
{
  static const unsigned pairs_of[] = { 0, 0, 1, 1, 2, 2, 2, 2, 3, 0 };
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  for (unsigned channels = 1; channels <= 9; channels++) {
    MixFormat format = mix_format (44100, channels);
    CHECK (format.rate == 44100 && format.channels == channels, "kept");
    unsigned count = mix_format_pairs (&format, pairs);
    CHECK (count == pairs_of[channels], "%u pairs of %u", count, channels);
    for (unsigned i = 0; i < count; i++)
      CHECK (
          format.speakers[pairs[i].left] + 1 == format.speakers[pairs[i].right]
              && format.speakers[pairs[i].left] % 2 == 0,
          "pair %u of %u", i, channels);
  }
  MixFormat format = mix_format (48000, 6);
  CHECK (format.speakers[3] == MIX_SPEAKER_LFE, "5.1 without LFE");
  CHECK (mix_format_pairs (&format, pairs) == 2 && pairs[0].left == 0
             && pairs[0].right == 1 && pairs[1].left == 4
             && pairs[1].right == 5,
      "pairs of 5.1");
  format = (MixFormat){ .rate = 48000, .channels = 2 };
  CHECK (mix_format_pairs (&format, pairs) == 1 && pairs[0].right == 1,
      "two unpositioned channels");
  format = mix_format (48000, 2);
  format.speakers[0] = MIX_SPEAKER_FRONT_RIGHT;
  format.speakers[1] = MIX_SPEAKER_FRONT_LEFT;
  CHECK (mix_format_pairs (&format, pairs) == 1 && pairs[0].left == 1,
      "right before left");
}

/* ---- mix_run ------------------------------------------------------------ */

/* A unit that adds up its input, remembers whether denormals were flushed, and
 * gives a NaN for an input of exactly 3. */
typedef struct {
  double sum;
  unsigned resets;
  bool flushed;
} Adder;

static void
adder_reset (void *self)
{
  Adder *adder = self;
  adder->sum = 0;
  adder->resets++;
}

static void
adder_process (void *self, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  volatile float small = 1e-38f;
  Adder *adder = self;
  adder->flushed = small * 0.01f == 0;
  for (unsigned i = 0; i < frames; i++) {
    adder->sum += (double)in[0][i] + (double)in[1][i];
    bool bad = in[0][i] == 3;
    out[0][i] = bad ? NAN : (float)adder->sum;
    out[1][i] = 1;
  }
}

static const MixUnit adder_unit = { .name = "adder",
  .size = sizeof (Adder),
  .reset = adder_reset,
  .process = adder_process };

enum { RUN_FRAMES = 6000 };

/* Returns the bad samples; audio holds the output after. */
static unsigned
run_cut (Adder *adder, const CheckAudio *audio, unsigned cut)
{
  MixRun run;
  unsigned bad = 0;
  *adder = (Adder){ 0 };
  mix_run_init (&run, &adder_unit, adder, 2);
  for (unsigned at = 0; at < audio->frames; at += cut) {
    float *io[] = { audio->c[0] + at, audio->c[1] + at };
    bad += mix_run (&run, io, NULL, mix_min (cut, audio->frames - at));
  }
  return bad;
}

static CheckAudio
spoilt_noise (void)
{
  CheckAudio audio = check_audio (2, RUN_FRAMES);
  check_noise (audio.c[0], RUN_FRAMES, 0.5, 1);
  check_noise (audio.c[1], RUN_FRAMES, 0.5, 2);
  audio.c[0][1000] = NAN;
  audio.c[1][1000] = INFINITY;
  audio.c[1][1500] = -INFINITY; /* too early for another reset */
  audio.c[0][4000] = 1e10f;     /* not audio */
  audio.c[0][RUN_FRAMES - 1] = NAN;
  return audio;
}

static void
test_bad_input (void)
{
  static const unsigned cuts[] = { RUN_FRAMES, 1, 7, 1000, 1024 };
  Adder adder;
  CheckAudio first = spoilt_noise (), clean = check_audio (2, RUN_FRAMES);
  run_cut (&adder, &first, RUN_FRAMES);
  check_noise (clean.c[0], RUN_FRAMES, 0.5, 1);
  check_noise (clean.c[1], RUN_FRAMES, 0.5, 2);
  double sum = 0;
  for (unsigned i = 0; i < RUN_FRAMES; i++) {
    bool bad = i == 1000 || i == 4000 || i == RUN_FRAMES - 1;
    sum = bad ? 0 : sum + (double)clean.c[0][i];
    sum += i == 1000 || i == 1500 ? 0 : (double)clean.c[1][i];
    CHECK (first.c[0][i] == (float)sum, "frame %u", i);
  }
  for (unsigned k = 0; k < sizeof cuts / sizeof *cuts; k++) {
    CheckAudio audio = spoilt_noise ();
    unsigned bad = run_cut (&adder, &audio, cuts[k]);
    CHECK (bad == 5, "%u bad samples, cut %u", bad, cuts[k]);
    CHECK (adder.resets == 3, "%u resets, cut %u", adder.resets, cuts[k]);
    CHECK (check_audio_equal (&audio, &first), "cut %u", cuts[k]);
    check_audio_free (&audio);
  }
  check_audio_free (&first);
  check_audio_free (&clean);
}

/* A stream of NaN costs a reset now and then, not one a sample. */
static void
test_only_bad_input (void)
{
  Adder adder;
  CheckAudio audio = check_audio (2, RUN_FRAMES);
  for (unsigned i = 0; i < RUN_FRAMES; i++)
    audio.c[0][i] = audio.c[1][i] = NAN;
  unsigned bad = run_cut (&adder, &audio, 480);
  CHECK (bad == 2 * RUN_FRAMES, "%u bad", bad);
  CHECK (adder.resets == 1 + (RUN_FRAMES - 1) / MIX_RUN_CALM, "%u resets",
      adder.resets);
  CHECK (check_audio_finite (&audio), "not finite");
  check_audio_free (&audio);
}

static void
test_bad_output (void)
{
  Adder adder;
  CheckAudio audio = check_audio (2, RUN_FRAMES);
  audio.c[0][77] = 3;
  unsigned bad = run_cut (&adder, &audio, 500);
  CHECK (bad == 1 && adder.resets == 1, "%u bad, %u resets", bad, adder.resets);
  CHECK (check_audio_finite (&audio), "not finite");
#if defined(__SSE2__) || defined(__aarch64__)
  CHECK (adder.flushed, "denormals on");
#endif
  check_audio_free (&audio);
}

int
main (void)
{
  test_memory ();
  test_maths ();
  test_denormals ();
  test_smoother ();
  test_delay ();
  test_tick ();
  test_rows ();
  test_formats ();
  test_bad_input ();
  test_only_bad_input ();
  test_bad_output ();
  return check_end ();
}
