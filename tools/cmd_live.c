// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg live: records as they come.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "filter.h"
#include "names.h"
#include "out.h"
#include "output.h"
#include "place.h"
#include "ptdbg.h"
#include "say.h"

/*
 * Records are shown in the order of time over all CPUs.  One that is about to
 * be written has a time that is past already, so the newest are held back.
 */
#define HOLD_BACK_NS	2000000
#define PAUSE_US	20000

static void print_help(void)
{
	printf("usage: ptdbg live [OPTION...]\n\n"
	       "Shows records as they come, a line a record, until Ctrl-C. Those with a verdict\n"
	       "are red on a terminal.\n\n"
	       "  -t, --text          all of each record\n"
	       "  -f, --filter TERMS  only records that pass; see ptdbg report --help\n"
	       "  -a, --all           begin with what is in the ring\n");
}

static u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void report_lost(const struct reader *rd, u64 *known)
{
	struct tally t;

	reader_tally(rd, &t);
	if (t.lost == *known)
		return;
	out_flush();
	say("%llu records were overwritten before they could be shown",
	    t.lost - *known);
	*known = t.lost;
}

static int follow(struct reader *rd, const struct output *form,
		  const struct filter *filter)
{
	struct pollfd *fds = calloc(rd->nr, sizeof(*fds));
	struct names *names = names_running();
	struct event e;
	unsigned int i;
	u64 lost = 0;
	bool any;

	for (i = 0; fds && i < rd->nr; i++)
		fds[i] = (struct pollfd){ rd->stream[i].fd, POLLIN, 0 };
	while (fds && !out.failed) {
		rd->horizon = now() - HOLD_BACK_NS;
		any = false;
		while (reader_next(rd, &e)) {
			any = true;
			if (filter_passes(filter, e.v.r))
				form->record(rd, names, &e);
		}
		report_lost(rd, &lost);
		if (!out_flush())
			break;
		/* what is held back is waited for, too */
		if (any || reader_holds(rd))
			usleep(PAUSE_US);
		else if (poll(fds, rd->nr, -1) < 0 && errno != EINTR)
			break;
	}
	free(fds);
	names_free(names);
	return EXIT_FAILED;
}

int cmd_live(int argc, char **argv)
{
	static const struct option options[] = {
		{ "text", no_argument, NULL, 't' },
		{ "filter", required_argument, NULL, 'f' },
		{ "all", no_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const struct output *form = &output_brief;
	struct filter filter;
	struct reader *rd;
	bool all = false;
	unsigned int i;
	int opt;

	filter_init(&filter);
	while ((opt = getopt_long(argc, argv, "tf:ah", options, NULL)) != -1) {
		switch (opt) {
		case 't':
			form = &output_text;
			break;
		case 'f':
			if (!filter_add(&filter, optarg))
				return EXIT_USAGE;
			break;
		case 'a':
			all = true;
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind < argc)
		return wrong("%s: there are no arguments but options", argv[optind]);
	rd = reader_open(PLACE_CTF);
	if (!rd)
		return EXIT_FAILED;
	for (i = 0; !all && i < rd->nr; i++) {
		if (lseek(rd->stream[i].fd, 0, SEEK_END) < 0)
			return fail("%s: %s", rd->stream[i].path, strerror(errno));
	}
	output_colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	form->begin(rd);
	return follow(rd, form, &filter);
}
