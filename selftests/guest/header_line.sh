#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# The first line of the text file: does ptdbg know the paging mode it is in?
#
# Oracles: what the lane says its command line leads to; the kernel's own word
# in /proc/cpuinfo (x86: the la57 flag, which no5lvl takes away; riscv: mmu),
# and the page size in /proc/self/smaps.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

tap_need "ptdbg does not load" insmod $PTDBG_KO
line=$(head -n 1 $TEXT)
echo "# $line"

case $(uname -m) in
x86_64)
	arch=x86_64
	levels=4
	if grep -qw la57 /proc/cpuinfo; then
		levels=5
	fi
	own="$levels-level, 4K pages, $levels levels"
	;;
riscv64)
	arch=riscv64
	# "mmu : sv39"
	own=$(sed -n 's/^mmu.*: sv\([0-9]*\)$/Sv\1,/p' /proc/cpuinfo | head -n 1)
	;;
*)
	arch=arm64
	own=
	;;
esac

has "it is of this kernel" " on $(uname -r): $arch " $TEXT
if [ "$PTDBG_EMULATED" = 1 ]; then
	has "the lane's paging mode: $PTDBG_PAGING" ": $arch $PTDBG_PAGING, RAM pfn " $TEXT
else
	tap_skip "the lane's paging mode" "it is that of this host's CPU"
fi
if [ -n "$own" ]; then
	has "the kernel's own word: $own" ": $arch $own" $TEXT
else
	tap_skip "the kernel's own word" "there is none on $arch"
fi
has "pages of $(page_kb)K" ", $(page_kb)K pages, " $TEXT

# The first range of System RAM; whole pages of it, as pfns.
ram=$(sed -n 's/^\([0-9a-f]*\)-\([0-9a-f]*\) : System RAM$/\1/p' /proc/iomem | head -n 1)
bytes=$(($(page_kb) * 1024))
has "RAM begins at $ram" ", RAM pfn $(printf %x $(((0x$ram + bytes - 1) / bytes)))-" $TEXT
# what else is tried here is tried on several
check "all $PTDBG_CPUS CPUs are there" [ "$(nproc)" = "$PTDBG_CPUS" ]
check "ptdbg can be removed" rmmod ptdbg
tap_end
