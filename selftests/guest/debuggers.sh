#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# The memory of this machine is dumped from outside; what ptdbg says of itself, from
# inside, goes to the host as well, which asks the debuggers for the same
# (debuggers_host.py).  The argument is the kind of dump.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh
. lib/host.sh

# walked NAME WHO ADDR: what ptdbg.d/walk has of it, and what was asked
walked() {
	echo "$2 $3" >$DIR/walk
	cat $DIR/walk >"/out/$1"
	echo "$1 $2 $3" >>/out/asked
}

# drgn and crash want to be told where the kernel is
if [ -z "$1" ]; then
	tap_need "no qemu_fw_cfg" insmod /modules/qemu_fw_cfg.ko
fi

# busybox sleep, whose table the host is to walk
sleep 1000 &
pid=$!
# called by wait_for
# shellcheck disable=SC2317
asleep() {
	grep -q ' S ' "/proc/$pid/stat" && [ "$(cat "/proc/$pid/comm")" = sleep ]
}

tap_need "ptdbg does not load" insmod $PTDBG_KO
mkdir -p /out
grep . /sys/module/ptdbg/sections/.* >/out/sections
echo comm=segv >$DIR/filter
./segv 2>/dev/null
echo 0 >$DIR/enable
tap_need "segv was not recorded" [ "$(records ' segv/' | wc -l)" -gt 10 ]
records . >/out/text
check "a process sleeps" wait_for 60 asleep
walked user $pid "$(sed -n 's/^\([0-9a-f]*\)-.*busybox$/\1/p' /proc/$pid/maps | head -n 1)"
walked kernel kernel "$(sed -n 's/^.*\.text:0x//p' /out/sections | head -n 1)"
ask_host "dump${1:+ $1}"
read -r answer <&3
check "the host dumps this machine: $answer" [ "$answer" = dumped ]
kill $pid
rmmod ptdbg
tap_end
