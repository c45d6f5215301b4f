// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg stat: a recording in numbers: by process, by kind of vma, by level; the
 * times that faults took, and how they ended.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "place.h"
#include "ptdbg.h"
#include "reader.h"
#include "say.h"

/* Powers of two of nanoseconds: the last takes all that took longer. */
#define BUCKETS		32
/* Processes that are told apart; the rest is one line. */
#define TASKS		1024
#define SHOWN		20

/**
 * struct line - a line of a table
 * @records: all of them
 * @faults: of these
 * @ns: that the faults took together
 * @max: that one took
 * @fresh: table pages that were new
 * @bad: records with a verdict
 */
struct line {
	u64 records;
	u64 faults;
	u64 ns;
	u64 max;
	u64 fresh;
	u64 bad;
};

/* A process, by the name it had first. */
struct task {
	u32 tgid;
	char comm[PTDBG_COMM_LEN + 1];
	struct line line;
};

struct numbers {
	struct line all;
	struct task task[TASKS];
	unsigned int nr_tasks;
	struct line vma[PTDBG_NR_VMAKINDS + 1];
	struct line level[PTDBG_MAX_LEVELS + 1];
	u64 took[BUCKETS];
	u64 result[33];			/* a bit each; 32: ok */
	u64 verdict[32];
	u64 first;
	u64 last;
};

static void count(struct line *l, const struct event *e)
{
	const struct ptdbg_fault *f = (const void *)e->v.r;

	l->records++;
	l->bad += !!e->v.r->verdicts;
	if (!e->known)
		return;
	l->fresh += __builtin_popcount(e->v.chain->fresh);
	if (e->v.r->id != PTDBG_FAULT)
		return;
	l->faults++;
	l->ns += f->duration;
	if (f->duration > l->max)
		l->max = f->duration;
}

/* The place of the process; the last is for those that have none. */
static struct task *find_task(struct numbers *n, const struct ptdbg_record *r)
{
	unsigned int i = r->tgid * 2654435761U % (TASKS - 1), tries;

	for (tries = 0; tries < TASKS - 1; tries++) {
		if (n->task[i].line.records && n->task[i].tgid == r->tgid)
			return &n->task[i];
		if (!n->task[i].line.records) {
			n->task[i].tgid = r->tgid;
			ptdbg_comm(r->comm, n->task[i].comm);
			n->nr_tasks++;
			return &n->task[i];
		}
		i = (i + 1) % (TASKS - 1);
	}
	snprintf(n->task[TASKS - 1].comm, PTDBG_COMM_LEN, "(others)");
	return &n->task[TASKS - 1];
}

