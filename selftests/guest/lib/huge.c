// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of more than one page at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "huge.h"
#include "leaf.h"
#include "proc.h"
#include "smaps.h"

#define THP		"/sys/kernel/mm/transparent_hugepage/"
#define THP_SIZE	THP "hpage_pmd_size"
#define THREAD_SLEEP	THP "khugepaged/scan_sleep_millisecs"

static char *sleep_was;

static unsigned long page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

unsigned long huge_unit(unsigned int up)
{
	unsigned long unit = page_size();

	while (up--)
		unit *= page_size() / 8;
	return unit;
}

unsigned int huge_level(unsigned long size)
{
	unsigned int up = 0;

	while (huge_unit(up + 1) <= size)
		up++;
	return up;
}

/* Linux' name of a level; the root table has its own, whatever it maps. */
static const char *level_name(unsigned int up)
{
	static const char *const names[] = { "PTE", "PMD", "PUD", "P4D" };

	return up + 1 == leaf_levels() ? "PGD" : names[up];
}

unsigned int huge_order(unsigned long size)
{
	return __builtin_ctzl(size / page_size());
}

unsigned long huge_thp_size(void)
{
	char *text = read_file(THP_SIZE, NULL);
	unsigned long size = text ? strtoul(text, NULL, 10) : 0;

	free(text);
	return size;
}

void huge_calm(void)
{
	sleep_was = read_file(THREAD_SLEEP, NULL);
	if (sleep_was)
		write_file(THREAD_SLEEP, "3600000", 7);
}

void huge_wake(void)
{
	if (sleep_was)
		write_file(THREAD_SLEEP, sleep_was, strlen(sleep_was));
	free(sleep_was);
	sleep_was = NULL;
}

