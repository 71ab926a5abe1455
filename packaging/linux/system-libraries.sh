#!/bin/sh
# The system libraries Qt needs to open a window, and a virtual display with a window manager for tests.
#
#   packaging/linux/system-libraries.sh          install what is missing (root on Debian-likes), else name it
#   packaging/linux/system-libraries.sh --check  only say what is missing; exit code 6 if anything is
#
# Exit code 0 otherwise: a missing library stops the window, not the rest of the lab.
set -u

[ "$(uname -s)" = Linux ] || exit 0

# library that is looked for : Debian package that brings it
wanted="
libEGL.so.1:libegl1
libGL.so.1:libgl1
libxkbcommon.so.0:libxkbcommon0
libxkbcommon-x11.so.0:libxkbcommon-x11-0
libxcb-cursor.so.0:libxcb-cursor0
libxcb-icccm.so.4:libxcb-icccm4
libxcb-keysyms.so.1:libxcb-keysyms1
libX11-xcb.so.1:libx11-xcb1
libdbus-1.so.3:libdbus-1-3
libfontconfig.so.1:libfontconfig1
"
PATH=$PATH:/sbin:/usr/sbin
known=$(ldconfig -p 2>/dev/null || true)
packages=""
for pair in $wanted; do
    case "$known" in
        *"${pair%%:*} "*) ;;
        *) packages="$packages ${pair##*:}" ;;
    esac
done
# The tests of the window: a virtual X server and a window manager to put on it.
command -v Xvfb >/dev/null 2>&1 || packages="$packages xvfb"
command -v openbox >/dev/null 2>&1 || packages="$packages openbox"

[ -n "$packages" ] || exit 0
if [ "${1:-}" = --check ]; then
    echo "missing for the window and its tests (Debian names):$packages"
    exit 6
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing$packages"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # a list of words
    if apt-get install -y -qq --no-install-recommends $packages >/dev/null 2>&1 ||
        { apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq --no-install-recommends $packages >/dev/null; }; then
        exit 0
    fi
fi
echo "The window and its tests need system libraries that are missing here. On Debian and Ubuntu:" >&2
echo "    sudo apt install$packages" >&2
exit 0
