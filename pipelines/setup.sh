# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh disable=SC2034
#
# Sourced by tests/run and by the pipelines: installs what is missing, builds,
# and points GStreamer at the build. Says what it does on standard error.
# `mix_root`, the source directory, is set before.
: "${mix_root:?}"

# What a build needs, and what a pipeline needs to run.
MIX_BUILD_PACKAGES="gcc libc6-dev pkg-config meson ninja-build
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev"
MIX_RUN_PACKAGES="gstreamer1.0-tools gstreamer1.0-plugins-base
  gstreamer1.0-plugins-good"

say ()
{
  printf '%s\n' "$*" >&2
}

# ---- Children ---------------------------------------------------------------

# attend COMMAND…: runs it so that a signal to this script is handled at once and
# ends the command too (see below).
attend ()
{
  "$@" </dev/null &
  mix_child=$!
  wait "$mix_child"
  attend_status=$?
  mix_child=
  return $attend_status
}

# Removes temporary files at the end; a script may define its own.
clean_up ()
{
  :
}

# end_by SIGNAL: ends the child and then the script, both by the signal.
end_by ()
{
  trap '' INT TERM HUP
  if [ -n "${mix_child-}" ]; then
    kill -TERM "$mix_child" 2>/dev/null
    wait "$mix_child"
  fi
  clean_up
  trap - "$1"
  kill "-$1" $$
}

stop_on_signals ()
{
  for signal in INT TERM HUP; do
    # shellcheck disable=SC2064
    trap "end_by $signal" $signal
  done
}

# ---- Locks ------------------------------------------------------------------

# lock FOLDER WHAT: waits until no other script does it. The folder itself is what
# is locked, so no file stays behind; where there is no flock nobody waits.
lock ()
{
  command -v flock >/dev/null || return 0
  exec 8<"$1" || return
  flock -n 8 && return
  say "Waiting for another $2 in $1"
  attend flock 8
}

unlock ()
{
  exec 8<&-
}

# ---- Packages --------------------------------------------------------------

# Prints those of the packages that are not installed.
missing_packages ()
{
  # shellcheck disable=SC2016
  installed=$(dpkg-query -W -f '<${db:Status-Status} ${Package}>' "$@" 2>/dev/null)
  for package in "$@"; do
    case $installed in
      *"<installed $package>"*) ;;
      *) printf '%s\n' "$package" ;;
    esac
  done
}

# Whether what every use needs is there, however it came here.
tools_are_there ()
{
  for tool in cc pkg-config meson ninja gst-launch-1.0; do
    command -v "$tool" >/dev/null || return 1
  done
  pkg-config --exists 'gstreamer-audio-1.0 >= 1.22' gstreamer-controller-1.0
}

# Installs as root, or says what to install and fails.
install_packages ()
{
  if [ "$(id -u)" -eq 0 ]; then
    as_root=
  elif command -v sudo >/dev/null; then
    as_root=sudo
  else
    say "Packages are missing. As root, run:" \
      "apt-get update && apt-get install -y --no-install-recommends $*"
    return 1
  fi
  say "Installing: $*"
  # an update may fail for one source of many: the installation decides
  $as_root apt-get -qq update >&2 || say "apt-get update failed; going on"
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@" >&2
}

