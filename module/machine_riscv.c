// SPDX-License-Identifier: GPL-2.0-only
/* riscv64: paging mode, areas of the kernel half, the kernel's root table. */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <asm/cpufeature.h>
#include <asm/csr.h>
#include <asm/fixmap.h>
#include <asm/page.h>
#include <asm/pgtable.h>

#include "ptdbg.h"

/* RISC-V Privileged Architecture, section "satp": MODE in bits 63:60 */
bool ptdbg_machine_mode(struct ptdbg_mode *m)
{
	static const u8 va_bits[] = { [8] = 39, [9] = 48, [10] = 57 };
	unsigned int mode = csr_read(CSR_SATP) >> 60;

	if (mode >= ARRAY_SIZE(va_bits) || !va_bits[mode] ||
	    !ptdbg_mode_init(m, PTDBG_RISCV64, PAGE_SHIFT, va_bits[mode], false))
		return false;
	/* a kernel that does not know the extension does not use the bits */
#ifdef RISCV_ISA_EXT_SVRSW60T59B
	m->rsw60t59 = riscv_has_extension_unlikely(RISCV_ISA_EXT_SVRSW60T59B);
#endif
	return true;
}

/* Documentation/arch/riscv/vm-layout.rst */
void ptdbg_machine_areas(struct ptdbg_layout *l)
{
	u64 image = kernel_map.virt_addr;
	u64 image_end = image + kernel_map.size;
	const struct ptdbg_area areas[] = {
		{ image, image_end - 1, PTDBG_CLASS_IMAGE },
		/* modules lie in the 2 GiB below the end of the kernel */
		{ image_end - SZ_2G, image - 1, PTDBG_CLASS_MODULES },
		/* beyond the last RAM too: what a bad pfn makes is there */
		{ PAGE_OFFSET, PAGE_OFFSET + KERN_VIRT_SIZE - 1,
		  PTDBG_CLASS_DIRECT },
		{ VMALLOC_START, VMALLOC_END - 1, PTDBG_CLASS_VMALLOC },
		{ VMEMMAP_START, VMEMMAP_END - 1, PTDBG_CLASS_VMEMMAP },
		{ FIXADDR_START, FIXADDR_TOP - 1, PTDBG_CLASS_FIXMAP },
	};

	static_assert(ARRAY_SIZE(areas) <= PTDBG_MAX_AREAS);
	memcpy(l->area, areas, sizeof(areas));
	l->nr_areas = ARRAY_SIZE(areas);
	l->direct = PAGE_OFFSET;
	l->direct_phys = virt_to_phys((void *)PAGE_OFFSET);
}

/* The kernel's half is shared by all root tables since 6.5. */
u64 ptdbg_kernel_root(void)
{
	return (csr_read(CSR_SATP) & SATP_PPN) << PAGE_SHIFT;
}

NOKPROBE_SYMBOL(ptdbg_kernel_root);
