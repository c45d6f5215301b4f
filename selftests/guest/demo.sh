#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# What "make demo" shows: ptdbg records the faults of busybox, then explains the
# bug that it was made for.  For people to read; the test is founding_bug.sh.

cd "$(dirname "$0")" || exit 1
. lib/ptdbg.sh

say() {
	printf '\n--- %s\n' "$1"
}

# run COMMAND: shows the command, then what it says
run() {
	printf "\$ %s\n" "$*"
	sh -c "$*"
}

fail() {
	echo "demo: $1"
	dmesg | tail -20
	exit 1
}

page=3fbd117000

say "$(uname -s) $(uname -r), $(uname -m). Load the module: it records from now on"
run insmod $PTDBG_KO || fail "ptdbg does not load"
run cat $DIR/hooks

say "Run busybox, and see its page faults, each with its page-table chain"
run "busybox ls / >/tmp/ls.txt"
run "head -2 $TEXT"
echo "..."
records '/[0-9]* fault .* -> ok' | awk '
	/^\[/ { on = n < 2 && / (busybox|ls)\// ; n += on }
	on'
echo "..."

say "Reproduce a real bug: a page table entry of a program leads to page 0,"
echo "    which this machine does not have, and then the program dumps core"
# the program dies holding locks, and would hang whoever waits for it
echo 0 >/proc/sys/kernel/randomize_va_space
echo /tmp/core >/proc/sys/kernel/core_pattern
run "insmod $INJECT_KO && grep -o 'ptdbg_inject' /proc/misc" || fail "the injector does not load"
echo "\$ bad_echo $page hello &"
./bad_echo $page hello >/tmp/echo.txt 2>&1 &
tries=0
until grep -q '^\[.* oops ' $TEXT; do
	tries=$((tries + 1))
	[ $tries -lt 200 ] || fail "the kernel did not oops"
	usleep 100000
done
cat /tmp/echo.txt

say "The kernel has died of it in that task. All that it says by itself:"
dmesg | grep -A 12 'Unable to handle' | grep -E 'Unable to handle|Oops|Comm:|epc :'

say "What ptdbg adds to the kernel log"
dmesg | grep 'ptdbg: .*\(vmemmap\|because\)'

say "And what \"cat $TEXT\" shows: who looked the page up, and why the kernel died"
last_record "gup $page"
last_record ' oops '

say "Every record is accounted for"
run "head -6 $DIR/stats"
