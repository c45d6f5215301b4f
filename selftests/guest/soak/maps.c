// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmap, munmap, mremap and mprotect of pieces of the same addresses, and accesses
 * that find memory there, or none.
 */
#include <sys/mman.h>

#include "chance.h"
#include "worker.h"

#define PAGES	1024
#define PIECE	64

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

static char *map_at(char *at, unsigned long size, int prot)
{
	return mmap(at, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

void work_maps(void)
{
	unsigned long page = page_bytes(), size, to;
	char *room = pages_map(2 * PAGES), *at;
	void *moved;

	for (;;) {
		at = room + random_below(PAGES) * page;
		size = (1 + random_below(PIECE)) * page;
		/* so that a piece that is moved there ends in the room, too */
		to = random_below(PAGES - PIECE) * page;
		switch (random_below(8)) {
		case 0:
			munmap(at, size);
			break;
		case 1:
			map_at(at, size, random_below(2) ? PROT_READ : PROT_NONE);
			break;
		case 2:
			mprotect(at, size, random_below(2) ? PROT_READ : PROT_READ | PROT_WRITE);
			break;
		case 3:
			moved = mremap(at, size, 2 * size, MREMAP_MAYMOVE);
			if (moved != MAP_FAILED)
				munmap(moved, 2 * size);
			break;
		case 4:
			moved = mremap(at, size, size, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
			if (moved != MAP_FAILED)
				munmap(moved, size);
			break;
		case 5:
			mremap(at, size, size, MREMAP_MAYMOVE | MREMAP_FIXED,
			       room + PAGES * page + to);
			break;
		default:
			map_at(at, size, PROT_READ | PROT_WRITE);
			break;
		}
		for (to = 0; to < 16; to++)
			try_touch(room + random_below(2 * PAGES) * page, random_below(2));
		worker_did();
	}
}
