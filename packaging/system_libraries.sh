#!/bin/sh
# Makes sure that the system libraries Lacuna needs are there, on Debian and Ubuntu:
#   sh packaging/system_libraries.sh [test]
# Installs what is missing as root or through a sudo that asks for no password; else prints the one
# command to run. With "test" it also looks for what the tests in a real window need.
set -eu

missing=""
need() { # need PACKAGE: is it installed?
    dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q "ok installed" || missing="$missing $1"
}
either() { # either PACKAGE OTHER: the name differs between releases
    if dpkg-query -W -f '${Status}' "$2" 2>/dev/null | grep -q "ok installed"; then return; fi
    if apt-cache show "$1" >/dev/null 2>&1; then need "$1"; else need "$2"; fi
}

if [ "$(uname -s)" != Linux ]; then exit 0; fi
if ! command -v dpkg-query >/dev/null 2>&1; then
    ldconfig -p 2>/dev/null | grep -q libxcb-cursor.so.0 ||
        echo "If the window does not open, install your system's package for libxcb-cursor and its kin." >&2
    exit 0
fi

need libegl1
need libgl1
need libopengl0
need libdbus-1-3
need libfontconfig1
need libxkbcommon0
need libxkbcommon-x11-0
need libx11-xcb1
need libxcb-cursor0
need libxcb-icccm4
need libxcb-image0
need libxcb-keysyms1
need libxcb-randr0
need libxcb-render-util0
need libxcb-shape0
need libxcb-shm0
need libxcb-sync1
need libxcb-xfixes0
need libxcb-xkb1
either libglib2.0-0t64 libglib2.0-0
need fonts-dejavu-core
"${PYTHON:-python3}" -c "import ensurepip, venv" 2>/dev/null || need python3-venv
if [ "${1:-}" = test ]; then
    need xdotool
    need xvfb
    need zstd
fi

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    as=""
elif sudo -n true 2>/dev/null; then
    as="sudo"
else
    echo "Some system libraries are missing. Run this once, then try again:" >&2
    echo "    sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
echo "Installing system libraries:$missing"
$as apt-get update -qq
# shellcheck disable=SC2086 # the list is meant to split
DEBIAN_FRONTEND=noninteractive $as apt-get install -y -qq --no-install-recommends $missing >/dev/null
