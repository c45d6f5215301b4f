// SPDX-License-Identifier: GPL-2.0-only
/*
 * madvise of every kind that leaves the memory usable.  What a kernel does not
 * know it refuses, and the accesses go on.
 */
#include <sys/mman.h>

#include "chance.h"
#include "worker.h"

#define PAGES	2048

/* For a C library that does not know them yet. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE		25
#endif

void work_advice(void)
{
	static const int advice[] = {
		MADV_DONTNEED, MADV_DONTNEED, MADV_FREE, MADV_COLD, MADV_PAGEOUT,
		MADV_WILLNEED, MADV_POPULATE_READ, MADV_POPULATE_WRITE,
		MADV_HUGEPAGE, MADV_COLLAPSE, MADV_NOHUGEPAGE,
		MADV_DONTFORK, MADV_DOFORK,
	};
	unsigned long page = page_bytes(), at, i;
	char *p = pages_map(PAGES);

	for (;;) {
		at = random_below(PAGES);
		if (!madvise(p + at * page, (1 + random_below(PAGES - at)) * page,
			     advice[random_below(sizeof(advice) / sizeof(*advice))]))
			worker_did();
		for (i = 0; i < 64; i++)
			try_touch(p + random_below(PAGES) * page, random_below(2));
	}
}
