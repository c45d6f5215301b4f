/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What user space says to ptdbg_inject (modules/inject.c).
 */
#ifndef INJECT_H
#define INJECT_H

/**
 * struct witness - what the injector knows
 * @old: raw PTE that it noted last
 * @phys0: where the direct map would have physical address 0
 * @page0: where the struct page of pfn 0 would be
 * @page_bytes: size of a struct page
 */
struct witness {
	unsigned long old;
	unsigned long phys0;
	unsigned long page0;
	unsigned int page_bytes;
};

/* Return: a file descriptor, or -1 with errno set. */
int inject_open(void);

/* One command, in the manner of printf().  Return: 0, or -1 with errno set. */
int inject(int fd, const char *command, ...);

/* Return: 0, or -1 with errno set. */
int inject_witness(int fd, struct witness *w);

#endif /* INJECT_H */
