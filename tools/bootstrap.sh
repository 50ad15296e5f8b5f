#!/bin/sh
# Makes a virtual environment on a machine that has little more than Python, and finds or installs tshark.
#
#   tools/bootstrap.sh venv DIRECTORY    a fresh virtual environment with pip
#   tools/bootstrap.sh tshark            tshark on the search path
#   tools/bootstrap.sh gui               Wireshark with its windows, and a screen without a monitor to test them on
#
# A plain Debian has python3 without venv. Run by root, what is missing is installed without questions; run by anybody
# else, it is named.
set -eu

install() {
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "tcplint: $2 is missing and there is no apt-get here: please install it" >&2
        exit 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        echo "tcplint: $2 is missing. Run:  sudo apt-get install $1" >&2
        exit 1
    fi
    echo "tcplint: installing the Debian package $1"
    DEBIAN_FRONTEND=noninteractive apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"
}

# The first Python that is new enough; python3 is preferred, it is the one with packages for everything.
find_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

make_venv() {
    python=$(find_python)
    if [ -z "$python" ]; then
        install python3 "Python 3.11 or newer"
        python=$(find_python)
    fi
    if [ -z "$python" ]; then
        echo "tcplint: Python 3.11 or newer is needed; this machine's package of it is older" >&2
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        install "$python-venv" "the Python module venv"
    fi
    "$python" -m venv --clear "$1"
}

case "${1:-}" in
    venv) make_venv "$2" ;;
    tshark) command -v tshark >/dev/null 2>&1 || install tshark tshark ;;
    gui)
        for pair in wireshark:wireshark Xvfb:xvfb xdotool:xdotool import:imagemagick; do
            command -v "${pair%:*}" >/dev/null 2>&1 || install "${pair#*:}" "${pair%:*}"
        done
        ;;
    *)
        echo "usage: tools/bootstrap.sh venv DIRECTORY | tshark | gui" >&2
        exit 2
        ;;
esac
