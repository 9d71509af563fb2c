/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "geometry.h"

#define SPEED_OF_SOUND 343.0 /* m/s */
#define GOLDEN 0.61803398874989485

typedef struct {
  double lines;                   /* mean length of a line, of the size */
  double early_first, early_last; /* of the size */
  double early_share;             /* of the power */
  double across;                  /* gain of another channel's reflections */
  double diffusers;               /* factor of their length */
} Space;

static const Space spaces[MIX_REVERB_SPACES] = {
  [MIX_REVERB_ROOM] = { 0.38, 0.10, 0.80, 0.35, 0.6, 0.9 },
  [MIX_REVERB_CHAMBER] = { 0.36, 0.07, 0.60, 0.25, 0.7, 1.1 },
  [MIX_REVERB_HALL] = { 0.35, 0.14, 0.75, 0.20, 0.55, 1.2 },
  [MIX_REVERB_PLATE] = { 0.20, 0.04, 0.30, 0.10, 0.8, 1.0 },
  [MIX_REVERB_AMBIENCE] = { 0.34, 0.08, 0.85, 0.55, 0.6, 0.9 },
};

/* The least mean length of the lines, in seconds: shorter lines ring like a
 * pipe. That a room is small can be heard from its early reflections alone. */
#define LEAST_MEAN 0.013

/* The modal density of a network is the total length of its lines in seconds
 * (modes per Hz), and each mode is 2.2 / T60 Hz wide. Where too few modes
 * overlap, single notes stand out (M. R. Schroeder, 1962); the modulation makes
 * up for a part of that. So the least mean grows with the decay, steeply, since
 * short lines reach a high echo density sooner. It does not grow where one band
 * decays so quickly that its loss per pass would exceed what the absorption
 * filters can do. */
#define STRETCHED_DECAY 1.85 /* seconds; longer decays stretch the lines */
#define STRETCH_SLOPE 4.6    /* octaves per octave of the decay */
#define MOST_STRETCH 3.3
#define STRETCH_STEP (MOST_STRETCH / 4)
/* Least mean against the shortest T60, times its ratio to the middle's. */
#define MOST_PER_DECAY 0.14
#define TAP_POSITION 0.55 /* of the line's length without stretch */
#define FEED_SPREAD 0.13  /* of the mean */
#define LAST_FEED 1.5
#define SHORTEST_LINE 0.45 /* of the mean */
#define LONGEST_LINE 1.7
#define LONGEST_EARLY 0.2 /* seconds */
#define LONGEST_SIZE 100.0
#define LONGEST_PRE_DELAY 0.5
/* By how much a distance of 1 shortens the pre-delay: the direct sound of a
 * distant source is late itself. */
#define NEARER 0.8

/* Of the channels' rows and of the inputs' rows. */
static const double diffuser_s[2][MIX_REVERB_DIFFUSERS]
    = { { 0.0023, 0.0037 }, { 0.0079, 0.0123 } };
#define LONGEST_DIFFUSER (0.0123 * 1.2 * 1.5 * 1.2)

static double
fraction (double x)
{
  return x - floor (x);
}

unsigned
mix_geometry_frames (double seconds, unsigned rate)
{
  double n = floor (seconds * rate + 0.5);
  return n > MIX_REVERB_BLOCK ? (unsigned)n : MIX_REVERB_BLOCK;
}

/* ---- The geometry ------------------------------------------------------- */

double
mix_geometry_stretch_for (const MixReverbParams *params)
{
  double ratio = fmin (1, fmin (params->low_ratio, params->high_ratio));
  double wanted = STRETCH_SLOPE * log2 (params->decay_s / STRETCHED_DECAY);
  double most
      = log2 (MOST_PER_DECAY * params->decay_s * ratio * ratio / LEAST_MEAN);
  return mix_clamp (fmin (wanted, most), 0, MOST_STRETCH);
}

MixGeometry
mix_geometry (const MixReverbParams *params, double stretch)
{
  return (MixGeometry){ params->space, params->size_m, params->pre_delay_ms,
    params->distance_percent / 100,
    STRETCH_STEP * floor (stretch / STRETCH_STEP + 0.5) };
}

bool
mix_geometry_equal (const MixGeometry *a, const MixGeometry *b)
{
  return a->space == b->space && a->size_m == b->size_m
         && a->pre_delay_ms == b->pre_delay_ms && a->distance == b->distance
         && a->stretch == b->stretch;
}

static double
travel_time (double size_m)
{
  return size_m / SPEED_OF_SOUND;
}

/* ---- Early reflections -------------------------------------------------- */

static double
pre_delay (const MixGeometry *geometry)
{
  return geometry->pre_delay_ms / 1000 * (1 - NEARER * geometry->distance);
}

/* Rounded by itself: so it never changes the distance between early and late
 * sound. */
unsigned
mix_geometry_pre_delay_frames (const MixGeometry *geometry, unsigned rate)
{
  return (unsigned)(pre_delay (geometry) * rate + 0.5);
}

