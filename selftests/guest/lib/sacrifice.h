/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process whose page tables may be harmed while it lets them alone.
 */
#ifndef SACRIFICE_H
#define SACRIFICE_H

#include <stdbool.h>

/* Pages that it has at the place; they hold what it can tell again. */
#define SACRIFICE_PAGES	8

/**
 * struct sacrifice - the process
 * @pid: of it
 * @say: pipe to it
 * @hear: pipe from it
 * @faults: shared with it: faults it has made besides
 * @storming: shared with it: whether it shall make more
 */
struct sacrifice {
	int pid;
	int say;
	int hear;
	unsigned long *faults;
	int *storming;
};

/*
 * Start it with SACRIFICE_PAGES pages of memory from @at on, in what else is
 * its own part of the address space.  Ends the test when that is impossible.
 */
void sacrifice_begin(struct sacrifice *s, unsigned long at);

/*
 * Let a thread of it fault in and drop memory elsewhere, without end; or wait
 * until it has stopped to do so.
 */
void sacrifice_storm(struct sacrifice *s, bool on);

/*
 * Let it look at its memory, unmap it and exit.  Return: true when all was as it
 * should be.
 */
bool sacrifice_end(struct sacrifice *s);

#endif /* SACRIFICE_H */
