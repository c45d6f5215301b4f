/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a walk through corrupt tables should find, and what ptdbg says it found.
 */
#ifndef EXPECT_H
#define EXPECT_H

#include <stdbool.h>

#include <ptdbg.h>

#include "inject.h"
#include "iomem.h"
#include "manual.h"

/* Verdicts that are not expected one by one have this bit in common. */
#define VERDICT_OTHER	63

/* Pages of the test that entries may lead to, for chains of several lies. */
#define DEEP		INJECT_LEVELS

/**
 * struct target - the chain that is walked
 * @mode: paging mode
 * @map: where RAM is
 * @chain: the chain as it was
 * @addr: its address
 * @index: index of @addr in each of its tables
 * @typed: this kernel types tables of that level
 * @level: where an entry was replaced
 * @raw: by what
 * @moving: pages come and go, and what is said of those of others may be over
 * @deep: pages of the test
 * @deep_pfn: their pfns
 */
struct target {
	struct paging mode;
	struct iomem map;
	struct witness chain;
	unsigned long addr;
	unsigned int index;
	bool typed[INJECT_LEVELS];
	unsigned int level;
	unsigned long raw;
	bool moving;
	unsigned long *deep[DEEP];
	unsigned long deep_pfn[DEEP];
};

/* How a walk ends. */
enum end {
	END_NONE,
	END_ABSENT,		/* not present, and not zero */
	END_LEAF,
	END_BAD,
	END_TABLE,		/* at a table that is not read */
	END_UNKNOWN,		/* where it is not known what is in memory */
};

/**
 * struct walk - a walk as it should be, or as it was
 * @must: verdicts it has
 * @either: verdicts of which it has one, if there are any here
 * @may: verdicts it can have besides
 * @hidden: of @must and @either, those that it has not when the last table could
 *	not be read
 * @n: entries that were read
 * @raw: they
 * @end: how it ended
 */
struct walk {
	unsigned long must;
	unsigned long either;
	unsigned long may;
	unsigned long hidden;
	unsigned int n;
	unsigned long raw[INJECT_LEVELS];
	enum end end;
};

/* pfn of the table at LEVEL when the chain was whole. */
unsigned long target_table(const struct target *t, unsigned int level);

/* As look_up_flags(), for any number. */
unsigned long target_flags(unsigned long pfn);

/* The walk as it should be. */
void walk_expect(const struct target *t, struct walk *w);

/* The walk out of ptdbg's TEXT, which is destroyed. */
void walk_parse(const struct target *t, char *text, struct walk *w);

/* Did the walk that was wanted take place? */
bool walk_same(const struct walk *want, const struct walk *got);

/* In a TAP comment. */
void walk_print(const char *what, const struct walk *w);

/* In ptdbg's words; NULL for verdicts that are of no concern here. */
const char *walk_verdict_name(unsigned int verdict);

#endif /* EXPECT_H */
