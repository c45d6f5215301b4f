// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an address is, in the layout of one kernel.
 */
#include "layout.h"

bool ptdbg_layout_is_ram(const struct ptdbg_layout *l, u64 pfn)
{
	unsigned int i;

	for (i = 0; i < l->nr_ram && i < PTDBG_MAX_RAM; i++)
		if (pfn >= l->ram[i].first && pfn <= l->ram[i].last)
			return true;
	return false;
}

const struct ptdbg_member *ptdbg_layout_member(const struct ptdbg_layout *l,
					       u64 offset)
{
	const struct ptdbg_member *found = NULL;
	unsigned int i;

	for (i = 0; i < l->nr_members && i < PTDBG_MAX_MEMBERS; i++)
		if (l->member[i].offset <= offset)
			found = &l->member[i];
	return found;
}

static const struct ptdbg_area *find_area(const struct ptdbg_layout *l,
					  u64 addr)
{
	unsigned int i;

	for (i = 0; i < l->nr_areas && i < PTDBG_MAX_AREAS; i++)
		if (addr >= l->area[i].first && addr <= l->area[i].last)
			return &l->area[i];
	return NULL;
}

/*
 * pfn_to_page() of a pfn below the first RAM gives an address between
 * l->vmemmap_pfn0 and the area that the kernel maps, or, where that is not known,
 * below the struct page of the last RAM.
 */
static bool below_vmemmap(const struct ptdbg_layout *l, u64 addr)
{
	unsigned int i;

	if (!l->page_size || !l->vmemmap_pfn0 || addr < l->vmemmap_pfn0)
		return false;
	for (i = 0; i < l->nr_areas && i < PTDBG_MAX_AREAS; i++)
		if (l->area[i].class == PTDBG_CLASS_VMEMMAP)
			return addr < l->area[i].first;
	if (!l->nr_ram || l->nr_ram > PTDBG_MAX_RAM)
		return false;
	return (addr - l->vmemmap_pfn0) / l->page_size <= l->ram[l->nr_ram - 1].last;
}

void ptdbg_classify(const struct ptdbg_layout *l, u64 addr,
		    struct ptdbg_place *p)
{
	const struct ptdbg_area *a;

	memset(p, 0, sizeof(*p));
	if (!(addr >> l->mode.page_shift)) {
		p->class = PTDBG_CLASS_NULL;
		p->offset = addr;
		return;
	}
	if (!ptdbg_address_valid(&l->mode, addr)) {
		p->class = PTDBG_CLASS_NONCANON;
		return;
	}
	if (ptdbg_address_user(addr)) {
		p->class = PTDBG_CLASS_USER;
		return;
	}
	a = find_area(l, addr);
	if (a)
		p->class = a->class;
	else if (below_vmemmap(l, addr))
		p->class = PTDBG_CLASS_VMEMMAP;

	switch (p->class) {
	case PTDBG_CLASS_VMEMMAP:
		/* arm64 can have struct pages "below pfn 0": no pfn for these */
		if (!l->page_size || addr < l->vmemmap_pfn0) {
			p->class = PTDBG_CLASS_UNKNOWN;
			return;
		}
		p->pfn = (addr - l->vmemmap_pfn0) / l->page_size;
		p->offset = (addr - l->vmemmap_pfn0) % l->page_size;
		break;
	case PTDBG_CLASS_DIRECT:
		p->pfn = (addr - l->direct + l->direct_phys) >>
			 l->mode.page_shift;
		break;
	default:
		return;
	}
	p->ram = ptdbg_layout_is_ram(l, p->pfn);
}

const char *ptdbg_class_name(unsigned int class)
{
	static const char *const names[PTDBG_NR_CLASSES] = {
		[PTDBG_CLASS_UNKNOWN] = "unknown",
		[PTDBG_CLASS_NULL] = "NULL",
		[PTDBG_CLASS_USER] = "user",
		[PTDBG_CLASS_NONCANON] = "not canonical",
		[PTDBG_CLASS_DIRECT] = "direct map",
		[PTDBG_CLASS_VMALLOC] = "vmalloc",
		[PTDBG_CLASS_VMEMMAP] = "vmemmap",
		[PTDBG_CLASS_MODULES] = "modules",
		[PTDBG_CLASS_IMAGE] = "kernel image",
		[PTDBG_CLASS_FIXMAP] = "fixmap",
	};

	return class < PTDBG_NR_CLASSES ? names[class] : "?";
}
