/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records in another order than that of time, in bounded memory.
 */
#ifndef PTDBG_SORT_H
#define PTDBG_SORT_H

#include "reader.h"

struct sorter;

/* Records that are sorted in memory at a time: 8 MB; 4096 times as many in all. */
#define SORT_ITEMS	(256 * 1024)

/**
 * sort_begin() - get ready
 * @name: "time", "duration" (longest first), "addr", "pid" or "comm"
 * @max: records in memory at a time; SORT_ITEMS but in tests
 *
 * Return: sorter, or NULL with a sentence.
 */
struct sorter *sort_begin(const char *name, u32 max);

/* Take a record.  Return: true, or false with a sentence. */
bool sort_add(struct sorter *s, const struct reader *rd, const struct event *e);

/**
 * sort_each() - give the records out, in order
 * @s: sorter
 * @rd: that the records came from; its files are read once more
 * @fn: gets each; returns false to stop
 * @data: for @fn
 *
 * Return: true, or false with a sentence.
 */
bool sort_each(struct sorter *s, const struct reader *rd,
	       bool (*fn)(const struct event *e, void *data), void *data);

void sort_end(struct sorter *s);

#endif /* PTDBG_SORT_H */
