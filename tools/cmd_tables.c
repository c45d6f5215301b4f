// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg tables: the page-table pages of a process, now; or those that the records
 * of a recording tell of.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/entry.h"
#include "knobs.h"
#include "number.h"
#include "out.h"
#include "ptdbg.h"
#include "reader.h"
#include "say.h"

/**
 * struct table - a table page of a recording
 * @pfn: where it is
 * @seen: records that it is in; 0: a free place
 * @fresh: of these, those during which it came to be
 * @breaches: of these, those where it broke a region rule
 * @level: 0 is the root
 * @at: as the last record shows it
 */
struct table {
	u64 pfn;
	u64 seen;
	u64 fresh;
	u64 breaches;
	unsigned int level;
	struct ptdbg_table at;
};

/* A hash table; it grows with the table pages there are, not with the records. */
struct tables {
	struct table *t;
	size_t places;
	size_t used;
};

static size_t place_of(const struct tables *s, u64 pfn, unsigned int level)
{
	size_t i = (pfn * PTDBG_MAX_LEVELS + level) * 0x9e3779b97f4a7c15ULL >> 20;

	for (i %= s->places; s->t[i].seen; i = (i + 1) % s->places) {
		if (s->t[i].pfn == pfn && s->t[i].level == level)
			break;
	}
	return i;
}

static bool grow(struct tables *s)
{
	struct tables more = { .places = s->places ? 2 * s->places : 4096 };
	size_t i;

	more.t = calloc(more.places, sizeof(*more.t));
	if (!more.t)
		return false;
	for (i = 0; i < s->places; i++) {
		if (s->t[i].seen)
			more.t[place_of(&more, s->t[i].pfn, s->t[i].level)] = s->t[i];
	}
	more.used = s->used;
	free(s->t);
	*s = more;
	return true;
}

static bool add(struct tables *s, u64 pfn, unsigned int level,
		const struct ptdbg_view *v)
{
	struct table *t;

	if (2 * s->used >= s->places && !grow(s))
		return false;
	t = &s->t[place_of(s, pfn, level)];
	if (!t->seen) {
		t->pfn = pfn;
		t->level = level;
		s->used++;
	}
	t->seen++;
	t->fresh += v->chain->fresh >> level & 1;
	t->breaches += v->chain->breach >> level & 1;
	t->at = v->table[level];
	return true;
}

/* The table pages of a chain: the root, and what each entry leads to. */
static bool add_chain(struct tables *s, const struct ptdbg_mode *m,
		      const struct ptdbg_view *v)
{
	u64 pfn = v->chain->root >> m->page_shift;
	struct ptdbg_entry e;
	unsigned int i;

	for (i = 0; i < v->chain->after_n && i < m->levels; i++) {
		if (!add(s, pfn, i, v))
			return false;
		ptdbg_entry_decode(m, i, v->after[i], &e);
		pfn = e.pfn;
	}
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct table *x = a, *y = b;

	/* free places to the end */
	if (!x->seen || !y->seen)
		return !x->seen - !y->seen;
	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	return x->pfn < y->pfn ? -1 : x->pfn > y->pfn;
}

static void show(const struct reader *rd, struct tables *s)
{
	const struct ptdbg_mode *m = &rd->meta.trace.layout.mode;
	u64 pages[PTDBG_MAX_LEVELS] = { 0 };
	const struct table *t;
	size_t i;

	if (s->used)
		qsort(s->t, s->places, sizeof(*s->t), by_place);
	for (i = 0; i < s->used; i++)
		pages[s->t[i].level]++;
	printf("# table pages in the records: %zu\n", s->used);
	for (i = 0; i < m->levels; i++)
		printf("# %s %llu\n", ptdbg_level_name(m, i), pages[i]);
	for (i = 0; i < s->used; i++) {
		t = &s->t[i];
		printf("%s pfn %llx %s node %u records %llu", ptdbg_level_name(m, t->level),
		       t->pfn, t->at.where == PTDBG_WHERE_RAM ?
		       ptdbg_zone_name(&rd->meta.trace, t->at.zone) :
		       ptdbg_where_name(t->at.where), t->at.node, t->seen);
		if (t->fresh)
			printf(" new %llu", t->fresh);
		if (t->at.rule > 0)
			printf(" rule %d", t->at.rule);
		if (t->breaches)
			printf(" !region %llu", t->breaches);
		printf("\n");
	}
}

static int of_recording(const char *dir)
{
	struct reader *rd = reader_open(dir);
	struct tables s = { 0 };
	bool good = true;
	struct event e;

	if (!rd)
		return EXIT_FAILED;
	while (good && reader_next(rd, &e)) {
		if (e.known && e.v.r->id != PTDBG_FREE)
			good = add_chain(&s, &rd->meta.trace.layout.mode, &e.v);
	}
	if (good)
		show(rd, &s);
	else
		say("no memory for %zu table pages", s.used);
	reader_say_missing(rd);
	reader_close(rd);
	free(s.t);
	return good ? EXIT_OK : EXIT_FAILED;
}

int cmd_tables(int argc, char **argv)
{
	u64 pid;

	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		printf("usage: ptdbg tables PID\n"
		       "       ptdbg tables DIR\n\n"
		       "Lists the page-table pages of a process as they are now, by level, with their\n"
		       "place and the region rule that is for them; or those that the records of the\n"
		       "recording DIR tell of, with the number of records and how often they were new.\n");
		return EXIT_OK;
	}
	if (argc != 2)
		return wrong("give a PID or the directory of a recording");
	if (parse_number(argv[1], 10, 0x7fffffff, NULL, &pid))
		return knob_ask("tables", argv[1]);
	return of_recording(argv[1]);
}
