/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where reflections and lines lie.
 *
 * Reflections are strewn over a stretch of time that grows with the size, at
 * places that look random but are always the same (multiples of the golden
 * section, which never cluster). Each channel hears its own source first and
 * most, its partner on the other side less and later.
 */
#include "reverb.h"

#include "../../base/maths.h"

#define SPEED_OF_SOUND 343.0 /* m/s */
#define GOLDEN 0.61803398874989485

typedef struct {
  double lines;                   /* mean length of a line, of the size */
  double early_first, early_last; /* of the size */
  double early_share;             /* of the power */
  double across;                  /* gain of what comes from the other side */
  double diffusers;               /* their length */
} Space;

static const Space spaces[MIX_REVERB_SPACES] = {
  [MIX_REVERB_ROOM] = { 0.38, 0.10, 0.80, 0.35, 0.6, 0.9 },
  [MIX_REVERB_CHAMBER] = { 0.36, 0.07, 0.60, 0.25, 0.7, 1.1 },
  [MIX_REVERB_HALL] = { 0.35, 0.14, 0.75, 0.20, 0.55, 1.2 },
  [MIX_REVERB_PLATE] = { 0.20, 0.04, 0.30, 0.10, 0.8, 1.0 },
  [MIX_REVERB_AMBIENCE] = { 0.34, 0.08, 0.85, 0.55, 0.6, 0.9 },
};

/* Lines do not get shorter on average, in seconds: shorter ones ring like a
 * pipe. What is small about a small room is told by its reflections. */
#define LEAST_MEAN 0.013

/* A network has as many modes to a hertz as its lines are long together, in
 * seconds, and each is 2.2 / T60 Hz wide. Where too few of them overlap, single
 * notes jump out (M. R. Schroeder, 1962); the modulation makes up for a part.
 * So the least mean grows with the decay: steeply, as shorter lines are the
 * sooner dense. It does not grow for what decays quickly in one band, whose
 * loss in one pass would be more than the filters can do. */
#define STRETCHED_DECAY 1.85 /* seconds; longer ones stretch */
#define STRETCH_SLOPE 4.6    /* octaves to an octave of the decay */
#define MOST_STRETCH 3.3
#define STRETCH_STEP (MOST_STRETCH / 4)
/* Least mean against the shortest T60, times its ratio to the middle's. */
#define MOST_PER_DECAY 0.14
#define WAY_TO_TAP 0.55  /* of the line as it were without a stretch */
#define FEED_SPREAD 0.13 /* of the mean */
#define LAST_FEED 1.5
#define SHORTEST_LINE 0.45 /* of the mean */
#define LONGEST_LINE 1.7
#define LONGEST_EARLY 0.2 /* seconds */
#define LONGEST_SIZE 100.0
#define LONGEST_PRE_DELAY 0.5
/* Of the pre-delay, at a distance of 1: the direct sound comes late too. */
#define NEARER 0.8

/* Of the channels' rows and of the inputs'. */
static const double diffuser_s[2][MIX_REVERB_DIFFUSERS]
    = { { 0.0023, 0.0037 }, { 0.0079, 0.0123 } };
#define LONGEST_DIFFUSER (0.0123 * 1.2 * 1.5 * 1.2)

static double
fraction (double x)
{
  return x - floor (x);
}

static unsigned
frames (double seconds, unsigned rate)
{
  double n = floor (seconds * rate + 0.5);
  return n > MIX_REVERB_BLOCK ? (unsigned)n : MIX_REVERB_BLOCK;
}

double
mix_reverb_early_share (int space)
{
  return spaces[space].early_share;
}

/* ---- Times -------------------------------------------------------------- */

static double
travel (double size_m)
{
  return size_m / SPEED_OF_SOUND;
}

static double
stretched_line (const MixReverbGeometry *geometry, double stretch)
{
  return hypot (LEAST_MEAN * exp2 (stretch),
      travel (geometry->size_m) * spaces[geometry->space].lines);
}

static double
mean_line (const MixReverbGeometry *geometry)
{
  return stretched_line (geometry, geometry->stretch);
}

/* Evenly spread on a logarithmic scale, each a little off: by steps that were
 * chosen from some hundreds for dense echoes and for decay times that hold
 * where the ear hears few modes, in short decays and low bands. */
