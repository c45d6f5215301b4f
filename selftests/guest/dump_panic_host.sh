#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The host's part of dump_panic.sh: ptdbg dump explains the panic from the memory
# alone.  Oracles: the numbers of the field note (N1), and the kernel's own report
# on the console.

# shellcheck source=selftests/guest/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"

place=$(dirname "$PTDBG_CONSOLE")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work" "$place"/console.core "$place"/console.kdump' EXIT

has "the host dumped it after the panic" dumped "$place/console.dump"
has "the kernel said why" "Kernel panic - not syncing: " "$PTDBG_CONSOLE"
"$PTDBG_READER_HERE" dump "$place/console.core" >"$work/core" 2>"$work/said"
tap_result "it reads the ELF core"
sed 's/^/# /' "$work/said"
awk '/^\[/ { on = / (gup|oops) / } /^#/ { on = 0 } on' "$work/core" | tail -n 20 | sed 's/^/# /'

# what the test said about itself: process PID page ADDR entry PTE pfn PFN dead ADDR
# shellcheck disable=SC2046
set -- $(sed -n 's/.*last_words: \(process .*\)/\1/p' "$PTDBG_CONSOLE" | tr -d '\r')
case $1 in
process)
	died="last_words/$2" page=$4 pte=$6 pfn=$8 dead=${10}
	has "the kernel died at $dead" "$dead" "$PTDBG_CONSOLE"
	grep -q " $died sig $page" "$work/core"
	tap_result "the record of the signal"
	has "its page" "page pfn $pfn: not RAM" "$work/core"
	grep -q " $died oops read $dead ip " "$work/core"
	tap_result "the oops record"
	has "what the address is" "vmemmap: struct page of pfn $pfn + 8 (compound_head); pfn $pfn is not RAM" "$work/core"
	has "and the cause" "because: the sig of $page above found PTE $pte with that pfn" "$work/core"
	;;
*)
	page=7fbd117000
	pte=
	if [ "$PTDBG_ARCH" = riscv64 ]; then
		page=3fbd117000
		pte=0040000000000053
		has "the kernel died at the address of the field note" "virtual address ffffffc4fe000008" "$PTDBG_CONSOLE"
		has "the PTE of the field note" "$pte -> pfn 0  V R U A, reserved bit 54" "$work/core"
	fi
	dead=$(sed -n 's/.*virtual address \([0-9a-f]*\).*/\1/p' "$PTDBG_CONSOLE" | head -n 1)
	grep -q "bad_echo/[0-9]* gup $page" "$work/core"
	tap_result "the gup record"
	has "its page" "page pfn 0: not RAM" "$work/core"
	grep -q "!! bad pfn: its struct page would be [0-9a-f]*, which is not mapped" "$work/core"
	tap_result "its verdict"
	grep -q "bad_echo/[0-9]* oops read ${dead:-none} ip " "$work/core"
	tap_result "the oops record, of the address that the kernel names: $dead"
	has "what the address is" "vmemmap: struct page of pfn 0 + 8 (compound_head); pfn 0 is not RAM" "$work/core"
	grep -q "because: the gup of $page above found PTE ${pte}[0-9a-f]* with that pfn" "$work/core"
	tap_result "and the cause"
	;;
esac

if "$PTDBG_READER_HERE" dump "$place/console.kdump" >"$work/kdump" 2>"$work/said"; then
	check "the zlib dump says the same" cmp "$work/core" "$work/kdump"
elif grep -q "needs a ptdbg with libkdumpfile" "$work/said"; then
	tap_skip "the zlib dump" "libkdumpfile is not installed"
else
	check "it reads the zlib dump" false
	sed 's/^/# /' "$work/said"
fi
tap_end
