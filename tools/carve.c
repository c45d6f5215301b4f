// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks for two magics: that of a packet and that of the metadata, each with the
 * UUID of its trace behind it.  Both begin a block of 64 KiB that is aligned to
 * its size in physical memory, so that of all other pages nothing need be read;
 * in raw memory, of which nobody knows where it begins, every page is looked at,
 * and if nothing is found, every word.
 *
 * What is found is put in order by settle.c.
 */
#include <stdlib.h>

#include "carve.h"
#include "say.h"
#include "stream.h"

#define HEAD		sizeof(struct ptdbg_packet)
#define WORD		8

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
