#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The host's part of kdump.sh: what makedumpfile made of /proc/vmcore has the records
# that ptdbg dump found there itself.

# shellcheck source=selftests/guest/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"

out=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work" "$out"/made.*' EXIT

# same FILE
# shellcheck disable=SC2317
same() {
	"$PTDBG_READER_HERE" dump -o "$work/dump" "$1" 2>"$work/said"
	sed 's/^/# /' "$work/said"
	"$PTDBG_READER_HERE" report "$work/dump" >"$work/report"
	rm -rf "$work/dump"
	cmp "$out/after" "$work/report"
}

for how in l:lzo c:zlib; do
	file=$out/made.${how%%:*}
	check "${how#*:}, $(wc -c <"$file") bytes: the records of /proc/vmcore" same "$file"
done
tap_end
