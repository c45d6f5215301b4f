// SPDX-License-Identifier: GPL-2.0-only
/*
 * Huge pages that are made and split again: by a hole, by rights, by being
 * moved, and by debugfs.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chance.h"
#include "huge.h"
#include "worker.h"

/* For a C library that does not know it yet. */
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

#define SPLIT	"/sys/kernel/debug/split_huge_pages"

static void split(char *p, unsigned long size)
{
	unsigned long page = page_bytes();
	char *middle = p + random_below(size / page) * page;
	char text[96];
	void *moved;

	switch (random_below(4)) {
	case 0:
		madvise(middle, page, MADV_DONTNEED);
		break;
	case 1:
		mprotect(middle, page, PROT_READ);
		break;
	case 2:
		moved = mremap(middle, page, page, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
		if (moved != MAP_FAILED)
			munmap(moved, page);
		break;
	default:
		snprintf(text, sizeof(text), "%d,0x%lx,0x%lx", getpid(),
			 (unsigned long)p, (unsigned long)p + size);
		try_write(SPLIT, text);
		break;
	}
	for (middle = p; middle < p + size; middle += page)
		try_touch(middle, random_below(2));
}

void work_thp(void)
{
	unsigned long size = huge_thp_size();
	char *p;

	if (!size)
		worker_cannot("no transparent huge pages");
	/* those of 16K pages are a large part of the memory */
	if (size > 8 << 20)
		worker_cannot("a huge page is %lu MiB here", size >> 20);
	for (;;) {
		p = huge_map(size);
		madvise(p, size, MADV_HUGEPAGE);
		try_touch(p, true);
		split(p, size);
		huge_unmap(p, size);
		worker_did();
	}
}
