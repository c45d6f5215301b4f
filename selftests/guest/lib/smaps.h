/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * More of what the kernel itself says: all bits of a pagemap word, /proc/self/smaps,
 * and counters of /proc/vmstat.
 */
#ifndef SMAPS_H
#define SMAPS_H

#include <stdbool.h>

/* Documentation/admin-guide/mm/pagemap.rst */
#define PM_SOFT_DIRTY	0x0080000000000000UL
#define PM_UFFD_WP	0x0200000000000000UL
#define PM_GUARD	0x0400000000000000UL	/* since 6.15 */
#define PM_FILE		0x2000000000000000UL
#define PM_SWAP		0x4000000000000000UL
#define PM_PRESENT	0x8000000000000000UL
#define PM_PFN		(0x0080000000000000UL - 1)
/* of a page that is swapped out */
#define PM_TYPE(word)	((word) & 31)
#define PM_OFFSET(word)	(((word) & PM_PFN) >> 5)

/* The word of pagemap for a page of this process. */
unsigned long pagemap_word(const void *at);

/**
 * struct smaps - the mapping that holds an address, as smaps shows it
 * @start: first address
 * @end: address behind it
 * @swap: kB in swap
 * @referenced: kB that have been accessed
 * @flags: the letters of VmFlags, each two with a blank before it
 */
struct smaps {
	unsigned long start;
	unsigned long end;
	unsigned long swap;
	unsigned long referenced;
	char flags[128];
};

/* Return: whether the address is in a mapping of this process. */
bool smaps_find(const void *at, struct smaps *m);

/* Does it have the flag of two letters? */
bool smaps_flag(const struct smaps *m, const char *letters);

/* A number of the mapping that holds AT: "AnonHugePages"; -1: it has none such. */
long smaps_kb(const void *at, const char *name);

/* A counter of /proc/vmstat; -1 when this kernel has none of that name. */
long vmstat(const char *name);

/* Is it more than BEFORE?  Where a kernel has no such counter nothing speaks against it. */
bool vmstat_grew(const char *name, long before);

#endif /* SMAPS_H */
