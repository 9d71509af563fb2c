# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
#
# Sourced by the pipelines, with `mix_root` set: what each of them needs to run a
# line and to write a file. Its lines are run by the program `launch`, which takes
# what gst-launch-1.0 takes and ends with 0 only when the end of the sound was seen
# and the file is whole.

: "${mix_root:?}"
# shellcheck source=pipelines/setup.sh
. "$mix_root/pipelines/setup.sh"

script_name=$(basename -- "$0")
stop_on_signals

# fail TEXT [STATUS]
fail ()
{
  say "$script_name: $1"
  exit "${2:-1}"
}

# Makes the folder `scratch`, which is gone at the end.
make_scratch ()
{
  scratch=$(mktemp -d) || exit 1
  trap clean_up EXIT
}

clean_up ()
{
  [ -z "${scratch-}" ] || rm -rf -- "$scratch"
}

# A value for a pipeline description, whatever characters it holds.
quoted ()
{
  local value=${1//\\/\\\\}
  printf '"%s"' "${value//\"/\\\"}"
}

launch ()
{
  attend "$MIX_BUILD/pipelines/tools/launch" --name "$script_name" "$@"
}

# may_write OPTION FILE INPUT...: fails early where `launch` would fail after
# the work, and where the file is one of the inputs.
may_write ()
{
  local option=$1 path=$2 folder input
  shift 2
  folder=$(dirname -- "$path" && echo .) && folder=${folder%??}
  [ -d "$path" ] && fail "$option is a folder: $path"
  [ -e "$path" ] && [ ! -f "$path" ] &&
    fail "$option is a device or a pipe, not a file: $path"
  { [ -d "$folder" ] && [ -w "$folder" ] && { [ ! -e "$path" ] || [ -w "$path" ]; }; } ||
    fail "cannot write to $path"
  for input in "$@"; do
    [ "$path" -ef "$input" ] && fail "$option would overwrite $input"
  done
}

# has_figures FILE: whether it can be measured; prints why not.
has_figures ()
{
  [ "$(stat -Lc %s -- "$1")" -gt 2147483647 ] || return 0
  say "No figures: GStreamer reads no more than 2 GiB of a WAV"
  return 1
}
