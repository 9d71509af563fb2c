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
# and may have a `leader`, a second file that plays along with the first, for
# which it then has a line `before ()` too; `own_options`, each with the name of
# its variable; and `check_options ()`. Then it runs `run_scene "$@"`.
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
leader='' files=()
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

# run_line LINE FROM [LEADER [TO]]: without TO it is played.
run_line ()
{
  local in leader_in out
  in=$(quoted "$2") leader_in=$(quoted "${3-}")
  out=(audioconvert ! audioresample ! autoaudiosink)
  [ -z "${4-}" ] || out=(audioconvert ! wavenc ! filesink location="$(quoted "$4")")
  "$1" || fail "$2 cannot be played through this"
}

# ---- Figures ----------------------------------------------------------------

# A scene with a leader is measured without the leader.
show_figures ()
{
  local tools=$MIX_BUILD/pipelines/tools old=${files[0]} new=$output options=()
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
    run_line scene "$old" "$scratch/silence.wav" "$new"
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
  [ -z "$leader" ] || most=2
  [ ${#files[@]} -le $most ] || fail "too many files; --help tells how" 2
  [ ${#files[@]} -gt 0 ] || files=("$mix_root/pipelines/stems/$stem.flac")
  [ ${#files[@]} -lt 2 ] || leader=${files[1]}
  for file in "${files[0]}" ${leader:+"$leader"}; do
    [ -f "$file" ] && [ -r "$file" ] || fail "cannot read $file"
  done
  $play || may_write --output "$output" "${files[0]}" ${leader:+"$leader"}
  [ -z "$picture" ] || may_write --picture "$picture" "${files[0]}" ${leader:+"$leader"}
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
  check_sound
  if $play; then
    run_line $line "${files[0]}" "$leader"
    return
  fi
  run_line $line "${files[0]}" "$leader" "$output"
  $as_it_is || ! has_figures "$output" || show_figures
  say "Written: $output${picture:+, $picture}"
}
