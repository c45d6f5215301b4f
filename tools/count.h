/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records, counted: all of them, by process, by vma, by kind of vma and by level;
 * since the start, and in the interval that runs.  Memory is fixed: what a table
 * has no place for goes to its line "others".
 */
#ifndef PTDBG_COUNT_H
#define PTDBG_COUNT_H

#include "names.h"
#include "reader.h"

/* Lines of a table; a power of two. */
#define COUNT_MAX	4096
/* Bucket i: less than 2^i ns, but not less than 2^(i-1); 0: 0 ns. */
#define COUNT_BUCKETS	33
/* Bits of ptdbg_fault.result, and one more: */
#define COUNT_OK	32

/**
 * struct count_line - what is counted
 * @records: all of them
 * @faults: of these
 * @ns: that the faults took together
 * @max: that one took
 * @fresh: table pages that were new
 * @bad: records with a verdict
 */
struct count_line {
	u64 records;
	u64 faults;
	u64 ns;
	u64 max;
	u64 fresh;
	u64 bad;
};

/**
 * struct count_sum - the same, over time
 * @total: since the start
 * @now: since count_tick()
 * @took: faults by the time that they took, since the start
 * @result: faults by the bits of their result, since the start
 */
struct count_sum {
	struct count_line total;
	struct count_line now;
	u64 took[COUNT_BUCKETS];
	u64 result[COUNT_OK + 1];
};

/**
 * struct count_key - what makes a line; no padding, unused members are 0
 * @tgid: process
 * @kind: enum ptdbg_vmakind; the rest is for vmas only
 * @at: where it starts, or, of a stack, ends
 * @ino: inode number of the file
 * @dev: device of the file
 * @vma: 1: a vma, 0: a process
 */
struct count_key {
	u32 tgid;
	u32 kind;
	u64 at;
	u64 ino;
	u32 dev;
	u32 vma;
};

/**
 * struct count_entry - a line of a table
 * @key: whose
 * @comm: name of the process, printable: that of its first thread if that had a
 *	record, as it was called last
 * @first: last known start of the vma
 * @end: and end
 * @flags: and vm_flags
 * @seen: number of the interval of the last record
 * @sum: the counts
 */
struct count_entry {
	struct count_key key;
	char comm[PTDBG_COMM_LEN + 1];
	u64 first;
	u64 end;
	u64 flags;
	u64 seen;
	struct count_sum sum;
};

/**
 * struct count_table - lines, found by their keys
 * @nr: lines in use
 * @others: records without a line
 * @slot: hash table of indexes in @entry, plus one; 0: a free place
 * @entry: the lines, in any order
 */
struct count_table {
	unsigned int nr;
	struct count_sum others;
	u16 slot[2 * COUNT_MAX];
	struct count_entry entry[COUNT_MAX];
};

/**
 * struct count - all that is counted
 * @all: everything
 * @verdict: records with each verdict
 * @kind: by enum ptdbg_vmakind; the last is for others
 * @level: where the chain ends, 0 is the root; the last is for none
 * @first: time of the oldest record, if there are any
 * @last: and of the newest
 * @interval: number of the interval that runs
 * @process: by process
 * @vma: by vma
 */
struct count {
	struct count_sum all;
	u64 verdict[32];
	struct count_sum kind[PTDBG_NR_VMAKINDS + 1];
	struct count_sum level[PTDBG_MAX_LEVELS + 1];
	u64 first;
	u64 last;
	u64 interval;
	struct count_table process;
	struct count_table vma;
};

/* What lines can be sorted by: most first. */
enum count_sort {
	COUNT_BY_RATE,		/* records of the interval */
	COUNT_BY_TOTAL,		/* records */
	COUNT_BY_LATENCY,	/* mean time of a fault */
	COUNT_BY_MAX,		/* longest time of a fault */
	COUNT_BY_FRESH,		/* table pages that were new */
	COUNT_BY_BAD,		/* records with a verdict */
	COUNT_NR_SORTS
};

void count_record(struct count *c, const struct event *e);

/*
 * A new interval begins.  When a table is short of places, the lines that have
 * been idle for the longest time become part of the others.
 */
void count_tick(struct count *c);

/* Forget everything. */
void count_reset(struct count *c);

/* Copy what is in use; count_record() is not for the copy. */
void count_copy(struct count *to, const struct count *from);

/* Sort the lines; count_record() can't find them afterwards. */
void count_sort(struct count_table *t, enum count_sort by);

void count_add(struct count_sum *to, const struct count_sum *s);

/**
 * count_name() - what a line is called
 * @entry: line
 * @names: where files are looked up, or NULL
 * @brief: only the last part of a path
 * @buf: COUNT_NAME_MAX bytes: "ls/802", "ls/802 /usr/bin/ls r-xp 10000-2a000"
 */
#define COUNT_NAME_MAX	(NAMES_MAX + 96)
void count_name(const struct count_entry *entry, struct names *names, bool brief,
		char *buf);

/* Mean time of a fault, in ns. */
static inline u64 count_mean(const struct count_line *l)
{
	return l->faults ? l->ns / l->faults : 0;
}

#endif /* PTDBG_COUNT_H */
