// SPDX-License-Identifier: GPL-2.0-only
/*
 * Huge pages of files: of a tmpfs that always wants them.  A mapping of a part
 * of one does not come from a table that was put aside: the entry just goes,
 * and each page has to be faulted in again.
 *
 * Oracles: smaps (ShmemPmdMapped counts what is mapped as a whole), pagemap,
 * kpageflags, kpagecount.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "huge.h"
#include "kselftest.h"
#include "leaf.h"
#include "proc.h"
#include "smaps.h"

#define DIR		"/tmp/huge"
#define TESTS		7
#define PAGE(n)		(p + (n) * page)

static unsigned long page;
static unsigned long size;
static unsigned long pages;

/* Maps the file where a huge page can be mapped. */
static char *map_file(int fd, int flags)
{
	char *p = huge_map(size);

	if (mmap(p, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0) != p)
		die("mmap: %s", strerror(errno));
	madvise(p, size, MADV_HUGEPAGE);
	return p;
}

static bool is_huge(const char *p)
{
	return smaps_kb(p, "ShmemPmdMapped") == (long)(size / 1024);
}

/* Return: whether there is a huge page. */
static bool try_shared(int fd)
{
	char *p = map_file(fd, MAP_SHARED), *other;
	struct leaf l, now;
	unsigned long pfn;
	struct seen s;

	shape_seen(PAGE(37), WRITE, &s);
	if (!is_huge(p)) {
		shape_free(&s);
		huge_unmap(p, size);
		return false;
	}
	pfn = pagemap_word(p) & PM_PFN;
	ksft_test_result(look_up_flags(pfn) >> KPF_THP & 1 &&
			 huge_fault_true(&s, PAGE(37), size, PTDBG_PT_FILE) &&
			 s.faults == 1 && s.last->page.mapkind == PTDBG_MAP_FILE &&
			 s.last->chain.before_stop == PTDBG_STOP_NONE,
			 "written in one fault\n");
	ksft_test_result(huge_true(p, size, "file") && pagemap_word(p) & PM_FILE,
			 "all of it is mapped by one entry\n");
	other = map_file(fd, MAP_SHARED);
	shape_access(other, READ);
	leaf_find(getpid(), PAGE(11), &l);
	leaf_find(getpid(), other + 11 * page, &now);
	ksft_test_result(is_huge(other) && huge_true(other, size, "file") &&
			 l.pfn == now.pfn && l.map == now.map && l.map == 2,
			 "mapped twice\n");
	huge_unmap(other, size);
	shape_free(&s);

	munmap(PAGE(pages / 2), size / 2);
	leaf_find(getpid(), PAGE(37), &l);
	shape_seen(PAGE(37), READ, &s);
	leaf_find(getpid(), PAGE(37), &now);
	ksft_test_result(!is_huge(p) && !l.mapped && !l.raw && now.mapped &&
			 now.pfn == pfn + 37 && s.faults &&
			 s.last->page.pfn == pfn + 37 && !s.verdicts &&
			 s.last->page.order == huge_order(size) &&
			 s.last->chain.after_n == leaf_levels() && now.quiet &&
			 now.order == huge_order(size) &&
			 now.map == (long)look_up_count(pfn + 37),
			 "a part of it unmapped: the rest comes back page by page\n");
	shape_free(&s);
	huge_unmap(p, size);
	return true;
}

/* It shows the file's page until it is written: then a small page is copied. */
static void try_private(int fd)
{
	char *p = map_file(fd, MAP_PRIVATE);
	unsigned long pfn;
	struct leaf l, now;
	struct seen s;

	shape_seen(PAGE(41), READ, &s);
	pfn = pagemap_word(p) & PM_PFN;
	leaf_find(getpid(), PAGE(41), &l);
	if (!is_huge(p)) {
		ksft_test_result_skip("private: this kernel maps no huge page so\n");
	} else {
		ksft_test_result(huge_fault_true(&s, PAGE(41), size, PTDBG_PT_FILE) &&
				 huge_true(p, size, "file") && !leaf_writable(&l),
				 "private: read, all of it is mapped, read-only\n");
	}
	shape_free(&s);
	shape_seen(PAGE(41), WRITE, &s);
	leaf_find(getpid(), PAGE(41), &now);
	ksft_test_result(huge_fault_true(&s, PAGE(41), page, PTDBG_PT_ANON) &&
			 shape_before(s.first) == l.raw && now.pfn != l.pfn &&
			 s.last->page.pfn == now.pfn && leaf_writable(&now) &&
			 !strcmp(now.level, "PTE") && !is_huge(p),
			 "private: written, a small page is copied\n");
	shape_free(&s);
	shape_seen(PAGE(42), READ, &s);
	leaf_find(getpid(), PAGE(42), &l);
	ksft_test_result(l.mapped && !leaf_writable(&l) && !s.verdicts &&
			 l.pfn == (pagemap_word(PAGE(42)) & PM_PFN) &&
			 pagemap_word(PAGE(42)) & PM_FILE && pfn &&
			 l.order == huge_order(size),
			 "private: its neighbour is the file's page still\n");
	shape_free(&s);
	huge_unmap(p, size);
}

int main(void)
{
	unsigned int i;
	int fd;

	page = sysconf(_SC_PAGESIZE);
	size = huge_thp_size();
	pages = size ? size / page : 0;
	ksft_print_header();
	mkdir(DIR, 0700);
	if (!size || mount("huge", DIR, "tmpfs", 0, "huge=always"))
		ksft_exit_skip("this kernel has no huge pages for files\n");
	ksft_set_plan(TESTS);
	fd = open(DIR "/file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, size))
		die("%s: %s", DIR, strerror(errno));
	shape_start();
	huge_calm();
	if (try_shared(fd)) {
		try_private(fd);
	} else {
		for (i = 0; i < TESTS; i++)
			ksft_test_result_skip("the kernel has no huge page for a file\n");
	}
	huge_wake();
	shape_end();
	close(fd);
	umount2(DIR, MNT_DETACH);
	rmdir(DIR);
	ksft_finished();
}
