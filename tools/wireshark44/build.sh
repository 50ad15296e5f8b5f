#!/bin/sh
# Wireshark 4.4 with Lua 5.4 beside the machine's own: Debian 13 with nothing but tshark, in a root directory of its own.
#
#   tools/wireshark44/build.sh DIRECTORY    made once; some 500 MB, a few minutes
#
# Needs root, for packages can be installed into a root directory only from inside. The `tshark` beside this file runs
# what is in it, and needs none.
set -eu

SUITE=trixie
MIRROR=${MIRROR:-http://deb.debian.org/debian}
KEYS=/usr/share/keyrings/debian-archive-keyring.gpg
root=$1

if [ -e "$root/.tcplint-complete" ]; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "tcplint: another Debian in $root can be made by root only. Run:  sudo tools/wireshark44/build.sh $root" >&2
    exit 1
fi
if ! command -v debootstrap >/dev/null 2>&1; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "tcplint: debootstrap is missing and there is no apt-get here: please install it" >&2
        exit 1
    fi
    DEBIAN_FRONTEND=noninteractive apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap debian-archive-keyring
fi

echo "tcplint: making Debian $SUITE in $root"
rm -rf "$root"
mkdir -p "$root"
debootstrap --variant=minbase --keyring="$KEYS" "$SUITE" "$root" "$MIRROR" >"$root.log" 2>&1 || {
    tail -n 5 "$root.log" >&2
    exit 1
}
DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -qq --no-install-recommends tshark >>"$root.log" 2>&1 || {
    tail -n 5 "$root.log" >&2
    exit 1
}
touch "$root/.tcplint-complete"
