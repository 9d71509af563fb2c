#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# scene-files.sh ROOT BUILD: scenes take any file, or say why not.
#
# shellcheck disable=SC2154,SC2317

set -u
# shellcheck source=tests/pipelines/scene-rig.sh
. "$(dirname "$0")/scene-rig.sh"

SCENES=$(cd "$pipelines" && grep -ls '^run_scene "' -- *)

tells ()
{
  [[ $table == *"$1"* ]]
}

no_figure_is_lost ()
{
  ! grep -qiE '\bnan\b' <<<"$table"
}

any_file ()
{
  local name
  judge noise mono.wav 32000 1 3
  judge noise stereo.wav 96000 2 3
  judge noise surround.wav 48000 6 3
  judge noise short.wav 48000 2 0.05
  judge click silent.wav 44100 2 2 0
  cp stereo.wav "./-my: \"own\" file.wav"
  gst-launch-1.0 -q matroskamux name=mux ! filesink location=film.mkv \
    videotestsrc num-buffers=25 ! jpegenc ! mux. \
    filesrc location=mono.wav ! wavparse ! audioconvert ! flacenc ! mux.
  for name in $SCENES; do
    for file in mono.wav stereo.wav surround.wav short.wav film.mkv; do
      check "$name $file" runs "$name" "$file"
      check "$name $file: figures" no_figure_is_lost
    done
    check "$name, silence" runs "$name" silent.wav
    check "$name: silence is told" tells 'nothing but silence'
    check "$name, an odd name" runs "$name" --picture "-my: \"own\" pic.svg" \
      -- "-my: \"own\" file.wav"
    check "$name: its picture" python3 -c 'import sys, xml.etree.ElementTree as x
x.parse (sys.argv[1])' "-my: \"own\" pic.svg"
  done
}

bad_files ()
{
  local name
  echo 'no sound' >text.wav
  : >empty.wav
  gst-launch-1.0 -q matroskamux name=mux ! filesink location=mute.mkv \
    videotestsrc num-buffers=10 ! jpegenc ! mux.
  for name in $SCENES; do
    check "$name, a missing file" refuses 'cannot read none.wav' "$name" none.wav
    for file in text.wav empty.wav mute.mkv; do
      check "$name, $file" refuses "$name: $file cannot be heard" "$name" "$file"
    done
  done
}

# Three seconds of 96 kHz stereo, without the head and what may follow.
sound_of ()
{
  tail -c +45 "$1" | head -c 2304000
}

# The same again, from anywhere; untouched if that is asked for.
options ()
{
  local name
  for name in $SCENES; do
    scene "$name" stereo.wav
    mv out.wav first.wav
    check "$name twice is the same" runs "$name" "$PWD/stereo.wav"
    check "$name: bit for bit" cmp out.wav first.wav
    check "$name --help" grep -q -- --picture <("$pipelines/$name" --help)
    check "$name --help tells how" grep -q "^  $name \[options\]" <("$pipelines/$name" --help)
    check "$name --help tells what it does" \
      [ "$("$pipelines/$name" --help | sed -n 1p | wc -w)" -gt 5 ]
  done
  check '--before' runs telephone --before stereo.wav
  check 'is what went in' cmp <(sound_of out.wav) <(sound_of stereo.wav)
  check 'PNG' runs closed-room --picture a.png stereo.wav
  check 'is one' [ "$(head -c 4 a.png | tail -c 3)" = PNG ]
}

wrong_options ()
{
  check 'an unknown option' refuses "'--loud'" telephone --loud
  check "another scene's option" refuses "'--tempo'" telephone --tempo 90
  check 'an option without its value' refuses '--picture needs' telephone --picture
  check 'no tempo' refuses 'from 20 to 300' echo-piano --tempo fast
  check 'two files' refuses 'too many files' telephone mono.wav stereo.wav
  check 'another picture' refuses 'ends in .svg' telephone --picture a.gif mono.wav
  check 'the file as the picture' refuses 'overwrite' telephone --picture mono.wav mono.wav
  cp mono.wav out.wav
  "$pipelines/telephone" --output out.wav out.wav >/dev/null 2>said
  check 'the file as the output' grep -q overwrite said
  "$pipelines/telephone" --output no/out.wav mono.wav >/dev/null 2>said
  check 'a folder that is not there' grep -q 'cannot write' said
  check 'nothing is left behind' [ -z "$(find . -name '.mix-*')" ]
}

any_file
bad_files
options
wrong_options
exit $status
