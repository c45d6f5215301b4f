// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers out of text.
 */
#include "number.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

bool parse_number(const char *text, unsigned int base, u64 max,
		  const char **end, u64 *value)
{
	const char *at = text;
	unsigned int d;
	u64 n = 0;

	for (; (d = digit(*at)) < base; at++) {
		if (n > (~0ULL - d) / base)
			return false;
		n = n * base + d;
	}
	if (at == text || n > max || (!end && *at))
		return false;
	if (end)
		*end = at;
	*value = n;
	return true;
}

bool parse_range(const char *text, const char **end, u64 *first, u64 *last)
{
	u64 a, b;

	if (!parse_number(text, 16, ~0ULL, &text, &a) || *text++ != '-' ||
	    !parse_number(text, 16, ~0ULL, &text, &b) || (!end && *text))
		return false;
	if (end)
		*end = text;
	*first = a;
	*last = b;
	return true;
}

bool parse_seconds(const char *text, u64 *ns)
{
	u64 seconds, rest = 0, unit = 1000000000;
	const char *end;

	if (!parse_number(text, 10, ~0ULL / 2000000000, &end, &seconds))
		return false;
	if (*end == '.') {
		for (end++; *end >= '0' && *end <= '9'; end++) {
			unit /= 10;
			rest += unit * (*end - '0');
		}
	}
	*ns = seconds * 1000000000 + rest;
	return !*end;
}
