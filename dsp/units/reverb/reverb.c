/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reverberation: early reflections of a room, and a late sound that decays at
 * the times asked for.
 *
 *   in -+-----------------------------------------> dry path -----> (+) -> out
 *       |                                                            ^
 *       +-> input delay -+-> reflections -> (+) -> wet output -------+
 *            diffusers   |                   ^     width, cuts, meter
 *                        +-> network --------+
 *                             feed, lines, line filters, rotations
 *
 *   parameters -+-> control -> values of a block --> all parts of the wet sound
 *               +-> geometry -> transition -> delays of these parts
 *
 * Each of these is a part in a file of that name: a struct of its own, whose
 * members no other file touches. network.h shows the inside of the network.
 *
 * The wet sound is made in blocks of two ticks: while the input of one block is
 * gathered, the wet sound of the one before is given out. So the wet sound has
 * a latency of a block, which all delays include; no reflection comes earlier.
 * The dry sound has no delay.
 *
 * Size, pre-delay, space and distance change delays, and so does the decay, in
 * a few steps. These changes cross-fade from the old delays to the new, one
 * after the other while automation goes on: no click and no glide in pitch.
 */
#include "dry_path.h"
#include "network.h"
#include "reflections.h"
#include "reverb_control.h"
#include "wet_output.h"

#include "../../base/memory.h"
#include "../units.h"

#define SMOOTH_MS 4.0
#define FADE_MS 60.0

typedef struct {
  double wet_level_db;
} MixReverbReadings;

static const MixChoice spaces[]
    = { { "room", "Room" }, { "chamber", "Chamber" }, { "hall", "Hall" },
        { "plate", "Plate" }, { "ambience", "Ambience" }, { NULL, NULL } };

static const MixRow rows[] = {
  MIX_ROW_CHOICE (MixReverbParams, space, "space", "Space", spaces,
      MIX_REVERB_SPACES, MIX_REVERB_HALL, 0,
      "Kind of room: its early reflections and density"),
  MIX_ROW_DOUBLE (MixReverbParams, decay_s, "decay", "Decay", "s", 0.1, 60, 1.8,
      0, "Time in which the middle frequencies fall by 60 dB (T60)"),
  MIX_ROW_DOUBLE (MixReverbParams, pre_delay_ms, "pre-delay", "Pre-delay", "ms",
      0, 500, 20, 0, "Time between the direct sound and the reverberation"),
  MIX_ROW_DOUBLE (MixReverbParams, size_m, "size", "Size", "m", 1, 100, 20, 0,
      "Length of the room: sets the spacing of reflections"),
  MIX_ROW_DOUBLE (MixReverbParams, diffusion_percent, "diffusion", "Diffusion",
      "%", 0, 100, 80, 0,
      "How quickly separate echoes become a dense reverberation"),
  MIX_ROW_DOUBLE (MixReverbParams, low_hz, "low-frequency", "Low frequency",
      "Hz", 20, 1000, 200, 0,
      "Below this frequency the decay is multiplied by low-ratio"),
  MIX_ROW_DOUBLE (MixReverbParams, low_ratio, "low-ratio", "Low ratio", "", 0.2,
      4, 1.1, 0, "Decay of the low frequencies relative to the middle"),
  MIX_ROW_DOUBLE (MixReverbParams, high_hz, "high-frequency", "High frequency",
      "Hz", 1000, 20000, 5000, 0,
      "Above this frequency the decay is multiplied by high-ratio"),
  MIX_ROW_DOUBLE (MixReverbParams, high_ratio, "high-ratio", "High ratio", "",
      0.05, 2, 0.5, 0, "Decay of the high frequencies relative to the middle"),
  MIX_ROW_DOUBLE (MixReverbParams, modulation_percent, "modulation",
      "Modulation", "%", 0, 100, 20, 0,
      "Depth of the modulation of the late sound; pitch does not change"),
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
      "Level of the reverberation relative to the input; -100 is off"),
  MIX_ROW_DOUBLE (MixReverbParams, width_percent, "width", "Width", "%", 0, 200,
      100, 0, "Width of the wet sound; 0 is mono"),
  MIX_ROW_DOUBLE (MixReverbParams, distance_percent, "distance", "Distance",
      "%", 0, 100, 0, 0,
      "Moves the source away: less direct sound, high frequencies, early "
      "reflections and pre-delay"),
  MIX_ROW_BOOL (MixReverbParams, freeze, "freeze", "Freeze", 0, MIX_HOLDS,
      "Hold the late sound without decay and let no new sound in"),
};

