#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# dynamics.sh ROOT BUILD: the scenes with keys, gates and bands, by an independent
# judge.
#
# shellcheck disable=SC2154,SC2317

set -u
# shellcheck source=tests/pipelines/scene-rig.sh
. "$(dirname "$0")/scene-rig.sh"
command -v espeak-ng >/dev/null || {
  echo "espeak-ng is not installed"
  exit 77
}

# Distances are those that the suite of libebur128 finds elsewhere in the unit; here
# that the script keeps them for any two files.
duck ()
{
  check 'duck-under-voice' runs duck-under-voice
  check "told: $(cell 'behind the voice' 2) LU behind" within "$(cell 'behind the voice' 2)" 9.5 10.5
  check "it was at $(cell 'behind the voice' 1)" within "$(cell 'behind the voice' 1)" 0 5
  whole duck-under-voice 36
  check 'another distance' runs duck-under-voice --behind 15
  check "told: $(cell 'behind the voice' 2)" within "$(cell 'behind the voice' 2)" 14.5 15.5
  judge noise music.wav 44100 2 12
  espeak-ng -w voice.wav "One, two, three. What is this music for, and who has paid for it?"
  check 'own files' runs duck-under-voice music.wav voice.wav
  check "told: $(cell 'behind the voice' 2) of own files" within "$(cell 'behind the voice' 2)" 9 11.5
  check 'no distance' refuses 'from 0 to 30' duck-under-voice --behind far
}

# Strokes of a click in noise of -60 dBFS: each as it was, the noise 40 dB down.
gate ()
{
  local before after
  check 'noisy-drums' runs noisy-drums
  check "soft moments: $(cell soft 1), then $(cell soft 2) dBFS" \
    within "$(less "$(cell soft 1)" "$(cell soft 2)")" 10 60
  check "highest sample" near "$(cell highest 1)" "$(cell highest 2)" 0.2
  check "loud moments" near "$(cell 'loud moments' 1)" "$(cell 'loud moments' 2)" 0.2
  whole noisy-drums 36
  judge strokes strokes.wav 48000 6
  check 'strokes' runs noisy-drums --threshold -40 strokes.wav
  read -r before _ < <(judge strokes-of strokes.wav)
  read -r after _ < <(judge strokes-of out.wav)
  check "each stroke is as it was: $before dB, $after" near "$before" "$after" 0.2
  read -r _ before < <(judge strokes-of strokes.wav)
  read -r _ after < <(judge strokes-of out.wav)
  check "between them: $before dB, then $after" within "$(less "$before" "$after")" 35 41
  check 'no threshold' refuses 'from -80 to 0' noisy-drums --threshold loud
}

master ()
{
  check 'master-multiband' runs master-multiband
  figures out.wav
  check "$lufs LUFS, told $(cell integrated 2)" near "$lufs" "$(cell integrated 2)" 0.1
  check "louder than before" within "$(less "$lufs" "$(cell integrated 1)")" 3 12
  check "true peak told: $(cell 'true peak' 2)" within "$(cell 'true peak' 2)" -1.2 -0.95
  whole master-multiband 36
}

# Noise of its own in four microphones is as loud in the mix as in one.
panel ()
{
  local low
  check 'panel' runs panel
  check "soft moments: $(cell soft 1), then $(cell soft 2) dBFS" \
    near "$(cell soft 1) - 6" "$(cell soft 2)" 0.7
  read -r seconds _ < <(judge end out.wav)
  check "it is $seconds s long" within "$seconds" 20 30
  check 'a clean feed' runs panel --without 2
  judge noise room.wav 48000 4 5
  check 'a room' runs panel room.wav
  low=$(less "$(cell soft 1)" "$(cell soft 2)")
  check "four rooms: $low dB softer than their sum" near "$low" 6.02 0.3
  check 'no microphone' refuses 'from 1 to 4' panel --without 5
}

duck
gate
master
panel
exit $status
