#!/bin/sh
# Lacuna, a desktop editor for photos, as a single file. Run it; nothing is installed:
#     chmod +x Lacuna-x86_64.run && ./Lacuna-x86_64.run [FILE ...]
# The first start unpacks it into ~/.cache/lacuna-bundle (LACUNA_UNPACK_DIR names another folder), later ones
# go straight in. What is unpacked may be deleted at any time. Behind this script lie a decompressor and the
# program; nothing outside this file but a shell and the usual small commands is needed.
set -u
HASH=@HASH@ HEADER=@HEADER@ TOOLS=@TOOLS@ PAYLOAD=@PAYLOAD@ NEEDED_KB=@NEEDED_KB@

stop() {
    echo "lacuna: $1" >&2
    exit 1
}

base=${LACUNA_UNPACK_DIR:-}
if [ -z "$base" ]; then
    base=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
    [ -n "$base" ] || stop "There is no home folder to unpack into. Name one with LACUNA_UNPACK_DIR=FOLDER."
    base=$base/lacuna-bundle
fi
place=$base/$HASH
LACUNA_COMMAND=$0
export LACUNA_COMMAND

start() {
    # Held shared as long as the program runs: another version then leaves this one where it is.
    exec 9<"$place/.whole" && { flock -s -n 9 2>/dev/null || :; }
    touch "$place/.whole" 2>/dev/null
    [ -x "$place/lacuna" ] || stop "Programs cannot be run from $base. Name another folder with LACUNA_UNPACK_DIR=FOLDER."
    exec "$place/lacuna" "$@"
}
[ -f "$place/.whole" ] && start "$@"

self=$0
[ -r "$self" ] || self=$(command -v -- "$0") || stop "$0 cannot be read. Start it by its full name."
(umask 077 && mkdir -p "$base") || stop "The folder $base cannot be made. Name another with LACUNA_UNPACK_DIR=FOLDER."

# One at a time, where the system can; without, each unpacks for itself and the first to be whole stays.
exec 8>"$base/.lock" || stop "The folder $base cannot be written to. Name another with LACUNA_UNPACK_DIR=FOLDER."
flock 8 2>/dev/null || :
[ -f "$place/.whole" ] && { exec 8>&-; start "$@"; }

free=$(df -Pk "$base" 2>/dev/null | awk 'NR == 2 { print $4 }')
if [ -n "$free" ] && [ "$free" -lt "$NEEDED_KB" ]; then
    stop "The first start needs $((NEEDED_KB / 1024)) MB in $base, and $((free / 1024)) MB are free. Make room, or name another folder with LACUNA_UNPACK_DIR=FOLDER."
fi
[ -t 2 ] && echo "Unpacking Lacuna, once ..." >&2
told=$(tail -c "+$((HEADER + 1))" "$self" | sha256sum) || stop "$self cannot be read to its end."
[ "${told%% *}" = "$HASH" ] || stop "$self is damaged or not all there. Fetch it again."

new=$(mktemp -d "$base/.unpacking-XXXXXX") || stop "Nothing can be written to $base."
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$new/tools" "$new/program"
part() { tail -c "+$(($1 + 1))" "$self" | head -c "$2"; }
part "$HEADER" "$TOOLS" | gzip -dc | tar -xf - -C "$new/tools" 2>/dev/null || stop "There is no room in $base, or it cannot be written to."
unzstd() { LD_LIBRARY_PATH=$new/tools "$new/tools/zstd" "$@"; }
(unzstd --version) >/dev/null 2>&1 ||
    stop "Programs cannot be run from $base. Name another folder with LACUNA_UNPACK_DIR=FOLDER."
# What tar says of each file that has no room is said in a line.
{ { part "$((HEADER + TOOLS))" "$PAYLOAD" | unzstd -dc --long=27 || : >"$new/failed"; } |
    tar -xof - -C "$new/program"; } 2>/dev/null && [ ! -e "$new/failed" ] ||
    stop "There is no room for $((NEEDED_KB / 1024)) MB in $base. Make room, or name another folder with LACUNA_UNPACK_DIR=FOLDER."
(: >"$new/program/.whole") 2>/dev/null || stop "There is no room in $base."
sync -f "$new/program" 2>/dev/null || sync
mv -T "$new/program" "$place" 2>/dev/null || [ -f "$place/.whole" ] || stop "Nothing can be written to $base."
rm -rf "$new"
trap - EXIT INT TERM HUP

# Versions that nobody has started for a month go, and what a start that was killed has left.
for old in "$base"/*/.whole; do
    case $old in "$place"/*) continue ;; esac
    [ -n "$(find "$old" -mtime +30 2>/dev/null)" ] || continue
    flock -x -n "$old" true 2>/dev/null && rm -rf "${old%/.whole}"
done
find "$base" -maxdepth 1 -name '.unpacking-*' -mtime +1 -exec rm -rf {} + 2>/dev/null
exec 8>&-
start "$@"
