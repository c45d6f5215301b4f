#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# Where ptdbg cannot work, insmod fails with a sentence that says what is
# missing, and leaves nothing behind.
#
#	refused_load.sh parameters	bad module parameters; kprobes switched off
#	refused_load.sh debugfs		a kernel without debugfs, or with it off
#	refused_load.sh no_mount	debugfs is there, but can't be mounted
#	refused_load.sh lockdown	a kernel that was locked down when it booted
#	refused_load.sh kprobes		a kernel without kprobes
#
# Oracles: the exit code of insmod, the kernel log, /sys/module and debugfs.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

# what the kernel log has got since the mark
said() {
	dmesg | awk -v mark="refused_load: $marks\$" '
		$0 ~ mark { on = 1; next }
		on'
}

LOCKDOWN=/sys/kernel/security/lockdown

marks=0
mark() {
	marks=$((marks + 1))
	echo "<6>refused_load: $marks" >/dev/kmsg
}

# refuses WHAT SENTENCE PARAMETER...: insmod fails, says so, leaves nothing
refuses() {
	refuses_what=$1
	refuses_sentence=$2
	shift 2
	mark
	if insmod $PTDBG_KO "$@" 2>/tmp/insmod; then
		false
		tap_result "$refuses_what: insmod fails"
		rmmod ptdbg
		return
	fi
	true
	tap_result "$refuses_what: insmod fails"
	said | sed 's/^/# /'
	said >/tmp/said
	grep -qE "ptdbg: .*$refuses_sentence" /tmp/said
	tap_result "$refuses_what: it says why"
	check "$refuses_what: no module stays" test ! -d /sys/module/ptdbg
	check "$refuses_what: no files stay" test ! -e $TEXT -a ! -e $DIR
}

works() {
	mark
	check "$1" insmod $PTDBG_KO
	rmmod ptdbg
}

case ${1:-parameters} in
parameters)
	works "as it is, it loads"
	refuses "ring_kb=1" "ring_kb=1: give a number from" ring_kb=1
	refuses "ring_kb=0" "ring_kb=0: give a number from" ring_kb=0
	refuses "ring_kb=4294967295" "ring_kb=4294967295: give a number from" ring_kb=4294967295
	refuses "a ring larger than the RAM" "no memory for 1048576 KiB" ring_kb=1048576
	if [ -w /sys/kernel/debug/kprobes/enabled ]; then
		echo 0 >/sys/kernel/debug/kprobes/enabled
		# the files are there before the load fails, and nobody may have one
		(while [ ! -e /tmp/failed ]; do cat $DIR/stats $DIR/ctf/metadata $TEXT; done) \
			>/tmp/opened 2>/tmp/not_opened &
		refuses "kprobes switched off" "kprobes.*enabled"
		touch /tmp/failed
		wait
		check "kprobes switched off: the files were there" grep -q "No such device" /tmp/not_opened
		check "kprobes switched off: nobody could open one" test ! -s /tmp/opened
		echo 1 >/sys/kernel/debug/kprobes/enabled
	fi
	works "and when all is well again, it loads"
	;;
debugfs)
	refuses "no debugfs" "debugfs is switched off|has no debugfs"
	;;
no_mount)
	check "debugfs can't be mounted" sh -c "! mount -t debugfs none /tmp 2>/dev/null"
	refuses "debugfs=no-mount" "debugfs may not be mounted"
	;;
lockdown)
	[ -e $LOCKDOWN ] || mount -t securityfs none /sys/kernel/security 2>/dev/null
	[ -e $LOCKDOWN ] || tap_skip_all "this kernel can't be locked down"
	check "the kernel is locked down" sh -c "! grep -q '\[none\]' $LOCKDOWN"
	# the kernel itself says it here, before a line of ours can run
	mark
	check "insmod fails" sh -c "! insmod $PTDBG_KO 2>/tmp/insmod"
	check "insmod says that it is not permitted" grep -q "not permitted" /tmp/insmod
	said >/tmp/said
	has "the kernel says why" "unsigned module loading is restricted" /tmp/said
	check "no module stays" test ! -d /sys/module/ptdbg
	check "no files stay" test ! -e $TEXT -a ! -e $DIR
	check "doctor finds it" sh -c "! ./ptdbg doctor >/tmp/doctor"
	has "doctor says what to do" "sign the module, or boot with lockdown=none" /tmp/doctor
	;;
kprobes)
	refuses "no kprobes" "no kprobes \(CONFIG_KPROBES\)"
	;;
esac
tap_end
