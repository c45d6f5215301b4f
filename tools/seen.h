/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whom the records are about: what must be noted while it can still be looked up.
 */
#ifndef PTDBG_SEEN_H
#define PTDBG_SEEN_H

#include <stdio.h>

#include "core/env.h"

/* Places in the tables; what does not fit any more gets no name in a report. */
#define SEEN_IPS	16384
#define SEEN_TASKS	16384
#define SEEN_LOOKS	16

/**
 * struct seen_task - a process
 * @tgid: its pid; 0: a free place
 * @looks: how often its maps were read
 * @start: the mappings whose first execution was the reason
 */
struct seen_task {
	u32 tgid;
	u32 looks;
	u64 start[SEEN_LOOKS];
};

/**
 * struct seen - kernel addresses and processes in the records
 * @ip: hash table of instructions in the kernel; 0: a free place
 * @task: hash table of processes
 * @nr_ips: in use
 * @nr_tasks: in use
 * @maps: takes /proc/PID/maps of the processes, as they were
 */
struct seen {
	u64 ip[SEEN_IPS];
	struct seen_task task[SEEN_TASKS];
	unsigned int nr_ips;
	unsigned int nr_tasks;
	FILE *maps;
};

void seen_record(struct seen *s, const struct ptdbg_record *r);

#endif /* PTDBG_SEEN_H */
