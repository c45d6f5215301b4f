#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# tools/debuggers/ptdbg-gdb.py on this machine: the host connects gdb to it from
# outside (selftests/vm/debugger.py) and says what gdb has printed.
#
# Oracles: the text file; ptdbg.d/walk, from inside.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

# ask COMMAND...: gdb's answer to each, in /tmp/answer
ask() {
	{
		cat /tmp/sections
		printf '! %s\n' "$@"
	} >/tmp/question
	{
		echo "gdb $(wc -c </tmp/question)"
		cat /tmp/question
	} >&4
	while IFS= read -r line <&4; do
		case $line in
		"> "*) echo "${line#> }" ;;
		end) break ;;
		*) echo "$line" && break ;;
		esac
	done >/tmp/answer
}

# plain: the kernel's functions have names in the text file only
# shellcheck disable=SC2317
plain() {
	sed 's| ip [^ ]*+0x[0-9a-f]*| ip KERNEL|; s| ip ffff[0-9a-f]*| ip KERNEL|'
}

# shellcheck disable=SC2317
same_records() {
	records . | plain >/tmp/text
	# gdb has the last word
	records . /tmp/answer | grep -v '^\[Inferior' | plain >/tmp/shown
	cmp /tmp/text /tmp/shown
}

# shellcheck disable=SC2317
same_signals() {
	grep '^\[.*cpu' /tmp/answer >/tmp/shown
	[ -s /tmp/shown ] && ! grep -v ' sig ' /tmp/shown &&
		[ "$(wc -l </tmp/shown)" = "$(grep -c '^\[.* sig ' "$TEXT")" ]
}

# chain FILE: levels, where their entries are, and what these are
# shellcheck disable=SC2317
chain() {
	sed -n 's/^ *\(P[A-Z0-9]*\[[0-9a-f]*\] @[0-9a-f]* [0-9a-f]*\) *\(->\( table\| pfn\) [0-9a-f]*\)*.*/\1 \2/p' "$1"
}

# same_chain [BUT_ROOT]
# shellcheck disable=SC2317
same_chain() {
	chain /tmp/walk >/tmp/walk.chain
	chain /tmp/answer >/tmp/answer.chain
	# each process has a root table of its own, also for the kernel
	[ -z "$1" ] || sed -i '1s/@[0-9a-f]*//' /tmp/walk.chain /tmp/answer.chain
	[ "$(wc -l </tmp/walk.chain)" -gt 2 ] && cmp /tmp/walk.chain /tmp/answer.chain
}

port=$(for dir in /sys/class/virtio-ports/*; do
	grep -qx ptdbg.ask "$dir/name" && echo "/dev/${dir##*/}"
done)
exec 4<>"$port"
tap_need "ptdbg does not load" insmod $PTDBG_KO
grep . /sys/module/ptdbg/sections/.* >/tmp/sections
echo comm=segv >$DIR/filter
./segv 2>/dev/null
echo 0 >$DIR/enable
tap_need "segv was not recorded" [ "$(records ' segv/' | wc -l)" -gt 10 ]

ask "ptdbg records"
check "the records are those of the text file" same_records || sed 's/^/# /' /tmp/answer
ask "ptdbg records --brief --filter type=sig"
check "options of report are taken: only the signal" same_signals

addr=$(sed -n 's/^\([0-9a-f]*\)-.*busybox$/\1/p' /proc/$$/maps | head -n 1)
echo "$$ $addr" >$DIR/walk
cat $DIR/walk >/tmp/walk
# where the root table begins: "entry - 8 * index"
root=$(sed -n 's/^ *PGD\[\([0-9a-f]*\)\] @\([0-9a-f]*\) .*/0x\2 - 8 * 0x\1/p' /tmp/walk)
ask "ptdbg walk 0x$addr $(printf '0x%x' $((root)))"
check "the chain of a user address is what walk shows" same_chain || sed 's/^/# /' /tmp/answer /tmp/walk

kernel=$(sed -n 's/^.*\.text:0x//p' /tmp/sections | head -n 1)
echo "kernel $kernel" >$DIR/walk
cat $DIR/walk >/tmp/walk
ask "ptdbg walk 0x$kernel"
check "from the root in the register: a kernel address" same_chain but_root || sed 's/^/# /' /tmp/answer /tmp/walk
ask "ptdbg walk" "ptdbg save"
has "what is missing is said" "ptdbg walk ADDR [ROOT]" /tmp/answer

rmmod ptdbg
tap_end
