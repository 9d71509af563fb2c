#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# depth.sh ROOT BUILD: the scenes with a room, by an independent judge.
#
# shellcheck disable=SC2154,SC2317

set -u
# shellcheck source=tests/pipelines/scene-rig.sh
. "$(dirname "$0")/scene-rig.sh"

# The preset's decay is 2.4 s.
opera_hall ()
{
  local time
  judge click click.wav 48000 1 1
  check 'opera-hall, a click' runs opera-hall click.wav
  time=$(judge decay out.wav)
  check "it rings for $time s" near "$time" 2.4 0.15
  check "told $(cell T30 2)" near "$(cell T30 2)" "$time" 0.15
  check "T20 $(cell T20 2)" near "$(cell T20 2)" 2.4 0.12
  whole 'the click' 2.5
  check 'opera-hall' runs opera-hall
  whole 'the singer' 36.3
  check "rings on for $(cell 'rings on' 2) s" within "$(cell 'rings on' 2)" 0.5 9
  judge noise noise.wav 44100 2 2
  check 'what ends in full sound' runs opera-hall noise.wav
  whole 'noise' 4
  check "rings on for $(cell 'rings on' 2) s, 2.4 s for 60 dB" \
    within "$(cell 'rings on' 2)" 1 3.5
}

# loudness FILE
loudness ()
{
  figures "$1"
  echo "$lufs"
}

# As two loudspeakers play it.
in_stereo ()
{
  gst-launch-1.0 -q filesrc location="$1" ! decodebin ! audioconvert ! \
    audio/x-raw,channels=2,format=F32LE ! wavenc ! filesink location="$2"
}

drummer ()
{
  local ratio shade old new singer
  judge click click.wav 48000 2 1
  judge click silence.wav 48000 2 1 0
  check 'a click, no singer' runs drummer-further-behind click.wav silence.wav
  read -r ratio shade < <(judge direct out.wav)
  check "direct sound to the room's: $ratio dB" within "$ratio" -12 0
  check "8 kHz of it to 500 Hz: $shade dB" within "$shade" -20 -4
  check "told $(cell '8 kHz' 2)" near "$(cell '8 kHz' 2)" "$shade" 0.2
  whole 'the click' 1.1
  in_stereo "$stems/lead.flac" lead.wav
  singer=$(loudness lead.wav) old=$(less "$(loudness "$stems/drums.flac")" "$singer")
  check 'the drums alone' runs drummer-further-behind "$stems/drums.flac" silence.wav
  new=$(less "$(loudness out.wav)" "$singer")
  check "drums before: $old LU to the singer" within "$old" 1 9
  check "and after: $new" within "$new" -9 -2
  check 'both' runs drummer-further-behind
  check "told: $(cell 'the singer' 1), $(cell 'the singer' 2)" near "$(cell 'the singer' 2)" "$new" 0.05
  check "told before" near "$(cell 'the singer' 1)" "$old" 0.05
  whole both 36.1
}

# What one has to do with the other: the singer is as he was.
singer ()
{
  local level
  check 'the singer alone' runs drummer-further-behind silence.wav lead.wav
  read -r level _ < <(judge sum lead.wav out.wav)
  check "the singer's level changes by $level dB" near "$level" 0 0.01
}

opera_hall
drummer
singer
exit $status
