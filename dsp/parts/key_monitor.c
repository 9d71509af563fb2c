/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "key_monitor.h"

#include <string.h>

#define SMOOTHING_MS 5.0

void
mix_key_monitor_prepare (
    MixKeyMonitor *m, const MixFormat *format, MixArena *arena)
{
  MixRoles roles = mix_format_roles (format);
  *m = (MixKeyMonitor){
    .channels = format->channels,
    .has_front = roles.pairs > 0,
    .front = roles.pair[0],
    .filters = mix_arena_take (arena, format->channels, sizeof *m->filters),
    .rows = mix_arena_take (
        arena, format->channels, MIX_DETECTOR_SPAN * sizeof *m->rows),
  };
  mix_smoother_prepare (&m->listen, format->rate, SMOOTHING_MS);
  mix_smoother_prepare (&m->to_mid, format->rate, SMOOTHING_MS);
  mix_smoother_prepare (&m->to_side, format->rate, SMOOTHING_MS);
}

void
mix_key_monitor_set (MixKeyMonitor *m, bool listen, MixDetectorSource source)
{
  mix_smoother_set (&m->listen, listen);
  mix_smoother_set (&m->to_mid, source == MIX_DETECTOR_MID);
  mix_smoother_set (&m->to_side, source == MIX_DETECTOR_SIDE);
}

/* The filters start without history. */
static void
update_active (MixKeyMonitor *m)
{
  bool active = m->listen.target > 0 || !mix_smoother_is_still (&m->listen);
  if (active && !m->is_active)
    memset (m->filters, 0, m->channels * sizeof *m->filters);
  m->is_active = active;
}

void
mix_key_monitor_tick (MixKeyMonitor *m)
{
  mix_smoother_tick (&m->listen);
  mix_smoother_tick (&m->to_mid);
  mix_smoother_tick (&m->to_side);
  update_active (m);
}

void
mix_key_monitor_reset (MixKeyMonitor *m)
{
  mix_smoother_snap (&m->listen);
  mix_smoother_snap (&m->to_mid);
  mix_smoother_snap (&m->to_side);
  m->is_active = false;
  update_active (m);
}

bool
mix_key_monitor_is_still (const MixKeyMonitor *m)
{
  return mix_smoother_is_still (&m->listen)
         && mix_smoother_is_still (&m->to_mid)
         && mix_smoother_is_still (&m->to_side);
}

/* To half the sum and half the difference of the front pair; without one, mid
 * is the channel itself and side is silence. */
static void
fade_to_middle (const MixKeyMonitor *m, float *io, const float *left,
    const float *right, unsigned offset, unsigned n)
{
  MixRamp to_mid = mix_smoother_ramp (&m->to_mid);
  MixRamp to_side = mix_smoother_ramp (&m->to_side);
  for (unsigned i = 0; i < n; i++) {
    float mid = io[i], side = 0;
    if (m->has_front) {
      mid = 0.5f * left[i] + 0.5f * right[i];
      side = 0.5f * left[i] - 0.5f * right[i];
    }
    float more_mid = (mid - io[i]) * mix_ramp_at (to_mid, offset + i);
    float more_side = (side - io[i]) * mix_ramp_at (to_side, offset + i);
    io[i] += more_mid + more_side;
  }
}

void
mix_key_monitor_run (
    MixKeyMonitor *m, const MixKeyFilter *filter, unsigned offset, unsigned n)
{
  float left[MIX_DETECTOR_SPAN], right[MIX_DETECTOR_SPAN];
  memcpy (left, mix_key_monitor_row (m, m->front.left), n * sizeof *left);
  memcpy (right, mix_key_monitor_row (m, m->front.right), n * sizeof *right);
  for (unsigned c = 0; c < m->channels; c++) {
    float *row = mix_key_monitor_row (m, c);
    fade_to_middle (m, row, left, right, offset, n);
    mix_key_filter_run (filter, &m->filters[c], offset, row, row, n);
  }
}

void
mix_key_monitor_mix (
    const MixKeyMonitor *m, float *const *out, unsigned offset, unsigned n)
{
  MixRamp share = mix_smoother_ramp (&m->listen);
  for (unsigned c = 0; c < m->channels; c++) {
    const float *row = mix_key_monitor_row (m, c);
    for (unsigned i = 0; i < n; i++)
      out[c][i] += (row[i] - out[c][i]) * mix_ramp_at (share, offset + i);
  }
}
