#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# level-balance.sh ROOT BUILD: pipelines/level-balance puts every track at its
# distance to the leader, as an independent meter hears it.
#
# shellcheck disable=SC2317

set -u
# shellcheck source=tests/pipelines/rig.sh
. "$(dirname "$0")/rig.sh"
tool=$pipelines/level-balance

# balance ARGUMENTS...: fills table, said and code, and measures what came out.
balance ()
{
  rm -f balance.wav
  table=$("$tool" "$@" 2>said </dev/null)
  code=$?
  said=$(cat said)
  lufs='' peak=''
  [ "$code" -ne 0 ] || figures balance.wav
}

# cell ROW COLUMN, below the head
cell ()
{
  awk -v row="$(($1 + 2))" -v column="$2" 'NR == row { print $column }' <<<"$table"
}

# tone FILE HZ GAIN CHANNELS RATE [SECONDS]
tone ()
{
  gst-launch-1.0 -q audiotestsrc freq="$2" volume="$3" num-buffers=$((${6-8} * 10)) \
    samplesperbuffer=$(($5 / 10)) ! "audio/x-raw,channels=$4,rate=$5" ! wavenc ! \
    filesink location="$1"
}

# sum LUFS...: of tracks that have nothing in common, powers add.
sum ()
{
  LC_ALL=C awk 'BEGIN { for (i = 1; i < ARGC; i++) power += 10 ^ (ARGV[i] / 10)
                        printf "%.2f", 10 * log (power) / log (10) }' "$@"
}

is_near ()
{
  within "$(less "$1" "$2")" "-$3" "$3"
}

refuses ()
{
  local text=$1
  shift
  balance "$@"
  [ "$code" -ne 0 ] && [ ! -e balance.wav ] && [[ $said == *"$text"* ]]
}

# Tones of two frequencies, at levels, formats and rates that do not matter.
tones ()
{
  tone low.wav 500 0.5 1 44100
  tone high.wav 2000 0.01 2 48000
  tone top.wav 3100 0.1 6 32000
  balance low.wav
  check "one track, $lufs LUFS, is at the target" is_near "$lufs" -23 0.03
  balance low.wav high.wav
  check "6 LU behind: $lufs" is_near "$lufs" "$(sum -23 -29)" 0.05
  check "and told: $(cell 2 4)" is_near "$(cell 2 4)" 6 0.03
  balance --target -30 --behind 2 low.wav high.wav:-4.5 top.wav
  check "1: $(cell 1 2), 2: $(cell 2 2), 3: $(cell 3 2)" \
    is_near "$lufs" "$(sum -30 -25.5 -32)" 0.05
  check 'the first leads' is_near "$(cell 1 2)" -30 0.03
  check 'the second is in front of it' is_near "$(cell 2 4)" -4.5 0.03
  check 'a tone before' is_near "$(cell 1 1)" "$(less "$(cell 1 2)" "$(cell 1 3)")" 0.03
}

# Recordings, where nothing has to be held back.
music ()
{
  balance "$stems/lead.flac" "$stems/piano.flac:3" "$stems/choir.flac:10"
  check "the mix: $(cell 4 1), judged $lufs" is_near "$(cell 4 1)" "$lufs" 0.02
  check "the voice is at $(cell 1 2)" is_near "$(cell 1 2)" -23 0.02
  check "the piano $(cell 2 4) LU behind" is_near "$(cell 2 4)" 3 0.02
  check "the choir $(cell 3 4) LU behind" is_near "$(cell 3 4)" 10 0.02
  check 'the limiter has nothing to do' [ "${table/limiter/}" = "$table" ]
  check "$seconds s are all" is_near "$seconds" 36 0.001
}

# Too loud a target: the ceiling holds, and that is told.
ceiling ()
{
  balance --target -9 --ceiling -2 "$stems/lead.flac" "$stems/drums.flac:0"
  check "true peak $peak is at most -2" within "$peak" -2.5 -2
  check 'hard work is told' [ "${table/a lower --target/}" != "$table" ]
}

# One pass: the leveler needs some seconds to get there, and they count.
live ()
{
  tone long.wav 500 0.15 1 48000 60
  tone bed.wav 2000 0.03 2 44100 60
  balance --live long.wav bed.wav:8
  check "live, the leader: $(cell 1 1), then $(cell 1 2)" \
    is_near "$(cell 1 2)" -23 1
  check "live, the other: $(cell 2 1), then $(cell 2 4) LU behind" \
    is_near "$(cell 2 4)" 8 0.5
  check "the mix: $lufs" is_near "$lufs" "$(sum -23 -31)" 1
}

files ()
{
  cp low.wav 'my: "low".wav'
  cp high.wav ./-high.wav:3
  balance -- 'my: "low".wav' -high.wav:3
  check 'odd names, and a colon that is no distance' \
    is_near "$lufs" "$(sum -23 -29)" 0.05
  cp balance.wav first.wav
  balance 'my: "low".wav' ./-high.wav:3
  check 'twice the same' cmp balance.wav first.wav
}

wrong ()
{
  tone silent.wav 500 0 2 48000
  echo 'no sound' >text.wav
  check 'no track' refuses 'no track'
  check 'an unknown option' refuses "'--loud'" --loud low.wav
  check 'a target that is no number' refuses '--target needs' --target loud low.wav
  check 'a target over full scale' refuses 'from -60 to 0' --target 3 low.wav
  check 'a ceiling over full scale' refuses 'from -23.9' --ceiling 1 low.wav
  check 'a missing file' refuses 'cannot read none.wav' low.wav none.wav:3
  check 'a leader behind' refuses 'behind nobody' low.wav:3 high.wav
  check 'silence' refuses 'silent.wav has no loudness' low.wav silent.wav
  check 'no sound' refuses 'text.wav' low.wav text.wav
  check 'no sound, live' refuses 'the mix failed' --live low.wav text.wav
  check 'a track as the output' refuses 'overwrite' --output low.wav high.wav low.wav
  check 'a folder that is not there' refuses 'cannot write' --output no/x.wav low.wav
  check 'nothing is left behind' [ -z "$(find . -name '.mix-*')" ]
  check '--help tells of --behind' grep -q -- --behind <("$tool" --help)
}

tones
music
ceiling
live
files
wrong
exit $status
