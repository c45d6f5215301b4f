#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# The commands of the reader that ask the running module.
#
# Oracles: the knobs themselves, and what the test does to the module.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

# fails CODE COMMAND...: it returns that code; what it says is in /tmp/said
# shellcheck disable=SC2317
fails() {
	want=$1
	shift
	"$@" >/tmp/said 2>&1
	[ $? = "$want" ]
}

# sleeps PID: it does not run at all for a while
# shellcheck disable=SC2317
sleeps() {
	before=$(grep ctxt_switches "/proc/$1/status")
	usleep 200000
	[ "$(grep ctxt_switches "/proc/$1/status")" = "$before" ]
}

# more_than NUMBER FILE: the file has more lines
# shellcheck disable=SC2317
more_than() {
	[ "$(wc -l <"$2")" -gt "$1" ]
}

# counted NUMBER: the lines of stat -i have so many records
# shellcheck disable=SC2317
counted() {
	[ "$(awk '$NF == "all" { n += $2 } END { print n }' /tmp/stat)" = "$1" ]
}

check "doctor without the module: exit code 1" fails 1 ./ptdbg doctor
has "it says what to do" "modprobe ptdbg" /tmp/said
check "live without the module: exit code 1" fails 1 ./ptdbg live
has "it says what to do" "load the module" /tmp/said

tap_need "ptdbg does not load" insmod $PTDBG_KO
# it wants to know the user by name
grep -qs ^nobody: /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
not_root="start-stop-daemon -S -q -c 65534:65534 -x $PWD/ptdbg --"
# shellcheck disable=SC2086
check "live, not as root: exit code 1" fails 1 $not_root live
sed 's/^/# /' /tmp/said
has "it says what to do" "run this as root" /tmp/said
# shellcheck disable=SC2086
check "record, not as root: exit code 1" fails 1 $not_root record -o /tmp/u -- true
has "it says what to do" "run this as root" /tmp/said
# shellcheck disable=SC2086
check "doctor, not as root: exit code 1" fails 1 $not_root doctor
has "it says so" "TROUBLE  root" /tmp/said
check "doctor is content" fails 0 ./ptdbg doctor
check "doctor has a line for each hook" [ "$(grep -c handle_mm_fault /tmp/said)" -gt 0 ]
echo 0 >$DIR/enable
check "doctor is not content when nothing is recorded" fails 1 ./ptdbg doctor
has "and says so" "TROUBLE  it records" /tmp/said
umount /sys/kernel/debug
check "doctor without debugfs" fails 1 ./ptdbg doctor
has "it says what to do" "mount -t debugfs" /tmp/said
check "report without debugfs" fails 1 ./ptdbg report $DIR/ctf
has "it says what to do" "mount -t debugfs" /tmp/said
mount -t debugfs none /sys/kernel/debug

# an address of this shell that has been used: its stack
stack=$(sed -n 's/^\([0-9a-f]*\)-\([0-9a-f]*\) .*\[stack\]$/\2/p' /proc/$$/maps)
stack=$(printf '%x' $((0x$stack - 8)))
check "walk: exit code 0" fails 0 ./ptdbg walk $$ "$stack"
check "walk: a PTE is in it" grep -q '^    PTE\[' /tmp/said
# one that nothing changes: the kernel's own text; on x86 each process has a root
# table of its own that leads there
text=$(awk '$3 == "handle_mm_fault" { print $1 }' /proc/kallsyms)
check "walk of the kernel" fails 0 ./ptdbg walk kernel "$text"
sed -n 's/@[0-9a-f]*//; /^ /p' /tmp/said >/tmp/walk
echo "kernel $text" >$DIR/walk
sed -n 's/@[0-9a-f]*//; /^ /p' $DIR/walk >/tmp/knob
check "walk shows what the knob shows" cmp /tmp/walk /tmp/knob ||
	sed 's/^/# /' /tmp/walk /tmp/knob
check "the chain begins with the root" grep -q '^    PGD\[' /tmp/walk
check "walk of no process: exit code 1" fails 1 ./ptdbg walk 4000000 1000
check "walk of nonsense: exit code 2" fails 2 ./ptdbg walk $$ xyz
check "tables: exit code 0" fails 0 ./ptdbg tables 1
cp /tmp/said /tmp/tables
echo 1 >$DIR/tables
check "tables shows what the knob shows" cmp $DIR/tables /tmp/tables

