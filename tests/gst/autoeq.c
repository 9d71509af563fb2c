/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Texts of AutoEq, EqualizerAPO and REW in `bands`: what they become, that it
 * sounds as it does there, and what is said about mistakes.
 */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "host/bandtext.h"
#include "rig.h"
#include "units/units.h"

/* ---- What they become --------------------------------------------------- */

static void
assert_becomes (const gchar *text, const gchar *bands, gdouble output_gain)
{
  Rig *rig = rig_new ("mixeq output-gain=1", 48000, 2);
  g_autofree gchar *is = NULL;
  gdouble gain;
  g_object_set (rig->element, "bands", text, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  g_object_get (rig->element, "bands", &is, "output-gain", &gain, NULL);
  g_assert_cmpstr (is, ==, bands);
  g_assert_cmpfloat (gain, ==, output_gain);
  rig_free (rig);
}

static void
test_auto_eq (void)
{
  static const gchar *const bands
      = "low-shelf 105 gain=5.5 q=0.7; bell 118 gain=-2.4 q=0.55; "
        "high-shelf 10000 gain=-1.5 q=0.7";
  assert_becomes ("Preamp: -6.2 dB\n"
                  "Filter 1: ON LSC Fc 105 Hz Gain 5.5 dB Q 0.70\n"
                  "Filter 2: ON PK Fc 118 Hz Gain -2.4 dB Q 0.55\n"
                  "Filter 3: ON HSC Fc 10000 Hz Gain -1.5 dB Q 0.70\n",
      bands, -6.2);
  assert_becomes ("\xef\xbb\xbfPreamp: -6,2 dB\r\n"
                  "Filter 1: ON LSC Fc 105 Hz Gain 5,5 dB Q 0,70\r\n"
                  "Filter 2: ON PK Fc 118 Hz Gain -2,4 dB Q 0,55\r\n"
                  "Filter 3: ON HSC Fc 10.000 Hz Gain -1,5 dB Q 0,70",
      bands, -6.2);
  assert_becomes ("Preamp: -6.2 dB;Filter 1: ON LSC Fc 105 Hz Gain 5.5 dB Q "
                  "0.70;Filter 2: ON PK Fc 118 Hz Gain -2.4 dB Q 0.55;Filter "
                  "3: ON HSC Fc 10 kHz Gain -1.5 dB Q 0.70;",
      bands, -6.2);
}

/* As Room EQ Wizard exports: a heading, thousands, empty places. */
static void
test_rew (void)
{
  assert_becomes (
      "Filter Settings file\n\nRoom EQ V5.19\n"
      "Dated: 09-Feb-2021 16:28:20\n\nNotes:my room\n\n"
      "Equaliser: Generic\nmy room\n"
      "Filter  1: ON  PK       Fc    63.5 Hz  Gain  -7.5 dB  Q 8\n"
      "Filter  2: OFF PK       Fc   1,550 Hz  Gain  +3.0 dB  Q 2\n"
      "Filter  3: ON  Modal    Fc   41.00 Hz  Gain  -9 dB  Q 9  T60 "
      "target 300 ms\n"
      "Filter  4: ON  None\n",
      "bell 63.5 gain=-7.5 q=8; bell 1550 gain=3 q=2 enabled=false; "
      "bell 41 gain=-9 q=9",
      1);
}

static void
test_other_kinds (void)
{
  assert_becomes ("# by hand: a comment\n"
                  "Filter: ON NO Fc 50 Hz\n"
                  "Filter: ON AP Fc 900 Hz Q 1.5\n"
                  "Filter: ON BP Fc 900 Hz Q 2\n"
                  "filter: on peq fc 900hz gain 3db q 2\n"
                  "Filter: ON LP Fc 8000 Hz\n"
                  "Filter: ON HPQ Fc 30 Hz Q 0.7071\n",
      "notch 50 q=30; all-pass 900 q=1.5; band-pass 900 q=2; "
      "bell 900 gain=3 q=2; high-cut 8000; low-cut 30",
      1);
}

static void
test_channels_and_preamps (void)
{
  assert_becomes ("Preamp: -2 dB\nPreamp: -1.5 dB\n"
                  "Filter 1: ON PK Fc 100 Hz Gain 1 dB Q 1\nChannel: L\n"
                  "Filter 2: ON PK Fc 200 Hz Gain 2 dB Q 1\nChannel: R\n"
                  "Filter 3: ON PK Fc 300 Hz Gain 3 dB Q 1\nChannel: all\n"
                  "Filter 4: ON PK Fc 400 Hz Gain 4 dB Q 1\n",
      "bell 100 gain=1 q=1; bell 200 gain=2 q=1 channels=left; "
      "bell 300 gain=3 q=1 channels=right; bell 400 gain=4 q=1",
      -3.5);
}

/* ---- What they sound like ----------------------------------------------- */

#define RATE 192000

typedef struct {
  const gchar *line;
  enum { PEAK, LOW, HIGH, LOW_PASS, HIGH_PASS, NOTCH, BAND } shape;
  gdouble hz, gain;
  gdouble q, s; /* one of them; with a corner the centre is worked out */
  gboolean corner;
} Case;

static const Case cases[] = {
  { "PK Fc 300 Hz Gain 6 dB Q 1.3", PEAK, 300, 6, 1.3, 0, FALSE },
  { "PK Fc 300 Hz Gain -9 dB Q 4", PEAK, 300, -9, 4, 0, FALSE },
  { "LSC Fc 300 Hz Gain 6 dB Q 0.7", LOW, 300, 6, 0.7, 0, FALSE },
  { "HSC Fc 1000 Hz Gain -6 dB Q 0.5", HIGH, 1000, -6, 0.5, 0, FALSE },
  { "LS Fc 300 Hz Gain 6 dB Q 0.7", LOW, 300, 6, 0.7, 0, TRUE },
  { "HS Fc 1000 Hz Gain 9 dB Q 0.6", HIGH, 1000, 9, 0.6, 0, TRUE },
  { "LS Fc 300 Hz Gain 6 dB", LOW, 300, 6, 0, 0.9, FALSE },
  { "HSC Fc 1000 Hz Gain -6 dB", HIGH, 1000, -6, 0, 0.9, FALSE },
  { "LS 6dB Fc 300 Hz Gain 6 dB", LOW, 300, 6, 0, 0.5, TRUE },
  { "LS 12 dB Fc 300 Hz Gain -8 dB", LOW, 300, -8, 0, 1, TRUE },
  { "HS 12dB Fc 1000 Hz Gain 6 dB", HIGH, 1000, 6, 0, 1, TRUE },
  { "LSC 10.8 dB Fc 300 Hz Gain 5.0 dB", LOW, 300, 5, 0, 0.9, FALSE },
  { "LSC Fc 300 Hz Gain 5.0 dB Q 0.6694", LOW, 300, 5, 0, 0.9, FALSE },
  { "LP Fc 2000 Hz", LOW_PASS, 2000, 0, G_SQRT2 / 2, 0, FALSE },
  { "LPQ Fc 2000 Hz Q 3", LOW_PASS, 2000, 0, 3, 0, FALSE },
  { "HPQ Fc 100 Hz Q 0.5", HIGH_PASS, 100, 0, 0.5, 0, FALSE },
  { "NO Fc 500 Hz Q 5", NOTCH, 500, 0, 5, 0, FALSE },
  { "BP Fc 500 Hz Q 2", BAND, 500, 0, 2, 0, FALSE },
  { "PK Fc 300 Hz Gain 6 dB BW Oct 1", PEAK, 300, 6, G_SQRT2, 0, FALSE },
};

/* The prototype of the Audio EQ Cookbook (R. Bristow-Johnson), with the shift
 * that EqualizerAPO gives a corner: 10^(|gain| / 80 / S). */
static gdouble
wanted_db (const Case *c, gdouble hz)
{
  gdouble a = pow (10, c->gain / 40), q = c->q, s = c->s, centre = c->hz;
  if (q == 0)
    q = 1 / sqrt ((a + 1 / a) * (1 / s - 1) + 2);
  if (s == 0)
    s = 1 / ((1 / (q * q) - 2) / (a + 1 / a) + 1);
  gdouble shift = pow (10, fabs (c->gain) / 80 / s);
  if (c->corner)
    centre *= c->shape == LOW ? shift : 1 / shift;
  double complex w = I * hz / centre, r = sqrt (a) / q;
  switch (c->shape) {
    case PEAK:
      return 20
             * log10 (
                 cabs ((w * w + w * a / q + 1) / (w * w + w / (a * q) + 1)));
    case LOW:
      return 20
             * log10 (cabs (a * (w * w + r * w + a) / (a * w * w + r * w + 1)));
    case HIGH:
      return 20
             * log10 (cabs (a * (a * w * w + r * w + 1) / (w * w + r * w + a)));
    case LOW_PASS:
      return 20 * log10 (cabs (1 / (w * w + w / q + 1)));
    case HIGH_PASS:
      return 20 * log10 (cabs (w * w / (w * w + w / q + 1)));
    case NOTCH:
      return 20 * log10 (cabs ((w * w + 1) / (w * w + w / q + 1)));
    case BAND:
      break;
  }
  return 20 * log10 (cabs (w / q / (w * w + w / q + 1)));
}

static gdouble
measured_db (Rig *rig, gdouble hz)
{
  double complex sum = 0;
  for (guint i = 0; i < rig_frames (rig); i++)
    sum += rig_sample (rig, i, 0) * cexp (-2 * G_PI * I * hz * i / RATE);
  return 20 * log10 (cabs (sum));
}

/* Where it is over -40 dB, as in the contract. */
static void
test_response (gconstpointer data)
{
  const Case *c = data;
  Rig *rig = rig_new ("mixeq", RATE, 1);
  g_autofree gchar *text = g_strconcat ("Filter 1: ON ", c->line, NULL);
  gfloat *impulse = g_new0 (gfloat, RATE);
  gdouble most = 0;
  impulse[0] = 1;
  g_object_set (rig->element, "bands", text, NULL);
  rig_push_all (rig, impulse, RATE, 4096);
  rig_finish (rig);
  for (gdouble hz = 20; hz < 8000; hz *= 1.3)
    if (wanted_db (c, hz) > -40)
      most = MAX (most, fabs (measured_db (rig, hz) - wanted_db (c, hz)));
  g_test_message ("%s: farthest off %.3f dB of 0.05 allowed", c->line, most);
  g_assert_cmpfloat (most, <=, 0.05);
  rig_free (rig);
  g_free (impulse);
}

/* ---- Mistakes ----------------------------------------------------------- */

static void
test_mistakes (void)
{
  static const struct {
    const gchar *text, *says;
  } mistakes[] = {
    { "Filter 1: ON PX Fc 100 Hz Gain 3 dB Q 1",
        "in line 1 at character 14: expected a type" },
    { "Preamp: -3 dB\nFilter 1: PK Fc 100 Hz",
        "in line 2 at character 11: expected ON or OFF, found 'PK'" },
    { "Filter 1: ON PK Fc 100 Hz Gain 3 dB",
        "in line 1 at character 14: a PK needs a Q" },
    { "Filter 1: ON PK Fc 100 Hz Q 3", "a PK needs a gain" },
    { "Filter 1: ON PK Gain 3 dB Q 3", "a PK needs a frequency" },
    { "Filter 1: ON PK Fc x Hz Gain 3 dB Q 3",
        "at character 20: expected a number for Fc, found 'x'" },
    { "Filter 1: ON PK Fc 100 Hz Gain 3 Hz Q 3",
        "at character 34: expected Fc, Gain, Q or BW and a number, found "
        "'Hz'" },
    { "Filter 1: ON PK Fc 100 Hz Gain 40 dB Q 1", "gain must be -36 to 36" },
    { "Filter 1: ON PK Fc 4 Hz Gain 4 dB Q 1",
        "frequency must be 10 to 40000" },
    { "Filter 1: ON PK Fc 40 Hz Gain 4 dB Q -1", "Q must be over 0" },
    { "Filter 1: ON LPQ Fc 40 Hz Q 1000", "gain must be -36 to 36" },
    { "Preamp: loud\nFilter 1: ON NO Fc 50 Hz", "a number for Preamp" },
    { "Preamp: -30 dB\nPreamp: -30 dB\nFilter 1: ON NO Fc 50 Hz",
        "in line 2 at character 8: the preamp must be -36 to 36 dB" },
    { "Preamp: -3 dB\n", "there is no filter" },
    { "GraphicEQ: 25 0; 40 1", "GraphicEQ is not supported" },
    { "Filter 1: ON NO Fc 50 Hz\nConvolution: x.wav",
        "in line 2 at character 1: Convolution is not supported" },
    { "Filter 1: ON NO Fc 50 Hz\nChannel: SUB", "channels are L, R or all" },
    { "Channel: L\nPreamp: -3 dB", "a preamp of one channel" },
    { "Filter 1: ON NO Fc 50 Hz\nFliter 2: ON NO Fc 60 Hz",
        "in line 2 at character 1: expected Filter, found 'Fliter 2'" },
    { "Filter 1: ON IIR Order 2 Coefficients 1 2 3", "expected a type" },
  };
  Rig *rig = rig_new ("mixeq", 48000, 2);
  g_object_set (rig->element, "bands", "notch 50 q=20", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *is = NULL;
    g_object_set (rig->element, "bands", mistakes[i].text, NULL);
    GstMessage *message = rig_message (rig, GST_MESSAGE_WARNING);
    g_assert_nonnull (message);
    if (!message)
      continue;
    gst_message_parse_warning (message, &error, NULL);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, mistakes[i].says));
    gst_message_unref (message);
    g_object_get (rig->element, "bands", &is, NULL);
    g_assert_cmpstr (is, ==, "notch 50 q=20");
  }
  rig_free (rig);
}

