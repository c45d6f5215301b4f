// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg stat: records in numbers.  A recording as a whole: by process, by vma, by
 * kind of vma, by level; the times that faults took, and how they ended.  Or, for
 * a recording and for the running module, interval by interval.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "count.h"
#include "filter.h"
#include "follow.h"
#include "histogram.h"
#include "json_count.h"
#include "number.h"
#include "out.h"
#include "place.h"
#include "progress.h"
#include "ptdbg.h"
#include "say.h"

/* On a terminal, the heading comes again after so many lines. */
#define SCREEN		20

enum {
	BY_PROCESS = 1,
	BY_VMA = 2,
	BY_KIND = 4,
	BY_LEVEL = 8,
};

static const struct {
	const char *name;
	unsigned int by;
	const char *heading;
} tables[] = {
	{ "process", BY_PROCESS, "process" },
	{ "vma", BY_VMA, "vma" },
	{ "kind", BY_KIND, "kind of vma" },
	{ "level", BY_LEVEL, "chain ends at" },
};

static const struct {
	const char *name;
	enum count_sort sort;
} sorts[] = {
	{ "records", COUNT_BY_TOTAL },
	{ "latency", COUNT_BY_LATENCY },
	{ "max", COUNT_BY_MAX },
	{ "new", COUNT_BY_FRESH },
	{ "bad", COUNT_BY_BAD },
};

/**
 * struct job - what is to be shown
 * @filter: what is counted
 * @by: which tables; 0: not said
 * @histograms: a histogram for each line of them
 * @json: as JSON: an object, or one an interval
 * @sort: their order
 * @lines: at most so many
 * @interval: nanoseconds; 0: all in one
 * @count: end after so many intervals
 * @ns: in which the records at hand came; 0: not known
 * @end: time at the end of the interval
 * @shown: lines of intervals since the heading; 0: none yet
 * @lost: records, as far as it was said
 * @rd: the trace
 * @names: of files
 * @table: of JSON, that lines are added to
 */
struct job {
	struct filter filter;
	unsigned int by;
	bool histograms;
	bool json;
	enum count_sort sort;
	u64 lines;
	u64 interval;
	u64 count;
	u64 ns;
	u64 end;
	unsigned int shown;
	u64 lost;
	const struct reader *rd;
	struct names *names;
	struct json_object *table;
};

/* What is counted, and a copy to be sorted and shown. */
static struct count count;
static struct count shown;

static void print_help(void)
{
	printf("usage: ptdbg stat [OPTION...] [DIR]\n\n"
	       "A recording in numbers, or, with -i, the running module or a recording interval\n"
	       "by interval. Times are those of faults; new are table pages that were not there\n"
	       "before; bad are records with a verdict.\n\n"
	       "  -b, --by WHAT           process, vma, kind (of vma) or level (where the chain\n"
	       "                          ends); without: all of these, and histograms\n"
	       "  -H, --histograms        of times and results, for each line of the tables\n"
	       "  -i, --interval SECONDS  a line an interval, or with -b a table, of the running\n"
	       "                          module, or of DIR; time is its end\n"
	       "  -c, --count N           end after N intervals (never)\n"
	       "  -s, --sort KEY          records, latency (mean), max, new or bad\n"
	       "  -n, --lines N           of each table (20)\n"
	       "  -f, --filter TERMS      only records that pass; see ptdbg report --help\n"
	       "      --json              the same as an object of JSON; or one an interval\n\n"
	       "Exit code: 0; 1 failed; 2 wrong command line; 3 parts of the trace are damaged.\n"
	       "Example: ptdbg stat -i 1 -b process -n 5\n");
}

static void heading(const struct job *j, const char *by)
{
	if (j->interval)
		printf("%10s ", "time");
	printf("%8s %8s %8s %9s %10s %6s %6s%s%s\n", "records", "a second",
	       "faults", "mean us", "max us", "new", "bad", *by ? "  " : "", by);
}

