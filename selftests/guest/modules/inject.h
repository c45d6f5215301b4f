/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of ptdbg_inject offer each other.
 */
#ifndef INJECT_H
#define INJECT_H

#include <linux/mm_types.h>

#define INJECT_LEVELS	5

/* Bytes of an object of the cache "ptdbg_prey" */
#define INJECT_OBJECT	64

/* What registers are filled with; as in lib/inject.h */
enum inject_held {
	INJECT_SLAB,
	INJECT_PAGE,
	INJECT_MEMORY,
	INJECT_TABLE,
	INJECT_VMALLOC,
	INJECT_CODE,
	INJECT_STACK,
	INJECT_POISON,
	INJECT_HELD
};

/**
 * struct prey - a chain of tables that may be harmed
 * @mm: whose; held with mmget() so that nobody takes the tables down; or NULL
 * @levels: tables in the chain
 * @root: physical address of the root table
 * @entry: for each level, root first: the entry
 * @old: what was there
 */
struct prey {
	struct mm_struct *mm;
	unsigned int levels;
	u64 root;
	u64 *entry[INJECT_LEVELS];
	u64 old[INJECT_LEVELS];
};

/**
 * struct alias - a device page in the direct map
 * @mm: whose root table leads there; held with mmgrab(); NULL for no alias
 * @link: the entry that was zero before, or NULL
 * @nr: pages in @page
 * @page: table pages that were made for it
 */
struct alias {
	struct mm_struct *mm;
	u64 *link;
	unsigned int nr;
	unsigned long page[INJECT_LEVELS];
};

/* Forget all translations of all CPUs, those of other address spaces too. */
void inject_flush(void);

/* tables.c */
unsigned int inject_va_bits(void);
bool inject_lpa2(void);
unsigned int inject_phys_bits(void);
int inject_aim(struct prey *p, pid_t pid, u64 addr);
int inject_set(struct prey *p, unsigned int level, u64 raw);
void inject_release_prey(struct prey *p);
int inject_alias(struct alias *a, u64 phys);
void inject_release_alias(struct alias *a);

/* hold.c */
int inject_hold_init(void);
void inject_hold_exit(void);
void inject_hold(u64 addr, const u64 *entry, u64 held[INJECT_HELD]);

#endif /* INJECT_H */
