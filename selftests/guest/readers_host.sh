#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The host's part of readers.sh: babeltrace2 reads the trace that was copied with
# cp -r, and must find in it what the text file shows: as many records, of the
# same types, at the same addresses, of the same tasks.

# shellcheck source=selftests/guest/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"

out=$1

command -v babeltrace2 >/dev/null || tap_skip_all "babeltrace2 is not installed"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# no time stamps' zone, no colours
babeltrace2 --no-delta "$out/ctf" >"$work/all" 2>"$work/errors"
tap_result "babeltrace2 reads the trace"
sed 's/^/# /' "$work/errors" | head -5

check "as many events ($(wc -l <"$work/all")) as records in the text" \
	[ "$(wc -l <"$work/all")" = "$(grep -c '^\[' "$out/ptdbg.txt")" ]

# type and pid and address, in the order of time
sed -n 's/^\[[^]]*\] cpu[0-9]* .*\/\([0-9]*\) \([a-z]*\) \([0-9a-f]*\).*/\2 \1 \3/p' \
	"$out/ptdbg.txt" >"$work/text"
sed -n 's/^\[[^]]*\] \(.* \)\{0,1\}\([a-z]*\): .*pid = \([0-9]*\).* addr = 0x\([0-9A-Fa-f]*\).*/\2 \3 \4/p' \
	"$work/all" | tr 'A-F' 'a-f' >"$work/trace"
check "type, pid and address can be read ($(wc -l <"$work/trace") times)" [ -s "$work/trace" ]
# of two records of the same time on two CPUs either may come first
sort "$work/text" >"$work/text.sorted"
sort "$work/trace" | cmp - "$work/text.sorted"
tap_result "and are those of the text" || head -3 "$work/all"
tap_end
