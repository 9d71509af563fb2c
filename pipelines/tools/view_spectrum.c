/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which frequencies went: third octaves of both, and the power below and above
 * given frequencies against what lies between. */
#include "compare.h"

#include <math.h>

/* The power outside of what stays, against what stays. */
static gdouble
share (const Comparison *self, const Spectrum *s, gdouble from, gdouble to)
{
  gdouble end = self->above > 0 ? self->above : HUGE_VAL;
  return db_of_power (spectrum_between (s, from, to))
         - db_of_power (spectrum_between (s, self->below, end));
}

static gchar *
name_of (const gchar *side, gdouble hz)
{
  return hz < 1000 ? g_strdup_printf ("%s %g Hz, against what stays", side, hz)
                   : g_strdup_printf (
                       "%s %g kHz, against what stays", side, hz / 1000);
}

static void
add_figures (
    const Comparison *self, const Spectrum *before, const Spectrum *after)
{
  g_autofree gchar *below = name_of ("under", self->below);
  g_autofree gchar *above = name_of ("over", self->above);
  if (self->below > 0)
    add_figure (self, g_intern_string (below),
        share (self, before, 0, self->below),
        share (self, after, 0, self->below), "dB");
  if (self->above > 0)
    add_figure (self, g_intern_string (above),
        share (self, before, self->above, HUGE_VAL),
        share (self, after, self->above, HUGE_VAL), "dB");
}

static void
draw (const Comparison *self, const Spectrum *before, const Spectrum *after)
{
  const gchar *names[] = { "before (0 dB is all of it)", "after" };
  g_autoptr (Chart) chart = draw_spectra (self, before, after, -80, names);
  if (self->below > 0)
    chart_add_band (chart, "band orange", "to be removed", 0, self->below,
        -HUGE_VAL, HUGE_VAL);
  if (self->above > 0)
    chart_add_band (chart, "band orange", "to be removed", self->above,
        HUGE_VAL, -HUGE_VAL, HUGE_VAL);
}

gboolean
view_spectrum (const Comparison *self)
{
  g_autoptr (Spectrum) before = spectrum_new (self->before, SPECTRUM_OF_ALL);
  g_autoptr (Spectrum) after = spectrum_new (self->after, SPECTRUM_OF_ALL);
  add_figures (self, before, after);
  draw (self, before, after);
  return add_loudness (self, 2, "integrated loudness");
}
