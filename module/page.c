// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a pfn to what its struct page says.
 *
 * A pfn out of a table may be anything.  A struct page is only looked at when
 * the memory map says that it is there and online, and then copied word by
 * word with loads that may fail; the decoding works on the copy.  The kernel's
 * own tests (PageSlab() and the like) follow pointers in the page and are not
 * used.  The page may change while it is copied: this is a snapshot, as good
 * as that of /proc/kpageflags.
 */
#include <linux/kprobes.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>

#include "ptdbg.h"
#include "read.h"
#include "page_compat.h"

#define WORDS	(sizeof(struct page) / sizeof(u64))

/* page->mapping: low bits, include/linux/page-flags.h */
#define MAPPING_BITS		3
#define MAPPING_ANON		1
#define MAPPING_MOVABLE		2
#define MAPPING_KSM		3

union page_copy {
	struct page page;
	u64 word[WORDS];
};

static bool copy_page_struct(const struct page *from, union page_copy *to)
{
	unsigned int i;

	for (i = 0; i < WORDS; i++) {
		if (!ptdbg_read_u64(&to->word[i], (const u64 *)from + i))
			return false;
	}
	return true;
}

NOKPROBE_SYMBOL(copy_page_struct);

/* Device memory has struct pages (ZONE_DEVICE), but is never online. */
static bool is_device(const struct page *page)
{
#ifdef CONFIG_ZONE_DEVICE
	union page_copy copy;

	return copy_page_struct(page, &copy) &&
	       page_zonenum(&copy.page) == ZONE_DEVICE;
#else
	return false;
#endif
}

NOKPROBE_SYMBOL(is_device);

/*
 * Where is @pfn, and if it has one, its struct page.  pfn_valid() also says
 * yes to the holes of a section that is partly RAM.
 */
static u8 locate(u64 pfn, const struct page **page)
{
	*page = NULL;
	if (!pfn_valid(pfn))
		return PTDBG_WHERE_NO_MEMMAP;
	*page = pfn_to_online_page(pfn);
	if (ptdbg_is_ram(pfn))
		return *page ? PTDBG_WHERE_RAM : PTDBG_WHERE_OFFLINE;
	if (ptdbg_is_firmware(pfn))
		return PTDBG_WHERE_RESERVED;
	if (!*page && is_device(pfn_to_page(pfn))) {
		*page = pfn_to_page(pfn);
		return PTDBG_WHERE_DEVICE;
	}
	return PTDBG_WHERE_HOLE;
}

NOKPROBE_SYMBOL(locate);

#ifdef CONFIG_CMA

/* The migrate type is in the lowest three bits of those of a pageblock. */
#define MIGRATE_TYPE_MASK	7

/*
 * Migrate type of the pageblock of @pfn, which has a memory map; -1: not known.
 * The kernel marks so what is in a CMA area; get_pageblock_migratetype() is not
 * for modules.
 */
static int block_type(u64 pfn)
{
	const struct mem_section *section = __pfn_to_section(pfn);
	unsigned int bit;
	u64 word;

	bit = ((pfn & (PAGES_PER_SECTION - 1)) >> pageblock_order) *
	      NR_PAGEBLOCK_BITS;
	if (!section || !ptdbg_read_u64(&word, &section->usage) || !word)
		return -1;
	/* an array without a size, of which the compiler would check the bounds */
	word += offsetof(struct mem_section_usage, pageblock_flags) + bit / 64 * 8;
	if (!ptdbg_read_u64(&word, (void *)word))
		return -1;
	return word >> (bit % 64) & MIGRATE_TYPE_MASK;
}

NOKPROBE_SYMBOL(block_type);

/* From the first pageblock for CMA to the last one; they are made at boot. */
static u64 cma_first = ~0ULL, cma_last;

/**
 * ptdbg_page_init() - learn where CMA areas are
 *
 * Context: process context, after ptdbg_ram_init().
 */
void ptdbg_page_init(void)
{
	const struct ptdbg_layout *l = &ptdbg.trace.layout;
	unsigned int i;
	int type;
	u64 pfn;

	cma_first = ~0ULL;
	cma_last = 0;
	for (i = 0; i < l->nr_ram; i++) {
		pfn = l->ram[i].first & ~(u64)(pageblock_nr_pages - 1);
		for (; pfn <= l->ram[i].last; pfn += pageblock_nr_pages) {
			pagefault_disable();
			type = block_type(pfn);
			pagefault_enable();
			/* while they are allocated from, they are isolated */
			if (type != MIGRATE_CMA && !is_migrate_isolate(type))
				continue;
			cma_first = min(cma_first, pfn);
			cma_last = pfn + pageblock_nr_pages - 1;
		}
	}
}

