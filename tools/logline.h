/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines of a kernel log as people pass them on: with timestamps, levels and
 * prefixes of syslog, serial consoles and mails, and wrapped.
 */
#ifndef PTDBG_LOGLINE_H
#define PTDBG_LOGLINE_H

#include <stdio.h>

#include "core/env.h"

#define LOGLINE_MAX	2048			/* more of a line is cut */
#define LOG_MAX		(32 * 1024 * 1024)	/* more of a log is not read */

/**
 * struct log - a log in memory
 * @text: it
 * @len: bytes
 * @at: of the next line
 * @next: number of the next line, from 1
 * @longest: bytes of its longest line
 * @width: of the terminal that wrapped it, or 0
 * @prefixed: lines of it begin with a timestamp or the like
 * @cut: it was longer than LOG_MAX
 * @line: the line that log_line() gave, without its prefix
 */
struct log {
	char *text;
	size_t len;
	size_t at;
	unsigned int next;
	unsigned int longest;
	unsigned int width;
	bool prefixed;
	bool cut;
	char line[LOGLINE_MAX];
};

/* Read all of it.  Return: true; false with errno. */
bool log_read(struct log *l, FILE *from);

/**
 * log_line() - the next line, put together again where it was wrapped
 * @l: log
 * @number: set to the number of the line that it begins in
 *
 * Bytes that no log has become '?'.
 *
 * Return: l->line, or NULL at the end.
 */
const char *log_line(struct log *l, unsigned int *number);

void log_free(struct log *l);

#endif /* PTDBG_LOGLINE_H */
