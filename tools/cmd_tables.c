// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg tables: the page-table pages of a process, now; or those that the records
 * of a recording tell of.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "json_knobs.h"
#include "knobs.h"
#include "notes.h"
#include "number.h"
#include "out.h"
#include "picture.h"
#include "place.h"
#include "progress.h"
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

static void show_as_json(const struct reader *rd, struct tables *s)
{
	const struct ptdbg_trace *trace = &rd->meta.trace;
	struct json_object *o;
	const struct table *t;
	size_t i;

	tables_sort(s);
	for (i = 0; i < s->used; i++) {
		t = &s->t[i];
		o = json_begin();
		json_add_string(o, "level",
				ptdbg_level_name(&trace->layout.mode, t->level));
		json_add_hex(o, "pfn", t->pfn);
		json_add_number(o, "records", t->seen);
		json_add_number(o, "fresh", t->fresh);
		json_add_number(o, "breaches", t->breaches);
		json_add_group(o, trace, &ptdbg_groups[PTDBG_GROUP_TABLE], &t->at);
		json_line(o);
	}
}

static bool line_as_json(const char *line, void *data)
{
	(void)data;
	/* the totals can be had from the lines, but not this */
	if (!strncmp(line, "# cut off", 9))
		say("there is more than the kernel accounts for");
	if (*line == '#' || json_table_line(line))
		return true;
	say("not understood: %s", line);
	return false;
}

/* Return: an exit code. */
static int process_as_json(const char *pid)
{
	bool good = knob_each_line("tables", pid, line_as_json, NULL);

	return out_flush() && good ? EXIT_OK : EXIT_FAILED;
}

static int of_recording(const char *dir, bool json)
{
	struct reader *rd = reader_open(dir);
	struct tables s = { 0 };
	struct progress progress;
	bool good = true;
	struct event e;
	int code;

	if (!rd)
		return EXIT_FAILED;
	progress_begin(&progress, rd);
	while (good && reader_next(rd, &e)) {
		progress_step(&progress);
		if (e.known && e.v.r->id != PTDBG_FREE)
			good = add_chain(&s, &rd->meta.trace.layout.mode, &e.v);
	}
	say_progress_end();
	if (good && json)
		show_as_json(rd, &s);
	else if (good)
		show(rd, &s);
	else
		say("no memory for %zu table pages", s.used);
	code = reader_say_missing(rd);
	reader_close(rd);
	free(s.t);
	return out_flush() && good ? code : EXIT_FAILED;
}

/**
 * struct drawing - a picture in the making
 * @p: picture
 * @rd: where the records come from
 * @names: of addresses
 * @rules: the region rules; NULL: not known
 */
struct drawing {
	struct picture p;
	struct reader *rd;
	struct names *names;
	char *rules;
};

/* The rules of now: 32 of them at most */
static char *running_rules(void)
{
	char text[4096];

	return knob_read("regions", text, sizeof(text)) ? NULL : strdup(text);
}

/* Records that come from now on are not looked at: they would never end. */
static void up_to_now(struct reader *rd)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	rd->horizon = now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static bool open_drawing(struct drawing *d, const char *dir)
{
	bool running = place_is_ring(dir);
	size_t bytes;

	memset(d, 0, sizeof(*d));
	d->rd = reader_open(dir);
	if (!d->rd)
		return false;
	d->rules = running ? running_rules() : notes_read(dir, "regions", &bytes);
	d->names = names_open(dir);
	if (running)
		up_to_now(d->rd);
	return picture_begin(&d->p, &d->rd->meta.trace.layout.mode);
}

static void close_drawing(struct drawing *d)
{
	picture_end(&d->p);
	names_free(d->names);
	free(d->rules);
	if (d->rd)
		reader_close(d->rd);
}

/* Read the records and write the page.  Return: an exit code. */
static int draw(struct drawing *d, const char *title, const char *path)
{
	struct progress progress;
	bool good = true;
	struct event e;
	int code;

	progress_begin(&progress, d->rd);
	while (good && reader_next(d->rd, &e)) {
		progress_step(&progress);
		good = picture_add(&d->p, &e);
	}
	say_progress_end();
	code = reader_say_missing(d->rd);
	if (!good)
		return fail("no memory for %zu table pages", d->p.tables.used);
	d->p.title = title;
	d->p.rules = d->rules;
	if (!picture_write(&d->p, d->rd, d->names, path))
		return EXIT_FAILED;
	say("%zu table pages and %llu records are in %s", d->p.tables.used,
	    d->p.records, path);
	return code;
}

static int draw_recording(const char *dir, const char *path)
{
	struct drawing d;
	int code = EXIT_FAILED;

	if (open_drawing(&d, dir))
		code = draw(&d, dir, path);
	close_drawing(&d);
	return code;
}

static bool add_line(const char *line, void *data)
{
	struct drawing *d = data;

	if (picture_add_line(&d->p, &d->rd->meta.trace, line))
		return true;
	say("no memory for %zu table pages", d->p.tables.used);
	return false;
}

/* The table pages of a process, as ptdbg.d/tables lists them */
static bool add_process(struct drawing *d, const char *pid)
{
	bool good = knob_each_line("tables", pid, add_line, d);

	/* of the records in the ring, those that have these pages */
	d->p.closed = true;
	return good;
}

static int draw_process(const char *pid, const char *path)
{
	struct drawing d;
	char title[64];
	int code = EXIT_FAILED;

	snprintf(title, sizeof(title), "process %s", pid);
	if (open_drawing(&d, PLACE_CTF) && add_process(&d, pid))
		code = draw(&d, title, path);
	close_drawing(&d);
	return code;
}

static void print_help(void)
{
	printf("usage: ptdbg tables [OPTION...] PID\n"
	       "       ptdbg tables [OPTION...] DIR\n\n"
	       "Lists the page-table pages of a process as they are now, by level, with their\n"
	       "place and the region rule that is for them; or those that the records of the\n"
	       "recording DIR tell of, with the number of records and how often they were new.\n\n"
	       "      --json          an object of JSON for each table page, a line each\n"
	       "      --html FILE     write a page for a browser instead: where the table pages\n"
	       "                      lie in memory, with the region rules, faults over time,\n"
	       "                      and for each table page its records. It needs nothing\n"
	       "                      but FILE. Of a process: with the records that the ring\n"
	       "                      has of its table pages.\n\n"
	       "Exit code: 0; 1 failed; 2 wrong command line; 3 parts of the trace are damaged.\n"
	       "Example: ptdbg tables --html /tmp/t.html /tmp/t\n");
}

int cmd_tables(int argc, char **argv)
{
	static const struct option options[] = {
		{ "html", required_argument, NULL, 'w' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *path = NULL, *of;
	bool pid, json = false;
	u64 nr;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (opt) {
		case 'w':
			path = optarg;
			break;
		case 'j':
			if (!json_ready())
				return EXIT_FAILED;
			json = true;
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (argc - optind != 1)
		return wrong("give a PID or the directory of a recording");
	of = argv[optind];
	pid = parse_number(of, 10, 0x7fffffff, NULL, &nr);
	if (path && json)
		return wrong("--html and --json exclude each other");
	if (path)
		return pid ? draw_process(of, path) : draw_recording(of, path);
	if (pid && json)
		return process_as_json(of);
	return pid ? knob_ask("tables", of) : of_recording(of, json);
}
