/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the commands of ptdbg share.
 */
#ifndef PTDBG_TOOL_H
#define PTDBG_TOOL_H

/* Exit codes, as in the manual page. */
enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,	/* the work could not be done */
	EXIT_USAGE = 2,		/* the command line is wrong */
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

int cmd_decode(int argc, char **argv);

#endif /* PTDBG_TOOL_H */
