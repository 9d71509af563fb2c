/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "multiband_params.h"

#include <string.h>

/* Upward compression raises nothing below it (dBFS). */
#define BOOST_FLOOR_DB (-60.0)

/* ---- Choices ------------------------------------------------------------ */

static const MixChoice slope_choices[]
    = { { "24", "24 dB/octave" }, { "48", "48 dB/octave" }, { NULL, NULL } };
const int mix_multiband_slopes[] = { 24, 48 };

static const MixChoice phase_choices[]
    = { { "minimum", "Minimum phase, no latency" },
        { "linear", "Linear phase" }, { NULL, NULL } };

static const MixChoice modes[] = { { "downward", "Downward" },
  { "upward", "Upward" }, { "both", "Both" }, { NULL, NULL } };

/* ---- The unit's rows ---------------------------------------------------- */

#define CROSSOVER_ROW(INDEX, NAME, LABEL, INITIAL)                             \
  MIX_ROW_DOUBLE (MixMultibandParams, crossover_hz[INDEX], NAME, LABEL, "Hz",  \
      20, 20000, INITIAL, 0,                                                   \
      "Corner between band " #INDEX " and the band above it; as long as it "   \
      "is not set it follows the number of bands")

const MixRow mix_multiband_rows[MIX_MULTIBAND_ROWS] = {
  MIX_ROW_UINT (MixMultibandParams, num_bands, "num-bands", "Number of bands",
      "", 2, MIX_MULTIBAND_MOST, 3, 0,
      "Number of bands in use; later ones have no effect"),
  CROSSOVER_ROW (0, "crossover0", "Crossover 0", 200),
  CROSSOVER_ROW (1, "crossover1", "Crossover 1", 3000),
  CROSSOVER_ROW (2, "crossover2", "Crossover 2", 6500),
  CROSSOVER_ROW (3, "crossover3", "Crossover 3", 9000),
  CROSSOVER_ROW (4, "crossover4", "Crossover 4", 12000),
  MIX_ROW_NUMBERED_CHOICE (MixMultibandParams, slope, "slope", "Slope",
      slope_choices, mix_multiband_slopes, 2, 0, 0,
      "Steepness of the crossovers in dB per octave"),
  MIX_ROW_CHOICE (MixMultibandParams, linear_phase, "phase", "Phase",
      phase_choices, 2, 0, MIX_SIZES_MEMORY | MIX_MOVES_LATENCY,
      "Minimum phase, where the sum of the bands is an all-pass without "
      "latency, or linear phase, where it is a delay"),
  MIX_ROW_DOUBLE (MixMultibandParams, look_ahead_ms, "look-ahead", "Look-ahead",
      "ms", 0, MIX_MULTIBAND_LOOK_AHEAD_MS, 0,
      MIX_SIZES_MEMORY | MIX_MOVES_LATENCY,
      "Time by which the gains are ahead of the sound; it delays the output"),
  MIX_ROW_DOUBLE (MixMultibandParams, couple_percent, "couple", "Couple", "%",
      0, 100, 0, 0,
      "How far each band's reduction follows that of the band below it; 100 "
      "gives all bands that of the lowest"),
  MIX_ROW_DOUBLE (MixMultibandParams, gate_lufs, "gate", "Gate", "LUFS",
      MIX_MULTIBAND_NO_GATE, -10, MIX_MULTIBAND_NO_GATE, 0,
      "Momentary loudness of the input below which the bands' reductions "
      "glide to their mean, so that pauses keep the tone; -70 is off"),
  MIX_ROW_DOUBLE (MixMultibandParams, mix_percent, "mix", "Mix", "%", 0, 100,
      100, 0,
      "Share of the processed sound; the rest is the plain sum of the bands, "
      "in phase with it"),
  MIX_ROW_DOUBLE (MixMultibandParams, output_gain_db, "output-gain",
      "Output gain", "dB", -36, 36, 0, 0, "Gain after all bands"),
};

_Static_assert(sizeof mix_multiband_rows / sizeof *mix_multiband_rows
                   == MIX_MULTIBAND_ROWS,
    "count of rows");

/* ---- A band's rows ------------------------------------------------------ */