static void
test_too_many (void)
{
  GString *text = g_string_new (NULL);
  Rig *rig = rig_new ("mixeq", 48000, 2);
  for (guint i = 0; i < 33; i++)
    g_string_append_printf (
        text, "Filter %u: ON PK Fc 100 Hz Gain 1 dB Q 1\n", i);
  g_object_set (rig->element, "bands", text->str, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  *g_strrstr (text->str, "Filter") = '\0';
  g_object_set (rig->element, "bands", text->str, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  g_string_free (text, TRUE);
  rig_free (rig);
}

/* Damaged text does no harm, and what is understood is within the ranges. */
static void
test_damage (void)
{
  static const gchar *const good
      = "Preamp: -6.2 dB\nFilter 1: ON LSC 10.8 dB Fc 105 Hz Gain 5.5 dB\n"
        "Filter 2: OFF PK Fc 1,180 Hz Gain -2.4 dB BW Oct 0.55\nChannel: L\n"
        "Filter 3: ON HPQ Fc 30 Hz Q 1.2\n";
  static const gchar letters[] = "FfcCQdB0159.-+=:; \n\r\te\x01\xc2\xa0k#";
  GRand *random = g_rand_new_with_seed (7);
  guchar *params = g_malloc (mix_eq.params.size);
  guchar *again = g_malloc (mix_eq.params.size);
  guint understood = 0;
  for (guint i = 0; i < 50000; i++) {
    g_autofree gchar *text = g_strdup (good);
    g_autoptr (GError) error = NULL;
    for (gint n = g_rand_int_range (random, 1, 4); n > 0; n--)
      text[g_rand_int_range (random, 0, (gint)strlen (good))]
          = letters[g_rand_int_range (random, 0, sizeof letters - 1)];
    mix_unit_defaults (&mix_eq, params);
    if (!gst_mix_band_text_parse (&mix_eq, text, params, &error)) {
      g_assert_nonnull (error);
      continue;
    }
    understood++;
    g_autofree gchar *printed = gst_mix_band_text_print (&mix_eq, params);
    mix_unit_defaults (&mix_eq, again);
    mix_row_put (mix_table_find (&mix_eq.params, "output-gain"), again,
        mix_row_get (mix_table_find (&mix_eq.params, "output-gain"), params));
    g_assert_true (gst_mix_band_text_parse (&mix_eq, printed, again, NULL));
    g_assert_cmpmem (params, mix_eq.params.size, again, mix_eq.params.size);
  }
  g_assert_cmpuint (understood, >, 100);
  g_test_message ("%u of 50000 understood", understood);
  g_rand_free (random);
  g_free (params);
  g_free (again);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/autoeq/auto-eq", test_auto_eq);
  g_test_add_func ("/autoeq/rew", test_rew);
  g_test_add_func ("/autoeq/other-kinds", test_other_kinds);
  g_test_add_func ("/autoeq/channels-and-preamps", test_channels_and_preamps);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path = g_strdup_printf ("/autoeq/response/%u", i);
    g_test_add_data_func (path, &cases[i], test_response);
  }
  g_test_add_func ("/autoeq/mistakes", test_mistakes);
  g_test_add_func ("/autoeq/too-many", test_too_many);
  g_test_add_func ("/autoeq/damage", test_damage);
  return rig_run ();
}
