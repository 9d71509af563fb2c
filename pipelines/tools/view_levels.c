/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How even a voice is: momentary loudness over time, and what lies between its
 * quiet and its loud passages. */
#include <math.h>

#include "compare.h"
#include "loudness_picture.h"

#define GATE_LU 20.0 /* under the whole: pauses, as for LRA (EBU Tech 3342) */
#define LOW_SHARE 0.10
#define HIGH_SHARE 0.95

typedef struct {
  gdouble low, high; /* LUFS: the 10th and the 95th percentile */
} Spread;

static Spread
spread_of (const Programme *programme)
{
  g_autoptr (GArray) values
      = programme_sort_momentary (programme, programme->integrated - GATE_LU);
  if (values->len < 2)
    return (Spread){ NAN, NAN };
  return (Spread){ g_array_index (
                       values, gdouble, (guint)((values->len - 1) * LOW_SHARE)),
    g_array_index (values, gdouble, (guint)((values->len - 1) * HIGH_SHARE)) };
}

static void
draw (const Comparison *self, const Programme *before, const Programme *after,
    Spread old, Spread new)
{
  gdouble most = MAX (before->max_momentary, after->max_momentary);
  picture_add_row (self->picture, 340, 1);
  g_autoptr (Chart) chart = chart_new (self->picture,
      (Axis){ AXIS_TIME, 0, before->seconds, NULL }, loudness_axis (most));
  if (!isnan (old.low) && !isnan (new.low)) {
    chart_add_band (chart, "band grey", "spread before", -HUGE_VAL, HUGE_VAL,
        old.low, old.high);
    chart_add_band (chart, "band blue",
        "spread after (10th to 95th percentile)", -HUGE_VAL, HUGE_VAL, new.low,
        new.high);
  }
  loudness_picture_add_curve (
      chart, "line grey", "before", before, LOUDNESS_MOMENTARY, TRUE);
  loudness_picture_add_curve (chart, "line blue", "after: loudness of 0.4 s",
      after, LOUDNESS_MOMENTARY, TRUE);
}

static void
add_both (
    const Comparison *self, const Programme *before, const Programme *after)
{
  Spread old = spread_of (before), new = spread_of (after);
  add_figure (self, "spread of the phrases", old.high - old.low,
      new.high - new.low, "LU");
  add_figure (self, "quiet ones (10th percentile)", old.low, new.low, "LUFS");
  add_figure (self, "loud ones (95th percentile)", old.high, new.high, "LUFS");
  add_figure (self, "integrated loudness", before->integrated,
      after->integrated, "LUFS");
  add_figure (self, "loudness range", before->range, after->range, "LU");
  draw (self, before, after, old, new);
}

gboolean
view_levels (const Comparison *self)
{
  g_autoptr (Programme) before = programme_measure (self->before->path, 0);
  g_autoptr (Programme) after = programme_measure (self->after->path, 0);
  if (before && after)
    add_both (self, before, after);
  return before && after;
}
