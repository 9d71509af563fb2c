/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "format.h"

#include <string.h>

MixFormat
mix_format (unsigned rate, unsigned channels)
{
  enum {
    L = MIX_SPEAKER_FRONT_LEFT,
    R = MIX_SPEAKER_FRONT_RIGHT,
    C = MIX_SPEAKER_FRONT_CENTER,
    LFE = MIX_SPEAKER_LFE,
    RL = MIX_SPEAKER_REAR_LEFT,
    RR = MIX_SPEAKER_REAR_RIGHT,
    RC = MIX_SPEAKER_REAR_CENTER,
    SL = MIX_SPEAKER_SIDE_LEFT,
    SR = MIX_SPEAKER_SIDE_RIGHT,
  };
  static const unsigned char usual[9][8] = {
    [1] = { MIX_SPEAKER_MONO },
    [2] = { L, R },
    [3] = { L, R, C },
    [4] = { L, R, RL, RR },
    [5] = { L, R, C, RL, RR },
    [6] = { L, R, C, LFE, RL, RR },
    [7] = { L, R, C, LFE, RL, RR, RC },
    [8] = { L, R, C, LFE, RL, RR, SL, SR },
  };
  MixFormat format = { .rate = rate, .channels = channels };
  for (unsigned i = 0; channels <= 8 && i < channels; i++)
    format.speakers[i] = usual[channels][i];
  return format;
}

static bool
find_speaker (const MixFormat *format, MixSpeaker speaker, unsigned *channel)
{
  for (unsigned i = 0; i < format->channels; i++)
    if (format->speakers[i] == speaker) {
      *channel = i;
      return true;
    }
  return false;
}

unsigned
mix_format_pairs (const MixFormat *format, MixPair pairs[MIX_MAX_CHANNELS / 2])
{
  if (format->channels == 2 && format->speakers[0] == MIX_SPEAKER_NONE) {
    pairs[0] = (MixPair){ 0, 1 };
    return 1;
  }
  unsigned count = 0;
  for (MixSpeaker left = MIX_SPEAKER_FRONT_LEFT; left <= MIX_SPEAKER_WIDE_LEFT;
       left += 2)
    if (find_speaker (format, left, &pairs[count].left)
        && find_speaker (format, left + 1, &pairs[count].right))
      count++;
  return count;
}

static bool
has_only_lfe (const MixFormat *format)
{
  for (unsigned c = 0; c < format->channels; c++)
    if (format->speakers[c] != MIX_SPEAKER_LFE)
      return false;
  return true;
}

bool
mix_format_is_lfe (const MixFormat *format, unsigned channel)
{
  return format->speakers[channel] == MIX_SPEAKER_LFE && !has_only_lfe (format);
}

MixRoles
mix_format_roles (const MixFormat *format)
{
  MixRoles roles = { 0 };
  roles.pairs = mix_format_pairs (format, roles.pair);
  bool paired[MIX_MAX_CHANNELS] = { false };
  for (unsigned i = 0; i < roles.pairs; i++)
    paired[roles.pair[i].left] = paired[roles.pair[i].right] = true;
  for (unsigned c = 0; c < format->channels; c++)
    if (mix_format_is_lfe (format, c))
      roles.lfe_channel[roles.lfes++] = c;
    else if (!paired[c])
      roles.lone_channel[roles.lone++] = c;
  return roles;
}

bool
mix_format_has_same_channels (const MixFormat *a, const MixFormat *b)
{
  return a->channels == b->channels
         && memcmp (a->speakers, b->speakers, a->channels * sizeof *a->speakers)
                == 0;
}