static double
line_share (unsigned i)
{
  double off = fraction ((i + 1) * 0.56925028 + 0.1) - 0.5;
  double where = (i + 0.6 * off) / (MIX_REVERB_LINES - 1);
  return SHORTEST_LINE * pow (LONGEST_LINE / SHORTEST_LINE, where);
}

static double
early_time (const MixReverbGeometry *geometry, double where)
{
  const Space *space = &spaces[geometry->space];
  double first = 0.001 + travel (geometry->size_m) * space->early_first;
  double last = 0.006 + travel (geometry->size_m) * space->early_last;
  last = fmin (last, LONGEST_EARLY);
  first = fmin (first, 0.5 * last);
  return first + (last - first) * pow (where, 0.85);
}

static double
pre_delay (const MixReverbGeometry *geometry)
{
  return geometry->pre_delay_ms / 1000 * (1 - NEARER * geometry->distance);
}

/* A whole number of its own: early and late sound keep their places to each
 * other whatever it is. */
static unsigned
pre_delay_frames (const MixReverbGeometry *geometry, unsigned rate)
{
  return (unsigned)(pre_delay (geometry) * rate + 0.5);
}

/* Larger places have longer diffusers, but not by much. */
static double
diffuser_time (const MixReverbGeometry *geometry, unsigned row, unsigned stage)
{
  double mean = stretched_line (geometry, 0);
  double grow = mix_clamp (sqrt (mean / 0.03), 0.6, 1.5);
  double own
      = 1 + 0.2 * fraction ((row * MIX_REVERB_DIFFUSERS + stage) * GOLDEN);
  return diffuser_s[row >= MIX_MAX_CHANNELS][stage]
         * spaces[geometry->space].diffusers * grow * own;
}

/* ---- Limits ------------------------------------------------------------- */

static double
longest_mean (void)
{
  double most = 0;
  for (int space = 0; space < MIX_REVERB_SPACES; space++)
    most = fmax (most, spaces[space].lines);
  return hypot (LEAST_MEAN * exp2 (MOST_STRETCH), travel (LONGEST_SIZE) * most);
}

unsigned
mix_reverb_longest_line (unsigned i, unsigned rate)
{
  return frames (longest_mean () * line_share (i), rate) + 2 * i + 2;
}

unsigned
mix_reverb_longest_feed (unsigned rate)
{
  return frames (longest_mean () * FEED_SPREAD * LAST_FEED, rate)
         + MIX_REVERB_BLOCK;
}

unsigned
mix_reverb_longest_diffuser (unsigned rate)
{
  return frames (LONGEST_DIFFUSER, rate) + MIX_REVERB_BLOCK;
}

unsigned
mix_reverb_longest_tap (unsigned rate)
{
  return frames (LONGEST_PRE_DELAY + LONGEST_EARLY, rate) + MIX_REVERB_BLOCK;
}

unsigned
mix_reverb_reach (const MixReverbGeometry *geometry, unsigned rate)
{
  double last = mean_line (geometry) * line_share (MIX_REVERB_LINES - 1);
  last = fmax (last, early_time (geometry, 1));
  for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++)
    last += 2 * diffuser_time (geometry, 0, stage)
            + 2 * diffuser_time (geometry, MIX_MAX_CHANNELS, stage);
  return frames (pre_delay (geometry) + last, rate)
         + (4 + 2 * MIX_REVERB_DIFFUSERS) * MIX_REVERB_BLOCK;
}

/* ---- Layouts ------------------------------------------------------------ */

/* Odd lengths, no two the same: echoes of different lines seldom meet. */
static void
lay_out_lines (MixReverbLayout *layout, unsigned rate)
{
  double mean = mean_line (&layout->geometry);
  unsigned least = 0;
  for (unsigned i = 0; i < MIX_REVERB_LINES; i++) {
    unsigned length = frames (mean * line_share (i), rate) | 1;
    layout->line[i] = length > least ? length : least;
    least = layout->line[i] + 2;
  }
}

/* The taps lie where the lines would end without a stretch. */
static void
lay_out_taps (MixReverbLayout *layout, unsigned rate)
{
  bool stretched = layout->geometry.stretch > 0;
  double mean = WAY_TO_TAP * stretched_line (&layout->geometry, 0);
  layout->at_end = layout->on_way = stretched ? (float)sqrt (0.5) : 1;
  if (!stretched)
    layout->on_way = 0;
  for (unsigned i = 0; i < MIX_REVERB_LINES; i++)
    layout->tap_in_line[i]
        = mix_min (layout->line[i], frames (mean * line_share (i), rate));
}

