// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of hugetlb, of every size that this machine may have: by an entry of a
 * higher level, by a row of contiguous entries (arm64), or by NAPOT entries
 * (riscv); private, copied, and shared.
 *
 * Oracles: smaps (KernelPageSize, Private_Hugetlb, Shared_Hugetlb), pagemap,
 * kpageflags, kpagecount, and the size that we asked for.
 */
#include <errno.h>
#include <fcntl.h>
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

#define POOL		"/sys/kernel/mm/hugepages/hugepages-%lukB/%s"
#define OPTIMIZE	"/proc/sys/vm/hugetlb_optimize_vmemmap"
#define KB(size)	((size) / 1024)

/* The kernel may look for memory of up to this size while it runs. */
#define RUNTIME_MAX	(64UL << 20)
#define WANTED		4
#define TESTS		6

static unsigned long size;
static const char *what;

/* A number of the pool; -1: this kernel has no pages of that size. */
static long pool(const char *name)
{
	char path[96], *text;
	long value;

	snprintf(path, sizeof(path), POOL, KB(size), name);
	text = read_file(path, NULL);
	value = text ? atol(text) : -1;
	free(text);
	return value;
}

static void fill_pool(unsigned int count)
{
	char path[96], text[16];

	snprintf(path, sizeof(path), POOL, KB(size), "nr_hugepages");
	snprintf(text, sizeof(text), "%u", count);
	write_file(path, text, strlen(text));
}

static void *map(int flags)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS |
		       MAP_HUGETLB | __builtin_ctzl(size) << MAP_HUGE_SHIFT, -1, 0);

	if (p == MAP_FAILED)
		die("%s: %s", what, strerror(errno));
	return p;
}

static void skip(unsigned int count, const char *why)
{
	while (count--)
		ksft_test_result_skip("%s: %s\n", what, why);
}

/*
 * Is all of it what smaps calls NAME?  Linux asks the table's page whether the
 * table is shared, but clears what it reads there for PMD tables only: what
 * another kind of table had there before makes "shared" of "private" (seen on
 * 7.2 with pages of 1G).  The number of mappings is asked of kpagecount too.
 */
static bool mapped_as(const char *p, const char *name)
{
	long all = smaps_kb(p, name);

	if (huge_unit(1) != size && !strcmp(name, "Private_Hugetlb"))
		all += smaps_kb(p, "Shared_Hugetlb");
	return all == (long)KB(size);
}

/* Is it what smaps calls NAME, and for kpageflags of hugetlb? */
static bool kernel_agrees(const char *p, const char *name)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	unsigned long last = pagemap_word(p + size - page) & PM_PFN;

	return smaps_kb(p, "KernelPageSize") == (long)KB(size) &&
	       mapped_as(p, name) &&
	       look_up_flags(pagemap_word(p) & PM_PFN) >> KPF_HUGE & 1 &&
	       look_up_flags(last) >> KPF_HUGE & 1;
}

static bool all_hugetlb(const char *p, const char *name, bool writable)
{
	struct leaf l;

	leaf_find(getpid(), p, &l);
	return huge_true(p, size, "hugetlb") && kernel_agrees(p, name) &&
	       leaf_writable(&l) == writable;
}

/* The child's copy; 0 when all is well. */
static int child_copies(char *p, unsigned long pfn)
{
	struct leaf l;
	struct seen s;

	leaf_find(getpid(), p, &l);
	if (l.pfn != pfn || leaf_writable(&l) || l.map != 2)
		return 1;
	shape_seen(p, WRITE, &s);
	if (!huge_fault_true(&s, p, size, PTDBG_PT_HUGETLB) ||
	    shape_before(s.first) != l.raw)
		return 2;
	if (s.last->page.pfn == pfn || s.last->page.mapkind != PTDBG_MAP_ANON)
		return 3;
	return all_hugetlb(p, "Private_Hugetlb", true) ? 0 : 4;
}

