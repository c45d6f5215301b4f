// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg live: records as they come.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "filter.h"
#include "follow.h"
#include "json.h"
#include "names.h"
#include "out.h"
#include "output.h"
#include "place.h"
#include "ptdbg.h"
#include "say.h"

static void print_help(void)
{
	printf("usage: ptdbg live [OPTION...] [DIR]\n\n"
	       "Shows records as they come, a line a record, until Ctrl-C: those of the running\n"
	       "module, or of a recording DIR that is being made. Those with a verdict are red\n"
	       "on a terminal, unless NO_COLOR is set.\n\n"
	       "  -t, --text          all of each record\n"
	       "      --json          all of each record, as an object of JSON a line\n"
	       "  -f, --filter TERMS  only records that pass; see ptdbg report --help\n"
	       "  -a, --all           begin with what is there: in the ring, or in DIR\n\n"
	       "Exit code: 0, also by Ctrl-C; 1 failed; 2 wrong command line.\n");
}

/* Records that were lost: how many are known of, and when to say so again. */
struct lost {
	u64 known;
	u64 next;
};

/*
 * Say what was lost, but not more often than once in a second.
 * Return: until when to wait before there is more to say.
 */
static u64 report_lost(const struct follow *f, struct lost *l)
{
	struct tally t;

	follow_tally(f, &t);
	if (t.lost == l->known)
		return ~0ULL;
	if (follow_now() < l->next)
		return l->next;
	say("%llu records were overwritten before they could be shown",
	    t.lost - l->known);
	l->known = t.lost;
	l->next = follow_now() + FOLLOW_SECOND;
	return ~0ULL;
}

/* Return: an exit code. */
static int show(struct follow *f, const struct output *form,
		const struct filter *filter)
{
	struct names *names = names_open(f->rd->dir);
	struct lost lost = { };
	struct event e;

	form->begin(f->rd);
	do {
		while (follow_next(f, &e)) {
			if (filter_passes(filter, e.v.r))
				form->record(f->rd, names, &e);
		}
		out_flush();
	} while (!out.failed && follow_wait(f, report_lost(f, &lost), -1));
	lost.next = 0;
	report_lost(f, &lost);
	names_free(names);
	return out.failed && !out_stop ? EXIT_FAILED : EXIT_OK;
}

int cmd_live(int argc, char **argv)
{
	static const struct option options[] = {
		{ "text", no_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{ "filter", required_argument, NULL, 'f' },
		{ "all", no_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const struct output *form = &output_brief;
	struct filter filter;
	const char *dir;
	struct follow f;
	bool all = false;
	int opt, code;

	filter_init(&filter);
	while ((opt = getopt_long(argc, argv, "tf:ah", options, NULL)) != -1) {
		switch (opt) {
		case 't':
			form = &output_text;
			break;
		case 'j':
			if (!json_ready())
				return EXIT_FAILED;
			form = &output_json;
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
	dir = place_given(argc, argv, PLACE_CTF);
	if (!dir)
		return EXIT_USAGE;
	if (!follow_open(&f, dir, all))
		return EXIT_FAILED;
	output_colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	code = show(&f, form, &filter);
	follow_close(&f);
	return code;
}
