# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2089,SC2090,SC2317
#
# Sourced by the tests of pipelines/, with ROOT, BUILD and perhaps a LOCALE to run
# in as arguments: the build in use, a folder to work in, checks, and figures by an
# independent judge.

mix_root=$1 build=$2 locale=${3-}

# Translated messages, decimal commas, an i that has no other case: made here, as
# hardly a machine has them, and entered by a new start.
use_locale ()
{
  local folder
  folder=$build/tests/pipelines/$(basename "$0").$locale
  [ "${LOCPATH-}" != "$folder" ] || return 0
  mkdir -p "$folder"
  localedef --no-archive -i "$locale" -f UTF-8 "$folder/$locale.UTF-8" >/dev/null 2>&1
  [ -d "$folder/$locale.UTF-8" ] || {
    echo "the locale $locale cannot be made"
    exit 77
  }
  exec env LOCPATH="$folder" LC_ALL="$locale.UTF-8" LANGUAGE="${locale%_*}" \
    bash "$0" "$mix_root" "$build" "$locale"
}

[ -z "$locale" ] || use_locale
pipelines=$mix_root/pipelines stems=$mix_root/pipelines/stems
# shellcheck source=pipelines/setup.sh
. "$mix_root/pipelines/setup.sh"
use_build "$build"
# a folder that scripts like to trip over
dir="$build/tests/pipelines/$(basename "$0")$locale -\"it's\" \\here"
rm -rf "$dir"
mkdir -p "$dir" && cd "$dir" || exit 1
trap 'rm -rf "$dir" ${locale:+"$LOCPATH"}' EXIT
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
