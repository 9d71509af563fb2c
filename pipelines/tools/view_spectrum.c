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
add_figures (const Comparison *self, Page *page, const Spectrum *before,
    const Spectrum *after)
{
  g_autofree gchar *below = name_of ("under", self->below);
  g_autofree gchar *above = name_of ("over", self->above);
  if (self->below > 0)
    page_add_figure (page, g_intern_string (below),
        share (self, before, 0, self->below),
        share (self, after, 0, self->below), "dB");
  if (self->above > 0)
    page_add_figure (page, g_intern_string (above),
        share (self, before, self->above, HUGE_VAL),
        share (self, after, self->above, HUGE_VAL), "dB");
}

static void
draw (const Comparison *self, Page *page, const Spectrum *before,
    const Spectrum *after)
{
  Chart chart = { page->svg, "plot", PAGE_LEFT, PAGE_RIGHT, PAGE_TOP,
    PAGE_BOTTOM, 25, 20000, -80, 0, TRUE };
  chart_add_y_scale (&chart, 10, "dB");
  chart_add_octaves (&chart);
  chart_add_frame (&chart);
  draw_spectra (&chart, before, after);
  if (self->below > 0)
    chart_add_x_range (&chart, "gone", chart.x_low, self->below);
  if (self->above > 0)
    chart_add_x_range (&chart, "gone", self->above, chart.x_high);
  page_add_key_area (page, "area", "before");
  page_add_key (page, "after", "after");
  page_add_key_area (page, "gone", "what shall go");
  page_add_key (page, "", "0 dB is all that there was before");
}

gboolean
view_spectrum (const Comparison *self, Page *page)
{
  Spectrum *before = spectrum_new (self->before, SPECTRUM_OF_ALL);
  Spectrum *after = spectrum_new (self->after, SPECTRUM_OF_ALL);
  add_figures (self, page, before, after);
  draw (self, page, before, after);
  spectrum_free (before);
  spectrum_free (after);
  return add_loudness (self, page, 2, "integrated loudness");
}
