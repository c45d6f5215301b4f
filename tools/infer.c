// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layout of a dead kernel's address space, out of its last words.
 */
#include <string.h>

#include "infer.h"
#include "number.h"

/* QEMU's virt machines: hw/riscv/virt.c and hw/arm/virt.c, VIRT_DRAM, VIRT_MEM */
#define RISCV_VIRT_RAM	0x80000000ULL
#define ARM_VIRT_RAM	0x40000000ULL

/* Intel SDM vol. 3A, 2.5: CR4.LA57 */
#define CR4_LA57	PTDBG_BIT(12)

unsigned int version_of(const char *release)
{
	u64 major, minor;

	if (!parse_number(release, 10, 99, &release, &major) ||
	    *release++ != '.' ||
	    !parse_number(release, 10, 99, &release, &minor))
		return 0;
	return major * 100 + minor;
}

static void set_mode(struct inferred *i, unsigned int arch, unsigned int shift,
		     unsigned int va_bits, enum sure sure)
{
	/* 52 bits with small pages need LPA2: Arm ARM D8.2 */
	bool lpa2 = arch == PTDBG_ARM64 && va_bits == 52 && shift < 16;

	if (ptdbg_mode_init(&i->l.mode, arch, shift, va_bits, lpa2))
		i->mode = sure;
}

/* Registers in [first, last], and the last of them */
static unsigned int count(const struct oops *o, u64 first, u64 last,
			  const struct oops_reg **one)
{
	unsigned int i, n = 0;

	for (i = 0; i < o->nr_regs; i++) {
		if (o->reg[i].value < first || o->reg[i].value > last)
			continue;
		*one = &o->reg[i];
		n++;
	}
	return n;
}

/*
 * sp and tp are addresses that are mapped, or the kernel had not come so far.
 * vm-layout.rst: the modes put them in ranges that do not overlap, KASAN's
 * shadow left aside, where neither of them can be.
 */
static void riscv_mode(struct inferred *i, const struct oops *o,
		       struct findings *f)
{
	static const struct {
		unsigned int va_bits;
		u64 first, last;
	} ranges[] = {
		{ 57, 0xff20000000000000, 0xffdeffffffffffff },
		{ 48, 0xffff8f8000000000, 0xffffef7fffffffff },
		{ 39, 0xffffffc600000000, 0xfffffff6ffffffff },
	};
	const struct oops_reg *sp = oops_register(o, "sp"), *one = NULL;
	const struct oops_reg *tp = oops_register(o, "tp");
	unsigned int r, line;
	bool both, in;
	u64 at;

	for (r = 0; r < ARRAY_SIZE(ranges); r++) {
		both = sp && tp && sp->value >= ranges[r].first &&
		       sp->value <= ranges[r].last &&
		       tp->value >= ranges[r].first &&
		       tp->value <= ranges[r].last;
		in = count(o, ranges[r].first, ranges[r].last, &one) > 1;
		if (!both && !in)
			continue;
		line = both ? sp->line : one->line;
		set_mode(i, PTDBG_RISCV64, 12, ranges[r].va_bits,
			 both ? SURE_CERTAIN : SURE_LIKELY);
		found(f, TOPIC_LAYOUT, i->mode, line, "%s: %s in its kernel half",
		      i->l.mode.title, both ? "sp and tp are" :
		      "several registers are");
		return;
	}
	if (!o->addr.line)
		return;
	/* no registers: the area below vmalloc down to the first struct page */
	at = o->addr.value;
	for (r = 0; r < ARRAY_SIZE(ranges) && !i->mode; r++)
		if (at >= ranges[r].first - (1ULL << (ranges[r].va_bits - 7)) * 2 &&
		    at <= ranges[r].last)
			set_mode(i, PTDBG_RISCV64, 12, ranges[r].va_bits,
				 SURE_LIKELY);
	if (i->mode)
		found(f, TOPIC_LAYOUT, i->mode, o->addr.line,
		      "%s: the address is in its kernel half, where the other modes have nothing",
		      i->l.mode.title);
}

static void x86_mode(struct inferred *i, const struct oops *o,
		     struct findings *f)
{
	const struct oops_reg *cr4 = oops_register(o, "CR4"), *one = NULL;
	const struct oops_reg *sp = oops_register(o, "RSP");

	if (cr4) {
		set_mode(i, PTDBG_X86_64, 12, cr4->value & CR4_LA57 ? 57 : 48,
			 SURE_CERTAIN);
		found(f, TOPIC_LAYOUT, i->mode, cr4->line,
		      "%s paging: bit 12 (LA57) of CR4 is %s", i->l.mode.title,
		      cr4->value & CR4_LA57 ? "set" : "clear");
	} else if (sp && sp->value >> 47 == 0x1ffff) {
		set_mode(i, PTDBG_X86_64, 12, 48, SURE_LIKELY);
		found(f, TOPIC_LAYOUT, i->mode, sp->line,
		      "4-level paging: RSP would be lower with 5 levels");
	} else if (count(o, 0xff11000000000000, 0xffdeffffffffffff, &one)) {
		set_mode(i, PTDBG_X86_64, 12, 57, SURE_LIKELY);
		found(f, TOPIC_LAYOUT, i->mode, one->line,
		      "5-level paging: %s is no address with 4", one->name);
	} else {
		set_mode(i, PTDBG_X86_64, 12, 48, SURE_POSSIBLE);
		found(f, TOPIC_LAYOUT, i->mode, 0,
		      "4-level paging is assumed: nothing in the text tells");
	}
}

