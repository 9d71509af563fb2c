/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The geometry of the simulated room: how long reflections, delay lines and
 * diffusers take, in seconds, for a space, a size and a decay. Pure functions,
 * realtime-safe. The parts make delays in frames of it.
 */
#pragma once

#include "../../format.h"
#include "reverb_block.h"
#include "reverb_params.h"

/* All-passes in series, of each row of diffusers. */
enum { MIX_REVERB_DIFFUSERS = 2 };

/* All that the times depend on. */
typedef struct {
  int space;
  double size_m, pre_delay_ms, distance;
  double stretch; /* octaves by which the least mean line is longer */
} MixGeometry;

/* The stretch that a decay asks for, in octaves. */
double mix_geometry_stretch_for (const MixReverbParams *params);

/* `stretch` is rounded to steps: so it seldom changes delays. */
MixGeometry mix_geometry (const MixReverbParams *params, double stretch);
bool mix_geometry_equal (const MixGeometry *a, const MixGeometry *b);

/* At least a block, which is the shortest delay of any part. */
unsigned mix_geometry_frames (double seconds, unsigned rate);

/* ---- Early reflections -------------------------------------------------- */

/* Before early and late sound alike; may be 0. */
unsigned mix_geometry_pre_delay_frames (
    const MixGeometry *geometry, unsigned rate);

/* The time of reflections after the pre-delay, from the first (`where` 0) to
 * the last (1). */
double mix_geometry_early_time (const MixGeometry *geometry, double where);

/* Gain of reflections of another channel's sound. */
double mix_geometry_across (const MixGeometry *geometry);

/* The early reflections' share of the power of the wet sound. */
double mix_geometry_early_share (int space);

/* ---- The network -------------------------------------------------------- */

double mix_geometry_mean_line (const MixGeometry *geometry);
double mix_geometry_longest_line (const MixGeometry *geometry);

/* All lines, the shortest first. */
void mix_geometry_lines (
    const MixGeometry *geometry, double seconds[MIX_REVERB_LINES]);

/* Octaves by which the lines are longer than the size says; 0 for short
 * decays. */
double mix_geometry_stretch (const MixGeometry *geometry);

/* Taps within stretched lines, about where the lines would end without the
 * stretch. */
void mix_geometry_line_taps (
    const MixGeometry *geometry, double seconds[MIX_REVERB_LINES]);

/* The time over which the inputs of stretched lines are spread; else 0. */
double mix_geometry_feed_spread (const MixGeometry *geometry);

/* ---- Diffusers ---------------------------------------------------------- */

/* An all-pass of a row. Rows are numbered by channel, and from MIX_MAX_CHANNELS
 * on by the network's inputs. */
double mix_geometry_diffuser (
    const MixGeometry *geometry, unsigned row, unsigned stage);

/* ---- Limits ------------------------------------------------------------- */

/* The most frames that any geometry asks of line i, of the network's feed, of a
 * diffuser and of the input's memory. */
unsigned mix_geometry_most_line (unsigned i, unsigned rate);
unsigned mix_geometry_most_feed (unsigned rate);
unsigned mix_geometry_most_diffuser (unsigned rate);
unsigned mix_geometry_most_input (unsigned rate);

/* The most frames between input and output in this geometry, without
 * feedback. */
unsigned mix_geometry_reach (const MixGeometry *geometry, unsigned rate);
