/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct mmu_gather.  The header that has it holds inline functions that call
 * what x86 does not declare for modules (asm/tlbflush.h, "#ifndef MODULE").  They
 * are not used here, and only have to compile.
 */
#ifndef PTDBG_TLB_COMPAT_H
#define PTDBG_TLB_COMPAT_H

#include <linux/mm_types.h>

#ifdef CONFIG_X86
void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start,
			unsigned long end, unsigned int stride_shift,
			bool freed_tables);
#endif

#include <asm/tlb.h>

#endif /* PTDBG_TLB_COMPAT_H */
