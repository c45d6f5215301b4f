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

#include "filter.h"
#include "follow.h"
#include "json.h"
#include "number.h"
#include "out.h"
#include "place.h"
#include "progress.h"
#include "ptdbg.h"
#include "say.h"
#include "stat.h"

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

/* Too large for the stack. */
static struct count count;

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

/* The running module.  Return: an exit code. */
static int follow(struct stat_show *s, const struct filter *filter)
{
	u64 begin, next, now;
	struct follow f;
	struct event e;
	struct tally t;

	if (!follow_open(&f, PLACE_CTF, false))
		return EXIT_FAILED;
	s->rd = f.rd;
	s->names = names_open(PLACE_CTF);
	begin = follow_now();
	next = begin + s->interval;
	do {
		while (follow_next(&f, &e)) {
			if (filter_passes(filter, e.v.r))
				count_record(&count, &e);
		}
		now = follow_now();
		if (now < next)
			continue;
		follow_tally(&f, &t);
		if (!stat_show_interval(s, now, now - begin, t.lost))
			break;
		begin = now;
		next = now - next < s->interval ? next + s->interval :
						  now + s->interval;
	} while (follow_wait(&f, next, -1));
	names_free(s->names);
	follow_close(&f);
	return EXIT_OK;
}

/* A recording: all of it, or what is needed. */
static void read_all(struct stat_show *s, const struct filter *filter,
		     struct reader *rd)
{
	struct progress progress = { 0 };
	bool go = true;
	struct event e;
	struct tally t;
	u64 begin = 0;

	/* intervals are shown as they are read */
	if (!s->interval)
		progress_begin(&progress, rd);
	while (go && reader_next(rd, &e)) {
		progress_step(&progress);
		if (!filter_passes(filter, e.v.r))
			continue;
		if (!count.all.total.records) {
			begin = e.v.r->ts;
		} else if (s->interval && e.v.r->ts > begin &&
			   e.v.r->ts - begin >= s->interval) {
			reader_tally(rd, &t);
			go = stat_show_interval(s, begin + s->interval,
						s->interval, t.lost);
			begin += (e.v.r->ts - begin) / s->interval * s->interval;
		}
		if (go)
			count_record(&count, &e);
	}
	reader_tally(rd, &t);
	say_progress_end();
	if (s->interval && go && count.all.now.records)
		stat_show_interval(s, begin + s->interval, s->interval, t.lost);
}

/* Return: an exit code. */
static int read_recording(struct stat_show *s, const struct filter *filter,
			  const char *dir)
{
	struct reader *rd = reader_open(dir);
	int code;

	if (!rd)
		return EXIT_FAILED;
	s->rd = rd;
	s->names = names_open(dir);
	read_all(s, filter, rd);
	if (!s->interval)
		stat_show_all(s);
	code = reader_say_missing(rd);
	names_free(s->names);
	reader_close(rd);
	return code;
}

static bool parse_by(struct stat_show *s, const char *word)
{
	unsigned int i;

	for (i = 0; i < STAT_NR_TABLES; i++) {
		if (!strcmp(word, stat_tables[i].name)) {
			s->by |= stat_tables[i].by;
			return true;
		}
	}
	wrong("--by %s: there are process, vma, kind and level", word);
	return false;
}

static bool parse_sort(struct stat_show *s, const char *word)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sorts); i++) {
		if (!strcmp(word, sorts[i].name)) {
			s->sort = sorts[i].sort;
			return true;
		}
	}
	wrong("--sort %s: there are records, latency, max, new and bad", word);
	return false;
}

/* Short enough for all that is counted with it, and not so short that it spins */
static bool parse_interval(struct stat_show *s, const char *text)
{
	if (parse_seconds(text, &s->interval) && s->interval >= FOLLOW_SECOND / 100)
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
static bool check(const struct stat_show *s)
{
	if (!s->interval && s->left)
		wrong("--count is for intervals: say --interval as well");
	else if (s->interval && (s->histograms || s->sort != COUNT_BY_TOTAL))
		wrong("--histograms and --sort are not for intervals");
	else if (s->interval && __builtin_popcount(s->by) > 1)
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
	struct stat_show s = {
		.count = &count, .sort = COUNT_BY_TOTAL, .lines = 20,
	};
	struct filter filter;
	const char *dir;
	bool good = true;
	int opt, code;

	filter_init(&filter);
	while (good && (opt = getopt_long(argc, argv, "b:Hi:c:s:n:f:h", options, NULL)) != -1) {
		switch (opt) {
		case 'b':
			good = parse_by(&s, optarg);
			break;
		case 'H':
			s.histograms = true;
			break;
		case 'i':
			good = parse_interval(&s, optarg);
			break;
		case 'c':
			good = parse_count("--count", optarg, &s.left);
			break;
		case 's':
			good = parse_sort(&s, optarg);
			break;
		case 'n':
			good = parse_count("--lines", optarg, &s.lines);
			break;
		case 'f':
			good = filter_add(&filter, optarg);
			break;
		case 'j':
			s.json = true;
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (!good || !check(&s))
		return EXIT_USAGE;
	dir = place_given(argc, argv, PLACE_RECORDING);
	if (!dir)
		return EXIT_USAGE;
	if (s.json && !json_ready())
		return EXIT_FAILED;
	if (s.interval && optind == argc)
		code = follow(&s, &filter);
	else
		code = read_recording(&s, &filter, dir);
	if (out.failed)
		return EXIT_FAILED;
	if (!fflush(stdout) || out_stop)
		return code;
	return fail("standard output: %s", strerror(errno));
}
