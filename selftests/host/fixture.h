/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machines for the tests: the kernels of the field notes, by their numbers.
 */
#ifndef PTDBG_FIXTURE_H
#define PTDBG_FIXTURE_H

#include "../../module/core/format.h"

static inline struct ptdbg_mode fix_mode(unsigned int arch, unsigned int shift,
					 unsigned int va, bool lpa2)
{
	struct ptdbg_mode m = { 0 };

	if (!ptdbg_mode_init(&m, arch, shift, va, lpa2))
		fprintf(stderr, "no such mode: %u %u %u\n", arch, shift, va);
	return m;
}

static inline void fix_area(struct ptdbg_layout *l, u32 class, u64 first,
			    u64 last)
{
	l->area[l->nr_areas++] = (struct ptdbg_area){ first, last, class };
}

static inline void fix_member(struct ptdbg_layout *l, u16 offset,
			      const char *name)
{
	l->member[l->nr_members++] = (struct ptdbg_member){ offset, name };
}

/* Field note N1: riscv64 6.12, Sv39, RAM from 80000000, 1 GiB */
static inline struct ptdbg_layout fix_n1(void)
{
	struct ptdbg_layout l = { 0 };

	l.mode = fix_mode(PTDBG_RISCV64, 12, 39, false);
	l.page_size = 64;
	l.vmemmap_pfn0 = 0xffffffc4fe000000;
	l.direct = 0xffffffd600000000;
	l.direct_phys = 0x80000000;
	/* Documentation/arch/riscv/vm-layout.rst, Sv39 */
	fix_area(&l, PTDBG_CLASS_FIXMAP, 0xffffffc4fea00000,
		 0xffffffc4feffffff);
	fix_area(&l, PTDBG_CLASS_VMEMMAP, 0xffffffc500000000,
		 0xffffffc5ffffffff);
	fix_area(&l, PTDBG_CLASS_VMALLOC, 0xffffffc600000000,
		 0xffffffd5ffffffff);
	fix_area(&l, PTDBG_CLASS_DIRECT, 0xffffffd600000000,
		 0xffffffd63fffffff);
	fix_area(&l, PTDBG_CLASS_MODULES, 0xffffffff00000000,
		 0xffffffff7fffffff);
	fix_area(&l, PTDBG_CLASS_IMAGE, 0xffffffff80000000,
		 0xffffffffffffffff);
	l.ram[l.nr_ram++] = (struct ptdbg_ram){ 0x80000, 0xbffff };
	fix_member(&l, 0x00, "flags");
	fix_member(&l, 0x08, "compound_head");
	fix_member(&l, 0x18, "mapping");
	fix_member(&l, 0x20, "index");
	fix_member(&l, 0x28, "private");
	fix_member(&l, 0x30, "_mapcount");
	fix_member(&l, 0x34, "_refcount");
	return l;
}

/* Field note N3: arm64, 64K pages, 48 bits, memstart 40000000 */
static inline struct ptdbg_layout fix_n3(void)
{
	struct ptdbg_layout l = { 0 };

	l.mode = fix_mode(PTDBG_ARM64, 16, 48, false);
	l.page_size = 64;
	l.vmemmap_pfn0 = 0xffff7fdffff00000;
	l.direct = 0xffff800000000000;
	l.direct_phys = 0x40000000;
	fix_area(&l, PTDBG_CLASS_VMEMMAP, 0xffff7fe000000000,
		 0xffff7fffffffffff);
	fix_area(&l, PTDBG_CLASS_DIRECT, 0xffff800000000000,
		 0xffff80003fffffff);
	l.ram[l.nr_ram++] = (struct ptdbg_ram){ 0x4000, 0x7fff };
	fix_member(&l, 0x00, "flags");
	return l;
}

