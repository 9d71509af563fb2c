/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What Equalizer APO's reference leaves open is as its program does it
 * (filters/BiQuad*.cpp, version 1.4): shelves without a width have S = 0.9,
 * cuts Q = 0.7071, notches Q = 30; Fc of LSC, HSC and of shelves without a
 * width is the centre, of LS and HS with one the corner. Shelf slopes: R.
 * Bristow-Johnson, "Audio EQ Cookbook": S is 1 at the steepest slope without
 * overshoot, which is 12 dB per octave there.
 */
#include "autoeqband.h"

#include <math.h>

typedef enum { BELL, LOW_SHELF, HIGH_SHELF, LOW_PASS, HIGH_PASS, OTHER } Shape;

struct _GstMixAutoeqKind {
  const gchar *name, *nick; /* theirs and ours */
  Shape shape;
  gdouble q;       /* when none is given; 0: it must be */
  gboolean centre; /* a shelf's Fc is its centre, whatever is given */
};

typedef GstMixAutoeqKind Kind;
typedef GstMixAutoeqFilter Filter;

static const Kind kinds[] = {
  { "PK", "bell", BELL, 0, FALSE },
  { "PEQ", "bell", BELL, 0, FALSE },
  { "Modal", "bell", BELL, 0, FALSE },
  { "LS", "low-shelf", LOW_SHELF, 0, FALSE },
  { "HS", "high-shelf", HIGH_SHELF, 0, FALSE },
  { "LSC", "low-shelf", LOW_SHELF, 0, TRUE },
  { "HSC", "high-shelf", HIGH_SHELF, 0, TRUE },
  { "LP", "high-cut", LOW_PASS, G_SQRT2 / 2, FALSE },
  { "LPQ", "high-cut", LOW_PASS, G_SQRT2 / 2, FALSE },
  { "HP", "low-cut", HIGH_PASS, G_SQRT2 / 2, FALSE },
  { "HPQ", "low-cut", HIGH_PASS, G_SQRT2 / 2, FALSE },
  { "BP", "band-pass", OTHER, G_SQRT2 / 2, FALSE },
  { "NO", "notch", OTHER, 30, FALSE },
  { "AP", "all-pass", OTHER, 0, FALSE },
};

/* What is added to, and where a mistake is put. */
typedef struct {
  GstMixAutoeqBands *bands;
  const Filter *filter;
  gchar **mistake;
} Adder;

const Kind *
gst_mix_autoeq_kind (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_ascii_strcasecmp (name, kinds[i].name) == 0)
      return &kinds[i];
  return NULL;
}

gboolean
gst_mix_autoeq_is_shelf (const Kind *kind)
{
  return kind->shape == LOW_SHELF || kind->shape == HIGH_SHELF;
}