static const MixRow band_rows[] = {
  MIX_ROW_DOUBLE (MixMultibandBand, threshold_db, "threshold", "Threshold",
      "dB", -80, 0, -18, 0,
      "Level of the band above which its gain is reduced (upward: below which "
      "it is raised), in dBFS of a sine's peak"),
  MIX_ROW_DOUBLE (MixMultibandBand, ratio, "ratio", "Ratio", "", 1,
      MIX_CURVE_INFINITE_RATIO, 4, 0,
      "Change of the band's level in dB that changes its output by 1 dB, "
      "beyond the threshold; 1 does nothing, the largest value means "
      "infinite"),
  MIX_ROW_DOUBLE (MixMultibandBand, knee_db, "knee", "Knee", "dB", 0, 48, 6, 0,
      "Width of the soft transition around the threshold"),
  MIX_ROW_DOUBLE (MixMultibandBand, attack_ms, "attack", "Attack", "ms", 0.01,
      500, 10, 0,
      "Time in which a rising reduction covers 63 % of its way; the detector "
      "adds about a quarter of a cycle"),
  MIX_ROW_DOUBLE (MixMultibandBand, release_ms, "release", "Release", "ms", 1,
      5000, 100, 0, "Time in which a falling reduction covers 63 % of its way"),
  MIX_ROW_CHOICE (MixMultibandBand, mode, "mode", "Mode", modes, 3,
      MIX_CURVE_DOWNWARD, 0,
      "Reduce what is above the threshold, raise what is below it (by at most "
      "24 dB, and nothing below -60 dBFS), or both"),
  MIX_ROW_DOUBLE (MixMultibandBand, range_db, "range", "Range", "dB", 0, 80, 80,
      0, "The most that the gain is reduced or raised"),
  MIX_ROW_DOUBLE (MixMultibandBand, gain_db, "gain", "Gain", "dB", -36, 36, 0,
      0, "Gain of the band after compression"),
  MIX_ROW_DOUBLE (MixMultibandBand, width_percent, "width", "Width", "%", 0,
      400, 100, 0,
      "Gain of the band's side signal against its mid signal, in each stereo "
      "pair; 0 is mono"),
  MIX_ROW_BOOL (MixMultibandBand, solo, "solo", "Solo", 0, 0,
      "Lets nothing but the soloed bands be heard"),
  MIX_ROW_BOOL (
      MixMultibandBand, mute, "mute", "Mute", 0, 0, "Silences the band"),
  MIX_ROW_BOOL (MixMultibandBand, enabled, "enabled", "Enabled", 1, 0,
      "Whether the band is processed; one that is not passes as it is"),
};

const MixGroup mix_multiband_group = {
  .name = "band",
  .table = MIX_TABLE (band_rows, MixMultibandBand),
  .offset = offsetof (MixMultibandParams, bands),
  .most = MIX_MULTIBAND_MOST,
  .count_name = "num-bands",
  .count_offset = offsetof (MixMultibandParams, num_bands),
};

/* ---- Defaults ----------------------------------------------------------- */

/* For each number of bands those it uses. The ones above are not used: they
 * keep the values of the rows, or what is next in order. */
void
mix_multiband_defaults (void *params)
{
  static const double corners[][MIX_MULTIBAND_CORNERS] = {
    [2] = { 500, 3000, 6500, 9000, 12000 },
    [3] = { 200, 3000, 6500, 9000, 12000 },
    [4] = { 120, 1000, 5000, 9000, 12000 },
    [5] = { 200, 1000, 3500, 6500, 12000 },
    [6] = { 100, 300, 1000, 3500, 8000 },
  };
  MixMultibandParams *p = params;
  memcpy (p->crossover_hz, corners[p->num_bands], sizeof p->crossover_hz);
}

/* ---- Bands -------------------------------------------------------------- */

/* Sorted by insertion. */
unsigned
mix_multiband_corners (const MixMultibandParams *p, unsigned rate,
    double corners[MIX_MULTIBAND_CORNERS])
{
  unsigned count = 0;
  for (unsigned i = 0; i + 1 < p->num_bands; i++) {
    double hz = p->crossover_hz[i];
    unsigned at = count;
    if (2 * hz >= rate)
      continue;
    for (; at > 0 && corners[at - 1] > hz; at--)
      corners[at] = corners[at - 1];
    corners[at] = hz;
    count++;
  }
  return count + 1;
}

MixGainComputerParams
mix_multiband_computer (const MixMultibandBand *band)
{
  return (MixGainComputerParams){
    .curve = { band->threshold_db, band->enabled ? band->ratio : 1,
        band->knee_db, band->mode, band->range_db, BOOST_FLOOR_DB },
    .attack_ms = band->attack_ms,
    .release_ms = band->release_ms,
    .is_gated = true,
  };
}

bool
mix_multiband_is_heard (const MixMultibandParams *p, unsigned band)
{
  bool any_solo = false;
  for (unsigned i = 0; i < p->num_bands; i++)
    any_solo |= p->bands[i].solo;
  return !p->bands[band].mute && (!any_solo || p->bands[band].solo);
}

/* ---- Remarks ------------------------------------------------------------ */

static void
remark_order (const MixMultibandParams *p, MixRemarks *remarks)
{
  for (unsigned i = 1; i + 1 < p->num_bands; i++)
    if (p->crossover_hz[i] < p->crossover_hz[i - 1]) {
      remarks->add (remarks,
          "crossover%u (%g Hz) is below crossover%u (%g Hz): the crossovers "
          "are used in ascending order, and band0 stays the lowest",
          i, p->crossover_hz[i], i - 1, p->crossover_hz[i - 1]);
      return;
    }
}

static void
remark_width (
    const MixMultibandParams *p, const MixFormat *format, MixRemarks *remarks)
{
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  if (mix_format_pairs (format, pairs) > 0)
    return;
  for (unsigned i = 0; i < p->num_bands; i++)
    if (p->bands[i].width_percent != 100) {
      remarks->add (remarks,
          "the width of band%u has no effect: there is no stereo pair in this "
          "layout; make the sound stereo before (audioconvert ! "
          "audio/x-raw,channels=2)",
          i);
      return;
    }
}

void
mix_multiband_remark (
    const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const MixMultibandParams *p = params;
  double corners[MIX_MULTIBAND_CORNERS];
  unsigned bands = mix_multiband_corners (p, format->rate, corners);
  if (bands < p->num_bands)
    remarks->add (remarks,
        "only %u of %u bands are in use: a crossover is at half of the %u Hz "
        "it runs at or above",
        bands, p->num_bands, format->rate);
  remark_order (p, remarks);
  remark_width (p, format, remarks);
}