# need_packages PACKAGE… (Debian's names): installs those that are missing, one
# script after the other. Costs nothing when there are none.
need_packages ()
{
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    tools_are_there && return 0
    say "Please install what these Debian packages hold:" "$@"
    return 1
  fi
  [ -n "$(missing_packages "$@")" ] || return 0
  lock "$mix_root" 'installation' || return
  # shellcheck disable=SC2046
  set -- $(missing_packages "$@")
  [ $# -eq 0 ] || install_packages "$@"
  need_status=$?
  unlock
  return $need_status
}

# ---- The build -------------------------------------------------------------

# Nothing is in it but what is ours.
is_free ()
{
  [ -d "$1/meson-private" ] ||
    [ -z "$(find "$1" -mindepth 1 -maxdepth 1 ! -name 'mix-*' | head -n 1)" ]
}

# Sets up a build directory from nothing; never removes anything else. (The folder
# itself stays: it is locked.)
setup_build ()
{
  setup_dir=$1
  shift
  find "$setup_dir" -mindepth 1 ! -name mix-log -delete &&
    attend meson setup "$setup_dir" "$mix_root" "$@" &&
    printf '%s\n' "$mix_root $*" >"$setup_dir/mix-options"
}

# has_options DIRECTORY [meson options]: it was made of this source and with them.
has_options ()
{
  options_dir=$1
  shift
  [ -f "$options_dir/mix-options" ] &&
    [ "$(cat "$options_dir/mix-options")" = "$mix_root $*" ]
}

# A directory from another source or with other options is made anew, and one
# that cannot renew its own build.ninja (another meson made it).
try_build ()
{
  if has_options "$@"; then
    attend ninja -C "$1" && return 0
    attend ninja -C "$1" build.ninja >/dev/null 2>&1 && return 1
  fi
  setup_build "$@" && attend ninja -C "$1"
}

is_built ()
{
  has_options "$@" && ninja -C "$1" -n 2>/dev/null | grep -q 'no work to do'
}

# Several scripts may come at once: one builds, the others wait for it.
build_locked ()
{
  is_built "$@" && return
  say "Building in $1"
  try_build "$@" >"$1/mix-log" 2>&1 && return
  tail -n 200 "$1/mix-log" >&2
  return 1
}

# build_project DIRECTORY [meson options]: quiet unless it fails.
build_project ()
{
  is_built "$@" && return
  if ! mkdir -p "$1" 2>/dev/null || [ ! -w "$1" ]; then
    say "Cannot write to $1: set MIX_BUILD to a folder to build in"
    return 1
  fi
  if ! is_free "$1"; then
    say "$1 is in the way"
    return 1
  fi
  lock "$1" build || return
  build_locked "$@"
  build_status=$?
  unlock
  return $build_status
}

# use_build DIRECTORY: GStreamer finds our plugin there, our presets, the
# system's plugins, and nothing else; its registry is the build's own. Scripts
# that are run from here use the same build.
use_build ()
{
  MIX_BUILD=$1
  GST_PLUGIN_PATH=$1/gst
  GST_PRESET_PATH=$mix_root/gst/presets:$1/gst
  GST_REGISTRY=$1/registry.bin
  export MIX_BUILD GST_PLUGIN_PATH GST_PRESET_PATH GST_REGISTRY
  unset GST_PLUGIN_PATH_1_0 GST_REGISTRY_1_0
}

# ---- What a pipeline runs with ---------------------------------------------

is_in_use ()
{
  [ -n "${MIX_BUILD-}" ] && [ "${GST_PLUGIN_PATH-}" = "$MIX_BUILD/gst" ]
}

# A build that is there keeps its options.
options_in ()
{
  options=$(cat "$1/mix-options" 2>/dev/null)
  case $options in
    "$mix_root "*) printf '%s\n' "${options#"$mix_root "}" ;;
    *) echo -Dtests=disabled ;;
  esac
}

# What somebody set up by hand is brought up to date, and not made anew.
is_made_by_hand ()
{
  [ -d "$1/meson-private" ] && [ ! -f "$1/mix-options" ]
}

renew_build ()
{
  attend ninja -C "$1" >"$1/mix-log" 2>&1 && return
  tail -n 200 "$1/mix-log" >&2
  return 1
}

build_in ()
{
  if is_made_by_hand "$1"; then
    renew_build "$1"
  else
    # shellcheck disable=SC2046
    build_project "$1" $(options_in "$1")
  fi
}

# build_pipelines: builds what pipelines need, in the folder that MIX_BUILD names or
# beside the sources, unless a build is in use.
build_pipelines ()
{
  is_in_use && return
  case ${MIX_BUILD:=$mix_root/build-demo} in
    /*) ;;
    *) MIX_BUILD=$PWD/$MIX_BUILD ;;
  esac
  # shellcheck disable=SC2086
  need_packages $MIX_BUILD_PACKAGES $MIX_RUN_PACKAGES && build_in "$MIX_BUILD" &&
    use_build "$MIX_BUILD"
}
