#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# What is left of the last words where the kernel keeps its log for them: in pstore
# after a panic and a reset, and in its own buffer after an oops that is no panic.  The
# machine comes here twice.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh
. lib/resets.sh

tap_need "ptdbg does not load" insmod $PTDBG_KO
tap_need "the injector does not load" insmod $INJECT_KO
# where the kernel has it built in, its command line says the same
if [ ! -d /sys/module/ramoops ]; then
	tap_need "no Reed-Solomon" insmod /modules/reed_solomon.ko
	tap_need "no ramoops" insmod /modules/ramoops.ko mem_address=0x10000000 mem_size=0x100000 \
		record_size=0x40000 console_size=0 ftrace_size=0 pmsg_size=0
fi
if [ "$(read_stage)" = 0 ]; then
	write_stage 1
	echo 1 >/proc/sys/kernel/panic_on_oops
	has_faults
	echo "<6>pstore: process $$ is about to die" >/dev/kmsg
	echo load 80 >/dev/ptdbg_inject
	tap_dies
fi

# words_in FILE PID: the address, and a record of the task, once
words_in() {
	test "$(grep -c 'ptdbg: 80: NULL + 80$' "$1")" = 1
	tap_result "what the address is, once"
	grep -q "ptdbg: \[.*/$2 fault " "$1"
	tap_result "and a record of the task"
}

mkdir -p /sys/fs/pstore
# "pstore" would be this file
mount -t pstore none /sys/fs/pstore
# of the oops before it there is a file, too
kept=$(grep -l '^Panic#' /sys/fs/pstore/dmesg-ramoops-*)
died=$(sed -n 's/.*pstore: process \([0-9]*\) is about to die$/\1/p' "${kept:-/dev/null}")
check "pstore has the log of the panic: $kept" test -n "$died"
words_in "${kept:-/dev/null}" "${died:-none}"

# an oops that is no panic; a task of its own dies of it
sh -c '(:); echo $$ >/tmp/pid; echo load 80 >/dev/ptdbg_inject'
dmesg >/tmp/kmsg
words_in /tmp/kmsg "$(cat /tmp/pid)"
check "ptdbg can be removed" rmmod ptdbg
tap_end
