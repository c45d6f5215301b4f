// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sorts places, not records: 32 bytes for each record.  A bounded number of them
 * is sorted in memory at a time; more go as sorted runs to a temporary file, and
 * are merged at the end through the same memory.  The records are then read once
 * more, each where it is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"
#include "sort.h"

#define FIRST_ITEMS	1024U
#define MAX_RUNS	4096U

/**
 * struct item - where a record is
 * @key: it is sorted by this
 * @order: in time, for equal keys
 * @offset: in its file
 * @stream: index of its file
 * @size: of the record
 */
struct item {
	u64 key;
	u64 order;
	u64 offset;
	u32 stream;
	u32 size;
};

/* A sorted part of the temporary file, on its way through the merge. */
struct run {
	u64 at;			/* items */
	u64 end;
	struct item *item;	/* its share of the memory */
	u32 have;
	u32 next;
};

/**
 * struct sorter - a sort at work
 * @key: of a record
 * @item: what is not in @file
 * @nr: items in @item
 * @room: items that @item has room for
 * @max: that it may ever have
 * @total: items taken
 * @file: sorted runs
 * @run: where they are in @file
 * @nr_runs: in use
 * @share: items of a run that are in memory during the merge
 * @failed: reading @file did
 */
struct sorter {
	u64 (*key)(const struct event *e);
	struct item *item;
	u32 nr;
	u32 room;
	u32 max;
	u64 total;
	FILE *file;
	struct run run[MAX_RUNS];
	u32 nr_runs;
	u32 share;
	bool failed;
};

static u64 by_time(const struct event *e)
{
	return e->v.r->ts;
}

static u64 by_duration(const struct event *e)
{
	if (!e->known || e->v.r->id != PTDBG_FAULT)
		return ~0ULL;
	return ~0U - ((const struct ptdbg_fault *)e->v.r)->duration;
}

static u64 by_addr(const struct event *e)
{
	return e->v.r->addr;
}

static u64 by_pid(const struct event *e)
{
	return (u64)e->v.r->tgid << 32 | e->v.r->pid;
}

/* The first eight characters, as the alphabet has them */
static u64 by_comm(const struct event *e)
{
	u64 key = 0;
	int i;

	for (i = 0; i < 8; i++)
		key = key << 8 | (u8)e->v.r->comm[i];
	return key;
}

static const struct {
	const char *name;
	u64 (*key)(const struct event *e);
} keys[] = {
	{ "time", by_time },
	{ "duration", by_duration },
	{ "addr", by_addr },
	{ "pid", by_pid },
	{ "comm", by_comm },
};

struct sorter *sort_begin(const char *name, u32 max)
{
	struct sorter *s;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!strcmp(name, keys[i].name))
			break;
	}
	if (i == ARRAY_SIZE(keys)) {
		wrong("--sort %s: there are time, duration, addr, pid and comm", name);
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (!s) {
		say("no memory to sort");
		return NULL;
	}
	s->key = keys[i].key;
	s->max = max;
	return s;
}

void sort_end(struct sorter *s)
{
	if (!s)
		return;
	if (s->file)
		fclose(s->file);
	free(s->item);
	free(s);
}

