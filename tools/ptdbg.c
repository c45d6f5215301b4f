// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg: the table of commands.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ptdbg.h"
#include "say.h"

#ifndef HAVE_CURSES
int cmd_top(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return fail("not in this build: the package libncurses-dev brings it; try stat -i 1");
}
#endif

static const struct command commands[] = {
	{ "record", cmd_record, "record into a directory" },
	{ "report", cmd_report, "show a recording" },
	{ "live", cmd_live, "show records as they come" },
	{ "top", cmd_top, "a live screen by process or by vma" },
	{ "stat", cmd_stat, "count by process, vma and level" },
	{ "walk", cmd_walk, "show the page-table chain of an address, now" },
	{ "tables", cmd_tables, "list page-table pages" },
	{ "doctor", cmd_doctor, "look whether recording works here" },
	{ "dump", cmd_dump, "show the records in a memory image" },
	{ "decode", cmd_decode, "say what a page-table entry means" },
	{ "explain", cmd_explain, "explain the text of an oops" },
};

static void print_help(FILE *to)
{
	unsigned int i;

	fprintf(to, "usage: ptdbg COMMAND [ARGUMENT...]\n\n");
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(to, "  %-8s %s\n", commands[i].name,
			commands[i].summary);
	fprintf(to, "\nWith --help, a COMMAND tells more.\n");
}

/* What was printed must have arrived.  Return: the exit code. */
static int finish(int code)
{
	if ((fflush(stdout) || ferror(stdout)) && code == EXIT_OK)
		return fail("standard output: %s", strerror(errno));
	return code;
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_help(stdout);
		return EXIT_OK;
	}
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		say_command = commands[i].name;
		return finish(commands[i].run(argc - 1, argv + 1));
	}
	fprintf(stderr, "ptdbg: there is no command \"%s\"; --help lists them\n",
		argv[1]);
	return EXIT_USAGE;
}
