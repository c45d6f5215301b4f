/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table pages that records tell of.
 */
#ifndef PTDBG_TABLES_H
#define PTDBG_TABLES_H

#include "reader.h"

/**
 * struct table - a table page
 * @pfn: where it is
 * @nr: the how manieth it was, from 0
 * @level: 0 is the root
 * @there: false: a free place
 * @seen: records that it is in
 * @fresh: of these, those during which it came to be
 * @breaches: of these, those where it broke a region rule
 * @at: as the last record shows it
 */
struct table {
	u64 pfn;
	u32 nr;
	u8 level;
	bool there;
	u64 seen;
	u64 fresh;
	u64 breaches;
	struct ptdbg_table at;
};

/**
 * struct tables - a hash table of them
 * @t: the places
 * @places: number of them; it grows with the table pages, not with the records
 * @used: places in use
 */
struct tables {
	struct table *t;
	size_t places;
	size_t used;
};

/* Return: the table page; NULL: it is not there. */
struct table *tables_find(const struct tables *s, u64 pfn, unsigned int level);

/* Return: the table page, added if need be; NULL: no memory. */
struct table *tables_get(struct tables *s, u64 pfn, unsigned int level);

/* A record has the table page in its chain. */
void tables_count(struct table *t, const struct ptdbg_view *v);

/* By level and pfn, free places last.  There is no finding any more. */
void tables_sort(struct tables *s);

/*
 * The table pages of a chain: the root, and what each entry leads to.
 * Return: number of them.
 */
unsigned int tables_of(const struct ptdbg_mode *m, const struct ptdbg_view *v,
		       u64 pfn[PTDBG_MAX_LEVELS]);

#endif /* PTDBG_TABLES_H */
