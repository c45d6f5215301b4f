// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that are swapped out: anonymous and shared, and the fault that brings
 * them back.
 *
 * Oracles: pagemap, which gives type and offset of a swap entry, smaps (Swap),
 * and what we had written to the page.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "shape.h"
#include "smaps.h"
#include "swap.h"

#define PAGES	8

static unsigned long page;

/* Not compressible, and different for each page. */
static void fill(unsigned long *at, unsigned long seed)
{
	unsigned long i;

	for (i = 0; i < page / 8; i++) {
		seed = seed * 6364136223846793005UL + 1442695040888963407UL;
		at[i] = seed;
	}
}

static bool filled(const unsigned long *at, unsigned long seed)
{
	unsigned long i;

	for (i = 0; i < page / 8; i++) {
		seed = seed * 6364136223846793005UL + 1442695040888963407UL;
		if (at[i] != seed)
			return false;
	}
	return true;
}

/* The walk names what pagemap says: "swap type 0 offset 1234". */
static bool entry_told(const void *at)
{
	unsigned long word = pagemap_word(at);
	char want[64];

	snprintf(want, sizeof(want), "swap type %lu offset %lx", PM_TYPE(word),
		 PM_OFFSET(word));
	if (word & PM_SWAP && !(word & PM_PRESENT) && shape_says(at, want))
		return true;
	ksft_print_msg("not \"%s\": %s\n", want, shape_entry(at));
	return false;
}

static void try_anonymous(void)
{
	char *p = shape_map(PAGES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1);
	unsigned long word[PAGES];
	unsigned int i, out = 0, told = 0, back = 0;
	struct smaps m;
	struct seen s;

	madvise(p, PAGES * page, MADV_NOHUGEPAGE);
	for (i = 0; i < PAGES; i++)
		fill((void *)(p + i * page), i);
	for (i = 0; i < PAGES; i++)
		out += swap_out(p + i * page);
	smaps_find(p, &m);
	ksft_test_result(out == PAGES && m.swap == PAGES * page / 1024,
			 "anonymous: %u of %u pages are out, smaps says %lu kB\n",
			 out, PAGES, m.swap);
	for (i = 0; i < PAGES; i++) {
		told += entry_told(p + i * page);
		word[i] = pagemap_word(p + i * page);
	}
	ksft_test_result(told == PAGES,
			 "anonymous: the walk gives type and offset of %u\n", told);
	for (i = 0; i < PAGES; i++) {
		__u64 raw = shape_raw(p + i * page);

		shape_seen(p + i * page, READ, &s);
		back += shape_holds(&s, 0, s.faults >= 1 && !s.sig &&
				    s.first->chain.before_stop == PTDBG_STOP_NOT_PRESENT &&
				    shape_before(s.first) == raw && word[i] & PM_SWAP &&
				    s.last->page.type == PTDBG_PT_ANON &&
				    s.last->page.pfn == (pagemap_word(p + i * page) & PM_PFN) &&
				    filled((void *)(p + i * page), i));
		shape_free(&s);
	}
	ksft_test_result(back == PAGES,
			 "anonymous: %u come back by a fault on that entry\n", back);
	munmap(p, PAGES * page);
}

/* Of shared memory the file keeps the swap entry, and the table nothing. */
static void try_shared(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
	struct seen s;
	bool out;

	fill((void *)p, PAGES);
	out = swap_out(p);
	ksft_test_result(out && !shape_raw(p),
			 "shared: smaps says swap, the entry is none\n");
	shape_seen(p, READ, &s);
	ksft_test_result(shape_holds(&s, 0, s.faults >= 1 && !s.sig &&
				     s.first->chain.before_stop == PTDBG_STOP_NONE &&
				     s.last->page.type == PTDBG_PT_FILE &&
				     s.last->page.pfn == (pagemap_word(p) & PM_PFN) &&
				     filled((void *)p, PAGES)),
			 "shared: comes back to the page that pagemap has\n");
	shape_free(&s);
	munmap(p, page);
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(5);
	if (swap_on())
		die("no swap on %s: %s", SWAP_DISK, strerror(errno));
	shape_start();
	try_anonymous();
	try_shared();
	shape_end();
	swap_off();
	ksft_finished();
}
