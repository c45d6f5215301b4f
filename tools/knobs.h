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

/**
 * knob_each_line() - ask a knob, and take its answer line by line
 * @name: knob
 * @question: what is written to it
 * @take: gets each line, with its newline; false, with a sentence: no more of them
 * @data: for @take
 *
 * Return: true when all lines were taken; false, and there was a sentence.
 */
bool knob_each_line(const char *name, const char *question,
		    bool (*take)(const char *line, void *data), void *data);

/* Ask, and take the answer in one piece, NUL terminated; -1 with a sentence. */
int knob_answer(const char *name, const char *question, char *text, size_t size);

/*
 * Write @question to the knob and show what it answers on standard output.
 * Return: an exit code, with a sentence where it failed.
 */
int knob_ask(const char *name, const char *question);

#endif /* PTDBG_KNOBS_H */
