/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An hour of recordings of both halves one after the other, through mixleveler
 * to each target: the whole, and each programme in it, by libebur128.
 *
 *   conformance-hour LIST FOLDER
 */
#include <gst/gst.h>
#include <math.h>

#include "check.h"
#include "figures.h"

#define FIRST (10 * RECORDING_RATE) /* frames of each that are not judged */
#define PROGRAMMES 20
#define NEAR_LU 0.5

static const double targets[] = { -14, -16, -23 };

/* One target: the same stream all the hour. */
typedef struct {
  double target;
  Levelling *levelling;
  GPtrArray *meters; /* for each programme, of its first 10 s and of the rest */
  GArray *errors;    /* of double, absolute, LU */
} Stream;

static void
stream_play (Stream *s, const Recording *r, const GArray *frames,
    LevellingLoudness before)
{
  const RecordingFrame *all = (const RecordingFrame *)frames->data;
  ebur128_state *head = levelling_meter (), *rest = levelling_meter ();
  double integrated;
  levelling_play (s->levelling, all, FIRST, 0, head);
  levelling_play (s->levelling, all + FIRST, frames->len - FIRST, 0, rest);
  g_ptr_array_add (s->meters, head);
  g_ptr_array_add (s->meters, rest);
  ebur128_loudness_global (rest, &integrated);
  g_autofree gchar *name = g_strdup_printf (
      "hour, %-5s %-10s %-22s to %.0f LUFS: before %5.1f, after %6.2f; off",
      r->half, r->kind, r->name, s->target, before.integrated, integrated);
  double error = fabs (integrated - s->target);
  check_figure (name, integrated - s->target, -1, 1, "LU");
  g_array_append_val (s->errors, error);
}

static void
stream_end (Stream *s)
{
  ebur128_state **meters = (ebur128_state **)s->meters->pdata;
  double whole;
  ebur128_loudness_global_multiple (meters + 1, s->meters->len - 1, &whole);
  LevellingGain gain = levelling_gain (s->levelling);
  g_autofree gchar *name = g_strdup_printf ("hour to %.0f LUFS", s->target);
  figures_one (
      name, "the whole is off", whole - s->target, -NEAR_LU, NEAR_LU, "LU");
  figures_errors (name, "programmes in it", s->errors, 50);
  figures_gain (name, &gain);
  for (guint i = 0; i < s->meters->len; i++)
    ebur128_destroy (&meters[i]);
  g_ptr_array_unref (s->meters);
  levelling_free (s->levelling);
  g_array_unref (s->errors);
}

/* Of all kinds, in no order: with a fixed seed. */
static void
test_hour (GPtrArray *recordings)
{
  Stream streams[G_N_ELEMENTS (targets)];
  GRand *random = g_rand_new_with_seed (1);
  for (guint t = 0; t < G_N_ELEMENTS (targets); t++) {
    g_autofree gchar *text
        = g_strdup_printf ("mixleveler target=%g", targets[t]);
    streams[t] = (Stream){ targets[t], levelling_new (text), g_ptr_array_new (),
      g_array_new (FALSE, FALSE, sizeof (double)) };
  }
  for (guint i = 0; i < PROGRAMMES && recordings->len > 0; i++) {
    guint next = (guint)g_rand_int_range (random, 0, (gint)recordings->len);
    const Recording *r = g_ptr_array_index (recordings, next);
    GArray *frames = recording_frames (r);
    LevellingLoudness before = levelling_measure (frames, FIRST);
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
  if (argc != 3)
    return 2;
  GPtrArray *recordings = recordings_read (argv[1], argv[2]);
  test_hour (recordings);
  g_ptr_array_unref (recordings);
  return check_end ();
}