static const MixRow readings[] = {
  MIX_ROW_DOUBLE (MixReverbReadings, wet_level_db, "wet-level", "Wet level",
      "dB", -400, 200, -400, 0,
      "Peak of the reverberation alone since the last reading"),
};

/* ---- The instance ------------------------------------------------------- */

typedef struct {
  MixFormat format;
  MixWetRouting routing;
  void *memory;
  MixReverbControl control;
  MixTransition transition;
  MixInputDelay input;
  MixReflections reflections;
  MixNetwork network;
  MixWetOutput output;
  MixDryPath dry;
  bool still;      /* no smoother moves until the next `set` */
  unsigned offset; /* into the block */
  float in[MIX_MAX_CHANNELS][MIX_REVERB_BLOCK];  /* being gathered */
  float wet[MIX_MAX_CHANNELS][MIX_REVERB_BLOCK]; /* being given out */
} Reverb;

static void
reverb_set (void *instance, const void *params)
{
  Reverb *self = instance;
  self->still = false;
  mix_reverb_control_set (&self->control, params);
  mix_wet_output_set (&self->output, params);
  mix_dry_path_set (&self->dry, params);
}

/* ---- Once a block ------------------------------------------------------- */

static void
tick_smoothers (Reverb *self)
{
  bool moves = mix_reverb_control_tick (&self->control);
  moves |= mix_wet_output_tick (&self->output);
  moves |= mix_dry_path_tick (&self->dry);
  self->still = !moves;
}

static void
set_pace (Reverb *self)
{
  mix_reverb_control_set_pace (
      &self->control, mix_transition_longest_line (&self->transition));
}

static void
begin_transition (Reverb *self, const MixGeometry *geometry)
{
  mix_input_delay_begin (&self->input, geometry);
  mix_reflections_begin (&self->reflections, geometry, &self->input);
  mix_network_begin (&self->network, geometry);
  set_pace (self);
}

static void
end_transition (Reverb *self)
{
  mix_input_delay_arrive (&self->input);
  mix_reflections_arrive (&self->reflections);
  mix_network_arrive (&self->network);
  set_pace (self);
}

static void
update_geometry (Reverb *self)
{
  MixTransition *t = &self->transition;
  MixGeometry target = mix_reverb_control_geometry (&self->control);
  if (mix_transition_advance (t))
    end_transition (self);
  if (!mix_reverb_control_is_frozen (&self->control)
      && mix_transition_begin (t, &target))
    begin_transition (self, &target);
}

/* `moving`: filters and levels change though no smoother moves. */
static const MixReverbValues *
update_values (Reverb *self, bool moving)
{
  const MixTransition *t = &self->transition;
  const MixReverbValues *values
      = mix_reverb_control_update (&self->control, moving);
  if (values->moving || values->moved) {
    mix_input_delay_update (&self->input, values);
    mix_reflections_update (&self->reflections, t, values);
    mix_network_update (&self->network, t, values);
  }
  return values;
}

/* A stereo pair, or two lone channels, of which the second may not exist. */
static void
run_duo (Reverb *self, unsigned duo, const float (*lines)[MIX_REVERB_BLOCK])
{
  const MixTransition *t = &self->transition;
  unsigned first = 2 * duo;
  unsigned count = mix_min (2, self->routing.slots - first);
  float spare[MIX_REVERB_BLOCK], *wet[2] = { NULL, spare };
  for (unsigned k = 0; k < count; k++)
    wet[k] = self->wet[self->routing.channel[first + k]];
  mix_reflections_run (&self->reflections, t, &self->input, duo, wet);
  for (unsigned k = 0; k < count; k++)
    mix_network_add_output (&self->network, t, first + k, lines, wet[k]);
  if (duo < self->routing.pairs)
    mix_wet_output_widen (&self->output, wet[0], wet[1]);
  for (unsigned k = 0; k < count; k++)
    mix_wet_output_finish (&self->output, first + k, wet[k]);
}

/* Takes `in`, makes `wet`. */
static void
run_block (Reverb *self)
{
  float lines[MIX_REVERB_LINES][MIX_REVERB_BLOCK];
  const MixTransition *t = &self->transition;
  if (!self->still)
    tick_smoothers (self);
  update_geometry (self);
  mix_network_begin_block (
      &self->network, update_values (self, mix_transition_is_on (t)));
  for (unsigned i = 0; i < self->routing.slots; i++)
    mix_input_delay_write (
        &self->input, t, i, self->in[self->routing.channel[i]]);
  mix_network_read (&self->network, t, lines);
  for (unsigned duo = 0; 2 * duo < self->routing.slots; duo++)
    run_duo (self, duo, (const float (*)[MIX_REVERB_BLOCK])lines);
  mix_network_write (&self->network, t, &self->input, lines);
}

