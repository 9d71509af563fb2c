/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wet_routing.h"

#include "../../base/maths.h"

/* The slot of the first channel of that speaker, or `otherwise`. */
static unsigned char
find (const MixWetRouting *routing, const MixFormat *format, MixSpeaker speaker,
    unsigned char otherwise)
{
  unsigned char found = otherwise;
  unsigned first = format->channels;
  for (unsigned i = 0; i < routing->slots; i++) {
    unsigned c = routing->channel[i];
    if (format->speakers[c] == speaker && c < first) {
      found = (unsigned char)i;
      first = c;
    }
  }
  return found;
}

/* The front speaker of the same side; for the front pair the centre. */
static unsigned char
neighbour_of (
    const MixWetRouting *routing, const MixFormat *format, unsigned char slot)
{
  MixSpeaker speaker = format->speakers[routing->channel[slot]];
  if (speaker == MIX_SPEAKER_FRONT_LEFT || speaker == MIX_SPEAKER_FRONT_RIGHT
      || speaker == MIX_SPEAKER_REAR_CENTER)
    return find (routing, format, MIX_SPEAKER_FRONT_CENTER, slot);
  if (speaker > MIX_SPEAKER_FRONT_RIGHT)
    return find (routing, format, MIX_SPEAKER_FRONT_LEFT + speaker % 2, slot);
  return slot;
}

static unsigned char
add_slot (MixWetRouting *routing, unsigned channel)
{
  unsigned char slot = (unsigned char)routing->slots++;
  routing->channel[slot] = (unsigned char)channel;
  routing->partner[slot] = slot;
  return slot;
}

MixWetRouting
mix_wet_routing (const MixFormat *format)
{
  MixRoles roles = mix_format_roles (format);
  MixWetRouting routing = { .pairs = roles.pairs };
  for (unsigned p = 0; p < roles.pairs; p++) {
    unsigned char left = add_slot (&routing, roles.pair[p].left);
    unsigned char right = add_slot (&routing, roles.pair[p].right);
    routing.partner[left] = right;
    routing.partner[right] = left;
  }
  for (unsigned i = 0; i < roles.lone; i++)
    add_slot (&routing, roles.lone_channel[i]);
  for (unsigned i = 0; i < routing.slots; i++)
    routing.neighbour[i] = neighbour_of (&routing, format, (unsigned char)i);
  routing.inputs = mix_min (routing.slots, MIX_REVERB_INPUTS);
  return routing;
}
