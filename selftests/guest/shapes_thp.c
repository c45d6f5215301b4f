// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transparent huge pages of anonymous memory: made by a write, by a read (the
 * huge zero page), out of small pages; then copied and taken apart.
 *
 * Oracles: smaps (AnonHugePages counts what is mapped as a whole), pagemap,
 * kpageflags, kpagecount, and the kernel's counters of huge faults.  When the
 * kernel has no huge page to give, smaps says so, and the test is skipped.
 */
#include <errno.h>
#include <stdio.h>
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

/* uapi/asm-generic/mman-common.h, since 6.1 */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

#define TRIES		5

#define PAGE(n)		(p + (n) * page)

static unsigned long page;
static unsigned long size;
static unsigned long pages;

static bool is_huge(const void *p)
{
	return smaps_kb(p, "AnonHugePages") == (long)(size / 1024);
}

/* Memory that may be huge, but has no page yet. */
static char *may_be_huge(void)
{
	char *p = huge_map(size);

	if (madvise(p, size, MADV_HUGEPAGE))
		die("MADV_HUGEPAGE: %s", strerror(errno));
	return p;
}

/*
 * Such memory after an access somewhere in it, and what was recorded of that; or
 * NULL when the kernel had only small pages, even after it has tidied up.
 */
static char *huge_page(enum access how, struct seen *s)
{
	unsigned int i;
	char *p;

	for (i = 0; i < TRIES; i++) {
		p = may_be_huge();
		shape_seen(PAGE(37) + 5, how, s);
		if (smaps_kb(p, "Rss") == (long)(size / 1024) ||
		    (how == READ && !smaps_kb(p, "Rss")))
			return p;
		shape_free(s);
		huge_unmap(p, size);
		write_file("/proc/sys/vm/compact_memory", "1", 1);
	}
	return NULL;
}

/* One that was written; skips COUNT tests for WHY when there is none. */
static char *written(const char *what, unsigned int count)
{
	struct seen s;
	char *p = huge_page(WRITE, &s);

	if (p) {
		shape_free(&s);
		return p;
	}
	while (count--)
		ksft_test_result_skip("%s: the kernel has no free huge page\n", what);
	return NULL;
}

static void try_write(void)
{
	long before = vmstat("thp_fault_alloc");
	struct seen s;
	char *p = huge_page(WRITE, &s);
	unsigned long i, thp = 0;

	if (!p) {
		ksft_test_result_skip("write: the kernel has no free huge page\n");
		ksft_test_result_skip("write: so none is mapped\n");
		return;
	}
	ksft_test_result(is_huge(p) && vmstat_grew("thp_fault_alloc", before) &&
			 huge_fault_true(&s, PAGE(37), size, PTDBG_PT_ANON) &&
			 s.faults == 1 && s.last->chain.before_stop == PTDBG_STOP_NONE &&
			 s.last->flags & FLAG_WRITE,
			 "write: one fault gives a page of %lu kB\n", size / 1024);
	for (i = 0; i < pages; i += pages / 8)
		thp += look_up_flags(pagemap_word(PAGE(i)) & PM_PFN) >> KPF_THP & 1;
	ksft_test_result(huge_true(p, size, "anon") && thp == 8,
			 "write: all of it is mapped by one entry\n");
	shape_free(&s);
	huge_unmap(p, size);
}

