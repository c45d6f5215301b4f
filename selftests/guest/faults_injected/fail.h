/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocations that fail: the N-th of this thread.
 */
#ifndef FAIL_H
#define FAIL_H

#include <stdbool.h>

/* Can this kernel do it?  If so, each allocation counts from here on. */
bool fail_ready(void);

/*
 * Only those made on behalf of kernel function @name count, or any with NULL; ends
 * the test when there is no such function.
 */
void fail_within(const char *name);

/* The @n-th from here on fails. */
void fail_nth(unsigned int n);

/* No more; returns whether that many were made, and so one has failed. */
bool fail_done(void);

#endif /* FAIL_H */