static void count_fault(struct numbers *n, const struct ptdbg_fault *f)
{
	unsigned int bucket = f->duration ? 32 - __builtin_clz(f->duration) : 0;
	u32 left;

	n->took[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
	if (!f->result)
		n->result[32]++;
	for (left = f->result; left; left &= left - 1)
		n->result[__builtin_ctz(left)]++;
}

static void add(struct numbers *n, const struct event *e)
{
	const struct ptdbg_record *r = e->v.r;
	unsigned int kind, level;
	u32 left;

	if (!n->all.records)
		n->first = r->ts;
	n->last = r->ts;
	count(&n->all, e);
	count(&find_task(n, r)->line, e);
	for (left = r->verdicts; left; left &= left - 1)
		n->verdict[__builtin_ctz(left)]++;
	if (!e->known)
		return;
	kind = e->v.vma ? e->v.vma->kind : PTDBG_VMA_NONE;
	count(&n->vma[kind < PTDBG_NR_VMAKINDS ? kind : PTDBG_NR_VMAKINDS], e);
	level = e->v.chain->after_n;
	count(&n->level[level ? level - 1 : PTDBG_MAX_LEVELS], e);
	if (r->id == PTDBG_FAULT)
		count_fault(n, (const void *)r);
}

static void heading(const char *by)
{
	printf("\n%-24s %10s %10s %10s %10s %8s %8s\n", by, "records", "faults",
	       "mean us", "max us", "new", "bad");
}

static void show(const char *name, const struct line *l)
{
	u64 mean = l->faults ? l->ns / l->faults : 0;

	if (!l->records)
		return;
	printf("%-24s %10llu %10llu %6llu.%03llu %6llu.%03llu %8llu %8llu\n", name,
	       l->records, l->faults, mean / 1000, mean % 1000, l->max / 1000,
	       l->max % 1000, l->fresh, l->bad);
}

static int by_records(const void *a, const void *b)
{
	const struct task *x = a, *y = b;

	if (x->line.records != y->line.records)
		return x->line.records > y->line.records ? -1 : 1;
	return x->tgid < y->tgid ? -1 : x->tgid > y->tgid;
}

static void show_tasks(struct numbers *n)
{
	char name[64];
	unsigned int i;

	qsort(n->task, TASKS, sizeof(*n->task), by_records);
	heading("process");
	for (i = 0; i < SHOWN && n->task[i].line.records; i++) {
		snprintf(name, sizeof(name), "%s/%u", n->task[i].comm,
			 n->task[i].tgid);
		show(name, &n->task[i].line);
	}
	if (n->nr_tasks > SHOWN)
		printf("and %u more\n", n->nr_tasks - SHOWN);
}

/* A bar of up to 40 characters */
static void show_bar(const char *name, u64 value, u64 most)
{
	printf("%-24s %10llu %.*s\n", name, value,
	       (int)(most ? value * 40 / most : 0),
	       "########################################");
}

static void show_times(const struct numbers *n)
{
	unsigned int i, low = BUCKETS, high = 0;
	char name[64];
	u64 most = 0;

	for (i = 0; i < BUCKETS; i++) {
		if (!n->took[i])
			continue;
		low = low < i ? low : i;
		high = i;
		most = n->took[i] > most ? n->took[i] : most;
	}
	printf("\n%-24s %10s\n", "a fault took", "faults");
	for (i = low; i <= high && i < BUCKETS; i++) {
		snprintf(name, sizeof(name), "< %llu ns", 1ULL << i);
		show_bar(name, n->took[i], most);
	}
}

static void show_results(const struct numbers *n)
{
	const char *name;
	unsigned int i;

	printf("\n%-24s %10s\n", "result", "faults");
	show_bar("ok", n->result[32], n->all.faults);
	for (i = 0; i < 32; i++) {
		name = ptdbg_fault_result_name(i);
		if (n->result[i])
			show_bar(name ? name : i == 31 ? "died" : "?",
				 n->result[i], n->all.faults);
	}
	for (i = 0; i < PTDBG_NR_VERDICTS; i++) {
		if (n->verdict[i])
			printf("!! %-21s %10llu\n", ptdbg_verdict_name(i),
			       n->verdict[i]);
	}
}

static void show_all(const struct reader *rd, struct numbers *n)
{
	const struct ptdbg_mode *m = &rd->meta.trace.layout.mode;
	u64 us = (n->last - n->first) / 1000;
	unsigned int i;

	printf("%llu records in %llu.%06llu s", n->all.records, us / 1000000,
	       us % 1000000);
	if (us)
		printf(", %llu a second", n->all.records * 1000000 / us);
	printf("\n");
	show_tasks(n);
	heading("vma");
	for (i = 0; i < PTDBG_NR_VMAKINDS; i++)
		show(ptdbg_vmakind_name(i), &n->vma[i]);
	show("?", &n->vma[PTDBG_NR_VMAKINDS]);
	heading("chain ends at");
	for (i = 0; i < m->levels; i++)
		show(ptdbg_level_name(m, i), &n->level[i]);
	show("no walk", &n->level[PTDBG_MAX_LEVELS]);
	show_times(n);
	show_results(n);
}

int cmd_stat(int argc, char **argv)
{
	static struct numbers n;
	struct filter filter;
	struct reader *rd;
	struct event e;
	int i = 1;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		printf("usage: ptdbg stat [-f TERMS] [DIR]\n\n"
		       "A recording, or " PLACE_CTF ", in numbers:\n"
		       "by process, vma and level; how long faults took, and how they ended.\n\n"
		       "  -f TERMS  only records that pass; see ptdbg report --help\n");
		return EXIT_OK;
	}
	filter_init(&filter);
	if (argc > 1 && !strcmp(argv[1], "-f")) {
		if (argc == 2 || !filter_add(&filter, argv[2]))
			return EXIT_USAGE;
		i = 3;
	}
	if (argc - i > 1)
		return wrong("one directory at a time; --help tells more");
	rd = reader_open(i < argc ? argv[i] : PLACE_RECORDING);
	if (!rd)
		return EXIT_FAILED;
	while (reader_next(rd, &e)) {
		if (filter_passes(&filter, e.v.r))
			add(&n, &e);
	}
	show_all(rd, &n);
	reader_say_missing(rd);
	reader_close(rd);
	return EXIT_OK;
}
