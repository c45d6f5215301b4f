/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes that a test starts.
 */
#ifndef CHILD_H
#define CHILD_H

#include <sys/types.h>

/*
 * fork(), with nothing in the buffers that both would print.  The child dies with
 * us; if there can be none, the test ends.
 */
pid_t child_fork(void);

/* Memory that children see and change as well, all zero. */
void *child_shares(size_t size);

#endif /* CHILD_H */
