// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg top: a live screen by process or by vma.
 *
 * Records are read and counted all the time, also while the screen stands still,
 * so that none is lost for it.  What is shown is a copy made once an interval:
 * sorting and scrolling do not change the numbers.
 */
#define NCURSES_NOMACROS
#include <getopt.h>
#include <locale.h>
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "knobs.h"
#include "number.h"
#include "place.h"
#include "ptdbg.h"
#include "say.h"
#include "top.h"

#define CTRL_L		('l' & 31)
#define ESC		27

/* By enum count_sort */
static const char sort_keys[] = "rtlmnb";
/* Intervals in ms, for + and - */
static const unsigned int steps[] = { 100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000 };

static struct count count;
static struct count shown;
/* What was said last, instead of on stderr. */
static char said[TOP_SAID];

static void take_sentence(const char *sentence)
{
	snprintf(said, sizeof(said), "%s", sentence);
}

static void print_help(void)
{
	printf("usage: ptdbg top [OPTION...] [DIR]\n\n"
	       "A live screen of the records of the running module, or of a recording DIR that\n"
	       "is being made: by process or by vma, h shows the keys.\n\n"
	       "  -i, --interval SECONDS  how often the screen is made anew (1)\n"
	       "  -v, --vma               begin by vma\n"
	       "  -f, --filter TERMS      only records that pass; see ptdbg report --help\n"
	       "  -a, --all               begin with what is there: in the ring, or in DIR\n\n"
	       "Verdicts are red, unless NO_COLOR is set.\n"
	       "Exit code: 0, also by Ctrl-C; 1 failed; 2 wrong command line.\n");
}

/* What the module does, or what is read instead. */
static void look_at_state(struct top *t)
{
	char stats[KNOB_STATS_MAX], on[16];

	if (!t->f.ring)
		snprintf(t->state, sizeof(t->state), "%s", t->f.rd->dir);
	else if (knob_stats(stats) || knob_read("enable", on, sizeof(on)))
		snprintf(t->state, sizeof(t->state), "?");
	else
		snprintf(t->state, sizeof(t->state), "%s",
			 knob_stat(stats, "frozen") ? "frozen" :
			 *on == '1' ? "recording" : "off");
}

static void begin_interval(struct top *t, u64 now)
{
	t->ns = now - t->begin;
	t->begin = now;
	follow_tally(&t->f, &t->at);
	count_copy(&shown, &count);
	count_tick(&count);
	count_sort(top_table(t), t->sort);
	look_at_state(t);
}

static void count_anew(struct top *t)
{
	count_reset(&count);
	count_reset(&shown);
	follow_tally(&t->f, &t->zero);
	t->at = t->zero;
	t->begin = follow_now();
	t->ns = 0;
}

/* The filter that was typed; a wrong one changes nothing. */
static void set_filter(struct top *t)
{
	struct filter filter;

	filter_init(&filter);
	if (!filter_add(&filter, t->typed))
		return;
	t->filter = filter;
	memcpy(t->terms, t->typed, sizeof(t->terms));
	count_anew(t);
}

static void type_key(struct top *t, int key)
{
	size_t n = strlen(t->typed);

	if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		t->prompt = false;
		set_filter(t);
	} else if (key == ESC) {
		t->prompt = false;
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		if (n)
			t->typed[n - 1] = '\0';
	} else if (key == ('u' & 31)) {
		*t->typed = '\0';
	} else if (key >= ' ' && key < 127 && n < sizeof(t->typed) - 1) {
		t->typed[n] = key;
		t->typed[n + 1] = '\0';
	}
}

static void set_sort(struct top *t, enum count_sort sort)
{
	t->sort = sort;
	t->scroll = 0;
	count_sort(top_table(t), sort);
}

static void set_by(struct top *t, bool by_vma)
{
	t->by_vma = by_vma;
	set_sort(t, t->sort);
}

/* The next longer interval, or the next shorter one. */
static void set_interval(struct top *t, bool longer)
{
	unsigned int i, n = ARRAY_SIZE(steps);
	u64 ms = t->interval / 1000000;

	for (i = 0; longer && i < n; i++) {
		if (steps[i] > ms)
			break;
	}
	for (i = longer ? i : n; !longer && i > 0; i--) {
		if (steps[i - 1] < ms)
			break;
	}
	i -= !longer;
	if (i < n)
		t->interval = steps[i] * 1000000ULL;
}

