// SPDX-License-Identifier: GPL-2.0-only
/*
 * The running kernel: what a reader must know to make sense of the records.
 */
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/trace_events.h>
#include <linux/utsname.h>
#include <trace/events/mmflags.h>

#include "foll_compat.h"
#include "page_compat.h"
#include "ptdbg.h"
#include "soft_compat.h"

static const struct trace_print_flags pg_flags[] = {
	__def_pageflag_names,
	{ 0, NULL }
};

/*
 * Members of struct page as most pages use them.  Offsets are the compiler's.
 * page_type shares its place with _mapcount, lru with compound_head and more.
 */
static const struct ptdbg_member members[] = {
	{ offsetof(struct page, flags), "flags" },
	{ PTDBG_OFFSETOF_COMPOUND_HEAD, PTDBG_NAME_COMPOUND_HEAD },
	{ offsetof(struct page, lru.prev), "lru.prev" },
	{ offsetof(struct page, mapping), "mapping" },
	{ PTDBG_OFFSETOF_INDEX, "index" },
	{ offsetof(struct page, private), "private" },
	{ offsetof(struct page, _mapcount), "_mapcount" },
	{ offsetof(struct page, _refcount), "_refcount" },
#ifdef CONFIG_MEMCG
	{ offsetof(struct page, memcg_data), "memcg_data" },
#endif
};

static void name_zones(const char **zone)
{
	static_assert(MAX_NR_ZONES <= PTDBG_MAX_ZONES);
#ifdef CONFIG_ZONE_DMA
	zone[ZONE_DMA] = "DMA";
#endif
#ifdef CONFIG_ZONE_DMA32
	zone[ZONE_DMA32] = "DMA32";
#endif
	zone[ZONE_NORMAL] = "Normal";
	zone[ZONE_MOVABLE] = "Movable";
#ifdef CONFIG_ZONE_DEVICE
	zone[ZONE_DEVICE] = "Device";
#endif
}

static void name_page_flags(const char **name)
{
	const struct trace_print_flags *f;
	unsigned int bit;

	for (f = pg_flags; f->name; f++) {
		bit = ilog2(f->mask);
		if (bit < PTDBG_MAX_PG_FLAGS)
			name[bit] = f->name;
	}
}

/**
 * ptdbg_machine_init() - describe the running kernel
 * @t: result; the RAM map is filled in by ptdbg_ram_init()
 *
 * Return: 0, or -EOPNOTSUPP for a paging mode that we do not know.
 */
int ptdbg_machine_init(struct ptdbg_trace *t)
{
	struct ptdbg_layout *l = &t->layout;

	if (!ptdbg_machine_mode(&l->mode)) {
		pr_err("the paging mode of this kernel is not known\n");
		return -EOPNOTSUPP;
	}
	ptdbg_soft_init(&l->mode.soft);
	strscpy(t->release, init_utsname()->release, sizeof(t->release));
	strscpy(t->version, PTDBG_VERSION, sizeof(t->version));

	l->page_size = sizeof(struct page);
	l->vmemmap_pfn0 = (u64)pfn_to_page(0);
	static_assert(ARRAY_SIZE(members) <= PTDBG_MAX_MEMBERS);
	memcpy(l->member, members, sizeof(members));
	l->nr_members = ARRAY_SIZE(members);
	ptdbg_machine_areas(l);

	name_zones(t->zone);
	name_page_flags(t->pg_flag);
	ptdbg_foll_names(t->foll, PTDBG_MAX_FOLL);
	return 0;
}
