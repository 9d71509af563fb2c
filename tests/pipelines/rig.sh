# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2089,SC2090,SC2317
#
# Sourced by the tests of pipelines/, with ROOT and BUILD as arguments: the build
# in use, a folder to work in, checks, and figures by an independent judge.

mix_root=$1 build=$2
pipelines=$mix_root/pipelines stems=$mix_root/pipelines/stems
# shellcheck source=pipelines/setup.sh
. "$mix_root/pipelines/setup.sh"
use_build "$build"
# a folder that scripts like to trip over
dir="$build/tests/pipelines/$(basename "$0") -\"it's\" \\here"
rm -rf "$dir"
mkdir -p "$dir" && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT
status=0

check ()
{
  local what=$1
  shift
  if "$@"; then
    echo "ok    $what"
  else
    echo "FAIL  $what"
    status=1
  fi
}

# within VALUE FROM TO
within ()
{
  LC_ALL=C awk -v v="$1" -v from="$2" -v to="$3" \
    'BEGIN { exit !(v == v + 0 && v >= from && v <= to) }'
}

less ()
{
  LC_ALL=C awk "BEGIN { printf \"%.2f\", $1 - ($2) }"
}

# Fills lufs, range, peak, seconds and frames.
figures ()
{
  read -r lufs range peak seconds frames _ < \
    <("$build/tests/pipelines/measure" "$1" | sed 1d)
}
