/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Going along the trail: what every fault does, in line.  trail.c tells what a
 * trail is.
 */
#ifndef PTDBG_TRAIL_H
#define PTDBG_TRAIL_H

#include <linux/mm.h>
#include <linux/page-flags-layout.h>
#include <linux/string.h>

#include "page_compat.h"
#include "ptdbg.h"
#include "read.h"

/* Words of a struct page; the flags are the first. */
#define PTDBG_TRAIL_MAPPING	(offsetof(struct page, mapping) / sizeof(u64))
#define PTDBG_TRAIL_COUNTS	(offsetof(struct page, _mapcount) / sizeof(u64))
static_assert(!offsetof(struct page, flags));
static_assert(offsetof(struct page, mapping) % sizeof(u64) == 0);
/* both in one word */
static_assert(offsetof(struct page, _mapcount) % sizeof(u64) == 0);
static_assert(offsetof(struct page, _refcount) == offsetof(struct page, _mapcount) + 4);

/* A table is a page of 8-byte entries. */
#define PTDBG_TRAIL_TABLE_BITS	(PAGE_SHIFT - 3)
#define PTDBG_TRAIL_HIGH_SHIFT	(PAGE_SHIFT + PTDBG_TRAIL_TABLE_BITS)

/*
 * Where a leaf of the last level has its pfn.  Bits that only some machines, or
 * some pages, use for it are left out: who has them does not look like the others.
 * ptdbg_trail_learn() asks the decoder whether this is so.
 */
#if defined(CONFIG_RISCV)
#define PTDBG_TRAIL_PFN_SHIFT	10
#define PTDBG_TRAIL_PFN_BITS	PTDBG_BITS(53, 10)
#else
#define PTDBG_TRAIL_PFN_SHIFT	PAGE_SHIFT
#define PTDBG_TRAIL_PFN_BITS	PTDBG_BITS(47, PAGE_SHIFT)
#endif

/* Pages that are a part of another, or are no memory of a process. */
#ifdef PTDBG_HAVE_PAGE_TYPE_BYTE
#define PTDBG_TRAIL_ODD_FLAGS	(BIT(PG_head) | BIT(PG_reserved))
#else
#define PTDBG_TRAIL_ODD_FLAGS	(BIT(PG_head) | BIT(PG_reserved) | BIT(PG_slab))
#endif

/* What has to be as in struct ptdbg_trail.where: zone and node, and none of those */
#define PTDBG_TRAIL_FLAGS	(~0UL << ZONES_PGSHIFT | PTDBG_TRAIL_ODD_FLAGS)

/* page->mapping: what the low bits say, and those that matter here */
#define PTDBG_TRAIL_KIND	3
#define PTDBG_TRAIL_FILE	0
#define PTDBG_TRAIL_ANON	1

/* The last bytes of a struct ptdbg_page, from @where on, as one. */
static __always_inline u64 *ptdbg_trail_tail(struct ptdbg_page *p)
{
	static_assert(offsetof(struct ptdbg_page, where) + sizeof(u64) == sizeof(*p));
	return (u64 *)((char *)p + offsetof(struct ptdbg_page, where));
}

static __always_inline u64 ptdbg_trail_pfn(u64 leaf)
{
	return (leaf & PTDBG_TRAIL_PFN_BITS) >> PTDBG_TRAIL_PFN_SHIFT;
}

static __always_inline unsigned int ptdbg_trail_index_of(u64 addr)
{
	return (addr >> PAGE_SHIFT) & (BIT(PTDBG_TRAIL_TABLE_BITS) - 1);
}

/* Does the struct page of each table say what it said? */
static __always_inline bool ptdbg_trail_same_tables(const struct ptdbg_trail *t)
{
	unsigned int last = t->last, i;
	const u64 *page;
	u64 word;

#pragma GCC unroll 5
	for (i = 0; i <= last; i++) {
		page = t->page[i];
		if (!ptdbg_read_aligned(&word, page) || word != t->flags[i] ||
		    !ptdbg_read_aligned(&word, page + PTDBG_TRAIL_COUNTS) ||
		    word != t->counts[i])
			return false;
	}
	return true;
}

/*
 * ptdbg_page_snap() for what most leaves lead to: a small page of a process, in
 * memory that is known to be there.  False when it is anything else.
 */
static __always_inline bool ptdbg_trail_usual_page(const struct ptdbg_trail *t, u64 pfn,
						   struct ptdbg_page *p)
{
	const u64 *page = (const u64 *)pfn_to_page(pfn);
	u64 flags, head, mapping, counts;
	unsigned int kind;
	s32 refcount;

