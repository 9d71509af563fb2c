#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# signals.sh ROOT BUILD: a script that is told to end takes its children along, and
# leaves an older output as it was.
#
# shellcheck disable=SC2154,SC2317

set -u
# shellcheck source=tests/pipelines/faults-rig.sh
. "$(dirname "$0")/faults-rig.sh"

is_writing ()
{
  [ -n "$(find . -maxdepth 1 -name '.mix-*' -size +0)" ]
}

is_measuring ()
{
  pgrep -g "$pid" -x loudness >/dev/null
}

# wait_for CONDITION: a minute at the most
wait_for ()
{
  local i
  for ((i = 0; i < 1200; i++)); do
    "$1" && return
    sleep 0.05
  done
  return 1
}

nobody_is_left ()
{
  ! pgrep -g "$pid" >/dev/null
}

# begin CONDITION SCRIPT ARGUMENTS...: in a process group of its own, until it has
# come so far; fills pid.
begin ()
{
  local condition=$1 script=$2
  shift 2
  echo old >out.wav
  set -m
  # (what started the suite may ignore a signal, as nohup does)
  env --default-signal "$pipelines/$script" --output out.wav "$@" \
    >printed 2>said </dev/null &
  pid=$!
  set +m
  check "$script: under way" wait_for "$condition"
}

# end STATUS WHAT: waits for it.
end ()
{
  local code
  wait "$pid" 2>/dev/null
  code=$?
  check "$2: status $code" [ "$code" = "$1" ]
  check "$2: nobody is left" wait_for nobody_is_left
  check "$2: nothing is said to be written" [ -z "$(grep Written said)" ]
  check "$2: the old file is there" is_old out.wav
  check "$2: and no other" nothing_but long.wav out.wav printed
}

signals ()
{
  local signal number
  for signal in 'INT 130' 'TERM 143' 'HUP 129'; do
    read -r signal number <<<"$signal"
    begin is_writing song
    kill "-$signal" "$pid"
    end "$number" "song, SIG$signal"
    begin is_writing telephone long.wav
    kill "-$signal" "$pid"
    end "$number" "telephone, SIG$signal"
    begin is_writing level-balance --live long.wav
    kill "-$signal" "$pid"
    end "$number" "level-balance, SIG$signal"
  done
}

# As a terminal does it: all of them at once.
control_c ()
{
  begin is_writing song
  kill -INT -- "-$pid"
  end 130 'song, ^C'
  begin is_measuring level-balance long.wav
  kill -INT -- "-$pid"
  end 130 'level-balance measures, ^C'
}

# A child alone: the script has to see that the end did not come.
a_child ()
{
  local child
  for script in song telephone; do
    case $script in
      song) begin is_writing song ;;
      telephone) begin is_writing telephone long.wav ;;
    esac
    child=$(pgrep -g "$pid" -f /tools/launch)
    kill -TERM "$child"
    end 1 "$script, its child is ended"
  done
}

wav long.wav 16 2 6000
signals
control_c
a_child
exit $status