static void
reverb_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  Reverb *self = instance;
  for (unsigned at = 0, n; at < frames; at += n) {
    unsigned offset = self->offset;
    if (offset == 0)
      run_block (self);
    bool is_dry = mix_reverb_control_is_dry (&self->control);
    n = mix_min (MIX_REVERB_BLOCK - offset, frames - at);
    self->offset = (offset + n) % MIX_REVERB_BLOCK;
    for (unsigned c = 0; c < self->format.channels; c++) {
      memcpy (self->in[c] + offset, in[c] + at, n * sizeof (float));
      mix_dry_path_mix (&self->dry, c, out[c] + at, self->in[c] + offset,
          self->wet[c] + offset, is_dry, offset, n);
    }
  }
}

/* ---- Memory ------------------------------------------------------------- */

static void
reverb_reset (void *instance)
{
  Reverb *self = instance;
  MixGeometry geometry = mix_reverb_control_target_geometry (&self->control);
  mix_reverb_control_reset (&self->control);
  mix_transition_reset (&self->transition, &geometry,
      mix_frames_from_ms (FADE_MS, self->format.rate) / MIX_REVERB_BLOCK);
  set_pace (self);
  mix_input_delay_reset (&self->input, &geometry);
  mix_reflections_reset (&self->reflections, &geometry, &self->input);
  mix_network_reset (&self->network, &geometry);
  mix_wet_output_reset (&self->output);
  mix_dry_path_reset (&self->dry);
  self->offset = 0;
  memset (self->in, 0, sizeof self->in);
  memset (self->wet, 0, sizeof self->wet);
  update_values (self, true);  /* the end of a block, */
  update_values (self, false); /* and the start of the next */
}

/* All parts, in memory from the arena. */
static void
prepare_parts (Reverb *self, MixArena *arena)
{
  unsigned rate = self->format.rate;
  mix_reverb_control_prepare (&self->control, rate, SMOOTH_MS);
  mix_input_delay_prepare (&self->input, &self->routing, rate, arena);
  mix_reflections_prepare (&self->reflections, &self->routing, rate);
  mix_network_prepare (&self->network, &self->routing, rate, arena);
  mix_wet_output_prepare (&self->output, &self->routing, rate, SMOOTH_MS);
  mix_dry_path_prepare (&self->dry, rate, SMOOTH_MS);
}

static void
reverb_release (void *instance)
{
  Reverb *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

static bool
reverb_prepare (void *instance, const MixFormat *format, const void *params)
{
  Reverb *self = instance;
  Reverb *fresh = mix_alloc (1, sizeof *fresh);
  if (!fresh)
    return false;
  fresh->format = *format;
  fresh->routing = mix_wet_routing (format);
  MixArena count = { 0 };
  prepare_parts (fresh, &count);
  MixArena arena = { mix_alloc (count.used, 1), 0 };
  if (arena.memory) {
    prepare_parts (fresh, &arena);
    fresh->memory = arena.memory;
    reverb_release (self);
    *self = *fresh;
    reverb_set (self, params);
    reverb_reset (self);
  }
  mix_free (fresh);
  return arena.memory;
}

/* ---- Readings, tail ----------------------------------------------------- */

static void
reverb_read (void *instance, void *to)
{
  Reverb *self = instance;
  ((MixReverbReadings *)to)->wet_level_db
      = mix_db_from_gain ((double)mix_wet_output_read (&self->output));
}

static unsigned
reverb_tail (const void *instance)
{
  const Reverb *self = instance;
  if (mix_reverb_control_stays_dry (&self->control))
    return 0;
  unsigned rate = self->format.rate;
  MixGeometry target = mix_reverb_control_target_geometry (&self->control);
  unsigned reach = mix_transition_reach (&self->transition, rate);
  unsigned reach_there = mix_geometry_reach (&target, rate);
  return (reach > reach_there ? reach : reach_there)
         + mix_reverb_control_longest_beat (&self->control);
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
  .summary = "Reverberation of a room, from a booth to a cathedral",
  .size = sizeof (Reverb),
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
