/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reverberation: early reflections of a place and a late sound that decays at
 * the times asked for. reverb_network.c has the picture.
 *
 * The wet sound is made in blocks of two ticks: the frames of one block are
 * gathered while the wet sound of those before is given out, so everything wet
 * is a block late. No reflection comes earlier than that, and all times count
 * it. The dry sound is not delayed.
 *
 * Size, pre-delay, space and distance move delays, and in a few steps the decay
 * does. They cross-fade from the old delays to the new, one way after the other
 * while automation goes on: no click and no glide in pitch.
 */
#include "reverb.h"

#include <string.h>

#include "../../base/maths.h"
#include "../../base/memory.h"
#include "../units.h"

#define SMOOTH_MS 4.0
#define FREEZE_MS 15.0
#define FADE_MS 60.0
#define OFF_DB -100.0
#define STRETCH_MS 500.0
/* Distance at its end. The late sound is the same everywhere in a room. */
#define FAR_DRY_DB -15.0
#define FAR_EARLY_DB -6.0
#define FAR_DAMPING_DB                                                         \
  -18.0 /* of the direct sound's highs, far above DAMPING_HZ                   \
         */
#define DAMPING_HZ 2000.0
#define BEAT 0.1         /* of the longest T60: 6 dB */
#define LONGEST_BEAT 3.0 /* seconds */

static const MixChoice spaces[]
    = { { "room", "Room" }, { "chamber", "Chamber" }, { "hall", "Hall" },
        { "plate", "Plate" }, { "ambience", "Ambience" }, { NULL, NULL } };

static const MixRow rows[] = {
  MIX_ROW_CHOICE (MixReverbParams, space, "space", "Space", spaces,
      MIX_REVERB_SPACES, MIX_REVERB_HALL, 0,
      "Kind of place: its reflections and how dense it is"),
  MIX_ROW_DOUBLE (MixReverbParams, decay_s, "decay", "Decay", "s", 0.1, 60, 1.8,
      0, "Time in which the middle frequencies fall by 60 dB"),
  MIX_ROW_DOUBLE (MixReverbParams, pre_delay_ms, "pre-delay", "Pre-delay", "ms",
      0, 500, 20, 0, "Silence between the direct sound and the reverberation"),
  MIX_ROW_DOUBLE (MixReverbParams, size_m, "size", "Size", "m", 1, 100, 20, 0,
      "Length of the place: how far apart reflections are"),
  MIX_ROW_DOUBLE (MixReverbParams, diffusion_percent, "diffusion", "Diffusion",
      "%", 0, 100, 80, 0, "How quickly echoes merge into one sound"),
  MIX_ROW_DOUBLE (MixReverbParams, low_hz, "low-frequency", "Low frequency",
      "Hz", 20, 1000, 200, 0, "Below it the decay is multiplied by low-ratio"),
  MIX_ROW_DOUBLE (MixReverbParams, low_ratio, "low-ratio", "Low ratio", "", 0.2,
      4, 1.1, 0, "Decay of the lows against the middle"),
  MIX_ROW_DOUBLE (MixReverbParams, high_hz, "high-frequency", "High frequency",
      "Hz", 1000, 20000, 5000, 0,
      "Above it the decay is multiplied by high-ratio"),
  MIX_ROW_DOUBLE (MixReverbParams, high_ratio, "high-ratio", "High ratio", "",
      0.05, 2, 0.5, 0, "Decay of the highs against the middle"),
  MIX_ROW_DOUBLE (MixReverbParams, modulation_percent, "modulation",
      "Modulation", "%", 0, 100, 20, 0,
      "How much the late sound moves; pitch stays"),
  MIX_ROW_DOUBLE (MixReverbParams, low_cut_hz, "low-cut", "Low cut", "Hz", 0,
      20000, 0, 0,
      "Corner of the wet sound's low cut of 12 dB per octave; 0 is off"),
  MIX_ROW_DOUBLE (MixReverbParams, high_cut_hz, "high-cut", "High cut", "Hz", 0,
      20000, 0, 0,
      "Corner of the wet sound's high cut of 12 dB per octave; 0 is off"),
  MIX_ROW_DOUBLE (MixReverbParams, early_db, "early", "Early", "dB", -100, 12,
      0, 0, "Level of the early reflections; -100 is off"),
  MIX_ROW_DOUBLE (MixReverbParams, late_db, "late", "Late", "dB", -100, 12, 0,
      0, "Level of the late sound; -100 is off"),
  MIX_ROW_DOUBLE (MixReverbParams, dry_db, "dry", "Dry", "dB", -100, 0, 0, 0,
      "Level of the direct sound; -100 is off"),
  MIX_ROW_DOUBLE (MixReverbParams, wet_db, "wet", "Wet", "dB", -100, 12, -12, 0,
      "Level of the reverberation against the input; -100 is off"),
  MIX_ROW_DOUBLE (MixReverbParams, width_percent, "width", "Width", "%", 0, 200,
      100, 0, "Width of the wet sound; 0 is mono"),
  MIX_ROW_DOUBLE (MixReverbParams, distance_percent, "distance", "Distance",
      "%", 0, 100, 0, 0,
      "Puts the source further behind: less direct sound, highs and "
      "reflections"),
  MIX_ROW_BOOL (MixReverbParams, freeze, "freeze", "Freeze", 0, MIX_HOLDS,
      "Hold the late sound for ever and let no new sound in"),
};

