# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2154,SC2317
#
# Sourced by the tests of scenes: runs one, reads its table, and asks a judge who
# knows nothing of our programs.

# shellcheck source=tests/pipelines/rig.sh
. "$(dirname "$0")/rig.sh"
/usr/bin/python3 -c 'import numpy' 2>/dev/null || {
  echo "numpy is not installed"
  exit 77
}

judge ()
{
  /usr/bin/python3 "$mix_root/tests/pipelines/judge.py" "$@"
}

# scene NAME ARGUMENTS...: fills table, said and code; the sound is in out.wav.
scene ()
{
  local name=$1
  shift
  rm -f out.wav
  table=$("$pipelines/$name" --output out.wav "$@" 2>said </dev/null)
  code=$?
  said=$(cat said)
}

# cell TEXT COLUMN, of the row that holds it
cell ()
{
  awk -v text="$1" -v column="$2" 'index ($0, text) { print $column; exit }' \
    <<<"$table"
}

# near VALUE EXPECTED TOLERANCE
near ()
{
  within "$(LC_ALL=C awk "BEGIN { printf \"%.4f\", $1 - ($2) }")" "-$3" "$3"
}

# All of the input is there, and the end is not cut off. Fills seconds and peak.
whole ()
{
  read -r seconds peak last < <(judge end out.wav)
  check "$1: $seconds s, at least $2" within "$seconds" "$(less "$2" 0.001)" 99
  check "$1: its last 100 ms are at $last dBFS" within "$last" -999 -80
}

refuses ()
{
  local text=$1
  shift
  scene "$@"
  [ "$code" -ne 0 ] && [ ! -e out.wav ] && [[ $said == *"$text"* ]]
}

runs ()
{
  scene "$@"
  [ "$code" -eq 0 ] && [ -s out.wav ]
}
