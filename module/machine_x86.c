// SPDX-License-Identifier: GPL-2.0-only
/* x86_64: paging mode, areas of the kernel half, the kernel's root table. */
#include <linux/kprobes.h>
#include <linux/mem_encrypt.h>
#include <linux/mm.h>
#include <asm/coco.h>
#include <asm/fixmap.h>
#include <asm/pgtable.h>
#include <asm/processor.h>
#include <asm/special_insns.h>

#include "ptdbg.h"

/* Which address bit is an attribute of the memory, and what it says. */
static void encryption(struct ptdbg_mode *m)
{
	m->enc_mask = sme_me_mask;
	if (!m->enc_mask && cc_mkdec(0)) {
		m->enc_mask = cc_mkdec(0);
		m->enc_shared = 1;
	}
}

bool ptdbg_machine_mode(struct ptdbg_mode *m)
{
	if (!ptdbg_mode_init(m, PTDBG_X86_64, PAGE_SHIFT,
			     pgtable_l5_enabled() ? 57 : 48, false))
		return false;
	/* with SME it is less than MAXPHYADDR by the bits that are the key's */
	m->phys_bits = boot_cpu_data.x86_phys_bits;
	encryption(m);
	return true;
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
