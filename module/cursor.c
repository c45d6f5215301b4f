// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader's place in the ring of one CPU.
 *
 * A cursor copies one packet at a time, and again the part that has grown.  It
 * takes no lock and holds up nobody; what is overwritten before it comes by is
 * counted in @lost, record by record: each has a number, see struct ptdbg_ring.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "core/sum.h"
#include "ptdbg.h"

#define HEAD	((u32)sizeof(struct ptdbg_packet))

/* How often an open looks for an oldest packet that stays long enough. */
#define MAX_TRIES	8

static void goto_packet(struct ptdbg_cursor *k, u64 seq)
{
	k->seq = seq;
	k->offset = HEAD;
	k->have = 0;
}

/*
 * Go to the oldest record.  What is not read from its number on is lost.  In an
 * empty ring that is the number of the next record; it is read before the look
 * whether the ring is empty, so that it is not too high.
 */
static void goto_oldest(struct ptdbg_cursor *k)
{
	u64 oldest, newest;
	unsigned int try;

	for (try = 0; try < MAX_TRIES; try++) {
		k->number = ptdbg_ring_number(k->cpu);
		ptdbg_ring_range(k->cpu, &oldest, &newest);
		goto_packet(k, oldest);
		if (oldest > newest)
			return;
		/* without a record in it, the head is not complete */
		if (ptdbg_ring_copy(k->cpu, oldest, 0, k->packet) > (int)HEAD) {
			k->number = k->packet->first;
			return;
		}
	}
}

/**
 * ptdbg_cursor_open() - start at the oldest record of a CPU
 * @k: cursor
 * @cpu: possible CPU
 *
 * The cursor ends at the records of this moment; set k->until to go on.
 *
 * Return: 0 or -ENOMEM.
 */
int ptdbg_cursor_open(struct ptdbg_cursor *k, unsigned int cpu)
{
	memset(k, 0, sizeof(*k));
	k->packet = kvmalloc(PTDBG_PACKET_BYTES, GFP_KERNEL);
	if (!k->packet)
		return -ENOMEM;
	k->cpu = cpu;
	k->until = ktime_get_mono_fast_ns();
	goto_oldest(k);
	return 0;
}

/**
 * ptdbg_cursor_skip() - pass over all that there is
 * @k: cursor
 *
 * The next record is one that is not there yet, and nothing has been lost.
 */
void ptdbg_cursor_skip(struct ptdbg_cursor *k)
{
	u64 oldest, newest;

	k->until = ktime_get_mono_fast_ns();
	k->number = ptdbg_ring_number(k->cpu);
	ptdbg_ring_range(k->cpu, &oldest, &newest);
	if (newest >= oldest)
		goto_packet(k, newest);
	while (ptdbg_cursor_peek(k))
		ptdbg_cursor_advance(k);
	k->lost = 0;
}

void ptdbg_cursor_close(struct ptdbg_cursor *k)
{
	kvfree(k->packet);
	k->packet = NULL;
}

/* Get more of this packet, or the next one.  False when there is no more. */
static bool more(struct ptdbg_cursor *k)
{
	u64 oldest, newest;
	u32 had = k->have;
	int n;

	/* in this order: a packet that is not the newest has stopped growing */
	ptdbg_ring_range(k->cpu, &oldest, &newest);
	n = ptdbg_ring_copy(k->cpu, k->seq, k->have, k->packet);
	if (n == -ESTALE || k->seq < oldest) {
		goto_packet(k, max(oldest, k->seq + 1));
		return true;
	}
	if (n < 0)
		return false;
	k->have = n;
	if (had <= HEAD && k->have > HEAD) {
		/* the first records of this packet: are some missing before? */
		if (k->packet->first > k->number)
			k->lost += k->packet->first - k->number;
		k->number = k->packet->first;
	}
	if (k->offset < k->have)
		return true;
	if (newest <= k->seq)
		return false;
	goto_packet(k, k->seq + 1);
	return true;
}

/* The record at the cursor in the copy; NULL when there is none, or no whole one. */
static const struct ptdbg_record *at_hand(const struct ptdbg_cursor *k)
{
	u32 left = k->have > k->offset ? k->have - k->offset : 0;
	const struct ptdbg_record *r;

	if (left < sizeof(*r))
		return NULL;
	r = (const void *)((const char *)k->packet + k->offset);
	if (r->size < sizeof(*r) || r->size % 8 || r->size > left)
		return NULL;
	return r;
}

/**
 * ptdbg_cursor_peek() - the record that the cursor is at
 * @k: cursor
 *
 * Return: the record, in the cursor's copy, or NULL at the end.  A record that
 * does not fit its packet (somebody scribbled over the ring) ends the packet.
 */
const struct ptdbg_record *ptdbg_cursor_peek(struct ptdbg_cursor *k)
{
	const struct ptdbg_record *r;

	do {
		r = at_hand(k);
		if (r)
			return r->ts <= k->until ? r : NULL;
		if (k->have > k->offset)
			goto_packet(k, k->seq + 1);
	} while (more(k));
	return NULL;
}

/* Step behind the record that ptdbg_cursor_peek() gave. */
void ptdbg_cursor_advance(struct ptdbg_cursor *k)
{
	k->offset += at_hand(k)->size;
	k->number++;
}

/**
 * ptdbg_cursor_packet() - the rest of the packet at hand, as a packet
 * @k: cursor
 *
 * Turns k->packet into a packet of its own, as long as its content, with the
 * records between the cursor and the end of what is there now, and steps
 * behind them.  What this cursor has lost is among the discarded records of it.
 *
 * Return: bytes in k->packet, 0 at the end.
 */
u32 ptdbg_cursor_packet(struct ptdbg_cursor *k)
{
	const struct ptdbg_record *r = ptdbg_cursor_peek(k);
	struct ptdbg_packet *p = k->packet;
	u32 first = k->offset;
	u32 bytes;

	if (!r)
		return 0;
	p->ts_begin = r->ts;
	p->records = 0;
	p->first = k->number;
	p->lost = k->lost;
	p->discarded += k->lost;
	do {
		p->records++;
		p->ts_end = r->ts;
		ptdbg_cursor_advance(k);
		r = at_hand(k);
	} while (r && r->ts <= k->until);

	bytes = HEAD + k->offset - first;
	if (first > HEAD)
		memmove((char *)p + HEAD, (char *)p + first, bytes - HEAD);
	p->content_size = 8ULL * bytes;
	p->packet_size = 8ULL * bytes;
	p->sum = ptdbg_packet_sum(p);
	/* the copy is used up; what follows in the packet is copied afresh */
	k->have = k->offset;
	return bytes;
}
