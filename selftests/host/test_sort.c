// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records sorted in less memory than there are records: by every key, in runs
 * that go through a file, against the order that qsort() gives.
 */
#include <errno.h>
#include <stdlib.h>

#include "../../tools/sort.h"
#include "recording.h"
#include "tap.h"

#define DIR	BUILD "/sort"
#define RECORDS	5000

/* What was recorded, in the order of time */
static union fix_record made[RECORDS];
static const char *key;

static bool make(void)
{
	static struct rec_stream s[3];
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	u64 state = 11, ts = 1000;
	unsigned int i;
	bool good;

	good = rec_begin(DIR, &t);
	for (i = 0; good && i < ARRAY_SIZE(s); i++)
		good = rec_open(&s[i], DIR, i, 0, 3000);
	for (i = 0; good && i < RECORDS; i++) {
		ts += 1 + rec_random(&state) % 1000;
		rec_fill(&made[i], 1 + rec_random(&state) % 5, ts, &state);
		rec_add(&s[rec_random(&state) % ARRAY_SIZE(s)], &made[i].r);
	}
	for (i = 0; good && i < ARRAY_SIZE(s); i++)
		good = rec_close(&s[i]);
	return good;
}

static int compare(const void *a, const void *b)
{
	const union fix_record *x = a, *y = b;
	u64 p = 0, q = 0;
	int by = 0;

	if (!strcmp(key, "duration")) {
		/* the longest first, and what has none behind */
		p = x->r.id == PTDBG_FAULT ? ~0U - x->fault.duration : ~0ULL;
		q = y->r.id == PTDBG_FAULT ? ~0U - y->fault.duration : ~0ULL;
	} else if (!strcmp(key, "addr")) {
		p = x->r.addr;
		q = y->r.addr;
	} else if (!strcmp(key, "pid")) {
		p = x->r.pid;
		q = y->r.pid;
	} else if (!strcmp(key, "comm")) {
		by = strcmp(x->r.comm, y->r.comm);
	}
	if (by)
		return by;
	if (p != q)
		return p < q ? -1 : 1;
	return x->r.ts < y->r.ts ? -1 : 1;
}

/**
 * struct check - sorted records against those that are wanted
 * @want: in order
 * @nr: seen
 * @wrong: of them
 */
struct check {
	union fix_record want[RECORDS];
	unsigned int nr;
	unsigned int wrong;
};

static bool take(const struct event *e, void *data)
{
	struct check *c = data;

	if (c->nr >= RECORDS ||
	    memcmp(e->v.r, &c->want[c->nr], c->want[c->nr].r.size))
		c->wrong++;
	c->nr++;
	return true;
}

static void test_key(const char *name, u32 max)
{
	static struct check c;
	struct reader *rd = reader_open(DIR);
	struct sorter *s = sort_begin(name, max);
	struct event e;
	bool good = true;

	key = name;
	memcpy(c.want, made, sizeof(made));
	qsort(c.want, RECORDS, sizeof(*c.want), compare);
	c.nr = 0;
	c.wrong = 0;
	if (!ok(rd && s, "sort by %s, %u in memory", name, max))
		return;
	while (good && reader_next(rd, &e))
		good = sort_add(s, rd, &e);
	good = good && sort_each(s, rd, take, &c);
	ok(good && c.nr == RECORDS && !c.wrong, "%u records, %u in the wrong place",
	   c.nr, c.wrong);
	sort_end(s);
	reader_close(rd);
}

int main(void)
{
	static const char *const keys[] = {
		"time", "duration", "addr", "pid", "comm",
	};
	unsigned int i;

	tap_begin();
	if (!ok(make(), "a recording is made"))
		return tap_end();
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		test_key(keys[i], SORT_ITEMS);
		test_key(keys[i], RECORDS);
		test_key(keys[i], RECORDS - 1);
		test_key(keys[i], 100);
	}
	return tap_end();
}