	if (pfn - t->first >= t->pfns)
		return false;
	if (!ptdbg_read_aligned(&flags, page) || (flags & PTDBG_TRAIL_FLAGS) != t->where ||
	    !ptdbg_read_aligned(&head, page + PTDBG_OFFSETOF_COMPOUND_HEAD / sizeof(u64)) ||
	    head & 1 ||
	    !ptdbg_read_aligned(&mapping, page + PTDBG_TRAIL_MAPPING) ||
	    !ptdbg_read_aligned(&counts, page + PTDBG_TRAIL_COUNTS))
		return false;
	/* a count below -1 is a page type; without a reference, a verdict */
	refcount = counts >> 32;
	if ((s32)counts < -1 || refcount <= 0)
		return false;
	kind = mapping & PTDBG_TRAIL_KIND;
	if (kind > PTDBG_TRAIL_ANON || !mapping)
		return false;
	p->pfn = pfn;
	p->flags = flags;
	p->mapping = mapping;
	p->refcount = refcount;
	p->mapcount = counts;
	*ptdbg_trail_tail(p) = t->tail[kind];
	return true;
}

/**
 * ptdbg_trail_begin() - walk before a fault
 * @t: trail of this CPU
 * @f: the fault; result: @trail and of @before what a record has, and its leaf
 *
 * Return: false when the fault does not keep to the trail.
 */
static __always_inline bool ptdbg_trail_begin(const struct ptdbg_trail *t,
					      struct ptdbg_flight *f)
{
	unsigned int last = t->last, i;
	struct ptdbg_walk *w = &f->before;
	u64 raw;

	if (t->pgd != f->mm->pgd || t->high != f->addr >> PTDBG_TRAIL_HIGH_SHIFT)
		return false;
#pragma GCC unroll 5
	for (i = 0; i < last; i++) {
		if (!ptdbg_read_aligned(&raw, t->at[i]) || raw != t->entry[i])
			return false;
		w->entry[i] = raw;
	}
	if (!ptdbg_read_aligned(&raw, t->leaf + ptdbg_trail_index_of(f->addr)))
		return false;
	w->entry[i] = raw;
	w->n = i + 1;
	w->stop = PTDBG_STOP_NONE;
	if (raw && !ptdbg_trail_leaf(w, i))
		return false;
	f->trail = t->id;
	return true;
}

/**
 * ptdbg_trail_end() - walk after a fault, and all that is to be said of it
 * @t: trail of this CPU
 * @f: the fault
 * @r: its record, all but @page, @chain and what follows
 *
 * Return: false when the fault does not keep to the trail, or there is something
 * to look at more closely; then nothing in @r is valid that was not before.
 */
static __always_inline bool ptdbg_trail_end(const struct ptdbg_trail *t,
					    const struct ptdbg_flight *f,
					    struct ptdbg_fault *r)
{
	unsigned int last = t->last, i;
	u64 *before = (u64 *)(r + 1), *after = before + last + 1, raw;
	struct ptdbg_table *table;

	if (f->trail != t->id)
		return false;
	/* what was in these entries then is in the trail as well */
#pragma GCC unroll 5
	for (i = 0; i < last; i++) {
		if (!ptdbg_read_aligned(&raw, t->at[i]) || raw != t->entry[i])
			return false;
		before[i] = raw;
		after[i] = raw;
	}
	if (!ptdbg_read_aligned(&raw, t->leaf + ptdbg_trail_index_of(f->addr)) ||
	    (raw & ~PTDBG_TRAIL_PFN_BITS) != t->leaf_bits ||
	    !ptdbg_trail_same_tables(t) ||
	    !ptdbg_trail_usual_page(t, ptdbg_trail_pfn(raw), &r->page))
		return false;
	before[i] = f->before.entry[i];
	after[i] = raw;
	r->chain = t->chain;
	r->chain.before_stop = f->before.stop;
	/* there is room for as many levels as there can be: no need to count */
	static_assert(PTDBG_MAX_LEVELS == 5);
	table = (struct ptdbg_table *)(after + i + 1);
	table[0] = t->table[0];
	table[1] = t->table[1];
	table[2] = t->table[2];
	table[3] = t->table[3];
	table[4] = t->table[4];
	r->r.size += t->bytes;
	if (unlikely(f->before.stop == PTDBG_STOP_LEAF))
		r->r.verdicts = ptdbg_check_fault(r, &f->before);
	return true;
}

#endif /* PTDBG_TRAIL_H */
