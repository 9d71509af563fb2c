/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How wide a stereo sound is: a goniometer of each, and what is left of it on
 * one loudspeaker. */
#include "compare.h"

#include <math.h>

#define DOTS 1100
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
    gdouble l = sound_at (sound, i, 0), r = sound_right (sound, i);
    ll += l * l, rr += r * r, lr += l * r;
  }
  return (Width){ (ll + rr + 2 * lr) / 4, (ll + rr - 2 * lr) / 4,
    ll > 0 && rr > 0 ? lr / sqrt (ll * rr) : NAN };
}

/* ---- Goniometers -------------------------------------------------------- */

/* Dots at times with no period in common with the music's. Left is left; 1 is
 * the edge. */
static void
draw_goniometer (const Comparison *self, const Sound *sound, gdouble scale,
    const gchar *look, const gchar *name)
{
  gdouble x[DOTS], y[DOTS], at = 0;
  for (guint n = 0; n < DOTS; n++) {
    at = fmod (at + 0.6180339887498949, 1);
    gsize i = (gsize)(at * (gdouble)sound->frames);
    gdouble l = sound_at (sound, i, 0), r = sound_right (sound, i);
    x[n] = (r - l) / 2 * scale;
    y[n] = (l + r) / 2 * scale;
  }
  g_autoptr (Chart) chart = chart_new (self->picture,
      (Axis){ AXIS_PLAIN, -1, 1, name }, (Axis){ AXIS_PLAIN, -1, 1, NULL });
  chart_add_line (chart, "grid", NULL, -1, 1, -1, 1);
  chart_add_line (chart, "grid", NULL, -1, 1, 1, -1);
  chart_add_text (chart, "small middle", -0.93, 0.86, "L");
  chart_add_text (chart, "small middle", 0.93, 0.86, "R");
  chart_add_text (chart, "small middle", 0, 1.04, "mid");
  chart_add_dots (chart, look, NULL, x, y, DOTS);
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

gboolean
view_width (const Comparison *self)
{
  Width old = width_of (self->before), new = width_of (self->after);
  g_autoptr (Spectrum) before = spectrum_new (self->before, SPECTRUM_OF_MONO);
  g_autoptr (Spectrum) after = spectrum_new (self->after, SPECTRUM_OF_MONO);
  gdouble loud = sqrt (MAX (old.mid / (gdouble)self->before->frames, 1e-12));
  gdouble scale = 1 / (loud * DEVIATIONS);
  add_figure (self, "correlation of left and right", old.correlation,
      new.correlation, "");
  add_figure (self, "side against mid", db_of_power (old.side / old.mid),
      db_of_power (new.side / new.mid), "dB");
  gboolean good = add_loudness (self, 1, "mono sum, loudness");
  add_figure (self, "mono sum, most in a band", NAN,
      largest_difference (before, after), "dB");
  picture_add_row (self->picture, 344, 2);
  draw_goniometer (self, self->before, scale, "dots grey", "before");
  draw_goniometer (self, self->after, scale, "dots blue", "after");
  chart_free (draw_spectra (self, before, after, -60,
      (const gchar *[]){ "mono sum before", "mono sum after" }));
  return good && add_loudness (self, 2, "in stereo, loudness");
}