/* What a line of an interval begins with. */
static void show_time(struct job *j)
{
	u64 ms = j->end / 1000000;

	if (!j->interval)
		return;
	printf("%6llu.%03llu ", ms / 1000, ms % 1000);
	j->shown++;
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

static void add_json(struct job *j, const struct count_sum *s, const char *name)
{
	struct json_object *o = json_add_object(j->table, NULL);

	json_add_string(o, "name", name);
	json_add_line(o, j->interval ? &s->now : &s->total, j->ns);
	if (j->histograms)
		json_add_histograms(o, s);
}

static void show_sum(struct job *j, const struct count_sum *s, const char *name)
{
	const struct count_line *l = j->interval ? &s->now : &s->total;

	if (!l->records)
		return;
	if (j->json) {
		add_json(j, s, name);
		return;
	}
	show_time(j);
	show_line(l, j->ns, name);
	if (!j->histograms || !l->faults)
		return;
	histogram_times(s);
	histogram_results(s);
	printf("\n");
}

/* The first lines of a table, and one for the rest. */
static void show_table(struct job *j, struct count_table *t)
{
	struct count_sum *rest = &t->others, *s;
	bool full = rest->total.records;
	char name[COUNT_NAME_MAX];
	unsigned int i, more = 0;

	count_sort(t, j->interval ? COUNT_BY_RATE : j->sort);
	for (i = 0; i < t->nr; i++) {
		s = &t->entry[i].sum;
		if (i < j->lines) {
			count_name(&t->entry[i], j->names, false, name);
			show_sum(j, s, name);
			continue;
		}
		more += !j->interval || s->now.records;
		count_add(rest, s);
	}
	snprintf(name, sizeof(name), "(%u%s others)", more,
		 full ? " or more" : "");
	show_sum(j, rest, name);
}

static void show_kinds(struct job *j, const struct count *c)
{
	unsigned int i;

	for (i = 0; i < PTDBG_NR_VMAKINDS; i++)
		show_sum(j, &c->kind[i], ptdbg_vmakind_name(i));
	show_sum(j, &c->kind[PTDBG_NR_VMAKINDS], "?");
}

static void show_levels(struct job *j, const struct count *c)
{
	const struct ptdbg_mode *m = &j->rd->meta.trace.layout.mode;
	unsigned int i;

	for (i = 0; i < m->levels; i++)
		show_sum(j, &c->level[i], ptdbg_level_name(m, i));
	show_sum(j, &c->level[PTDBG_MAX_LEVELS], "no walk");
}

static void show_by(struct job *j, unsigned int by)
{
	switch (by) {
	case BY_PROCESS:
		show_table(j, &shown.process);
		break;
	case BY_VMA:
		show_table(j, &shown.vma);
		break;
	case BY_KIND:
		show_kinds(j, &shown);
		break;
	case BY_LEVEL:
		show_levels(j, &shown);
		break;
	}
}

static void show_verdicts(void)
{
	unsigned int i;

	for (i = 0; i < PTDBG_NR_VERDICTS; i++) {
		if (count.verdict[i])
			printf("!! %-21s %10llu\n", ptdbg_verdict_name(i),
			       count.verdict[i]);
	}
}

static void add_tables(struct job *j, struct json_object *o)
{
	unsigned int i;

	count_copy(&shown, &count);
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		if (j->by ? !(j->by & tables[i].by) : j->interval)
			continue;
		j->table = json_add_array(o, tables[i].name);
		show_by(j, tables[i].by);
	}
}

/* All in one, as an object. */
static void all_as_json(struct job *j)
{
	struct json_object *o = json_begin(), *verdicts;
	unsigned int i;

	j->ns = count.last - count.first;
	json_add_number(o, "ns", j->ns);
	json_add_line(o, &count.all.total, j->ns);
	add_tables(j, o);
	json_add_histograms(o, &count.all);
	verdicts = json_add_object(o, "verdicts");
	for (i = 0; i < PTDBG_NR_VERDICTS; i++) {
		if (count.verdict[i])
			json_add_number(verdicts, ptdbg_verdict_name(i),
					count.verdict[i]);
	}
	json_line(o);
	out_flush();
}

