/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a module can leave behind: memory.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>

/**
 * struct memory - memory as the kernel counts it
 * @free: pages that are free, or could be: on the free lists, on the CPUs' own
 *	lists, and in slabs, which come and go by pages
 * @percpu_kb: KiB of per-CPU memory, with what is free of it
 * @vmalloc: areas that somebody allocated whose code has no name any more
 * @slab: the same of slab objects; -1 when this kernel does not tell
 * @pages: the same of pages; -1 when this kernel does not tell
 */
struct memory {
	long free;
	long percpu_kb;
	int vmalloc;
	int slab;
	int pages;
};

/* Give back all caches, and count when nothing moves any more. */
void memory_settled(struct memory *m);

/* Are there slab objects of the loaded ptdbg?  The count of @slab can see them then. */
bool memory_sees_ptdbg(void);

/* Whose the @pages are. */
void memory_tell_pages(void);

/* In a TAP comment. */
void memory_print(const char *when, const struct memory *m);

#endif /* MEMORY_H */
