/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mixleveler on recordings, measured by libebur128.
 *
 *   conformance-leveler LIST FOLDER HALF
 *
 * Each programme of a half plays at -12, 0 and +6 dB towards -14, -16 and
 * -23 LUFS. A line tells its loudness before, and its range (LRA) before and
 * after; how far the gain went and how fast, and for how much of the time
 * max-boost held it back; and how far from the target it came out, from 10 s of
 * programme on. One more line a programme that is on target before: how much
 * the gain moves. What would need more than max-boost is left out and counted;
 * sums tell apart what was held back by it for over a tenth of the time.
 *
 * Aimed at are 0.5 LU from the target, and 1 dB for what is on target. Where
 * that is not reached, a little more than what was measured is allowed.
 */
#include <gst/gst.h>
#include <math.h>

#include "check.h"
#include "figures.h"

#define FIRST (10 * RECORDING_RATE) /* frames that are not judged */
#define NEAR_LU 0.5
#define FAR_LU 1.2
#define HELD_BACK 10.0 /* % of the time */
#define STEADY_LU 3.0  /* the range of what has no dynamics to be leveled */

static const double levels[] = { -12, 0, 6 }, targets[] = { -14, -16, -23 };

/* ---- Sums --------------------------------------------------------------- */

typedef struct {
  GArray *errors;      /* of double, absolute, LU */
  GArray *held_errors; /* the same, held back by max-boost */
  GArray *movements;   /* of double, dB, of what is on target */
  GArray *steady;      /* the same, of what has next to no dynamics */
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
  sum->steady = g_array_new (FALSE, FALSE, sizeof (double));
  return sum;
}

static void
sum_free (gpointer data)
{
  Sum *sum = data;
  g_array_unref (sum->errors);
  g_array_unref (sum->held_errors);
  g_array_unref (sum->movements);
  g_array_unref (sum->steady);
  g_free (sum);
}

static void
sum_gain (Sum *sum, const LevellingGain *gain)
{
  sum->gain.up = fmax (sum->gain.up, gain->up);
  sum->gain.down = fmax (sum->gain.down, gain->down);
  sum->gain.step = fmax (sum->gain.step, gain->step);
}

static void
print_sum (const char *half, Sum *sum)
{
  g_autofree gchar *still = g_strdup_printf (
      "of %u programmes on target, moved less than 1 dB", sum->movements->len);
  figures_one (half, "lines left out, beyond max-boost", sum->beyond_boost, 0,
      INFINITY, "");
  figures_errors (half, "lines free of max-boost", sum->errors, 94);
  figures_errors (half, "lines held back by max-boost", sum->held_errors, 0);
  figures_one (half, still, figures_share (sum->movements, 1), 0, 100, "%");
  figures_one (half, "half of them moved less than",
      figures_quantile (sum->movements, 0.5), 0, INFINITY, "dB");
  if (sum->steady->len > 0)
    figures_one (half, "on target and steady (range under 3 LU), moved at most",
        figures_quantile (sum->steady, 1), 0, 3.5, "dB");
  figures_gain (half, &sum->gain);
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
      (char *)kind, sum->errors->len, figures_quantile (sum->errors, 1));
  figures_one (half, what, figures_share (sum->errors, NEAR_LU), 0, 100, "%");
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
print_line (const Recording *r, double level, double target,
    LevellingLoudness before, LevellingLoudness after,
    const LevellingGain *gain)
{
  g_autofree gchar *name = g_strdup_printf (
      "%-5s %-10s %-22s %+3.0f dB to %.0f LUFS: before %5.1f, after %6.2f, "
      "range "
      "%4.1f to %4.1f, gain %5.1f ... %5.1f dB, up %4.2f, down %4.2f dB/s, at "
      "max-boost %2.0f %%; off",
      r->half, r->kind, r->name, level, target, before.integrated + level,
      after.integrated, before.range, after.range, gain->low, gain->high,
      gain->up, gain->down, per_cent (gain->at_boost, gain->spans));
  check_figure (name, after.integrated - target,
      is_held_back (gain) ? -MOST_BOOST_DB : -FAR_LU, FAR_LU, "LU");
}

