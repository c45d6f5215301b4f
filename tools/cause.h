/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an oops was about: what the address is, and what was wrong with it.
 */
#ifndef PTDBG_CAUSE_H
#define PTDBG_CAUSE_H

#include "hwcode.h"
#include "infer.h"

enum cause_class {
	CAUSE_UNKNOWN,
	CAUSE_NO_ADDRESS,	/* BUG(), a bad instruction, ...: no address */
	CAUSE_NULL,		/* in the first page */
	CAUSE_USER,		/* user address */
	CAUSE_NONCANON,
	CAUSE_POISON,
	CAUSE_ERROR,		/* ERR_PTR() */
	CAUSE_KASAN,		/* KASAN's shadow of no address */
	CAUSE_PAGE,		/* struct page */
	CAUSE_BAD_PFN,		/* struct page of a pfn that is not RAM */
	CAUSE_STACK,		/* stack overflow: its guard page */
	CAUSE_INIT,		/* init memory */
	CAUSE_DIRECT,		/* direct map */
	CAUSE_BEYOND,		/* direct map of what is not RAM */
	CAUSE_VMALLOC,
	CAUSE_MODULES,
	CAUSE_IMAGE,
	CAUSE_FIXMAP,
	CAUSE_FREED,		/* KASAN: use of what was given back */
	CAUSE_BOUNDS,		/* KASAN: beyond an end */
	CAUSE_FREE,		/* KASAN: freed twice, or no object */
	NR_CAUSES
};

/**
 * struct cause - what an oops was about
 * @class: enum cause_class
 * @sure: of the class
 * @pfn: of PAGE, BAD_PFN, DIRECT, BEYOND, when @has_pfn
 * @has_pfn: it is known
 * @offset: of NULL, PAGE and BAD_PFN: into the object
 * @hw: what the hardware said, when @has_hw
 * @has_hw: it said something
 */
struct cause {
	unsigned int class;
	enum sure sure;
	u64 pfn;
	bool has_pfn;
	u64 offset;
	struct hwcode hw;
	bool has_hw;
};

/**
 * cause_find() - say what happened
 * @c: result
 * @o: oops
 * @b: its boot
 * @i: layout
 * @f: statements are added
 */
void cause_find(struct cause *c, const struct oops *o,
		const struct oops_boot *b, const struct inferred *i,
		struct findings *f);

/* An oops that is a report of KASAN's: false if it is none; in kasan.c. */
bool kasan_report(struct cause *c, const struct oops *o, struct findings *f);

/* An oops that KASAN's own look at its shadow led to; the same. */
bool kasan_shadow(struct cause *c, const struct oops *o, struct findings *f);

/* "NULL", "struct page", "invalid pfn", ... */
const char *cause_name(unsigned int class);

/* The registers that hold something recognisable; in registers.c. */
void registers_explain(const struct oops *o, const struct inferred *i,
		       const struct cause *c, struct findings *f);

/* The page-table entries that the kernel printed; in registers.c. */
void entries_explain(const struct oops *o, const struct inferred *i,
		     struct findings *f);

/* How far sp may be from an address that is still the task's stack: 16 KiB */
#define STACK_BYTES	0x4000

#endif /* PTDBG_CAUSE_H */
