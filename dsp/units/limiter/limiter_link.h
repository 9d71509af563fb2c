/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How far channels share one gain. All channels but the LFE are linked: each
 * required reduction is raised by a share of the largest. At a share of 1 they
 * are all the same, and once the gains have become the same too, one gain (the
 * leader's) is computed for all. Realtime-safe.
 */
#pragma once

#include "../../base/maths.h"
#include "../../base/tick.h"
#include "../../format.h"

typedef struct {
  unsigned channels;
  bool linked[MIX_MAX_CHANNELS];
  unsigned leader; /* the first linked channel */
  float share;     /* 0: each channel for itself … 1: all get the same gain */
  /* Counts ticks from the moment at which the share is 1 until the gains of the
   * linked channels are the same; 0: they are. */
  unsigned merging;
} MixLimiterLink;

static inline void
mix_limiter_link_prepare (MixLimiterLink *link, const MixFormat *format)
{
  link->channels = format->channels;
  for (unsigned c = format->channels; c-- > 0;) {
    link->linked[c] = !mix_format_is_lfe (format, c);
    if (link->linked[c])
      link->leader = c;
  }
}

static inline void
mix_limiter_link_set (MixLimiterLink *link, double share)
{
  link->share = (float)share;
}

/* All gains are 1. */
static inline void
mix_limiter_link_reset (MixLimiterLink *link)
{
  link->merging = link->share < 1;
}

/* The channel has the leader's gain. */
static inline bool
mix_limiter_link_follows (const MixLimiterLink *link, unsigned c)
{
  return link->merging == 0 && link->linked[c] && c != link->leader;
}

/* The share is 1, the gains are not the same yet. */
static inline bool
mix_limiter_link_is_merging (const MixLimiterLink *link)
{
  return link->merging > 0 && link->share >= 1;
}

/* A tick of the same required reductions has passed; after `memory` of them the
 * gains are the same. */
static inline void
mix_limiter_link_advance (MixLimiterLink *link, unsigned memory)
{
  if (++link->merging > memory)
    link->merging = 0;
}

/* Whatever the gains remember starts anew. */
static inline void
mix_limiter_link_restart (MixLimiterLink *link)
{
  link->merging = link->merging > 0;
}

/* Before a tick. True when channels that followed need gains of their own:
 * copies of the leader's. */
static inline bool
mix_limiter_link_splits (MixLimiterLink *link)
{
  if (link->share >= 1)
    return false;
  bool splits = link->merging == 0;
  link->merging = 1;
  return splits;
}

/* Raises each required reduction by its share of the largest. */
static inline void
mix_limiter_link_raise (const MixLimiterLink *link,
    float required_db[MIX_MAX_CHANNELS][MIX_TICK], unsigned steps)
{
  float most[MIX_TICK] = { 0 }, share = link->share;
  for (unsigned c = 0; c < link->channels; c++)
    for (unsigned j = 0; link->linked[c] && j < steps; j++)
      most[j] = mix_larger (required_db[c][j], most[j]);
  for (unsigned c = 0; c < link->channels; c++)
    for (unsigned j = 0; link->linked[c] && j < steps; j++)
      required_db[c][j]
          = share < 1
                ? required_db[c][j] + share * (most[j] - required_db[c][j])
                : most[j];
}
