/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test Anything Protocol, version 13: a line for each check, the plan at the
 * end.  One C file a test program.
 */
#ifndef PTDBG_TAP_H
#define PTDBG_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned int tap_count;
static unsigned int tap_failed;

static inline void tap_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
}

__printf(2, 3)
static inline bool ok(bool good, const char *fmt, ...)
{
	va_list args;

	printf("%sok %u ", good ? "" : "not ", ++tap_count);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	tap_failed += !good;
	return good;
}

/* Numbers, shown in hexadecimal when they differ */
static inline bool is_hex(unsigned long long got, unsigned long long want,
			  const char *name)
{
	if (ok(got == want, "%s", name))
		return true;
	printf("#   got %llx, not %llx\n", got, want);
	return false;
}

/* Texts, both shown when they differ */
static inline bool is_text(const char *got, const char *want, const char *name)
{
	if (ok(!strcmp(got, want), "%s", name))
		return true;
	printf("#   got  \"%s\"\n#   want \"%s\"\n", got, want);
	return false;
}

static inline bool has_text(const char *got, const char *part, const char *name)
{
	if (ok(strstr(got, part), "%s", name))
		return true;
	printf("#   no \"%s\" in \"%s\"\n", part, got);
	return false;
}

/* A check that cannot be made here, and why */
static inline void skip(const char *name, const char *reason)
{
	printf("ok %u %s # SKIP %s\n", ++tap_count, name, reason);
}

/* Plan and exit code: what main() returns */
static inline int tap_end(void)
{
	printf("1..%u\n", tap_count);
	if (tap_failed)
		printf("# %u of %u failed\n", tap_failed, tap_count);
	return tap_failed ? 1 : 0;
}

#endif /* PTDBG_TAP_H */
