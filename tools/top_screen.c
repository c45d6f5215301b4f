// SPDX-License-Identifier: GPL-2.0-only
/*
 * Draws the screen of ptdbg top: a header, a table with as many columns as there
 * is room for, and a line for keys and messages.
 */
#define NCURSES_NOMACROS
#include <ncurses.h>
#include <string.h>

#include "top.h"

/* Lines above the table and below it. */
#define ABOVE		3
#define BELOW		1
/* What a name must have before there is room for another column. */
#define NAME_LEAST	16

/* What a column is and, but for the rate, how it is sorted: all since the start. */
static const struct column {
	const char *title;
	const char *name;
	int width;
	unsigned int rank;	/* the lowest is there on the narrowest screen */
} columns[COUNT_NR_SORTS] = {
	[COUNT_BY_RATE] = { "REC/S", "records a second", 7, 0 },
	[COUNT_BY_TOTAL] = { "TOTAL", "records", 7, 1 },
	[COUNT_BY_LATENCY] = { "MEAN", "mean time of a fault", 7, 2 },
	[COUNT_BY_MAX] = { "MAX", "longest fault", 7, 5 },
	[COUNT_BY_FRESH] = { "NEW", "new table pages", 6, 4 },
	[COUNT_BY_BAD] = { "BAD", "records with a verdict", 6, 3 },
};

/* No line is wider than the narrowest screen. */
static const char *const help[] = {
	"ptdbg top: page faults as they come",
	"REC/S  records a second, just now",
	"since the start, or z:",
	"TOTAL  records",
	"MEAN, MAX  time of a fault",
	"NEW    table pages allocated",
	"BAD    records with a verdict (red)",
	"",
	"p v     by process, by vma",
	"Tab     the other one",
	"rtlmnb  sort by rate, total, mean,",
	"        max, new, bad",
	"s       sort by the next",
	"arrows, PgUp, PgDn, Home   scroll",
	"+ -     slower, faster",
	"space   pause; counting goes on",
	"f       filter, as for ptdbg report",
	"z       count anew",
	"q       quit",
	"",
	"any key goes back",
};

/* A number in six characters: three digits, or four, and a unit. */
static void put_short(char *buf, size_t size, u64 value, const char *const *unit)
{
	u64 one = 1;

	while (value / one >= 1000 && unit[1]) {
		one *= 1000;
		unit++;
	}
	if (one == 1 || value / one >= 100)
		snprintf(buf, size, "%llu%s", value / one, *unit);
	else
		snprintf(buf, size, "%llu.%llu%s", value / one,
			 value % one * 10 / one, *unit);
}

static void put_value(char *buf, size_t size, const struct count_sum *s,
		      enum count_sort column, u64 ns)
{
	static const char *const units[] = { "", "k", "M", "G", "T", "P", "E", NULL };
	static const char *const times[] = { "ns", "us", "ms", "s", NULL };
	u64 value = 0, us = ns / 1000;

	switch (column) {
	case COUNT_BY_RATE:
		value = us ? s->now.records * 1000000 / us : 0;
		break;
	case COUNT_BY_TOTAL:
		value = s->total.records;
		break;
	case COUNT_BY_FRESH:
		value = s->total.fresh;
		break;
	case COUNT_BY_BAD:
		value = s->total.bad;
		break;
	default:
		value = column == COUNT_BY_MAX ? s->total.max : count_mean(&s->total);
		if (s->total.faults)
			put_short(buf, size, value, times);
		else
			snprintf(buf, size, "-");
		return;
	}
	if (value < 100000)
		snprintf(buf, size, "%llu", value);
	else
		put_short(buf, size, value, units);
}

/* Is there room for the column? */
static bool has_column(const struct top *t, unsigned int column)
{
	unsigned int i;
	int room = COLS - columns[t->sort].width - 1;

	if (column == t->sort)
		return true;
	for (i = 0; i < COUNT_NR_SORTS; i++) {
		if (i != t->sort && columns[i].rank <= columns[column].rank)
			room -= columns[i].width + 1;
	}
	return room >= NAME_LEAST;
}

