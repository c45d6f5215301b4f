// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw entries, level by level.
 *
 * The walk has a geometry of its own (core/mode.h): the kernel's pXd_offset()
 * helpers are not all there for modules, fold levels at run time and follow a
 * broken entry wherever it leads.  Here an entry is only followed to a page
 * that is RAM, read by one load that may fail, and the number of loads is the
 * number of levels.
 *
 * Context: interrupts off, so that no table page of a user mm is freed under
 * the walk (the contract of gup_fast in mm/gup.c: tables are freed by RCU or
 * after an IPI).  Kernel tables may go away all the same; then a load reads
 * what the page holds now, or fails, and the checks call it out.
 */
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/mm.h>

#include "ptdbg.h"
#include "read.h"

/* Read the chain of an address, from the root table at the physical address. */
static void walk_tables(u64 root, u64 addr, struct ptdbg_walk *w)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	u64 table = root >> m->page_shift;
	unsigned int level, i;
	u64 pa;

	w->root = root;
	w->n = 0;
	w->verdicts = 0;
	w->pfn = 0;
	w->stop = PTDBG_STOP_ADDRESS;
	if (!ptdbg_address_valid(m, addr))
		return;

	for (level = 0; level < m->levels; level++) {
		w->stop = PTDBG_STOP_NOT_RAM;
		if (!ptdbg_is_ram(table)) {
			w->verdicts |= BIT(PTDBG_TABLE_NOT_RAM);
			return;
		}
		for (i = 0; i < level; i++) {
			if (w->table[i] == table)
				w->verdicts |= BIT(PTDBG_LOOP);
		}
		w->table[level] = table;

		/* a small root table (arm64) need not be page aligned */
		pa = level ? table << m->page_shift : root;
		pa += 8 * ptdbg_index(m, level, addr);
		if (!ptdbg_read_u64(&w->entry[level], phys_to_virt(pa))) {
			w->stop = PTDBG_STOP_UNREADABLE;
			w->verdicts |= BIT(PTDBG_TABLE_UNREADABLE);
			return;
		}
		w->n = level + 1;

		ptdbg_entry_decode(m, level, w->entry[level], &w->leaf);
		if (w->leaf.reserved)
			w->verdicts |= BIT(PTDBG_RESERVED_BITS);
		switch (w->leaf.kind) {
		case PTDBG_ENTRY_TABLE:
			table = w->leaf.pfn;
			continue;
		case PTDBG_ENTRY_LEAF:
			w->stop = PTDBG_STOP_LEAF;
			w->pfn = ptdbg_entry_pfn(m, level, &w->leaf, addr);
			return;
		case PTDBG_ENTRY_NONE:
			w->stop = PTDBG_STOP_NONE;
			return;
		case PTDBG_ENTRY_NOT_PRESENT:
			w->stop = PTDBG_STOP_NOT_PRESENT;
			return;
		default:
			w->stop = PTDBG_STOP_BAD;
			w->verdicts |= BIT(PTDBG_BAD_ENTRY);
			return;
		}
	}
	/* A decoder that calls the last level a table would be wrong. */
	w->stop = PTDBG_STOP_BAD;
}

NOKPROBE_SYMBOL(walk_tables);

/**
 * ptdbg_walk_mm() - read the chain of an address
 * @mm: whose; NULL stands for the kernel's own tables
 * @addr: virtual address
 * @w: result; all members are set
 *
 * Context: interrupts and page faults disabled.
 */
void ptdbg_walk_mm(struct mm_struct *mm, u64 addr, struct ptdbg_walk *w)
{
	walk_tables(mm ? virt_to_phys(mm->pgd) : ptdbg_kernel_root(), addr, w);
}

NOKPROBE_SYMBOL(ptdbg_walk_mm);

/**
 * ptdbg_walk_holds() - is the last entry of a walk still what it was?
 * @w: the walk
 * @addr: its address
 *
 * A page is only given back after its entry is gone.  So what a struct page
 * said after the walk counts for the entry when the entry is still there.
 *
 * Context: interrupts and page faults disabled, and not enabled since the walk.
 */
bool ptdbg_walk_holds(const struct ptdbg_walk *w, u64 addr)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	unsigned int level = w->n - 1;
	u64 raw, pa;

	if (!w->n)
		return false;
	pa = level ? w->table[level] << m->page_shift : w->root;
	pa += 8 * ptdbg_index(m, level, addr);
	return ptdbg_read_u64(&raw, phys_to_virt(pa)) && raw == w->entry[level];
}

NOKPROBE_SYMBOL(ptdbg_walk_holds);
