// SPDX-License-Identifier: GPL-2.0-only
/*
 * Merged pages: equal pages of anonymous memory become one, read-only, and a
 * write takes it apart again; pages of zeros become the zero page.
 *
 * Oracles: pagemap (one pfn for all), kpagecount (how often it is mapped), and
 * the counters in /sys/kernel/mm/ksm.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "huge.h"
#include "kselftest.h"
#include "leaf.h"
#include "proc.h"
#include "smaps.h"

#define KSM		"/sys/kernel/mm/ksm/"
#define PAGES		3
#define TRIES		3000
#define PAUSE_US	10000

static unsigned long page;

static bool set(const char *name, const char *value)
{
	char path[64];

	snprintf(path, sizeof(path), KSM "%s", name);
	return write_file(path, value, strlen(value)) == (long)strlen(value);
}

/*
 * Let the kernel merge the pages, and stop it then: between a fault and the store
 * that it is for, the copy is equal to the others, and would be merged again.
 */
static void merge(char *p)
{
	unsigned long pfn;
	unsigned int i;

	if (!set("run", "1"))
		die("ksm does not run");
	for (i = 0; i < TRIES; i++) {
		pfn = pagemap_word(p) & PM_PFN;
		if ((pagemap_word(p + page) & PM_PFN) == pfn &&
		    (pagemap_word(p + 2 * page) & PM_PFN) == pfn)
			break;
		usleep(PAUSE_US);
	}
	if (i == TRIES)
		die("ksm finds no equal pages");
	if (!set("run", "0"))
		die("ksm does not stop");
}

/* Pages that all hold the same, which is not what others hold. */
static char *equal_pages(char byte)
{
	char *p = shape_map(PAGES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1);
	unsigned int i;

	/* a huge page would have to be split first */
	madvise(p, PAGES * page, MADV_NOHUGEPAGE);
	memset(p, byte, PAGES * page);
	for (i = 0; i < PAGES && byte; i++)
		memcpy(p + i * page, "merge me", 8);
	if (madvise(p, PAGES * page, MADV_MERGEABLE))
		die("MADV_MERGEABLE: %s", strerror(errno));
	return p;
}

static void try_merge(void)
{
	char *p = equal_pages(0x5a);
	unsigned long pfn;
	bool ok = true;
	struct leaf l;
	struct seen s;
	unsigned int i;

	merge(p);
	pfn = pagemap_word(p) & PM_PFN;
	for (i = 0; i < PAGES; i++) {
		leaf_find(getpid(), p + i * page, &l);
		ok &= l.pfn == pfn && !strcmp(l.type, "ksm") && l.quiet &&
		      l.map == (long)look_up_count(pfn) && l.map == PAGES &&
		      !leaf_writable(&l) && !l.order;
	}
	ksft_test_result(ok && look_up_flags(pfn) >> KPF_KSM & 1,
			 "merged: one page, read-only, mapped %ld times\n", l.map);

	shape_seen(p + page, READ, &s);
	ksft_test_result(!s.faults, "merged: reading needs no fault\n");
	shape_free(&s);

	shape_seen(p + page, WRITE, &s);
	leaf_find(getpid(), p + page, &l);
	ok = huge_fault_true(&s, p + page, page, PTDBG_PT_ANON) &&
	     s.faults == 1 && s.last->page.pfn != pfn &&
	     s.last->page.mapkind == PTDBG_MAP_ANON &&
	     s.last->chain.before_stop == PTDBG_STOP_LEAF &&
	     s.last->page.mapcount == 0 && leaf_writable(&l) &&
	     l.pfn == (pagemap_word(p + page) & PM_PFN) && !strcmp(l.type, "anon");
	ksft_test_result(shape_holds(&s, 0, ok),
			 "merged, then written: a page of its own\n");
	shape_free(&s);
	leaf_find(getpid(), p, &l);
	ksft_test_result(l.pfn == pfn && !strcmp(l.type, "ksm") &&
			 l.map == PAGES - 1 && l.map == (long)look_up_count(pfn),
			 "merged, then written: the others share as before\n");
	munmap(p, PAGES * page);
}

static void try_zeros(void)
{
	char *p;
	unsigned long pfn;
	struct leaf l;
	struct seen s;

	if (!set("use_zero_pages", "1")) {
		ksft_test_result_skip("zeros: this kernel does not merge with the zero page\n");
		ksft_test_result_skip("zeros: so none is taken apart\n");
		return;
	}
	p = equal_pages(0);
	merge(p);
	pfn = pagemap_word(p) & PM_PFN;
	leaf_find(getpid(), p + page, &l);
	ksft_test_result(l.pfn == pfn && !strcmp(l.type, "zero page") &&
			 look_up_flags(pfn) >> KPF_ZERO_PAGE & 1 &&
			 !leaf_writable(&l) && l.quiet,
			 "zeros: merged with the zero page\n");
	shape_seen(p + page, WRITE, &s);
	ksft_test_result(huge_fault_true(&s, p + page, page, PTDBG_PT_ANON) &&
			 s.last->page.pfn != pfn &&
			 s.last->chain.before_stop == PTDBG_STOP_LEAF &&
			 shape_before(s.first) == l.raw,
			 "zeros: a write gives a page again\n");
	shape_free(&s);
	set("use_zero_pages", "0");
	munmap(p, PAGES * page);
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	if (!set("sleep_millisecs", "5") || !set("pages_to_scan", "1000"))
		ksft_exit_skip("this kernel does not merge pages\n");
	ksft_set_plan(6);
	shape_start();
	try_merge();
	try_zeros();
	shape_end();
	ksft_finished();
}
