// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where kernels put things, by architecture, paging mode and version.
 *
 * Documentation/arch/x86/x86_64/mm.rst, arch/arm64/memory.rst, arch/riscv/
 * vm-layout.rst, and the headers that are named below.
 */
#include "infer.h"

#define GIB	PTDBG_BIT(30)
#define TIB	PTDBG_BIT(40)

/* Add an area of the kernel half. */
static void area_add(struct ptdbg_layout *l, unsigned int class, u64 first,
		     u64 last)
{
	if (l->nr_areas < PTDBG_MAX_AREAS && last > first)
		l->area[l->nr_areas++] = (struct ptdbg_area){ first, last, class };
}

/* mm.rst: the same for 4 and 5 levels, KASLR or not */
static void x86_top(struct ptdbg_layout *l)
{
	area_add(l, PTDBG_CLASS_IMAGE, 0xffffffff80000000, 0xffffffffbfffffff);
	area_add(l, PTDBG_CLASS_MODULES, 0xffffffffc0000000, 0xfffffffffeffffff);
}

struct x86_bases {
	u64 direct, direct_last;
	u64 vmalloc, vmalloc_last;
	u64 vmemmap, vmemmap_last;
};

static const struct x86_bases bases4 = {
	0xffff888000000000, 0xffffc87fffffffff,
	0xffffc90000000000, 0xffffe8ffffffffff,
	0xffffea0000000000, 0xffffeaffffffffff,
};

static const struct x86_bases bases5 = {
	0xff11000000000000, 0xff90ffffffffffff,
	0xffa0000000000000, 0xffd1ffffffffffff,
	0xffd4000000000000, 0xffd5ffffffffffff,
};

static bool is_near(u64 addr, u64 base)
{
	return addr >= base && addr - base < 64 * GIB;
}

/*
 * arch/x86/mm/kaslr.c: direct map, vmalloc and vmemmap are moved by a multiple
 * of 1 GiB, their order is kept.  The stack is in vmalloc (VMAP_STACK), the
 * per-CPU area in the direct map; what is close to one of these is with it.
 */
static void x86_random(struct inferred *i, const struct oops_reg *sp,
		       const struct oops_reg *gs, struct findings *f)
{
	bool four = i->l.mode.va_bits == 48;
	u64 near_sp;

	i->areas = SURE_POSSIBLE;
	if (gs && gs->value >= (four ? bases4.direct : bases5.direct) &&
	    gs->value < 0xfffffbffffffffff)
		area_add(&i->l, PTDBG_CLASS_DIRECT, gs->value - 16 * GIB,
			 gs->value + 16 * GIB);
	if (!sp || sp->value < (four ? bases4.direct : bases5.direct))
		return;
	near_sp = sp->value & ~(64 * GIB - 1);
	area_add(&i->l, PTDBG_CLASS_VMALLOC, near_sp, near_sp + 64 * GIB - 1);
	/* vmalloc takes 32 TiB, or 12800 with 5 levels; vmemmap is above it */
	if (sp->value < 0xfffffbffffffffff - (four ? 32 : 12800) * TIB)
		area_add(&i->l, PTDBG_CLASS_VMEMMAP,
			 sp->value + (four ? 32 : 12800) * TIB,
			 0xfffffbffffffffff);
	found(f, TOPIC_LAYOUT, SURE_LIKELY, sp->line,
	      "KASLR moved direct map, vmalloc and vmemmap: the stack is not where it would be without; their bases are unknown");
}

