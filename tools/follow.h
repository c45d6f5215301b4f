/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records as they come: from the module, or from a recording that grows.
 */
#ifndef PTDBG_FOLLOW_H
#define PTDBG_FOLLOW_H

#include <poll.h>

#include "reader.h"

#define FOLLOW_SECOND	1000000000ULL

/**
 * struct follow - a trace that is being followed
 * @rd: it
 * @ring: it is the module's; else it is a recording that grows
 * @any: records have come in this turn
 * @taken: records of this turn, so far
 * @before: what had become of the records when it began
 * @fds: to be waited for: somebody's file, then the streams
 */
struct follow {
	struct reader *rd;
	bool ring;
	bool any;
	unsigned int taken;
	struct tally before;
	struct pollfd *fds;
};

/**
 * follow_open() - begin
 * @f: result
 * @dir: PLACE_CTF, or a recording
 * @all: begin with what is there
 *
 * From now on SIGINT, SIGTERM and SIGHUP end follow_wait().
 *
 * Return: true, or false with a sentence.
 */
bool follow_open(struct follow *f, const char *dir, bool all);
void follow_close(struct follow *f);

/**
 * follow_next() - the next record
 * @f: opened
 * @e: result; valid until the next call
 *
 * Return: false at the end of this turn: follow_wait() leads to the next one.
 */
bool follow_next(struct follow *f, struct event *e);

/**
 * follow_wait() - wait for more records
 * @f: opened
 * @until: but not after this time of follow_now(); ~0: for ever
 * @fd: or for this to be readable; -1: none
 *
 * Return: false when somebody wants an end.
 */
bool follow_wait(struct follow *f, u64 until, int fd);

/* What became of the records since follow_open(): only @records, @lost, @missed. */
void follow_tally(const struct follow *f, struct tally *t);

/* Nanoseconds of CLOCK_MONOTONIC. */
u64 follow_now(void);

#endif /* PTDBG_FOLLOW_H */
