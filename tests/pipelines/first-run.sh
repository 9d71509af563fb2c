#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# first-run.sh ROOT BUILD: first runs that come at once, in a tree that may not be
# written to, or to a build elsewhere.
#
# shellcheck disable=SC2154,SC2317

set -u
# shellcheck source=tests/pipelines/rig.sh
. "$(dirname "$0")/rig.sh"

# A project of one program, with what scripts need to build it.
small_project ()
{
  mkdir -p tree/pipelines
  cp "$pipelines/setup.sh" tree/pipelines
  echo 'int main (void) { return 0; }' >tree/main.c
  cat >tree/meson.build <<'MESON'
project('small', 'c')
executable('small', 'main.c')
MESON
  echo "option('tests', type: 'feature')" >tree/meson_options.txt
  cat >tree/first <<'SCRIPT'
mix_root=$(cd "$(dirname "$0")" && pwd) || exit 1
. "$mix_root/pipelines/setup.sh"
MIX_BUILD_PACKAGES='' MIX_RUN_PACKAGES=''
unset GST_PLUGIN_PATH
stop_on_signals
build_pipelines && "$MIX_BUILD/small" && echo "built in $MIX_BUILD"
SCRIPT
}

at_once ()
{
  local i code runs=()
  for i in 1 2 3; do
    env -u MIX_BUILD sh tree/first >"first.$i" 2>&1 </dev/null &
    runs[i]=$!
  done
  for i in 1 2 3; do
    wait "${runs[$i]}"
    code=$?
    check "three at once, $i: $(tail -n 1 "first.$i")" [ $code = 0 ]
  done
  check 'one of them builds' [ "$(cat first.? | grep -c 'Building in')" = 1 ]
}

# While it builds; the next one begins anew.
interrupted ()
{
  local pid
  rm -rf tree/build-demo
  (unset MIX_BUILD && exec sh tree/first) >first.4 2>&1 </dev/null &
  pid=$!
  until grep -q Building first.4; do sleep 0.02; done
  kill -TERM $pid
  wait $pid 2>/dev/null
  check 'a build that is ended' [ $? = 143 ]
  check 'leaves nobody behind' [ -z "$(pgrep -f "$PWD/tree/build-demo")" ]
  check 'and the next one builds' env -u MIX_BUILD sh tree/first
}

elsewhere ()
{
  mkdir empty
  check 'MIX_BUILD names the folder' [ "$(MIX_BUILD=empty sh tree/first 2>/dev/null)" = "built in $PWD/empty" ]
  check 'or one to be made' [ "$(MIX_BUILD="$PWD/new one" sh tree/first 2>/dev/null)" = "built in $PWD/new one" ]
  mkdir own
  echo mine >own/file
  check 'what is no build is in the way' [ "$(MIX_BUILD=own sh tree/first 2>&1)" = "$PWD/own is in the way" ]
  check 'and stays as it is' [ "$(cat own/file)" = mine ]
  meson setup hand tree --buildtype=release >/dev/null
  check 'a build by hand is used' [ "$(MIX_BUILD=hand sh tree/first 2>/dev/null)" = "built in $PWD/hand" ]
  check 'and keeps its options' grep -q '"release"' <(meson introspect hand --buildoptions)
}

# As somebody who is not root, for whom there are no permissions.
read_only ()
{
  local place said as=()
  place=$(mktemp -d)
  cp -r tree "$place"
  rm -rf "$place/tree/build-demo"
  chmod 755 "$place"
  chmod -R a+rX,a-w "$place/tree"
  if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups env -u CCACHE_DIR
      HOME="$place/home")
  fi
  mkdir "$place/out" "$place/home"
  chmod 777 "$place/out" "$place/home"
  said=$(cd / && "${as[@]}" env -u MIX_BUILD sh "$place/tree/first" 2>&1 </dev/null)
  check "a tree that may not be written to: $said" \
    [ "$said" = "Cannot write to $place/tree/build-demo: set MIX_BUILD to a folder to build in" ]
  said=$(cd / && MIX_BUILD=$place/out "${as[@]}" sh "$place/tree/first" 2>/dev/null </dev/null)
  check 'and a build elsewhere' [ "$said" = "built in $place/out" ]
  chmod -R u+w "$place"
  rm -rf "$place"
}

# A real one, with the build of this suite.
script ()
{
  unset GST_PLUGIN_PATH
  check 'a script with MIX_BUILD' env MIX_BUILD="$build" "$pipelines/loudness" \
    "$stems/lead.flac"
}

small_project
at_once
interrupted
elsewhere
read_only
script
exit $status