/* What the huge zero page is copied to is a huge page, or one small one (6.1). */
static void try_read(void)
{
	struct seen s;
	char *p = huge_page(READ, &s);
	unsigned long zero, now;
	struct leaf l;

	if (p)
		zero = pagemap_word(p) & PM_PFN;
	if (!p || !(look_up_flags(zero) >> KPF_THP & 1)) {
		ksft_test_result_skip("read: no huge zero page\n");
		ksft_test_result_skip("read: so none is mapped\n");
		ksft_test_result_skip("read: so none is copied\n");
		goto out;
	}
	leaf_find(getpid(), p, &l);
	ksft_test_result(look_up_flags(zero) >> KPF_ZERO_PAGE & 1 &&
			 huge_fault_true(&s, PAGE(37), size, PTDBG_PT_ZERO) &&
			 s.faults == 1 && s.last->chain.before_stop == PTDBG_STOP_NONE,
			 "read: one fault maps the huge zero page\n");
	ksft_test_result(huge_true(p, size, "zero page") && !leaf_writable(&l),
			 "read: all of it is mapped, read-only\n");
	shape_free(&s);

	shape_seen(PAGE(41), WRITE, &s);
	now = pagemap_word(PAGE(41)) & PM_PFN;
	ksft_test_result(now - 41 != zero && s.faults &&
			 s.first->chain.before_stop == PTDBG_STOP_LEAF &&
			 s.first->chain.before_n == leaf_levels() - 1 &&
			 shape_before(s.first) == l.raw &&
			 (is_huge(p) ? huge_true(p, size, "anon") &&
			  huge_fault_true(&s, PAGE(41), size, PTDBG_PT_ANON) :
			  huge_fault_true(&s, PAGE(41), page, PTDBG_PT_ANON)),
			 "read, then written: a copy of %lu kB\n",
			 (is_huge(p) ? size : page) / 1024);
	shape_free(&s);
out:
	if (p)
		huge_unmap(p, size);
}

static void try_collapse(void)
{
	char *p = huge_map(size);
	unsigned long i, small;
	struct leaf l;
	int err = 0;

	if (madvise(p, size, MADV_NOHUGEPAGE))
		die("MADV_NOHUGEPAGE: %s", strerror(errno));
	for (i = 0; i < pages; i++)
		shape_access(PAGE(i), WRITE);
	small = pagemap_word(PAGE(1)) & PM_PFN;
	leaf_find(getpid(), PAGE(1), &l);
	ksft_test_result(!strcmp(l.level, "PTE") && l.pfn == small && !is_huge(p),
			 "collapse: small pages before\n");
	madvise(p, size, MADV_HUGEPAGE);
	for (i = 0; i < TRIES && !is_huge(p); i++) {
		err = madvise(p, size, MADV_COLLAPSE) ? errno : 0;
		if (err == EINVAL)
			break;
	}
	if (is_huge(p))
		ksft_test_result(huge_true(p, size, "anon"),
				 "collapse: one huge page after\n");
	else
		ksft_test_result_skip("collapse: the kernel does not: %s\n",
				      strerror(err));
	huge_unmap(p, size);
}

/* Does the last fault show a table where a leaf was? */
static bool table_for_leaf(const struct seen *s, unsigned long raw)
{
	const struct ptdbg_chain *c = &s->first->chain;
	unsigned int last = leaf_levels() - 1;

	return c->before_n == last && shape_before(s->first) == raw &&
	       s->last->chain.after_n == last + 1 &&
	       s->first->chain.fresh == 1U << last;
}

/*
 * The child copies a page, for which its mapping has to come apart.  The table
 * that it gets was put aside when the huge page was mapped: it is new in the
 * chain, but not made by this fault.  Return: 0, or what is wrong.
 */
static int child_copies(char *p, unsigned long pfn, const struct leaf *was)
{
	struct seen s;
	struct leaf l;

	leaf_find(getpid(), PAGE(3), &l);
	if (strcmp(l.level, "PMD") || leaf_writable(&l) || l.pfn != pfn + 3 ||
	    l.map != (long)look_up_count(l.pfn) || l.map != 2)
		return 1;
	if (l.table == was->table)
		return 2;
	shape_seen(PAGE(3), WRITE, &s);
	if (is_huge(p))
		return 3;
	if (!huge_fault_true(&s, PAGE(3), page, PTDBG_PT_ANON) ||
	    !table_for_leaf(&s, l.raw))
		return 4;
	if (s.last->page.pfn == pfn + 3 || s.first->chain.made)
		return 5;
	return huge_split_true(p, size, pfn, 3, 3) ? 0 : 6;
}

