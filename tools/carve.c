// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks for two magics: that of a packet and that of the metadata, each with the
 * UUID of its trace behind it.  Both begin a block of 64 KiB that is aligned to
 * its size in physical memory, so that of all other pages nothing need be read;
 * in raw memory, of which nobody knows where it begins, every page is looked at,
 * and if nothing is found, every word.
 *
 * The same packet may be there more than once: in the buffers of readers, also
 * those that were given back and overwritten in part, and in recordings.  Those
 * of recordings have a checksum and do not count; of copies with the same number
 * the one counts of which the most records are good; and what is older than the
 * oldest packet that the ring can hold is a copy of what it has forgotten.
 */
#include <stdlib.h>

#include "carve.h"
#include "say.h"
#include "stream.h"

#define HEAD		sizeof(struct ptdbg_packet)
#define WORD		8
/* A packet is read that often to find its best copy. */
#define COPIES		16

static struct carve_trace *trace_of(struct carve *c, const u8 uuid[16])
{
	struct carve_trace *t;
	unsigned int i;

	for (i = 0; i < c->nr_traces; i++) {
		if (!memcmp(c->trace[i].uuid, uuid, 16))
			return &c->trace[i];
	}
	if (c->nr_traces == CARVE_TRACES) {
		c->over++;
		return NULL;
	}
	t = &c->trace[c->nr_traces++];
	memset(t, 0, sizeof(*t));
	memcpy(t->uuid, uuid, 16);
	t->page_size = 4096;
	return t;
}

static bool add_packet(struct carve *c, const struct ptdbg_packet *p, u64 at)
{
	struct carve_trace *t = trace_of(c, p->uuid);
	struct carve_packet *more;

	if (!t)
		return true;
	if (c->nr == CARVE_PACKETS) {
		c->over++;
		return true;
	}
	if (!(c->nr & (c->nr - 1))) {
		more = realloc(c->packet, (c->nr ? 2 * c->nr : 1) * sizeof(*more));
		if (!more) {
			say("no memory for %zu packets", c->nr);
			return false;
		}
		c->packet = more;
	}
	c->packet[c->nr++] = (struct carve_packet){
		.at = at,
		.seq = p->seq,
		.first = p->first,
		.begin = p->ts_begin,
		.end = p->ts_end,
		.discarded = p->discarded,
		.records = p->content_size > 8 * HEAD ? p->records : 0,
		.bytes = p->content_size / 8,
		.trace = t - c->trace,
		.cpu = p->cpu,
	};
	return true;
}

/* The bytes at @at begin as a packet does. */
static bool look_packet(struct carve *c, u64 at)
{
	struct ptdbg_packet p;
	struct carve_trace *t;

	if (image_read(c->img, at, &p, sizeof(p)) < sizeof(p)) {
		c->odd++;
		return true;
	}
	if (packet_plausible(&p))
		return add_packet(c, &p, at);
	t = p.sum ? trace_of(c, p.uuid) : NULL;
	if (t)
		t->copies++;
	else
		c->odd++;
	return true;
}

/* Understand @text; it stays with the trace if it is good, or nothing better is there. */
static bool take_text(struct carve_trace *t, const char *text, size_t bytes)
{
	struct meta *m = calloc(1, sizeof(*m));
	const char *why;

	if (!m) {
		say("no memory for the metadata");
		return false;
	}
	memcpy(m->text, text, bytes);
	why = meta_parse(m, bytes);
	if (!why && memcmp(m->uuid, t->uuid, 16))
		why = "it is of another trace";
	free(t->why);
	t->why = NULL;
	if (why) {
		t->why = strdup(why);
	} else {
		free(t->text);
		t->text = strndup(text, bytes);
		t->bytes = bytes;
		t->page_size = PTDBG_BIT(m->trace.layout.mode.page_shift);
		t->ring = m->trace.ring_packets;
	}
	free(m);
	return why || t->text;
}

