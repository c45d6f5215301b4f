// SPDX-License-Identifier: GPL-2.0-only
/*
 * module/ring.c says in which order a packet is written.  There is no checksum
 * in the ring, so a record counts when its size leads to the next one, when its
 * time fits and when it holds what its type has.  Memory that was given to
 * somebody else is so by the page: a record that can't be one takes all of its
 * page with it.
 */
#include "core/format.h"
#include "core/sum.h"
#include "packet.h"
#include "stream.h"

#define HEAD		sizeof(struct ptdbg_packet)
#define PACKET_MIN	4096
#define MAX_CPUS	8192

bool packet_plausible(const struct ptdbg_packet *p)
{
	u64 bytes = p->packet_size / 8;

	return p->magic == PTDBG_PACKET_MAGIC && !p->stream_id &&
	       !p->sum && !p->lost && p->cpu < MAX_CPUS &&
	       !(p->packet_size % 64) && bytes >= PACKET_MIN &&
	       bytes <= STREAM_PACKET_MAX && !(bytes & (bytes - 1)) &&
	       !(p->content_size % 64) && p->content_size >= 8 * HEAD &&
	       p->content_size <= p->packet_size;
}

/* Is there a record between @at and @end, not before @last? */
static const struct ptdbg_record *record_at(const struct ptdbg_packet *p,
					    size_t at, size_t end, u64 last)
{
	const struct ptdbg_record *r = (const void *)((const char *)p + at);
	struct ptdbg_view v;

	if (end - at < sizeof(*r) || r->size < sizeof(*r) || r->size % 8 ||
	    r->size > end - at || r->ts < last || r->ts > p->ts_end)
		return NULL;
	/* what a newer module has recorded is passed on */
	if (!r->id || (r->id <= PTDBG_FREE && !ptdbg_view(r, r->size, &v)))
		return NULL;
	return r;
}

/* The records up to @end: how many, where they end, and the last one's time. */
static u32 walk(const struct ptdbg_packet *p, size_t end, size_t *at, u64 *last)
{
	const struct ptdbg_record *r;
	u32 n = 0;

	*at = HEAD;
	*last = 0;
	while (*at < end) {
		r = record_at(p, *at, end, *last);
		if (!r)
			break;
		*last = r->ts;
		*at += r->size;
		n++;
	}
	return n;
}

enum packet_state packet_cut(struct ptdbg_packet *p, size_t have,
			     size_t page_size)
{
	enum packet_state state = PACKET_WHOLE;
	size_t content = p->content_size / 8, end = content, at;
	u64 last;
	u32 n;

	if (have < end) {
		state = PACKET_TORN;
		end = have & ~7UL;
	}
	n = walk(p, end, &at, &last);
	if (at < end && have >= content) {
		state = PACKET_TORN;
		/* the page it is in, as if it was not there */
		n = walk(p, at & ~(page_size - 1), &at, &last);
	}
	/* ptdbg_ring_commit() counts a record before it shows it */
	if (state == PACKET_WHOLE && p->records == n + 1)
		state = PACKET_HALF;
	/* turn() empties a packet before it sets the number to 0 */
	else if (state == PACKET_WHOLE && !n && p->records)
		state = PACKET_HALF;
	else if (state == PACKET_WHOLE && p->records != n)
		state = PACKET_TORN;
	p->records = n;
	if (n) {
		p->ts_begin = ((const struct ptdbg_record *)(p + 1))->ts;
		p->ts_end = last;
	}
	p->content_size = 8 * at;
	p->packet_size = 8 * at;
	p->sum = ptdbg_packet_sum(p);
	return state;
}
