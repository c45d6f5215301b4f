/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `ptdbg explain` says: statements, each with how sure it is and the line of
 * the text that it comes from.
 */
#ifndef PTDBG_FINDING_H
#define PTDBG_FINDING_H

#include "core/env.h"

#define FINDINGS_MAX	160
#define FINDING_TEXT	256

/**
 * enum sure - how far a statement can be trusted
 * @SURE_UNKNOWN: not known
 * @SURE_POSSIBLE: one of several readings, and nothing speaks against it
 * @SURE_LIKELY: evidence speaks for it, an assumption remains
 * @SURE_CERTAIN: the text says it, or it follows from what the text says by a
 *	manual or by the kernel's own definitions
 */
enum sure {
	SURE_UNKNOWN,
	SURE_POSSIBLE,
	SURE_LIKELY,
	SURE_CERTAIN
};

enum topic {
	TOPIC_LAYOUT,
	TOPIC_FAULT,
	TOPIC_ADDRESS,
	TOPIC_REGISTER,
	NR_TOPICS
};

/**
 * struct finding - a statement
 * @topic: enum topic
 * @sure: enum sure
 * @line: of the text, from 1; 0: none, an option or several lines
 * @text: the statement
 */
struct finding {
	u8 topic;
	u8 sure;
	unsigned int line;
	char text[FINDING_TEXT];
};

/**
 * struct findings - the statements about one oops, in the order they were made
 * @n: in use
 * @dropped: that had no room
 * @item: they
 */
struct findings {
	unsigned int n;
	unsigned int dropped;
	struct finding item[FINDINGS_MAX];
};

/* Add a statement; the text is cut when it is too long. */
__printf(5, 6)
void found(struct findings *f, enum topic about, enum sure sure,
	   unsigned int line, const char *fmt, ...);

/* "certain", "layout" */
const char *sure_name(enum sure sure);
const char *topic_name(enum topic about);

/* A chain of reasons is as sure as its weakest. */
static inline enum sure weakest(enum sure a, enum sure b)
{
	return a < b ? a : b;
}

#endif /* PTDBG_FINDING_H */
