/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whom the records are about: what must be noted while it can still be looked up.
 */
#ifndef PTDBG_SEEN_H
#define PTDBG_SEEN_H

#include <stdio.h>

#include "buildid.h"
#include "core/format.h"

/* Places in the tables; what does not fit any more gets no name in a report. */
#define SEEN_IPS	16384
#define SEEN_TASKS	16384
#define SEEN_LOOKS	32
#define SEEN_KNOWN	256
#define SEEN_FILES	256

/**
 * struct seen_task - a process
 * @tgid: its pid; 0: a free place
 * @looks: how often its maps were read
 * @root: its address space: physical address of the root table
 * @newest: time of its newest record
 * @known: mappings of files that were there at a look, as hashes
 * @nr_known: of them, the oldest are overwritten
 */
struct seen_task {
	u32 tgid;
	u32 looks;
	u64 root;
	u64 newest;
	u32 known[SEEN_KNOWN];
	u32 nr_known;
};

/**
 * struct seen_file - a file that was looked into
 * @dev: device
 * @ino: inode; 0: a free place
 * @changed: when it was changed last
 * @build: its build id, or ""
 */
struct seen_file {
	u64 dev;
	u64 ino;
	u64 changed;
	char build[BUILDID_TEXT];
};

/**
 * struct seen - kernel addresses and processes in the records
 * @ip: hash table of instructions in the kernel; 0: a free place
 * @task: hash table of processes
 * @file: files that are executed; a new one may take the place of another
 * @nr_ips: in use
 * @nr_tasks: in use
 * @maps: takes the mappings of the processes as they were: see notes.h
 */
struct seen {
	u64 ip[SEEN_IPS];
	struct seen_task task[SEEN_TASKS];
	struct seen_file file[SEEN_FILES];
	unsigned int nr_ips;
	unsigned int nr_tasks;
	FILE *maps;
};

void seen_record(struct seen *s, const struct ptdbg_record *r);

/*
 * The address space of the task that a record is about, by its root table; 0
 * when the record does not tell, or is about that of another task.
 */
u64 seen_space(const struct ptdbg_view *v);

#endif /* PTDBG_SEEN_H */
