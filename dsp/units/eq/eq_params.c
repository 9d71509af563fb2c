/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "eq_params.h"

#include <math.h>

#include "band_channels.h"
#include "linear_length.h"

/* A band that changes the level by less has no effect. */
#define NO_EFFECT_DB 0.01

const MixChoice mix_eq_type_choices[] = {
  [MIX_FILTER_BELL] = { "bell", "Bell" },
  [MIX_FILTER_LOW_SHELF] = { "low-shelf", "Low shelf" },
  [MIX_FILTER_HIGH_SHELF] = { "high-shelf", "High shelf" },
  [MIX_FILTER_LOW_CUT] = { "low-cut", "Low cut" },
  [MIX_FILTER_HIGH_CUT] = { "high-cut", "High cut" },
  [MIX_FILTER_BAND_PASS] = { "band-pass", "Band pass" },
  [MIX_FILTER_NOTCH] = { "notch", "Notch" },
  [MIX_FILTER_ALL_PASS] = { "all-pass", "All pass" },
  [MIX_FILTER_TILT] = { "tilt", "Tilt" },
  { NULL, NULL },
};

const MixChoice mix_eq_slope_choices[] = {
  { "6", "6 dB/octave" },
  { "12", "12 dB/octave" },
  { "18", "18 dB/octave" },
  { "24", "24 dB/octave" },
  { "36", "36 dB/octave" },
  { "48", "48 dB/octave" },
  { "72", "72 dB/octave" },
  { "96", "96 dB/octave" },
  { NULL, NULL },
};

const int mix_eq_slopes[] = { 6, 12, 18, 24, 36, 48, 72, 96 };

const MixChoice mix_eq_channel_choices[] = {
  [MIX_EQ_ALL] = { "all", "All channels" },
  [MIX_EQ_LEFT] = { "left", "Left" },
  [MIX_EQ_RIGHT] = { "right", "Right" },
  [MIX_EQ_MID] = { "mid", "Mid" },
  [MIX_EQ_SIDE] = { "side", "Side" },
  { NULL, NULL },
};

const MixChoice mix_eq_phase_choices[] = {
  { "minimum", "Minimum phase, no latency" },
  { "linear", "Linear phase" },
  { NULL, NULL },
};

/* ---- One band ----------------------------------------------------------- */

MixFilterSpec
mix_eq_params_spec (const MixEqBandParams *band)
{
  return (MixFilterSpec){ (MixFilterType)band->type, band->frequency_hz,
    band->gain_db, band->q, (unsigned)mix_eq_slopes[band->slope] / 6 };
}

bool
mix_eq_params_is_dynamic (const MixEqBandParams *band)
{
  return band->threshold_db < 0 && mix_filter_has_gain (band->type);
}

/* An all-pass has no more than a little phase left below half the rate. */
bool
mix_eq_params_is_out_of_range (const MixEqBandParams *band, unsigned rate)
{
  enum { POINTS = 16 };
  if (2 * band->frequency_hz < rate)
    return false;
  if (band->type == MIX_FILTER_ALL_PASS)
    return true;
  MixFilterSpec spec = mix_eq_params_spec (band);
  if (mix_filter_is_flat (&spec))
    return false; /* at any frequency */
  for (unsigned i = 0; i <= POINTS; i++)
    if (!(fabs (mix_filter_prototype_db (&spec, 0.5 * rate * i / POINTS))
            < NO_EFFECT_DB))
      return false;
  return true;
}

/* A shelf's side, what a cut takes away, the band of bells, notches and band
 * passes; everything for all-pass and tilt. */
MixEqBandParams
mix_eq_params_region (const MixEqBandParams *band)
{
  MixEqBandParams region = *band;
  region.gain_db = region.threshold_db = 0;
  if (!mix_filter_is_cut (band->type))
    region.slope = 1;
  switch ((MixFilterType)band->type) {
    case MIX_FILTER_LOW_SHELF:
    case MIX_FILTER_LOW_CUT:
      region.type = MIX_FILTER_HIGH_CUT;
      break;
    case MIX_FILTER_HIGH_SHELF:
    case MIX_FILTER_HIGH_CUT:
      region.type = MIX_FILTER_LOW_CUT;
      break;
    case MIX_FILTER_ALL_PASS: /* a bell of 0 dB */
    case MIX_FILTER_TILT:
      region.type = MIX_FILTER_BELL;
      break;
    default:
      region.type = MIX_FILTER_BAND_PASS;
      break;
  }
  return region;
}

/* ---- All bands ---------------------------------------------------------- */

bool
mix_eq_params_is_on (const MixEqParams *p, unsigned band)
{
  return band < p->num_bands && p->bands[band].enabled;
}

bool
mix_eq_params_is_static (const MixEqParams *p, unsigned band, unsigned rate)
{
  return mix_eq_params_is_on (p, band)
         && !mix_eq_params_is_dynamic (&p->bands[band])
         && !mix_eq_params_is_out_of_range (&p->bands[band], rate);
}

int
mix_eq_params_solo (const MixEqParams *p)
{
  for (unsigned i = 0; i < p->num_bands; i++)
    if (p->bands[i].enabled && p->bands[i].solo)
      return (int)i;
  return -1;
}

/* ---- Remarks ------------------------------------------------------------ */

/* Whether the format has the channels that a band works on. */
static bool
has_channels (const MixFormat *format, int channels)
{
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  bool is_pair = mix_format_pairs (format, pairs) > 0;
  return is_pair || mix_eq_includes (channels, false, format->channels == 1, 0);
}

static bool
is_too_narrow (const MixEqParams *p, unsigned i, const MixFormat *format)
{
  MixFilterSpec spec = mix_eq_params_spec (&p->bands[i]);
  return mix_eq_params_is_static (p, i, format->rate)
         && mix_eq_linear_seconds (&spec) > mix_eq_linear_longest (format);
}

/* What a band that is on cannot do in this format. */
static void
remark_band (const MixEqParams *p, unsigned i, const MixFormat *format,
    MixRemarks *remarks)
{
  const MixEqBandParams *band = &p->bands[i];
  if (mix_filter_has_gain (band->type) && band->gain_db == 0)
    return;
  if (mix_eq_params_is_out_of_range (band, format->rate))
    remarks->add (remarks,
        "band%u has no effect: %g Hz is over half of the %u Hz it runs at", i,
        band->frequency_hz, format->rate);
  else if (!has_channels (format, band->channels))
    remarks->add (remarks,
        "band%u has no effect: there is no %s in this layout, only in stereo "
        "pairs; set its channels to all, or make the sound stereo before "
        "(audioconvert ! audio/x-raw,channels=2)",
        i, mix_eq_channel_choices[band->channels].nick);
  else if (p->linear_phase && band->type == MIX_FILTER_ALL_PASS)
    remarks->add (remarks,
        "band%u has no effect: an all-pass moves nothing but the phase, which "
        "is linear; set phase to minimum before the start",
        i);
  else if (p->linear_phase && is_too_narrow (p, i, format))
    remarks->add (remarks,
        "band%u is narrower than linear phase resolves at %g Hz and comes out "
        "flatter; phase=minimum does not have that limit",
        i, band->frequency_hz);
}

void
mix_eq_params_remark (
    const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const MixEqParams *p = params;
  for (unsigned i = 0; i < p->num_bands; i++)
    if (mix_eq_params_is_on (p, i))
      remark_band (p, i, format, remarks);
}
