/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is left of a module that is gone: memory that knows its caller, pages that
 * are missing, and what kmemleak finds.
 */
#ifndef LEAKS_H
#define LEAKS_H

#include <stdbool.h>

#include "memory.h"

/* Before the first load that counts. */
void leaks_before(struct memory *before);

/**
 * leaks_none() - after the last unload: is nothing left?
 * @before: what leaks_before() has found
 * @pages: so many may be missing, of what the kernel keeps for itself; not asked
 *	where it tells who has allocated each
 *
 * Says in TAP comments what is.  Takes a while.
 */
bool leaks_none(const struct memory *before, long pages);

#endif /* LEAKS_H */
