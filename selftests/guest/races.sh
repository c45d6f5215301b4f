#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# The kernel watches for races, of modules too: it finds the one of ptdbg_race.  What
# it says while the other tests run is judged with the rest of the kernel's log.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh

KCSAN=/sys/kernel/debug/kcsan

[ -e $KCSAN ] || tap_skip_all "this kernel has no KCSAN"

# called by wait_for
# shellcheck disable=SC2317
found() {
	dmesg | grep -q 'BUG: KCSAN: data-race in race_count '
}

check "KCSAN is switched on" grep -q '^enabled: 1' $KCSAN
tap_need "ptdbg_race does not load" insmod ./ptdbg_race.ko
check "it finds a race" wait_for 30 found
rmmod ptdbg_race
tap_end
