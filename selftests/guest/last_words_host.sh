#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The host's part of last_words_panic.sh: what the console had said when the VM
# ended.  What was about to happen, and to whom, the test said there itself.

# shellcheck source=selftests/guest/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"

# ptdbg's own lines, and those of the test and of the kernel that they stand between
said=$(mktemp) || exit 1
trap 'rm -f "$said"' EXIT
tr -d '\r' <"$PTDBG_KERNEL_LOG" | sed -n \
	-e 's/^\(\[[^]]*\] \)*\(<[0-9]*>\)*//' \
	-e '/^last_words: \|^ptdbg: \|^Kernel panic - not syncing: /p' >"$said"
sed 's/^/# /' "$said"
# in_order PATTERN...: lines that match follow each other, others may lie between
in_order() {
	from=1
	for pattern; do
		at=$(tail -n +$from "$said" | grep -nE -e "$pattern" | head -n 1 | cut -d: -f1)
		[ -n "$at" ] || return 1
		from=$((from + at))
	done
}

pid=$(sed -n 's/^last_words: process \([0-9]*\) .*/\1/p' "$said")
addr=$(sed -n 's/^last_words: process .* \(writes to\|reads\) //p' "$said")
case $(sed -n 's/^last_words: process [0-9]* \([a-z]*\).*/\1/p' "$said") in
reads)
	in_order "^ptdbg: $addr: NULL \+ $addr\$" '^Kernel panic - not syncing: '
	tap_result "the address is explained before the panic"
	in_order "^ptdbg: .*/$pid fault " '^Kernel panic - not syncing: '
	tap_result "so are records of the task"
	test "$(grep -c "^ptdbg: $addr: " "$said")" = 1 &&
		! in_order '^Kernel panic - not syncing: ' '^ptdbg: '
	tap_result "and all of it once"
	;;
panics)
	in_order '^Kernel panic - not syncing: ' \
		"^ptdbg: panic: the last records of .*/$pid and of cpu[0-9]+\$" \
		"^ptdbg: .*/$pid fault "
	tap_result "records of the task, after the panic"
	test "$(grep -c '^ptdbg: panic: ' "$said")" = 1
	tap_result "once"
	;;
writes)
	in_order '^Kernel panic - not syncing: ptdbg: write exec \(panic_on_bad\)$' \
		'^ptdbg: panic: the last records of ' \
		"^ptdbg: .* last_words/$pid fault $addr " \
		'^ptdbg:     !! write exec: user space can write to pfn '
	tap_result "the panic names the verdict, and the record follows"
	;;
*)
	false
	tap_result "the test said what it does"
	;;
esac
tap_end