static const MixRow readings[] = {
  MIX_ROW_DOUBLE (MixReverbReadings, wet_level_db, "wet-level", "Wet level",
      "dB", -400, 200, -400, 0,
      "Peak of the reverberation alone since the last reading"),
};

/* ---- Parameters --------------------------------------------------------- */

static double
gain_or_off (double db)
{
  return db > OFF_DB ? mix_gain_from_db (db) : 0;
}

static void
set_goal (MixReverb *self, unsigned which, double goal)
{
  mix_smoother_set (&self->smooth[which], goal);
}

static void
set_decay (MixReverb *self, const MixReverbParams *p)
{
  set_goal (self, MIX_REVERB_DECAY, log2 (p->decay_s));
  set_goal (self, MIX_REVERB_LOW_RATIO, log2 (p->low_ratio));
  set_goal (self, MIX_REVERB_HIGH_RATIO, log2 (p->high_ratio));
  set_goal (self, MIX_REVERB_LOW_HZ, log2 (p->low_hz));
  set_goal (self, MIX_REVERB_HIGH_HZ, log2 (p->high_hz));
  set_goal (self, MIX_REVERB_FROZEN, p->freeze);
  set_goal (self, MIX_REVERB_STRETCH, mix_reverb_stretch (p));
  set_goal (self, MIX_REVERB_DIFFUSION, p->diffusion_percent / 100);
  set_goal (self, MIX_REVERB_MODULATION, p->modulation_percent / 100);
}

static void
set_levels (MixReverb *self, const MixReverbParams *p)
{
  double far = p->distance_percent / 100;
  set_goal (self, MIX_REVERB_EARLY,
      gain_or_off (p->early_db) * mix_gain_from_db (far * FAR_EARLY_DB));
  set_goal (self, MIX_REVERB_LATE, gain_or_off (p->late_db));
  set_goal (self, MIX_REVERB_DRY,
      gain_or_off (p->dry_db) * mix_gain_from_db (far * FAR_DRY_DB));
  set_goal (
      self, MIX_REVERB_DAMPING, 1 - mix_gain_from_db (far * FAR_DAMPING_DB));
  set_goal (self, MIX_REVERB_WET, gain_or_off (p->wet_db));
  set_goal (self, MIX_REVERB_EARLY_SHARE, mix_reverb_early_share (p->space));
}

/* Left and right that have nothing in common keep their power. */
static void
set_width (MixReverb *self, const MixReverbParams *p)
{
  double width = p->width_percent / 100;
  double mid = sqrt (2 / (1 + width * width));
  set_goal (self, MIX_REVERB_MID, mid);
  set_goal (self, MIX_REVERB_SIDE, width * mid);
}

/* A cut that goes off keeps the corner it had, to fade out at; one that comes
 * on has its new corner from the start. */
static void
set_cut (MixReverb *self, unsigned corner, unsigned on, double hz)
{
  bool is_off = self->smooth[on].to <= 0 && self->smooth[on].first <= 0;
  set_goal (self, on, hz > 0);
  if (hz > 0)
    set_goal (self, corner, log2 (fmax (hz, 1)));
  if (is_off)
    mix_smoother_snap (&self->smooth[corner]);
}

