#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# outputs.sh ROOT BUILD: an output is whole or not there, is never written through
# something else, and takes nobody's file.
#
# shellcheck disable=SC2154,SC2317

set -u
# shellcheck source=tests/pipelines/faults-rig.sh
. "$(dirname "$0")/faults-rig.sh"

lead=$stems/lead.flac

# to SCRIPT OUTPUT: a run that is short
to ()
{
  case $1 in
    song) run song --mute bass,guitar,piano,choir,tabla,lead --output "$2" ;;
    picture) run loudness --picture "$2" short.wav ;;
    points) run loudness --csv "$2" "$lead" ;;
    *) run "$1" --output "$2" short.wav ;;
  esac
}

is_sound ()
{
  figures "$1" && [ "$frames" -gt 0 ]
}

refused ()
{
  [ "$code" -ne 0 ] && says 'not a file' && ! says Written
}

# ---- What is no file --------------------------------------------------------

devices ()
{
  local script
  for script in song telephone level-balance; do
    ln -s /dev/null null
    to $script null
    check "$script, a link to a device: $said" refused
    check "$script: it is still there" [ -L null ]
    mkfifo pipe
    to $script pipe
    check "$script, a pipe: $said" refused
    check "$script: it is still there" [ -p pipe ]
    if mknod node c 1 3 2>/dev/null; then
      to $script node
      check "$script, a device: $said" refused
      check "$script: it is still there" [ -c node ]
    fi
    rm -f null pipe node
  done
  for script in picture.svg picture.png points.csv; do
    mkfifo "pipe.${script#*.}"
    to ${script%.*} "pipe.${script#*.}"
    check "$script, a pipe: $said" refused
    check "$script: it is still there" [ -p "pipe.${script#*.}" ]
    rm -f pipe.*
  done
}

# ---- Whose file it is -------------------------------------------------------

others ()
{
  cp short.wav x.wav.part
  run telephone --output x.wav x.wav.part
  check 'an input called .part' is_sound x.wav
  check 'is still there' cmp short.wav x.wav.part
  echo old >other
  ln -sf other x.wav.part
  to telephone x.wav
  check 'a link called .part is not followed' is_old other
  echo old >kept.wav
  ln -s kept.wav link.wav
  to telephone link.wav
  check 'a link to a file stays one' [ -L link.wav ]
  check 'and its file is written' is_sound kept.wav
  rm -f ./x.wav* other kept.wav link.wav
}

at_once ()
{
  local i one=()
  run telephone --output one.wav "$lead"
  cp one.wav first.wav
  for i in 1 2 3; do
    "$pipelines/telephone" --output one.wav "$lead" >/dev/null 2>&1 </dev/null &
    one[i]=$!
  done
  for i in 1 2 3; do
    wait "${one[$i]}"
    check "three at once, $i" [ $? = 0 ]
  done
  check 'what they leave is whole' cmp one.wav first.wav
  rm one.wav first.wav
}

permissions ()
{
  (umask 027 && to telephone new.wav)
  check 'a new file has the usual permissions' [ "$(stat -c %a new.wav)" = 640 ]
  chmod 606 new.wav
  to telephone new.wav
  check 'an older one keeps its own' [ "$(stat -c %a new.wav)" = 606 ]
  to picture p.png
  check 'a picture has them too' [ "$(stat -c %a p.png)" = "$(stat -c %a short.wav)" ]
  rm -f new.wav p.png
}

odd_names ()
{
  local odd=-$'my "take"\n<1> \\ & \'2\'.wav'
  cp short.wav "./$odd"
  run telephone --output "$odd-" -- "$odd"
  check "an odd name, of a scene: $said" is_sound "./$odd-"
  run song --mute bass,guitar,piano,choir,tabla,drums --output "$odd-" "lead=./$odd"
  check "of a song: $said" is_sound "./$odd-"
  run level-balance --output "$odd-" -- "$odd"
  check "of a balance: $said" is_sound "./$odd-"
  rm -f -- "$odd" "$odd-"
}

# ---- Where nothing fits -----------------------------------------------------

# A limit to a file's size stands for a disk that is full.
full ()
{
  local script
  for script in song telephone level-balance; do
    echo old >out.wav
    (trap '' XFSZ && ulimit -f 100 && to $script out.wav; [ "$code" -ne 0 ] && ! says Written)
    check "$script, a full disk" [ $? = 0 ]
    check "$script: the old file is there" is_old out.wav
    check "$script: and no other" nothing_but short.wav out.wav
  done
  for script in picture.svg picture.png points.csv; do
    echo old >"out.${script#*.}"
    (trap '' XFSZ && ulimit -f 1 && to ${script%.*} "out.${script#*.}"; [ "$code" -ne 0 ])
    check "$script, a full disk" [ $? = 0 ]
    check "$script: the old file is there" is_old "out.${script#*.}"
    check "$script: and no other" nothing_but short.wav 'out.*'
  done
  rm -f out.*
}

printing ()
{
  [ -c /dev/full ] || return 0
  check 'loudness says that it cannot print' fails_to_print loudness short.wav
  check 'a scene' fails_to_print telephone --output out.wav short.wav
  check 'a balance' fails_to_print level-balance --output out.wav short.wav
  rm -f out.wav
}

fails_to_print ()
{
  ! "$pipelines/$1" "${@:2}" >/dev/full 2>said </dev/null && grep -q 'cannot print' said
}

# ---- What is longer than a WAV ----------------------------------------------

# Eight channels of 8 bits for 80 minutes become 7.4 GB of floats: begun, looked
# at, and ended.
long ()
{
  local pid file='' i
  wav long.wav 8 8 4800
  "$pipelines/telephone" --output out.wav long.wav >/dev/null 2>said </dev/null &
  pid=$!
  for ((i = 0; i < 400; i++)); do
    file=$(find . -maxdepth 1 -name '.mix-*' -size +0)
    [ -z "$file" ] || break
    sleep 0.05
  done
  check 'more than 4 GiB are an RF64' [ "$(head -c 4 "$file")" = RF64 ]
  kill "$pid"
  wait "$pid"
  rm long.wav
  wav long.wav 16 2 11500
  run loudness long.wav
  check "an input of more than 2 GiB: $said" [ "$code" -ne 0 ]
  check 'is refused' says 'long.wav: GStreamer reads no more than 2 GiB'
  rm long.wav
  "$build/pipelines/tools/launch" filesrc location="$lead" ! flacparse ! flacdec ! \
    wavenc ! audio/x-rf64 ! filesink location=rf64.wav
  figures "$lead"
  local known=$lufs
  run loudness rf64.wav
  check 'which can be read' within "$(less "$(awk 'NR == 3 { print $1 }' <<<"$printed")" "$known")" \
    -0.02 0.02
  rm rf64.wav
}

gst-launch-1.0 -q audiotestsrc num-buffers=100 samplesperbuffer=480 ! \
  audio/x-raw,format=F32LE,rate=48000 ! wavenc ! filesink location=short.wav
devices
others
at_once
permissions
odd_names
full
printing
long
check 'nothing is left behind' nothing_but short.wav
exit $status
