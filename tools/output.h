/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forms in which records are shown.  A new form is a file out_NAME.c with a
 * struct output, declared here and chosen by an option of the commands.
 */
#ifndef PTDBG_OUTPUT_H
#define PTDBG_OUTPUT_H

#include "names.h"
#include "reader.h"

/**
 * struct output - a form
 * @begin: before the first record
 * @record: a record
 *
 * Both write through out.h.
 */
struct output {
	void (*begin)(const struct reader *rd);
	void (*record)(const struct reader *rd, struct names *names,
		       const struct event *e);
};

/* Colours, for a terminal: set by the command. */
extern bool output_colour;

/* Stacks a frame a line, with all names there are: set by the command. */
extern bool output_stacks;

void out_stack(struct names *names, const struct event *e);	/* out_stack.c */

extern const struct output output_text;		/* as cat ptdbg: out_text.c */

/**
 * out_text_record() - a record as output_text shows it, but for its stacks
 * @t: trace
 * @v: record of a known type
 * @cpu: that made it
 * @names: of addresses, or NULL
 * @buf: PTDBG_TEXT_MAX bytes
 *
 * Return: length of the text.
 */
size_t out_text_record(const struct ptdbg_trace *t, const struct ptdbg_view *v,
		       unsigned int cpu, struct names *names, char *buf);

extern const struct output output_brief;	/* a line a record: out_brief.c */

#endif /* PTDBG_OUTPUT_H */
