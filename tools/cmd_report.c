// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg report: the records of a recording, as text.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "filter.h"
#include "number.h"
#include "out.h"
#include "output.h"
#include "place.h"
#include "ptdbg.h"
#include "say.h"

static void print_help(void)
{
	printf("usage: ptdbg report [OPTION...] [DIR]\n\n"
	       "Shows the records of a recording in the order of time. DIR is what ptdbg record\n"
	       "wrote (" PLACE_RECORDING "), a copy of ptdbg.d/ctf, or\n"
	       PLACE_CTF " itself.\n\n"
	       "  -b, --brief         a line a record\n"
	       "  -f, --filter TERMS  only records that pass, in the words of the filter knob:\n"
	       "                      comm=ls,sh pid=735 addr=3fbd117000-3fbd119000\n"
	       "                      type=fault,gup,sig,oops,free user kernel bad\n"
	       "      --since TIME    none before TIME, in seconds, as in the records\n"
	       "      --until TIME    none after TIME\n\n"
	       "Exit code: 0; 1 failed; 2 wrong command line; 3 parts of the trace are damaged.\n"
	       "Example: ptdbg report --brief --filter 'comm=ls bad' --since 281.9\n");
}

/* Seconds with up to nine decimals */
static bool parse_time(const char *text, u64 *ns)
{
	u64 seconds, rest = 0, unit = 1000000000;
	const char *end;

	if (!parse_number(text, 10, ~0ULL / 2000000000, &end, &seconds))
		return false;
	if (*end == '.') {
		for (end++; *end >= '0' && *end <= '9'; end++) {
			unit /= 10;
			rest += unit * (*end - '0');
		}
	}
	*ns = seconds * 1000000000 + rest;
	return !*end;
}

static int show(const char *dir, const struct output *form,
		const struct filter *f)
{
	struct tally t;
	struct reader *rd = reader_open(dir);
	struct event e;

	if (!rd)
		return EXIT_FAILED;
	form->begin(rd);
	while (!out.failed && reader_next(rd, &e)) {
		if (filter_passes(f, e.v.r))
			form->record(rd, NULL, &e);
	}
	out_flush();
	reader_say_missing(rd);
	reader_tally(rd, &t);
	reader_close(rd);
	return out.failed ? EXIT_FAILED : t.spots ? EXIT_DAMAGED : EXIT_OK;
}

int cmd_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "brief", no_argument, NULL, 'b' },
		{ "filter", required_argument, NULL, 'f' },
		{ "since", required_argument, NULL, 's' },
		{ "until", required_argument, NULL, 'u' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const struct output *form = &output_text;
	struct filter filter;
	int opt;

	filter_init(&filter);
	while ((opt = getopt_long(argc, argv, "bf:h", options, NULL)) != -1) {
		switch (opt) {
		case 'b':
			form = &output_brief;
			break;
		case 'f':
			if (!filter_add(&filter, optarg))
				return EXIT_USAGE;
			break;
		case 's':
			if (!parse_time(optarg, &filter.since))
				return wrong("--since %s: write seconds, as 281.915960", optarg);
			break;
		case 'u':
			if (!parse_time(optarg, &filter.until))
				return wrong("--until %s: write seconds, as 281.915960", optarg);
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (argc - optind > 1)
		return wrong("one directory at a time; --help tells more");
	return show(optind < argc ? argv[optind] : PLACE_RECORDING, form, &filter);
}
