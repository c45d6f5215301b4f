// SPDX-License-Identifier: GPL-2.0-only
/*
 * Putting a record together: the chains, the page, the tables
 * and the verdicts.  The record may lie in the ring or anywhere else.
 *
 * Context: interrupts and page faults disabled.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>

#include "ptdbg.h"

/* Copy the raw entries behind @chain; returns where the tables go. */
static struct ptdbg_table *put_chain(struct ptdbg_chain *chain,
				     const struct ptdbg_walk *before,
				     const struct ptdbg_walk *after)
{
	u64 *entry = (u64 *)(chain + 1);
	unsigned int i;

	chain->root = after->root;
	chain->before_n = before ? before->n : 0;
	chain->before_stop = before ? before->stop : PTDBG_STOP_NOWALK;
	chain->after_n = after->n;
	chain->after_stop = after->stop;
	chain->breach = 0;
	chain->fresh = 0;
	chain->made = 0;
	chain->stacks = 0;
	for (i = 0; i < chain->before_n; i++)
		*entry++ = before->entry[i];
	for (i = 0; i < after->n; i++)
		*entry++ = after->entry[i];
	return (struct ptdbg_table *)entry;
}

NOKPROBE_SYMBOL(put_chain);

/*
 * Is the table at @level another one than before?  Where the walk before ended
 * with an entry that leads to no table, there was none.  What lies below a
 * table that could not be read is not known.
 */
static bool is_fresh(const struct ptdbg_walk *before,
		     const struct ptdbg_walk *after, unsigned int level)
{
	if (level < before->n)
		return before->table[level] != after->table[level];
	switch (before->stop) {
	case PTDBG_STOP_LEAF:
	case PTDBG_STOP_NONE:
	case PTDBG_STOP_NOT_PRESENT:
	case PTDBG_STOP_BAD:
		return true;
	case PTDBG_STOP_NOT_RAM:
		/* the table after can be read, so it is another one */
		return level && level == before->n;
	case PTDBG_STOP_UNREADABLE:
		return level == before->n &&
		       before->table[level] != after->table[level];
	default:
		return false;
	}
}

NOKPROBE_SYMBOL(is_fresh);

/*
 * Is it the huge zero page, whose pfn the kernel keeps from modules?  In
 * anonymous memory a huge page that belongs to nobody can be nothing else.
 */
static bool is_huge_zero(const struct ptdbg_vma *vma,
			 const struct ptdbg_page *page,
			 const struct ptdbg_entry *leaf)
{
	return vma && vma->kind == PTDBG_VMA_ANON && leaf->order && !leaf->write &&
	       page->type == PTDBG_PT_KERNEL && page->order == leaf->order;
}

NOKPROBE_SYMBOL(is_huge_zero);

/**
 * ptdbg_compose() - append and judge what a record ends with
 * @r: with everything before @chain filled in
 * @vma: in it, or NULL
 * @page: in it; looked up here when the chain has a leaf and @page->where is
 *	still PTDBG_WHERE_UNKNOWN
 * @chain: in it, at the end of the fixed part
 * @before: walk before a fault, or NULL
 * @after: walk after it, or the only one
 */
void ptdbg_compose(struct ptdbg_record *r, const struct ptdbg_vma *vma,
		   struct ptdbg_page *page, struct ptdbg_chain *chain,
		   const struct ptdbg_walk *before,
		   const struct ptdbg_walk *after)
{
	struct ptdbg_table *table = put_chain(chain, before, after);
	unsigned int i;
	bool breach;

	for (i = 0; i < after->n; i++) {
		ptdbg_table_snap(i, after->table[i], &table[i], &breach);
		if (breach)
			chain->breach |= BIT(i);
		if (before && is_fresh(before, after, i))
			chain->fresh |= BIT(i);
	}

	/* an oops in the vmemmap has a page already: the one it is about */
	if (after->stop == PTDBG_STOP_LEAF && !page->where) {
		ptdbg_page_snap(after->pfn, page);
		page->present = 1;
		if (is_huge_zero(vma, page, &after->leaf))
			page->type = PTDBG_PT_ZERO;
	}
	r->verdicts = ptdbg_check(r, vma, page, chain, table, after);
	r->size += 8 * chain->before_n + 8 * after->n +
		   sizeof(*table) * after->n;
}

NOKPROBE_SYMBOL(ptdbg_compose);
