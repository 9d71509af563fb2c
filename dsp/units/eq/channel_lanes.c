/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "channel_lanes.h"

unsigned
mix_eq_lanes_find (const MixFormat *format, MixEqLanes lanes[MIX_MAX_CHANNELS])
{
  MixRoles roles = mix_format_roles (format);
  unsigned rest = roles.lone + roles.lfes, count = roles.pairs;
  for (unsigned i = 0; i < roles.pairs; i++)
    lanes[i]
        = (MixEqLanes){ .channel = { roles.pair[i].left, roles.pair[i].right },
            .is_pair = true };
  for (unsigned i = 0; i < rest; i++) {
    bool is_lfe = i >= roles.lone;
    unsigned c
        = is_lfe ? roles.lfe_channel[i - roles.lone] : roles.lone_channel[i];
    if (i % 2 == 0)
      lanes[count++]
          = (MixEqLanes){ .channel = { c, c }, .is_lfe = { is_lfe, is_lfe } };
    else {
      lanes[count - 1].channel[1] = c;
      lanes[count - 1].is_lfe[1] = is_lfe;
    }
  }
  return count;
}
