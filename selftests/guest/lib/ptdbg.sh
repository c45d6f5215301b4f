# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# shellcheck disable=SC2034
#
# Where things are, and how the text of ptdbg is taken apart.

PTDBG_KO=/ptdbg.ko
INJECT_KO=./ptdbg_inject.ko
TEXT=/sys/kernel/debug/ptdbg
DIR=/sys/kernel/debug/ptdbg.d

# records PATTERN [FILE]: the records whose first line matches, as they are
records() {
	awk -v pattern="$1" '
		/^\[/ { on = $0 ~ pattern }
		/^#/ { on = 0 }
		on' "${2:-$TEXT}"
}

# last_record PATTERN [FILE]: only the newest of them
last_record() {
	records "$1" "${2:-$TEXT}" | awk '
		/^\[/ { text = "" }
		{ text = text $0 "\n" }
		END { printf "%s", text }'
}

# page_kb: size of a page in KiB; busybox has no getconf
page_kb() {
	awk '$1 == "KernelPageSize:" { print $2; exit }' /proc/self/smaps
}

# stat_of NAME: one number of the stats file
stat_of() {
	awk -v name="$1" '$1 == name { print $2 }' "$DIR/stats"
}

# a shell that forks has faults: it writes to what it shares with the child; to run
# a program it may not fork, but vfork
has_faults() {
	(:)
}
