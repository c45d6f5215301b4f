/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout of the address space of a kernel that died, as far as its last
 * words show it, or options tell it.
 */
#ifndef PTDBG_INFER_H
#define PTDBG_INFER_H

#include "finding.h"
#include "oopstext.h"

/**
 * struct given - what the command line says
 * @has_arch: @mode.arch is given
 * @has_mode: all of @mode is given
 * @mode: architecture and paging mode
 * @version: of the kernel, as version_of() makes it; 0: not given
 * @ram: RAM in bytes; the last byte is included
 * @nr_ram: in use; 0: not given
 * @vmemmap: address of the struct page of pfn 0; 0: not given
 * @direct: virtual address of physical address @direct_phys; 0: not given
 * @direct_phys: physical
 * @page_size: sizeof(struct page); 0: not given
 * @init: virtual range of init memory; last is 0: not given
 */
struct given {
	bool has_arch;
	bool has_mode;
	struct ptdbg_mode mode;
	unsigned int version;
	struct ptdbg_ram ram[PTDBG_MAX_RAM];
	unsigned int nr_ram;
	u64 vmemmap;
	u64 direct;
	u64 direct_phys;
	unsigned int page_size;
	struct oops_range init;
};

/**
 * struct inferred - a layout, and how sure each part is
 * @l: layout; @l.nr_ram is 0 when RAM is not known as a whole
 * @version: of the kernel, 612 for 6.12; 0: not known
 * @mode: architecture and paging mode
 * @areas: the areas of the kernel half
 * @vmemmap: @l.vmemmap_pfn0
 * @direct: @l.direct and @l.direct_phys
 * @ram: @l.ram
 * @ram_start: how sure @ram_first is
 * @ram_first: first physical address that is RAM
 * @init: init memory, freed after boot; line is 0 when an option gave it
 * @has_init: @init is known
 */
struct inferred {
	struct ptdbg_layout l;
	unsigned int version;
	enum sure mode;
	enum sure areas;
	enum sure vmemmap;
	enum sure direct;
	enum sure ram;
	enum sure ram_start;
	u64 ram_first;
	struct oops_range init;
	bool has_init;
};

/* 612 for "6.12.107+deb13-riscv64"; 0 when it is no version */
unsigned int version_of(const char *release);

/**
 * infer() - find out what the layout was
 * @i: result
 * @o: oops
 * @b: its boot
 * @g: options; they are believed
 * @f: each inference with its reason is added
 */
void infer(struct inferred *i, const struct oops *o, const struct oops_boot *b,
	   const struct given *g, struct findings *f);

/*
 * The areas that the sources of kernel @i->version define for @i->l.mode, and
 * the struct page of pfn 0 when @i->ram_first is known; in areas.c.  Sets
 * @i->areas, @i->vmemmap and @i->direct, of which none is surer than the mode.
 */
void areas_by_source(struct inferred *i, const struct oops *o,
		     const struct oops_boot *b, struct findings *f);

#endif /* PTDBG_INFER_H */
