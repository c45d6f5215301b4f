// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts on a chain and the page it ends in.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>

#include "page_compat.h"
#include "ptdbg.h"

/* Verdicts on a table page below the root of a user address. */
static u32 check_user_table(const struct ptdbg_table *t, unsigned int level)
{
	u32 verdicts = 0;

	if (t->where != PTDBG_WHERE_RAM || t->type == PTDBG_PT_UNKNOWN)
		return 0;
	if (t->type != PTDBG_PT_BUDDY && t->type != PTDBG_PT_TABLE &&
	    ptdbg_level_is_typed(level))
		verdicts |= BIT(PTDBG_TABLE_UNTYPED);
	if (t->marks & BIT(PTDBG_MARK_IMAGE))
		verdicts |= BIT(PTDBG_TABLE_IMAGE);
	if (t->marks & BIT(PTDBG_MARK_CMA))
		verdicts |= BIT(PTDBG_TABLE_CMA);
	if (t->type != PTDBG_PT_BUDDY && t->refcount <= 0)
		verdicts |= BIT(PTDBG_TABLE_UNREF);
	return verdicts;
}

NOKPROBE_SYMBOL(check_user_table);

/* Verdicts on the table pages. */
static u32 check_tables(const struct ptdbg_record *r,
			const struct ptdbg_chain *chain,
			const struct ptdbg_table *table)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	u32 verdicts = 0;
	unsigned int i;

	if (chain->breach)
		verdicts |= BIT(PTDBG_TABLE_REGION);
	for (i = 0; i < chain->after_n; i++) {
		if (table[i].type == PTDBG_PT_BUDDY)
			verdicts |= BIT(PTDBG_TABLE_FREE);
		else if (ptdbg_is_user_page(table[i].type))
			verdicts |= BIT(PTDBG_TABLE_USER);
		/* boot tables and roots are not typed by every kernel */
		if (i && ptdbg_address_user(r->addr))
			verdicts |= check_user_table(&table[i], m->name[i]);
	}
	return verdicts;
}

NOKPROBE_SYMBOL(check_tables);

/*
 * Of the table at which a walk ended.  A free page can't be read where the kernel
 * takes it out of the direct map (DEBUG_PAGEALLOC); its struct page tells.
 */
static u32 check_unread_table(const struct ptdbg_walk *w)
{
	struct ptdbg_table t;
	bool breach;

	ptdbg_table_snap(w->n, w->table[w->n], &t, &breach);
	return t.type == PTDBG_PT_BUDDY ? BIT(PTDBG_TABLE_FREE) : 0;
}

NOKPROBE_SYMBOL(check_unread_table);

/**
 * ptdbg_check() - what is wrong with a chain
 * @r: the record it is in
 * @vma: the vma, or NULL
 * @page: the page that the chain ends in
 * @chain: the chain
 * @table: where its tables live
 * @w: the walk that gave it; its own verdicts are kept
 *
 * A pfn that is not RAM is fine in a vma that maps devices, and wherever there
 * is no vma to ask (kernel addresses: MMIO is mapped there as well).
 *
 * Return: bits of enum ptdbg_verdict.
 */
u32 ptdbg_check(const struct ptdbg_record *r, const struct ptdbg_vma *vma,
		const struct ptdbg_page *page, const struct ptdbg_chain *chain,
		const struct ptdbg_table *table, const struct ptdbg_walk *w)
{
	const u64 device = VM_PFNMAP | VM_MIXEDMAP | VM_IO;
	u32 verdicts = w->verdicts | check_tables(r, chain, table);

	if (w->stop != PTDBG_STOP_LEAF) {
		if (w->stop == PTDBG_STOP_UNREADABLE)
			verdicts |= check_unread_table(w);
		return verdicts;
	}

	if (vma && !(vma->flags & device)) {
		if (page->where == PTDBG_WHERE_NO_MEMMAP)
			verdicts |= BIT(PTDBG_BAD_PFN);
		else if ((page->where == PTDBG_WHERE_HOLE ||
			  page->where == PTDBG_WHERE_RESERVED ||
			  page->where == PTDBG_WHERE_OFFLINE) &&
			 vma->kind != PTDBG_VMA_SPECIAL)
			verdicts |= BIT(PTDBG_NOT_RAM);
		else if (page->where == PTDBG_WHERE_RAM && page->refcount <= 0 &&
			 page->type != PTDBG_PT_UNKNOWN &&
			 page->type != PTDBG_PT_BUDDY &&
			 ptdbg_walk_holds(w, r->addr))
			verdicts |= BIT(PTDBG_PAGE_UNREF);
	}
	if (page->type == PTDBG_PT_BUDDY && ptdbg_walk_holds(w, r->addr))
		verdicts |= BIT(PTDBG_FREE_PAGE);
	if (w->leaf.user && w->leaf.write && w->leaf.exec)
		verdicts |= BIT(PTDBG_WRITE_EXEC);
	return verdicts;
}

NOKPROBE_SYMBOL(ptdbg_check);

/**
 * ptdbg_check_fault() - verdicts that only a fault can have
 * @r: the fault
 * @before: the walk when it came in
 *
 * A fault on an entry that already allowed the access was not needed: the TLB
 * held an older entry, or another CPU had mended it.  GUP asks the handler
 * without having tried, so its faults say nothing.
 *
 * Return: bits of enum ptdbg_verdict.
 */
u32 ptdbg_check_fault(const struct ptdbg_fault *r, const struct ptdbg_walk *before)
{
	const struct ptdbg_entry *e = &before->leaf;

	if (before->stop != PTDBG_STOP_LEAF || !e->hw_present || !e->young ||
	    !(r->flags & FAULT_FLAG_USER) || !e->user)
		return 0;
	if ((r->flags & FAULT_FLAG_WRITE) && !e->store)
		return 0;
	if ((r->flags & FAULT_FLAG_INSTRUCTION) && !e->exec)
		return 0;
	return BIT(PTDBG_PERMITTED);
}

NOKPROBE_SYMBOL(ptdbg_check_fault);
