# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# TAP for tests in shell: source it, then one check a case, tap_end at the end.

TAP_CASES=0
TAP_FAILED=0
echo "TAP version 13"

# tap_result NAME: a case whose outcome is the exit code of what ran before
tap_result() {
	tap_code=$?
	TAP_CASES=$((TAP_CASES + 1))
	if [ $tap_code = 0 ]; then
		echo "ok $TAP_CASES $1"
	else
		TAP_FAILED=$((TAP_FAILED + 1))
		echo "not ok $TAP_CASES $1"
	fi
	return $tap_code
}

# check NAME COMMAND...: passes when the command does
check() {
	tap_name=$1
	shift
	"$@"
	tap_result "$tap_name"
}

# has NAME STRING FILE: the file holds the string
has() {
	grep -qF -e "$2" "$3"
	tap_result "$1" || echo "# no \"$2\" in $3"
}

# tap_need WHAT COMMAND...: what the test cannot do without
tap_need() {
	tap_what=$1
	shift
	"$@" && return
	echo "Bail out! $tap_what"
	exit 1
}

# tap_skip NAME WHY: a case that cannot be tried
tap_skip() {
	TAP_CASES=$((TAP_CASES + 1))
	echo "ok $TAP_CASES $1 # SKIP $2"
}

tap_skip_all() {
	echo "1..0 # SKIP $1"
	exit 4
}

tap_end() {
	echo "1..$TAP_CASES"
	[ $TAP_FAILED = 0 ]
	exit
}

# wait_for SECONDS COMMAND...: until the command succeeds; false when it did not
wait_for() {
	tap_until=$(($(cut -d. -f1 /proc/uptime) + $1))
	shift
	until "$@"; do
		[ "$(cut -d. -f1 /proc/uptime)" -lt $tap_until ] || return 1
		usleep 100000
	done
}

# tap_dies: this machine is to panic now, and nothing comes after it
tap_dies() {
	wait_for 60 false
	echo "Bail out! the kernel did not panic"
	exit 1
}
