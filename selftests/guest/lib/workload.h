/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page faults of one kind, counted in guest instructions.
 *
 * Under `-icount shift=0` a guest instruction takes a guest nanosecond, so a clock
 * counts instructions.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stdbool.h>

/**
 * struct workload - page faults of one kind
 * @name: a word
 * @what: a few words
 * @batch: makes some faults; returns instructions a fault, below 0 where this
 *	kernel has no such faults
 */
struct workload {
	const char *name;
	const char *what;
	double (*batch)(void);
};

extern const struct workload workloads[];	/* ends without a name */

/* Is an instruction a nanosecond here?  Asks a loop of known length. */
bool workload_counts(void);

/* For qsort(): instructions, which are doubles, the least first. */
int workload_by_size(const void *a, const void *b);

/* Instructions since some time. */
unsigned long long workload_now(void);

/*
 * Batches until the costs stay where they are, then as many again as REPEAT says;
 * REST_US microseconds before each.
 * Return: instructions a fault, their mean; below 0: there are no such faults.
 */
double workload_run(const struct workload *w, unsigned int repeat, unsigned int rest_us);

#endif /* WORKLOAD_H */
