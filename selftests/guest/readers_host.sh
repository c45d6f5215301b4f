#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The host's part of readers.sh: babeltrace2 reads the trace that was copied with
# cp -r, and must find in it what the text file shows: as many records, of the
# same types, at the same addresses, of the same tasks.

out=$1

if ! command -v babeltrace2 >/dev/null; then
	echo "1..0 # SKIP babeltrace2 is not installed"
	exit 4
fi
echo "1..4"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

# result NUMBER NAME: by the exit code of what ran before
result() {
	if [ $? = 0 ]; then
		echo "ok $1 $2"
	else
		echo "not ok $1 $2"
		failed=1
	fi
}

# no time stamps' zone, no colours
babeltrace2 --no-delta "$out/ctf" >"$work/all" 2>"$work/errors"
result 1 "babeltrace2 reads the trace"
sed 's/^/# /' "$work/errors" | head -5

test "$(wc -l <"$work/all")" = "$(grep -c '^\[' "$out/ptdbg.txt")"
result 2 "as many events ($(wc -l <"$work/all")) as records in the text"

# type and pid and address, in the order of time
sed -n 's/^\[[^]]*\] cpu[0-9]* .*\/\([0-9]*\) \([a-z]*\) \([0-9a-f]*\).*/\2 \1 \3/p' \
	"$out/ptdbg.txt" >"$work/text"
sed -n 's/^\[[^]]*\] \(.* \)\{0,1\}\([a-z]*\): .*pid = \([0-9]*\).* addr = 0x\([0-9A-Fa-f]*\).*/\2 \3 \4/p' \
	"$work/all" | tr 'A-F' 'a-f' >"$work/trace"
test -s "$work/trace"
result 3 "type, pid and address can be read ($(wc -l <"$work/trace") times)"
# of two records of the same time on two CPUs either may come first
sort "$work/text" >"$work/text.sorted"
sort "$work/trace" | cmp - "$work/text.sorted"
result 4 "and are those of the text" || head -3 "$work/all"
exit $failed