static void try_fork(void)
{
	char *p = written("fork", 2);
	struct leaf l, now;
	struct seen s;
	int status;
	pid_t pid;
	__u64 was;
	bool ok;

	if (!p)
		return;
	leaf_find(getpid(), p, &l);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		status = child_copies(p, l.pfn, &l);
		fflush(stdout);
		_exit(status);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %s", strerror(errno));
	ksft_test_result(!status, "fork: the child's copy of one page splits its mapping (%d)\n",
			 WEXITSTATUS(status));
	leaf_find(getpid(), p, &now);
	if (leaf_writable(&now) || !is_huge(p))
		die("the parent's page was not write-protected by fork");
	was = now.raw;
	/* the kernel splits it all the same while someone else looks at it */
	shape_seen(PAGE(3), WRITE, &s);
	leaf_find(getpid(), p, &now);
	if (is_huge(p))
		ok = huge_fault_true(&s, PAGE(3), size, PTDBG_PT_ANON) &&
		     huge_true(p, size, "anon") && now.pfn == l.pfn &&
		     leaf_writable(&now) && !s.first->chain.fresh;
	else
		ok = huge_fault_true(&s, PAGE(3), page, PTDBG_PT_ANON) &&
		     table_for_leaf(&s, was);
	ksft_test_result(ok && shape_before(s.first) == was &&
			 shape_after(s.last) != was,
			 "fork: the parent alone may write, and %s its huge page\n",
			 is_huge(p) ? "keeps" : "splits");
	shape_free(&s);
	huge_unmap(p, size);
}

/* Where the mapping is split: a table that nobody had to allocate. */
static void try_splits(void)
{
	char *p = written("split by mprotect", 1);
	unsigned long pfn;
	struct seen s;
	struct leaf l;

	if (p) {
		pfn = pagemap_word(p) & PM_PFN;
		mprotect(PAGE(8), 8 * page, PROT_READ);
		leaf_find(getpid(), PAGE(9), &l);
		ksft_test_result(!is_huge(p) && huge_split_true(p, size, pfn, pages, 0) &&
				 !leaf_writable(&l),
				 "split by mprotect: the same pages, each by an entry\n");
		huge_unmap(p, size);
	}
	p = written("split by munmap", 1);
	if (p) {
		pfn = pagemap_word(p) & PM_PFN;
		munmap(PAGE(pages / 2), size / 2);
		leaf_find(getpid(), PAGE(pages - 1), &l);
		ksft_test_result(!is_huge(p) && !l.mapped && !strcmp(l.level, "PTE") &&
				 huge_split_true(p, size, pfn, pages / 2, pages - 1),
				 "split by munmap: the half that is left\n");
		huge_unmap(p, size);
	}
	p = written("split by MADV_DONTNEED", 2);
	if (p) {
		pfn = pagemap_word(p) & PM_PFN;
		if (madvise(PAGE(16), page, MADV_DONTNEED))
			die("MADV_DONTNEED: %s", strerror(errno));
		leaf_find(getpid(), PAGE(16), &l);
		ksft_test_result(!is_huge(p) && !l.mapped && !strcmp(l.level, "PTE") &&
				 !l.raw && huge_split_true(p, size, pfn, 16, 16),
				 "split by MADV_DONTNEED: an empty entry in a table\n");
		shape_seen(PAGE(16), WRITE, &s);
		ksft_test_result(huge_fault_true(&s, PAGE(16), page, PTDBG_PT_ANON) &&
				 !s.last->chain.fresh && s.last->page.pfn != pfn + 16 &&
				 s.last->chain.before_n == leaf_levels(),
				 "split by MADV_DONTNEED: a small page takes the place\n");
		shape_free(&s);
		huge_unmap(p, size);
	}
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	size = huge_thp_size();
	pages = size / page;
	ksft_print_header();
	if (!size)
		ksft_exit_skip("this kernel has no transparent huge pages\n");
	ksft_set_plan(13);
	shape_start();
	huge_calm();
	if (huge_level(size) != 1)
		die("huge pages of %lu bytes are not in the PMD level", size);
	try_write();
	try_read();
	try_collapse();
	try_fork();
	try_splits();
	huge_wake();
	shape_end();
	ksft_finished();
}
