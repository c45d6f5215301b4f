/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the commands of ptdbg share.
 *
 * The way of a record: stream.c (packets of one file) -> reader.c (all CPUs by
 * time) -> filter.c -> output.h (out_text.c, out_brief.c) -> out.c.  module/core
 * says what a record means.
 *
 * A new command is a file cmd_NAME.c and a line in the table of ptdbg.c.  A new
 * form of output is a file out_NAME.c, see output.h.  What needs a library is a
 * file of its own that the Makefile builds where the library is, with HAVE_NAME
 * defined for all.
 */
#ifndef PTDBG_TOOL_H
#define PTDBG_TOOL_H

/* Exit codes, as in the manual page. */
enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,	/* the work could not be done */
	EXIT_USAGE = 2,		/* the command line is wrong */
	EXIT_DAMAGED = 3,	/* it was done, but parts of the trace are damaged */
};

/**
 * struct command - a word behind "ptdbg"
 * @name: the word
 * @run: does it; gets the arguments from the word on, returns an exit code
 * @summary: one line for the list of commands
 */
struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
};

int cmd_record(int argc, char **argv);
int cmd_live(int argc, char **argv);
int cmd_walk(int argc, char **argv);
int cmd_tables(int argc, char **argv);
int cmd_top(int argc, char **argv);
int cmd_stat(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_decode(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_report(int argc, char **argv);

#endif /* PTDBG_TOOL_H */
