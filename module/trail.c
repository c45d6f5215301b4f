// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trail: what the last whole walk on a CPU has found on its way.
 *
 * Most faults of a program end in a table that the one before ended in.  So the
 * way there is remembered: where each entry is, what was in it, and what the
 * struct page of each table said.  The next walk reads all of that again, but
 * where nothing has changed, there is nothing to decode, to look up or to judge.
 * Where anything has, the walk is done from the start, and leaves a new trail.
 *
 * Only a way with nothing to complain of is remembered: every table is RAM, in
 * use, and has earned no verdict; so the same is true of each that is the same.
 * What is taken for granted without a look is which pfns are RAM and what the
 * region rules say: when that changes, ptdbg.epoch does, and the trails of all
 * CPUs are forgotten.
 *
 * Context: interrupts and page faults disabled; a trail belongs to its CPU.
 */
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>

#include "ptdbg.h"
#include "trail.h"

/* Of memory that is looked at around a page, each way: every look takes time. */
#define MOST_SECTIONS	16

/**
 * ptdbg_trail_leaf() - what is in the last table, where it is not empty
 * @w: a walk with its entries; result: @leaf and @stop
 * @last: level of the last table
 *
 * Return: false when it is nothing to go on with.
 */
bool ptdbg_trail_leaf(struct ptdbg_walk *w, unsigned int last)
{
	ptdbg_entry_decode(&ptdbg.trace.layout.mode, last, w->entry[last], &w->leaf);
	switch (w->leaf.kind) {
	case PTDBG_ENTRY_LEAF:
		w->stop = PTDBG_STOP_LEAF;
		return true;
	case PTDBG_ENTRY_NOT_PRESENT:
		w->stop = PTDBG_STOP_NOT_PRESENT;
		return true;
	default:
		return false;
	}
}

NOKPROBE_SYMBOL(ptdbg_trail_leaf);

/**
 * ptdbg_trail_tables() - the tables that a walk along a trail went through
 * @mm: whose walk it was
 * @w: the walk, with its entries; result: @table
 */
void ptdbg_trail_tables(const struct mm_struct *mm, struct ptdbg_walk *w)
{
	struct ptdbg_entry e;
	unsigned int i;

	w->table[0] = virt_to_phys(mm->pgd) >> PAGE_SHIFT;
	for (i = 1; i < w->n; i++) {
		ptdbg_entry_decode(&ptdbg.trace.layout.mode, i - 1, w->entry[i - 1], &e);
		w->table[i] = e.pfn;
	}
}

NOKPROBE_SYMBOL(ptdbg_trail_tables);

static bool is_online(u64 pfn)
{
	return pfn_valid(pfn) && pfn_to_online_page(pfn);
}

NOKPROBE_SYMBOL(is_online);

/* Keep of @ram the sections around @pfn that have struct pages and are online. */
static void keep_online(u64 pfn, struct ptdbg_ram *ram)
{
	u64 first = pfn & PAGE_SECTION_MASK, last = first + PAGES_PER_SECTION - 1;
	unsigned int i;

	for (i = 0; i < MOST_SECTIONS && first > ram->first && is_online(first - 1); i++)
		first -= PAGES_PER_SECTION;
	for (i = 0; i < MOST_SECTIONS && last < ram->last && is_online(last + 1); i++)
		last += PAGES_PER_SECTION;
	ram->first = max(ram->first, first);
	ram->last = min(ram->last, last);
}

NOKPROBE_SYMBOL(keep_online);

/*
 * Memory around @pfn that has struct pages and is online; and the end of a record
 * on a page there.  The pages of a process come from all over the memory.
 */
static void learn_memory(struct ptdbg_trail *t, u64 pfn)
{
	struct ptdbg_page p = {
		.where = PTDBG_WHERE_RAM, .type = PTDBG_PT_FILE,
		.mapkind = PTDBG_MAP_FILE, .present = 1,
	};
	struct ptdbg_ram ram;
	u64 flags;

	if (!ptdbg_ram_around(pfn, &ram) || !is_online(pfn) ||
	    !ptdbg_read_u64(&flags, pfn_to_page(pfn))) {
		t->pfns = 0;
		return;
	}
	flags &= ~0UL << ZONES_PGSHIFT;
	if (ptdbg_page_cma_around(pfn, &ram))
		p.marks = BIT(PTDBG_MARK_CMA);
	p.zone = page_zonenum(pfn_to_page(pfn));
	p.node = min(page_to_nid(pfn_to_page(pfn)), 255);
	/* it is known already, and nothing else is said of it now */
	if (pfn - t->first < t->pfns && flags == t->where &&
	    *ptdbg_trail_tail(&p) == t->tail[PTDBG_TRAIL_FILE])
		return;
	keep_online(pfn, &ram);
	t->first = ram.first;
	t->pfns = ram.last - ram.first + 1;
	t->where = flags;
	t->tail[PTDBG_TRAIL_FILE] = *ptdbg_trail_tail(&p);
	p.type = PTDBG_PT_ANON;
	p.mapkind = PTDBG_MAP_ANON;
	t->tail[PTDBG_TRAIL_ANON] = *ptdbg_trail_tail(&p);
}