static void put(int y, int x, const char *text)
{
	if (y < LINES && x < COLS)
		mvaddnstr(y, x, text, COLS - x);
}

/* Fill the line, for it is shown in reverse. */
static void put_bar(int y, const char *text)
{
	attron(A_REVERSE);
	mvhline(y, 0, ' ', COLS);
	put(y, 0, text);
	attroff(A_REVERSE);
}

static void draw_header(const struct top *t)
{
	char line[512];
	u64 us = t->ns / 1000;

	snprintf(line, sizeof(line), "%s%llu/s  lost %llu  %s  missed %llu  every %llu.%llu s",
		 t->paused ? "PAUSED  " : "",
		 us ? t->shown->all.now.records * 1000000 / us : 0,
		 t->at.lost - t->zero.lost, t->state,
		 t->at.missed - t->zero.missed, t->interval / FOLLOW_SECOND,
		 t->interval % FOLLOW_SECOND / 100000000);
	attron(A_BOLD);
	put(0, 0, line);
	attroff(A_BOLD);
	snprintf(line, sizeof(line), "by %s, sorted by %s%s%s",
		 t->by_vma ? "vma" : "process", columns[t->sort].name,
		 *t->terms ? "; filter: " : "", t->terms);
	put(1, 0, line);
}

static void draw_heads(const struct top *t)
{
	char line[256], *at = line;
	unsigned int i;

	for (i = 0; i < COUNT_NR_SORTS; i++) {
		if (has_column(t, i))
			at += sprintf(at, "%*s ", columns[i].width, columns[i].title);
	}
	sprintf(at, "%s", t->by_vma ? "VMA" : "PROCESS");
	put_bar(2, line);
}

static void draw_line(const struct top *t, int y, const struct count_sum *s,
		      const char *name)
{
	bool red = s->total.bad && has_colors();
	char value[32];
	unsigned int i;
	int x = 0;

	if (red)
		attron(COLOR_PAIR(TOP_RED));
	for (i = 0; i < COUNT_NR_SORTS; i++) {
		if (!has_column(t, i))
			continue;
		put_value(value, sizeof(value), s, i, t->ns);
		x += columns[i].width + 1;
		put(y, x - 1 - (int)strlen(value), value);
	}
	put(y, x, name);
	if (red)
		attroff(COLOR_PAIR(TOP_RED));
}

int top_rows(void)
{
	int rows = LINES - ABOVE - BELOW;

	return rows > 0 ? rows : 0;
}

static void draw_table(struct top *t)
{
	const struct count_table *tab = top_table(t);
	bool others = tab->others.total.records;
	int i, y = ABOVE, nr = tab->nr, room = top_rows() - others;
	char name[COUNT_NAME_MAX];

	if (t->scroll > nr - room)
		t->scroll = nr - room;
	if (t->scroll < 0)
		t->scroll = 0;
	for (i = t->scroll; i < nr && i < t->scroll + room; i++) {
		count_name(&tab->entry[i], t->names, true, name);
		draw_line(t, y++, &tab->entry[i].sum, name);
	}
	if (others && room >= 0)
		draw_line(t, y, &tab->others, "(others)");
	if (!nr)
		put(ABOVE, 0, "no records yet");
}

void top_draw(struct top *t)
{
	char line[TOP_SAID];
	unsigned int i;

	erase();
	if (t->help) {
		for (i = 0; i < ARRAY_SIZE(help); i++)
			put(i, 0, help[i]);
		refresh();
		return;
	}
	draw_header(t);
	draw_heads(t);
	draw_table(t);
	if (t->prompt)
		snprintf(line, sizeof(line), "filter: %s", t->typed);
	else
		snprintf(line, sizeof(line), "%s", *t->said ? t->said :
			 "h help  q quit  v vma  s sort  space pause  f filter");
	put_bar(LINES - 1, line);
	curs_set(t->prompt);
	refresh();
}
