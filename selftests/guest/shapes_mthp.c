// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transparent huge pages that are smaller than a PMD: each page has an entry of
 * its own, and on arm64 a row of these says that it is contiguous.
 *
 * The size is the one of such a row.  Oracles: the kernel's count of the pages
 * that it gave, pagemap, kpageflags, kpagecount.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "huge.h"
#include "kselftest.h"
#include "leaf.h"
#include "proc.h"
#include "smaps.h"

#define CONTROL		"/sys/kernel/mm/transparent_hugepage/hugepages-%lukB/%s"
#define TRIES		5
#define TESTS		5
#define PAGE(n)		(p + (n) * page)

static unsigned long page;
static unsigned long size;
static unsigned long pages;

/* A row is 64K, but with 16K pages it is 128 of these (Arm ARM, D8.7.1). */
static unsigned long row_size(void)
{
	return page == 16384 ? 2UL << 20 : 64UL << 10;
}

static bool allow(const char *when)
{
	char path[128];

	snprintf(path, sizeof(path), CONTROL, size / 1024, "enabled");
	return write_file(path, when, strlen(when)) == (long)strlen(when);
}

static long given(void)
{
	char path[128], *text;
	long value;

	snprintf(path, sizeof(path), CONTROL, size / 1024, "stats/anon_fault_alloc");
	text = read_file(path, NULL);
	value = text ? atol(text) : -1;
	free(text);
	return value;
}

/* One that was written, and what was recorded of it; or NULL. */
static char *written(struct seen *s)
{
	unsigned int i;
	long before;
	char *p;

	for (i = 0; i < TRIES; i++) {
		before = given();
		p = huge_map(size);
		madvise(p, size, MADV_HUGEPAGE);
		shape_seen(PAGE(5) + 9, WRITE, s);
		if (given() > before)
			return p;
		shape_free(s);
		huge_unmap(p, size);
		write_file("/proc/sys/vm/compact_memory", "1", 1);
	}
	return NULL;
}

static bool contiguous(const char *at)
{
	struct leaf l;

	leaf_find(getpid(), at, &l);
	return leaf_has(&l, "Cont");
}

/* Is the row in one piece, where the architecture has rows? */
static bool whole(const char *p)
{
#if defined(__aarch64__)
	return contiguous(p) && contiguous(PAGE(pages - 1));
#else
	return !contiguous(p);
#endif
}

static bool broken(const char *p)
{
	return !contiguous(p) && !contiguous(PAGE(pages - 1));
}

/* The child copies one page; 0 when all is well. */
static int child_copies(char *p, unsigned long pfn)
{
	struct leaf l;
	struct seen s;

	leaf_find(getpid(), PAGE(3), &l);
	if (!whole(p) || leaf_writable(&l) || l.pfn != pfn + 3 || l.map != 2 ||
	    look_up_count(l.pfn) != 2)
		return 1;
	shape_seen(PAGE(3), WRITE, &s);
	if (!huge_fault_true(&s, PAGE(3), page, PTDBG_PT_ANON) ||
	    shape_before(s.first) != l.raw || s.last->page.pfn == pfn + 3)
		return 2;
	return broken(p) && huge_split_true(p, size, pfn, 3, 3) ? 0 : 3;
}

static void try_all(char *p, const struct seen *s)
{
	unsigned long pfn = pagemap_word(p) & PM_PFN;
	struct leaf l;
	int status;
	pid_t pid;

	ksft_test_result(s->faults == 1 && s->last->page.pfn == pfn + 5 &&
			 s->last->page.type == PTDBG_PT_ANON && !s->verdicts &&
			 s->last->page.order == huge_order(size) &&
			 s->last->page.mapcount == 0 &&
			 s->last->chain.after_n == leaf_levels() &&
			 s->last->chain.before_stop == PTDBG_STOP_NONE,
			 "one fault gives a page of %lu kB\n", size / 1024);
	ksft_test_result(huge_true(p, size, "anon") && whole(p),
			 "all of it is mapped, each page by an entry%s\n",
			 contiguous(p) ? ", contiguous" : "");
	fflush(stdout);
	pid = fork();
	if (!pid) {
		status = child_copies(p, pfn);
		fflush(stdout);
		_exit(status);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %s", strerror(errno));
	ksft_test_result(!status, "the child copies one page (%d)\n",
			 WEXITSTATUS(status));
	leaf_find(getpid(), PAGE(3), &l);
	ksft_test_result(whole(p) && huge_true(p, size, "anon") && l.pfn == pfn + 3,
			 "the parent has all of it as before\n");
	mprotect(PAGE(2), page, PROT_READ);
	leaf_find(getpid(), PAGE(2), &l);
	ksft_test_result(broken(p) && huge_split_true(p, size, pfn, pages, 0) &&
			 !leaf_writable(&l),
			 "one page of it protected: no longer contiguous\n");
}

int main(void)
{
	unsigned int i;
	struct seen s;
	char *p;

	page = sysconf(_SC_PAGESIZE);
	size = row_size();
	pages = size / page;
	ksft_print_header();
	ksft_set_plan(TESTS);
	if (!allow("madvise")) {
		for (i = 0; i < TESTS; i++)
			ksft_test_result_skip("this kernel has no such pages\n");
		ksft_finished();
	}
	shape_start();
	huge_calm();
	p = written(&s);
	if (p) {
		try_all(p, &s);
		shape_free(&s);
		huge_unmap(p, size);
	}
	for (i = 0; !p && i < TESTS; i++)
		ksft_test_result_skip("the kernel has no free page of %lu kB\n",
				      size / 1024);
	allow("never");
	huge_wake();
	shape_end();
	ksft_finished();
}
