/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Claiming and giving back a slot for a fault in flight: what every fault does, in
 * line.  flight.c tells of the slots.
 */
#ifndef PTDBG_FLIGHT_H
#define PTDBG_FLIGHT_H

#include <linux/hash.h>

#include "ptdbg.h"

#define PTDBG_FLIGHTS_LOG2	10
#define PTDBG_FLIGHTS		((unsigned int)BIT(PTDBG_FLIGHTS_LOG2))
#define PTDBG_FLIGHT_PROBES	8U

extern struct ptdbg_flight *ptdbg_flights;

static __always_inline struct ptdbg_flight *ptdbg_flight_slot(unsigned int home,
							      unsigned int i)
{
	return &ptdbg_flights[(home + i) & (PTDBG_FLIGHTS - 1)];
}

/**
 * ptdbg_flight_claim() - get a slot for a fault of the current task
 * @stack_at: stack pointer at the call of handle_mm_fault()
 *
 * Return: a slot with @task and @stack_at set, or NULL when there is none.
 */
static __always_inline struct ptdbg_flight *ptdbg_flight_claim(unsigned long stack_at)
{
	unsigned int home = hash_ptr(current, PTDBG_FLIGHTS_LOG2);
	struct ptdbg_flight *f;
	unsigned int i;

	for (i = 0; i < PTDBG_FLIGHT_PROBES; i++) {
		f = ptdbg_flight_slot(home, i);
		if (READ_ONCE(f->task) || cmpxchg_acquire(&f->task, NULL, current))
			continue;
		f->stack_at = stack_at;
		f->made = 0;
		f->made_pte = 0;
		f->stack = NULL;
		return f;
	}
	return NULL;
}

/* Give a slot back. */
static __always_inline void ptdbg_flight_release(struct ptdbg_flight *f)
{
	/* until the next one has an address: see ptdbg_flight_look() */
	WRITE_ONCE(f->start, 0);
	/* what is in the slot was used before: pairs with cmpxchg_acquire() */
	smp_store_release(&f->task, NULL);
}

#endif /* PTDBG_FLIGHT_H */
