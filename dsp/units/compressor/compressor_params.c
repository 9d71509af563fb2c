/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compressor_params.h"

#include "../../parts/detector.h"

static MixStaticCurveParams
curve_params (const MixCompParams *p)
{
  return (MixStaticCurveParams){ p->threshold_db, p->ratio, p->knee_db, p->mode,
    p->range_db, p->floor_db };
}

MixGainComputerParams
mix_comp_params_computer (const MixCompParams *p)
{
  return (MixGainComputerParams){
    .curve = curve_params (p),
    .attack_ms = p->attack_ms,
    .release_ms = p->release_ms,
    .hold_ms = p->hold_ms,
    .auto_release = p->auto_release,
    .is_gated = p->detector == MIX_DETECTOR_PEAK,
  };
}

/* The automatic part is half of what a full-scale sine loses. Programme has its
 * peaks between the threshold and full scale: the whole of it would send all
 * that the attack lets through over full scale. */
double
mix_comp_params_makeup_db (const MixCompParams *p)
{
  MixStaticCurveParams curve = curve_params (p);
  return p->makeup_db
         + (p->auto_makeup ? 0.5 * mix_full_scale_reduction (&curve) : 0);
}

/* Mono is its own mid. */
void
mix_comp_params_remark (
    const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const MixCompParams *p = params;
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  if (p->source < MIX_DETECTOR_MID || mix_format_pairs (format, pairs) > 0)
    return;
  if (p->source == MIX_DETECTOR_SIDE)
    remarks->add (remarks,
        "there is no stereo pair and so no side to measure, nothing is "
        "compressed; set source to max, or make the sound stereo before "
        "(audioconvert ! audio/x-raw,channels=2)");
  else if (format->channels > 1)
    remarks->add (remarks,
        "there is no stereo pair and so no mid to measure, the loudest "
        "channel counts; set source to max or average, or give the channels "
        "places (audioconvert ! audio/x-raw,channels=2)");
}
