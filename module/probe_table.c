// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handlers of the hooks on page-table pages: they come and they go.
 *
 * Only to be told which fault asked for a page, and never for a record of its
 * own (all hooks are on the slow path that makes a table):
 *	void pmd_install(mm, pmd, struct page **pte)	since 5.16
 *	int __pmd_alloc(mm, pud, addr), __pud_alloc(), __p4d_alloc()
 *
 * For a record of each page that is given back, on request (ptdbg.d/frees):
 *	x86:   void ___pte_free_tlb(tlb, struct page *pte)
 *	       void ___pmd_free_tlb(tlb, pmd_t *), ___pud_free_tlb(), ___p4d_free_tlb()
 *	other: void tlb_remove_table(tlb, struct page *table)
 *	all:   void pte_free_defer(mm, struct page *pte)	since 6.6
 *	       void pgd_free(mm, pgd)
 *
 * What no hook sees: a page that lost the race for its place and was never used,
 * the reserve that a huge page keeps for its split (pte_free() is inline), P4D
 * pages on arm64, roots where pgd_free() is inline (riscv), and the tables of the
 * kernel's own half.
 */
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/ptrace.h>

#include "hook.h"
#include "read.h"
#include "tlb_compat.h"

/* Who called the function at whose first instruction @regs are. */
static __always_inline u64 caller(struct pt_regs *regs)
{
#if defined(CONFIG_X86)
	u64 ip;

	return ptdbg_read_u64(&ip, (void *)regs->sp) ? ip : 0;
#elif defined(CONFIG_ARM64)
	return regs->regs[30];
#else
	return regs->ra;
#endif
}

static __always_inline u64 pfn_of_table(u64 table)
{
	return virt_to_phys((void *)table) >> PAGE_SHIFT;
}

/* Level in this paging mode of what Linux calls @name. */
static __always_inline u32 level_of(unsigned int name)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	u32 i;

	for (i = 0; i < m->levels; i++) {
		if (m->name[i] == name)
			return i;
	}
	return PTDBG_LEVEL_UNKNOWN;
}

int ptdbg_alloc_pte_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	struct page **pte = (void *)ptdbg_arg(regs, 2);

	if (ptdbg_called(PTDBG_HOOK_ALLOC_PTE, 0))
		ptdbg_capture_alloc(PTDBG_PTE, *pte ? page_to_pfn(*pte) : 0);
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_alloc_pte_on_call);

int ptdbg_alloc_pmd_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	if (ptdbg_called(PTDBG_HOOK_ALLOC_PMD, ptdbg_arg(regs, 2)))
		ptdbg_capture_alloc(PTDBG_PMD, 0);
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_alloc_pmd_on_call);

int ptdbg_alloc_pud_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	if (ptdbg_called(PTDBG_HOOK_ALLOC_PUD, ptdbg_arg(regs, 2)))
		ptdbg_capture_alloc(PTDBG_PUD, 0);
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_alloc_pud_on_call);

int ptdbg_alloc_p4d_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	if (ptdbg_called(PTDBG_HOOK_ALLOC_P4D, ptdbg_arg(regs, 2)))
		ptdbg_capture_alloc(PTDBG_P4D, 0);
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_alloc_p4d_on_call);

/* A page that the mmu_gather in the first argument is told to free. */
static __always_inline void gathered(enum ptdbg_hook_id id, struct pt_regs *regs,
				     u64 pfn, u32 level)
{
	const struct mmu_gather *tlb = (void *)ptdbg_arg(regs, 0);
	struct ptdbg_freeing what = {
		.pfn = pfn, .mm = tlb->mm, .level = level,
	};

	if (!ptdbg_called(id, 0))
		return;
	if (!tlb->fullmm && tlb->start < tlb->end) {
		what.start = tlb->start;
		what.end = tlb->end;
	}
	ptdbg_capture_free(&what, caller(regs), regs);
}

#ifdef CONFIG_X86

int ptdbg_free_pte_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	gathered(PTDBG_HOOK_FREE_PTE, regs,
		 page_to_pfn((struct page *)ptdbg_arg(regs, 1)),
		 level_of(PTDBG_PTE));
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_free_pte_on_call);

int ptdbg_free_pmd_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	gathered(PTDBG_HOOK_FREE_PMD, regs, pfn_of_table(ptdbg_arg(regs, 1)),
		 level_of(PTDBG_PMD));
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_free_pmd_on_call);

int ptdbg_free_pud_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	gathered(PTDBG_HOOK_FREE_PUD, regs, pfn_of_table(ptdbg_arg(regs, 1)),
		 level_of(PTDBG_PUD));
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_free_pud_on_call);

int ptdbg_free_p4d_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	gathered(PTDBG_HOOK_FREE_P4D, regs, pfn_of_table(ptdbg_arg(regs, 1)),
		 level_of(PTDBG_P4D));
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_free_p4d_on_call);

#else

/* One function for all levels, which does not say for which. */
int ptdbg_free_table_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	gathered(PTDBG_HOOK_FREE_TABLE, regs,
		 page_to_pfn((struct page *)ptdbg_arg(regs, 1)),
		 PTDBG_LEVEL_UNKNOWN);
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_free_table_on_call);

#endif

/* A page that is given back without a mmu_gather. */
static __always_inline void dropped(enum ptdbg_hook_id id, struct pt_regs *regs,
				    u64 pfn, u32 level)
{
	struct ptdbg_freeing what = {
		.pfn = pfn, .mm = (void *)ptdbg_arg(regs, 0), .level = level,
	};

	if (ptdbg_called(id, 0))
		ptdbg_capture_free(&what, caller(regs), regs);
}

int ptdbg_free_defer_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	dropped(PTDBG_HOOK_FREE_DEFER, regs,
		page_to_pfn((struct page *)ptdbg_arg(regs, 1)),
		level_of(PTDBG_PTE));
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_free_defer_on_call);

int ptdbg_free_pgd_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	dropped(PTDBG_HOOK_FREE_PGD, regs, pfn_of_table(ptdbg_arg(regs, 1)), 0);
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_free_pgd_on_call);
