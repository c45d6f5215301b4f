#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The host's part of dump.sh: ptdbg dump finds in the memory of the guest what the
# guest has read from ptdbg.d/ctf, byte for byte.

# shellcheck source=selftests/guest/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"

out=$1
place=$(dirname "$PTDBG_CONSOLE")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work" "$place"/console.core "$place"/console.kdump' EXIT
# the trace that was read
uuid=$(sed -n 's/^\tuuid = "\(.*\)";/\1/p' "$out/ctf/metadata")

# called by check: files of the guest; CPUs that wrote nothing have none
# shellcheck disable=SC2317
same() {
	cmp "$out/ctf/metadata" "$1/metadata" || return
	for file in "$out"/ctf/cpu*; do
		if [ -s "$file" ]; then
			cmp "$file" "$1/${file##*/}" || return
		fi
	done
}

# dump FORM: what is in that file
dump() {
	"$PTDBG_READER_HERE" dump -t "$uuid" -o "$work/$1" "$place/console.$1" 2>"$work/said"
	tap_result "it reads console.$1"
	sed 's/^/# /' "$work/said"
	check "and finds the files of the guest in it" same "$work/$1"
}

check "the guest's trace has a UUID" [ ${#uuid} = 36 ]
dump core
if "$PTDBG_READER_HERE" dump -l "$place/console.kdump" 2>&1 | grep -q "needs a ptdbg with libkdumpfile"; then
	tap_skip "console.kdump" "libkdumpfile is not installed"
else
	dump kdump
fi
tap_end
