#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Installs what the lab needs, as Debian packages, by name:
#
#   setup.sh demo    to build for, boot and watch the riscv64 lane
#   setup.sh check   that, the other architectures, and the tools of the tests
#   setup.sh bench   that, and what ptdbg's cost is compared with
#
# Says what it installs, asks for root (sudo) only then, and does nothing when
# all is there. Works on Debian 12 and 13, and when run again.

set -eu

what=${1:-check}
missing=

# $1: a command or file that shows it is there; $2...: packages that bring it,
# the first that this Debian has is taken.
need() {
	case $1 in
	/*) if [ -e "$1" ]; then return; fi ;;
	*) if command -v "$1" >/dev/null 2>&1; then return; fi ;;
	esac
	shift
	missing="$missing $(echo "$*" | tr ' ' '|')"
}

demo() {
	need python3 python3
	need make make
	need xz xz-utils
	need mount mount
	need unshare util-linux
	need mmdebstrap mmdebstrap
	need /usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring
	# Debian 13 moved riscv out of -misc
	need qemu-system-riscv64 qemu-system-riscv qemu-system-misc
	need /usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin opensbi
}

check() {
	need qemu-system-x86_64 qemu-system-x86
	need /usr/share/seabios/bios-256k.bin seabios
	need qemu-system-aarch64 qemu-system-arm
	need gcc gcc
	need /usr/include/stdio.h libc6-dev
	need git git
	need perl perl
	need shellcheck shellcheck
	need babeltrace2 babeltrace2
	# the reader with all that it can have, and what it is tried with
	need pkg-config pkg-config
	need /usr/include/json-c/json.h libjson-c-dev
	need /usr/include/libelf.h libelf-dev
	need /usr/include/ncurses.h libncurses-dev
	need /usr/include/libkdumpfile/kdumpfile.h libkdumpfile-dev
	need makedumpfile makedumpfile
	need gdb-multiarch gdb-multiarch
	need jq jq
	need tmux tmux
	need chromium chromium
	need trace-cmd trace-cmd
	need stress-ng stress-ng
	need readelf binutils
	need zsh zsh
	need mandoc mandoc
	# with libFuzzer
	need clang clang
	for rt in /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-x86_64.a; do
		need "$rt" libclang-rt-19-dev libclang-rt-14-dev
	done
}

bench() {
	need bpftrace bpftrace
}

case $what in
demo | vm) demo ;;
check) demo; check ;;
bench) demo; check; bench ;;
*)
	echo "usage: setup.sh demo|check|bench" >&2
	exit 2
	;;
esac

if [ -z "$missing" ]; then
	exit 0
fi

if ! command -v apt-get >/dev/null 2>&1; then
	echo "setup: this is not Debian; install by hand what brings:$missing" >&2
	exit 1
fi

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo -- "$@"
	else
		echo "setup: not root and no sudo; run this as root: $*" >&2
		exit 1
	fi
}

echo "setup: needed and not there:$missing" >&2
as_root apt-get -q -o Acquire::Retries=3 update >&2

# Now that the lists are there, take of each choice what this Debian has.
packages=
for choice in $missing; do
	found=
	for name in $(echo "$choice" | tr '|' ' '); do
		if [ -z "$found" ] && apt-cache show "$name" >/dev/null 2>&1; then
			found=$name
		fi
	done
	if [ -z "$found" ]; then
		echo "setup: no package of this Debian is called $choice" >&2
		exit 1
	fi
	packages="$packages $found"
done

echo "setup: installing$packages" >&2
# shellcheck disable=SC2086 # a list of words
as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
	-o Acquire::Retries=3 install $packages >&2
