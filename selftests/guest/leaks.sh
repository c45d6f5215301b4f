#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# What ptdbg allocated it gives back: after all of it was used and it was removed,
# nothing of it is left that nobody points to, of this test or of those that ran in
# this boot before; and the kernel still watches its locks.
#
# Oracles: kmemleak, which has to find what the module ptdbg_leak loses at the same
# time; lockdep's own word.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

KMEMLEAK=/sys/kernel/debug/kmemleak
LOST_BYTES=12345
# kmemleak spares what is younger (MSECS_MIN_AGE), in seconds
OLD=6

[ -w $KMEMLEAK ] || tap_skip_all "this kernel has no kmemleak"

scan() {
	echo scan >"$KMEMLEAK"
}

# all that a user of the module can do, once; called by check
# shellcheck disable=SC2317
use_all() {
	insmod "$PTDBG_KO" ring_kb=256 stacks=1 frees=1 oops_records=4 || return
	./storm 2
	{
		echo "comm=sh" >"$DIR/filter"
		ls / >/dev/null
		cat "$TEXT" "$DIR/hooks" "$DIR/stats" "$DIR"/ctf/*
		echo >"$DIR/filter"
		echo "deny pte 1000-2000" >"$DIR/regions"
		echo nonsense >"$DIR/regions"
		echo 1 >"$DIR/clear"
		# an answer is for whoever asked: asked, and left unread
		exec 5<>"$DIR/walk"
		echo "$$ 400000" >&5
		cat <&5
		echo "$$ 400000" >&5
		exec 6<>"$DIR/tables"
		echo $$ >&6
		head -c 100 <&6
		exec 5>&- 6>&-
		head -c 100 "$TEXT"
	} >/dev/null 2>&1
	rmmod ptdbg
}

# called by check
# shellcheck disable=SC2317
refused() {
	! insmod "$PTDBG_KO" "$@" 2>/dev/null
}

# lost_by WHO: sizes of what was lost by a module that is gone, or is ptdbg: kmemleak
# has names only for what is still there
lost_by() {
	awk '
		/^unreferenced object/ { size = $5; told = 0 }
		!told && (/\[ptdbg/ || /^    0x[0-9a-f]*$/) { print size + 0; told = 1 }' "$1"
}

tap_need "the kernel does not scan" scan
check "ptdbg is used and removed" use_all
check "and once more" use_all
# one that cannot be loaded has to give back what it had by then
check "a load that is refused" refused regions=nonsense
check "another" refused panic_on_bad=nonsense
check "a module that loses memory" insmod ./ptdbg_leak.ko
rmmod ptdbg_leak
sleep $OLD
# twice: an object whose content has changed since the last scan is spared
scan
scan
cat "$KMEMLEAK" >/tmp/leaks
lost_by /tmp/leaks >/tmp/lost
echo "# $(grep -c '^unreferenced' /tmp/leaks) objects, $(grep -c . /tmp/lost) of modules that are gone"
check "kmemleak finds what that one has lost" grep -qx $LOST_BYTES /tmp/lost
check "and nothing of ptdbg" sh -c "! grep -vx $LOST_BYTES /tmp/lost" || sed 's/^/# /' /tmp/leaks
if [ -e /proc/lockdep_stats ]; then
	check "lockdep still watches" grep -q '^ *debug_locks: *1' /proc/lockdep_stats
else
	tap_skip "lockdep still watches" "this kernel has none"
fi
tap_end
