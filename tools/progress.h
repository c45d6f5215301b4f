/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How far the reading of a recording has come, for those who wait for it at a
 * terminal.
 */
#ifndef PTDBG_PROGRESS_H
#define PTDBG_PROGRESS_H

#include "reader.h"

/* The clock is asked once in so many records. */
#define PROGRESS_STEP	4096

/**
 * struct progress - the reading of a recording
 * @rd: its reader; NULL: nothing is to be shown
 * @bytes: of all its streams
 * @next: when to show something; nanoseconds of CLOCK_MONOTONIC
 * @steps: records since the clock was asked
 */
struct progress {
	const struct reader *rd;
	u64 bytes;
	u64 next;
	unsigned int steps;
};

/* It is shown only when it takes more than a second. */
void progress_begin(struct progress *p, const struct reader *rd);

void progress_show(struct progress *p);

/* A record was read. */
static inline void progress_step(struct progress *p)
{
	if (++p->steps == PROGRESS_STEP)
		progress_show(p);
}

#endif /* PTDBG_PROGRESS_H */
