// SPDX-License-Identifier: GPL-2.0-only
/*
 * See fail.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "fail.h"
#include "kallsyms.h"

#define NTH	"/proc/thread-self/fail-nth"
#define DEBUGFS	"/sys/kernel/debug/"
/* the kernel looks no deeper into a stack */
#define DEPTH	"32"
/* kmemleak notes each allocation, and has one of its own for that */
#define NOTES	"__alloc_object"

static const char *const kinds[] = { DEBUGFS "failslab/", DEBUGFS "fail_page_alloc/" };

static int nth = -1;

static void set(const char *kind, const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s%s", kind, name);
	if (write_file(path, text, strlen(text)) != (long)strlen(text))
		die("%s does not take \"%s\": %s", path, text, strerror(errno));
}

/* @from and @to: files that limit what counts by the functions on the stack. */
static void set_range(const char *from, unsigned long start, const char *to, unsigned long end)
{
	unsigned int i;
	char text[32];

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		snprintf(text, sizeof(text), "0x%lx", start);
		set(kinds[i], from, text);
		snprintf(text, sizeof(text), "0x%lx", end);
		set(kinds[i], to, text);
	}
}

bool fail_ready(void)
{
	unsigned long start, end;
	unsigned int i;

	if (access(NTH, W_OK) || access(DEBUGFS "failslab/require-start", W_OK) ||
	    access(DEBUGFS "fail_page_alloc/require-start", W_OK))
		return false;
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		/* also those that may wait, which are nearly all */
		set(kinds[i], "ignore-gfp-wait", "N");
		set(kinds[i], "verbose", "0");
		set(kinds[i], "stacktrace-depth", DEPTH);
	}
	set(kinds[0], "cache-filter", "N");
	set(kinds[1], "ignore-gfp-highmem", "N");
	set(kinds[1], "min-order", "0");
	kallsyms_load();
	if (kallsyms_place(NOTES, &start, &end))
		set_range("reject-start", start, "reject-end", end);
	nth = open(NTH, O_RDWR | O_CLOEXEC);
	if (nth < 0)
		die("%s: %s", NTH, strerror(errno));
	return true;
}

void fail_within(const char *name)
{
	unsigned long start = 0, end = -1UL;

	if (name && !kallsyms_place(name, &start, &end))
		die("the kernel has no function %s", name);
	set_range("require-start", start, "require-end", end);
}

void fail_nth(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(nth, text, len, 0) != len)
		die("%s: %s", NTH, strerror(errno));
}

bool fail_done(void)
{
	char text[16] = "";

	/* what is left of it; the read and the write are not to fail */
	if (pread(nth, text, sizeof(text) - 1, 0) <= 0)
		die("%s: %s", NTH, strerror(errno));
	fail_nth(0);
	return !atoi(text);
}
