// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows what ptdbg stat has counted: tables, histograms and lines of intervals, as
 * text or as JSON.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "histogram.h"
#include "json.h"
#include "json_count.h"
#include "out.h"
#include "stat.h"

/* On a terminal, the heading comes again after so many lines. */
#define SCREEN		20

const struct stat_table stat_tables[STAT_NR_TABLES] = {
	{ "process", STAT_BY_PROCESS, "process" },
	{ "vma", STAT_BY_VMA, "vma" },
	{ "kind", STAT_BY_KIND, "kind of vma" },
	{ "level", STAT_BY_LEVEL, "chain ends at" },
};

/* A copy of what is counted, to be sorted and shown. */
static struct count shown;

static void heading(const struct stat_show *s, const char *by)
{
	if (s->interval)
		printf("%10s ", "time");
	printf("%8s %8s %8s %9s %10s %6s %6s%s%s\n", "records", "a second",
	       "faults", "mean us", "max us", "new", "bad", *by ? "  " : "", by);
}

/* What a line of an interval begins with. */
static void show_time(struct stat_show *s)
{
	u64 ms = s->end / 1000000;

	if (!s->interval)
		return;
	printf("%6llu.%03llu ", ms / 1000, ms % 1000);
	s->shown++;
}

static void show_line(const struct count_line *l, u64 ns, const char *name)
{
	u64 mean = count_mean(l), us = ns / 1000;
	char rate[24] = "-";

	if (us)
		snprintf(rate, sizeof(rate), "%llu", l->records * 1000000 / us);
	printf("%8llu %8s %8llu %5llu.%03llu %6llu.%03llu %6llu %6llu  %s\n",
	       l->records, rate, l->faults, mean / 1000, mean % 1000,
	       l->max / 1000, l->max % 1000, l->fresh, l->bad, name);
}

static void add_json(struct stat_show *s, const struct count_line *l,
		     const struct count_sum *sum, const char *name)
{
	struct json_object *o = json_add_object(s->table, NULL);

	json_add_string(o, "name", name);
	json_add_line(o, l, s->ns);
	if (s->histograms)
		json_add_histograms(o, sum);
}

static void show_sum(struct stat_show *s, const struct count_sum *sum,
		     const char *name)
{
	const struct count_line *l = s->interval ? &sum->now : &sum->total;

	if (!l->records)
		return;
	if (s->json) {
		add_json(s, l, sum, name);
		return;
	}
	show_time(s);
	show_line(l, s->ns, name);
	if (!s->histograms || !l->faults)
		return;
	histogram_times(sum);
	histogram_results(sum);
	printf("\n");
}

/* The first lines of a table, and one for the rest. */
static void show_table(struct stat_show *s, struct count_table *t)
{
	struct count_sum *rest = &t->others, *sum;
	bool full = rest->total.records;
	char name[COUNT_NAME_MAX];
	unsigned int i, more = 0;

	count_sort(t, s->interval ? COUNT_BY_RATE : s->sort);
	for (i = 0; i < t->nr; i++) {
		sum = &t->entry[i].sum;
		if (i < s->lines) {
			count_name(&t->entry[i], s->names, false, name);
			show_sum(s, sum, name);
			continue;
		}
		more += !s->interval || sum->now.records;
		count_add(rest, sum);
	}
	snprintf(name, sizeof(name), "(%u%s others)", more,
		 full ? " or more" : "");
	show_sum(s, rest, name);
}

static void show_kinds(struct stat_show *s)
{
	unsigned int i;

	for (i = 0; i < PTDBG_NR_VMAKINDS; i++)
		show_sum(s, &shown.kind[i], ptdbg_vmakind_name(i));
	show_sum(s, &shown.kind[PTDBG_NR_VMAKINDS], "?");
}

static void show_levels(struct stat_show *s)
{
	const struct ptdbg_mode *m = &s->rd->meta.trace.layout.mode;
	unsigned int i;

	for (i = 0; i < m->levels; i++)
		show_sum(s, &shown.level[i], ptdbg_level_name(m, i));
	show_sum(s, &shown.level[PTDBG_MAX_LEVELS], "no walk");
}

