/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mixleveler on recordings, measured by libebur128.
 *
 *   conformance-leveler HALF LIST FOLDER   HALF: as in the list, or hour
 *
 * Each programme of a half plays at -12, 0 and +6 dB towards -14, -16 and
 * -23 LUFS. A line tells its loudness before, and its range (LRA) before and
 * after; how far the gain went and how fast, and for how much of the time
 * max-boost held it back; and how far from the target it came out, from 10 s of
 * programme on. One more line a programme that is on target before: how much
 * the gain moves. What would need more than max-boost is left out and counted;
 * sums tell apart what was held back by it for over a tenth of the time. `hour`
 * joins programmes of both halves to one.
 *
 * What is allowed is a little more than what was measured, where that is more
 * than the 0.5 LU that are aimed at.
 */
#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "levelling.h"

#define FIRST (10 * RECORDING_RATE) /* frames that are not judged */
#define MOST_STEP_DB 0.02
/* What float samples tell of a speed, over 10 ms. */
#define SPEED_ERROR 0.01
#define NEAR_LU 0.5
#define FAR_LU 1.5
#define HELD_BACK 10.0 /* % of the time */
#define HOUR_PROGRAMMES 20
#define MANY 20 /* the least that a share is asked of */

static const double levels[] = { -12, 0, 6 }, targets[] = { -14, -16, -23 };

typedef struct
{
  double integrated, range;
} Loudness;

static Loudness
measured (ebur128_state *meter)
{
  Loudness l;
  ebur128_loudness_global (meter, &l.integrated);
  ebur128_loudness_range (meter, &l.range);
  ebur128_destroy (&meter);
  return l;
}

static Loudness
measure (const GArray *frames, guint from)
{
  ebur128_state *meter = levelling_meter ();
  ebur128_add_frames_float (meter,
      &g_array_index (frames, RecordingFrame, from).left, frames->len - from);
  return measured (meter);
}

/* ---- Sums --------------------------------------------------------------- */

typedef struct
{
  GArray *errors;      /* of double, absolute, LU */
  GArray *held_errors; /* the same, held back by max-boost */
  GArray *movements; /* of double, dB, of what is on target */
  LevellingGain gain;
  guint beyond_boost;
} Sum;

static Sum *
sum_new (void)
{
  Sum *sum = g_new0 (Sum, 1);
  sum->errors = g_array_new (FALSE, FALSE, sizeof (double));
  sum->held_errors = g_array_new (FALSE, FALSE, sizeof (double));
  sum->movements = g_array_new (FALSE, FALSE, sizeof (double));
  return sum;
}

static void
sum_free (gpointer data)
{
  Sum *sum = data;
  g_array_unref (sum->errors);
  g_array_unref (sum->held_errors);
  g_array_unref (sum->movements);
  g_free (sum);
}

static void
sum_gain (Sum *sum, const LevellingGain *gain)
{
  sum->gain.up = fmax (sum->gain.up, gain->up);
  sum->gain.down = fmax (sum->gain.down, gain->down);
  sum->gain.step = fmax (sum->gain.step, gain->step);
}

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Per cent that are at most `limit`. */
static double
share_within (const GArray *values, double limit)
{
  guint count = 0;
  for (guint i = 0; i < values->len; i++)
    count += g_array_index (values, double, i) <= limit;
  return 100.0 * count / values->len;
}

/* The value that so much of them is not above. */
static double
quantile (GArray *values, double part)
{
  g_array_sort (values, compare_doubles);
  guint at = (guint) ceil (part * values->len);
  return g_array_index (values, double, MAX (at, 1) - 1);
}

static void
figure (const char *half, const char *what, double value, double low,
    double high, const char *unit)
{
  g_autofree gchar *name = g_strdup_printf ("%s: %s", half, what);
  check_figure (name, value, low, high, unit);
}

static void
print_gain (const char *half, const LevellingGain *gain)
{
  figure (half, "fastest rise of the gain", gain->up, 0,
      RISE_DB_PER_S + SPEED_ERROR, "dB/s");
  figure (half, "fastest fall of the gain", gain->down, 0,
      FALL_DB_PER_S + SPEED_ERROR, "dB/s");
  figure (half, "largest step between two frames", gain->step, 0,
      MOST_STEP_DB, "dB");
}

static void
print_errors (
    const char *half, const char *which, GArray *errors, double least_share)
{
  if (errors->len == 0)
    return;
  g_autofree gchar *name =
      g_strdup_printf ("%s, %u %s", half, errors->len, which);
  figure (name, "within 0.5 LU", share_within (errors, NEAR_LU),
      errors->len < MANY ? 0 : least_share, 100, "%");
  figure (name, "95 % are within", quantile (errors, 0.95), 0, INFINITY, "LU");
  figure (name, "the worst", quantile (errors, 1), 0, INFINITY, "LU");
}