/* It maps what its parent has. */
static int child_shares(char *p, unsigned long pfn)
{
	struct seen s;

	shape_seen(p, WRITE, &s);
	if (pagemap_word(p) >> 63 == 0 || !huge_true(p, size, "hugetlb"))
		return 1;
	if (s.faults && !huge_fault_true(&s, p, size, PTDBG_PT_HUGETLB))
		return 2;
	return (pagemap_word(p) & PM_PFN) == pfn ? 0 : 3;
}

static int in_child(int (*child)(char *p, unsigned long pfn), char *p)
{
	unsigned long pfn = pagemap_word(p) & PM_PFN;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		status = child(p, pfn);
		fflush(stdout);
		_exit(status);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void try_private(void)
{
	char *p = map(MAP_PRIVATE);
	unsigned long pfn;
	struct seen s;
	__u64 raw;
	int wrong;

	shape_seen(p + size / 2 + 77, READ, &s);
	ksft_test_result(huge_fault_true(&s, p + size / 2, size, PTDBG_PT_HUGETLB) &&
			 s.faults == 1 && s.last->chain.before_stop == PTDBG_STOP_NONE,
			 "%s: read in one fault\n", what);
	shape_free(&s);
	ksft_test_result(all_hugetlb(p, "Private_Hugetlb", false),
			 "%s: all of it is mapped, read-only\n", what);
	raw = shape_raw(p);
	pfn = pagemap_word(p) & PM_PFN;
	shape_seen(p, WRITE, &s);
	ksft_test_result(huge_fault_true(&s, p, size, PTDBG_PT_HUGETLB) &&
			 shape_before(s.first) == raw && s.last->page.pfn == pfn &&
			 !s.last->chain.fresh && s.last->page.mapcount == 0 &&
			 all_hugetlb(p, "Private_Hugetlb", true),
			 "%s: written, the same page\n", what);
	shape_free(&s);
	if (pool("free_hugepages") < 1) {
		skip(1, "no second page to copy it to");
	} else {
		wrong = in_child(child_copies, p);
		ksft_test_result(!wrong, "%s: copied after fork (%d)\n", what, wrong);
	}
	munmap(p, size);
}

static void try_shared(void)
{
	char *p = map(MAP_SHARED);
	struct seen s;
	int wrong;

	shape_seen(p + size - 1, WRITE, &s);
	ksft_test_result(huge_fault_true(&s, p + size - 1, size, PTDBG_PT_HUGETLB) &&
			 s.faults == 1 && s.last->page.mapkind == PTDBG_MAP_FILE &&
			 huge_true(p, size, "hugetlb") && kernel_agrees(p, "Private_Hugetlb"),
			 "%s: shared, written in one fault\n", what);
	shape_free(&s);
	wrong = in_child(child_shares, p);
	ksft_test_result(!wrong, "%s: shared with a child (%d)\n", what, wrong);
	munmap(p, size);
}

static void try_size(unsigned long bytes, const char *name)
{
	size = bytes;
	what = name;
	if (pool("nr_hugepages") < 0) {
		skip(TESTS, "this kernel has no such pages");
		return;
	}
	if (size <= RUNTIME_MAX && pool("free_hugepages") < WANTED)
		fill_pool(WANTED);
	if (pool("free_hugepages") < 1) {
		skip(TESTS, "there is no memory for one");
		return;
	}
	try_private();
	try_shared();
}

/*
 * Pages that share most of their struct pages.  They stay in the pool: 6.12 on
 * x86 finds its struct pages in a bad state when it takes such a page back.
 */
static void try_optimized(void)
{
	size = huge_unit(1);
	what = "PMD, few struct pages";
	if (write_file(OPTIMIZE, "1", 1) != 1) {
		skip(TESTS, "this kernel has no such thing");
		return;
	}
	fill_pool(0);
	try_size(size, what);
	write_file(OPTIMIZE, "0", 1);
}

int main(void)
{
	ksft_print_header();
	if (access("/sys/kernel/mm/hugepages", F_OK))
		ksft_exit_skip("this kernel has no hugetlb\n");
	ksft_set_plan(5 * TESTS);
	shape_start();
	try_size(64UL << 10, "64K");
	try_size(2UL << 20, "2M");
	try_size(32UL << 20, "32M");
	try_size(1UL << 30, "1G");
	try_optimized();
	shape_end();
	ksft_finished();
}
