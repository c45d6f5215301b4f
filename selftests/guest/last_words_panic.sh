#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# The kernel dies for good; last_words_host.sh looks at what the console said.
#
#	last_words_panic.sh oops	an oops, with panic_on_oops
#	last_words_panic.sh panic	a panic without an oops
#	last_words_panic.sh verdict	a record with a verdict of panic_on_bad=

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

# say TEXT: into the kernel log, which the console shows to the last
say() {
	echo "<6>last_words: $1" >/dev/kmsg
}

case $1 in
oops)
	tap_need "ptdbg does not load" insmod $PTDBG_KO
	tap_need "the injector does not load" insmod $INJECT_KO
	echo 1 >/proc/sys/kernel/panic_on_oops
	has_faults
	say "process $$ reads 80"
	echo load 80 >/dev/ptdbg_inject
	;;
panic)
	tap_need "ptdbg does not load" insmod $PTDBG_KO
	has_faults
	say "process $$ panics"
	echo c >/proc/sysrq-trigger
	;;
verdict)
	tap_need "ptdbg does not load" insmod $PTDBG_KO panic_on_bad=bad_pfn,write_exec
	./last_words write_exec
	;;
esac
check "the kernel is dead" false
tap_end
