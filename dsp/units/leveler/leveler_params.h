/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The declaration of the leveler's parameters and readings, for leveler.c.
 */
#pragma once

#include <stdbool.h>

#include "../../parts/loudness_meter.h"
#include "../../table.h"

#define LOOK_AHEAD_MS 3000
enum { SHORT_TERM, MOMENTARY };
enum { DYNAMIC, STATIC };

typedef struct {
  double target_lufs, max_boost_db, max_cut_db;
  double rise_db_per_s, fall_db_per_s, gate_lufs, range_lu, static_gain_db;
  double look_ahead_ms;
  int measure, mode;
  bool converge, dual_mono, reset;
} LevelerParams;

typedef struct {
  double momentary_lufs, short_term_lufs, integrated_lufs, range_lu;
} Loudness;

typedef struct {
  Loudness before, after;
  double gain_db, peak_db;
} LevelerReadings;

static const MixChoice measures[] = { { "short-term", "Short-term" },
  { "momentary", "Momentary" }, { NULL, NULL } };
static const MixChoice modes[]
    = { { "dynamic", "Dynamic" }, { "static", "Static" }, { NULL, NULL } };

#define ROW(MEMBER, NAME, LABEL, UNIT, LOW, HIGH, INITIAL, BLURB)              \
  MIX_ROW_DOUBLE (                                                             \
      LevelerParams, MEMBER, NAME, LABEL, UNIT, LOW, HIGH, INITIAL, 0, BLURB)

static const MixRow rows[] = {
  ROW (target_lufs, "target", "Target", "LUFS", -60, 0, -23,
      "Loudness of the output"),
  ROW (
      max_boost_db, "max-boost", "Most boost", "dB", 0, 40, 12, "Highest gain"),
  ROW (max_cut_db, "max-cut", "Most cut", "dB", 0, 60, 24,
      "Lowest gain, as a positive number"),
  ROW (rise_db_per_s, "rise", "Rise", "dB/s", 0.1, 60, 2,
      "Highest slew rate upwards"),
  ROW (fall_db_per_s, "fall", "Fall", "dB/s", 0.1, 60, 6,
      "Highest slew rate downwards within 2 dB of the target gain; from "
      "farther away "
      "the gain falls faster"),
  ROW (gate_lufs, "gate", "Gate", "LUFS", -90, -20, -50,
      "Input below this holds the gain"),
  ROW (range_lu, "range", "Range", "LU", 0, 40, 10,
      "Dynamics to keep around the target, from the quietest to the loudest"),
  MIX_ROW_CHOICE (LevelerParams, measure, "measure", "Measure", measures, 2,
      SHORT_TERM, 0,
      "Loudness that the range limits: of the last 3 s, or of 400 ms"),
  MIX_ROW_BOOL (LevelerParams, converge, "converge", "Converge", 1, 0,
      "Bring the loudness of the whole programme to the target; otherwise "
      "only bring what is outside the range to its edge"),
  MIX_ROW_CHOICE (LevelerParams, mode, "mode", "Mode", modes, 2, DYNAMIC, 0,
      "Follow the programme (dynamic), or apply one gain (static), for "
      "instance from an earlier measurement by mixmeter"),
  ROW (static_gain_db, "static-gain", "Static gain", "dB", -60, 40, 0,
      "Gain in static mode"),
  MIX_ROW_DOUBLE (LevelerParams, look_ahead_ms, "look-ahead", "Look-ahead",
      "ms", 0, LOOK_AHEAD_MS, 0, MIX_SIZES_MEMORY | MIX_MOVES_LATENCY,
      "How early the gain responds to the input; delays the audio by as much"),
  MIX_ROW_BOOL (LevelerParams, dual_mono, "dual-mono", "Dual mono", 0, 0,
      "Count a single channel as played by two speakers: 3 LU more"),
  MIX_ROW_BOOL (LevelerParams, reset, "reset", "Reset", 0, MIX_TRIGGER,
      "Set it to true when a new programme begins: clears all measurements, "
      "the gain continues from its value; it returns to false"),
};

#define LOUDNESS_ROWS(MEMBER, SUFFIX, WORDS)                                   \
  MIX_ROW_DOUBLE (LevelerReadings, MEMBER.momentary_lufs, "momentary" SUFFIX,  \
      "Momentary loudness" WORDS, "LUFS", MIX_LOUDNESS_FLOOR, 400,             \
      MIX_LOUDNESS_FLOOR, 0, "Loudness of the last 400 ms" WORDS),             \
      MIX_ROW_DOUBLE (LevelerReadings, MEMBER.short_term_lufs,                 \
          "short-term" SUFFIX, "Short-term loudness" WORDS, "LUFS",            \
          MIX_LOUDNESS_FLOOR, 400, MIX_LOUDNESS_FLOOR, 0,                      \
          "Loudness of the last 3 s" WORDS),                                   \
      MIX_ROW_DOUBLE (LevelerReadings, MEMBER.integrated_lufs,                 \
          "integrated" SUFFIX, "Integrated loudness" WORDS, "LUFS",            \
          MIX_LOUDNESS_GATE, 400, MIX_LOUDNESS_GATE, 0,                        \
          "Gated loudness since the start" WORDS                               \
          ", -70 if nothing passed the gate"),                                 \
      MIX_ROW_DOUBLE (LevelerReadings, MEMBER.range_lu, "range" SUFFIX,        \
          "Loudness range" WORDS, "LU", 0, 200, 0, 0,                          \
          "Loudness range (LRA) since the start" WORDS)

static const MixRow reading_rows[] = {
  LOUDNESS_ROWS (before, "-before", ", before"),
  LOUDNESS_ROWS (after, "-after", ", after"),
  MIX_ROW_DOUBLE (LevelerReadings, gain_db, "gain", "Gain", "dB", -60, 40, 0, 0,
      "Current gain"),
  MIX_ROW_DOUBLE (LevelerReadings, peak_db, "peak-after", "Peak, after", "dBFS",
      -400, 200, -400, 0,
      "Highest sample of the output since the last reading; over 0 a "
      "mixlimiter has to follow"),
};