/* The bytes at @at begin as the metadata does. */
static bool look_metadata(struct carve *c, u64 at)
{
	const size_t head = offsetof(struct ptdbg_metadata_packet, text);
	struct ptdbg_metadata_packet *h = (void *)c->buf;
	struct carve_trace *t;
	size_t have, bytes;

	have = image_read(c->img, at, h, head + PTDBG_METADATA_MAX - 1);
	bytes = have < head ? 0 : h->content_size / 8;
	if (have < head || h->content_size % 8 || bytes <= head ||
	    bytes >= head + PTDBG_METADATA_MAX || h->packet_size < h->content_size) {
		c->odd++;
		return true;
	}
	t = trace_of(c, h->uuid);
	if (!t || t->text)
		return true;
	if (have < bytes) {
		free(t->why);
		t->why = strdup("pages of it are missing from the image");
		return t->why;
	}
	h->text[bytes - head] = '\0';
	return take_text(t, h->text, bytes - head);
}

/* Look at all places of @step in @buf, @bytes of the image from @at on. */
static bool look(struct carve *c, const char *buf, size_t bytes, u64 at, u64 step)
{
	u32 magic;
	size_t i;

	for (i = 0; i + sizeof(magic) <= bytes; i += step) {
		memcpy(&magic, buf + i, sizeof(magic));
		if (magic == PTDBG_PACKET_MAGIC && !look_packet(c, at + i))
			return false;
		if (magic == PTDBG_METADATA_MAGIC && !look_metadata(c, at + i))
			return false;
	}
	return true;
}

static bool search(struct carve *c, u64 step)
{
	struct image *img = c->img;
	char *buf = malloc(img->chunk);
	bool good = buf;
	u64 at = 0, n;
	size_t got;

	if (!buf)
		say("no memory to read %s", img->path);
	while (good && (n = image_seek(img, &at, step))) {
		if (n > img->chunk)
			n = img->chunk;
		got = image_read(img, at, buf, n);
		/* a chunk is a multiple of a step, or less than one */
		good = look(c, buf, got, at, step);
		at += n > step ? n : step;
	}
	free(buf);
	return good;
}

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

/*
 * The packets of one CPU of one trace, c->packet[from] to [end - 1]: those that
 * count go to c->packet[to] and on.  @doubt: no packet from this time on counts.
 * Return: the next place.
 */
static size_t settle_cpu(struct carve *c, size_t from, size_t end, size_t to,
			 u64 doubt)
{
	struct carve_trace *t = &c->trace[c->packet[from].trace];
	u64 newest = c->packet[end - 1].seq, oldest = 0, slots = 0;
	struct carve_packet k;
	size_t first = to, i;

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

bool carve_metadata(struct carve *c, const char *text, size_t bytes,
		    const char *name)
{
	struct meta *m = calloc(1, sizeof(*m));
	const char *why = "there is no memory for it";
	unsigned int i;

	if (m) {
		memcpy(m->text, text, bytes);
		why = meta_parse(m, bytes);
	}
	if (why) {
		say("%s can't be read: %s", name, why);
		free(m);
		return false;
	}
	for (i = 0; i < c->nr_traces; i++) {
		if (!memcmp(c->trace[i].uuid, m->uuid, 16))
			break;
	}
	free(m);
	if (i < c->nr_traces)
		return take_text(&c->trace[i], text, bytes);
	say("%s is of another load of the module: no packet in %s has its UUID",
	    name, c->img->path);
	return false;
}

/* May @b come after @a in the ring of a CPU? */
static bool agree(const struct carve_packet *a, const struct carve_packet *b)
{
	u64 next = a->first + a->records;

	return (b->seq == a->seq + 1 ? b->first == next : b->first >= next) &&
	       b->begin >= a->end && b->discarded >= a->discarded;
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

struct carve *carve_open(struct image *img)
{
	struct carve *c = calloc(1, sizeof(*c));

	if (c)
		c->buf = malloc(STREAM_PACKET_MAX);
	if (!c || !c->buf) {
		say("no memory to read %s", img->path);
		free(c);
		return NULL;
	}
	c->img = img;
	if (!search(c, img->step) ||
	    (!c->nr_traces && !img->kdump && !search(c, WORD))) {
		carve_close(c);
		return NULL;
	}
	return c;
}

void carve_close(struct carve *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_traces; i++) {
		free(c->trace[i].text);
		free(c->trace[i].why);
	}
	free(c->packet);
	free(c->buf);
	free(c);
}
