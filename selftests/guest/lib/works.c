// SPDX-License-Identifier: GPL-2.0-only
/*
 * See works.h.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "records.h"
#include "touch.h"
#include "works.h"

bool ptdbg_works(void)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	const struct ptdbg_record *r;
	struct records all;
	struct stats s;
	bool exact;
	char *p;

	/* a write of nothing would be refused */
	set_knob("freeze_on", "\n");
	set_knob("filter", "\n");
	set_knob("regions", "\n");
	set_knob("panic_on_bad", "\n");
	set_knob("enable", "0");
	set_knob("frees", "0");
	set_knob("stacks", "0");
	set_knob("clear", "1");
	set_knob("enable", "1");
	p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	store_byte(p, 1);
	set_knob("enable", "0");
	read_stats(&s);
	exact = stats_exact(&s, "after a fault");
	records_read(&all);
	r = record_find(&all, PTDBG_FAULT, getpid(), (unsigned long)p);
	if (!r)
		printf("# the write to %p has no record\n", p);
	if (all.nr != s.readable)
		printf("# %u records read, stats says %llu\n", all.nr, s.readable);
	exact = exact && r && all.nr == s.readable;
	records_free(&all);
	munmap(p, page);
	return exact;
}
