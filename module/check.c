// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts on a chain and the page it ends in.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>

#include "ptdbg.h"

/**
 * ptdbg_check() - what is wrong with a chain
 * @w: the walk; its own verdicts are kept
 * @vma: the vma, or NULL
 * @page: the page that the chain ends in
 * @table: where the tables live, w->n of them
 *
 * A pfn that is not RAM is fine in a vma that maps devices, and wherever there
 * is no vma to ask (kernel addresses: MMIO is mapped there as well).
 *
 * Return: bits of enum ptdbg_verdict.
 */
u32 ptdbg_check(const struct ptdbg_walk *w, const struct ptdbg_vma *vma,
		const struct ptdbg_page *page, const struct ptdbg_table *table)
{
	const u64 device = VM_PFNMAP | VM_MIXEDMAP | VM_IO;
	u32 verdicts = w->verdicts;
	unsigned int i;

	for (i = 0; i < w->n; i++) {
		if (table[i].type == PTDBG_PT_BUDDY)
			verdicts |= BIT(PTDBG_TABLE_FREE);
	}
	if (w->stop != PTDBG_STOP_LEAF)
		return verdicts;

	if (vma && !(vma->flags & device)) {
		if (page->where == PTDBG_WHERE_NO_MEMMAP)
			verdicts |= BIT(PTDBG_BAD_PFN);
		else if (page->where == PTDBG_WHERE_HOLE &&
			 vma->kind != PTDBG_VMA_SPECIAL)
			verdicts |= BIT(PTDBG_NOT_RAM);
	}
	if (page->type == PTDBG_PT_BUDDY)
		verdicts |= BIT(PTDBG_FREE_PAGE);
	if (w->leaf.user && w->leaf.write && w->leaf.exec)
		verdicts |= BIT(PTDBG_WRITE_EXEC);
	return verdicts;
}

NOKPROBE_SYMBOL(ptdbg_check);
