/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ptdbg says to people: sentences on stderr, with the name of the command
 * before them.  One sentence has the cause and, where there is one, the cure.
 */
#ifndef PTDBG_SAY_H
#define PTDBG_SAY_H

#include <stdbool.h>

/* Set by main(): "report". */
extern const char *say_command;

/* Who takes the sentences while stderr would spoil the screen; NULL: stderr. */
extern void (*say_to)(const char *sentence);

/* A sentence about the work; more may follow. */
__printf(1, 2) void say(const char *fmt, ...);

/* The sentence why there is no result.  Return: EXIT_FAILED. */
__printf(1, 2) int fail(const char *fmt, ...);

/* What is wrong with the command line.  Return: EXIT_USAGE. */
__printf(1, 2) int wrong(const char *fmt, ...);

/*
 * A line on a terminal, and nothing elsewhere: the next one takes its place, and a
 * sentence or the end does.
 */
__printf(1, 2) void say_progress(const char *fmt, ...);
void say_progress_end(void);

/* Is the kernel that runs one that the module is not made for? */
bool kernel_too_old(char release[65]);

/*
 * Why a file of debugfs can't be used, from errno: not root, locked down, too
 * old a kernel, not mounted, module not loaded.  Return: EXIT_FAILED.
 */
int fail_debugfs(const char *path);

#endif /* PTDBG_SAY_H */
