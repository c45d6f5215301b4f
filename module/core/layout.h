/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout of a kernel's address space, and what an address in it is.
 *
 * The module fills it in from the running kernel; host tests and readers from
 * a trace, a log or options.
 */
#ifndef PTDBG_CORE_LAYOUT_H
#define PTDBG_CORE_LAYOUT_H

#include "mode.h"

enum ptdbg_class {
	PTDBG_CLASS_UNKNOWN,
	PTDBG_CLASS_NULL,	/* in the first page: NULL + offset */
	PTDBG_CLASS_USER,
	PTDBG_CLASS_NONCANON,	/* no address at all in this mode */
	PTDBG_CLASS_DIRECT,	/* direct map of RAM */
	PTDBG_CLASS_VMALLOC,
	PTDBG_CLASS_VMEMMAP,	/* struct pages */
	PTDBG_CLASS_MODULES,
	PTDBG_CLASS_IMAGE,	/* the kernel itself */
	PTDBG_CLASS_FIXMAP,
	PTDBG_NR_CLASSES
};

#define PTDBG_MAX_RAM		32
#define PTDBG_MAX_AREAS		8
#define PTDBG_MAX_MEMBERS	12

/* A range of the kernel's half; @last is included. */
struct ptdbg_area {
	u64 first;
	u64 last;
	u32 class;
};

/* A range of RAM in pfns; @last is included. */
struct ptdbg_ram {
	u64 first;
	u64 last;
};

/* A member of struct page: offset in bytes, and its name. */
struct ptdbg_member {
	u16 offset;
	const char *name;
};

/**
 * struct ptdbg_layout - a kernel's address space
 * @mode: paging mode
 * @page_size: sizeof(struct page)
 * @vmemmap_pfn0: address that the struct page of pfn 0 has or would have; below
 *	the vmemmap area on machines whose RAM does not start at 0
 * @direct: virtual address of physical address @direct_phys in the direct map
 * @direct_phys: first physical address of the direct map
 * @area: areas of the kernel half, in no order; the first that fits counts
 * @nr_areas: in use
 * @ram: RAM, ascending
 * @nr_ram: in use; 0: unknown
 * @member: members of struct page, ascending
 * @nr_members: in use
 */
struct ptdbg_layout {
	struct ptdbg_mode mode;
	u32 page_size;
	u64 vmemmap_pfn0;
	u64 direct;
	u64 direct_phys;
	struct ptdbg_area area[PTDBG_MAX_AREAS];
	unsigned int nr_areas;
	struct ptdbg_ram ram[PTDBG_MAX_RAM];
	unsigned int nr_ram;
	struct ptdbg_member member[PTDBG_MAX_MEMBERS];
	unsigned int nr_members;
};

/**
 * struct ptdbg_place - what an address is
 * @class: enum ptdbg_class
 * @pfn: VMEMMAP: the page whose struct page it is in; DIRECT: the page itself;
 *	otherwise 0
 * @offset: VMEMMAP: offset in the struct page; NULL: offset; otherwise 0
 * @ram: VMEMMAP, DIRECT: @pfn is RAM
 */
struct ptdbg_place {
	u32 class;
	u64 pfn;
	u64 offset;
	bool ram;
};

/**
 * ptdbg_classify() - find out what an address is
 * @l: layout
 * @addr: address
 * @p: result
 *
 * An address below the vmemmap area but at or above @l->vmemmap_pfn0 is VMEMMAP
 * too: it is what pfn_to_page() makes of a pfn below the first RAM.
 */
void ptdbg_classify(const struct ptdbg_layout *l, u64 addr,
		    struct ptdbg_place *p);

/* "vmemmap", "direct map", "user", ... */
const char *ptdbg_class_name(unsigned int class);

/* Is @pfn in l->ram? */
bool ptdbg_layout_is_ram(const struct ptdbg_layout *l, u64 pfn);

/* Member of struct page at @offset: the last one that starts at or before. */
const struct ptdbg_member *ptdbg_layout_member(const struct ptdbg_layout *l,
					       u64 offset);

#endif /* PTDBG_CORE_LAYOUT_H */