/* Input j enters at rows j, j + inputs … of the matrix; without a stretch at
 * the first alone. Later by a block: what is read has been written. */
static void
lay_out_feed (MixReverbLayout *layout, unsigned inputs, unsigned rate)
{
  double spread = layout->geometry.stretch > 0
                      ? FEED_SPREAD * mean_line (&layout->geometry)
                      : 0;
  for (unsigned row = 0; row < MIX_REVERB_LINES; row++) {
    unsigned j = row % inputs, k = row / inputs;
    unsigned count = (MIX_REVERB_LINES - 1 - j) / inputs + 1;
    double off = 0.6 * (fraction ((k + 7 * j) * GOLDEN) - 0.5);
    double where = k > 0 ? (k + off) / (count - 1) : 0;
    double gain = spread > 0 ? 1 / sqrt (count) : k == 0;
    layout->feed[row]
        = MIX_REVERB_BLOCK + (unsigned)(spread * where * rate + 0.5);
    layout->feed_gain[row] = (float)(k & 2 ? -gain : gain);
  }
}

/* At low rates blocks are longer than diffusers should be. */
static void
lay_out_diffusers (MixReverbLayout *layout, unsigned rate)
{
  for (unsigned j = 0; j < MIX_REVERB_ROWS; j++)
    for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++) {
      unsigned length
          = frames (diffuser_time (&layout->geometry, j, stage), rate);
      unsigned least = MIX_REVERB_BLOCK + j % 8 * 2 + stage * 17;
      layout->diffuser[j][stage] = length > least ? length : least;
    }
}

typedef enum {
  SELF,
  PARTNER,
  NEIGHBOUR,
} Whose;

/* Whose sound the reflections of a channel are, the first first. */
static const unsigned char whose[MIX_REVERB_TAPS]
    = { SELF, SELF, NEIGHBOUR, SELF, SELF, PARTNER, SELF, NEIGHBOUR, PARTNER,
        SELF, SELF, PARTNER, NEIGHBOUR, SELF, PARTNER, SELF };

static void
lay_out_tap (MixReverbLayout *layout, const MixReverbRouting *routing,
    unsigned c, unsigned k, unsigned rate)
{
  const Space *space = &spaces[layout->geometry.space];
  double where = (k + 0.1 + 0.8 * fraction ((c * 16 + k + 1) * GOLDEN))
                 / MIX_REVERB_TAPS;
  double time = early_time (&layout->geometry, where);
  /* the level of a wave falls with the way it went, and there are more later */
  double gain = pow (early_time (&layout->geometry, 0) / time, 0.7);
  bool negative = fraction ((c * 16 + k + 3) * GOLDEN * GOLDEN * 5) < 0.5;
  unsigned source = whose[k] == PARTNER     ? routing->partner[c]
                    : whose[k] == NEIGHBOUR ? routing->neighbour[c]
                                            : c;
  if (source != c)
    gain *= space->across;
  layout->source[c][k] = (unsigned char)source;
  layout->tap[c][k]
      = pre_delay_frames (&layout->geometry, rate) + frames (time, rate);
  layout->gain[c][k] = (float)(negative ? -gain : gain);
}

/* Noise of the same power in all channels keeps that power. */
static void
lay_out_early (
    MixReverbLayout *layout, const MixReverbRouting *routing, unsigned rate)
{
  for (unsigned g = 0; g < MIX_REVERB_GROUPS; g++) {
    layout->group_s[g]
        = early_time (&layout->geometry, (g + 0.5) / MIX_REVERB_GROUPS);
    layout->group_power[g] = 0;
  }
  for (unsigned i = 0; i < routing->count; i++) {
    unsigned c = routing->channel[i];
    double power = 0;
    for (unsigned k = 0; k < MIX_REVERB_TAPS; k++) {
      lay_out_tap (layout, routing, c, k, rate);
      power += (double)(layout->gain[c][k] * layout->gain[c][k]);
    }
    for (unsigned k = 0; k < MIX_REVERB_TAPS; k++) {
      double gain = (double)layout->gain[c][k] / sqrt (power);
      layout->gain[c][k] = (float)gain;
      layout->group_power[k * MIX_REVERB_GROUPS / MIX_REVERB_TAPS]
          += gain * gain / routing->count;
    }
  }
}

