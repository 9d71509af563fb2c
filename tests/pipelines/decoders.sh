#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# decoders.sh ROOT BUILD: of MP3 and Opus that go over full scale the true peak is
# measured, or it is told that the decoder at hand cuts it off.
#
# shellcheck disable=SC2154,SC2317

set -u
# shellcheck source=tests/pipelines/rig.sh
. "$(dirname "$0")/rig.sh"

for element in lamemp3enc opusenc opusdec mpg123audiodec; do
  gst-inspect-1.0 --exists "$element" || {
    echo "$element is not installed"
    exit 77
  }
done

louder ()
{
  python3 "$mix_root/tests/pipelines/louder.py" "$@"
}

# A sine, then 4 steps of an MP3's gain (ISO 11172-3, 2.4.3.4: a step is 2 ^ 1/4) or
# the same in an Opus file's head (RFC 7845, 5.1): 6.02 dB more. And what no encoder
# keeps in its bounds, a square, with the same far below them.
make ()
{
  local tone=(audiotestsrc freq=997 volume=0.8913 num-buffers=60 samplesperbuffer=4800 !
    "audio/x-raw,rate=48000,channels=1")
  gst-launch-1.0 -q "${tone[@]}" ! lamemp3enc target=bitrate bitrate=160 cbr=true ! \
    filesink location=plain.mp3
  gst-launch-1.0 -q "${tone[@]}" ! volume volume=0.3 ! opusenc bitrate=160000 ! oggmux ! \
    filesink location=plain.opus
  louder plain.mp3 loud.mp3
  louder plain.opus loud.opus
  square square.opus 0.95
  square low.opus 0.2375
}

square ()
{
  gst-launch-1.0 -q audiotestsrc wave=square freq=440 volume="$2" num-buffers=60 \
    samplesperbuffer=4800 ! audio/x-raw,rate=48000,channels=1 ! opusenc bitrate=64000 ! \
    oggmux ! filesink location="$1"
}

# read FILE: fills peak and remarks
read_peak ()
{
  local out
  out=$("$pipelines/loudness" "$1")
  peak=$(awk 'NR == 3 { print $5 }' <<<"$out")
  remarks=$(grep '^!' <<<"$out")
}

# is_more FILE OTHER DB: by so much is its peak higher, and nothing is cut off.
is_more ()
{
  read_peak "$2"
  local other=$peak
  read_peak "$1"
  check "$1: $peak dBTP is $3 over $other" within "$(less "$(less "$peak" "$other")" "$3")" -0.3 0.3
  check "$1: nothing is told of 16 bits" [ "${remarks/16 bits/}" = "$remarks" ]
}

is_cut_off ()
{
  read_peak "$1"
  check "$1, by a decoder of 16 bits: ${remarks##*!}" \
    [ "${remarks/decoded to 16 bits/}" != "$remarks" ]
}

opus ()
{
  is_more loud.opus plain.opus 6.02
  if gst-inspect-1.0 --exists avdec_opus; then
    is_more square.opus low.opus 12.04
  else
    echo 'avdec_opus is not installed: its place is taken by opusdec'
  fi
  export GST_PLUGIN_FEATURE_RANK=avdec_opus:NONE
  is_cut_off square.opus
  unset GST_PLUGIN_FEATURE_RANK
}

# What a script makes of it.
scene ()
{
  read_peak loud.mp3
  local loud=$peak
  check "it is over full scale: $loud dBTP" within "$loud" 4 6
  "$pipelines/telephone" --before --output out.wav loud.mp3 >/dev/null 2>&1
  figures out.wav
  check "a scene's input: $peak dBTP" within "$(less "$peak" "$loud")" -0.1 0.1
}

# Those who never go over have nothing to be told of.
whole_numbers ()
{
  gst-launch-1.0 -q audiotestsrc wave=square freq=997 volume=1 num-buffers=40 ! \
    audio/x-raw,format=S16LE,rate=48000 ! flacenc ! filesink location=full.flac
  read_peak full.flac
  check 'a FLAC at full scale is as it is' [ "${remarks/16 bits/}" = "$remarks" ]
}

make
is_more loud.mp3 plain.mp3 6.02
opus
scene
whole_numbers
exit $status
