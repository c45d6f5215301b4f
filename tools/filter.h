/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which records are wanted, in the words of the filter knob (ptdbg.d/filter).
 */
#ifndef PTDBG_FILTER_H
#define PTDBG_FILTER_H

#include "core/format.h"

#define FILTER_VALUES	16

/**
 * struct filter - what passes
 * @nr_comms: values of comm; 0: any
 * @nr_pids: values of pid; 0: any
 * @nr_addrs: values of addr; 0: any
 * @types: bits of enum ptdbg_type; 0: any
 * @user: records of addresses that user space touched
 * @kernel: or of those that the kernel touched; neither: any
 * @bad: only records with a verdict
 * @since: nanoseconds, no record before
 * @until: nanoseconds, no record after
 * @comm: names of tasks, NUL padded
 * @pid: of the thread or its process
 * @first: first address
 * @last: last address
 */
struct filter {
	unsigned int nr_comms;
	unsigned int nr_pids;
	unsigned int nr_addrs;
	u32 types;
	bool user;
	bool kernel;
	bool bad;
	u64 since;
	u64 until;
	char comm[FILTER_VALUES][PTDBG_COMM_LEN];
	u32 pid[FILTER_VALUES];
	u64 first[FILTER_VALUES];
	u64 last[FILTER_VALUES];
};

void filter_init(struct filter *f);

/**
 * filter_add() - add a term
 * @f: filter
 * @term: "comm=ls,sh", "pid=735", "addr=START-END", "type=fault,gup", "user",
 *	"kernel", "bad"; several, separated by blanks
 *
 * Return: true, or false with a sentence.
 */
bool filter_add(struct filter *f, const char *term);

bool filter_passes(const struct filter *f, const struct ptdbg_record *r);

#endif /* PTDBG_FILTER_H */
