// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every page-table page of an mm, one after the other.
 *
 * The order is that of addresses, a table before the tables below it.  For each
 * page the path from the root is read afresh with interrupts off, so nothing
 * is held between two steps, and the memory needed is one page.  Tables that
 * come and go meanwhile are seen or not.
 *
 * A hostile tree has no end worth waiting for: with all entries of a table
 * leading to one other, five levels make millions of ways.  So a page that is a
 * table above itself is shown and not gone into, a page that is not RAM is shown
 * and not read, and the whole is cut off when there is much more of it than the
 * kernel has accounted for.
 */
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "ptdbg.h"
#include "read.h"

static unsigned int entries_at(unsigned int level)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	unsigned int n = 1U << m->bits[level];

	/* the upper half of a shared root is the kernel's */
	return !level && m->arch != PTDBG_ARM64 ? n / 2 : n;
}

/* Go down from the root to the table at @level for @addr: pfns on the way. */
static bool find_table(struct mm_struct *mm, u64 addr, unsigned int level,
		       u64 *path, u64 *pa)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	struct ptdbg_entry e;
	unsigned int i;
	u64 raw;

	*pa = virt_to_phys(mm->pgd);
	path[0] = *pa >> m->page_shift;
	for (i = 0; i < level; i++) {
		if (!ptdbg_is_ram(path[i]) ||
		    !ptdbg_read_u64(&raw, phys_to_virt(*pa + 8 *
						       ptdbg_index(m, i, addr))))
			return false;
		ptdbg_entry_decode(m, i, raw, &e);
		if (e.kind != PTDBG_ENTRY_TABLE)
			return false;
		path[i + 1] = e.pfn;
		*pa = e.pfn << m->page_shift;
	}
	return true;
}

/*
 * Copy the entries of a table.  Returns their number, 0 when it is not in RAM
 * and was not read, -1 when it is not there (any more).  What can't be read is
 * 0.
 */
static int read_table(struct ptdbg_tables *t, u64 addr, unsigned int level,
		      u64 *path)
{
	unsigned long irq;
	int i, n = -1;
	u64 pa;

	local_irq_save(irq);
	pagefault_disable();
	if (!find_table(t->mm, addr, level, path, &pa))
		goto out;
	n = 0;
	if (!ptdbg_is_ram(path[level]))
		goto out;
	n = entries_at(level);
	for (i = 0; i < n; i++) {
		if (!ptdbg_read_u64(&t->entry[i], phys_to_virt(pa + 8 * i)))
			t->entry[i] = 0;
	}
out:
	pagefault_enable();
	local_irq_restore(irq);
	return n;
}

/* Fill in t->at for the table that was just read. */
static void describe(struct ptdbg_tables *t, u64 addr, unsigned int level,
		     const u64 *path, unsigned int n)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	struct ptdbg_table_page *p = &t->at;
	u64 pfn = path[level];
	unsigned long irq;
	unsigned int i;

	p->level = level;
	p->pfn = pfn;
	p->entries = n;
	p->used = 0;
	for (i = 0; i < n; i++)
		p->used += !!t->entry[i];
	p->loop = false;
	for (i = 0; i < level; i++)
		p->loop |= path[i] == pfn;
	p->first = level ? addr & ~((1ULL << m->shift[level - 1]) - 1) : 0;
	p->last = p->first + ((u64)entries_at(level) << m->shift[level]) - 1;

	local_irq_save(irq);
	pagefault_disable();
	ptdbg_table_snap(level, pfn, &p->table, &p->breach);
	pagefault_enable();
	local_irq_restore(irq);
}

/* First table entry from index @from on in the entries at hand, or -1. */
static int next_child(const struct ptdbg_tables *t, unsigned int level,
		      int from, int n)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	struct ptdbg_entry e;
	int i;

	if (level + 1 >= m->levels)
		return -1;
	for (i = from; i < n; i++) {
		if (!t->entry[i])
			continue;
		ptdbg_entry_decode(m, level, t->entry[i], &e);
		if (e.kind == PTDBG_ENTRY_TABLE)
			return i;
	}
	return -1;
}

/* Can the table that a new position names be shown?  Then do so. */
static bool arrive(struct ptdbg_tables *t, u64 addr, unsigned int level)
{
	u64 path[PTDBG_MAX_LEVELS];
	int n = read_table(t, addr, level, path);

	if (n < 0)
		return false;
	describe(t, addr, level, path, n);
	t->addr = t->at.first;
	t->level = level;
	t->nr++;
	return true;
}

/*
 * More tables than there can be?  What is accounted for leaves out the root,
 * the P4D pages and what comes while we are on our way.
 */
static bool too_many(const struct ptdbg_tables *t)
{
	return t->nr > 1024 + 2 * (mm_pgtables_bytes(t->mm) >> PAGE_SHIFT);
}

/**
 * ptdbg_tables_next() - step to the next page-table page
 * @t: iterator; all zero but @mm and @entry before the first step
 *
 * Context: process context; t->mm is held (mmget()).
 *
 * Return: true, with t->at filled in; false at the end, with t->cut set when
 * that was brought about.
 */
bool ptdbg_tables_next(struct ptdbg_tables *t)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	u64 path[PTDBG_MAX_LEVELS];
	int level = t->level;
	int from = 0;
	u64 addr = t->addr;
	int child, n;

	if (!t->nr)
		return arrive(t, 0, 0);
	t->cut = too_many(t);
	if (t->cut)
		return false;
	/* a page that is above itself has been gone through there */
	if (t->at.loop)
		from = entries_at(level);
	while (level >= 0) {
		n = read_table(t, addr, level, path);
		child = next_child(t, level, from, n);
		if (child >= 0) {
			u64 span = 1ULL << m->shift[level];
			u64 base = addr & ~((span << m->bits[level]) - 1);
			u64 at = (level ? base : 0) + child * span;

			if (arrive(t, at, level + 1))
				return true;
			/* it went away meanwhile: look at what is behind it */
			from = child + 1;
			continue;
		}
		/* up, and on behind the entry that led here */
		level--;
		if (level >= 0)
			from = ptdbg_index(m, level, addr) + 1;
	}
	return false;
}
