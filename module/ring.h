/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing a record to the ring: what every fault does, in line.  How writer and
 * readers get along is told in ring.c.
 */
#ifndef PTDBG_RING_H
#define PTDBG_RING_H

#include "ptdbg.h"

void ptdbg_ring_turn(struct ptdbg_cpu *c, u64 ts);

/**
 * ptdbg_ring_reserve() - room for a record
 * @c: this CPU
 * @ts: time of the record
 * @room: bytes, PTDBG_RECORD_MAX at most
 *
 * What is written there is seen by nobody before ptdbg_ring_commit(); without
 * a commit it is given up.
 *
 * Return: @room bytes, or NULL when this CPU has no ring.
 */
static __always_inline void *ptdbg_ring_reserve(struct ptdbg_cpu *c, u64 ts, u32 room)
{
	struct ptdbg_ring *g = &c->ring;

	/* also before the first record, and after a clear */
	if (unlikely(g->used + room > PTDBG_PACKET_BYTES)) {
		if (!g->nr)
			return NULL;
		ptdbg_ring_turn(c, ts);
	}
	return (char *)g->open + g->used;
}

/**
 * ptdbg_ring_commit() - make a record visible
 * @c: this CPU
 * @r: from ptdbg_ring_reserve(), with its size set, a multiple of 8
 */
static __always_inline void ptdbg_ring_commit(struct ptdbg_cpu *c,
					      const struct ptdbg_record *r)
{
	struct ptdbg_ring *g = &c->ring;
	struct ptdbg_packet *p = g->open;

	c->count.recorded++;
	p->records++;
	/* a reader looks at it from another CPU */
	WRITE_ONCE(g->number, g->number + 1);
	p->ts_end = r->ts;
	g->used += r->size;
	/* the record before content_size: pairs with ptdbg_ring_copy() */
	smp_store_release(&p->content_size, 8ULL * g->used);
	if (unlikely(atomic_read(&ptdbg.pollers)))
		ptdbg_wake();
}

#endif /* PTDBG_RING_H */
