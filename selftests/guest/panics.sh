#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# A machine to panic, without ptdbg and with it: the host takes a snapshot of each
# and then runs it again and again (panics_host.py); every one of these asks what it
# is to die of.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh
. lib/host.sh

# its processes have had a thousand minor faults: field 10 of proc_pid_stat(5)
# shellcheck disable=SC2317
stormy() {
	cat /proc/[0-9]*/stat 2>/dev/null |
		awk '$2 == "(storm)" { n += $10 } END { exit n < 1000 }'
}

# on all CPUs, before and while it happens
storm() {
	./storm 60 &
	tap_need "there is no storm" wait_for 30 stormy
}

# bring_about KIND
bring_about() {
	case $1 in
	oops | storm) echo load 80 >/dev/ptdbg_inject ;;
	irq | storm_irq) echo irq 80 >/dev/ptdbg_inject ;;
	sysrq | empty) echo c >/proc/sysrq-trigger ;;
	trap) echo trap >/dev/ptdbg_inject ;;
	general) echo load 123456789abcde0 >/dev/ptdbg_inject ;;
	exec) echo null_exec 0 >/dev/ptdbg_oops ;;
	stack) echo stack 0 >/dev/ptdbg_oops ;;
	esac
}

# or_panic SNAPSHOT: the machine goes on, its copies die
or_panic() {
	ask_host "snapshot $1"
	read -r kind run <&3
	exec 3>&-
	[ "$kind" = "$1" ] && return
	tap_need "the host has no snapshot: $run" test "$kind" != failed
	# never quite the same moment
	has_faults
	usleep "$((run % 7 * 1000))"
	case $kind in
	storm*) storm ;;
	empty)
		if [ -e $DIR ]; then
			echo 0 >$DIR/enable
			echo 1 >$DIR/clear
		fi
		;;
	esac
	echo "<6>panics: run $run $kind $1" >/dev/kmsg
	bring_about "$kind"
	wait_for 600 false
}

tap_need "the injector does not load" insmod $INJECT_KO
tap_need "the triggers do not load" insmod ./ptdbg_oops.ko
echo 1 >/proc/sys/kernel/panic_on_oops
or_panic without
tap_need "ptdbg does not load" insmod $PTDBG_KO
or_panic with
check "ptdbg can be removed" rmmod ptdbg
tap_end
