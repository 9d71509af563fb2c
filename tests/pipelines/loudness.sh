#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# loudness.sh ROOT BUILD: pipelines/loudness measures what an independent meter
# measures, draws it, and says which file it could not read.
#
# shellcheck disable=SC2317

set -u
# shellcheck source=tests/pipelines/rig.sh
. "$(dirname "$0")/rig.sh"
tool=$pipelines/loudness

# Fills table (its rows), remarks, said (standard error) and code.
run ()
{
  local out
  out=$("$tool" "$@" 2>said </dev/null)
  code=$?
  said=$(cat said)
  table=$(sed -n '3,$p' <<<"$out" | sed '/^target/,$d; /^!/,$d')
  remarks=$(grep '^[!t]' <<<"$out")
}

# cell ROW COLUMN
cell ()
{
  awk -v row="$1" -v column="$2" 'NR == row { print $column }' <<<"$table"
}

# tone FILE SECONDS GAIN CAPS: 1 kHz in all channels.
tone ()
{
  local rate=${4#*rate=}
  rate=${rate%%,*}
  gst-launch-1.0 -q audiotestsrc freq=1000 volume="$3" \
    samplesperbuffer=$((rate / 10)) num-buffers="$(LC_ALL=C awk "BEGIN { print $2 * 10 }")" ! \
    "audio/x-raw,format=F32LE,$4" ! wavenc ! filesink location="$1"
}

# agrees ROW FILE
agrees ()
{
  figures "$2"
  check "$2: $(cell "$1" 1) LUFS, judged $lufs" \
    within "$(less "$(cell "$1" 1)" "$lufs")" -0.02 0.02
  [ "$(cell "$1" 2)" = - ] ||
    check "$2: $(cell "$1" 2) LU, judged $range" \
      within "$(less "$(cell "$1" 2)" "$range")" -0.02 0.02
  check "$2: $(cell "$1" 5) dBTP, judged $peak" \
    within "$(less "$(cell "$1" 5)" "$peak")" -0.1 0.1
}

says ()
{
  [[ $said == *"$1"* ]]
}

remarks ()
{
  [[ $remarks == *"$1"* ]]
}

# ---- figures ----------------------------------------------------------------

recordings ()
{
  local row=0 file
  run "$stems"/*.flac
  check 'the stems are measured' [ "$code" -eq 0 ]
  for file in "$stems"/*.flac; do
    row=$((row + 1))
    agrees $row "$file"
    check "$file: length" [ "$(cell $row 6)" = 0:36.00 ]
  done
}

# One channel of 1 kHz at full scale is -3.01 LUFS (BS.1770-5, note to annex 1).
formats ()
{
  tone mono.wav 5 0.1 rate=8000,channels=1
  tone stereo.wav 5 0.1 'rate=44100,channels=2,channel-mask=(bitmask)3'
  tone surround.wav 5 0.1 'rate=48000,channels=6,channel-mask=(bitmask)0x3f'
  tone jingle.wav 1 0.1 rate=96000,channels=1
  gst-launch-1.0 -q matroskamux name=mux ! filesink location=film.mkv \
    videotestsrc num-buffers=50 ! video/x-raw,framerate=25/1 ! jpegenc ! mux. \
    filesrc location=mono.wav ! wavparse ! audioconvert ! flacenc ! mux.
  run mono.wav stereo.wav surround.wav jingle.wav film.mkv
  check 'every format is measured' [ "$code" -eq 0 ]
  check "mono at 8 kHz: $(cell 1 1)" within "$(cell 1 1)" -23.3 -22.7
  check "stereo: $(cell 2 1)" within "$(cell 2 1)" -20.05 -19.95
  # front three 1 each, two surrounds 1.41: 10 lg 5.82 = 7.65
  check "5.1: $(cell 3 1)" within "$(cell 3 1)" -15.41 -15.31
  check "1 s: $(cell 4 1), range $(cell 4 2)" within "$(cell 4 1)" -23.1 -22.9
  check '1 s has no range' [ "$(cell 4 2)" = - ]
  check 'the sound of a film is that of its track' \
    [ "$(cell 1 1)" = "$(cell 5 1)" ]
  run --stereo mono.wav
  check "mono on two loudspeakers: $(cell 1 1)" within "$(cell 1 1)" -20.3 -19.7
  run --target -23 surround.wav
  agrees 1 surround.wav
}

# Streams one after another in a file, as of a radio that was recorded.
chains ()
{
  local format name
  for format in 'rate=48000,channels=1' 'rate=44100,channels=2'; do
    for name in a b; do
      gst-launch-1.0 -q audiotestsrc num-buffers=100 ! \
        "audio/x-raw,$format" ! audioconvert ! vorbisenc ! oggmux ! \
        filesink location="$name-${format#*=}.ogg"
    done
  done
  cat a-48*.ogg b-48*.ogg >chain.ogg
  cat a-48*.ogg b-44*.ogg >mixed.ogg
  run chain.ogg
  check "a chain is measured whole: $(cell 1 6)" [ "$(cell 1 6)" = 0:04.27 ]
  run mixed.ogg
  check "a chain of two formats, too: $(cell 1 6)" [ "$(cell 1 6)" = 0:04.46 ]
}

# 16 kHz at 48 kHz: samples at 0, 60 and 120 degrees, so 1.25 dB under the peak;
# a window that is filled by a sixth is 7.78 dB under a full one.
points ()
{
  gst-launch-1.0 -q audiotestsrc freq=16000 volume=0.5 num-buffers=40 \
    samplesperbuffer=4800 ! audio/x-raw,format=F32LE,rate=48000 ! wavenc ! \
    filesink location=high.wav
  run --csv high.csv high.wav
  local momentary short
  IFS=, read -r _ momentary short _ peak < <(grep ^0.500 high.csv)
  check "peaks between samples: $peak" within "$peak" -6.1 -5.9
  check "short-term after 0.5 s: $short, momentary $momentary" \
    within "$(less "$momentary" "$short")" 7.7 7.9
}

# ---- targets ----------------------------------------------------------------

targets ()
{
  run --target ebu-r128 stereo.wav
  check "gain to -23: $(cell 1 7), then $(cell 1 8)" \
    within "$(less "$(cell 1 7)" -3)" -0.05 0.05
  check 'peak with that gain' \
    within "$(less "$(cell 1 8)" "$(cell 1 5)")" -3.06 -2.94
  check 'no remark where all is well' [ "$(wc -l <<<"$remarks")" -eq 1 ]
  run --target -0.5 stereo.wav
  check 'a gain past the ceiling is told' remarks 'over -1 dBTP'
  run --target -0.5 --ceiling 0 stereo.wav
  check 'another ceiling' [ "$(wc -l <<<"$remarks")" -eq 1 ]
  run --target atsc-a85 stereo.wav
  check 'a destination brings its ceiling' remarks 'peaks to -2 dBTP'
  run --target kazoo stereo.wav
  check 'an unknown target: the known are listed' says 'podcast'
  check 'and nothing is measured' [ "$code-$table" = 2- ]
}

# Each row of the table in the docs is a target with those figures.
documented ()
{
  local name loudness ceiling
  while IFS='|' read -r _ name _ loudness ceiling _; do
    name=$(sed 's/[ `]//g; s/,.*//' <<<"$name")
    loudness=$(sed 's/−/-/g; s/^ *\([-0-9]*\).*/\1/' <<<"$loudness")
    ceiling=$(sed 's/−/-/g; s/^ *\([-0-9]*\).*/\1/' <<<"$ceiling")
    run --target "$name" stereo.wav
    check "$name is $loudness LUFS, $ceiling dBTP" \
      remarks "target $loudness LUFS, "
    check "$name has $ceiling dBTP" remarks "peaks to $ceiling dBTP"
  done < <(grep -E '^\| `.*(LUFS|LKFS)' "$mix_root/docs/loudness.md")
}

# ---- pictures ---------------------------------------------------------------

# look FILE: fills seen.
look ()
{
  seen=$(python3 "$mix_root/tests/pipelines/picture.py" "$1")
}

# seen WORD COLUMN
seen ()
{
  awk -v word="$1" -v column="$2" '$1 == word { print $column }' <<<"$seen"
}

# Two seconds at -20 LUFS, 6 s of silence, 4 s at -20 LUFS with a click in them.
curves ()
{
  tone a.wav 4 0.1 'rate=48000,channels=2,channel-mask=(bitmask)3'
  tone b.wav 6 0 'rate=48000,channels=2,channel-mask=(bitmask)3'
  tone c.wav 0.2 1 'rate=48000,channels=2,channel-mask=(bitmask)3'
  gst-launch-1.0 -q concat name=all ! wavenc ! filesink location=parts.wav \
    filesrc location=a.wav ! wavparse ! all. \
    filesrc location=b.wav ! wavparse ! all. \
    filesrc location=c.wav ! wavparse ! all. \
    filesrc location=a.wav ! wavparse ! all.
  run --target -23 --picture parts.svg --csv parts.csv parts.wav
  look parts.svg
  check 'a picture is XML' [ -n "$seen" ]
  for curve in momentary short-term; do
    check "$curve: silence is a gap" [ "$(seen $curve 2)" = 2 ]
    check "$curve begins at $(seen $curve 4) LUFS" \
      within "$(seen $curve 4)" -20.2 -19.8
    check "$curve ends at $(seen $curve 5) LUFS" \
      within "$(seen $curve 5)" -20.3 -19.7
  done
  check 'momentary begins when its window is full' \
    within "$(seen momentary 6)" 0.025 0.035
  check 'short-term too' within "$(seen short-term 6)" 0.205 0.22
  check "integrated ends at $(seen integrated 5)" \
    within "$(less "$(seen integrated 5)" "$(cell 1 1)")" -0.1 0.1
  check "the peak is marked at $(seen peak 6)" within "$(seen peak 6)" 0.69 0.73
  check 'in one place' within "$(seen peak 2)" 1 4
  check 'figures stand on top' [ "$(grep -c '^text .*LUFS$' <<<"$seen")" -ge 4 ]
  check 'the points: one each 100 ms' [ "$(wc -l <parts.csv)" -eq 143 ]
  check 'and the last is the whole' \
    [ "$(tail -n 1 parts.csv | cut -d, -f4)" = "$(cell 1 1)" ]
}

names ()
{
  local odd
  odd=-$'my "take"\n<1> & 2.wav'
  mkdir -p odd other
  cp mono.wav "odd/$odd"
  cp mono.wav other/mono.wav
  run --picture pictures/ mono.wav other/mono.wav "odd/$odd"
  check 'a folder of pictures is made' [ "$code" -eq 0 ]
  for file in mono mono-2 "${odd%.wav}"; do
    look "pictures/$file.svg"
    check "pictures/$file.svg" [ -n "$seen" ]
  done
  check 'the name is the title' [ "$(sed -n 1p <<<"$seen")" != "" ]
  check 'with all its characters' grep -qF 'my "take"?<1> & 2.wav' <<<"$seen"
  run --picture p.svg mono.wav stereo.wav
  check 'two files, one path' [ -s p-mono.svg -a -s p-stereo.svg ]
  run --picture mono.wav stereo.wav
  check 'a forgotten path overwrites no file' says '--picture wants'
  figures mono.wav
  check 'it is still there' within "$lufs" -24 -22
  run --picture none/p.svg mono.wav
  check 'a folder that is not there' says 'none/p.svg'
  check 'is a failure' [ "$code" -eq 1 ]
}

png ()
{
  command -v rsvg-convert >/dev/null || return 0
  run --picture mono.png mono.wav
  check 'PNG' [ "$(head -c 4 mono.png | tail -c 3)" = PNG ]
}

# ---- what is no programme ---------------------------------------------------

bad_files ()
{
  tone silence.wav 4 0 rate=48000,channels=1
  tone short.wav 0.3 0.1 rate=48000,channels=1
  tone 'one frame.wav' 0.1 0.1 rate=10,channels=1
  echo 'no sound' >text.wav
  : >empty.wav
  head -c 44 mono.wav >head.wav
  head -c 30000 "$stems/lead.flac" | tail -c 20000 >torn.flac
  gst-launch-1.0 -q matroskamux name=mux ! filesink location=mute.mkv \
    videotestsrc num-buffers=10 ! jpegenc ! mux.
  mkdir -p folder
  run --picture bad/ none.wav text.wav empty.wav head.wav torn.flac mute.mkv folder \
    silence.wav short.wav 'one frame.wav' mono.wav
  check 'a bad file is a failure' [ "$code" -eq 1 ]
  for file in none.wav text.wav empty.wav head.wav torn.flac mute.mkv folder; do
    check "$file is named" says "loudness: $file: "
  done
  check 'mute.mkv has no sound' says 'mute.mkv: there is no sound in it'
  check 'the others are measured' [ "$(wc -l <<<"$table")" -eq 4 ]
  check 'silence is -inf' [ "$(cell 1 1)" = -inf ]
  check '0.3 s have no loudness' [ "$(cell 2 1)" = - ]
  check 'but a peak' within "$(cell 2 5)" -20.1 -19.9
  check 'which is told' remarks 'short.wav: too short'
  for file in silence short 'one frame' mono; do
    look "bad/$file.svg"
    check "bad/$file.svg is a picture" [ -n "$seen" ]
  done
  run
  check 'no file: how it is used' [ "$code" -eq 2 ]
  run --help
  check '--help tells of --target' [ "$code" -eq 0 ]
}

recordings
formats
chains
points
targets
documented
curves
names
png
bad_files
exit $status
