// SPDX-License-Identifier: GPL-2.0-only
/*
 * What two processes share after a fork: small pages, which are write-protected
 * for it, but no page tables; and with hugetlb, a whole page-table page.
 *
 * Oracles: pagemap of both processes, kpagecount, and for the shared table the
 * number of faults that the child had: what its parent has mapped in the table
 * is there without one.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "control.h"
#include "huge.h"
#include "kselftest.h"
#include "leaf.h"
#include "proc.h"
#include "smaps.h"
#include "touch.h"

#define PAGES	3
#define POOL	"/sys/kernel/mm/hugepages/hugepages-%lukB/%s"

static unsigned long page;

/* There are to be two pages that one entry of a PMD table maps. */
static void fill_pool(void)
{
	char path[96], *text;

	snprintf(path, sizeof(path), POOL, huge_unit(1) / 1024, "free_hugepages");
	text = read_file(path, NULL);
	if (text && atol(text) < 2) {
		snprintf(path, sizeof(path), POOL, huge_unit(1) / 1024, "nr_hugepages");
		write_file(path, "2", 1);
	}
	free(text);
}

/* A child that does nothing, until it is killed. */
static pid_t idle_child(void)
{
	pid_t pid = child_fork();

	if (!pid) {
		for (;;)
			pause();
	}
	return pid;
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The page of both; the tables of each. */
static bool same_page(pid_t child, const char *at, unsigned long pfn, bool writable)
{
	struct mapping there = look_up_page(child, (unsigned long)at);
	struct leaf ours, theirs;

	leaf_find(getpid(), at, &ours);
	leaf_find(child, at, &theirs);
	if (there.present && there.pfn == pfn && ours.pfn == pfn &&
	    theirs.pfn == pfn && ours.table != theirs.table &&
	    ours.upper != theirs.upper && ours.quiet && theirs.quiet &&
	    leaf_writable(&ours) == writable && leaf_writable(&theirs) == writable &&
	    ours.map == (long)look_up_count(pfn) && theirs.map == ours.map)
		return true;
	ksft_print_msg("pfn %lx, child %lx: walks %lx %lx tables %lx %lx map %ld %ld%s%s\n",
		       pfn, there.pfn, ours.pfn, theirs.pfn, ours.table,
		       theirs.table, ours.map, theirs.map, ours.bits, theirs.bits);
	return false;
}

static void try_private(void)
{
	char *p = shape_map(PAGES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1);
	unsigned long pfn[PAGES];
	unsigned int i;
	bool ok = true;
	struct leaf l;
	struct seen s;
	pid_t child;

	madvise(p, PAGES * page, MADV_NOHUGEPAGE);
	for (i = 0; i < PAGES; i++) {
		shape_access(p + i * page, WRITE);
		pfn[i] = pagemap_word(p + i * page) & PM_PFN;
	}
	child = idle_child();
	for (i = 0; i < PAGES; i++)
		ok &= same_page(child, p + i * page, pfn[i], false);
	ksft_test_result(ok, "private: the pages are shared, read-only, the tables are not\n");
	shape_seen(p, WRITE, &s);
	ksft_test_result(huge_fault_true(&s, p, page, PTDBG_PT_ANON) &&
			 s.last->page.pfn != pfn[0] && s.last->page.mapcount == 0 &&
			 look_up_page(child, (unsigned long)p).pfn == pfn[0] &&
			 look_up_count(pfn[0]) == 1,
			 "private: the parent's copy, the child has the page\n");
	shape_free(&s);
	end_child(child);
	/* the kernel copies it all the same while someone else looks at it */
	shape_seen(p + page, WRITE, &s);
	leaf_find(getpid(), p + page, &l);
	ksft_test_result(huge_fault_true(&s, p + page, page, PTDBG_PT_ANON) &&
			 shape_before(s.first) != shape_after(s.last) &&
			 shape_after(s.last) == l.raw && leaf_writable(&l) &&
			 l.map == 1 && look_up_count(l.pfn) == 1,
			 "private: the parent alone may write, to %s\n",
			 l.pfn == pfn[1] ? "the same page" : "a copy");
	shape_free(&s);
	munmap(p, PAGES * page);
}

static void try_shared(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1);
	unsigned long pfn;
	struct leaf l;
	pid_t child;

	shape_access(p, WRITE);
	pfn = pagemap_word(p) & PM_PFN;
	child = idle_child();
	leaf_find(child, p, &l);
	ksft_test_result(!l.mapped && look_up_count(pfn) == 1 &&
			 !look_up_page(child, (unsigned long)p).present,
			 "shared: the child has no entry of it yet\n");
	end_child(child);
	munmap(p, page);
}

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Touches what the parent has touched; 0 when all is well. */
static int child_joins(const char *p, unsigned long size, const struct leaf *parent)
{
	long before, after;
	struct seen s;
	struct leaf l;

	shape_seen((void *)p, READ, &s);
	leaf_find(getpid(), p, &l);
	before = minor_faults();
	load_byte(p + size);
	after = minor_faults();
	/* a table of its own: the kernel does not share */
	if (after != before)
		return l.table == parent->table ? 1 : 77;
	if (!huge_fault_true(&s, p, size, PTDBG_PT_HUGETLB) || !l.quiet)
		return 2;
	if (l.table != parent->table || l.upper == parent->upper ||
	    l.raw != parent->raw)
		return 3;
	/* new in this chain, but nobody allocated it */
	if (!(s.last->chain.fresh >> (leaf_levels() - 2) & 1) ||
	    s.last->chain.made >> (leaf_levels() - 2) & 1)
		return 4;
	/* one entry maps it for both */
	return l.map == (long)look_up_count(l.pfn) ? 0 : 5;
}

/* Only a table that is shared as a whole, with all that it maps, can be. */
static void try_hugetlb(void)
{
	unsigned long size = huge_unit(1), whole = huge_unit(2);
	struct leaf l;
	int status;
	pid_t pid;
	char *p, *at;

	fill_pool();
	p = mmap(NULL, 2 * whole, PROT_READ | PROT_WRITE, MAP_SHARED |
		 MAP_ANONYMOUS | MAP_NORESERVE | MAP_HUGETLB |
		 __builtin_ctzl(size) << MAP_HUGE_SHIFT, -1, 0);
	if (p == MAP_FAILED) {
		ksft_test_result_skip("hugetlb: no pages of %lu kB: %s\n", size / 1024,
				      strerror(errno));
		return;
	}
	at = (char *)(((unsigned long)p + whole - 1) & ~(whole - 1));
	if (shape_access(at, WRITE).sig || shape_access(at + size, WRITE).sig) {
		ksft_test_result_skip("hugetlb: no free pages of %lu kB\n", size / 1024);
		munmap(p, 2 * whole);
		return;
	}
	leaf_find(getpid(), at, &l);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		status = child_joins(at, size, &l);
		fflush(stdout);
		_exit(status);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %s", strerror(errno));
	status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (status == 77)
		ksft_test_result_skip("hugetlb: this kernel shares no page tables\n");
	else
		ksft_test_result(!status, "hugetlb: one PMD table in both chains (%d)\n",
				 status);
	munmap(p, 2 * whole);
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(5);
	shape_start();
	try_private();
	try_shared();
	try_hugetlb();
	shape_end();
	ksft_finished();
}
