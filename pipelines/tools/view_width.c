/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How wide a stereo sound is: a goniometer of each, and what is left of it on
 * one loudspeaker. */
#include "compare.h"

#include <math.h>

#define DOTS 1100
#define SIDE 250.0     /* of a goniometer */
#define DEVIATIONS 3.0 /* of the mid before, up to its edge */

typedef struct {
  gdouble mid, side; /* power */
  gdouble correlation;
} Width;

static Width
width_of (const Sound *sound)
{
  gdouble ll = 0, rr = 0, lr = 0;
  for (gsize i = 0; i < sound->frames; i++) {
    gdouble l = sound_left (sound, i), r = sound_right (sound, i);
    ll += l * l, rr += r * r, lr += l * r;
  }
  return (Width){ (ll + rr + 2 * lr) / 4, (ll + rr - 2 * lr) / 4,
    ll > 0 && rr > 0 ? lr / sqrt (ll * rr) : NAN };
}

/* ---- Goniometers -------------------------------------------------------- */

static gdouble
middle_of (const Sound *sound, gsize i)
{
  return (sound_left (sound, i) + sound_right (sound, i)) / 2.0;
}

static gdouble
side_of (const Sound *sound, gsize i)
{
  return (sound_left (sound, i) - sound_right (sound, i)) / 2.0;
}

/* Dots at places with no period in common with the music's. Left is left. */
static void
draw_dots (const Page *page, const Sound *sound, gdouble x, gdouble scale,
    const gchar *class)
{
  gdouble middle_x = x + SIDE / 2, middle_y = PAGE_TOP + SIDE / 2, at = 0;
  svg_add (page->svg, "<path class=\"%s\" d=\"", class);
  for (guint n = 0; n < DOTS; n++) {
    at = fmod (at + 0.6180339887498949, 1);
    gsize i = (gsize)(at * (gdouble)sound->frames);
    gdouble across = -side_of (sound, i) * scale;
    gdouble up = middle_of (sound, i) * scale;
    if (fabs (across) < SIDE / 2 && fabs (up) < SIDE / 2)
      svg_add (page->svg, "M%.0f %.0fh1", middle_x + across, middle_y - up);
  }
  svg_add (page->svg, "\"/>\n");
}

static void
draw_goniometer (const Page *page, const Sound *sound, gdouble x, gdouble scale,
    const gchar *class, const gchar *name)
{
  svg_add (page->svg,
      "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%.1f\" "
      "class=\"axis\"/>\n<path d=\"M%.1f %dl%.1f %.1fm0 %.1fl%.1f %.1f\" "
      "class=\"grid\"/>\n",
      x, PAGE_TOP, SIDE, SIDE, x, PAGE_TOP, SIDE, SIDE, -SIDE, -SIDE, SIDE);
  svg_add_text (page->svg, x + 10, PAGE_TOP + 20, "small", "L");
  svg_add_text (page->svg, x + SIDE - 10, PAGE_TOP + 20, "small right", "R");
  svg_add_text (page->svg, x + SIDE / 2, PAGE_TOP - 10, "small middle", "mid");
  svg_add_text (page->svg, x + SIDE / 2, PAGE_TOP + SIDE + 24, "middle", name);
  draw_dots (page, sound, x, scale, class);
}

/* ---- One loudspeaker ---------------------------------------------------- */

/* Of bands that matter: within 40 dB of the whole. */
static gdouble
largest_difference (const Spectrum *a, const Spectrum *b)
{
  gdouble most = 0;
  for (guint i = 0; i < SPECTRUM_BANDS; i++)
    if (a->power[i] > a->all * 1e-4)
      most = MAX (most, fabs (db_of_power (b->power[i] / a->power[i])));
  return most;
}

static void
draw_sum (Page *page, const Spectrum *before, const Spectrum *after)
{
  Chart chart = { page->svg, "sum", 650, PAGE_RIGHT, PAGE_TOP, PAGE_TOP + SIDE,
    25, 20000, -60, 0, TRUE };
  chart_add_y_scale (&chart, 10, "dB");
  chart_add_octaves (&chart);
  chart_add_frame (&chart);
  draw_spectra (&chart, before, after);
}

gboolean
view_width (const Comparison *self, Page *page)
{
  Width old = width_of (self->before), new = width_of (self->after);
  Spectrum *before = spectrum_new (self->before, SPECTRUM_OF_MONO);
  Spectrum *after = spectrum_new (self->after, SPECTRUM_OF_MONO);
  gdouble loud = sqrt (MAX (old.mid / (gdouble)self->before->frames, 1e-12));
  gdouble scale = SIDE / 2 / (loud * DEVIATIONS);
  page_add_figure (page, "correlation of left and right", old.correlation,
      new.correlation, "");
  page_add_figure (page, "side against mid", db_of_power (old.side / old.mid),
      db_of_power (new.side / new.mid), "dB");
  gboolean good = add_loudness (self, page, 1, "mono sum, loudness");
  page_add_figure (page, "mono sum, most in a band", NAN,
      largest_difference (before, after), "dB");
  draw_goniometer (
      page, self->before, PAGE_LEFT - 20, scale, "dots old", "before");
  draw_goniometer (
      page, self->after, PAGE_LEFT + SIDE + 12, scale, "dots", "after");
  draw_sum (page, before, after);
  page_add_key_area (page, "area", "mono sum before");
  page_add_key (page, "after", "and after, third octaves");
  spectrum_free (before);
  spectrum_free (after);
  return good && add_loudness (self, page, 2, "in stereo, loudness");
}