void
mix_reverb_lay_out (MixReverbLayout *layout, const MixReverbGeometry *geometry,
    const MixReverbRouting *routing, unsigned rate)
{
  layout->geometry = *geometry;
  layout->mean_line_s = mean_line (geometry);
  layout->longest_line_s
      = layout->mean_line_s * line_share (MIX_REVERB_LINES - 1);
  layout->late = MIX_REVERB_BLOCK + pre_delay_frames (geometry, rate);
  lay_out_lines (layout, rate);
  lay_out_taps (layout, rate);
  lay_out_feed (layout, routing->inputs, rate);
  lay_out_diffusers (layout, rate);
  lay_out_early (layout, routing, rate);
}

double
mix_reverb_stretch (const MixReverbParams *params)
{
  double ratio = fmin (1, fmin (params->low_ratio, params->high_ratio));
  double wanted = STRETCH_SLOPE * log2 (params->decay_s / STRETCHED_DECAY);
  double most
      = log2 (MOST_PER_DECAY * params->decay_s * ratio * ratio / LEAST_MEAN);
  return mix_clamp (fmin (wanted, most), 0, MOST_STRETCH);
}

MixReverbGeometry
mix_reverb_geometry (const MixReverbParams *params, double stretch)
{
  return (MixReverbGeometry){ params->space, params->size_m,
    params->pre_delay_ms, params->distance_percent / 100,
    STRETCH_STEP * floor (stretch / STRETCH_STEP + 0.5) };
}

bool
mix_reverb_geometry_equal (
    const MixReverbGeometry *a, const MixReverbGeometry *b)
{
  return a->space == b->space && a->size_m == b->size_m
         && a->pre_delay_ms == b->pre_delay_ms && a->distance == b->distance
         && a->stretch == b->stretch;
}

/* ---- Routing ------------------------------------------------------------ */

/* A channel of that speaker, or `otherwise`. */
static unsigned
find (const MixFormat *format, MixSpeaker speaker, unsigned otherwise)
{
  for (unsigned c = 0; c < format->channels; c++)
    if (format->speakers[c] == speaker)
      return c;
  return otherwise;
}

/* Who else is heard on this side: the front ones in all others, the centre in
 * the front. */
static unsigned
neighbour_of (const MixFormat *format, unsigned c)
{
  MixSpeaker speaker = format->speakers[c];
  if (speaker == MIX_SPEAKER_FRONT_LEFT || speaker == MIX_SPEAKER_FRONT_RIGHT)
    return find (format, MIX_SPEAKER_FRONT_CENTER, c);
  if (speaker >= MIX_SPEAKER_FRONT_LEFT)
    return find (format, MIX_SPEAKER_FRONT_LEFT + speaker % 2, c);
  if (speaker == MIX_SPEAKER_REAR_CENTER)
    return find (format, MIX_SPEAKER_FRONT_CENTER, c);
  return c;
}

static void
take_part (MixReverbRouting *routing, bool taken[MIX_MAX_CHANNELS], unsigned c)
{
  routing->channel[routing->count++] = (unsigned char)c;
  taken[c] = true;
}

void
mix_reverb_route (MixReverbRouting *routing, const MixFormat *format)
{
  bool taken[MIX_MAX_CHANNELS] = { false };
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  *routing = (MixReverbRouting){ .pairs = mix_format_pairs (format, pairs) };
  for (unsigned c = 0; c < format->channels; c++) {
    routing->partner[c] = (unsigned char)c;
    routing->neighbour[c] = (unsigned char)neighbour_of (format, c);
  }
  for (unsigned p = 0; p < routing->pairs; p++) {
    routing->partner[pairs[p].left] = (unsigned char)pairs[p].right;
    routing->partner[pairs[p].right] = (unsigned char)pairs[p].left;
    take_part (routing, taken, pairs[p].left);
    take_part (routing, taken, pairs[p].right);
  }
  for (unsigned c = 0; c < format->channels; c++)
    if (!mix_format_is_lfe (format, c) && !taken[c])
      take_part (routing, taken, c);
  routing->inputs = mix_min (routing->count, MIX_REVERB_INPUTS);
}