static bool scroll_key(struct top *t, int key)
{
	switch (key) {
	case KEY_UP:
		t->scroll--;
		break;
	case KEY_DOWN:
		t->scroll++;
		break;
	case KEY_PPAGE:
		t->scroll -= top_rows();
		break;
	case KEY_NPAGE:
		t->scroll += top_rows();
		break;
	case KEY_HOME:
		t->scroll = 0;
		break;
	default:
		return false;
	}
	return true;
}

static void command_key(struct top *t, int key)
{
	const char *sort = key > 0 && key < 127 ? strchr(sort_keys, key) : NULL;

	if (sort)
		set_sort(t, sort - sort_keys);
	switch (key) {
	case 'q':
		t->quit = true;
		break;
	case 'h':
	case '?':
		t->help = true;
		break;
	case 'p':
		set_by(t, false);
		break;
	case 'v':
		set_by(t, true);
		break;
	case '\t':
		set_by(t, !t->by_vma);
		break;
	case 's':
		set_sort(t, (t->sort + 1) % COUNT_NR_SORTS);
		break;
	case ' ':
		t->paused = !t->paused;
		break;
	case '+':
	case '-':
		set_interval(t, key == '+');
		break;
	case 'f':
		t->prompt = true;
		memcpy(t->typed, t->terms, sizeof(t->typed));
		break;
	case 'z':
		count_anew(t);
		break;
	}
}

static void take_keys(struct top *t)
{
	int key;

	while (!t->quit && (key = getch()) != ERR) {
		if (key == KEY_RESIZE)
			continue;
		*said = '\0';
		if (key == CTRL_L)
			clearok(curscr, TRUE);
		else if (t->prompt)
			type_key(t, key);
		else if (t->help)
			t->help = false;
		else if (!scroll_key(t, key))
			command_key(t, key);
	}
	/* the terminal is gone */
	if (t->f.fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		t->quit = true;
}

static void run(struct top *t)
{
	struct event e;
	u64 now, until;

	look_at_state(t);
	count_anew(t);
	top_draw(t);
	do {
		while (follow_next(&t->f, &e)) {
			if (filter_passes(&t->filter, e.v.r))
				count_record(&count, &e);
		}
		take_keys(t);
		now = follow_now();
		if (!t->paused && now - t->begin >= t->interval)
			begin_interval(t, now);
		top_draw(t);
		until = t->paused ? ~0ULL : t->begin + t->interval;
	} while (!t->quit && follow_wait(&t->f, until, STDIN_FILENO));
}

/* Return: an exit code. */
static int show(struct top *t)
{
	SCREEN *screen;

	setlocale(LC_CTYPE, "");
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return fail("TERM=%s is not a terminal that can be drawn on",
			    getenv("TERM") ? getenv("TERM") : "");
	say_to = take_sentence;
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	if (!getenv("NO_COLOR") && has_colors()) {
		start_color();
		use_default_colors();
		init_pair(TOP_RED, COLOR_RED, -1);
	}
	run(t);
	endwin();
	delscreen(screen);
	say_to = NULL;
	return EXIT_OK;
}

int cmd_top(int argc, char **argv)
{
	static const struct option options[] = {
		{ "interval", required_argument, NULL, 'i' },
		{ "vma", no_argument, NULL, 'v' },
		{ "filter", required_argument, NULL, 'f' },
		{ "all", no_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	static struct top t = {
		.interval = FOLLOW_SECOND, .shown = &shown, .said = said,
	};
	const char *dir;
	bool all = false;
	int opt, code;
	size_t n;

	filter_init(&t.filter);
	while ((opt = getopt_long(argc, argv, "i:vf:ah", options, NULL)) != -1) {
		switch (opt) {
		case 'i':
			if (!parse_seconds(optarg, &t.interval) ||
			    t.interval < FOLLOW_SECOND / 10)
				return wrong("--interval %s: write seconds, 0.1 or more", optarg);
			break;
		case 'v':
			t.by_vma = true;
			break;
		case 'f':
			if (!filter_add(&t.filter, optarg))
				return EXIT_USAGE;
			n = strlen(t.terms);
			n += snprintf(t.terms + n, sizeof(t.terms) - n, "%s%s",
				      n ? " " : "", optarg);
			if (n >= sizeof(t.terms))
				return wrong("--filter: at most %zu characters",
					     sizeof(t.terms) - 1);
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
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return wrong("it needs a terminal; ptdbg stat -i 1 does without");
	if (!follow_open(&t.f, dir, all))
		return EXIT_FAILED;
	t.names = names_open(dir);
	code = show(&t);
	names_free(t.names);
	follow_close(&t.f);
	return code;
}
