/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The leveler between two recorded voices, measured by libebur128:
 *
 *   conformance-voices LIST FOLDER
 *
 * Settings of the preset podcast. One voice for half a minute, then another
 * that is 15 LU louder: its first 3 s against the target, without look-ahead
 * and with 1 s. Then a murmur: a voice 24 LU under the one before, for 50 s;
 * how far the gain rises. All pairs of the spoken prompts in the list, three
 * places each.
 */
#include <ebur128.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>

#include "check.h"
#include "figures.h"
#include "units/units.h"

#define RATE RECORDING_RATE
#define TARGET (-16.0)
#define SPAN (RATE / 100)
#define PLACES 3

typedef struct {
  GArray *plain, *ahead, *murmur; /* of double: LU, LU, dB */
} Results;

/* ---- Voices ------------------------------------------------------------- */

static const RecordingFrame *
frames_at (const GArray *voice, guint at)
{
  return &g_array_index (voice, RecordingFrame, at);
}

static double
loudness_of (const RecordingFrame *frames, guint n)
{
  double lufs = NAN;
  ebur128_state *meter = ebur128_init (2, RATE, EBUR128_MODE_I);
  ebur128_add_frames_float (meter, &frames->left, n);
  ebur128_loudness_global (meter, &lufs);
  ebur128_destroy (&meter);
  return lufs;
}

static double
power_of (const RecordingFrame *frames, guint n)
{
  double power = 0;
  for (guint i = 0; i < n; i++)
    power += (double)(frames[i].left * frames[i].left);
  return power / n;
}

/* The first word after a pause, from some place on. */
static guint
word_after (const GArray *voice, guint at)
{
  double usual = power_of (frames_at (voice, 0), voice->len);
  while (
      power_of (frames_at (voice, at), SPAN) < 0.1 * usual
      || power_of (frames_at (voice, at - 8 * SPAN), 8 * SPAN) > 0.003 * usual)
    at += SPAN;
  return at;
}

/* Appends `n` frames at a loudness that is theirs over the first `own`. */
static void
say (GArray *to, const RecordingFrame *frames, guint n, guint own, double lufs)
{
  gfloat gain = (gfloat)mix_gain_from_db (lufs - loudness_of (frames, own));
  for (guint i = 0; i < n; i++) {
    RecordingFrame f = { frames[i].left * gain, frames[i].right * gain };
    g_array_append_val (to, f);
  }
}

/* ---- Leveling ----------------------------------------------------------- */

static void *
podcast (double look_ahead_ms)
{
  void *params = check_params (&mix_leveler);
  check_set (&mix_leveler, params, "target", TARGET);
  check_set (&mix_leveler, params, "range", 2);
  check_set (&mix_leveler, params, "max-boost", 18);
  check_set (&mix_leveler, params, "rise", 6);
  check_set (&mix_leveler, params, "fall", 12);
  check_set (&mix_leveler, params, "look-ahead", look_ahead_ms);
  check_choose (&mix_leveler, params, "measure", "momentary");
  return params;
}

static CheckAudio
planar (const GArray *sound, guint more)
{
  CheckAudio audio = check_audio (2, sound->len + more);
  for (guint i = 0; i < sound->len; i++) {
    audio.c[0][i] = frames_at (sound, i)->left;
    audio.c[1][i] = frames_at (sound, i)->right;
  }
  return audio;
}

/* The loudness that the last `n` frames come out with. */
static double
level (const GArray *sound, guint n, double look_ahead_ms)
{
  void *params = podcast (look_ahead_ms);
  void *self = check_new_unit (&mix_leveler, RATE, 2, params);
  CheckAudio audio = planar (sound, mix_leveler.latency (self));
  RecordingFrame *last = g_new (RecordingFrame, n);
  check_process (&mix_leveler, self, &audio, &audio, 1024);
  for (guint i = 0; i < n; i++)
    last[i] = (RecordingFrame){ audio.c[0][audio.frames - n + i],
      audio.c[1][audio.frames - n + i] };
  double lufs = loudness_of (last, n);
  g_free (last);
  check_audio_free (&audio);
  check_free_unit (&mix_leveler, self);
  g_free (params);
  return lufs;
}