static void
print_sum (const char *half, Sum *sum)
{
  g_autofree gchar *still = g_strdup_printf (
      "of %u programmes on target, moved less than 1 dB",
      sum->movements->len);
  figure (half, "lines left out, beyond max-boost", sum->beyond_boost, 0,
      INFINITY, "");
  print_errors (half, "lines free of max-boost", sum->errors, 90);
  print_errors (half, "lines held back by max-boost", sum->held_errors, 0);
  figure (half, still, share_within (sum->movements, 1), 0, 100, "%");
  figure (half, "half of them moved less than", quantile (sum->movements, 0.5),
      0, INFINITY, "dB");
  print_gain (half, &sum->gain);
}

/* One figure for each kind of programme. */
static void
print_kind (gpointer kind, gpointer data, gpointer half)
{
  Sum *sum = data;
  if (sum->errors->len == 0)
    return;
  g_autofree gchar *what = g_strdup_printf (
      "%s, of %u lines free of max-boost, worst %.2f LU, within 0.5 LU",
      (char *) kind,
      sum->errors->len, quantile (sum->errors, 1));
  figure (half, what, share_within (sum->errors, NEAR_LU), 0, 100, "%");
}

/* ---- Lines -------------------------------------------------------------- */

static double
per_cent (guint part, guint whole)
{
  return whole ? 100.0 * part / whole : 0;
}

static bool
is_held_back (const LevellingGain *gain)
{
  return per_cent (gain->at_boost, gain->spans) > HELD_BACK;
}

static void
print_line (const Recording *r, double level, double target, Loudness before,
    Loudness after, const LevellingGain *gain)
{
  g_autofree gchar *name = g_strdup_printf (
      "%-5s %-10s %-22s %+3.0f dB to %.0f LUFS: before %5.1f, after %6.2f, range "
      "%4.1f to %4.1f, gain %5.1f ... %5.1f dB, up %4.2f, down %4.2f dB/s, at "
      "max-boost %2.0f %%; off",
      r->half, r->kind, r->name, level, target, before.integrated + level,
      after.integrated, before.range, after.range, gain->low, gain->high,
      gain->up, gain->down, per_cent (gain->at_boost, gain->spans));
  check_figure (name, after.integrated - target,
      is_held_back (gain) ? -MOST_BOOST_DB : -FAR_LU, FAR_LU, "LU");
}

static LevellingGain
play (const GArray *frames, double level, double target, Loudness *after)
{
  g_autofree gchar *text = g_strdup_printf ("mixleveler target=%g", target);
  Levelling *l = levelling_new (text);
  ebur128_state *meter = levelling_meter ();
  const RecordingFrame *all = (const RecordingFrame *) frames->data;
  levelling_play (l, all, FIRST, level, NULL);
  levelling_play (l, all + FIRST, frames->len - FIRST, level, meter);
  LevellingGain gain = levelling_gain (l);
  levelling_free (l);
  *after = measured (meter);
  return gain;
}

static void
test_line (const Recording *r, const GArray *frames, Loudness before,
    double level, double target, Sum *sums[2])
{
  Loudness after;
  if (target - before.integrated - level > MOST_BOOST_DB) {
    for (guint i = 0; i < 2; i++)
      sums[i]->beyond_boost++;
    return;
  }
  LevellingGain gain = play (frames, level, target, &after);
  double error = fabs (after.integrated - target);
  print_line (r, level, target, before, after, &gain);
  for (guint i = 0; i < 2; i++) {
    g_array_append_val (is_held_back (&gain) ? sums[i]->held_errors
                                             : sums[i]->errors, error);
    sum_gain (sums[i], &gain);
  }
}

static void
test_on_target (const Recording *r, const GArray *frames, Sum *sum)
{
  Loudness after;
  double target = -23, level = target - measure (frames, 0).integrated;
  LevellingGain gain = play (frames, level, target, &after);
  double moved = fmax (fabs (gain.low), fabs (gain.high));
  g_autofree gchar *name = g_strdup_printf (
      "%-5s %-10s %-22s on target, after %6.2f, %3.0f %% of the time within 1 dB; "
      "the gain moved", r->half, r->kind, r->name, after.integrated,
      per_cent (gain.still, gain.spans));
  check_figure (name, moved, 0, INFINITY, "dB");
  g_array_append_val (sum->movements, moved);
  sum_gain (sum, &gain);
}

