// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg tables: the page-table pages of a process, now; or those that the records
 * of a recording tell of.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "knobs.h"
#include "number.h"
#include "out.h"
#include "ptdbg.h"
#include "say.h"
#include "tables.h"

/* The table pages of a record.  False: no memory. */
static bool add_chain(struct tables *s, const struct ptdbg_mode *m,
		      const struct ptdbg_view *v)
{
	u64 pfn[PTDBG_MAX_LEVELS];
	unsigned int n = tables_of(m, v, pfn), i;
	struct table *t;

	for (i = 0; i < n; i++) {
		t = tables_get(s, pfn[i], i);
		if (!t)
			return false;
		tables_count(t, v);
	}
	return true;
}

static void show(const struct reader *rd, struct tables *s)
{
	const struct ptdbg_mode *m = &rd->meta.trace.layout.mode;
	u64 pages[PTDBG_MAX_LEVELS] = { 0 };
	const struct table *t;
	size_t i;

	tables_sort(s);
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
