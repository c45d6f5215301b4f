#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# The memory of this machine is dumped from outside, in two formats: before that,
# the ring is copied as ptdbg.d/ctf has it.  The host compares (dump_host.sh).

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh
. lib/host.sh

# called by check
# shellcheck disable=SC2317
host_says() {
	read -r answer <&3
	echo "# the host says: $answer"
	[ "$answer" = "$1" ]
}

# shellcheck disable=SC2317
overwritten() {
	busybox true
	[ "$(stat_of overwritten)" -gt 0 ]
}

# a load before this one: its packets are free memory now, or somebody's
tap_need "ptdbg does not load" insmod $PTDBG_KO ring_kb=128
busybox true
tap_need "ptdbg can't be removed" rmmod ptdbg
tap_need "ptdbg does not load" insmod $PTDBG_KO ring_kb=128
check "the ring was overwritten" wait_for 60 overwritten
# what is in the ring stays there
echo 0 >$DIR/enable
mkdir -p /out
cp -r $DIR/ctf /out/ctf
ask_host dump
check "the host dumps this machine" host_says dumped
check "ptdbg can be removed" rmmod ptdbg
tap_end
