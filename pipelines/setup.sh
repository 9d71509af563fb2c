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
    apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@" >&2
}

# need_packages PACKAGE… (Debian's names): installs those that are missing.
# Costs nothing when there are none.
need_packages ()
{
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    tools_are_there && return 0
    say "Please install what these Debian packages hold:" "$@"
    return 1
  fi
  # shellcheck disable=SC2046
  set -- $(missing_packages "$@")
  [ $# -eq 0 ] || install_packages "$@"
}

# ---- The build -------------------------------------------------------------

# Sets up a build directory from nothing; never removes anything else.
setup_build ()
{
  setup_dir=$1
  shift
  if [ -e "$setup_dir" ] && [ ! -d "$setup_dir/meson-private" ]; then
    say "$setup_dir is in the way"
    return 1
  fi
  rm -rf "$setup_dir"
  meson setup "$setup_dir" "$mix_root" "$@" &&
    printf '%s\n' "$mix_root $*" >"$setup_dir/mix-options"
}

# A directory from another source or with other options is made anew, and one
# that cannot renew its own build.ninja (another meson made it).
try_build ()
{
  try_dir=$1
  shift
  if [ -f "$try_dir/mix-options" ] &&
    [ "$(cat "$try_dir/mix-options")" = "$mix_root $*" ]; then
    ninja -C "$try_dir" && return 0
    ninja -C "$try_dir" build.ninja >/dev/null 2>&1 && return 1
  fi
  setup_build "$try_dir" "$@" && ninja -C "$try_dir"
}

is_built ()
{
  built_dir=$1
  shift
  [ -f "$built_dir/mix-options" ] &&
    [ "$(cat "$built_dir/mix-options")" = "$mix_root $*" ] &&
    ninja -C "$built_dir" -n 2>/dev/null | grep -q 'no work to do'
}

# build_project DIRECTORY [meson options]: quiet unless it fails.
build_project ()
{
  is_built "$@" && return
  say "Building in $1"
  build_log=$(mktemp)
  try_build "$@" >"$build_log" 2>&1
  build_status=$?
  [ $build_status -eq 0 ] || tail -n 200 "$build_log" >&2
  rm -f "$build_log"
  return $build_status
}

# use_build DIRECTORY: GStreamer finds our plugin there, our presets, the
# system's plugins, and nothing else; its registry is the build's own. Scripts
# that are run from here use the same build.
use_build ()
{
  MIX_BUILD=$1
  GST_PLUGIN_PATH=$1/gst
  GST_PRESET_PATH=$mix_root/gst/presets
  GST_REGISTRY=$1/registry.bin
  export MIX_BUILD GST_PLUGIN_PATH GST_PRESET_PATH GST_REGISTRY
  unset GST_PLUGIN_PATH_1_0 GST_REGISTRY_1_0
}

# ---- What a pipeline runs with ---------------------------------------------

# build_pipelines: builds what pipelines need, unless a build is in use.
build_pipelines ()
{
  [ -z "${MIX_BUILD-}" ] || return 0
  # shellcheck disable=SC2086
  need_packages $MIX_BUILD_PACKAGES $MIX_RUN_PACKAGES &&
    build_project "$mix_root/build-demo" -Dtests=disabled &&
    use_build "$mix_root/build-demo"
}

elements_load ()
{
  # (--exists asks for GStreamer's own version as well.)
  gst-inspect-1.0 "$1" >/dev/null 2>&1
}

# find_elements ELEMENT: an installed plugin or that of the environment, if it
# has this one, else a plugin built here.
find_elements ()
{
  elements_load "$1" && return
  build_pipelines || return 1
  elements_load "$1" && return
  say "The elements do not load"
  return 1
}
