#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The host's part of corrupt.c: no walk has read a device register.
#
# QEMU has written a line for every read of a device.  The guest says where its
# walks must not read, and has read two registers of a device on purpose, by the
# same way as a walk would: between these two lines, which are thus proven to be
# written, there is none of the others, and none of that device at all.

# shellcheck source=selftests/guest/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"

log=${PTDBG_CONSOLE%.log}.qemu

# counts of the marks, of all reads between them, and of the bad ones
began=0 ended=0 all=0 bad=0
eval "$(awk '
	FNR == NR && $1 == "begin" { begin = $2; next }
	FNR == NR && $1 == "end" { end = $2; next }
	FNR == NR { forbidden[$1] = 1; next }
	!/memory_region_ops_read/ { next }
	{
		addr = $0
		sub(/.* addr 0x/, "", addr)
		sub(/ .*/, "", addr)
	}
	addr == begin { began++; next }
	addr == end { ended++; next }
	!began || ended { next }
	{ all++ }
	addr in forbidden || /name .nvme/ {
		bad++
		if (bad <= 5)
			print "echo \"# " $0 "\""
	}
	END {
		print "began=" began + 0 " ended=" ended + 0 " all=" all + 0 " bad=" bad + 0
	}' "$1/forbidden" "$log" | tr -d "'")"
echo "# $all reads of devices while tables were corrupt"
check "the read at the beginning was seen" [ "$began" -gt 0 ]
check "the read at the end was seen" [ "$ended" -gt 0 ]
check "no read of a device by a walk ($bad)" [ "$bad" = 0 ]
tap_end
