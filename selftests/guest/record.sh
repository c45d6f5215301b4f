#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# ptdbg record, while a command runs: everything that was recorded is in the
# directory, and the report shows what the text file of the module shows.
#
# Oracles: stats; the text file; on the host (record_host.py) babeltrace2 and a
# reader for another machine.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

case $PTDBG_SIZE in
full) where=/ ;;
*) where="/bin /dev /etc /lib /proc/sys" ;;
esac

# from_said TEXT: the number before TEXT in what record said
from_said() {
	sed -n "s/^ptdbg record: \([0-9]*\) $1.*/\1/p" /tmp/said
}

# without_names FILE: names of files are the reader's own
# shellcheck disable=SC2317
without_names() {
	grep -v '^# ' "$1" | sed 's|\( ip [0-9a-f]*\) /[^ ]*+0x[0-9a-f]*|\1|
		s|^\(    vma .* pgoff 0x[0-9a-f]*\) /.*|\1|'
}

# shellcheck disable=SC2317
same_text() {
	without_names /tmp/text >/tmp/text.plain
	without_names /tmp/report >/tmp/report.plain
	cmp /tmp/text.plain /tmp/report.plain
}

tap_need "ptdbg does not load" insmod $PTDBG_KO ring_kb=16384 enable=0
# shellcheck disable=SC2086
./ptdbg record -o /tmp/t -- busybox ls -lR $where >/tmp/ls 2>/tmp/said
tap_result "record ends well"
sed 's/^/# /' /tmp/said
check "the module is off again" [ "$(cat $DIR/enable)" = 0 ]
check "it says how many records: $(from_said 'records in')" \
	[ "$(from_said 'records in')" -gt 20 ]
check "as many as stats" [ "$(from_said 'records in')" = "$(stat_of recorded)" ]
check "and that none was lost" grep -q 'nothing was lost' /tmp/said

./ptdbg report /tmp/t >/tmp/report 2>/tmp/errors
check "report takes it without a word" [ $? = 0 -a ! -s /tmp/errors ]
cat $TEXT >/tmp/text
check "report shows what the text file shows" same_text
./ptdbg report --brief /tmp/t >/tmp/brief
check "--brief has a line a record" \
	[ "$(wc -l </tmp/brief)" = "$(from_said 'records in')" ]
check "ls is among them" grep -q ' ls/[0-9]* fault \| busybox/[0-9]* fault ' /tmp/brief
check "with the file that it executes" grep -q ' ip [0-9a-f]* /[a-z/]*busybox+0x' /tmp/brief
check "and that its data is in" grep -q ' in /[a-z/]*busybox+0x' /tmp/brief
# of a task that calls exec the name changes when the program does
check "before exec it is another" sh -c \
	"! grep '] cpu[0-9]* ptdbg/.* /[a-z/]*busybox+0x' /tmp/brief"
check "--sysroot is refused by a reader without elfutils" sh -c \
	'! ./ptdbg report --sysroot / /tmp/t 2>/tmp/said'
has "and why" "no function names in this build" /tmp/said

# what is not told to be a recording is left alone
mkdir /tmp/mine
echo precious >/tmp/mine/file
check "a directory with other things is refused" sh -c \
	'! ./ptdbg record -o /tmp/mine -- true 2>/tmp/said'
has "and why" "holds other things than a recording" /tmp/said
check "a command that is not there is an error" sh -c \
	'! ./ptdbg record -o /tmp/u -- /no/such 2>/tmp/said'
has "and why" "/no/such can't be run: No such file or directory" /tmp/said
check "a wrong filter is an error" sh -c \
	'! ./ptdbg record -o /tmp/u -f colour=red -- true 2>/tmp/said'

# Ctrl-C
./ptdbg record -o /tmp/u -f comm=segv 2>/tmp/said &
pid=$!
wait_for 10 grep -q comm=segv $DIR/filter
wait_for 10 grep -q 1 $DIR/enable
./segv 2>/dev/null
kill -INT $pid
wait $pid
tap_result "an interrupt ends it well"
check "the filter is as it was" [ -z "$(cat $DIR/filter)" ]
./ptdbg report --brief /tmp/u >/tmp/brief
check "records of segv" grep -q '] cpu[0-9]* segv/' /tmp/brief
check "and of nobody else" sh -c "! grep -v '] cpu[0-9]* segv/' /tmp/brief"

mkdir -p /out
cp -r /tmp/t /out/t
cp /tmp/report /out/report.txt
mkdir -p "/out/root$PWD"
cp ptdbg "/out/root$PWD"
rmmod ptdbg
./ptdbg record -o /tmp/u -- true 2>/tmp/said
check "without the module: exit code 1" [ $? = 1 ]
has "and what to do" "load the module" /tmp/said
tap_end
