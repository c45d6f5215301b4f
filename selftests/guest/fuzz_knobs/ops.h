/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One thing that can be done to a file, chosen at random with all it needs.
 */
#ifndef OPS_H
#define OPS_H

/* open files that a process keeps */
#define FILES	16

enum op {
	OP_WRITE,
	OP_READ,
	OP_PREAD,
	OP_READV,
	OP_SEEK,
	OP_PIPE,
	OP_LOOK,
	NR_OPS
};

/**
 * struct target - an open file
 * @fd: -1: none
 * @file: which file
 * @panics: what is written here may make the kernel panic, as it should: only
 *	what is no name of a verdict is written
 */
struct target {
	int fd;
	unsigned int file;
	int panics;
};

/* Do it to @t, and say what; what the kernel answers is its business, as long as it does. */
enum op op_any(const struct target *t);

/* text.c: hostile text of at most @size bytes, in @buf; how long it is */
unsigned long text_any(char *buf, unsigned long size);

/* text.c: bytes that are no words */
unsigned long text_noise(char *buf, unsigned long size);

#endif /* OPS_H */
