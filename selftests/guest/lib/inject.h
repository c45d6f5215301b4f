/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What user space says to ptdbg_inject (modules/inject.c).
 */
#ifndef INJECT_H
#define INJECT_H

#define INJECT_LEVELS	5

/* What "hold" fills registers with; as in modules/inject.h */
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
 * struct witness - what the injector knows
 * @old: raw PTE, or address, that it noted last
 * @phys0: where the direct map would have physical address 0
 * @page0: where the struct page of pfn 0 would be
 * @page_bytes: size of a struct page
 * @va_bits: bits of a virtual address that are translated
 * @lpa2: arm64: entries have the format of FEAT_LPA2
 * @phys_bits: bits of a physical address, as far as the tables go
 * @levels: levels of the chain that was aimed at; 0 if none was
 * @root: physical address of its root table
 * @chain: its raw entries when it was aimed at, root first
 * @held: what "hold" had in registers last
 */
struct witness {
	unsigned long old;
	unsigned long phys0;
	unsigned long page0;
	unsigned int page_bytes;
	unsigned int va_bits;
	unsigned int lpa2;
	unsigned int phys_bits;
	unsigned int levels;
	unsigned long root;
	unsigned long chain[INJECT_LEVELS];
	unsigned long held[INJECT_HELD];
};

/* Return: a file descriptor, or -1 with errno set. */
int inject_open(void);

/* One command, in the manner of printf().  Return: 0, or -1 with errno set. */
int inject(int fd, const char *command, ...);

/* Return: 0, or -1 with errno set. */
int inject_witness(int fd, struct witness *w);

#endif /* INJECT_H */
