// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which of the packets that were found are those of the ring, and what of them is
 * good.
 *
 * The same packet may be there more than once: in the buffers of readers, also
 * those that were given back and overwritten in part, and in recordings.  Those
 * of recordings have a checksum and do not count; of copies with the same number
 * the one counts of which the most records are good; and what is older than the
 * oldest packet that the ring can hold is a copy of what it has forgotten.
 *
 * That is reckoned from the newest packet, so whether that can be the newest is
 * asked of the others first: one damaged number would make copies of them all.
 */
#include <stdlib.h>

#include "carve.h"

#define HEAD		sizeof(struct ptdbg_packet)
/* A packet is read that often to find its best copy. */
#define COPIES		16
/* Packets that are asked about the newest, and newest ones that are refused. */
#define VOTES		64
#define ODD		16
/* Packets between two that are there, where nobody knows the size of the ring. */
#define GAP		1024

static int by_place(const void *a, const void *b)
{
	const struct carve_packet *x = a, *y = b;

	if (x->trace != y->trace)
		return x->trace < y->trace ? -1 : 1;
	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	/* the most records first */
	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* Two packets of one number that are not one packet at two times */
static bool contradict(const struct carve_packet *a, const struct carve_packet *b)
{
	return a->records && b->records &&
	       (a->first != b->first || a->begin != b->begin);
}

/* Read a packet, and cut it to its good records: false when it is none. */
static bool get_packet(struct carve *c, const struct carve_packet *k,
		       enum packet_state *state, u32 *told)
{
	const struct carve_trace *t = &c->trace[k->trace];
	struct ptdbg_packet *p = c->buf;
	size_t have = image_read(c->img, k->at, p, k->bytes);

	/* it can be memory that is in use */
	if (have < HEAD || !packet_plausible(p) || p->content_size / 8 != k->bytes ||
	    p->cpu != k->cpu || memcmp(p->uuid, t->uuid, 16))
		return false;
	*told = p->records;
	*state = packet_cut(p, have, t->page_size);
	return true;
}

/* How many records can be had of a packet */
static u32 good_records(struct carve *c, const struct carve_packet *k)
{
	enum packet_state state;
	u32 told;

	return get_packet(c, k, &state, &told) ? c->buf->records : 0;
}

/* Of the packets from @from on that have one number, the best goes to @k. */
static size_t pick(struct carve *c, size_t from, size_t end, struct carve_packet *k)
{
	u32 best = 0, got;
	size_t i;

	*k = c->packet[from];
	for (i = from + 1; i < end && c->packet[i].seq == k->seq; i++) {
		if (i == from + 1)
			best = good_records(c, k);
		got = i - from < COPIES ? good_records(c, &c->packet[i]) : 0;
		if (got > best) {
			best = got;
			*k = c->packet[i];
		}
	}
	c->trace[k->trace].copies += i - from - 1;
	return i;
}

/* May @b come after @a in the ring of a CPU? */
static bool agree(const struct carve_packet *a, const struct carve_packet *b)
{
	u64 next = a->first + a->records;

	return (b->seq == a->seq + 1 ? b->first == next : b->first >= next) &&
	       b->begin >= a->end && b->discarded >= a->discarded;
}

/* As many packets as lie between the two have about as many records at least. */
static bool near(const struct carve_packet *a, const struct carve_packet *b)
{
	return agree(a, b) &&
	       b->seq - a->seq - 1 <= 2 * (b->first - a->first - a->records) + GAP;
}

/* Most packets before @k, which are @k[-1] to @from, say that it is not the newest. */
static bool outvoted(const struct carve_packet *from, const struct carve_packet *k)
{
	const struct carve_packet *x;
	unsigned int votes = 0;
	int sum = 0;

	for (x = k - 1; x >= from && x->seq && votes < VOTES; x--) {
		if (x->seq == k->seq || !x->records)
			continue;
		sum += near(x, k) ? 1 : -1;
		votes++;
	}
	return sum < 0;
}

/*
 * More than half of a ring, and more packets than are within a ring's size of @k,
 * are together somewhere before.
 */
static bool outnumbered(const struct carve_packet *from,
			const struct carve_packet *k, u32 ring)
{
	const struct carve_packet *tail = from, *x;
	u64 best = 0, n = 0;

	for (x = from; x <= k; x++) {
		if (!x->seq || (x > from && x[-1].seq == x->seq))
			continue;
		for (n++; x->seq - tail->seq >= ring; tail++)
			n -= tail->seq && tail[1].seq != tail->seq;
		if (k->seq - x->seq >= ring && best < n)
			best = n;
	}
	return best > n && 2 * best > ring;
}

/* Is the number of @k, the highest, one that it can't have? */
static bool odd(const struct carve_packet *from, const struct carve_packet *k,
		u32 ring)
{
	const struct carve_packet *x = k;

	while (x > from && x->seq == k->seq)
		x--;
	if (!x->seq || x->seq == k->seq)
		return false;
	if (!k->records)
		return k->seq - x->seq > (ring ? ring : GAP);
	return outvoted(from, k) || (ring && outnumbered(from, k, ring));
}

/* Leave out what can't be the newest of these packets.  Return: their new end. */
static size_t trim(struct carve *c, size_t from, size_t end)
{
	struct carve_trace *t = &c->trace[c->packet[from].trace];
	const struct carve_packet *k;
	unsigned int i;

	for (i = 0; i < ODD; i++) {
		k = &c->packet[end - 1];
		if (!odd(&c->packet[from], k, t->ring))
			break;
		t->torn++;
		/* the number of its records may be as wrong */
		if (k->records <= k->bytes / sizeof(struct ptdbg_record))
			t->cut += k->records;
		end--;
	}
	return end;
}

/*
 * The packets of one CPU of one trace, c->packet[from] to [end - 1]: those that
 * count go to c->packet[to] and on.  @doubt: no packet from this time on counts.
 * Return: the next place.
 */
static size_t settle_cpu(struct carve *c, size_t from, size_t end, size_t to,
			 u64 doubt)
{
	struct carve_trace *t = &c->trace[c->packet[from].trace];
	u64 newest, oldest = 0, slots = 0;
	struct carve_packet k;
	size_t first = to, i;

	/* of two machines, the one outvotes the other */
	if (doubt == ~0ULL)
		end = trim(c, from, end);
	newest = c->packet[end - 1].seq;
	if (t->ring && newest > t->ring)
		oldest = newest - t->ring + 1;
	for (i = from; i < end;) {
		k = c->packet[i];
		if (!k.seq) {
			slots++;
			i++;
			continue;
		}
		if (k.seq < oldest) {
			t->copies++;
			i++;
			continue;
		}
		slots++;
		if (k.records && k.begin >= doubt) {
			t->clones++;
			i++;
			continue;
		}
		i = pick(c, i, end, &k);
		c->packet[to++] = k;
	}
	if (t->ring && slots < t->ring)
		t->missing += t->ring - slots;
	else if (!t->ring && to > first)
		t->missing += newest - c->packet[first].seq + 1 - (to - first);
	return to;
}

void carve_settle(struct carve *c)
{
	u64 doubt[CARVE_TRACES];
	size_t i, from, to = 0;
	struct carve_packet *k;

	memset(doubt, 0xff, sizeof(doubt));
	if (c->nr)
		qsort(c->packet, c->nr, sizeof(*c->packet), by_place);
	/* a snapshot that was run twice has the same trace up to there only */
	for (i = 1; i < c->nr; i++) {
		k = &c->packet[i];
		if (k[-1].trace == k->trace && k[-1].cpu == k->cpu &&
		    k->seq && k[-1].seq == k->seq && contradict(&k[-1], k)) {
			if (doubt[k->trace] > k[-1].begin)
				doubt[k->trace] = k[-1].begin;
			if (doubt[k->trace] > k->begin)
				doubt[k->trace] = k->begin;
		}
	}
	for (from = 0; from < c->nr; from = i) {
		k = &c->packet[from];
		for (i = from + 1; i < c->nr; i++) {
			if (c->packet[i].trace != k->trace ||
			    c->packet[i].cpu != k->cpu)
				break;
		}
		to = settle_cpu(c, from, i, to, doubt[k->trace]);
	}
	c->nr = to;
}

/* A head that fits neither the packet before nor the one behind is damaged. */
static bool lonely(const struct carve *c, const struct carve_packet *k)
{
	const struct carve_packet *before = k - 1, *behind = k + 1;
	bool any = false;

	if (k > c->packet && before->trace == k->trace &&
	    before->cpu == k->cpu && before->records) {
		if (agree(before, k))
			return false;
		any = true;
	}
	if (behind < c->packet + c->nr && behind->trace == k->trace &&
	    behind->cpu == k->cpu && behind->records) {
		if (agree(k, behind))
			return false;
		any = true;
	}
	return any;
}

/* Does @p come after c->before, if that is of the same CPU? */
static bool follows(const struct carve *c, const struct ptdbg_packet *p)
{
	const struct ptdbg_packet *b = &c->before;

	return memcmp(b->uuid, p->uuid, 16) || b->cpu != p->cpu || !b->records ||
	       (p->first >= b->first + b->records && p->ts_begin >= b->ts_end &&
		p->discarded >= b->discarded);
}

const struct ptdbg_packet *carve_packet(struct carve *c,
					const struct carve_packet *k)
{
	struct carve_trace *t = &c->trace[k->trace];
	struct ptdbg_packet *p = c->buf;
	enum packet_state state;
	u32 told;

	if (!get_packet(c, k, &state, &told)) {
		t->torn++;
		return NULL;
	}
	if (p->records && (lonely(c, k) || !follows(c, p))) {
		state = PACKET_TORN;
		p->records = 0;
	}
	t->half += state == PACKET_HALF;
	t->torn += state == PACKET_TORN;
	if (state == PACKET_TORN && told > p->records)
		t->cut += told - p->records;
	if (!p->records)
		return NULL;
	t->packets++;
	t->records += p->records;
	if (memcmp(c->before.uuid, p->uuid, 16) || c->before.cpu != p->cpu ||
	    !t->cpus)
		t->cpus++;
	if (t->last < p->ts_end)
		t->last = p->ts_end;
	c->before = *p;
	return p;
}

