/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Music that steps back behind a voice: the loudness of both over time, and the
 * distance while the voice speaks. */
#include <math.h>

#include "compare.h"
#include "loudness_picture.h"

/* The voice speaks where it is no softer than this against its whole: the gate
 * of ITU-R BS.1770. */
#define SPEAKS_LU 10.0
#define PAUSE_LU 30.0
/* Points of speech at its beginning, a second, in which the ducker learns how
 * loud it is. */
#define FIRST_POINTS 10

typedef struct {
  gdouble speaking, pausing; /* LUFS, mean power */
} Music;

static gdouble
power_of (gdouble lufs)
{
  return isfinite (lufs) ? pow (10, lufs / 10) : 0;
}

/* The music where the voice speaks and where it does not. */
static Music
measure (const Programme *music, const Programme *voice)
{
  gdouble power[2] = { 0, 0 };
  guint count[2] = { 0, 0 }, spoken_points = 0;
  for (guint i = 0; i < music->points->len; i++) {
    const Point *point = programme_point (music, i);
    gdouble spoken = i < voice->points->len
                         ? programme_point (voice, i)->momentary
                         : -HUGE_VAL;
    gdouble under = voice->integrated - spoken;
    if (isnan (point->momentary) || (under > SPEAKS_LU && under < PAUSE_LU)
        || (under <= SPEAKS_LU && spoken_points++ < FIRST_POINTS))
      continue;
    power[under > SPEAKS_LU] += power_of (point->momentary);
    count[under > SPEAKS_LU]++;
  }
  return (Music){ count[0] ? 10 * log10 (power[0] / count[0]) : NAN,
    count[1] ? 10 * log10 (power[1] / count[1]) : NAN };
}

static void
draw (const Comparison *self, const Programme *before, const Programme *after,
    const Programme *voice)
{
  gdouble most = MAX (before->max_momentary, voice->max_momentary);
  picture_add_row (self->picture, 340, 1);
  g_autoptr (Chart) chart = chart_new (self->picture,
      (Axis){ AXIS_TIME, 0, before->seconds, NULL }, loudness_axis (most));
  loudness_picture_add_curve (
      chart, "area grey", "music before", before, LOUDNESS_MOMENTARY, TRUE);
  loudness_picture_add_curve (
      chart, "line blue", "music after", after, LOUDNESS_MOMENTARY, TRUE);
  loudness_picture_add_curve (chart, "line orange", "voice: loudness of 0.4 s",
      voice, LOUDNESS_MOMENTARY, TRUE);
}

static void
show (const Comparison *self, const Programme *before, const Programme *after,
    const Programme *voice)
{
  Music old = measure (before, voice), new = measure (after, voice);
  add_figure (self, "music behind the voice", voice->integrated - old.speaking,
      voice->integrated - new.speaking, "LU");
  add_figure (
      self, "music while the voice speaks", old.speaking, new.speaking, "LUFS");
  add_figure (self, "music in the pauses and after it", old.pausing,
      new.pausing, "LUFS");
  add_figure (self, "voice", voice->integrated, voice->integrated, "LUFS");
  draw (self, before, after, voice);
}

gboolean
view_ducking (const Comparison *self)
{
  g_autoptr (Programme) before = programme_measure (self->before->path, 2);
  g_autoptr (Programme) after = programme_measure (self->after->path, 2);
  g_autoptr (Programme) voice = programme_measure (self->leader->path, 2);
  if (before && after && voice)
    show (self, before, after, voice);
  return before && after && voice;
}
