/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A master: loudness, range and peaks, the spectrum and the loudness over time.
 */
#include <math.h>

#include "compare.h"
#include "loudness_picture.h"

static void
draw (const Comparison *self, const Programme *before, const Programme *after)
{
  const gchar *names[] = { "before (0 dB is all of it)", "after" };
  g_autoptr (Spectrum) old = spectrum_new (self->before, SPECTRUM_OF_ALL);
  g_autoptr (Spectrum) new = spectrum_new (self->after, SPECTRUM_OF_ALL);
  chart_free (draw_spectra (self, old, new, -60, names));
  gdouble most = MAX (before->max_momentary, after->max_momentary);
  picture_add_row (self->picture, 300, 1);
  g_autoptr (Chart) chart = chart_new (self->picture,
      (Axis){ AXIS_TIME, 0, before->seconds, NULL }, loudness_axis (most));
  loudness_picture_add_curve (
      chart, "line grey", "before", before, LOUDNESS_MOMENTARY, TRUE);
  loudness_picture_add_curve (chart, "line blue", "after: loudness of 0.4 s",
      after, LOUDNESS_MOMENTARY, TRUE);
}

gboolean
view_master (const Comparison *self)
{
  g_autoptr (Programme) before = programme_measure (self->before->path, 2);
  g_autoptr (Programme) after = programme_measure (self->after->path, 2);
  if (!before || !after)
    return FALSE;
  add_figure (self, "integrated loudness", before->integrated,
      after->integrated, "LUFS");
  add_figure (self, "loudness range", before->range, after->range, "LU");
  add_figure (self, "true peak", before->peak, after->peak, "dBTP");
  add_figure (self, "peak over loudness", before->peak - before->integrated,
      after->peak - after->integrated, "dB");
  draw (self, before, after);
  return TRUE;
}