static bool in_cma(u64 pfn)
{
	return pfn >= cma_first && pfn <= cma_last && block_type(pfn) == MIGRATE_CMA;
}

NOKPROBE_SYMBOL(in_cma);

/**
 * ptdbg_page_cma_around() - are a pfn and those around it for CMA?
 * @pfn: page, which has a memory map
 * @range: pfns that it is in; result: those of them for which the answer is the same
 */
bool ptdbg_page_cma_around(u64 pfn, struct ptdbg_ram *range)
{
	u64 block = pfn & ~(u64)(pageblock_nr_pages - 1);

	if (pfn < cma_first) {
		range->last = min(range->last, cma_first - 1);
		return false;
	}
	if (pfn > cma_last) {
		range->first = max(range->first, cma_last + 1);
		return false;
	}
	range->first = max(range->first, block);
	range->last = min(range->last, block + pageblock_nr_pages - 1);
	return in_cma(pfn);
}

NOKPROBE_SYMBOL(ptdbg_page_cma_around);

#else

void ptdbg_page_init(void)
{
}

bool ptdbg_page_cma_around(u64 pfn, struct ptdbg_ram *range)
{
	return false;
}

NOKPROBE_SYMBOL(ptdbg_page_cma_around);

static bool in_cma(u64 pfn)
{
	return false;
}

#endif

/* Bits of enum ptdbg_mark.  What the kernel freed of its image is not marked. */
static u8 marks_of(u64 pfn, const struct page *copy, u8 where)
{
	u8 marks = 0;

	if (where != PTDBG_WHERE_RAM)
		return 0;
	if (in_cma(pfn))
		marks |= BIT(PTDBG_MARK_CMA);
	if (ptdbg_page_flags(copy) & BIT(PG_reserved) && ptdbg_is_image(pfn))
		marks |= BIT(PTDBG_MARK_IMAGE);
	return marks;
}

NOKPROBE_SYMBOL(marks_of);

/* Type of a page that is not a tail; @tail is the page behind it, or NULL. */
static u8 type_of(u64 pfn, const struct page *page, const struct page *tail)
{
	unsigned long bits = (unsigned long)page->mapping & MAPPING_BITS;

	if (is_zero_pfn(pfn))
		return PTDBG_PT_ZERO;
	if (ptdbg_is_buddy(page))
		return PTDBG_PT_BUDDY;
	if (ptdbg_is_table(page))
		return PTDBG_PT_TABLE;
	if (ptdbg_is_offline(page))
		return PTDBG_PT_OFFLINE;
	if (ptdbg_is_guard(page))
		return PTDBG_PT_GUARD;
	if (ptdbg_is_slab(page))
		return PTDBG_PT_SLAB;
	if (ptdbg_page_flags(page) & BIT(PG_reserved))
		return PTDBG_PT_RESERVED;
	if (tail && ptdbg_is_hugetlb(page, tail))
		return PTDBG_PT_HUGETLB;
	if (bits == MAPPING_KSM)
		return PTDBG_PT_KSM;
	if (bits == MAPPING_ANON)
		return PTDBG_PT_ANON;
	if (page->mapping && !bits)
		return PTDBG_PT_FILE;
	return PTDBG_PT_KERNEL;
}

NOKPROBE_SYMBOL(type_of);

/*
 * Is a page without a reference in the middle of a free block?  The buddy
 * allocator only types the first page of a block.  @order is that of the block.
 */
static bool in_free_block(u64 pfn, const struct page *page, unsigned int *order)
{
	union page_copy first;
	unsigned int i;
	u64 back;

	for (i = 1; i < PTDBG_PAGE_ORDERS; i++) {
		back = pfn & (BIT(i) - 1);
		if (!back)
			continue;
		if (!copy_page_struct(page - back, &first))
			return false;
		if (ptdbg_is_buddy(&first.page) && first.page.private >= i) {
			*order = first.page.private;
			return true;
		}
	}
	return false;
}

NOKPROBE_SYMBOL(in_free_block);

static u8 mapkind_of(u8 type, const struct page *page)
{
	switch (type) {
	case PTDBG_PT_ANON:
		return PTDBG_MAP_ANON;
	case PTDBG_PT_KSM:
		return PTDBG_MAP_KSM;
	case PTDBG_PT_FILE:
		return PTDBG_MAP_FILE;
	case PTDBG_PT_HUGETLB:
		return (unsigned long)page->mapping & MAPPING_ANON ?
		       PTDBG_MAP_ANON : PTDBG_MAP_FILE;
	case PTDBG_PT_KERNEL:
		if (((unsigned long)page->mapping & MAPPING_BITS) ==
		    MAPPING_MOVABLE)
			return PTDBG_MAP_MOVABLE;
		fallthrough;
	default:
		return PTDBG_MAP_NONE;
	}
}