NOKPROBE_SYMBOL(learn_memory);

/* Does the leaf @w ends with look as most do?  Then its other bits are enough. */
static u64 usual_bits(const struct ptdbg_walk *w, unsigned int last)
{
	const struct ptdbg_entry *e = &w->leaf;
	u64 raw = w->entry[last];

	if (w->stop != PTDBG_STOP_LEAF || !e->hw_present || e->order || e->reserved ||
	    (e->user && e->write && e->exec) || w->pfn != ptdbg_trail_pfn(raw))
		return 0;
	return raw & ~PTDBG_TRAIL_PFN_BITS;
}

NOKPROBE_SYMBOL(usual_bits);

/*
 * Is the page of a table in use, and would it be seen in its words if it were not
 * any more?
 */
static bool is_used(const struct ptdbg_trail *t, unsigned int i)
{
	const struct ptdbg_table *table = &t->table[i];

	/*
	 * A PGD of a few entries (arm64, 52-bit VA) is a piece of a slab.  In 7.2
	 * slabs have no reference, and a flag for the list that they are on.
	 */
	if (table->type == PTDBG_PT_SLAB)
		return true;
	/* a page that has a mapping has a flag, so that one that gets one is seen */
	return !(t->flags[i] & (BIT(NR_PAGEFLAGS) - 1)) &&
	       table->type != PTDBG_PT_BUDDY && table->refcount > 0;
}

NOKPROBE_SYMBOL(is_used);

static bool learn_table(struct ptdbg_trail *t, const struct ptdbg_walk *w,
			unsigned int i, u64 addr)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	const u64 *page;
	u64 pa = i ? w->table[i] << PAGE_SHIFT : w->root;
	bool breach;

	t->at[i] = (const u64 *)phys_to_virt(pa) + ptdbg_index(m, i, addr);
	t->entry[i] = w->entry[i];
	/* also checked by ptdbg_table_snap(), which says UNKNOWN then */
	if (!pfn_valid(w->table[i]))
		return false;
	page = (const u64 *)pfn_to_page(w->table[i]);
	t->page[i] = page;
	/* first the words: if they are older than the snapshot, they won't do */
	if (!ptdbg_read_u64(&t->flags[i], page) ||
	    !ptdbg_read_u64(&t->counts[i], page + PTDBG_TRAIL_COUNTS))
		return false;
	ptdbg_table_snap(i, w->table[i], &t->table[i], &breach);
	return !breach && t->table[i].where == PTDBG_WHERE_RAM && is_used(t, i);
}

NOKPROBE_SYMBOL(learn_table);

/**
 * ptdbg_trail_learn() - leave a trail
 * @t: trail of this CPU
 * @mm: whose walk it was
 * @addr: its address
 * @w: the walk
 * @verdicts: what the tables and the page have earned
 * @breach: as in struct ptdbg_chain
 */
void ptdbg_trail_learn(struct ptdbg_trail *t, const struct mm_struct *mm, u64 addr,
		       const struct ptdbg_walk *w, u32 verdicts, u8 breach)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	unsigned int i;

	t->id = PTDBG_TRAIL_NONE;
	t->pgd = NULL;
	if (w->n != m->levels || verdicts || breach)
		return;
	for (i = 0; i < w->n; i++) {
		if (!learn_table(t, w, i, addr))
			return;
	}
	t->last = w->n - 1;
	/* what changed meanwhile is not worth it */
	if (!ptdbg_trail_same_tables(t))
		return;
	t->leaf = t->at[t->last] - ptdbg_trail_index_of(addr);
	t->leaf_bits = usual_bits(w, t->last);
	if (t->leaf_bits)
		learn_memory(t, w->pfn);
	memset(&t->chain, 0, sizeof(t->chain));
	t->chain.root = w->root;
	t->chain.before_n = w->n;
	t->chain.after_n = w->n;
	t->chain.after_stop = PTDBG_STOP_LEAF;
	t->bytes = w->n * (2 * sizeof(u64) + sizeof(struct ptdbg_table));
	t->high = addr >> PTDBG_TRAIL_HIGH_SHIFT;
	t->pgd = mm->pgd;
	/* as no other trail, of this CPU or another */
	t->serial++;
	t->id = (u64)smp_processor_id() << 48 | (t->serial + PTDBG_TRAIL_NONE);
}

NOKPROBE_SYMBOL(ptdbg_trail_learn);

/* What it takes for granted has changed. */
void ptdbg_trail_forget(struct ptdbg_trail *t)
{
	t->id = PTDBG_TRAIL_NONE;
	t->pgd = NULL;
	t->pfns = 0;
}

NOKPROBE_SYMBOL(ptdbg_trail_forget);
