/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A child that maps memory far away from all that it has, so that the memory
 * needs page tables of its own, and does with it what it is told.
 */
#ifndef FARAWAY_H
#define FARAWAY_H

#define FAR_SPANS	16

/* What the child is told. */
enum far_order {
	FAR_MAP = 'm',		/* FAR_SPANS spans, each as large as a PTE table maps */
	FAR_TOUCH = 't',	/* a page of each span */
	FAR_UNMAP = 'u',
	/*
	 * Instead of FAR_TOUCH: a thread is held in its fault for the first page, by
	 * userfaultfd, while the second page, which needs the same tables, is touched.
	 */
	FAR_RACE = 'r',
};

extern int far_child;			/* pid */
extern unsigned long far_area;		/* first address of the memory */
extern unsigned long far_bytes;

/* Whatever goes wrong ends the test. */
void far_start(void);
void far_tell(enum far_order order);

/* The child ends, and has ended. */
void far_end(void);

#endif /* FARAWAY_H */
