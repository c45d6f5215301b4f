/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a page-table entry means to this machine, by the manual.
 *
 * A second reading of the manuals, for tests whose oracle must not be ptdbg's
 * own decoder (module/core): it shares nothing with it and knows less, just
 * what decides about the way of a walk.
 */
#ifndef MANUAL_H
#define MANUAL_H

#include <stdbool.h>

/**
 * struct paging - the paging mode
 * @levels: number of levels
 * @page_shift: 12, 14 or 16
 * @lpa2: arm64: entries have the format of FEAT_LPA2
 * @phys_bits: bits of a physical address on this machine
 */
struct paging {
	unsigned int levels;
	unsigned int page_shift;
	bool lpa2;
	unsigned int phys_bits;
};

/* What an entry is to the hardware. */
enum meaning_kind {
	MEANS_NOTHING,		/* not present */
	MEANS_TABLE,
	MEANS_LEAF,
	MEANS_BAD,		/* a fault: not legal at this level */
};

/**
 * struct meaning - an entry
 * @kind: what it is
 * @reserved: it has bits set that must be zero
 * @pfn: table page, or first page of the leaf
 * @order: of a leaf: it maps 1 << @order pages
 */
struct meaning {
	enum meaning_kind kind;
	bool reserved;
	unsigned long pfn;
	unsigned int order;
};

/* LEVEL 0 is the root table's. */
struct meaning manual_meaning(const struct paging *p, unsigned int level,
			      unsigned long raw);

/* A legal entry that leads to a table, or maps memory as user data. */
unsigned long manual_table(const struct paging *p, unsigned long pfn);
unsigned long manual_leaf(const struct paging *p, unsigned int level,
			  unsigned long pfn);

/* Bits of a pfn that an entry has room for. */
unsigned int manual_pfn_bits(const struct paging *p);

/* Lowest bit of an address that the index at LEVEL is made of. */
unsigned int manual_shift(const struct paging *p, unsigned int level);

#endif /* MANUAL_H */