static void arm64_mode(struct inferred *i, const struct oops *o,
		       struct findings *f)
{
	const struct oops_reg *sp = oops_register(o, "sp");

	/* memory.rst: above PAGE_END the stacks; of 39 bits only the top is left */
	if (sp && sp->value >= 0xffff800000000000 &&
	    sp->value < 0xfffffc0000000000)
		set_mode(i, PTDBG_ARM64, 12, 48, SURE_POSSIBLE);
	else if (sp && sp->value >= 0xffffffc000000000)
		set_mode(i, PTDBG_ARM64, 12, 39, SURE_POSSIBLE);
	if (i->mode)
		found(f, TOPIC_LAYOUT, i->mode, sp->line,
		      "%s with 4K pages: by sp alone; larger pages and 52 bits are possible",
		      i->l.mode.title);
}

static void infer_mode(struct inferred *i, const struct oops *o,
		       const struct given *g, struct findings *f)
{
	unsigned int arch = g->has_arch || g->has_mode ? g->mode.arch : o->arch;

	if (g->has_mode) {
		i->l.mode = g->mode;
		i->mode = SURE_CERTAIN;
		found(f, TOPIC_LAYOUT, i->mode, 0, "%s, %s: given",
		      ptdbg_arch_name(arch), g->mode.title);
		return;
	}
	if (arch == PTDBG_NR_ARCHES)
		return;
	i->l.mode.arch = arch;
	if (g->has_arch)
		found(f, TOPIC_LAYOUT, SURE_CERTAIN, 0, "%s: given",
		      ptdbg_arch_name(arch));
	else
		found(f, TOPIC_LAYOUT, o->arch_guess ? SURE_LIKELY : SURE_CERTAIN,
		      o->arch_line, "%s: its kernel has such a line",
		      ptdbg_arch_name(arch));
	if (o->va_bits.line) {
		set_mode(i, arch, o->page_shift.value, o->va_bits.value,
			 SURE_CERTAIN);
		if (i->mode)
			found(f, TOPIC_LAYOUT, i->mode, o->va_bits.line,
			      "%s, %lluK pages: said so", i->l.mode.title,
			      1ULL << (o->page_shift.value - 10));
	}
	if (i->mode)
		return;
	if (arch == PTDBG_X86_64)
		x86_mode(i, o, f);
	else if (arch == PTDBG_ARM64)
		arm64_mode(i, o, f);
	else
		riscv_mode(i, o, f);
}

static void use_ram(struct inferred *i, const struct ptdbg_ram *bytes,
		    unsigned int n, enum sure sure)
{
	unsigned int r, shift = i->l.mode.page_shift;

	/* which pfns that are follows from the size of a page */
	i->ram = weakest(sure, i->mode);
	i->ram_start = sure;
	i->ram_first = bytes[0].first;
	i->l.nr_ram = n;
	for (r = 0; r < n; r++) {
		i->l.ram[r].first = bytes[r].first >> shift;
		i->l.ram[r].last = bytes[r].last >> shift;
	}
}

static void infer_ram(struct inferred *i, const struct oops *o,
		      const struct oops_boot *b, const struct given *g,
		      struct findings *f)
{
	bool arm = i->l.mode.arch == PTDBG_ARM64;
	struct ptdbg_ram ram[PTDBG_MAX_RAM];
	unsigned int n;

	if (!i->mode)
		return;
	if (g->nr_ram) {
		use_ram(i, g->ram, g->nr_ram, SURE_CERTAIN);
		found(f, TOPIC_LAYOUT, SURE_CERTAIN, 0, "RAM from %llx: given",
		      i->ram_first);
		return;
	}
	for (n = 0; n < b->nr_ram; n++)
		ram[n] = (struct ptdbg_ram){ b->ram[n].first, b->ram[n].last };
	if (n) {
		use_ram(i, ram, n, SURE_CERTAIN);
		found(f, TOPIC_LAYOUT, SURE_CERTAIN, b->ram[0].line,
		      "RAM from %llx to %llx in %u ranges: the kernel's list",
		      ram[0].first, ram[n - 1].last, n);
		return;
	}
	if (i->l.mode.arch == PTDBG_X86_64)
		return;
	i->ram_first = arm ? ARM_VIRT_RAM : RISCV_VIRT_RAM;
	if (strstr(o->machine, arm ? "linux,dummy-virt" : "riscv-virtio,qemu")) {
		i->ram_start = SURE_LIKELY;
		found(f, TOPIC_LAYOUT, SURE_LIKELY, o->machine_line,
		      "RAM from %llx: QEMU's virt machine has it there",
		      i->ram_first);
	} else if (!arm) {
		i->ram_start = SURE_POSSIBLE;
		found(f, TOPIC_LAYOUT, SURE_POSSIBLE, 0,
		      "RAM from %llx, as on many riscv machines; nothing in the text tells",
		      i->ram_first);
	}
}

