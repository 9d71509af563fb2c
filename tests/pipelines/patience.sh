#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# patience.sh ROOT BUILD: no script waits for ever, plays into nothing, or keeps to
# itself what an element has to say.
#
# shellcheck disable=SC2154,SC2317

set -u
# shellcheck source=tests/pipelines/faults-rig.sh
. "$(dirname "$0")/faults-rig.sh"

# gives_up SCRIPT ARGUMENTS...
gives_up ()
{
  echo old >out.wav
  MIX_PATIENCE=1 run "$@"
  [ "$code" -ne 0 ] && says "$cut: " && says 'for 1 s' && is_old out.wav
}

waiting ()
{
  local cut="$PWD/cut it.wav"
  cut_wav "$cut"
  check 'loudness' gives_up loudness "$cut"
  check 'song' gives_up song --output out.wav lead="$cut"
  check 'telephone' gives_up telephone --output out.wav "$cut"
  check 'a leader' gives_up drummer-further-behind --output out.wav \
    "$stems/drums.flac" "$cut"
  check 'level-balance' gives_up level-balance --output out.wav "$stems/lead.flac" "$cut"
  check 'level-balance --live' gives_up level-balance --live --output out.wav \
    "$stems/lead.flac" "$cut"
  run loudness "$stems/lead.flac"
  check 'and what is whole is measured' [ "$code" = 0 ]
}

# plays_nowhere SCRIPT ARGUMENTS...
plays_nowhere ()
{
  PULSE_SERVER=/none ALSA_CONFIG_PATH=/none JACK_NO_START_SERVER=1 \
    JACK_DEFAULT_SERVER=none run "$@" --play
  [ "$code" -ne 0 ] && says 'there is no sound device'
}

playing ()
{
  check 'song --play' plays_nowhere song
  check 'telephone --play' plays_nowhere telephone
  check 'level-balance --play' plays_nowhere level-balance "$stems/lead.flac"
}

# A unit has something to say of what was asked for: width, of one channel.
warnings ()
{
  sed "s|^mix_root=.*|mix_root=\"$mix_root\"|; s|dirname \"\${BASH.*)/scene.sh|echo \"$pipelines\")/scene.sh|" \
    "$pipelines/telephone" | sed 's/mixeq @preset=telephone/miximager width=50/' >warner
  chmod +x warner
  wav mono.wav 16 1 2
  said=$(./warner --output out.wav mono.wav 2>&1 >/dev/null)
  check "a scene shows what is warned of: $said" says 'warner: miximager0: '
  check 'once' [ "$(grep -c 'warner: miximager0: ' <<<"$said")" = 1 ]
}

waiting
playing
warnings
exit $status
