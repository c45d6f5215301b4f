/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last words, between oops.c, which knows when, and words.c, which knows what.
 */
#ifndef PTDBG_WORDS_H
#define PTDBG_WORDS_H

#include "ptdbg.h"

/* A copy of a record, and the CPU that made it. */
struct ptdbg_kept {
	union {
		struct ptdbg_record r;
		u8 bytes[ALIGN(PTDBG_RECORD_MAX, 8)];
	} __aligned(8);
	unsigned int cpu;
};

/* The newest records, oldest first; @nr are in use. */
struct ptdbg_recent {
	struct ptdbg_kept *of;
	unsigned int nr;
};

/**
 * struct ptdbg_words - what one who speaks needs
 * @owner: the task that works with the rest; claimed with cmpxchg(), which is only
 *	ever tried
 * @waiting: the task whose oops waits to be told; NULL: none
 * @oops: its record; with an id of 0: none
 * @pid: the task that dies
 * @cpu: the CPU it dies on
 * @task: its newest records
 * @others: the newest records that others made on @cpu
 * @packet: room for a copy
 * @text: room for a line
 */
struct ptdbg_words {
	struct task_struct *owner;
	struct task_struct *waiting;
	struct ptdbg_kept oops;
	u32 pid;
	unsigned int cpu;
	struct ptdbg_recent task;
	struct ptdbg_recent others;
	struct ptdbg_packet *packet;
	char text[PTDBG_TEXT_MAX];
};

typedef void (*ptdbg_look_fn)(const struct ptdbg_record *r, unsigned int cpu,
			      void *data);

int ptdbg_words_init(struct ptdbg_words *w, unsigned int records);
void ptdbg_words_exit(struct ptdbg_words *w);
void ptdbg_words_look_back(struct ptdbg_words *w, ptdbg_look_fn fn, void *data);
void ptdbg_words_say(struct ptdbg_words *w, const char *what);

#endif /* PTDBG_WORDS_H */