static void x86_areas(struct inferred *i, const struct oops *o,
		      const struct oops_boot *b, struct findings *f)
{
	const struct x86_bases *x = i->l.mode.va_bits == 48 ? &bases4 : &bases5;
	const struct oops_reg *sp = oops_register(o, "RSP");
	const struct oops_reg *gs = oops_register(o, "GS");
	bool moved = b->image_offset.line && b->image_offset.value;
	enum sure sure = SURE_POSSIBLE;
	unsigned int line = 0;

	x86_top(&i->l);
	if (b->no_kaslr) {
		sure = SURE_CERTAIN;
		line = b->no_kaslr;
	} else if (!moved && sp && is_near(sp->value, x->vmalloc)) {
		sure = SURE_LIKELY;
		line = sp->line;
	} else if (moved || (sp && sp->value >> 63)) {
		x86_random(i, sp, gs, f);
		return;
	}
	i->areas = weakest(sure, i->mode);
	i->l.direct = x->direct;
	i->l.vmemmap_pfn0 = x->vmemmap;
	i->direct = i->areas;
	i->vmemmap = i->areas;
	if (!line) {
		/* only what is close to a base that may be another */
		area_add(&i->l, PTDBG_CLASS_DIRECT, x->direct,
			 x->direct + TIB - 1);
		area_add(&i->l, PTDBG_CLASS_VMALLOC, x->vmalloc,
			 x->vmalloc + TIB - 1);
		area_add(&i->l, PTDBG_CLASS_VMEMMAP, x->vmemmap,
			 x->vmemmap + 16 * GIB - 1);
	} else {
		area_add(&i->l, PTDBG_CLASS_DIRECT, x->direct, x->direct_last);
		area_add(&i->l, PTDBG_CLASS_VMALLOC, x->vmalloc,
			 x->vmalloc_last);
		area_add(&i->l, PTDBG_CLASS_VMEMMAP, x->vmemmap,
			 x->vmemmap_last);
	}
	if (line)
		found(f, TOPIC_LAYOUT, i->areas, line,
		      "memory is not moved by KASLR: direct map %llx, vmalloc %llx, vmemmap %llx",
		      x->direct, x->vmalloc, x->vmemmap);
	else
		found(f, TOPIC_LAYOUT, i->areas, 0,
		      "vmemmap at %llx if there is no KASLR; nothing in the text tells",
		      x->vmemmap);
}

/*
 * arch/arm64/include/asm/memory.h: where vmemmap begins.  Checked in 6.1, 6.12
 * and 7.2; before 5.4 the direct map was the upper half.
 */
static u64 arm64_vmemmap(const struct ptdbg_mode *m, unsigned int version,
			 u64 offset, u64 end)
{
	unsigned int shift = m->page_shift - 6;	/* 64 bytes a struct page */

	if (version < 504)
		return offset - (1ULL << (m->va_bits - 1 - shift));
	if (version < 511)
		return -((end - offset) >> shift) - (2ULL << 20);
	if (version < 609)
		return -(1ULL << (m->va_bits - shift));
	return -GIB - ((end - offset) >> shift);
}

static void arm64_areas(struct inferred *i, const struct oops *o,
			const struct oops_boot *b, struct findings *f)
{
	struct ptdbg_layout *l = &i->l;
	const struct ptdbg_mode *m = &l->mode;
	unsigned int min = m->va_bits <= 48 ? m->va_bits :
			   m->page_shift == 14 ? 47 : 48;
	u64 offset = -(1ULL << m->va_bits), end = -(1ULL << (min - 1));
	u64 start, memstart = i->ram_first & ~(GIB - 1), bytes;
	bool checked = i->version == 601 || i->version == 612 || i->version == 702;
	unsigned int line = b->phys_offset.line;
	enum sure sure;

	if (!i->version)
		return;
	(void)o;
	sure = weakest(i->mode, checked ? SURE_CERTAIN : SURE_LIKELY);
	if (i->version < 504) {
		offset = -(1ULL << (m->va_bits - 1));
		end = 0;
	}
	start = arm64_vmemmap(m, i->version, offset, end);
	bytes = (end - offset) >> (m->page_shift - 6);
	i->areas = sure;
	i->direct = SURE_UNKNOWN;
	if (line) {
		memstart = b->phys_offset.value;
		i->direct = sure;
	} else if (i->ram_start) {
		/* KASLR may lower it; memory.rst and arch/arm64/mm/init.c */
		i->direct = weakest(weakest(sure, i->ram_start),
				    b->no_kaslr ? SURE_CERTAIN : SURE_LIKELY);
	}
	l->direct = offset;
	l->direct_phys = memstart;
	i->vmemmap = i->direct;
	if (i->vmemmap)
		l->vmemmap_pfn0 = start - (memstart >> m->page_shift) * 64;
	area_add(l, PTDBG_CLASS_DIRECT, offset, end - 1);
	area_add(l, PTDBG_CLASS_VMEMMAP, start, start + bytes - 1);
	if (i->version >= 605)
		area_add(l, PTDBG_CLASS_MODULES, end, end + 2 * GIB - 1);
	if (i->version >= 504)
		area_add(l, PTDBG_CLASS_VMALLOC, end,
			 (i->vmemmap ? l->vmemmap_pfn0 : start) - 1);
	else
		area_add(l, PTDBG_CLASS_VMALLOC, -(1ULL << m->va_bits),
			 (i->vmemmap ? l->vmemmap_pfn0 : start) - 1);
	found(f, TOPIC_LAYOUT, sure, o->release_line,
	      "VMEMMAP_START %llx, direct map from %llx: as kernel %u.%u defines them",
	      start, offset, i->version / 100, i->version % 100);
	if (i->vmemmap)
		found(f, TOPIC_LAYOUT, i->vmemmap, line,
		      "memstart_addr %llx, so pfn 0 has its struct page at %llx%s",
		      memstart, l->vmemmap_pfn0,
		      line || b->no_kaslr ? "" : ", unless KASLR moved it");
}

