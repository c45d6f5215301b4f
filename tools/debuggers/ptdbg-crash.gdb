# SPDX-License-Identifier: GPL-2.0-only
#
# ptdbg in crash: the records and the page tables of a dump.
#
#   crash> mod -s ptdbg PATH/ptdbg.ko
#   crash> gdb source ptdbg-crash.gdb
#   crash> ptdbg-records                what ptdbg report shows of the ring
#   crash> ptdbg-records "--brief"      with its options
#   crash> ptdbg-save "DIR"             the ring as a recording
#   crash> ptdbg-walk ADDR ROOT         the page-table chain of an address
#
# ptdbg.ko as it was built, not stripped.  ROOT is the physical address of the
# root table.  The reader, ptdbg, has to be in PATH.  What is needed on the way lies
# in ptdbg-crash.tmp of the current directory, and is removed.

define ptdbg-image
	shell rm -rf ptdbg-crash.tmp && mkdir ptdbg-crash.tmp
	set $ptdbg_from = (unsigned long)ptdbg_here->metadata
	set $ptdbg_to = $ptdbg_from + ptdbg_here->metadata->content_size / 8
	append binary memory ptdbg-crash.tmp/image $ptdbg_from $ptdbg_to
	shell truncate -s %64K ptdbg-crash.tmp/image
	set $ptdbg_cpu = 0
	while $ptdbg_cpu < ptdbg_here->nr_each
		set $ptdbg_i = 0
		while ptdbg_here->each[$ptdbg_cpu] && $ptdbg_i < ptdbg_here->each[$ptdbg_cpu]->ring.nr
			set $ptdbg_packet = ptdbg_here->each[$ptdbg_cpu]->ring.packet[$ptdbg_i]
			# what is older was cleared; what was never used is empty
			if $ptdbg_packet->seq >= ptdbg_here->each[$ptdbg_cpu]->ring.first_seq && $ptdbg_packet->content_size
				set $ptdbg_from = (unsigned long)$ptdbg_packet
				set $ptdbg_to = $ptdbg_from + $ptdbg_packet->content_size / 8
				append binary memory ptdbg-crash.tmp/image $ptdbg_from $ptdbg_to
				shell truncate -s %64K ptdbg-crash.tmp/image
			end
			set $ptdbg_i = $ptdbg_i + 1
		end
		set $ptdbg_cpu = $ptdbg_cpu + 1
	end
end
document ptdbg-image
What ptdbg-records and ptdbg-save read: the ring, in ptdbg-crash.tmp/image.
end

define ptdbg-records
	ptdbg-image
	shell ptdbg dump -o ptdbg-crash.tmp/ring ptdbg-crash.tmp/image 2>ptdbg-crash.tmp/said || cat ptdbg-crash.tmp/said
	if $argc == 0
		shell ptdbg report ptdbg-crash.tmp/ring
	else
		eval "shell ptdbg report %s ptdbg-crash.tmp/ring", $arg0
	end
	shell rm -rf ptdbg-crash.tmp
end
document ptdbg-records
ptdbg-records ["OPTIONS"]: the records in the ring, oldest first.
The options are those of ptdbg report, all in one string: "--brief --filter type=sig".
end

define ptdbg-save
	ptdbg-image
	eval "shell ptdbg dump -o '%s' ptdbg-crash.tmp/image 2>ptdbg-crash.tmp/said || cat ptdbg-crash.tmp/said", $arg0
	shell rm -rf ptdbg-crash.tmp
end
document ptdbg-save
ptdbg-save "DIR": the ring as a recording, for ptdbg report or babeltrace2.
end

define ptdbg-walk
	set $ptdbg_layout = &ptdbg_here->trace.layout
	set $ptdbg_mode = &ptdbg_here->trace.layout.mode
	set $ptdbg_table = (unsigned long)$arg1
	set $ptdbg_level = 0
	while $ptdbg_level < $ptdbg_mode->levels && $ptdbg_table != -1
		set $ptdbg_index = (unsigned long)$arg0 >> $ptdbg_mode->shift[$ptdbg_level] & (1 << $ptdbg_mode->bits[$ptdbg_level]) - 1
		set $ptdbg_at = $ptdbg_table + 8 * $ptdbg_index
		set $ptdbg_raw = *(unsigned long *)($ptdbg_at - $ptdbg_layout->direct_phys + $ptdbg_layout->direct)
		# shell commands print at once and gdb later: all of the line comes from one
		set $ptdbg_name = $ptdbg_mode->name[$ptdbg_level] + 1
		if $ptdbg_mode->arch == PTDBG_ARM64
			eval "shell level=`echo PGD P4D PUD PMD PTE | cut -d ' ' -f %d`; echo $level[%03x] @%lx `ptdbg decode --mode %dk-%d --level $level %lx`", $ptdbg_name, $ptdbg_index, $ptdbg_at, 1 << $ptdbg_mode->page_shift - 10, $ptdbg_mode->va_bits, $ptdbg_raw
		else
			eval "shell level=`echo PGD P4D PUD PMD PTE | cut -d ' ' -f %d`; echo $level[%03x] @%lx `ptdbg decode --mode %s --level $level %lx`", $ptdbg_name, $ptdbg_index, $ptdbg_at, $ptdbg_mode->title, $ptdbg_raw
		end
		set $ptdbg_table = -1
		# Intel SDM vol. 3A, 4.5: P, and not PS
		if $ptdbg_mode->arch == PTDBG_X86_64 && ($ptdbg_raw & 0x81) == 1
			set $ptdbg_table = $ptdbg_raw & 0x000ffffffffff000
		end
		# Arm ARM DDI 0487, D8.3: a table descriptor; with LPA2 [9:8] are 51:50
		if $ptdbg_mode->arch == PTDBG_ARM64 && ($ptdbg_raw & 3) == 3
			if $ptdbg_mode->lpa2
				set $ptdbg_table = $ptdbg_raw & 0x0003fffffffff000 | ($ptdbg_raw & 0x300) << 42
			else
				set $ptdbg_table = $ptdbg_raw & 0x0000fffffffff000
			end
		end
		# Privileged Architecture, 12.4: V, and none of R, W, X
		if $ptdbg_mode->arch == PTDBG_RISCV64 && ($ptdbg_raw & 0xf) == 1
			set $ptdbg_table = ($ptdbg_raw >> 10 & 0xfffffffffff) << 12
		end
		set $ptdbg_level = $ptdbg_level + 1
	end
end
document ptdbg-walk
ptdbg-walk ADDR ROOT: the page-table chain of an address.
ROOT is the physical address of the root table.
end
