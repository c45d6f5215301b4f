// SPDX-License-Identifier: GPL-2.0-only
/*
 * See memory.h.
 *
 * What is allocated by a module that is gone again shows by its caller, an address
 * that has no name: /proc/vmallocinfo always tells the caller, slabs do when the
 * kernel was started with slub_debug=U, pages with page_owner=on, where a kernel has
 * that.  These are exact.  Elsewhere pages have no caller, so free ones are counted.
 * MemFree leaves out those on the lists of the CPUs, which /proc/zoneinfo has too.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "memory.h"

#define TRACES		"/sys/kernel/debug/slab"
#define CACHES		"/sys/kernel/slab"
#define OWNERS		"/sys/kernel/debug/page_owner_stacks/show_stacks"
#define OWNED		"nr_base_pages: "
#define TRIES		20
#define PAUSE_US	250000
/* pages that come and go while nothing happens */
#define STILL		16

/* Adds up the numbers behind NAME, which stands first in a line but for blanks. */
static long sum_of(const char *text, const char *name)
{
	size_t len = strlen(name);
	const char *line;
	long sum = 0;

	for (line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		line += strspn(line, " ");
		if (!strncmp(line, name, len))
			sum += strtol(line + len, NULL, 10);
	}
	return sum;
}

static long meminfo_kb(const char *name)
{
	char *text = need_file("/proc/meminfo");
	long kb = sum_of(text, name);

	free(text);
	return kb;
}

static long free_pages(void)
{
	long kb = sysconf(_SC_PAGESIZE) / 1024, pages;
	char *text;

	/* what the CPUs have not added to the sums yet */
	write_file("/proc/sys/vm/stat_refresh", "1", 1);
	text = need_file("/proc/zoneinfo");
	/* "pages free N" in a zone, "count: N" of each CPU */
	pages = sum_of(text, "pages free ") + sum_of(text, "count:");
	free(text);
	return pages + (meminfo_kb("Slab:") + meminfo_kb("HardwareCorrupted:")) / kb;
}

/*
 * Lines of TEXT whose words from number FIELD on begin with CALLER: "0x" for an
 * address without a name; what has one has its module behind it.
 */
static int callers(const char *text, unsigned int field, const char *caller)
{
	const char *line, *at, *end;
	unsigned int i;
	int n = 0;

	for (line = text; line && *line; line = end) {
		line += *line == '\n';
		end = strchr(line, '\n');
		if (!end)
			end = line + strlen(line);
		at = line + strspn(line, " ");
		for (i = 0; i < field && at < end; i++) {
			at = memchr(at, ' ', end - at);
			at = at ? at + strspn(at, " ") : end;
		}
		n += end - at >= (long)strlen(caller) && !strncmp(at, caller, strlen(caller));
	}
	return n;
}

static int slab_callers(const char *caller)
{
	DIR *dir = opendir(TRACES);
	struct dirent *e;
	char path[512], *text;
	int n = 0, seen = 0;

	while (dir && (e = readdir(dir))) {
		snprintf(path, sizeof(path), TRACES "/%s/alloc_traces", e->d_name);
		text = e->d_name[0] == '.' ? NULL : read_file(path, NULL);
		if (!text)
			continue;
		/* "12 caller+0x1/0x2 [module] age=..."; caches that are not tracked have none */
		seen += !!strstr(text, " age=");
		n += callers(text, 1, caller);
		free(text);
	}
	if (dir)
		closedir(dir);
	return seen ? n : -1;
}

/*
 * Pages that somebody without a name has allocated.  What the kernel takes for its
 * own allocators is not his, and may stay.  TELL: also in TAP comments.
 */
static int page_callers(bool tell)
{
	/* the last one: tables for vmalloc's addresses, which the kernel keeps */
	static const char *const keepers[] = {
		"allocate_slab", "pcpu_populate", "kasan_populate", "__vmap_pages_range",
	};
	char *text = read_file(OWNERS, NULL), *stack, *end;
	int n = 0;
	unsigned int i;

	if (!text || !*text) {
		free(text);
		return -1;
	}
	for (stack = text; (end = strstr(stack, OWNED)); stack = strchrnul(end, '\n')) {
		*end = '\0';
		for (i = 0; i < sizeof(keepers) / sizeof(*keepers); i++) {
			if (strstr(stack, keepers[i]))
				break;
		}
		end += strlen(OWNED);
		/* " name+0x1/0x2 [module]", or an address */
		if (i < sizeof(keepers) / sizeof(*keepers) || !strstr(stack, "\n 0x"))
			continue;
		n += atoi(end);
		if (tell)
			printf("# %d pages:%s\n", atoi(end), stack);
	}
	free(text);
	return n;
}

void memory_tell_pages(void)
{
	page_callers(true);
}

bool memory_sees_ptdbg(void)
{
	return slab_callers("ptdbg_") > 0;
}

/* KASAN keeps what is freed for a while, as if it were not, but not in a cache that shrinks. */
static void shrink_caches(void)
{
	DIR *dir = opendir(CACHES);
	struct dirent *e;
	char path[512];

	while (dir && (e = readdir(dir))) {
		/* a link is another name of a cache */
		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), CACHES "/%s/shrink", e->d_name);
		write_file(path, "1", 1);
	}
	if (dir)
		closedir(dir);
}

static void count(struct memory *m)
{
	char *text = need_file("/proc/vmallocinfo");

	m->free = free_pages();
	m->percpu_kb = meminfo_kb("Percpu:");
	/* "0x1-0x2 bytes caller+0x1/0x2 ..." */
	m->vmalloc = callers(text, 2, "0x");
	free(text);
	m->slab = slab_callers("0x");
	m->pages = page_callers(false);
}

void memory_settled(struct memory *m)
{
	long before = 0;
	unsigned int i;

	for (i = 0; i < TRIES; i++) {
		sync();
		write_file("/proc/sys/vm/drop_caches", "3", 1);
		m->free = free_pages();
		if (labs(m->free - before) <= STILL)
			break;
		before = m->free;
		usleep(PAUSE_US);
	}
	shrink_caches();
	count(m);
}

void memory_print(const char *when, const struct memory *m)
{
	printf("# %s: %ld pages free, per-CPU %ld KiB\n", when, m->free, m->percpu_kb);
	printf("# without a name: %d vmalloc, %d slab, %d pages\n", m->vmalloc, m->slab, m->pages);
}
