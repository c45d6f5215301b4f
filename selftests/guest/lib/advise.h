/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * madvise() that misses nothing.
 */
#ifndef ADVISE_H
#define ADVISE_H

#include <stddef.h>

/*
 * MADV_COLD or MADV_PAGEOUT, from each CPU in turn.  A new page waits in a list of
 * the CPU that took it before it is on the LRU lists; these two empty the list of
 * the CPU they run on, and pass over the pages that wait elsewhere.
 */
void advise(void *at, size_t size, int advice);

#endif /* ADVISE_H */
