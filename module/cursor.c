// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader's place in the ring of one CPU.
 *
 * A cursor copies one packet at a time, and again the part that has grown.  It
 * takes no lock and holds up nobody; what is overwritten before it comes by is
 * counted in @lost.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "ptdbg.h"

#define HEAD	((u32)sizeof(struct ptdbg_packet))

static void goto_packet(struct ptdbg_cursor *k, u64 seq)
{
	k->seq = seq;
	k->offset = HEAD;
	k->have = 0;
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
	u64 oldest, newest;

	memset(k, 0, sizeof(*k));
	k->packet = kvmalloc(PTDBG_PACKET_BYTES, GFP_KERNEL);
	if (!k->packet)
		return -ENOMEM;
	k->cpu = cpu;
	k->until = ktime_get_mono_fast_ns();
	ptdbg_ring_range(cpu, &oldest, &newest);
	goto_packet(k, oldest);
	return 0;
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
	int n;

	/* in this order: a packet that is not the newest has stopped growing */
	ptdbg_ring_range(k->cpu, &oldest, &newest);
	n = ptdbg_ring_copy(k->cpu, k->seq, k->have, k->packet);
	if (n == -ESTALE || k->seq < oldest) {
		k->lost += oldest > k->seq ? oldest - k->seq : 1;
		goto_packet(k, max(oldest, k->seq + 1));
		return true;
	}
	if (n < 0)
		return false;
	k->have = n;
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
		if (k->have > k->offset) {
			k->lost++;
			goto_packet(k, k->seq + 1);
		}
	} while (more(k));
	return NULL;
}

/* Step behind the record that ptdbg_cursor_peek() gave. */
void ptdbg_cursor_advance(struct ptdbg_cursor *k)
{
	k->offset += at_hand(k)->size;
}

/**
 * ptdbg_cursor_packet() - the rest of the packet at hand, as a packet
 * @k: cursor
 *
 * Turns k->packet into a packet of its own, as long as its content, with the
 * records between the cursor and the end of what is there now, and steps
 * behind them.
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
	/* the copy is used up: the rest is copied afresh */
	k->have = 0;
	return bytes;
}
