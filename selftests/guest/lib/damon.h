/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Newer kernels watch which memory is used (CONFIG_DAMON_STAT): all the time they
 * clear accessed bits of random pages, of processes that stand still too, and mark
 * such pages as young a moment later.  A test of accessed bits stops that.
 */
#ifndef DAMON_H
#define DAMON_H

void damon_stop(void);

/* As it was before damon_stop(). */
void damon_start(void);

#endif /* DAMON_H */