/* All in one. */
static void show_all(struct job *j)
{
	const struct count_line *l = &count.all.total;
	u64 us;
	unsigned int i;

	j->ns = count.last - count.first;
	us = j->ns / 1000;
	printf("%llu records in %llu.%06llu s", l->records, us / 1000000,
	       us % 1000000);
	if (us)
		printf(", %llu a second", l->records * 1000000 / us);
	printf("\n");
	count_copy(&shown, &count);
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		if (j->by && !(j->by & tables[i].by))
			continue;
		printf("\n");
		heading(j, tables[i].heading);
		show_by(j, tables[i].by);
	}
	if (j->by)
		return;
	printf("\n");
	histogram_times(&count.all);
	printf("\n");
	histogram_results(&count.all);
	show_verdicts();
}

static bool interval_as_json(struct job *j, u64 lost)
{
	struct json_object *o = json_begin();

	json_add_number(o, "time", j->end);
	json_add_number(o, "ns", j->ns);
	json_add_line(o, &count.all.now, j->ns);
	json_add_number(o, "lost", lost - j->lost);
	add_tables(j, o);
	json_line(o);
	j->lost = lost;
	count_tick(&count);
	return out_flush() && --j->count;
}

/*
 * What came in an interval of @ns nanoseconds until @end; @lost: records since
 * the start.  Return: false when it was the last.
 */
static bool show_interval(struct job *j, u64 end, u64 ns, u64 lost)
{
	j->end = end;
	j->ns = ns;
	if (j->json)
		return interval_as_json(j, lost);
	if (!j->shown++)
		heading(j, j->by ? tables[__builtin_ctz(j->by)].heading : "");
	if (j->by) {
		count_copy(&shown, &count);
		show_by(j, j->by);
	} else {
		show_time(j);
		show_line(&count.all.now, ns, "all");
	}
	if (lost != j->lost) {
		show_time(j);
		printf("%8llu lost: overwritten before they could be read\n",
		       lost - j->lost);
	}
	j->lost = lost;
	if (j->shown > SCREEN && isatty(STDOUT_FILENO))
		j->shown = 0;
	count_tick(&count);
	return !fflush(stdout) && --j->count;
}

/* The running module.  Return: an exit code. */
static int follow(struct job *j)
{
	u64 begin, next, now;
	struct follow f;
	struct event e;
	struct tally t;

	if (!follow_open(&f, PLACE_CTF, false))
		return EXIT_FAILED;
	j->rd = f.rd;
	j->names = names_open(PLACE_CTF);
	begin = follow_now();
	next = begin + j->interval;
	do {
		while (follow_next(&f, &e)) {
			if (filter_passes(&j->filter, e.v.r))
				count_record(&count, &e);
		}
		now = follow_now();
		if (now < next)
			continue;
		follow_tally(&f, &t);
		if (!show_interval(j, now, now - begin, t.lost))
			break;
		begin = now;
		next = now - next < j->interval ? next + j->interval :
						  now + j->interval;
	} while (follow_wait(&f, next, -1));
	names_free(j->names);
	follow_close(&f);
	return EXIT_OK;
}

/* A recording: all of it, or what is needed. */
static void read_all(struct job *j, struct reader *rd)
{
	struct progress progress = { 0 };
	bool go = true;
	struct event e;
	struct tally t;
	u64 begin = 0;

	/* intervals are shown as they are read */
	if (!j->interval)
		progress_begin(&progress, rd);
	while (go && reader_next(rd, &e)) {
		progress_step(&progress);
		if (!filter_passes(&j->filter, e.v.r))
			continue;
		if (!count.all.total.records) {
			begin = e.v.r->ts;
		} else if (j->interval && e.v.r->ts > begin &&
			   e.v.r->ts - begin >= j->interval) {
			reader_tally(rd, &t);
			go = show_interval(j, begin + j->interval, j->interval,
					   t.lost);
			begin += (e.v.r->ts - begin) / j->interval * j->interval;
		}
		if (go)
			count_record(&count, &e);
	}
	reader_tally(rd, &t);
	say_progress_end();
	if (j->interval && go && count.all.now.records)
		show_interval(j, begin + j->interval, j->interval, t.lost);
}

