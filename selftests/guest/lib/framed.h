/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that are built with frame pointers and note who called them, and a
 * fault with any frame pointer that is wanted.
 */
#ifndef FRAMED_H
#define FRAMED_H

#define FRAMED_DEPTH	3

/* What the innermost of the functions does; the fault is its own but in CALLS. */
enum innermost {
	LEAF,			/* it writes */
	CALLED,			/* it has called another before, and writes */
	CALLS,			/* it makes a system call */
};

/* Where the three functions return to, innermost first. */
extern unsigned long framed_ret[FRAMED_DEPTH];

/*
 * Three functions that call each other; the innermost writes to AT, or makes the
 * system call NR with AT as its second argument and the others from ARG.
 */
void framed_touch(enum innermost how, void *at);
long framed_call(long nr, long first, void *at, const long arg[3]);

/* Is ADDR in the innermost function of framed_touch()? */
int framed_in(enum innermost how, unsigned long addr);

/* Write to AT while the frame pointer is FP. */
void framed_poke(void *at, unsigned long fp);

/*
 * A frame in memory, as compilers build it: FP is what the frame pointer would
 * be.  SAVED is the frame pointer of the caller, RET where it goes on.
 */
void framed_build(unsigned long fp, unsigned long saved, unsigned long ret);

#endif /* FRAMED_H */
