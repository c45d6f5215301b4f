// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address classes.  Goldens: field notes N1 to N4, and the layouts in Linux'
 * Documentation/arch.
 */
#include "../../module/core/layout.h"
#include "tap.h"
#include "fixture.h"

struct golden {
	u64 addr;
	unsigned int class;
	u64 pfn, offset;
	bool ram;
	const char *name;
};

static const struct golden n1[] = {
	{ 0xffffffc4fe000008, PTDBG_CLASS_VMEMMAP, 0, 0x08, false, "N1" },
	{ 0xffffffc4fe000028, PTDBG_CLASS_VMEMMAP, 0, 0x28, false, "N1" },
	{ 0xffffffc500000000, PTDBG_CLASS_VMEMMAP, 0x80000, 0, true,
	  "N1: VMEMMAP_START is the first RAM page" },
	{ 0xffffffc500ffffff, PTDBG_CLASS_VMEMMAP, 0xbffff, 0x3f, true,
	  "N1: last byte of the last struct page" },
	{ 0xffffffc501000000, PTDBG_CLASS_VMEMMAP, 0xc0000, 0, false,
	  "N1: behind it" },
	{ 0xffffffc4feb00000, PTDBG_CLASS_FIXMAP, 0, 0, false,
	  "N1: an area that is known wins" },
	{ 0xffffffc4fdffffff, PTDBG_CLASS_UNKNOWN, 0, 0, false,
	  "N1: below pfn 0" },
	{ 0xffffffc600663bb0, PTDBG_CLASS_VMALLOC, 0, 0, false,
	  "N1: vmapped stack" },
	{ 0x0000002ace58f040, PTDBG_CLASS_USER, 0, 0, false, "N1: badaddr" },
	{ 0x0000003fbd117000, PTDBG_CLASS_USER, 0, 0, false, "N1: s1" },
	{ 0xffffffd600123456, PTDBG_CLASS_DIRECT, 0x80123, 0, true,
	  "direct map" },
	{ 0xffffffff8018817c, PTDBG_CLASS_IMAGE, 0, 0, false, "N1: epc" },
	{ 0x0000004000000000, PTDBG_CLASS_NONCANON, 0, 0, false,
	  "not an address of Sv39" },
	{ 0xff1bfffffe000008, PTDBG_CLASS_NONCANON, 0, 0, false,
	  "Sv57's is no address of Sv39" },
	{ 0x0000000000000080, PTDBG_CLASS_NULL, 0, 0x80, false, "N2" },
	{ 0x0000000000000000, PTDBG_CLASS_NULL, 0, 0, false, "NULL" },
	{ 0x0000000000001000, PTDBG_CLASS_USER, 0, 0, false,
	  "the second page is not NULL" },
};

static const struct golden n3[] = {
	{ 0xffff7fdffff00000, PTDBG_CLASS_VMEMMAP, 0, 0, false, "N3: pfn 0" },
	{ 0xffff7fe000084b40, PTDBG_CLASS_VMEMMAP, 0x612d, 0, true, "N3" },
	{ 0xffff7fe000084080, PTDBG_CLASS_VMEMMAP, 0x6102, 0, true, "N3" },
	{ 0xffff80003ffd60d0, PTDBG_CLASS_DIRECT, 0x7ffd, 0, true,
	  "N3: the PTE's address" },
	{ 0x000000000000ffff, PTDBG_CLASS_NULL, 0, 0xffff, false,
	  "N3: the first page has 64K" },
};

static const struct golden x86[] = {
	{ 0xffffea0002cd5900, PTDBG_CLASS_VMEMMAP, 0xb3564, 0, true,
	  "N2: wb_page" },
	{ 0x0000000012345678, PTDBG_CLASS_USER, 0, 0, false, "N4: CR2" },
	{ 0xffff888080123000, PTDBG_CLASS_DIRECT, 0x80123, 0, true,
	  "direct map" },
	{ 0xffff888333564000, PTDBG_CLASS_DIRECT, 0x333564, 0, false,
	  "direct map, not RAM" },
	{ 0xffffffffff600000, PTDBG_CLASS_UNKNOWN, 0, 0, false,
	  "an area that the layout does not have" },
	{ 0x0000800000000000, PTDBG_CLASS_NONCANON, 0, 0, false,
	  "not canonical" },
};

