#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# song.sh ROOT BUILD: pipelines/song makes a master that keeps its
# promises, and says what is wrong before it starts.
#
# shellcheck disable=SC2089,SC2090,SC2317

set -u
# shellcheck source=tests/pipelines/scene-rig.sh
. "$(dirname "$0")/scene-rig.sh"
song=$pipelines/song

# fails TEXT ARGUMENTS...: it does, with TEXT in what it says, and has written
# nothing.
fails ()
{
  local text=$1
  shift
  rm -rf out
  mkdir out
  said=$(cd out && "$song" "$@" 2>&1 </dev/null) && return 1
  [ -z "$(ls -A out)" ] && [[ $said == *"$text"* ]]
}

# The same, before anything was started.
refuses ()
{
  fails "$@" && [[ $said != *'the mix failed'* ]]
}

make ()
{
  check "song $*" "$song" "$@" </dev/null
}

helps ()
{
  "$song" --help | grep -q -- --solo
}

the_master ()
{
  make --output master.wav
  figures "$stems/lead.flac"
  stem_frames=$frames
  figures master.wav
  check "loudness $lufs LUFS is -14 +-1" within "$lufs" -15 -13
  check "true peak $peak dBTP is at most -1" within "$peak" -99 -1
  master_frames=$frames
  check "$frames frames: the stems' $stem_frames and what rings on" \
    within "$frames" $((stem_frames + 24000)) $((stem_frames + 48000 * 5))
  the_end
  cp master.wav first.wav
  make --output master.wav
  check "a second mix is the same" cmp first.wav master.wav
}

# The last of the rooms is not cut off, and one loudspeaker loses no more than 1 LU
# of what two play: a master all in the middle would lose nothing.
the_end ()
{
  local last correlation stereo=$lufs
  gst-launch-1.0 -q filesrc location=master.wav ! wavparse ! audioconvert ! \
    audio/x-raw,format=F32LE ! wavenc ! filesink location=float.wav
  read -r _ _ last < <(judge end float.wav)
  check "the last 100 ms are at $last dBFS" within "$last" -999 -80
  read -r correlation _ < <(judge width float.wav)
  check "correlation $correlation" within "$correlation" 0.3 0.95
  gst-launch-1.0 -q filesrc location=float.wav ! wavparse ! audioconvert ! \
    audio/x-raw,channels=1 ! audioconvert ! audio/x-raw,channels=2 ! wavenc ! \
    filesink location=mono.wav
  figures mono.wav
  check "on one loudspeaker $lufs LUFS" within "$(less "$stereo" "$lufs")" -0.1 1
}

# No strip is lost: none is farther under the sum than a pad may be.
the_strips ()
{
  local name all most
  make --solo drums,bass,guitar,piano,choir,tabla,lead --output all.wav
  figures all.wav
  all=$lufs
  for name in drums bass guitar piano choir tabla lead; do
    make --solo $name --output strip.wav
    figures strip.wav
    most=-14
    [ $name = choir ] && most=-18
    check "$name is $(less "$lufs" "$all") LU to the sum" \
      within "$(less "$lufs" "$all")" $most -1
  done
}

own_stems ()
{
  mkdir own
  cp "$stems"/*.flac own
  mv own/lead.flac "own/-my lead! \"take\".flac"
  check 'a missing stem is named' refuses 'stem lead is missing' --stems ../own
  make --stems own lead="$PWD/own/-my lead! \"take\".flac" --output "$PWD/-own.wav"
  check 'and they make the same mix' cmp ./-own.wav master.wav
  gst-launch-1.0 -q filesrc location=own/bass.flac ! decodebin ! \
    audioconvert ! audioresample ! audio/x-raw,rate=44100 ! wavenc ! \
    filesink location=own/lead.wav
  make --stems own --output rates.wav
  figures rates.wav
  check "stems of other rates and types: $frames frames" \
    within "$frames" $((master_frames - 48)) $((master_frames + 48))
  check 'a muted stem may be missing' "$song" --stems own --output muted.wav \
    --mute tabla tabla=own/none.wav </dev/null
  echo 'no sound' >own/lead.wav
  check 'a stem that is no sound' fails 'the mix failed' --stems ../own
}

wrong_options ()
{
  check 'an unknown option' refuses "'--loud'" --loud
  check 'an unknown stem' refuses "'kazoo'" kazoo=kazoo.wav
  check 'an unknown solo' refuses "'kazoo'" --solo kazoo
  check 'an option without its value' refuses '--output' --output
  check 'a folder that is not there' refuses 'cannot write' --output no/x.wav
  check 'a stem as the output' refuses 'overwrite' --output ../own/bass.flac \
    --stems ../own lead=../own/bass.flac
  check '--help tells of --solo' helps
}

the_master
if [ -z "$locale" ]; then
  the_strips
  own_stems
  wrong_options
fi
exit $status