/* include/linux/mm_types.h, 5.4 to 7.2; the name at 8 is that of a tail page */
static void members(struct inferred *i)
{
	const struct ptdbg_member table[] = {
		{ 0x00, "flags" },
		{ 0x08, i->version >= 702 ? "compound_info" : "compound_head" },
		{ 0x10, "lru.prev" },
		{ 0x18, "mapping" },
		{ 0x20, "index" },
		{ 0x28, "private" },
		{ 0x30, "_mapcount" },
		{ 0x34, "_refcount" },
		{ 0x38, "memcg_data" },
	};

	static_assert(ARRAY_SIZE(table) <= PTDBG_MAX_MEMBERS, "room for all");
	memcpy(i->l.member, table, sizeof(table));
	i->l.nr_members = ARRAY_SIZE(table);
}

/* An area that is said or given comes before those that are assumed */
static void area_first(struct ptdbg_layout *l, unsigned int class, u64 first,
		       u64 last)
{
	if (l->nr_areas < PTDBG_MAX_AREAS)
		l->nr_areas++;
	memmove(l->area + 1, l->area, (l->nr_areas - 1) * sizeof(l->area[0]));
	l->area[0] = (struct ptdbg_area){ first, last, class };
}

/* What the log says of itself beats what the sources say */
static void use_boot_areas(struct inferred *i, const struct oops_boot *b,
			   struct findings *f)
{
	struct ptdbg_layout *l = &i->l;
	const struct {
		const struct oops_range *r;
		unsigned int class;
	} said[] = {
		{ &b->vmemmap, PTDBG_CLASS_VMEMMAP },
		{ &b->vmalloc, PTDBG_CLASS_VMALLOC },
		{ &b->direct, PTDBG_CLASS_DIRECT },
	};
	size_t n;

	for (n = 0; n < ARRAY_SIZE(said); n++) {
		if (!said[n].r->line)
			continue;
		area_first(l, said[n].class, said[n].r->first, said[n].r->last);
		i->areas = i->areas ? i->areas : SURE_LIKELY;
		found(f, TOPIC_LAYOUT, SURE_CERTAIN, said[n].r->line,
		      "%s from %llx to %llx: said so",
		      ptdbg_class_name(said[n].class), said[n].r->first,
		      said[n].r->last);
	}
}

static void use_given(struct inferred *i, const struct given *g,
		      struct findings *f)
{
	struct ptdbg_layout *l = &i->l;
	u64 last = l->nr_ram ? l->ram[l->nr_ram - 1].last : 0;

	if (g->page_size)
		l->page_size = g->page_size;
	if (g->vmemmap) {
		l->vmemmap_pfn0 = g->vmemmap;
		i->vmemmap = i->mode;
		found(f, TOPIC_LAYOUT, SURE_CERTAIN, 0,
		      "pfn 0 has its struct page at %llx: given", g->vmemmap);
		if (last)
			area_first(l, PTDBG_CLASS_VMEMMAP, g->vmemmap,
				   g->vmemmap + (last + 1) * l->page_size - 1);
		else if (!i->areas)
			area_first(l, PTDBG_CLASS_VMEMMAP, g->vmemmap,
				   g->vmemmap + (1ULL << 40));
	}
	if (g->direct) {
		l->direct = g->direct;
		l->direct_phys = g->direct_phys;
		i->direct = i->mode;
		found(f, TOPIC_LAYOUT, SURE_CERTAIN, 0,
		      "physical address %llx is mapped at %llx: given",
		      g->direct_phys, g->direct);
		last = ((last + 1) << l->mode.page_shift) - 1;
		if (last > g->direct_phys)
			area_first(l, PTDBG_CLASS_DIRECT, g->direct,
				   g->direct + (last - g->direct_phys));
	}
	if (g->init.last) {
		i->init = g->init;
		i->has_init = true;
	}
}

void infer(struct inferred *i, const struct oops *o, const struct oops_boot *b,
	   const struct given *g, struct findings *f)
{
	memset(i, 0, sizeof(*i));
	i->version = g->version ? g->version : version_of(o->release);
	i->l.page_size = 64;
	infer_mode(i, o, g, f);
	infer_ram(i, o, b, g, f);
	areas_by_source(i, o, b, f);
	use_boot_areas(i, b, f);
	if (b->init.line) {
		i->init = b->init;
		i->has_init = true;
	}
	use_given(i, g, f);
	members(i);
}