static gboolean fail (Adder *adder, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
fail (Adder *adder, const gchar *format, ...)
{
  va_list args;
  va_start (args, format);
  *adder->mistake = g_strdup_vprintf (format, args);
  va_end (args);
  return FALSE;
}

/* ---- Our bands ---------------------------------------------------------- */

static const MixRow *
find_row (Adder *adder, const gchar *name)
{
  return mix_table_find (&adder->bands->unit->group->table, name);
}

static gboolean
put (Adder *adder, gpointer band, const gchar *name, gdouble value)
{
  const MixRow *row = find_row (adder, name);
  if (!(value >= row->minimum && value <= row->maximum))
    return fail (adder, "%s must be %g to %g, and is %g here", name,
        row->minimum, row->maximum, value);
  mix_row_put (row, band, value);
  return TRUE;
}

static void
choose (Adder *adder, gpointer band, const gchar *name, const gchar *nick)
{
  const MixRow *row = find_row (adder, name);
  for (guint i = 0; row->choices[i].nick; i++)
    if (g_str_equal (row->choices[i].nick, nick))
      mix_row_put (row, band, i);
}

static gboolean
add_band (
    Adder *adder, const gchar *nick, gdouble frequency, gdouble gain, gdouble q)
{
  GstMixAutoeqBands *bands = adder->bands;
  const MixGroup *group = bands->unit->group;
  if (bands->count == group->most)
    return fail (adder, "more than %u bands", group->most);
  gpointer band = mix_group_at (group, bands->params, bands->count);
  choose (adder, band, "type", nick);
  choose (adder, band, "channels", adder->filter->channels);
  bands->count++;
  return put (adder, band, "enabled", adder->filter->is_on)
         && put (adder, band, "frequency", frequency)
         && put (adder, band, "gain", gain) && put (adder, band, "q", q);
}

/* ---- Their filters ------------------------------------------------------ */

static gdouble
q_from_octaves (gdouble octaves)
{
  return 1 / (2 * sinh (G_LN2 / 2 * octaves));
}

/* The Cookbook's S and Q of a shelf with that gain, each from the other. */
static gdouble
q_from_s (gdouble s, gdouble gain)
{
  gdouble a = pow (10, gain / 40);
  return 1 / sqrt ((a + 1 / a) * (1 / s - 1) + 2);
}

static gdouble
s_from_q (gdouble q, gdouble gain)
{
  gdouble a = pow (10, gain / 40);
  return 1 / ((1 / (q * q) - 2) / (a + 1 / a) + 1);
}

static gboolean
add_shelf (Adder *adder)
{
  const Filter *f = adder->filter;
  gboolean has_width = !isnan (f->slope) || !isnan (f->q);
  gdouble s = !isnan (f->slope) ? f->slope / 12
              : !isnan (f->q)   ? s_from_q (f->q, f->gain)
                                : 0.9;
  gdouble q = !isnan (f->q) && isnan (f->slope) ? f->q : q_from_s (s, f->gain);
  gdouble to_centre = pow (10, fabs (f->gain) / 80 / s);
  gdouble frequency = f->frequency;
  if (has_width && !f->kind->centre)
    frequency *= f->kind->shape == LOW_SHELF ? to_centre : 1 / to_centre;
  return add_band (adder, f->kind->nick, frequency, f->gain, q);
}

/* Our cuts have the Q of a Butterworth filter. Any other is that cut and a bell
 * on it: both have the same poles and zeros but for the damping. */
static gboolean
add_cut (Adder *adder, gdouble q)
{
  const Filter *f = adder->filter;
  if (!add_band (adder, f->kind->nick, f->frequency, 0,
          find_row (adder, "q")->initial))
    return FALSE;
  gdouble gain = 20 * log10 (G_SQRT2 * q);
  return fabs (gain) < 0.01
         || add_band (adder, "bell", f->frequency, gain, sqrt (q / G_SQRT2));
}

static gboolean
is_positive (Adder *adder, const gchar *name, gdouble value)
{
  return isnan (value) || value > 0
         || fail (adder, "%s must be over 0, and is %g", name, value);
}

static gboolean
is_complete (Adder *adder)
{
  const Filter *f = adder->filter;
  gboolean has_gain = f->kind->shape <= HIGH_SHELF;
  if (isnan (f->frequency))
    return fail (adder, "a %s needs a frequency: Fc and Hz", f->kind->name);
  if (has_gain && isnan (f->gain))
    return fail (adder, "a %s needs a gain: Gain and dB", f->kind->name);
  return is_positive (adder, "Q", f->q) && is_positive (adder, "BW", f->octaves)
         && is_positive (adder, "the slope", f->slope);
}

gboolean
gst_mix_autoeq_add (
    GstMixAutoeqBands *bands, const Filter *filter, gchar **mistake)
{
  Adder adder = { bands, filter, mistake };
  const Kind *kind = filter->kind;
  gdouble q = !isnan (filter->q)         ? filter->q
              : !isnan (filter->octaves) ? q_from_octaves (filter->octaves)
                                         : kind->q;
  if (!is_complete (&adder))
    return FALSE;
  if (gst_mix_autoeq_is_shelf (kind))
    return add_shelf (&adder);
  if (q == 0)
    return fail (&adder, "a %s needs a Q", kind->name);
  if (kind->shape == LOW_PASS || kind->shape == HIGH_PASS)
    return add_cut (&adder, q);
  return add_band (&adder, kind->nick, filter->frequency,
      kind->shape == BELL ? filter->gain : 0, q);
}
