/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The reverb as an element: its tail is played out to the end, also when the
 * end comes while it is frozen.
 */
#include <math.h>
#include <string.h>

#include "rig.h"

#define RATE 48000

static gdouble
peak_from (Rig *rig, guint from, guint to)
{
  gdouble peak = 0;
  for (guint i = from; i < to; i++)
    for (guint c = 0; c < rig->channels; c++)
      peak = fmax (peak, fabsf (rig_sample (rig, i, c)));
  return peak;
}

/* Ends under -100 dBFS, and not long after it got there. */
static void
test_tail (gconstpointer description)
{
  static const guint rates[] = { 44100, 48000, 96000 };
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    guint rate = rates[r];
    Rig *rig = rig_new (description, rate, 2);
    gfloat *noise = rig_noise (rate / 2, 2, 0.5f);
    rig_push_all (rig, noise, rate / 2, 1024);
    rig_finish (rig);
    guint frames = rig_frames (rig);
    g_test_message ("%u Hz: %.2f s for 0.5 s", rate, (gdouble)frames / rate);
    g_assert_cmpuint (frames, >, rate);
    g_assert_cmpfloat (peak_from (rig, frames - 1024, frames), <, 1.01e-5);
    g_assert_cmpfloat (peak_from (rig, frames - rate, frames), >, 1e-5);
    rig_free (rig);
    g_free (noise);
  }
}

/* What is held for ever is played for tail-max. */
static void
test_frozen_end (void)
{
  Rig *rig = rig_new ("mixreverb dry=-100 wet=0 tail-max=1500", RATE, 2);
  gfloat *noise = rig_noise (RATE, 2, 0.5f);
  rig_push_all (rig, noise, RATE / 2, 1024);
  g_object_set (rig->element, "freeze", TRUE, NULL);
  rig_push_all (rig, noise, RATE / 2, 1024);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), ==, RATE + RATE * 3 / 2);
  g_assert_cmpfloat (peak_from (rig, 2 * RATE, rig_frames (rig)), >, 0.05);
  rig_free (rig);
  g_free (noise);
}

/* The longest decay in the largest place at a high rate. */
static void
test_high_rate (void)
{
  Rig *rig = rig_new ("mixreverb decay=60 size=100 tail-max=500", 192000, 2);
  gfloat *noise = rig_noise (48000, 2, 0.5f);
  rig_push_all (rig, noise, 48000, 0);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), ==, 48000 + 96000);
  g_assert_cmpfloat (peak_from (rig, 100000, 140000), >, 0.001);
  rig_free (rig);
  g_free (noise);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_data_func ("/reverb/tail", "mixreverb", test_tail);
  g_test_add_data_func ("/reverb/tail-of-wet",
      "mixreverb dry=-100 wet=0 "
      "space=plate decay=0.5 pre-delay=200",
      test_tail);
  g_test_add_func ("/reverb/frozen-end", test_frozen_end);
  g_test_add_func ("/reverb/high-rate", test_high_rate);
  return rig_run ();
}
