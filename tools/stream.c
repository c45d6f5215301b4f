// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads packets and records, and trusts nothing that it reads: a packet counts
 * when its head makes sense and its checksum is right, a record when it lies in
 * its packet.  Where that does not hold, the reader says so and looks for the
 * next head.  Memory is one packet for each file, however long the file is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/sum.h"
#include "say.h"
#include "stream.h"

static const char cut_short[] = "it ends in the middle of a packet";

#define HEAD	sizeof(struct ptdbg_packet)
/* Magic and UUID: what a packet begins with */
#define MARK	offsetof(struct ptdbg_packet, stream_id)

int stream_open(struct stream *s, const char *path, unsigned int cpu,
		const u8 uuid[16])
{
	memset(s, 0, sizeof(*s));
	s->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return -errno;
	s->room = 256 * 1024;
	s->buf = malloc(s->room);
	if (!s->buf) {
		close(s->fd);
		return -ENOMEM;
	}
	s->cpu = cpu;
	s->path = path;
	s->uuid = uuid;
	return 0;
}

void stream_close(struct stream *s)
{
	free(s->buf);
	close(s->fd);
}

/* Have @bytes from s->at on in the buffer.  False: the file has not so many. */
static bool fill(struct stream *s, size_t bytes)
{
	ssize_t got;
	char *more;

	if (s->have - s->at >= bytes)
		return true;
	/* the packet comes to the front, where it is aligned */
	memmove(s->buf, s->buf + s->at, s->have - s->at);
	s->base += s->at;
	s->have -= s->at;
	s->at = 0;
	if (bytes > s->room) {
		more = realloc(s->buf, bytes);
		if (!more)
			return false;
		s->buf = more;
		s->room = bytes;
	}
	while (s->have < bytes) {
		got = read(s->fd, s->buf + s->have, s->room - s->have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			say("%s: %s", s->path, strerror(errno));
		if (got <= 0)
			return false;
		s->have += got;
	}
	return true;
}

static void report(struct stream *s, const char *why)
{
	if (s->hurt)
		return;
	say("file damaged at byte %llu of %s: %s", s->base + s->at, s->path, why);
	s->hurt = true;
	s->spots++;
}

/* What is wrong with a head; NULL: nothing. */
static const char *check_head(const struct stream *s,
			      const struct ptdbg_packet *p)
{
	if (p->magic != PTDBG_PACKET_MAGIC)
		return "no packet begins here";
	if (memcmp(p->uuid, s->uuid, sizeof(p->uuid)))
		return "a packet of another trace";
	if (p->stream_id || p->cpu != s->cpu)
		return "a packet of another CPU";
	if (p->packet_size % 64 || p->packet_size > 8ULL * STREAM_PACKET_MAX ||
	    p->content_size % 64 || p->content_size < 8 * HEAD ||
	    p->content_size > p->packet_size)
		return "a packet with a size that none has";
	if (p->ts_begin > p->ts_end)
		return "a packet that ends before it begins";
	return NULL;
}

/* Do the records of the packet at hand fill it, as many as it says? */
static const char *check_records(const struct ptdbg_packet *p)
{
	const char *at = (const char *)(p + 1);
	const char *end = (const char *)p + p->content_size / 8;
	const struct ptdbg_record *r;
	u64 last = p->ts_begin;
	u32 n = 0;

	for (; at < end; at += r->size, n++) {
		r = (const void *)at;
		if ((size_t)(end - at) < sizeof(*r) || r->size < sizeof(*r) ||
		    r->size % 8 || r->size > end - at)
			return "a record that does not fit its packet";
		if (r->ts < last || r->ts > p->ts_end)
			return "a record out of the order of time";
		last = r->ts;
	}
	return n == p->records ? NULL : "a packet with another number of records";
}

/* Go to the next place that looks like a head.  False: there is none. */
static bool search(struct stream *s)
{
	const u32 magic = PTDBG_PACKET_MAGIC;
	char mark[MARK], *found;

	memcpy(mark, &magic, sizeof(magic));
	memcpy(mark + sizeof(magic), s->uuid, 16);
	s->at++;
	for (;;) {
		if (!fill(s, MARK)) {
			s->at = s->have;
			return false;
		}
		found = memmem(s->buf + s->at, s->have - s->at, mark, MARK);
		if (found) {
			s->at = found - s->buf;
			return true;
		}
		s->at = s->have - MARK + 1;
	}
}

/*
 * What is missing between the packet before and this one: what the module says
 * is lost; the rest of the gap was in the file once.
 */
static void count(struct stream *s, const struct ptdbg_packet *p)
{
	u64 lost = p->lost - s->lost_before;

	if (s->begun) {
		s->lost += lost;
		s->damaged += p->first - s->number - lost;
	} else {
		s->lost = lost;
		s->missed_before = p->discarded - lost;
	}
	s->missed = p->discarded - p->lost - s->missed_before;
	s->lost_before = p->lost;
	s->number = p->first;
	s->begun = true;
	s->hurt = false;
}

/* Why the packet at s->at is none; NULL: it is one, and all of it is there. */
static const char *check_packet(struct stream *s)
{
	const struct ptdbg_packet *p;
	const char *why;

	if (!fill(s, HEAD))
		return cut_short;
	if ((uintptr_t)(s->buf + s->at) % 8) {
		/* behind a damaged part all may be shifted */
		memmove(s->buf, s->buf + s->at, s->have - s->at);
		s->base += s->at;
		s->have -= s->at;
		s->at = 0;
	}
	p = (const void *)(s->buf + s->at);
	why = check_head(s, p);
	if (why)
		return why;
	if (!fill(s, p->packet_size / 8))
		return cut_short;
	p = (const void *)(s->buf + s->at);
	if (p->sum != ptdbg_packet_sum(p))
		return "the checksum of the packet does not fit";
	why = check_records(p);
	if (why)
		return why;
	if (p->lost < s->lost_before || p->discarded < p->lost ||
	    (s->begun && (p->first < s->number ||
			  p->first - s->number < p->lost - s->lost_before)))
		return "a packet out of order";
	return NULL;
}

/* At the end of a file: is it the one that was recorded? */
static void compare(struct stream *s)
{
	if (s->base + s->at < s->expect)
		report(s, "it ends here, but more was recorded");
	else if (s->base + s->at > s->expect)
		report(s, "it is longer than what was recorded");
	else if (!s->spots && (s->records != s->expect_records ||
			       s->lost != s->expect_lost))
		report(s, "it has other records than were recorded");
}

/* Step into the next good packet. */
static bool next_packet(struct stream *s)
{
	const struct ptdbg_packet *p;
	const char *why;

	s->at = s->next;
	while (fill(s, 1)) {
		why = check_packet(s);
		if (!why) {
			p = (const void *)(s->buf + s->at);
			count(s, p);
			s->end = s->at + p->content_size / 8;
			s->next = s->at + p->packet_size / 8;
			s->at += HEAD;
			return true;
		}
		/* the rest of it is still to be written */
		if (why == cut_short && s->grows)
			break;
		report(s, why);
		if (!search(s))
			break;
	}
	if (s->expected)
		compare(s);
	s->expected = false;
	s->next = s->at;
	s->end = s->at;
	return false;
}

const struct ptdbg_packet *stream_packet(struct stream *s)
{
	const struct ptdbg_packet *p;

	if (!next_packet(s))
		return NULL;
	p = (const void *)(s->buf + s->at - HEAD);
	s->at = s->end;
	s->number += p->records;
	s->records += p->records;
	return p;
}

const struct ptdbg_record *stream_next(struct stream *s)
{
	if (s->r) {
		s->at += s->r->size;
		s->number++;
	}
	s->r = NULL;
	while (s->at == s->end) {
		if (!next_packet(s))
			return NULL;
	}
	s->records++;
	s->r = (const void *)(s->buf + s->at);
	return s->r;
}
