#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# A reader that is too slow: the ring is small, faults come in a storm, and the
# recorder is stopped for a while.  It must lose records, and say exactly how
# many: what it has and what it lost are together what the module has recorded.
#
# Oracle: stats, counted by the producer.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

case $PTDBG_SIZE in
full) stops=20 ;;
*) stops=2 ;;
esac

from_said() {
	sed -n "s/^ptdbg $1: \([0-9]*\) $2.*/\1/p" /tmp/said
}

# overwritten_since NUMBER: are so many more overwritten than that, that not all of
# them can have been read?
# shellcheck disable=SC2317
overwritten_since() {
	[ "$(stat_of overwritten)" -gt $(($1 + 3000)) ]
}

# storm_until COMMAND...: faults until the command succeeds
# shellcheck disable=SC2317
storm_until() {
	./storm 120 &
	storm=$!
	wait_for 120 "$@"
	storm_code=$?
	kill "$storm"
	wait "$storm"
	return "$storm_code"
}

# grown_since NUMBER: has the recording grown?
# shellcheck disable=SC2317
grown_since() {
	[ "$(cat /tmp/t/cpu* | wc -c)" -gt "$1" ]
}

# has_open PID NUMBER: the process reads so many CPUs
# shellcheck disable=SC2317
has_open() {
	[ "$(find "/proc/$1/fd" -type l -exec readlink {} \; | grep -c ctf/cpu)" = "$2" ]
}

lost_by_live() {
	awk '/records were overwritten/ { n += $3 } END { print n + 0 }' /tmp/said
}

# accounted NUMBER: what live has shown and lost are so many together
# shellcheck disable=SC2317
accounted() {
	[ $(($(wc -l </tmp/live) + $(lost_by_live))) = "$1" ]
}

tap_need "ptdbg does not load" insmod $PTDBG_KO ring_kb=128 enable=0
./ptdbg record -o /tmp/t 2>/tmp/said &
pid=$!
check "record switches the module on" wait_for 10 grep -q 1 $DIR/enable
stop=0
while [ $stop -lt $stops ]; do
	before=$(stat_of overwritten)
	kill -STOP $pid
	check "the ring turns over while the reader is stopped" storm_until overwritten_since "$before"
	size=$(cat /tmp/t/cpu* | wc -c)
	kill -CONT $pid
	check "and it goes on" wait_for 60 grown_since "$size"
	# and in the middle of one
	./storm 1
	stop=$((stop + 1))
done
kill -INT $pid
wait $pid
tap_result "record ends well"
sed 's/^/# /' /tmp/said
records=$(from_said record 'records in')
lost=$(from_said record 'records were lost')
check "it has records and has lost some" [ "$records" -gt 0 -a "$lost" -gt 1000 ]
check "together as many as stats say: $records + $lost = $(stat_of recorded)" \
	[ $((records + lost)) = "$(stat_of recorded)" ]
./ptdbg report --brief /tmp/t >/tmp/brief 2>/tmp/said
tap_result "report takes it"
check "all that were written" [ "$(wc -l </tmp/brief)" = "$records" ]
check "it says the same of what is missing" \
	[ "$(from_said report 'records are missing: they were overwritten')" = "$lost" ]
check "in the order of time" sh -c "cut -c2-13 /tmp/brief | sort -c -n"
rm -r /tmp/t /tmp/brief

# live, stopped in the same way
echo 1 >$DIR/clear
./ptdbg live >/tmp/live 2>/tmp/said &
pid=$!
check "live opens all CPUs" wait_for 10 has_open $pid "$(find $DIR/ctf -name 'cpu*' | wc -l)"
echo 1 >$DIR/enable
./storm 1
before=$(stat_of overwritten)
kill -STOP $pid
check "the ring turns over while live is stopped" storm_until overwritten_since "$before"
kill -CONT $pid
./storm 1
echo 0 >$DIR/enable
recorded=$(stat_of recorded)
check "live has shown or lost $recorded" wait_for 60 accounted "$recorded"
kill -TERM $pid
wait $pid
tap_result "live ends well"
check "live has lost some" [ "$(lost_by_live)" -gt 1000 ]
check "$(wc -l </tmp/live) shown + $(lost_by_live) lost = $recorded" accounted "$recorded"
rmmod ptdbg
tap_end
