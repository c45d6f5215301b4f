/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The screen of ptdbg top: cmd_top.c has its keys, top_screen.c draws it.
 */
#ifndef PTDBG_TOP_H
#define PTDBG_TOP_H

#include "count.h"
#include "filter.h"
#include "follow.h"

/* For attributes: lines with a verdict. */
#define TOP_RED		1
/* Longest sentence, and longest filter. */
#define TOP_SAID	512
#define TOP_TERMS	160

/**
 * struct top - the screen
 * @f: where records come from
 * @filter: what is counted
 * @terms: the same in words; "" for all
 * @names: of files
 * @interval: nanoseconds
 * @begin: when the interval began
 * @ns: how long the shown one was
 * @at: what became of the records until then
 * @zero: and until z was pressed
 * @shown: what is counted, as it was then
 * @said: a sentence for the last line; "" for none
 * @state: of the module, or the name of the recording
 * @by_vma: else by process
 * @sort: order
 * @scroll: lines that are above the screen
 * @paused: what is shown stays
 * @help: is shown
 * @prompt: a filter is being typed, in @typed
 * @typed: see above
 * @quit: it ends
 */
struct top {
	struct follow f;
	struct filter filter;
	char terms[TOP_TERMS];
	struct names *names;
	u64 interval;
	u64 begin;
	u64 ns;
	struct tally at;
	struct tally zero;
	struct count *shown;
	char *said;
	char state[80];
	bool by_vma;
	enum count_sort sort;
	int scroll;
	bool paused;
	bool help;
	bool prompt;
	char typed[TOP_TERMS];
	bool quit;
};

void top_draw(struct top *t);

/* Lines that the table has room for. */
int top_rows(void);

static inline struct count_table *top_table(const struct top *t)
{
	return t->by_vma ? &t->shown->vma : &t->shown->process;
}

#endif /* PTDBG_TOP_H */
