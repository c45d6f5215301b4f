// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg report: the records of a recording, as text.
 */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "filter.h"
#include "json.h"
#include "number.h"
#include "out.h"
#include "output.h"
#include "place.h"
#include "progress.h"
#include "ptdbg.h"
#include "say.h"
#include "sort.h"

#define NO_FUNCTIONS	"--sysroot: no function names in this build: " \
			"install libelf-dev and build it again, not static"

static void print_help(void)
{
	printf("usage: ptdbg report [OPTION...] [DIR]\n\n"
	       "Shows the records of a recording in the order of time. DIR is what ptdbg record\n"
	       "wrote (" PLACE_RECORDING "), a copy of ptdbg.d/ctf, or\n"
	       PLACE_CTF " itself.\n\n"
	       "  -b, --brief         a line a record\n"
	       "      --json          an object of JSON a line, with every field of the record\n"
	       "      --stacks        a line a frame, with names; records have stacks when\n"
	       "                      ptdbg record --stacks, or the knob stacks, asked for them\n"
	       "  -f, --filter TERMS  only records that pass, in the words of the filter knob:\n"
	       "                      comm=ls,sh pid=735 addr=3fbd117000-3fbd119000\n"
	       "                      type=fault,gup,sig,oops,free user kernel bad\n"
	       "      --since TIME    none before TIME, in seconds, as in the records\n"
	       "      --until TIME    none after TIME\n"
	       "      --sort KEY      time, duration (longest first), addr, pid or comm\n"
	       "      --sysroot DIR   look for programs below DIR, for the names of functions\n\n"
	       "Exit code: 0; 1 failed; 2 wrong command line; 3 parts of the trace are damaged.\n"
	       "Example: ptdbg report --brief --filter 'comm=ls bad' --since 281.9\n");
}

/**
 * struct report - what is shown, and how
 * @rd: the trace
 * @names: of addresses
 * @form: of the output
 * @filter: what passes
 * @sorter: NULL for the order of time
 */
struct report {
	struct reader *rd;
	struct names *names;
	const struct output *form;
	struct filter filter;
	struct sorter *sorter;
};

static bool show_one(const struct event *e, void *data)
{
	const struct report *p = data;

	p->form->record(p->rd, p->names, e);
	return !out.failed;
}

/* Return: an exit code. */
static int show_all(struct report *p)
{
	struct progress progress = { 0 };
	bool good = true;
	struct event e;
	int code;

	/* what is shown as it is read needs no other */
	if (p->sorter || !isatty(STDOUT_FILENO))
		progress_begin(&progress, p->rd);
	p->form->begin(p->rd);
	while (good && reader_next(p->rd, &e)) {
		progress_step(&progress);
		if (!filter_passes(&p->filter, e.v.r))
			continue;
		if (p->sorter)
			good = sort_add(p->sorter, p->rd, &e);
		else
			good = show_one(&e, p);
	}
	say_progress_end();
	if (good && p->sorter)
		good = sort_each(p->sorter, p->rd, show_one, p);
	good = out_flush() && good;
	code = reader_say_missing(p->rd);
	return good ? code : EXIT_FAILED;
}

int cmd_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "brief", no_argument, NULL, 'b' },
		{ "json", no_argument, NULL, 'j' },
		{ "stacks", no_argument, NULL, 'S' },
		{ "filter", required_argument, NULL, 'f' },
		{ "sysroot", required_argument, NULL, 'r' },
		{ "since", required_argument, NULL, 's' },
		{ "until", required_argument, NULL, 'u' },
		{ "sort", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct report p = { .form = &output_text };
	const char *dir, *sort = NULL, *sysroot = NULL;
	int opt, code;

	filter_init(&p.filter);
	while ((opt = getopt_long(argc, argv, "bf:h", options, NULL)) != -1) {
		switch (opt) {
		case 'b':
			p.form = &output_brief;
			break;
		case 'j':
			if (!json_ready())
				return EXIT_FAILED;
			p.form = &output_json;
			break;
		case 'S':
			output_stacks = true;
			break;
		case 'f':
			if (!filter_add(&p.filter, optarg))
				return EXIT_USAGE;
			break;
		case 's':
			if (!parse_seconds(optarg, &p.filter.since))
				return wrong("--since %s: write seconds, as 281.915960", optarg);
			break;
		case 'u':
			if (!parse_seconds(optarg, &p.filter.until))
				return wrong("--until %s: write seconds, as 281.915960", optarg);
			break;
		case 'r':
			if (!names_from_files)
				return wrong(NO_FUNCTIONS);
			sysroot = optarg;
			break;
		case 'o':
			sort = optarg;
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	dir = place_given(argc, argv, PLACE_RECORDING);
	if (!dir)
		return EXIT_USAGE;
	if (sort && place_is_ring(dir))
		return wrong("the ring can't be sorted: record it first");
	if (sort) {
		p.sorter = sort_begin(sort, SORT_ITEMS);
		if (!p.sorter)
			return EXIT_USAGE;
	}
	p.rd = reader_open(dir);
	if (!p.rd) {
		sort_end(p.sorter);
		return EXIT_FAILED;
	}
	p.names = names_open(dir);
	if (sysroot)
		names_sysroot(p.names, sysroot);
	code = show_all(&p);
	names_free(p.names);
	reader_close(p.rd);
	sort_end(p.sorter);
	return code;
}
