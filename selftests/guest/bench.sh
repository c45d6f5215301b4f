#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# Records as many page faults with ptdbg and with trace-cmd, of the same program
# in the same kernel.  The host (bench_host.py) takes the time that each reader
# needs for them.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

[ -x trace-cmd ] || tap_skip_all "trace-cmd is the host's, and its architecture is another"

case $PTDBG_SIZE in
full) faults=1000000 ring_kb=393216 ;;
*) faults=20000 ring_kb=16384 ;;
esac

# shellcheck disable=SC2317
has_all() {
	[ "$1" -ge "$faults" ]
}

# took SINCE: says how long it took
took() {
	echo "# $(($(cut -d. -f1 /proc/uptime) - $1)) s"
}

mkdir -p /out
start=$(cut -d. -f1 /proc/uptime)
# 64 MiB for each CPU: all of them fit
./trace-cmd record -b 65536 -o /out/trace.dat -e exceptions:page_fault_user \
	./faults $faults >/tmp/said 2>&1
tap_result "trace-cmd records"
sed 's/^/# /' /tmp/said
took "$start"

start=$(cut -d. -f1 /proc/uptime)
tap_need "ptdbg does not load" insmod $PTDBG_KO ring_kb=$ring_kb enable=0
./ptdbg record -o /out/t -f comm=faults -- ./faults $faults 2>/tmp/said
tap_result "ptdbg records"
sed 's/^/# /' /tmp/said
check "and loses nothing" grep -q 'nothing was lost' /tmp/said
records=$(sed -n 's/^ptdbg record: \([0-9]*\) records in.*/\1/p' /tmp/said)
check "a record for each fault: $records" has_all "$records"
rmmod ptdbg
took "$start"
tap_end
