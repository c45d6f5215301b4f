/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking the host to look at this machine from outside, with all of it stopped:
 * selftests/vm/outside.py, through the virtio port ptdbg.ask.
 */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "chain.h"
#include "ranges.h"

/**
 * struct question - a chain to be compared; the record that the host reads
 * @pid: whose; 0 for the kernel
 * @addr: address
 * @pagemap: what /proc/PID/pagemap says of it; OUTSIDE_UNKNOWN
 * @chain: what ptdbg says
 */
#define OUTSIDE_UNKNOWN	-1UL
struct question {
	unsigned long pid;
	unsigned long addr;
	unsigned long pagemap;
	struct chain chain;
};

/**
 * struct verdict - what the host found
 * @chains: it compared
 * @entries: in these
 * @differ: chains that are not equal
 * @wrong: chains that are equal, and contradict pagemap or a CPU
 * @running: CPUs whose user root table is that of the process we named
 */
struct verdict {
	unsigned int chains;
	unsigned int entries;
	unsigned int differ;
	unsigned int wrong;
	unsigned int running;
};

/**
 * struct outside - the way to the host, and back
 * @to: questions
 * @from: answers
 */
struct outside {
	FILE *to;
	FILE *from;
};

/* Return: false when this machine has no such port. */
bool outside_open(struct outside *o);
void outside_close(struct outside *o);

/* All that the kernel's root table leads to: ranges that are mapped. */
void outside_survey(struct outside *o, struct ranges *all);

/*
 * Have the host compare NR chains, while process RUNNING is on a CPU.  SEEN is
 * called for each chain that differs, with what the host saw instead.
 */
void outside_compare(struct outside *o, const struct question *q,
		     unsigned int nr, int running, struct verdict *v,
		     void (*seen)(const struct question *q, const struct chain *host));

#endif /* OUTSIDE_H */