double
mix_geometry_early_time (const MixGeometry *geometry, double where)
{
  const Space *space = &spaces[geometry->space];
  double first = 0.001 + travel_time (geometry->size_m) * space->early_first;
  double last = 0.006 + travel_time (geometry->size_m) * space->early_last;
  last = fmin (last, LONGEST_EARLY);
  first = fmin (first, 0.5 * last);
  return first + (last - first) * pow (where, 0.85);
}

double
mix_geometry_across (const MixGeometry *geometry)
{
  return spaces[geometry->space].across;
}

double
mix_geometry_early_share (int space)
{
  return spaces[space].early_share;
}

/* ---- The network -------------------------------------------------------- */

static double
mean_line (const MixGeometry *geometry, double stretch)
{
  return hypot (LEAST_MEAN * exp2 (stretch),
      travel_time (geometry->size_m) * spaces[geometry->space].lines);
}

double
mix_geometry_mean_line (const MixGeometry *geometry)
{
  return mean_line (geometry, geometry->stretch);
}

double
mix_geometry_stretch (const MixGeometry *geometry)
{
  return geometry->stretch;
}

/* Line i against the mean. Spaced evenly on a logarithmic scale, each with an
 * offset; the steps of the offsets were chosen from some hundreds for a high
 * echo density and for correct decay times where few modes are measured: at
 * short decays and in low bands. */
static double
line_share (unsigned i)
{
  double offset = fraction ((i + 1) * 0.56925028 + 0.1) - 0.5;
  double where = (i + 0.6 * offset) / (MIX_REVERB_LINES - 1);
  return SHORTEST_LINE * pow (LONGEST_LINE / SHORTEST_LINE, where);
}

static void
scale_lines (double mean, double seconds[MIX_REVERB_LINES])
{
  for (unsigned i = 0; i < MIX_REVERB_LINES; i++)
    seconds[i] = mean * line_share (i);
}

void
mix_geometry_lines (
    const MixGeometry *geometry, double seconds[MIX_REVERB_LINES])
{
  scale_lines (mix_geometry_mean_line (geometry), seconds);
}

double
mix_geometry_longest_line (const MixGeometry *geometry)
{
  return mix_geometry_mean_line (geometry) * line_share (MIX_REVERB_LINES - 1);
}

void
mix_geometry_line_taps (
    const MixGeometry *geometry, double seconds[MIX_REVERB_LINES])
{
  scale_lines (TAP_POSITION * mean_line (geometry, 0), seconds);
}

double
mix_geometry_feed_spread (const MixGeometry *geometry)
{
  return geometry->stretch > 0 ? FEED_SPREAD * mix_geometry_mean_line (geometry)
                               : 0;
}

/* ---- Diffusers ---------------------------------------------------------- */

/* Larger rooms have longer diffusers, but not in proportion. */
double
mix_geometry_diffuser (
    const MixGeometry *geometry, unsigned row, unsigned stage)
{
  double mean = mean_line (geometry, 0);
  double growth = mix_clamp (sqrt (mean / 0.03), 0.6, 1.5);
  double own
      = 1 + 0.2 * fraction ((row * MIX_REVERB_DIFFUSERS + stage) * GOLDEN);
  return diffuser_s[row >= MIX_MAX_CHANNELS][stage]
         * spaces[geometry->space].diffusers * growth * own;
}

/* ---- Limits ------------------------------------------------------------- */

static double
most_mean (void)
{
  double most = 0;
  for (int space = 0; space < MIX_REVERB_SPACES; space++)
    most = fmax (most, spaces[space].lines);
  return hypot (
      LEAST_MEAN * exp2 (MOST_STRETCH), travel_time (LONGEST_SIZE) * most);
}

unsigned
mix_geometry_most_line (unsigned i, unsigned rate)
{
  return mix_geometry_frames (most_mean () * line_share (i), rate) + 2 * i + 2;
}

unsigned
mix_geometry_most_feed (unsigned rate)
{
  return mix_geometry_frames (most_mean () * FEED_SPREAD * LAST_FEED, rate)
         + MIX_REVERB_BLOCK;
}

unsigned
mix_geometry_most_diffuser (unsigned rate)
{
  return mix_geometry_frames (LONGEST_DIFFUSER, rate) + MIX_REVERB_BLOCK;
}

unsigned
mix_geometry_most_input (unsigned rate)
{
  return mix_geometry_frames (LONGEST_PRE_DELAY + LONGEST_EARLY, rate)
         + MIX_REVERB_BLOCK;
}

unsigned
mix_geometry_reach (const MixGeometry *geometry, unsigned rate)
{
  double last = fmax (mix_geometry_longest_line (geometry),
      mix_geometry_early_time (geometry, 1));
  for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++)
    last += 2 * mix_geometry_diffuser (geometry, 0, stage)
            + 2 * mix_geometry_diffuser (geometry, MIX_MAX_CHANNELS, stage);
  return mix_geometry_frames (pre_delay (geometry) + last, rate)
         + (4 + 2 * MIX_REVERB_DIFFUSERS) * MIX_REVERB_BLOCK;
}
