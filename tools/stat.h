/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ptdbg stat: cmd_stat.c counts records, stat_show.c shows what was counted.
 */
#ifndef PTDBG_STAT_H
#define PTDBG_STAT_H

#include "count.h"

struct json_object;

/* Bits of stat_show.by: which tables */
enum {
	STAT_BY_PROCESS = 1,
	STAT_BY_VMA = 2,
	STAT_BY_KIND = 4,
	STAT_BY_LEVEL = 8,
};

/**
 * struct stat_table - a table that there is
 * @name: on the command line and in JSON
 * @by: its bit
 * @heading: over its names
 */
struct stat_table {
	const char *name;
	unsigned int by;
	const char *heading;
};

#define STAT_NR_TABLES	4
extern const struct stat_table stat_tables[STAT_NR_TABLES];

/**
 * struct stat_show - what is to be shown, and how
 * @count: what was counted
 * @rd: the trace
 * @names: of files
 * @by: which tables; 0: not said
 * @histograms: a histogram for each line of them
 * @json: as JSON: an object, or one an interval
 * @sort: their order
 * @lines: at most so many
 * @interval: nanoseconds; 0: all in one
 * @left: end after so many intervals; 0: never
 * @ns: in which the records at hand came; 0: not known
 * @end: time at the end of the interval
 * @shown: lines of intervals since the heading; 0: none yet
 * @lost: records, as far as it was said
 * @table: of JSON, that lines are added to
 */
struct stat_show {
	struct count *count;
	const struct reader *rd;
	struct names *names;
	unsigned int by;
	bool histograms;
	bool json;
	enum count_sort sort;
	u64 lines;
	u64 interval;
	u64 left;
	u64 ns;
	u64 end;
	unsigned int shown;
	u64 lost;
	struct json_object *table;
};

/* All in one. */
void stat_show_all(struct stat_show *s);

/**
 * stat_show_interval() - what came in an interval; the next one begins
 * @s: what to show
 * @end: its end
 * @ns: its nanoseconds
 * @lost: records since the start
 *
 * Return: false when it was the last.
 */
bool stat_show_interval(struct stat_show *s, u64 end, u64 ns, u64 lost);

#endif /* PTDBG_STAT_H */
