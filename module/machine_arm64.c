// SPDX-License-Identifier: GPL-2.0-only
/* arm64: paging mode, areas of the kernel half, the kernel's root table. */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <asm/fixmap.h>
#include <asm/memory.h>
#include <asm/pgtable.h>
#include <asm/sysreg.h>

#include "ptdbg.h"

/* Arm ARM DDI 0487, TCR_EL1: T1SZ in bits 21:16, IPS in 34:32, DS is bit 59 */
#define TCR_T1SZ_OF(tcr)	(((tcr) >> 16) & 0x3f)
#define TCR_IPS_OF(tcr)		(((tcr) >> 32) & 7)
#define TCR_DS_BIT	BIT(59)

bool ptdbg_machine_mode(struct ptdbg_mode *m)
{
	static const u8 phys_bits[8] = { 32, 36, 40, 42, 44, 48, 52, 56 };
	u64 tcr = read_sysreg(tcr_el1);

	if (!ptdbg_mode_init(m, PTDBG_ARM64, PAGE_SHIFT, 64 - TCR_T1SZ_OF(tcr),
			     tcr & TCR_DS_BIT))
		return false;
	m->phys_bits = phys_bits[TCR_IPS_OF(tcr)];
	return true;
}

/* Documentation/arch/arm64/memory.rst */
void ptdbg_machine_areas(struct ptdbg_layout *l)
{
	u64 vmemmap_last = VMEMMAP_START +
		((-(u64)PAGE_OFFSET - (1ULL << (VA_BITS_MIN - 1))) >>
		 PAGE_SHIFT) * sizeof(struct page) - 1;
	/*
	 * pfn_to_page() of a pfn below RAM points below VMEMMAP_START, into the
	 * last megabytes of the vmalloc area.  Only per-CPU chunks are taken
	 * from that end: an address there that faults is a bad pfn, rather.
	 */
	u64 vmalloc_end = min_t(u64, VMALLOC_END, l->vmemmap_pfn0);
	const struct ptdbg_area areas[] = {
		/* beyond the last RAM too: what a bad pfn makes is there */
		{ PAGE_OFFSET, PAGE_END - 1, PTDBG_CLASS_DIRECT },
		{ MODULES_VADDR, MODULES_END - 1, PTDBG_CLASS_MODULES },
		{ VMALLOC_START, vmalloc_end - 1, PTDBG_CLASS_VMALLOC },
		{ VMEMMAP_START, vmemmap_last, PTDBG_CLASS_VMEMMAP },
		{ FIXADDR_START, FIXADDR_TOP - 1, PTDBG_CLASS_FIXMAP },
	};

	static_assert(ARRAY_SIZE(areas) <= PTDBG_MAX_AREAS);
	memcpy(l->area, areas, sizeof(areas));
	l->nr_areas = ARRAY_SIZE(areas);
	l->direct = (u64)phys_to_virt(memstart_addr);
	l->direct_phys = memstart_addr;
}

/*
 * TTBR1_EL1: ASID in bits 63:48, CnP in bit 0.  With 52-bit physical addresses
 * bits 5:2 are address bits 51:48 (Arm ARM DDI 0487, TTBR1_EL1).
 */
u64 ptdbg_kernel_root(void)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	u64 ttbr = read_sysreg(ttbr1_el1);
	u64 pa = ttbr & PTDBG_BITS(47, 6);

	if (m->lpa2 || (m->page_shift == 16 && m->va_bits == 52))
		pa |= (ttbr & PTDBG_BITS(5, 2)) << 46;
	return pa;
}

NOKPROBE_SYMBOL(ptdbg_kernel_root);