# live: from now on, only what is asked for
echo 1 >$DIR/clear
: >/tmp/live
./ptdbg live -f comm=segv >>/tmp/live 2>/tmp/live.said &
live=$!
# what was recorded before it looked is not for it
check "live waits for records" wait_for 20 sleeps $live
echo 1 >$DIR/enable
./segv 2>/dev/null
check "live shows records as they come" wait_for 20 grep -q 'segv/[0-9]* sig ' /tmp/live
check "and no others" sh -c "! grep -v '] cpu[0-9]* segv/' /tmp/live"
# with nothing to show it sleeps, and is woken by the next record
echo comm=segv >$DIR/filter
check "live sleeps when there is nothing" wait_for 20 sleeps $live
was=$(wc -l </tmp/live)
./segv 2>/dev/null
check "and wakes up" wait_for 20 more_than "$was" /tmp/live
check "without colours in a pipe" sh -c "! grep -q '$(printf '\033')' /tmp/live"
# the ring has one run, and live each record of it once
check "live sleeps again" wait_for 20 sleeps $live
echo 1 >$DIR/clear
: >/tmp/live
./segv 2>/dev/null
echo 0 >$DIR/enable
check "the ring holds all of it" [ "$(stat_of overwritten)" = 0 ]
was=$(grep -c '] cpu[0-9]* segv/' $TEXT)
wait_for 20 more_than $((was - 1)) /tmp/live
check "live sleeps at the end" wait_for 20 sleeps $live
check "each record once" [ "$(wc -l </tmp/live)" = "$was" ]
kill $live
wait $live
tap_result "live ends well"

# stat by intervals: all that is recorded while it looks, each once
echo 1 >$DIR/clear
./ptdbg stat -i 0.2 >/tmp/stat 2>&1 &
pid=$!
check "stat -i has a line an interval" wait_for 20 more_than 2 /tmp/stat
./segv 2>/dev/null
check "nothing is recorded yet" [ "$(stat_of recorded)" = 0 ]
echo 1 >$DIR/enable
./segv 2>/dev/null
echo 0 >$DIR/enable
check "its lines have all records together" wait_for 20 counted "$(stat_of recorded)"
kill -TERM $pid
wait $pid
tap_result "stat -i ends well"
check "stat -i by process, without a record" fails 0 ./ptdbg stat -i 0.1 -c 2 -b process
check "is a heading" [ "$(wc -l </tmp/said)" = 1 ]
check "top is not in a static build" fails 1 ./ptdbg top
has "it says what brings it" "libncurses-dev" /tmp/said
echo >$DIR/filter

# records of many tasks
echo 1 >$DIR/enable
./segv 2>/dev/null
echo 0 >$DIR/enable
check "report of the ring itself" fails 0 ./ptdbg report --brief $DIR/ctf
check "has all of it" [ "$(wc -l </tmp/said)" = "$(stat_of readable)" ]
check "stat of the ring itself" fails 0 ./ptdbg stat $DIR/ctf
has "counts all of it" "$(stat_of readable) records in" /tmp/said
cp -r $DIR/ctf /tmp/copy
# a static reader has libc alone, and says what it lacks
for command in "report /tmp/copy" "live" "stat /tmp/copy" "tables /tmp/copy" "walk 1 1000" \
	"decode --mode sv39 53" "doctor"; do
	# shellcheck disable=SC2086
	check "${command%% *} --json: exit code 1" fails 1 ./ptdbg ${command%% *} --json \
		${command#"${command%% *}"}
	has "and what to do" "install libjson-c-dev" /tmp/said
done
check "tables of a recording" fails 0 ./ptdbg tables /tmp/copy
check "has table pages of every level" grep -q '^PTE pfn [0-9a-f]' /tmp/said
check "stat by vma of a copy" fails 0 ./ptdbg stat -b vma -n 4000 /tmp/copy
check "has one of a file" grep -q ' segv/[0-9]* file [0-9]*:[0-9]*/[0-9]* r' /tmp/said

# the picture of a process that does nothing, so that its table pages stay as they are;
# what others do must not push its records out of the ring
echo 1 >$DIR/clear
echo comm=sleep >$DIR/filter
echo 1 >$DIR/enable
sleep 1000 &
idle=$!
check "a process sleeps" wait_for 20 sleeps $idle
./ptdbg tables $idle | sed -n 's/^\([A-Z4]*\) pfn \([0-9a-f]*\) .*/\1 \2/p' | sort -u >/tmp/listed
check "tables --html of it" fails 0 ./ptdbg tables --html /tmp/picture.html $idle
sed -n 's/^{.*"line":"\([A-Z4]*\) pfn \([0-9a-f]*\) .*/\1 \2/p' /tmp/picture.html | sort -u >/tmp/drawn
check "has the table pages of the list" cmp /tmp/listed /tmp/drawn
check "which are some" more_than 2 /tmp/drawn
check "and records of them that the ring has" grep -q "/$idle fault" /tmp/picture.html
kill $idle
rmmod ptdbg
tap_end
