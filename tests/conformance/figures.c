/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "figures.h"

#include <math.h>

#include "check.h"

#define MOST_STEP_DB 0.02
/* What float samples tell of a speed, over 10 ms. */
#define SPEED_ERROR 0.01
#define NEAR_LU 0.5
#define MANY 20 /* the least that a share is asked of */

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Per cent that are at most `limit`. */
double
figures_share (const GArray *values, double limit)
{
  guint count = 0;
  for (guint i = 0; i < values->len; i++)
    count += g_array_index (values, double, i) <= limit;
  return 100.0 * count / values->len;
}

/* The value that so much of them is not above. */
double
figures_quantile (GArray *values, double part)
{
  g_array_sort (values, compare_doubles);
  guint at = (guint)ceil (part * values->len);
  return g_array_index (values, double, MAX (at, 1) - 1);
}

void
figures_one (const char *half, const char *what, double value, double low,
    double high, const char *unit)
{
  g_autofree gchar *name = g_strdup_printf ("%s: %s", half, what);
  check_figure (name, value, low, high, unit);
}

void
figures_gain (const char *half, const LevellingGain *gain)
{
  figures_one (half, "fastest rise of the gain", gain->up, 0,
      RISE_DB_PER_S + SPEED_ERROR, "dB/s");
  figures_one (half, "fastest fall of the gain", gain->down, 0,
      FASTEST_FALL_DB_PER_S + SPEED_ERROR, "dB/s");
  figures_one (half, "largest step between two frames", gain->step, 0,
      MOST_STEP_DB, "dB");
}

void
figures_errors (
    const char *half, const char *which, GArray *errors, double least_share)
{
  if (errors->len == 0)
    return;
  g_autofree gchar *name
      = g_strdup_printf ("%s, %u %s", half, errors->len, which);
  figures_one (name, "within 0.5 LU", figures_share (errors, NEAR_LU),
      errors->len < MANY ? 0 : least_share, 100, "%");
  figures_one (name, "95 % are within", figures_quantile (errors, 0.95), 0,
      INFINITY, "LU");
  figures_one (
      name, "the worst", figures_quantile (errors, 1), 0, INFINITY, "LU");
}
