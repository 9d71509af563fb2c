# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2154,SC2317
#
# Sourced by the tests of what goes wrong: runs a script where an older output is,
# and looks at what it left.

# shellcheck source=tests/pipelines/rig.sh
. "$(dirname "$0")/rig.sh"
export TMPDIR=$dir/tmp
mkdir "$TMPDIR"

# wav FILE BITS CHANNELS SECONDS [CUT]: silence at 48 kHz, of which nothing takes
# room on the disk; with CUT the file ends there.
wav ()
{
  python3 - "$@" <<'PYTHON'
import struct, sys
path, bits, channels, seconds = sys.argv[1], *map (int, sys.argv[2:5])
frame = channels * bits // 8
size = min (frame * 48000 * seconds, 2 ** 32 - 100)
form = struct.pack ('<HHIIHH', 1, channels, 48000, 48000 * frame, frame, bits)
with open (path, 'wb') as file:
    file.write (b'RIFF' + struct.pack ('<I', size + 36) + b'WAVEfmt '
                + struct.pack ('<I', 16) + form + b'data' + struct.pack ('<I', size))
    file.truncate (44 + size)
PYTHON
}

# cut_wav FILE: one that ends within the head of its LIST chunk, for which
# GStreamer's reader waits for ever.
cut_wav ()
{
  printf 'RIFF\320\007\0\0WAVEfmt \020\0\0\0\001\0\001\0\200\273\0\0\0\167\001\0\002\0\020\0LIST\350\003\0\0I' >"$1"
}

# run SCRIPT ARGUMENTS...: fills printed, said and code.
run ()
{
  local name=$1
  shift
  printed=$("$pipelines/$name" "$@" 2>said </dev/null)
  code=$?
  said=$(cat said)
}

says ()
{
  [[ $said == *"$1"* ]]
}

# What is in a folder besides the files that are named.
nothing_but ()
{
  local names=() name
  for name in "$@"; do
    names+=(! -name "$name")
  done
  [ -z "$(find . "$TMPDIR" -mindepth 1 ! -path './tmp' ! -path './tmp/*' \
    ! -path "$TMPDIR" ! -name said "${names[@]}" -print)" ] &&
    [ -z "$(ls -A "$TMPDIR")" ]
}

is_old ()
{
  [ "$(cat "$1")" = old ]
}