/*
 * arch/riscv/include/asm/page.h and pgtable.h.  Checked in 6.12 and 7.2; Sv39 had
 * ffffffd800000000 from 5.17 to 6.1 at least.  Older ones are not known here.
 */
static u64 riscv_page_offset(const struct ptdbg_mode *m, unsigned int version)
{
	if (version < 517)
		return 0;
	if (m->va_bits == 57)
		return 0xff60000000000000;
	if (m->va_bits == 48)
		return 0xffffaf8000000000;
	return version <= 601 ? 0xffffffd800000000 : 0xffffffd600000000;
}

/*
 * The first pfn of vmemmap is that of RAM, until it began to be rounded down:
 * 6.12 does not, 7.2 does, to 0 on machines with RAM from 80000000.
 */
static void riscv_pfn0(struct inferred *i, u64 start, struct findings *f)
{
	u64 first = i->ram_first >> 12;

	if (!i->ram_start)
		return;
	i->vmemmap = weakest(i->areas, i->ram_start);
	if (i->version >= 613) {
		first = 0;
		i->vmemmap = weakest(i->vmemmap, i->version == 702 ?
				     SURE_LIKELY : SURE_POSSIBLE);
	}
	i->l.vmemmap_pfn0 = start - first * 64;
	found(f, TOPIC_LAYOUT, i->vmemmap, 0,
	      "pfn 0 has its struct page at %llx: VMEMMAP_START less 40 for each of the %llx pfns before the first",
	      i->l.vmemmap_pfn0, first);
}

static void riscv_areas(struct inferred *i, const struct oops *o,
			struct findings *f)
{
	struct ptdbg_layout *l = &i->l;
	unsigned int va = l->mode.va_bits;
	u64 offset = riscv_page_offset(&l->mode, i->version);
	u64 half = 1ULL << (va - 2), vmalloc = offset - half / 2;
	u64 start = vmalloc - (1ULL << (va - 12 - 1 + 6));
	bool checked = i->version == 612 || i->version == 702;

	if (!offset)
		return;
	i->areas = weakest(i->mode, checked ? SURE_CERTAIN : SURE_LIKELY);
	if (va == 39 && i->version > 601 && i->version < 612)
		i->areas = weakest(i->areas, SURE_POSSIBLE);
	area_add(l, PTDBG_CLASS_IMAGE, 0xffffffff80000000, ~0ULL);
	area_add(l, PTDBG_CLASS_MODULES, 0xffffffff00000000, 0xffffffff7fffffff);
	area_add(l, PTDBG_CLASS_DIRECT, offset, offset + half - 1);
	area_add(l, PTDBG_CLASS_VMALLOC, vmalloc, offset - 1);
	area_add(l, PTDBG_CLASS_VMEMMAP, start, vmalloc - 1);
	area_add(l, PTDBG_CLASS_FIXMAP, start - 0x1600000, start - 0x1000001);
	l->direct = offset;
	l->direct_phys = i->ram_first;
	i->direct = weakest(i->areas, i->ram_start);
	found(f, TOPIC_LAYOUT, i->areas, o->release_line,
	      "VMEMMAP_START %llx, vmalloc %llx, direct map %llx: as kernel %u.%u defines them for %s",
	      start, vmalloc, offset, i->version / 100, i->version % 100,
	      l->mode.title);
	riscv_pfn0(i, start, f);
}

void areas_by_source(struct inferred *i, const struct oops *o,
		     const struct oops_boot *b, struct findings *f)
{
	if (!i->mode)
		return;
	switch (i->l.mode.arch) {
	case PTDBG_X86_64:
		x86_areas(i, o, b, f);
		break;
	case PTDBG_ARM64:
		arm64_areas(i, o, b, f);
		break;
	case PTDBG_RISCV64:
		riscv_areas(i, o, f);
		break;
	}
}
