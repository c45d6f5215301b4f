/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ptdbg.d/walk: asking for an address, and reading the text that it answers.
 */
#ifndef CHAIN_H
#define CHAIN_H

#include <stdbool.h>
#include <stddef.h>

#define CHAIN_LEVELS	5
#define CHAIN_TEXT	8192

/* How a walk ends; selftests/vm/paging.py has the same numbers. */
enum chain_end {
	CHAIN_NONE,		/* an entry that is zero */
	CHAIN_ABSENT,		/* one that the hardware does not use */
	CHAIN_LEAF,
	CHAIN_BAD,		/* not legal at its level */
	CHAIN_ADDRESS,		/* the address cannot be translated */
	CHAIN_CUT,		/* ptdbg did not follow a table */
};

/**
 * struct chain - an answer
 * @end: enum chain_end
 * @pfn: the page that the chain ends in; also of PROT_NONE pages, which are
 *	CHAIN_ABSENT; 0 when there is none
 * @n: entries
 * @step: them, root first
 * @step.at: physical address of the entry
 * @step.raw: the entry
 */
struct chain {
	unsigned long end;
	unsigned long pfn;
	unsigned long n;
	struct {
		unsigned long at;
		unsigned long raw;
	} step[CHAIN_LEVELS];
};

/*
 * Ask for ADDR of process PID, or of the kernel when PID is 0; FD is
 * ptdbg.d/walk.  The answer is put into TEXT, of CHAIN_TEXT bytes.  Ends the
 * test when there is none.
 */
void chain_ask(int fd, int pid, unsigned long addr, char *text);

/* Read an answer; ends the test when it makes no sense. */
void chain_read(const char *text, struct chain *c);

#endif /* CHAIN_H */