static void
reverb_set (void *instance, const void *params)
{
  MixReverb *self = instance;
  const MixReverbParams *p = params;
  self->goal = *p;
  self->still = false;
  set_decay (self, p);
  set_levels (self, p);
  set_width (self, p);
  set_cut (self, MIX_REVERB_LOW_CUT, MIX_REVERB_LOW_CUT_ON, p->low_cut_hz);
  set_cut (self, MIX_REVERB_HIGH_CUT, MIX_REVERB_HIGH_CUT_ON, p->high_cut_hz);
}

static void
reverb_reset (void *instance)
{
  MixReverb *self = instance;
  for (unsigned k = 0; k < MIX_REVERB_SMOOTHERS; k++)
    mix_smoother_snap (&self->smooth[k]);
  self->offset = 0;
  memset (self->damping, 0, sizeof self->damping);
  self->wet_peak = 0;
  mix_reverb_network_reset (self);
}

/* ---- Memory ------------------------------------------------------------- */

static void
reverb_release (void *instance)
{
  MixReverb *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

/* A smoother counts ticks; here a block is one. */
static void
prepare_smoothers (MixReverb *self)
{
  const double ticks = MIX_REVERB_BLOCK / MIX_TICK;
  for (unsigned k = 0; k < MIX_REVERB_SMOOTHERS; k++) {
    double ms = k == MIX_REVERB_FROZEN    ? FREEZE_MS
                : k == MIX_REVERB_STRETCH ? STRETCH_MS
                                          : SMOOTH_MS;
    mix_smoother_prepare (&self->smooth[k], self->format.rate, ms / ticks);
  }
}

static bool
reverb_prepare (void *instance, const MixFormat *format, const void *params)
{
  MixReverb *self = instance;
  MixReverbRouting routing;
  mix_reverb_route (&routing, format);
  MixReverb *sizes = mix_alloc (1, sizeof *sizes);
  if (!sizes)
    return false;
  sizes->format = *format;
  sizes->routing = routing;
  float *memory
      = mix_alloc (mix_reverb_network_carve (sizes, NULL), sizeof *memory);
  mix_free (sizes);
  if (!memory)
    return false;
  reverb_release (self);
  *self = (MixReverb){ .format = *format, .routing = routing };
  self->memory = memory;
  self->kernels = mix_kernels ();
  unsigned fade = mix_frames_from_ms (FADE_MS, format->rate) / MIX_REVERB_BLOCK;
  self->fade_length = fade > 0 ? fade : 1;
  self->damping_keep = (float)exp (-2 * MIX_PI * DAMPING_HZ / format->rate);
  prepare_smoothers (self);
  mix_reverb_network_prepare (self);
  reverb_set (self, params);
  reverb_reset (self);
  return true;
}

/* ---- The stream --------------------------------------------------------- */

static void
run_block (MixReverb *self)
{
  bool moved = false;
  for (unsigned k = 0; k < MIX_REVERB_SMOOTHERS && !self->still; k++)
    moved |= mix_smoother_tick (&self->smooth[k]);
  self->still = !moved;
  mix_reverb_network_run (self);
}

static bool
is_damped (const MixReverb *self)
{
  const MixSmoother *depth = &self->smooth[MIX_REVERB_DAMPING];
  return depth->from != 0 || depth->to != 0;
}

static bool
is_neutral (const MixReverb *self)
{
  const MixSmoother *s = self->smooth;
  return s[MIX_REVERB_DRY].from == 1 && s[MIX_REVERB_DRY].to == 1
         && s[MIX_REVERB_WET].from == 0 && s[MIX_REVERB_WET].to == 0
         && !is_damped (self);
}

/* Takes `depth` of what lies over DAMPING_HZ away. */
static void
damping (MixReverb *self, unsigned c, float *out, const float *in,
    unsigned offset, unsigned n)
{
  const MixSmoother *depth = &self->smooth[MIX_REVERB_DAMPING];
  float from = (float)depth->from, slope = mix_reverb_slope (depth);
  float low = self->damping[c], keep = self->damping_keep;
  for (unsigned i = 0; i < n; i++) {
    float x = in[i];
    low = x + keep * (low - x);
    out[i] = x - (from + slope * (float)(offset + i)) * (x - low);
  }
  self->damping[c] = low;
}

/* out = in * dry + wet; no more than copies when nothing is wet. */
static void
mix_span (MixReverb *self, unsigned c, float *restrict out, unsigned offset,
    unsigned n)
{
  const float *in = self->in[c] + offset, *wet = self->wet[c] + offset;
  const MixSmoother *s = self->smooth, *dry = &s[MIX_REVERB_DRY];
  float from = (float)dry->from, slope = mix_reverb_slope (dry);
  if (is_neutral (self)) {
    memcpy (out, in, n * sizeof *out);
  } else if (is_damped (self)) {
    damping (self, c, out, in, offset, n);
    for (unsigned i = 0; i < n; i++)
      out[i] = out[i] * (from + slope * (float)(offset + i)) + wet[i];
  } else if (dry->from != dry->to) {
    for (unsigned i = 0; i < n; i++)
      out[i] = in[i] * (from + slope * (float)(offset + i)) + wet[i];
  } else {
    for (unsigned i = 0; i < n; i++)
      out[i] = in[i] * from + wet[i];
  }
}

static void
reverb_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  MixReverb *self = instance;
  for (unsigned at = 0, n; at < frames; at += n) {
    unsigned offset = self->offset;
    if (offset == 0)
      run_block (self);
    n = mix_min (MIX_REVERB_BLOCK - offset, frames - at);
    self->offset = (offset + n) % MIX_REVERB_BLOCK;
    for (unsigned c = 0; c < self->format.channels; c++) {
      memcpy (self->in[c] + offset, in[c] + at, n * sizeof (float));
      mix_span (self, c, out[c] + at, offset, n);
    }
  }
}