/* Field notes N2 and N4: x86_64, 4-level, without KASLR */
static inline struct ptdbg_layout fix_x86(void)
{
	struct ptdbg_layout l = { 0 };

	l.mode = fix_mode(PTDBG_X86_64, 12, 48, false);
	l.page_size = 64;
	l.vmemmap_pfn0 = 0xffffea0000000000;
	l.direct = 0xffff888000000000;
	/* Documentation/arch/x86/x86_64/mm.rst */
	fix_area(&l, PTDBG_CLASS_DIRECT, 0xffff888000000000,
		 0xffffc87fffffffff);
	fix_area(&l, PTDBG_CLASS_VMALLOC, 0xffffc90000000000,
		 0xffffe8ffffffffff);
	fix_area(&l, PTDBG_CLASS_VMEMMAP, 0xffffea0000000000,
		 0xffffeaffffffffff);
	l.ram[l.nr_ram++] = (struct ptdbg_ram){ 0x1, 0x9e };
	l.ram[l.nr_ram++] = (struct ptdbg_ram){ 0x100, 0xbffff };
	fix_member(&l, 0x00, "flags");
	fix_member(&l, 0x18, "mapping");
	return l;
}

static inline struct ptdbg_trace fix_trace(const struct ptdbg_layout *l)
{
	struct ptdbg_trace t = { 0 };

	t.layout = *l;
	snprintf(t.release, sizeof(t.release), "6.12.107+deb13-riscv64");
	snprintf(t.version, sizeof(t.version), "0.1.0");
	t.zone[0] = "DMA32";
	t.zone[1] = "Normal";
	t.pg_flag[0] = "locked";
	t.pg_flag[3] = "uptodate";
	t.pg_flag[5] = "lru";
	/* include/linux/mm_types.h, 6.12 */
	t.foll[0] = "WRITE";
	t.foll[1] = "GET";
	t.foll[2] = "DUMP";
	t.foll[3] = "FORCE";
	return t;
}

/* Room for the longest record, aligned as in the ring */
union fix_record {
	u64 align;
	struct ptdbg_record r;
	struct ptdbg_fault fault;
	struct ptdbg_gup gup;
	struct ptdbg_sig sig;
	struct ptdbg_oops oops;
	struct ptdbg_free free;
	char bytes[PTDBG_RECORD_MAX + 8];
};

/* Put entries and tables behind a record whose head is @size bytes long */
static inline void fix_chain(union fix_record *f, struct ptdbg_chain *c,
			     unsigned int before_n, const u64 *before,
			     unsigned int after_n, const u64 *after,
			     const struct ptdbg_table *table)
{
	char *p = (char *)(c + 1);

	c->before_n = before_n;
	c->after_n = after_n;
	if (before_n)
		memcpy(p, before, before_n * 8);
	p += before_n * 8;
	if (after_n)
		memcpy(p, after, after_n * 8);
	p += after_n * 8;
	if (after_n)
		memcpy(p, table, after_n * sizeof(*table));
	p += after_n * sizeof(*table);
	f->r.size = p - f->bytes;
}

/* Put registers behind an oops that is otherwise finished */
static inline void fix_regs(union fix_record *f, unsigned int n,
			    const struct ptdbg_reg *reg)
{
	f->oops.regs = n;
	if (n)
		memcpy(f->bytes + f->r.size, reg, n * sizeof(*reg));
	f->r.size += n * sizeof(*reg);
}

/* Put stacks behind a record that fix_chain() has finished */
static inline void fix_stack(union fix_record *f, struct ptdbg_chain *c,
			     const struct ptdbg_stack *s, const u64 *kernel,
			     const u64 *user)
{
	char *p = f->bytes + f->r.size;

	c->stacks = 1;
	memcpy(p, s, sizeof(*s));
	p += sizeof(*s);
	if (s->kernel_n)
		memcpy(p, kernel, s->kernel_n * 8);
	p += s->kernel_n * 8;
	if (s->user_n)
		memcpy(p, user, s->user_n * 8);
	p += s->user_n * 8;
	f->r.size = p - f->bytes;
}

#endif /* PTDBG_FIXTURE_H */