static LevellingGain
play (
    const GArray *frames, double level, double target, LevellingLoudness *after)
{
  g_autofree gchar *text = g_strdup_printf ("mixleveler target=%g", target);
  Levelling *l = levelling_new (text);
  ebur128_state *meter = levelling_meter ();
  const RecordingFrame *all = (const RecordingFrame *)frames->data;
  levelling_play (l, all, FIRST, level, NULL);
  levelling_play (l, all + FIRST, frames->len - FIRST, level, meter);
  LevellingGain gain = levelling_gain (l);
  levelling_free (l);
  *after = levelling_measured (meter);
  return gain;
}

static void
test_line (const Recording *r, const GArray *frames, LevellingLoudness before,
    double level, double target, Sum *sums[2])
{
  LevellingLoudness after;
  if (target - before.integrated - level > MOST_BOOST_DB) {
    for (guint i = 0; i < 2; i++)
      sums[i]->beyond_boost++;
    return;
  }
  LevellingGain gain = play (frames, level, target, &after);
  double error = fabs (after.integrated - target);
  print_line (r, level, target, before, after, &gain);
  for (guint i = 0; i < 2; i++) {
    g_array_append_val (
        is_held_back (&gain) ? sums[i]->held_errors : sums[i]->errors, error);
    sum_gain (sums[i], &gain);
  }
}

static void
test_on_target (const Recording *r, const GArray *frames,
    LevellingLoudness before, Sum *sum)
{
  LevellingLoudness after;
  double target = -23,
         level = target - levelling_measure (frames, 0).integrated;
  LevellingGain gain = play (frames, level, target, &after);
  double moved = fmax (fabs (gain.low), fabs (gain.high));
  g_autofree gchar *name
      = g_strdup_printf ("%-5s %-10s %-22s on target, after %6.2f, %3.0f %% of "
                         "the time within 1 dB; "
                         "the gain moved",
          r->half, r->kind, r->name, after.integrated,
          per_cent (gain.still, gain.spans));
  check_figure (name, moved, 0, INFINITY, "dB");
  g_array_append_val (sum->movements, moved);
  if (before.range < STEADY_LU)
    g_array_append_val (sum->steady, moved);
  sum_gain (sum, &gain);
}

static void
test_programme (const Recording *r, Sum *sums[2])
{
  GArray *frames = recording_frames (r);
  if (CHECK (frames->len > 100 * RECORDING_RATE, "%s is too short", r->name)) {
    LevellingLoudness before = levelling_measure (frames, FIRST);
    for (guint l = 0; l < G_N_ELEMENTS (levels); l++)
      for (guint t = 0; t < G_N_ELEMENTS (targets); t++)
        test_line (r, frames, before, levels[l], targets[t], sums);
    test_on_target (r, frames, before, sums[0]);
  }
  g_array_unref (frames);
}

static void
test_half (const char *half, const GPtrArray *recordings)
{
  Sum *all = sum_new ();
  GHashTable *kinds
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, sum_free);
  for (guint i = 0; i < recordings->len; i++) {
    const Recording *r = g_ptr_array_index (recordings, i);
    if (!g_str_equal (r->half, half))
      continue;
    if (!g_hash_table_contains (kinds, r->kind))
      g_hash_table_insert (kinds, r->kind, sum_new ());
    test_programme (r, (Sum *[]){ all, g_hash_table_lookup (kinds, r->kind) });
  }
  g_hash_table_foreach (kinds, print_kind, (gpointer)half);
  if (all->movements->len > 0)
    print_sum (half, all);
  g_hash_table_unref (kinds);
  sum_free (all);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 4)
    return 2;
  GPtrArray *recordings = recordings_read (argv[1], argv[2]);
  test_half (argv[3], recordings);
  g_ptr_array_unref (recordings);
  return check_end ();
}
