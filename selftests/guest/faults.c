// SPDX-License-Identifier: GPL-2.0-only
/*
 * faults N: N page faults, each a first write to an anonymous page.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "touch.h"

#define PAGES	512

int main(int argc, char **argv)
{
	size_t size = sysconf(_SC_PAGESIZE);
	long left = argc > 1 ? atol(argv[1]) : 0, i;
	char *p;

	p = mmap(NULL, PAGES * size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	/* a huge page, or a large folio, would be one fault for many pages */
	if (p == MAP_FAILED || madvise(p, PAGES * size, MADV_NOHUGEPAGE)) {
		perror("faults");
		return 1;
	}
	while (left > 0) {
		for (i = 0; i < PAGES && left > 0; i++, left--)
			store_byte(p + i * size, 1);
		madvise(p, PAGES * size, MADV_DONTNEED);
	}
	return 0;
}
