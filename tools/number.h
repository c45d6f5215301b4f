/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers out of text that may hold anything: whole, in range, or not at all.
 */
#ifndef PTDBG_NUMBER_H
#define PTDBG_NUMBER_H

#include "core/env.h"

/**
 * parse_number() - an unsigned number
 * @text: no sign, no blanks
 * @base: 10 or 16 (without 0x)
 * @max: the highest that is good
 * @end: set behind it; NULL: it must be all of the text
 * @value: result
 *
 * Return: true; false, with nothing changed, when it is none.
 */
bool parse_number(const char *text, unsigned int base, u64 max,
		  const char **end, u64 *value);

/* "START-END" in hexadecimal.  @end: as above. */
bool parse_range(const char *text, const char **end, u64 *first, u64 *last);

/* Seconds with up to nine decimals, "281.915960", as nanoseconds. */
bool parse_seconds(const char *text, u64 *ns);

#endif /* PTDBG_NUMBER_H */