static void
test_turn (const GArray *quiet, const GArray *loud, guint place, Results *r)
{
  GArray *sound = g_array_new (FALSE, FALSE, sizeof (RecordingFrame));
  guint word = word_after (loud, (20 * place + 7) * RATE), n = 3 * RATE;
  say (sound, frames_at (quiet, 9 * place * RATE), 30 * RATE, 30 * RATE,
      TARGET - 11);
  say (sound, frames_at (loud, word), n, n, TARGET + 4);
  double plain = level (sound, n, 0) - TARGET;
  double ahead = fabs (level (sound, n, 1000) - TARGET);
  g_array_append_val (r->plain, plain);
  g_array_append_val (r->ahead, ahead);
  g_array_unref (sound);
}

/* From the gain at the speaker's end. */
static void
test_murmur (const GArray *speaker, const GArray *murmur, Results *r)
{
  GArray *sound = g_array_new (FALSE, FALSE, sizeof (RecordingFrame));
  say (sound, frames_at (speaker, 0), 30 * RATE, 30 * RATE, -20);
  say (sound, frames_at (murmur, 0), 50 * RATE, 50 * RATE, -44);
  void *params = podcast (0);
  void *self = check_new_unit (&mix_leveler, RATE, 2, params);
  CheckAudio audio = planar (sound, 0);
  double before = 0, most = -HUGE_VAL;
  for (guint i = 0; i < 800; i++) {
    check_process_span (
        &mix_leveler, self, &audio, &audio, i * RATE / 10, (i + 1) * RATE / 10);
    double gain = check_read (&mix_leveler, self, "gain");
    before = i < 300 ? gain : before;
    most = fmax (most, gain - before);
  }
  g_array_append_val (r->murmur, most);
  check_audio_free (&audio);
  check_free_unit (&mix_leveler, self);
  g_free (params);
  g_array_unref (sound);
}

/* ---- All pairs ---------------------------------------------------------- */

static GPtrArray *
voices_of (const GPtrArray *recordings)
{
  GPtrArray *voices
      = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  for (guint i = 0; i < recordings->len; i++) {
    const Recording *r = g_ptr_array_index (recordings, i);
    if (g_str_equal (r->kind, "speech"))
      g_ptr_array_add (voices, recording_frames (r));
  }
  return voices;
}

static void
test_pairs (const GPtrArray *voices, Results *r)
{
  for (guint a = 0; a < voices->len; a++)
    for (guint b = 0; b < voices->len; b++) {
      const GArray *one = g_ptr_array_index (voices, a);
      const GArray *other = g_ptr_array_index (voices, b);
      if (a == b)
        continue;
      for (guint place = 0; place < PLACES; place++)
        test_turn (one, other, place, r);
      test_murmur (one, other, r);
    }
}

static void
print_results (Results *r)
{
  g_autofree gchar *name = g_strdup_printf (
      "%u turns to a voice 15 LU louder, first 3 s", r->plain->len);
  figures_one (name, "half of them are over the target by at most",
      figures_quantile (r->plain, 0.5), -3, 3, "LU");
  figures_one (name, "9 of 10", figures_quantile (r->plain, 0.9), -3, 3, "LU");
  figures_one (name, "the worst", figures_quantile (r->plain, 1), -3, 3, "LU");
  figures_one (name, "with 1 s of look-ahead, 9 of 10 are off by at most",
      figures_quantile (r->ahead, 0.9), 0, 1, "LU");
  figures_one (name, "with 1 s of look-ahead, the worst",
      figures_quantile (r->ahead, 1), 0, 1, "LU");
  figures_one ("murmurs 24 LU under the speaker", "the gain rises at most",
      figures_quantile (r->murmur, 1), 0, 6, "dB");
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 3)
    return 2;
  GPtrArray *recordings = recordings_read (argv[1], argv[2]);
  GPtrArray *voices = voices_of (recordings);
  Results r = { g_array_new (FALSE, FALSE, sizeof (double)),
    g_array_new (FALSE, FALSE, sizeof (double)),
    g_array_new (FALSE, FALSE, sizeof (double)) };
  test_pairs (voices, &r);
  if (CHECK (r.plain->len > 0, "no voices in the list"))
    print_results (&r);
  g_array_unref (r.plain);
  g_array_unref (r.ahead);
  g_array_unref (r.murmur);
  g_ptr_array_unref (voices);
  g_ptr_array_unref (recordings);
  return check_end ();
}
