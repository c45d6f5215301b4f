/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making the CPUs forget what they know of a table that was changed by hand.
 */
#ifndef FLUSH_H
#define FLUSH_H

#include <linux/mm.h>
#include <linux/smp.h>

#include <asm/tlbflush.h>

/* Forget all translations of this CPU, those of other address spaces too. */
static inline void flush_here(void *unused)
{
#ifdef CONFIG_X86
	unsigned long flags, cr4;

	/* Intel SDM vol. 3A, section 4.10.4.1: any change of CR4.PGE does it */
	local_irq_save(flags);
	asm volatile("mov %%cr4, %0" : "=r" (cr4));
	asm volatile("mov %0, %%cr4" : : "r" (cr4 ^ X86_CR4_PGE) : "memory");
	asm volatile("mov %0, %%cr4" : : "r" (cr4) : "memory");
	local_irq_restore(flags);
#else
	local_flush_tlb_all();
#endif
}

#endif /* FLUSH_H */