static void
reverb_read (void *instance, void *to)
{
  MixReverb *self = instance;
  ((MixReverbReadings *)to)->wet_level_db
      = mix_db_from_gain ((double)self->wet_peak);
  self->wet_peak = 0;
}

/* The last modes that ring beat slowly: a pause in which they should have lost
 * some decibels is taken for the end. */
static unsigned
longest_beat (const MixReverb *self)
{
  const MixReverbParams *p = &self->goal;
  double ratio = fmax (1, fmax (p->low_ratio, p->high_ratio));
  double seconds = fmin (LONGEST_BEAT, BEAT * p->decay_s * ratio);
  return (unsigned)(seconds * self->format.rate);
}

static unsigned
larger (unsigned a, unsigned b)
{
  return a > b ? a : b;
}

static bool
is_off (const MixSmoother *gain)
{
  return gain->goal == 0 && mix_smoother_is_still (gain);
}

/* Nothing wet is heard, nor will be until the next `set`. */
static bool
is_dry (const MixReverb *self)
{
  const MixSmoother *s = self->smooth;
  return is_off (&s[MIX_REVERB_WET])
         || (is_off (&s[MIX_REVERB_EARLY]) && is_off (&s[MIX_REVERB_LATE]));
}

static unsigned
reverb_tail (const void *instance)
{
  const MixReverb *self = instance;
  if (is_dry (self))
    return 0;
  MixReverbGeometry goal
      = mix_reverb_geometry (&self->goal, mix_reverb_stretch (&self->goal));
  unsigned rate = self->format.rate;
  unsigned most = larger (mix_reverb_reach (&goal, rate),
      mix_reverb_reach (&self->now.geometry, rate));
  if (self->fade > 0)
    most = larger (most, mix_reverb_reach (&self->next.geometry, rate));
  return most + longest_beat (self);
}

static void
reverb_remark (const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const MixReverbParams *p = params;
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  if (p->width_percent > 100 && mix_format_pairs (format, pairs) == 0)
    remarks->add (remarks,
        "width does nothing without a stereo pair; make the sound stereo "
        "before (audioconvert ! audio/x-raw,channels=2)");
}

const MixUnit mix_reverb = {
  .name = "reverb",
  .summary = "Puts a sound into a place, from a booth to a cathedral",
  .size = sizeof (MixReverb),
  .flags = MIX_UNIT_TAIL,
  .params = MIX_TABLE (rows, MixReverbParams),
  .readings = MIX_TABLE (readings, MixReverbReadings),
  .prepare = reverb_prepare,
  .set = reverb_set,
  .reset = reverb_reset,
  .process = reverb_process,
  .read = reverb_read,
  .tail = reverb_tail,
  .remark = reverb_remark,
  .release = reverb_release,
};
