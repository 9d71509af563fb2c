#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# scenes.sh ROOT BUILD: what the scenes promise, by an independent judge.
#
# shellcheck disable=SC2154,SC2317

set -u
# shellcheck source=tests/pipelines/scene-rig.sh
. "$(dirname "$0")/scene-rig.sh"

# float FILE STEM: as the judge reads it
float ()
{
  gst-launch-1.0 -q filesrc location="$stems/$2.flac" ! decodebin ! audioconvert ! \
    audio/x-raw,format=F32LE ! wavenc ! filesink location="$1"
}

telephone ()
{
  local low high
  float drums.wav drums
  check 'telephone' runs telephone
  read -r low high < <(judge bands drums.wav 300 3400)
  check "lows before: $low dB, told $(cell 'under 300' 1)" near "$(cell 'under 300' 1)" "$low" 0.1
  check "highs before: $high dB, told $(cell 'over 3.4' 1)" near "$(cell 'over 3.4' 1)" "$high" 0.1
  check 'there are lows before' within "$low" 5 99
  read -r low high < <(judge bands out.wav 300 3400)
  check "lows after: $low dB, told $(cell 'under 300' 2)" near "$(cell 'under 300' 2)" "$low" 0.1
  check "highs after: $high dB, told $(cell 'over 3.4' 2)" near "$(cell 'over 3.4' 2)" "$high" 0.1
  check 'the lows are gone' within "$low" -99 -15
  check 'the highs are 10 dB down' within "$high" -99 -10
  whole telephone 36
}

closed_room ()
{
  local high after
  check 'closed-room' runs closed-room
  read -r _ high < <(judge bands drums.wav 0 4000)
  read -r _ after < <(judge bands out.wav 0 4000)
  check "over 4 kHz: $high dB, then $after" within "$(less "$high" "$after")" 30 99
  check "told: $(cell 'over 4' 1), $(cell 'over 4' 2)" near "$(cell 'over 4' 2)" "$after" 0.1
  whole closed-room 36
}

# By the loudness range of libebur128.
too_close ()
{
  local before
  check 'too-close-too-far' runs too-close-too-far
  figures "$stems/lead.flac"
  before=$range
  figures out.wav
  check "loudness range $before LU, then $range" within "$range" 0 5
  check 'it was wide before' within "$before" 11 99
  check "told $(cell 'loudness range' 2)" near "$(cell 'loudness range' 2)" "$range" 0.1
  check "spread of the phrases: $(cell spread 1) LU before" within "$(cell spread 1)" 10 99
  check "spread of the phrases: $(cell spread 2) LU after" within "$(cell spread 2)" 0 4
  check "as loud as before: $lufs LUFS" near "$lufs" "$(cell integrated 1)" 1
  whole too-close-too-far 36
}

# A click through the same chain: n times a dotted eighth, 45 % each.
echo_piano ()
{
  local n=0 time level side wanted_side=left tempo=100
  judge click click.wav 44100 1 1
  check 'echo-piano' runs echo-piano --tempo $tempo click.wav
  while read -r time level side; do
    n=$((n + 1))
    check "echo $n after $time ms is at $n dotted eighths" near "$time" "$n * 45000 / $tempo" 1
    check "echo $n at $level dB" near "$level" "-6 + ($n - 1) * 20 * log (0.45) / log (10)" 0.2
    check "echo $n is $side" [ "$side" = $wanted_side ]
    [ $n -gt 6 ] || check "echo $n told: $(cell "echo $n," 2)" near "$(cell "echo $n," 2)" "$level" 0.2
    [ $wanted_side = left ] && wanted_side=right || wanted_side=left
  done < <(judge echoes out.wav)
  check "$n echoes" [ $n -ge 6 ]
  whole 'the echoes' 4
  check 'the piano' runs echo-piano
  whole 'the piano' 36.3
  check "told: $(cell length 2) s" near "$(cell length 2)" "$seconds" 0.006
}

wider ()
{
  local correlation side level band
  float guitar.wav guitar
  check 'wider' runs wider
  read -r correlation side < <(judge width out.wav)
  check "correlation $correlation" within "$correlation" 0 0.6
  check "told $(cell correlation 1), $(cell correlation 2)" near "$(cell correlation 2)" "$correlation" 0.01
  check "side $side dB" within "$side" -6 0
  check "told $(cell 'side against' 2)" near "$(cell 'side against' 2)" "$side" 0.02
  read -r level band < <(judge sum guitar.wav out.wav)
  check "the mono sum's level: $level dB" near "$level" 0 0.1
  check "a third octave of it: $band dB" near "$band" 0 0.1
  check "told $(cell 'most in a band' 2)" near "$(cell 'most in a band' 2)" "$band" 0.05
  check "its loudness: told $(cell 'mono sum, l' 1), $(cell 'mono sum, l' 2)" \
    near "$(cell 'mono sum, l' 1)" "$(cell 'mono sum, l' 2)" 0.1
  whole wider 36
}

telephone
closed_room
too_close
echo_piano
wider
exit $status
