/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mappings of more than one page at once: how they have to look, and whether
 * they do.  The sizes are bytes.
 *
 * The geometry is known from the size of a page alone: a table has page / 8
 * entries.  All else comes from pagemap, kpageflags, kpagecount and smaps.
 */
#ifndef HUGE_H
#define HUGE_H

#include <stdbool.h>

#include "shape.h"

/* What one entry maps that is UP levels above the last one. */
unsigned long huge_unit(unsigned int up);

/* In which level a leaf of this size is: 0 is the last one, 1 a PMD, 2 a PUD. */
unsigned int huge_level(unsigned long size);

/* Pages of this size are 1 << huge_order(size) small ones. */
unsigned int huge_order(unsigned long size);

/* Bytes of a transparent huge page; 0 when this kernel has none. */
unsigned long huge_thp_size(void);

/*
 * The kernel's thread that makes huge pages out of small ones sleeps from
 * huge_calm() to huge_wake(): it would mend what a test has split.
 */
void huge_calm(void);
void huge_wake(void);

/*
 * Map SIZE bytes of anonymous memory at a multiple of SIZE, with as much on both
 * sides of it that nothing can be in; huge_unmap() gives all of it back.
 */
void *huge_map(unsigned long size);
void huge_unmap(void *p, unsigned long size);

/*
 * Is the memory at P, SIZE bytes, one compound page of that size, mapped as a
 * whole by an entry of its level, of the type that ptdbg calls TYPE ("anon")?
 * Looks at some addresses in it, and says in a TAP comment what is not true.
 */
bool huge_true(const void *p, unsigned long size, const char *type);

/*
 * Is it still that compound page, starting at PFN, but mapped here by entries
 * of the last level, but for the pages from FIRST to LAST?
 */
bool huge_split_true(const void *p, unsigned long size, unsigned long pfn,
		     unsigned long first, unsigned long last);

/*
 * Does the one fault that S has, at AT, end with the page of this type
 * (PTDBG_PT_*) in an entry of that level?
 */
bool huge_fault_true(const struct seen *s, const void *at, unsigned long size,
		     unsigned int type);

#endif /* HUGE_H */