static void
test_programme (const Recording *r, Sum *sums[2])
{
  GArray *frames = recording_frames (r);
  if (CHECK (frames->len > 100 * RECORDING_RATE, "%s is too short", r->name)) {
    Loudness before = measure (frames, FIRST);
    for (guint l = 0; l < G_N_ELEMENTS (levels); l++)
      for (guint t = 0; t < G_N_ELEMENTS (targets); t++)
        test_line (r, frames, before, levels[l], targets[t], sums);
    test_on_target (r, frames, sums[0]);
  }
  g_array_unref (frames);
}

static void
test_half (const char *half, const GPtrArray *recordings)
{
  Sum *all = sum_new ();
  GHashTable *kinds =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, sum_free);
  for (guint i = 0; i < recordings->len; i++) {
    const Recording *r = g_ptr_array_index (recordings, i);
    if (!g_str_equal (r->half, half))
      continue;
    if (!g_hash_table_contains (kinds, r->kind))
      g_hash_table_insert (kinds, r->kind, sum_new ());
    test_programme (
        r, (Sum *[]){ all, g_hash_table_lookup (kinds, r->kind) });
  }
  g_hash_table_foreach (kinds, print_kind, (gpointer) half);
  if (all->movements->len > 0)
    print_sum (half, all);
  g_hash_table_unref (kinds);
  sum_free (all);
}

/* ---- An hour ------------------------------------------------------------ */

/* One target: the same stream all the hour. */
typedef struct
{
  double target;
  Levelling *levelling;
  GPtrArray *meters; /* for each programme, of its first 10 s and of the rest */
  Sum *sum;
} Stream;

static void
stream_play (
    Stream *s, const Recording *r, const GArray *frames, Loudness before)
{
  const RecordingFrame *all = (const RecordingFrame *) frames->data;
  ebur128_state *head = levelling_meter (), *rest = levelling_meter ();
  double integrated;
  levelling_play (s->levelling, all, FIRST, 0, head);
  levelling_play (s->levelling, all + FIRST, frames->len - FIRST, 0, rest);
  g_ptr_array_add (s->meters, head);
  g_ptr_array_add (s->meters, rest);
  ebur128_loudness_global (rest, &integrated);
  g_autofree gchar *name = g_strdup_printf (
      "hour, %-5s %-10s %-22s to %.0f LUFS: before %5.1f, after %6.2f; off",
      r->half, r->kind, r->name, s->target, before.integrated,
      integrated);
  double error = fabs (integrated - s->target);
  check_figure (name, integrated - s->target, -1, 1, "LU");
  g_array_append_val (s->sum->errors, error);
}

static void
stream_end (Stream *s)
{
  ebur128_state **meters = (ebur128_state **) s->meters->pdata;
  double whole;
  ebur128_loudness_global_multiple (
      meters + 1, s->meters->len - 1, &whole);
  LevellingGain gain = levelling_gain (s->levelling);
  g_autofree gchar *name = g_strdup_printf ("hour to %.0f LUFS", s->target);
  figure (name, "the whole is off", whole - s->target, -NEAR_LU, NEAR_LU, "LU");
  print_errors (name, "programmes in it", s->sum->errors, 50);
  print_gain (name, &gain);
  for (guint i = 0; i < s->meters->len; i++)
    ebur128_destroy (&meters[i]);
  g_ptr_array_unref (s->meters);
  levelling_free (s->levelling);
  sum_free (s->sum);
}

/* Of all kinds, in no order: with a fixed seed. */
static void
test_hour (GPtrArray *recordings)
{
  Stream streams[G_N_ELEMENTS (targets)];
  GRand *random = g_rand_new_with_seed (1);
  for (guint t = 0; t < G_N_ELEMENTS (targets); t++) {
    g_autofree gchar *text = g_strdup_printf ("mixleveler target=%g", targets[t]);
    streams[t] = (Stream) { targets[t], levelling_new (text),
      g_ptr_array_new (), sum_new () };
  }
  for (guint i = 0; i < HOUR_PROGRAMMES && recordings->len > 0; i++) {
    guint next = (guint) g_rand_int_range (random, 0, (gint) recordings->len);
    const Recording *r = g_ptr_array_index (recordings, next);
    GArray *frames = recording_frames (r);
    Loudness before = measure (frames, FIRST);
    for (guint t = 0; t < G_N_ELEMENTS (targets); t++)
      stream_play (&streams[t], r, frames, before);
    g_array_unref (frames);
    g_ptr_array_remove_index (recordings, next);
  }
  for (guint t = 0; t < G_N_ELEMENTS (targets); t++)
    stream_end (&streams[t]);
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 4)
    return 2;
  GPtrArray *recordings = recordings_read (argv[2], argv[3]);
  if (g_str_equal (argv[1], "hour"))
    test_hour (recordings);
  else
    test_half (argv[1], recordings);
  g_ptr_array_unref (recordings);
  return check_end ();
}