static int compare(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The items in memory become a run in the file. */
static bool spill(struct sorter *s)
{
	struct run *r = &s->run[s->nr_runs];

	if (s->nr_runs == MAX_RUNS) {
		say("too many records to sort; --since and --until choose some");
		return false;
	}
	if (!s->file)
		s->file = tmpfile();
	if (!s->file ||
	    fwrite(s->item, sizeof(*s->item), s->nr, s->file) != s->nr) {
		say("no temporary file to sort in: %s", strerror(errno));
		return false;
	}
	r->at = s->total - s->nr;
	r->end = s->total;
	s->nr_runs++;
	s->nr = 0;
	return true;
}

/* Have room for one more. */
static bool grow(struct sorter *s)
{
	u32 room = s->room ? 2 * s->room : FIRST_ITEMS;
	struct item *more;

	if (s->nr < s->room)
		return true;
	if (s->room == s->max) {
		qsort(s->item, s->nr, sizeof(*s->item), compare);
		return spill(s);
	}
	room = room < s->max ? room : s->max;
	more = realloc(s->item, room * sizeof(*more));
	if (!more) {
		say("no memory to sort");
		return false;
	}
	s->item = more;
	s->room = room;
	return true;
}

bool sort_add(struct sorter *s, const struct reader *rd, const struct event *e)
{
	struct item *i;

	if (!grow(s))
		return false;
	i = &s->item[s->nr++];
	i->key = s->key(e);
	i->order = s->total++;
	i->offset = e->offset;
	i->stream = e->stream - rd->stream;
	i->size = e->v.r->size;
	return true;
}

/* The next item of a run; NULL: it is used up, or unreadable. */
static const struct item *peek(struct sorter *s, struct run *r)
{
	u64 n = r->end - r->at;

	if (r->next < r->have)
		return &r->item[r->next];
	if (!n)
		return NULL;
	if (n > s->share)
		n = s->share;
	if (fseeko(s->file, r->at * sizeof(*r->item), SEEK_SET) ||
	    fread(r->item, sizeof(*r->item), n, s->file) != n) {
		say("the temporary file can't be read: %s", strerror(errno));
		s->failed = true;
		r->at = r->end;
		return NULL;
	}
	r->at += n;
	r->have = n;
	r->next = 0;
	return r->item;
}

/* The least of all runs; NULL at the end. */
static const struct item *least(struct sorter *s)
{
	const struct item *i, *best = NULL;
	struct run *of = NULL;
	u32 n;

	for (n = 0; n < s->nr_runs; n++) {
		i = peek(s, &s->run[n]);
		if (i && (!best || compare(i, best) < 0)) {
			best = i;
			of = &s->run[n];
		}
	}
	if (of)
		of->next++;
	return best;
}

/* Divide the memory among the runs. */
static bool share_out(struct sorter *s)
{
	u32 n;

	s->share = s->max / s->nr_runs;
	if (!s->share) {
		say("too many records to sort; --since and --until choose some");
		return false;
	}
	for (n = 0; n < s->nr_runs; n++)
		s->run[n].item = s->item + n * s->share;
	return true;
}

/* Read a record once more. */
static bool fetch(const struct reader *rd, const struct item *i,
		  struct event *e, u64 *buf)
{
	struct stream *s = &rd->stream[i->stream];
	struct ptdbg_record *r = (struct ptdbg_record *)buf;
	ssize_t n = pread(s->fd, buf, i->size, i->offset);

	if (n != i->size || r->size != i->size) {
		say("%s has changed while it was read", s->path);
		return false;
	}
	e->cpu = s->cpu;
	e->stream = s;
	e->offset = i->offset;
	e->known = ptdbg_view(r, r->size, &e->v);
	e->v.r = r;
	return true;
}

bool sort_each(struct sorter *s, const struct reader *rd,
	       bool (*fn)(const struct event *e, void *data), void *data)
{
	/* a record has a size of 16 bits */
	static u64 buf[65536 / 8];
	const struct item *i;
	struct event e;
	u32 n;

	if (s->nr)
		qsort(s->item, s->nr, sizeof(*s->item), compare);
	if (!s->nr_runs) {
		for (n = 0; n < s->nr; n++) {
			if (!fetch(rd, &s->item[n], &e, buf))
				return false;
			if (!fn(&e, data))
				break;
		}
		return true;
	}
	if ((s->nr && !spill(s)) || !share_out(s))
		return false;
	while ((i = least(s))) {
		if (!fetch(rd, i, &e, buf))
			return false;
		if (!fn(&e, data))
			break;
	}
	return !s->failed;
}
