/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The knobs of the module: ptdbg.d/NAME.
 */
#ifndef PTDBG_KNOBS_H
#define PTDBG_KNOBS_H

#include "core/env.h"

/* What a knob shows, NUL terminated; -1 with a sentence. */
int knob_read(const char *name, char *text, size_t size);

/* Return: 0, or -1 with a sentence. */
int knob_write(const char *name, const char *text);

/* A number of the stats; 0 if there is none of that name. */
u64 knob_stat(const char *stats, const char *name);

/* All of the stats; -1 with a sentence. */
#define KNOB_STATS_MAX	4096
int knob_stats(char text[KNOB_STATS_MAX]);

/* Write @question.  Return: a file with the answer; -1 with a sentence. */
int knob_question(const char *name, const char *question);

/* The sentence when that file can't be read, from errno. */
void knob_say_no_answer(const char *name);

/*
 * Write @question to the knob and show what it answers on standard output.
 * Return: an exit code, with a sentence where it failed.
 */
int knob_ask(const char *name, const char *question);

#endif /* PTDBG_KNOBS_H */