static void show_by(struct stat_show *s, unsigned int by)
{
	switch (by) {
	case STAT_BY_PROCESS:
		show_table(s, &shown.process);
		break;
	case STAT_BY_VMA:
		show_table(s, &shown.vma);
		break;
	case STAT_BY_KIND:
		show_kinds(s);
		break;
	case STAT_BY_LEVEL:
		show_levels(s);
		break;
	}
}

static void show_verdicts(const struct count *c)
{
	unsigned int i;

	for (i = 0; i < PTDBG_NR_VERDICTS; i++) {
		if (c->verdict[i])
			printf("!! %-21s %10llu\n", ptdbg_verdict_name(i),
			       c->verdict[i]);
	}
}

static void add_verdicts(struct json_object *to, const struct count *c)
{
	unsigned int i;

	for (i = 0; i < PTDBG_NR_VERDICTS; i++) {
		if (c->verdict[i])
			json_add_number(to, ptdbg_verdict_name(i), c->verdict[i]);
	}
}

static void add_tables(struct stat_show *s, struct json_object *o)
{
	unsigned int i;

	count_copy(&shown, s->count);
	for (i = 0; i < STAT_NR_TABLES; i++) {
		if (s->by ? !(s->by & stat_tables[i].by) : s->interval)
			continue;
		s->table = json_add_array(o, stat_tables[i].name);
		show_by(s, stat_tables[i].by);
	}
}

static void all_as_json(struct stat_show *s)
{
	struct json_object *o = json_begin();

	json_add_number(o, "ns", s->ns);
	json_add_line(o, &s->count->all.total, s->ns);
	add_tables(s, o);
	json_add_histograms(o, &s->count->all);
	add_verdicts(json_add_object(o, "verdicts"), s->count);
	json_line(o);
	out_flush();
}

static void all_as_text(struct stat_show *s)
{
	const struct count_line *l = &s->count->all.total;
	u64 us = s->ns / 1000;
	unsigned int i;

	printf("%llu records in %llu.%06llu s", l->records, us / 1000000,
	       us % 1000000);
	if (us)
		printf(", %llu a second", l->records * 1000000 / us);
	printf("\n");
	count_copy(&shown, s->count);
	for (i = 0; i < STAT_NR_TABLES; i++) {
		if (s->by && !(s->by & stat_tables[i].by))
			continue;
		printf("\n");
		heading(s, stat_tables[i].heading);
		show_by(s, stat_tables[i].by);
	}
	if (s->by)
		return;
	printf("\n");
	histogram_times(&s->count->all);
	printf("\n");
	histogram_results(&s->count->all);
	show_verdicts(s->count);
}

void stat_show_all(struct stat_show *s)
{
	s->ns = s->count->last - s->count->first;
	if (s->json)
		all_as_json(s);
	else
		all_as_text(s);
}

static void interval_as_json(struct stat_show *s, u64 lost)
{
	struct json_object *o = json_begin();

	json_add_number(o, "time", s->end);
	json_add_number(o, "ns", s->ns);
	json_add_line(o, &s->count->all.now, s->ns);
	json_add_number(o, "lost", lost);
	add_tables(s, o);
	json_line(o);
}

static void interval_as_text(struct stat_show *s, u64 lost)
{
	if (!s->shown++)
		heading(s, s->by ? stat_tables[__builtin_ctz(s->by)].heading : "");
	if (s->by) {
		count_copy(&shown, s->count);
		show_by(s, s->by);
	} else {
		show_time(s);
		show_line(&s->count->all.now, s->ns, "all");
	}
	if (lost) {
		show_time(s);
		printf("%8llu lost: overwritten before they could be read\n", lost);
	}
	if (s->shown > SCREEN && isatty(STDOUT_FILENO))
		s->shown = 0;
}

bool stat_show_interval(struct stat_show *s, u64 end, u64 ns, u64 lost)
{
	s->end = end;
	s->ns = ns;
	if (s->json)
		interval_as_json(s, lost - s->lost);
	else
		interval_as_text(s, lost - s->lost);
	s->lost = lost;
	count_tick(s->count);
	return out_flush() && !fflush(stdout) && --s->left;
}
