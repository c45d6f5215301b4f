/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct page, as it was and as it is.  All functions work on a copy.
 */
#ifndef PTDBG_PAGE_COMPAT_H
#define PTDBG_PAGE_COMPAT_H

#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/page-flags.h>

#include "core/mode.h"

/*
 * Page types.  Since 6.11 (commit 4ffca5a96678, "mm: support only one page_type
 * per page") the top byte of page_type is an enum; before, each type was a bit
 * that is clear below PAGE_TYPE_BASE.
 */
#ifdef PTDBG_HAVE_PAGE_TYPE_BYTE
#define PTDBG_TYPE(name)	PGTY_ ## name

static inline bool ptdbg_has_type(const struct page *page, unsigned int type)
{
	return page->page_type >> 24 == type;
}
#else
#define PTDBG_TYPE(name)	PG_ ## name

static inline bool ptdbg_has_type(const struct page *page, unsigned int type)
{
	return (page->page_type & (PAGE_TYPE_BASE | type)) == PAGE_TYPE_BASE;
}
#endif

static inline bool ptdbg_is_buddy(const struct page *page)
{
	return ptdbg_has_type(page, PTDBG_TYPE(buddy));
}

static inline bool ptdbg_is_table(const struct page *page)
{
	return ptdbg_has_type(page, PTDBG_TYPE(table));
}

static inline bool ptdbg_is_offline(const struct page *page)
{
	return ptdbg_has_type(page, PTDBG_TYPE(offline));
}

static inline bool ptdbg_is_guard(const struct page *page)
{
	return ptdbg_has_type(page, PTDBG_TYPE(guard));
}

static inline unsigned long ptdbg_page_flags(const struct page *page)
{
	return *(const unsigned long *)&page->flags;
}

/*
 * Slab and hugetlb became page types in 6.10 and 6.12 (commits 46df8e73a4a3,
 * "mm: free up PG_slab", and d99e3140a4d3, "mm: turn folio_test_hugetlb into a
 * PageType").  Before, hugetlb was told by the destructor in the first tail page.
 */
#ifdef PTDBG_HAVE_PAGE_TYPE_BYTE
static inline bool ptdbg_is_slab(const struct page *head)
{
	return ptdbg_has_type(head, PGTY_slab);
}

static inline bool ptdbg_is_hugetlb(const struct page *head,
				    const struct page *tail)
{
	return ptdbg_has_type(head, PGTY_hugetlb);
}
#else
static inline bool ptdbg_is_slab(const struct page *head)
{
	return ptdbg_page_flags(head) & BIT(PG_slab);
}

static inline bool ptdbg_is_hugetlb(const struct page *head,
				    const struct page *tail)
{
	return tail->compound_dtor == HUGETLB_PAGE_DTOR;
}
#endif

/*
 * Order of a compound page, in its first tail page: a byte of its own until
 * 6.5, then the low byte of folio->_flags_1 (commit 59838b2566f8, "mm: remove
 * HUGETLB_PAGE_DTOR" series).
 */
static inline unsigned int ptdbg_order(const struct page *tail)
{
#ifdef PTDBG_HAVE_COMPOUND_ORDER
	return tail->compound_order;
#else
	return ptdbg_page_flags(tail) & 0xff;
#endif
}

/**
 * ptdbg_whole_mapcount() - mappings that a page has as a part of another
 * @tail: first tail page of the compound page
 * @type: enum ptdbg_ptype of the compound page
 *
 * In 6.1 pages of a file count all of their mappings themselves, and those of
 * anonymous memory that is mapped in both ways (PG_double_map) one too many.
 *
 * Return: what is to be added to page->_mapcount.
 */
static inline int ptdbg_whole_mapcount(const struct page *tail, unsigned int type)
{
#ifdef PTDBG_HAVE_COMPOUND_ORDER
	if (type == PTDBG_PT_FILE)
		return 0;
	return tail->compound_mapcount.counter + 1 -
	       !!(ptdbg_page_flags(tail) & BIT(PG_double_map));
#else
	const atomic_t *count = (const void *)tail +
		(offsetof(struct folio, _entire_mapcount) - sizeof(*tail));

	return count->counter + 1;
#endif
}

/*
 * How many orders a free block can have: MAX_ORDER was this number until 6.3
 * (commit 23baf831a32c, "mm, treewide: redefine MAX_ORDER sanely"), then the
 * highest order, and got new names in 6.8.
 */
#ifdef NR_PAGE_ORDERS
#define PTDBG_PAGE_ORDERS	NR_PAGE_ORDERS
#else
#define PTDBG_PAGE_ORDERS	MAX_ORDER
#endif

/*
 * page->compound_head is compound_info since 7.0, and page->index became
 * __folio_index in 6.16 (commit acc53a0b4c15).
 */
#ifdef PTDBG_HAVE_COMPOUND_INFO
#define PTDBG_OFFSETOF_COMPOUND_HEAD	offsetof(struct page, compound_info)
#define PTDBG_NAME_COMPOUND_HEAD	"compound_info"
#else
#define PTDBG_OFFSETOF_COMPOUND_HEAD	offsetof(struct page, compound_head)
#define PTDBG_NAME_COMPOUND_HEAD	"compound_head"
#endif

/* the word behind mapping, whatever its name */
#define PTDBG_OFFSETOF_INDEX \
	(offsetof(struct page, mapping) + sizeof(void *))

/*
 * Levels whose table pages the kernel types for a user mm: PTE and PMD always,
 * PUD since 6.9 (pagetable_pud_ctor()), all but the root since 6.16
 * (__pagetable_ctor()).
 */
static inline bool ptdbg_level_is_typed(unsigned int level)
{
#if defined(PTDBG_HAVE_PAGETABLE_CTOR)
	return true;
#elif defined(PTDBG_HAVE_PAGETABLE_PUD_CTOR)
	return level >= PTDBG_PUD;
#else
	return level >= PTDBG_PMD;
#endif
}

/*
 * What the word of a tail page holds, besides bit 0: the address of the head, or
 * since 7.0, where hugetlb pages can do without most of their struct pages, the
 * mask that makes the address of the tail that of the head.  The same rule as
 * compound_info_has_mask() in linux/page-flags.h.
 */
static inline bool ptdbg_tail_has_mask(void)
{
#ifdef PTDBG_HAVE_COMPOUND_INFO
	return IS_ENABLED(CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP) &&
	       is_power_of_2(sizeof(struct page));
#else
	return false;
#endif
}

/**
 * ptdbg_head_of() - head page of a compound page
 * @page: where the page is
 * @copy: of it
 *
 * Return: @page itself, or the head when @copy is a tail page.
 */
static inline const struct page *ptdbg_head_of(const struct page *page,
					       const struct page *copy)
{
	unsigned long word =
		*(const unsigned long *)((const char *)copy +
						      PTDBG_OFFSETOF_COMPOUND_HEAD);

	if (!(word & 1))
		return page;
	if (ptdbg_tail_has_mask())
		return (const struct page *)((unsigned long)page & word);
	return (const struct page *)(word - 1);
}

#endif /* PTDBG_PAGE_COMPAT_H */
