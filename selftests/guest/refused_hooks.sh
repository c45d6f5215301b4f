#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# A kernel that refuses one hook, each of them in turn: ptdbg loads without it,
# says so and records with the others; without the one that it can't do without
# it does not load, and leaves nothing behind.
#
# Oracles: kprobes/list, which has all probes of the kernel; the kernel log; the
# count of the module that refuses.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

LIST=/sys/kernel/debug/kprobes/list
REFUSE_KO=./ptdbg_refuse.ko
REFUSED=/sys/module/ptdbg_refuse/parameters/refused

probes() {
	grep -c . $LIST
}

placed() {
	grep -c ' placed at' $DIR/hooks
}

# nothing_left NAME: as many probes as before, no files, no module
nothing_left() {
	check "$1: no probe stays" test "$(probes)" = "$before"
	check "$1: no files stay" test ! -e $TEXT -a ! -e $DIR
	check "$1: no module stays" test ! -d /sys/module/ptdbg
}

# without NAME: the hook is refused, the others work
without() {
	tap_need "$1: ptdbg_refuse does not load" insmod $REFUSE_KO symbol="$1"
	before=$(probes)
	if [ "$1" = handle_mm_fault ]; then
		check "$1: insmod fails" sh -c "! insmod $PTDBG_KO frees=1 2>/dev/null"
		dmesg | tail -n 5 >/tmp/said
		has "$1: it says why" "$1: the kernel does not allow a probe there" /tmp/said
	else
		check "$1: it loads" insmod $PTDBG_KO frees=1
		grep "^$1 " $DIR/hooks >/tmp/said
		has "$1: it says why" "refused: the kernel does not allow a probe there" /tmp/said
		check "$1: all others are placed" test "$(placed)" = $((all - 1))
		true >/tmp/a_fault
		check "$1: faults are recorded" grep -q ' fault ' $TEXT
		rmmod ptdbg
	fi
	nothing_left "$1"
	check "$1: it was refused" test "$(cat $REFUSED)" -gt 0
	rmmod ptdbg_refuse
}

before=$(probes)
tap_need "ptdbg does not load" insmod $PTDBG_KO frees=1
all=$(placed)
hooks=$(awk '/ placed at/ { print $1 }' $DIR/hooks)
rmmod ptdbg
nothing_left "nothing refused"
check "there are several hooks" test "$all" -gt 5
for hook in $hooks; do
	without "$hook"
done
before=$(probes)
check "and when nothing is refused, it loads" insmod $PTDBG_KO
rmmod ptdbg
nothing_left "at the end"
tap_end