NOKPROBE_SYMBOL(mapkind_of);

/*
 * Add the mappings that a page has because the compound page around it is mapped
 * as a whole.  hugetlb pages may have a page type where the count would be.
 */
static void count_whole(struct ptdbg_page *p, const struct page *tail)
{
	s32 whole;

	if (p->type != PTDBG_PT_ANON && p->type != PTDBG_PT_FILE &&
	    p->type != PTDBG_PT_HUGETLB)
		return;
	whole = ptdbg_whole_mapcount(tail, p->type);
	if (whole > 0)
		p->mapcount = max(p->mapcount, -1) + whole;
}

NOKPROBE_SYMBOL(count_whole);

/**
 * ptdbg_page_snap() - look at a pfn
 * @pfn: any number
 * @p: result; all members are set, @present to 0
 *
 * Context: interrupts and page faults disabled.
 */
void ptdbg_page_snap(u64 pfn, struct ptdbg_page *p)
{
	const struct page *page, *head;
	union page_copy own, other, tail;
	const struct page *h = &own.page;
	bool has_tail = false;
	unsigned int order;

	memset(p, 0, sizeof(*p));
	p->pfn = pfn;
	p->where = locate(pfn, &page);
	if (!page || !copy_page_struct(page, &own))
		return;

	p->flags = ptdbg_page_flags(&own.page);
	p->refcount = own.page._refcount.counter;
	p->mapcount = own.page._mapcount.counter;
	p->zone = page_zonenum(&own.page);
	p->node = min(page_to_nid(&own.page), 255);
	p->marks = marks_of(pfn, &own.page, p->where);

	/*
	 * The head is a pointer found in memory, but in a page that is online:
	 * a wrong one can only lead to a load that fails or to nonsense that
	 * is shown as such.
	 */
	head = ptdbg_head_of(page, &own.page);
	if (head != page) {
		if (!IS_ALIGNED((unsigned long)head, sizeof(u64)) ||
		    !copy_page_struct(head, &other))
			return;
		h = &other.page;
		/* these live in the head for the whole compound page */
		p->refcount = h->_refcount.counter;
	}
	if (ptdbg_page_flags(h) & BIT(PG_head))
		has_tail = copy_page_struct(head + 1, &tail);

	p->type = type_of(pfn, h, has_tail ? &tail.page : NULL);
	p->mapping = (unsigned long)h->mapping;
	p->mapkind = mapkind_of(p->type, h);
	if (p->mapkind == PTDBG_MAP_NONE)
		p->mapping = 0;
	if (p->type == PTDBG_PT_KERNEL && !p->refcount &&
	    in_free_block(pfn, page, &order)) {
		p->type = PTDBG_PT_BUDDY;
		p->order = order;
		return;
	}
	if (has_tail) {
		p->order = ptdbg_order(&tail.page);
		count_whole(p, &tail.page);
	} else if (p->type == PTDBG_PT_BUDDY) {
		p->order = h->private;
	}
}

NOKPROBE_SYMBOL(ptdbg_page_snap);

/**
 * ptdbg_table_snap() - look at the page of a table
 * @level: of the table, 0 is the root
 * @pfn: any number
 * @t: result
 * @breach: result: it breaks the region rules
 *
 * Context: as ptdbg_page_snap().  Tables are single pages, or heads.
 */
void ptdbg_table_snap(unsigned int level, u64 pfn, struct ptdbg_table *t,
		      bool *breach)
{
	const struct page *page;
	union page_copy copy;
	unsigned int order;

	memset(t, 0, sizeof(*t));
	t->rule = ptdbg_regions_find(level, pfn, breach);
	t->where = locate(pfn, &page);
	if (!page || !copy_page_struct(page, &copy))
		return;
	t->type = type_of(pfn, &copy.page, NULL);
	t->zone = page_zonenum(&copy.page);
	t->node = min(page_to_nid(&copy.page), 255);
	t->marks = marks_of(pfn, &copy.page, t->where);
	t->refcount = copy.page._refcount.counter;
	t->mapcount = copy.page._mapcount.counter;
	if (t->type == PTDBG_PT_KERNEL && !t->refcount &&
	    in_free_block(pfn, page, &order))
		t->type = PTDBG_PT_BUDDY;
}

NOKPROBE_SYMBOL(ptdbg_table_snap);