void *huge_map(unsigned long size)
{
	char *p = mmap(NULL, 4 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
		       MAP_NORESERVE, -1, 0);
	unsigned long at = ((unsigned long)p + 2 * size - 1) & ~(size - 1);

	if (p == MAP_FAILED ||
	    mmap((void *)at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		 MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		die("%lu bytes cannot be mapped: %s", size, strerror(errno));
	munmap(p, at - size - (unsigned long)p);
	munmap((void *)(at + 2 * size), (unsigned long)p + 2 * size - at);
	return (void *)at;
}

void huge_unmap(void *p, unsigned long size)
{
	munmap((char *)p - size, 3 * size);
}

/* From kpageflags: is PFN the head of a compound page of this order? */
static bool compound(unsigned long pfn, unsigned int order)
{
	const unsigned long head = 1UL << KPF_COMPOUND_HEAD;
	const unsigned long tail = 1UL << KPF_COMPOUND_TAIL;
	unsigned long n = 1UL << order;

	return (look_up_flags(pfn) & (head | tail)) == head &&
	       (look_up_flags(pfn + 1) & (head | tail)) == tail &&
	       (look_up_flags(pfn + n / 2) & (head | tail)) == tail &&
	       (look_up_flags(pfn + n - 1) & (head | tail)) == tail &&
	       !(look_up_flags(pfn + n) & tail);
}

/* Only pages of hugetlb are mapped by NAPOT entries. */
static bool napot(unsigned long size, const char *type)
{
	return huge_unit(huge_level(size)) != size && !strcmp(type, "hugetlb");
}

/* What the entry calls its size by, where the level does not tell. */
static bool named(const struct leaf *l, unsigned long size)
{
#if defined(__x86_64__)
	return leaf_has(l, "PS") == (huge_level(size) > 0);
#elif defined(__aarch64__)
	return leaf_has(l, "block") == (huge_level(size) > 0) &&
	       leaf_has(l, "Cont") == (huge_unit(huge_level(size)) != size);
#else
	return leaf_has(l, "N") == napot(size, l->type);
#endif
}

/* The pfn that an entry for page I of it holds, all of it beginning at PFN. */
static unsigned long base_of(unsigned long pfn, unsigned long i,
			     unsigned long size, const char *type)
{
	unsigned long unit = huge_unit(huge_level(size));

#if defined(__riscv)
	/* all entries of such a block say where it begins */
	if (napot(size, type))
		unit = size;
#else
	(void)type;
#endif
	return pfn + (i & ~(unit / page_size() - 1));
}

/* One address: what ptdbg says of it, and what the kernel does. */
static bool page_true(const void *p, unsigned long i, unsigned long pfn,
		      unsigned long size, const char *type)
{
	const void *at = (const char *)p + i * page_size() + 123;
	struct mapping now = look_up_page(getpid(), (unsigned long)at);
	long count = look_up_count(now.pfn);
	struct leaf l;

	leaf_find(getpid(), at, &l);
	if (now.present && now.pfn == pfn + i && l.mapped && l.pfn == now.pfn &&
	    l.base == base_of(pfn, i, size, type) && l.quiet &&
	    !strcmp(l.level, level_name(huge_level(size))) &&
	    l.order == huge_order(size) && l.map == count && named(&l, size) &&
	    !strcmp(l.type, type))
		return true;
	printf("# page %lu of %lu bytes: %s -> %lx, pfn %lx (%lx, pagemap %lx)",
	       i, size, l.level, l.base, l.pfn, pfn + i, now.pfn);
	printf(" order %u map %ld (%ld) %s (%s),%s%s\n", l.order, l.map, count,
	       l.type, type, l.bits, l.quiet ? "" : ", a verdict");
	return false;
}

bool huge_true(const void *p, unsigned long size, const char *type)
{
	unsigned long n = size / page_size(), i;
	unsigned long pfn = pagemap_word(p) & PM_PFN;
	bool ok = true;

	if (pfn & (n - 1) || !compound(pfn, huge_order(size))) {
		printf("# pfn %lx is no compound page of order %u\n", pfn,
		       huge_order(size));
		ok = false;
	}
	for (i = 0; i < 4; i++)
		ok &= page_true(p, i * n / 4 + i, pfn, size, type);
	return ok & page_true(p, n - 1, pfn, size, type);
}

bool huge_split_true(const void *p, unsigned long size, unsigned long pfn,
		     unsigned long first, unsigned long last)
{
	unsigned long n = size / page_size(), i;
	unsigned int wrong = 0;
	unsigned long word;
	const char *at;
	struct leaf l;

	/* all of a few, some of many */
	for (i = 0; i < n; i += n > 64 ? n / 32 - 1 : 1) {
		at = (const char *)p + i * page_size();
		if (i >= first && i <= last)
			continue;
		leaf_find(getpid(), at + 5, &l);
		word = pagemap_word(at);
		if (l.mapped && !strcmp(l.level, "PTE") && l.pfn == pfn + i &&
		    l.base == l.pfn && word & PM_PRESENT &&
		    (word & PM_PFN) == l.pfn && l.order == huge_order(size) &&
		    l.map == look_up_count(l.pfn) && l.quiet)
			continue;
		if (!wrong++)
			printf("# page %lu: %s pfn %lx (%lx, pagemap %lx) order %u map %ld (%ld)\n",
			       i, l.level, l.pfn, pfn + i, word & PM_PFN,
			       l.order, l.map, look_up_count(l.pfn));
	}
	return !wrong;
}

bool huge_fault_true(const struct seen *s, const void *at, unsigned long size,
		     unsigned int type)
{
	unsigned long pfn = pagemap_word(at) & PM_PFN;
	const struct ptdbg_fault *r = s->last;

	if (s->faults && r->chain.after_stop == PTDBG_STOP_LEAF &&
	    r->chain.after_n == leaf_levels() - huge_level(size) &&
	    r->page.present && r->page.pfn == pfn && r->page.type == type &&
	    r->page.order == huge_order(size) && r->page.refcount > 0 &&
	    !s->verdicts)
		return true;
	printf("# %u faults, verdicts %x", s->faults, s->verdicts);
	if (r)
		printf(", the last: %u entries, pfn %llx (pagemap %lx) type %u order %u ref %d",
		       r->chain.after_n, r->page.pfn, pfn, r->page.type,
		       r->page.order, r->page.refcount);
	printf("\n");
	return false;
}
