#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# Many readers at once, while a storm of faults overwrites a small ring: whatever
# they get is whole and in order, and reading takes nothing away.
#
# Oracles: the form of the text (every line is one that a record has, times never
# go back); the files compared with each other; stats; and on the host
# babeltrace2, which knows nothing of ptdbg but the CTF standard (readers_host.sh).

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

case $PTDBG_SIZE in
full) rounds=20 ;;
*) rounds=3 ;;
esac

# whole FILE: the text is what a text must be; says what is not
# shellcheck disable=SC2317
whole() {
	awk '
		function bad(why) {
			print "# " FILENAME ":" NR ": " why ": " $0
			wrong = 1
		}
		NR == 1 && !/^# ptdbg .* on .*: / { bad("no header") }
		NR == 2 && !/^# struct page .*; recorded [0-9]+, overwritten [0-9]+, missed [0-9]+$/ { bad("no header") }
		/^\[ *[0-9]+\.[0-9]+\] cpu[0-9]+ .*\/[0-9]+ (fault|gup|sig|oops) [0-9a-f]+/ {
			if (records && !lines)
				bad("the record before is empty")
			records++
			lines = 0
			time = substr($0, 2, index($0, "]") - 2) + 0
			if (time < last)
				bad("time goes back")
			last = time
			next
		}
		/^    ([A-Z][A-Z0-9]+\[[0-9a-f]+\] @|vma |no vma|no walk|page pfn |!! |root table )/ { lines++; next }
		/^# / { next }
		{ bad("not a line of a record") }
		END {
			if (!records) {
				print "# " FILENAME ": no records"
				wrong = 1
			}
			exit wrong
		}' "$1"
}

# called by check
# shellcheck disable=SC2317
all_whole() {
	wrong=0
	for file in /tmp/text.*; do
		whole "$file" || wrong=1
	done
	return "$wrong"
}

# same_files DIR DIR; called by check
# shellcheck disable=SC2317
same_files() {
	for file in "$1"/*; do
		cmp "$file" "$2/${file##*/}" || return
	done
}

tap_need "ptdbg does not load" insmod $PTDBG_KO ring_kb=128
./storm 600 &
storm=$!

mkdir -p /out
round=0
while [ $round -lt $rounds ]; do
	readers=
	for n in 1 2 3; do
		cat $TEXT >/tmp/text.$round.$n &
		readers="$readers $!"
		cp -r $DIR/ctf /tmp/ctf.$round.$n &
		readers="$readers $!"
	done
	# shellcheck disable=SC2086
	wait $readers
	round=$((round + 1))
done
check "the ring was overwritten meanwhile" [ "$(stat_of overwritten)" -gt 0 ]
check "every text is whole ($((3 * rounds)) of them)" all_whole
rm -rf /tmp/text.* /tmp/ctf.*

# quiet: nothing is consumed
kill $storm
wait $storm
echo 0 >$DIR/enable
cat $TEXT >/tmp/one
cat $TEXT >/tmp/two
check "two readers of a quiet ring see the same" cmp /tmp/one /tmp/two
check "and all that stats calls readable" \
	[ "$(grep -c '^\[' /tmp/one)" = "$(stat_of readable)" ]
dd if=$TEXT bs=7 2>/dev/null >/tmp/three
check "small reads give the same" cmp /tmp/one /tmp/three
cp /tmp/one /out/ptdbg.txt
cp -r $DIR/ctf /out/ctf
cp -r $DIR/ctf /tmp/again
check "two copies of the trace are the same" same_files /out/ctf /tmp/again

echo 1 >$DIR/clear
check "clear empties the text" [ "$(grep -c '^\[' $TEXT)" = 0 ]
check "clear empties the trace" [ "$(cat $DIR/ctf/cpu* | wc -c)" = 0 ]
check "clear leaves the header" grep -q '^# ptdbg' $TEXT

# only what is asked for
echo comm=segv >$DIR/filter
echo 1 >$DIR/enable
./segv 2>/dev/null
ls / >/dev/null
echo 0 >$DIR/enable
check "filter: records of segv" grep -q '^\[.*] cpu[0-9]* segv/' $TEXT
check "filter: and of nobody else" sh -c "! grep '^\[' $TEXT | grep -v '] cpu[0-9]* segv/'"
check "filter: the others are counted" [ "$(stat_of filtered)" -gt 0 ]
check "ptdbg can be removed" rmmod ptdbg
tap_end
