/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The entry that maps an address, and the page behind it, as the text of
 * ptdbg.d/walk shows them; for any process.
 */
#ifndef LEAF_H
#define LEAF_H

#include <stdbool.h>

/**
 * struct leaf - what a walk ended in
 * @level: "PTE", "PMD", ...: of the last entry
 * @raw: that entry
 * @table: pfn of the table that holds it
 * @upper: pfn of the table that holds the entry above
 * @mapped: it maps a page; else the rest is 0
 * @base: pfn in the entry: of the first page that it maps
 * @pfn: of the page at the address
 * @order: of the compound page it is part of
 * @map: how often it is mapped; -1: not shown
 * @quiet: no verdict
 * @type: what the page is
 * @bits: names of the bits that are set in the entry, a blank before each
 */
struct leaf {
	char level[4];
	unsigned long raw;
	unsigned long table;
	unsigned long upper;
	bool mapped;
	unsigned long base;
	unsigned long pfn;
	unsigned int order;
	long map;
	bool quiet;
	char type[16];
	char bits[128];
};

/* Walk; a text that is not as it should be ends the test. */
void leaf_find(int pid, const void *at, struct leaf *l);

/* Does the entry have the bit of that name? */
bool leaf_has(const struct leaf *l, const char *bit);

/* May the hardware, or the kernel on its behalf, let user space store? */
bool leaf_writable(const struct leaf *l);

/* Number of levels of this machine: those of a walk to a small page. */
unsigned int leaf_levels(void);

#endif /* LEAF_H */
