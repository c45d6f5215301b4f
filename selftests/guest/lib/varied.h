/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process whose memory is of every kind, and its fork: their page tables
 * stand still, and the first one's root table is in a CPU when we want it to.
 */
#ifndef VARIED_H
#define VARIED_H

/**
 * struct varied - the two processes
 * @pid: of the first, which is stopped
 * @fork: of its fork, which never goes on; they share pages
 * @beat: counts while the first one runs
 */
struct varied {
	int pid;
	int fork;
	unsigned long *beat;
};

/* Ends the test when it cannot. */
void varied_start(struct varied *v);

/* The first one runs, in user space and on the CPU, from here ... */
void varied_run(struct varied *v);

/* ... to there. */
void varied_stop(struct varied *v);

void varied_end(struct varied *v);

#endif /* VARIED_H */
