#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# A kernel that is locked down after the module was loaded: what can be read still
# can, and the reader says why it can't do the rest.
#
#	lockdown.sh [integrity|confidentiality]
#
# Oracle: the kernel's own lockdown, which refuses to open debugfs for writing.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

LEVEL=${1:-integrity}
LOCKDOWN=/sys/kernel/security/lockdown

# says CODE TEXT COMMAND...: it fails with that code and says why
says() {
	says_code=$1
	says_text=$2
	shift 2
	"$@" >/tmp/said 2>&1
	check "$2: exit code $says_code" [ $? = "$says_code" ]
	has "$2: it says why" "$says_text" /tmp/said
}

mount -t securityfs none /sys/kernel/security 2>/dev/null
[ -e $LOCKDOWN ] || tap_skip_all "this kernel can't be locked down"
tap_need "ptdbg does not load" insmod $PTDBG_KO
check "doctor is content before" sh -c "./ptdbg doctor >/tmp/said"
echo comm=segv >$DIR/filter
./segv
echo "$LEVEL" >$LOCKDOWN
check "the kernel is locked down" grep -q "\[$LEVEL\]" $LOCKDOWN
check "the kernel refuses a knob" sh -c "! echo 1 2>/dev/null >$DIR/clear"
check "the text can be read" grep -q ' segv/[0-9]* sig ' $TEXT
says 1 "locked down" ./ptdbg record -o /tmp/t -f user -- true
says 1 "locked down" ./ptdbg walk 1 1000
says 1 "locked down" ./ptdbg tables 1
says 1 "TROUBLE  the kernel is not locked down" ./ptdbg doctor
has "and what still works" "cat $TEXT works" /tmp/said
./segv
check "what comes now is recorded" sh -c "[ \$(grep -c ' segv/[0-9]* sig ' $TEXT) = 2 ]"
check "report of the ring itself" sh -c "./ptdbg report --brief $DIR/ctf >/tmp/brief"
check "shows what was recorded" grep -q ' segv/[0-9]* sig ' /tmp/brief
rmmod ptdbg
tap_end
