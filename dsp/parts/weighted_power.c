/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "weighted_power.h"

#include <string.h>

/* ---- Weights ------------------------------------------------------------ */

static bool
has_speaker (const MixFormat *format, MixSpeaker speaker)
{
  for (unsigned c = 0; c < format->channels; c++)
    if (format->speakers[c] == speaker)
      return true;
  return false;
}

/* BS.1770-5, Annex 3: 1.41 between 60 and 120 degrees at the height of the
 * ears, 1 elsewhere. A rear pair is at 110 degrees, but at 135 if there is a
 * side pair too. */
static double
weight_of_channel (const MixFormat *format, unsigned channel)
{
  switch (format->speakers[channel]) {
    case MIX_SPEAKER_LFE:
      return mix_format_is_lfe (format, channel) ? 0 : 1;
    case MIX_SPEAKER_SIDE_LEFT:
    case MIX_SPEAKER_SIDE_RIGHT:
    case MIX_SPEAKER_WIDE_LEFT:
    case MIX_SPEAKER_WIDE_RIGHT:
      return 1.41;
    case MIX_SPEAKER_REAR_LEFT:
    case MIX_SPEAKER_REAR_RIGHT:
      return has_speaker (format, MIX_SPEAKER_SIDE_LEFT) ? 1 : 1.41;
    default:
      return 1;
  }
}

void
mix_weighted_power_set_weights (
    MixWeightedPower *w, const MixFormat *format, bool equal, bool dual_mono)
{
  for (unsigned c = 0; c < format->channels; c++)
    w->weight[c] = equal ? 1 : weight_of_channel (format, c);
  if (format->channels == 1 && dual_mono)
    w->weight[0] *= 2;
}

/* ---- Pairs -------------------------------------------------------------- */

/* The front pair first, then the other channels in their order. */
static void
pair_up (MixWeightedPower *w, const MixFormat *format)
{
  MixPair found[MIX_MAX_CHANNELS / 2];
  bool taken[MIX_MAX_CHANNELS] = { false };
  unsigned first = MIX_MAX_CHANNELS;
  w->has_front = mix_format_pairs (format, found) > 0;
  w->pairs = 0;
  if (w->has_front) {
    w->pair[w->pairs++] = found[0];
    taken[found[0].left] = taken[found[0].right] = true;
  }
  for (unsigned c = 0; c < format->channels; c++) {
    if (taken[c])
      continue;
    if (first == MIX_MAX_CHANNELS) {
      first = c;
    } else {
      w->pair[w->pairs++] = (MixPair){ first, c };
      first = MIX_MAX_CHANNELS;
    }
  }
  if (first < MIX_MAX_CHANNELS)
    w->pair[w->pairs++] = (MixPair){ first, first };
}

/* ---- Public ------------------------------------------------------------- */

void
mix_weighted_power_prepare (MixWeightedPower *w, const MixFormat *format)
{
  w->channels = format->channels;
  mix_weighted_power_set_weights (w, format, false, false);
  mix_k_weighting_design (&w->filter, format->rate);
  pair_up (w, format);
  mix_weighted_power_reset (w);
}

void
mix_weighted_power_reset (MixWeightedPower *w)
{
  memset (w->power, 0, w->channels * sizeof *w->power);
  memset (w->state, 0, w->pairs * sizeof *w->state);
}

void
mix_weighted_power_run (MixWeightedPower *w, const float *const *in,
    unsigned at, unsigned n, MixPlainPower *plain)
{
  for (unsigned p = 0; p < w->pairs; p++) {
    unsigned l = w->pair[p].left, r = w->pair[p].right;
    MixKSums sums = { .weighted = { w->power[l], w->power[r] },
      .plain = { plain->square[l], plain->square[r] },
      .product = plain->product };
    mix_k_weighting_run (
        &w->filter, &w->state[p], in[l] + at, in[r] + at, n, &sums);
    w->power[l] = sums.weighted[0];
    plain->square[l] = sums.plain[0];
    w->power[r] = sums.weighted[1];
    plain->square[r] = sums.plain[1];
    if (p == 0 && w->has_front)
      plain->product = sums.product;
  }
}

double
mix_weighted_power_take (MixWeightedPower *w)
{
  double power = 0;
  for (unsigned c = 0; c < w->channels; c++) {
    power += w->weight[c] * w->power[c];
    w->power[c] = 0;
  }
  return power;
}