/* Return: an exit code. */
static int read_recording(struct job *j, const char *dir)
{
	struct reader *rd = reader_open(dir);
	int code;

	if (!rd)
		return EXIT_FAILED;
	j->rd = rd;
	j->names = names_open(dir);
	read_all(j, rd);
	if (!j->interval && j->json)
		all_as_json(j);
	else if (!j->interval)
		show_all(j);
	code = reader_say_missing(rd);
	names_free(j->names);
	reader_close(rd);
	return code;
}

static bool parse_by(struct job *j, const char *word)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		if (!strcmp(word, tables[i].name)) {
			j->by |= tables[i].by;
			return true;
		}
	}
	wrong("--by %s: there are process, vma, kind and level", word);
	return false;
}

static bool parse_sort(struct job *j, const char *word)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sorts); i++) {
		if (!strcmp(word, sorts[i].name)) {
			j->sort = sorts[i].sort;
			return true;
		}
	}
	wrong("--sort %s: there are records, latency, max, new and bad", word);
	return false;
}

/* Short enough for all that is counted with it, and not so short that it spins */
static bool parse_interval(struct job *j, const char *text)
{
	if (parse_seconds(text, &j->interval) && j->interval >= FOLLOW_SECOND / 100)
		return true;
	wrong("--interval %s: write seconds, 0.01 or more", text);
	return false;
}

static bool parse_count(const char *option, const char *text, u64 *n)
{
	if (parse_number(text, 10, ~0U, NULL, n) && *n)
		return true;
	wrong("%s %s: write a number from 1 up", option, text);
	return false;
}

/* Do the options go together? */
static bool check(const struct job *j)
{
	if (!j->interval && j->count)
		wrong("--count is for intervals: say --interval as well");
	else if (j->interval && (j->histograms || j->sort != COUNT_BY_TOTAL))
		wrong("--histograms and --sort are not for intervals");
	else if (j->interval && __builtin_popcount(j->by) > 1)
		wrong("with --interval, one --by at a time");
	else
		return true;
	return false;
}

int cmd_stat(int argc, char **argv)
{
	static const struct option options[] = {
		{ "by", required_argument, NULL, 'b' },
		{ "histograms", no_argument, NULL, 'H' },
		{ "interval", required_argument, NULL, 'i' },
		{ "count", required_argument, NULL, 'c' },
		{ "sort", required_argument, NULL, 's' },
		{ "lines", required_argument, NULL, 'n' },
		{ "filter", required_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct job j = { .sort = COUNT_BY_TOTAL, .lines = 20 };
	const char *dir;
	bool good = true;
	int opt, code;

	filter_init(&j.filter);
	while (good && (opt = getopt_long(argc, argv, "b:Hi:c:s:n:f:h", options, NULL)) != -1) {
		switch (opt) {
		case 'b':
			good = parse_by(&j, optarg);
			break;
		case 'H':
			j.histograms = true;
			break;
		case 'i':
			good = parse_interval(&j, optarg);
			break;
		case 'c':
			good = parse_count("--count", optarg, &j.count);
			break;
		case 's':
			good = parse_sort(&j, optarg);
			break;
		case 'n':
			good = parse_count("--lines", optarg, &j.lines);
			break;
		case 'f':
			good = filter_add(&j.filter, optarg);
			break;
		case 'j':
			j.json = true;
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (!good || !check(&j))
		return EXIT_USAGE;
	dir = place_given(argc, argv, PLACE_RECORDING);
	if (!dir)
		return EXIT_USAGE;
	if (j.json && !json_ready())
		return EXIT_FAILED;
	if (j.interval && optind == argc)
		code = follow(&j);
	else
		code = read_recording(&j, dir);
	if (out.failed)
		return EXIT_FAILED;
	if (!fflush(stdout) || out_stop)
		return code;
	return fail("standard output: %s", strerror(errno));
}
