# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2154,SC2317
#
# Sourced by the scenes, small jobs of one line each. A scene sets
#
#   title           what changes, for the picture
#   stem            the input when no file is named
#   view            of the program `compare`, with its options
#   scene ()        the line: from $in into ${out[@]}
#
# and may have
#
#   leader               a second file that plays along with the first
#   make_input ()        makes $scratch/input.wav, heard when no file is named
#   make_leader ()       and $scratch/leader.wav, for a leader that is not named
#   before ()            the line without the effect, if it is more than the file
#   alone ()             the line without the leader, for the figures
#   own_options          each with the name of its variable; check_options ()
#
# Then it runs `run_scene "$@"`.
#
#   FILE              your own recording, of any type that GStreamer decodes
#   --output FILE     the WAV file to write, 32-bit float (default: here, under
#                     the scene's name)
#   --picture FILE    draw what changed: .svg or .png
#   --play            play it instead of writing it
#   --before          as it is without the effect, to play or to write
#   --help            this text

mix_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
# shellcheck source=pipelines/run.sh
. "$mix_root/pipelines/run.sh"

output=$script_name.wav picture='' play=false as_it_is=false
leader='' files=() compares_lines=false
declare -A own_options=()

# The scene's own comment, then what all have in common.
usage ()
{
  sed -n '4,/^$/s/^# \{0,1\}//p' "$0"
  echo
  sed -n '/^#   FILE/,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
}

# ---- The line ---------------------------------------------------------------

# The scenes' lines can be copied as they are; here `launch` runs them (see run.sh).
gst-launch-1.0 ()
{
  [ "$1" != -q ] || shift
  launch "$@"
}

before ()
{
  gst-launch-1.0 -q filesrc location="$in" ! decodebin ! "${out[@]}"
}

check_options ()
{
  :
}

has_line ()
{
  [ "$(type -t "$1")" = function ]
}

# run_line LINE FROM [LEADER [TO]]: without TO it is played.
run_line ()
{
  local in leader_in out
  in=$(quoted "$2") leader_in=$(quoted "${3-}")
  out=(audioconvert ! audioresample ! autoaudiosink)
  [ -z "${4-}" ] || out=(audioconvert ! wavenc ! filesink location="$(quoted "$4")")
  "$1" || fail "$2 cannot be played through this"
}

# The whole band, as loud as it was recorded: an input for those who have none.
make_sum_of_stems ()
{
  local one parts=()
  for one in lead drums bass guitar piano tabla choir; do
    parts+=(filesrc location="$(quoted "$mix_root/pipelines/stems/$one.flac")" ! decodebin !
      audioconvert ! 'audio/x-raw,channels=2' ! queue ! mix.)
  done
  gst-launch-1.0 -q audiomixer name=mix ! volume volume=0.5 ! audioconvert ! wavenc ! \
    filesink location="$(quoted "$scratch/input.wav")" "${parts[@]}"
}

# ---- Figures ----------------------------------------------------------------

# A scene with a leader is measured without the leader, but where that is who it
# listens to. One that has made its input is compared with its own line `before`.
show_figures ()
{
  local tools=$MIX_BUILD/pipelines/tools old=${files[0]} new=$output options=()
  if $compares_lines; then
    old=$scratch/before.wav
    run_line before "${files[0]}" "$leader" "$old"
  fi
  [ -z "$picture" ] || options+=(--picture "$picture" --title "$title")
  case ${view[0]} in
    hall | echoes | distance)
      attend "$tools/click" "$old" "$scratch/click.wav" || exit 1
      run_line scene "$scratch/click.wav" "$scratch/silence.wav" "$scratch/response.wav"
      options+=(--click "$scratch/click.wav" --response "$scratch/response.wav")
      ;;
  esac
  if [ -n "$leader" ]; then
    options+=(--leader "$leader")
    new=$scratch/alone.wav
    if has_line alone; then
      run_line alone "$old" "$leader" "$new"
    else
      run_line scene "$old" "$scratch/silence.wav" "$new"
    fi
  fi
  attend "$tools/compare" "${options[@]}" "${view[@]:1}" -- "${view[0]}" "$old" "$new" ||
    exit 1
}

# ---- What was asked for -----------------------------------------------------

is_number ()
{
  [[ $1 =~ ^[0-9]+(\.[0-9]+)?$ ]]
}

check_files ()
{
  local most=1 file
  ! { [ -n "$leader" ] || has_line make_leader; } || most=2
  [ ${#files[@]} -le $most ] || fail "too many files; --help tells how" 2
  [ ${#files[@]} -gt 0 ] || has_line make_input || files=("$mix_root/pipelines/stems/$stem.flac")
  [ ${#files[@]} -lt 2 ] || leader=${files[1]}
  for file in ${files[0]+"${files[0]}"} ${leader:+"$leader"}; do
    [ -f "$file" ] && [ -r "$file" ] || fail "cannot read $file"
  done
  $play || may_write --output "$output" ${files[0]+"${files[0]}"} ${leader:+"$leader"}
  [ -z "$picture" ] || may_write --picture "$picture" ${files[0]+"${files[0]}"} ${leader:+"$leader"}
  [[ -z $picture || $picture == *.svg || $picture == *.png ]] ||
    fail "--picture ends in .svg or .png: $picture" 2
}

read_arguments ()
{
  while [ $# -gt 0 ]; do
    case $1 in
      --play) play=true ;;
      --before) as_it_is=true ;;
      --help | -h) usage && exit 0 ;;
      --) shift && files+=("$@") && break ;;
      --*)
        local name=${1#--}
        [[ $1 == --output || $1 == --picture ]] || name=${own_options[$1]-}
        [ -n "$name" ] || fail "'$1' is not understood; --help tells what is" 2
        [ -n "${2-}" ] || fail "$1 needs a value" 2
        printf -v "$name" %s "$2"
        shift
        ;;
      *) files+=("$1") ;;
    esac
    shift
  done
  check_options
  check_files
}

prepare ()
{
  build_pipelines || fail "the elements do not build"
  [[ $picture != *.png ]] || command -v rsvg-convert >/dev/null ||
    need_packages librsvg2-bin || exit 1
}

make_files ()
{
  if [ ${#files[@]} -eq 0 ]; then
    make_input || fail "the input cannot be made"
    files=("$scratch/input.wav")
  fi
  if [ -z "$leader" ] && has_line make_leader; then
    make_leader || fail "the second file cannot be made"
    leader=$scratch/leader.wav
  fi
}

# Rejects a file without sound before the line gets it, which could wait for ever. Makes the silence that a leader's place is filled with.
check_sound ()
{
  local tool=$MIX_BUILD/pipelines/tools/click file
  for file in "${files[0]}" ${leader:+"$leader"}; do
    attend "$tool" --silent "$file" "$scratch/silence.wav" || fail "$file cannot be heard"
  done
}

run_scene ()
{
  local line=scene
  read_arguments "$@"
  ! $as_it_is || line=before
  make_scratch
  prepare
  make_files
  check_sound
  if $play; then
    run_line $line "${files[0]}" "$leader"
    return
  fi
  run_line $line "${files[0]}" "$leader" "$output"
  $as_it_is || ! has_figures "$output" || show_figures
  say "Written: $output${picture:+, $picture}"
}
