#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# A real kdump: the kernel panics with records in ptdbg's ring, a second kernel
# starts with this file system and comes here again, and ptdbg dump reads what
# /proc/vmcore has of the first.  What the records were is on /dev/vda.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

# what was there before the panic: the recording, as a tar at this block of 512
AT=2048

# all records of a report but the oops, which came after the copy
but_oops() {
	awk '
		/^\[/ { on = !/ oops / }
		/^#/ { on = 0 }
		on' "$1"
}

# before: make records, keep a copy of them, and die
before() {
	# the crash kernel's own records would be of another trace: it loads no ptdbg
	tap_need "ptdbg does not load" insmod $PTDBG_KO ring_kb=256
	tap_need "the injector does not load" insmod $INJECT_KO
	busybox true
	has_faults
	# from here on only the oops
	echo type=oops >$DIR/filter
	mkdir -p /tmp/copy
	cp $DIR/ctf/* /tmp/copy
	tar -C /tmp/copy -cf - . | dd of=/dev/vda bs=512 seek=$AT conv=fsync 2>/dev/null
	# this file system, without the kernel's image
	(cd / && find . -xdev ! -name vmlinuz ! -path './tmp/*' ! -path './dev/*' ! -path './proc/*' \
		! -path './sys/*' | cpio -o -H newc) >/tmp/initrd 2>/dev/null
	tap_need "there is no crash kernel" ./crashkernel ./vmlinuz /tmp/initrd \
		"$(sed 's/crashkernel=[^ ]*//' /proc/cmdline) nr_cpus=1 reset_devices"
	echo 1 >/proc/sys/kernel/panic_on_oops
	echo "<6>kdump: the kernel is about to die" >/dev/kmsg
	echo load 80 >/dev/ptdbg_inject
	tap_dies
}

[ -e /proc/vmcore ] || before
mkdir -p /tmp/copy
dd if=/dev/vda bs=512 skip=$AT 2>/dev/null | tar -C /tmp/copy -xf -
check "the copy of before the panic" test -s /tmp/copy/metadata
./ptdbg dump -o /tmp/dump /proc/vmcore 2>/tmp/said
tap_result "ptdbg dump reads /proc/vmcore"
sed 's/^/# /' /tmp/said
check "the same trace" cmp /tmp/copy/metadata /tmp/dump/metadata
./ptdbg report /tmp/copy >/tmp/before
./ptdbg report /tmp/dump >/tmp/after
but_oops /tmp/before >/tmp/before.records
but_oops /tmp/after >/tmp/after.records
echo "# $(grep -c '^\[' /tmp/before.records) records before the panic"
check "it had records" test -s /tmp/before.records
check "they are those of before the panic" cmp /tmp/before.records /tmp/after.records
check "and the oops that came then" test "$(grep -c '^\[.* oops read 80 ip ' /tmp/after)" = 1
check "whose address is explained" grep -q '^    NULL + 80' /tmp/after
if [ "$1" = made ]; then
	mkdir -p /out
	cp /tmp/after /out/after
	# lzo and zlib; Debian's was built without the others
	for how in l c; do
		# -d 31: the kernel's own pages, and no others
		if ./makedumpfile -$how -d 31 /proc/vmcore /out/made.$how >/tmp/said 2>&1; then
			echo "# makedumpfile -$how: $(wc -c </out/made.$how) bytes"
		else
			sed 's/^/# /' /tmp/said | tail -n 5
		fi
	done
	check "makedumpfile makes a dump with lzo" [ -s /out/made.l ]
	check "and one with zlib" [ -s /out/made.c ]
fi
tap_end
