// SPDX-License-Identifier: GPL-2.0-only
/* x86_64: paging mode, areas of the kernel half, the kernel's root table. */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <asm/fixmap.h>
#include <asm/pgtable.h>
#include <asm/special_insns.h>

#include "ptdbg.h"

bool ptdbg_machine_mode(struct ptdbg_mode *m)
{
	return ptdbg_mode_init(m, PTDBG_X86_64, PAGE_SHIFT,
			       pgtable_l5_enabled() ? 57 : 48, false);
}

/* Documentation/arch/x86/x86_64/mm.rst; bases are random (KASLR). */
void ptdbg_machine_areas(struct ptdbg_layout *l)
{
	u64 vmemmap_bytes = (1ULL << (MAX_PHYSMEM_BITS - PAGE_SHIFT)) *
			    sizeof(struct page);
	const struct ptdbg_area areas[] = {
		/* beyond the last RAM too: what a bad pfn makes is there */
		{ PAGE_OFFSET, VMALLOC_START - 1, PTDBG_CLASS_DIRECT },
		{ VMALLOC_START, VMALLOC_END, PTDBG_CLASS_VMALLOC },
		{ VMEMMAP_START, VMEMMAP_START + vmemmap_bytes - 1,
		  PTDBG_CLASS_VMEMMAP },
		{ __START_KERNEL_map, __START_KERNEL_map + KERNEL_IMAGE_SIZE - 1,
		  PTDBG_CLASS_IMAGE },
		{ MODULES_VADDR, MODULES_END - 1, PTDBG_CLASS_MODULES },
		{ FIXADDR_START, FIXADDR_TOP - 1, PTDBG_CLASS_FIXMAP },
	};

	static_assert(ARRAY_SIZE(areas) <= PTDBG_MAX_AREAS);
	memcpy(l->area, areas, sizeof(areas));
	l->nr_areas = ARRAY_SIZE(areas);
	l->direct = PAGE_OFFSET;
	l->direct_phys = 0;
}

/* With page-table isolation this is the kernel's half of the pair, always. */
u64 ptdbg_kernel_root(void)
{
	return read_cr3_pa();
}

NOKPROBE_SYMBOL(ptdbg_kernel_root);