static void check(const struct ptdbg_layout *l, const struct golden *g)
{
	struct ptdbg_place p;

	memset(&p, 0x5a, sizeof(p));
	ptdbg_classify(l, g->addr, &p);
	if (!ok(p.class == g->class && p.pfn == g->pfn &&
		p.offset == g->offset && p.ram == g->ram, "%s: %016llx",
		g->name, g->addr))
		printf("#   %s pfn %llx offset %llx ram %d\n",
		       ptdbg_class_name(p.class), p.pfn, p.offset, p.ram);
}

static void test_sv57(void)
{
	static const struct golden g = {
		0xff1bfffffe000008, PTDBG_CLASS_VMEMMAP, 0, 8, false,
		"N1 under Sv57",
	};
	struct ptdbg_layout l = fix_n1();

	/* Documentation/arch/riscv/vm-layout.rst, Sv57 */
	l.mode = fix_mode(PTDBG_RISCV64, 12, 57, false);
	l.vmemmap_pfn0 = 0xff1c000000000000 - 0x80000 * 0x40;
	l.nr_areas = 0;
	fix_area(&l, PTDBG_CLASS_VMEMMAP, 0xff1c000000000000,
		 0xff1fffffffffffff);
	check(&l, &g);
}

/* A reader may know less than the module: no areas, no RAM, nothing at all */
static void test_unknown(void)
{
	static const struct golden no_areas = {
		0xffffffc4fe000008, PTDBG_CLASS_VMEMMAP, 0, 8, false,
		"without areas, RAM bounds the vmemmap",
	};
	static const struct golden beyond = {
		0xffffffc600663bb0, PTDBG_CLASS_UNKNOWN, 0, 0, false,
		"without areas, behind the last struct page",
	};
	static const struct golden nothing = {
		0xffffffc4fe000008, PTDBG_CLASS_UNKNOWN, 0, 0, false,
		"a layout of nothing",
	};
	static const struct golden below = {
		0xffffffc500000000, PTDBG_CLASS_UNKNOWN, 0, 0, false,
		"a struct page below that of pfn 0 has no pfn",
	};
	struct ptdbg_layout l = fix_n1();

	l.nr_areas = 0;
	check(&l, &no_areas);
	check(&l, &beyond);
	l.nr_ram = 0;
	l.page_size = 0;
	l.vmemmap_pfn0 = 0;
	check(&l, &nothing);
	l = fix_n1();
	l.vmemmap_pfn0 = 0xffffffc500000100;
	check(&l, &below);
}

int main(void)
{
	struct ptdbg_layout l = fix_n1();
	size_t i;

	tap_begin();
	for (i = 0; i < ARRAY_SIZE(n1); i++)
		check(&l, &n1[i]);
	ok(!ptdbg_layout_is_ram(&l, 0x7ffff) && ptdbg_layout_is_ram(&l, 0x80000) &&
	   ptdbg_layout_is_ram(&l, 0xbffff) && !ptdbg_layout_is_ram(&l, 0xc0000),
	   "both ends of RAM");
	is_text(ptdbg_layout_member(&l, 0x28)->name, "private", "member at 28");
	is_text(ptdbg_layout_member(&l, 0x2f)->name, "private", "member at 2f");
	is_text(ptdbg_layout_member(&l, 0)->name, "flags", "member at 0");
	l.nr_members = 0;
	ok(!ptdbg_layout_member(&l, 0), "no members");
	l = fix_n3();
	for (i = 0; i < ARRAY_SIZE(n3); i++)
		check(&l, &n3[i]);
	l = fix_x86();
	for (i = 0; i < ARRAY_SIZE(x86); i++)
		check(&l, &x86[i]);
	test_sv57();
	test_unknown();
	is_text(ptdbg_class_name(PTDBG_CLASS_DIRECT), "direct map", "a name");
	is_text(ptdbg_class_name(PTDBG_NR_CLASSES), "?", "name of no class");
	return tap_end();
}
