// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables under page table isolation (x86): each process has two root tables,
 * side by side.  The kernel's copy, which ptdbg walks, says "no execute" for all
 * user space; the user's copy does not.
 *
 * Oracles: the user's root table, read through the direct map by the injector;
 * pagemap; and that this program runs.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "inject.h"
#include "kselftest.h"
#include "shape.h"
#include "smaps.h"

#define NO_EXECUTE	0x8000000000000000UL
/* Set by the hardware, in the copy that it uses. */
#define ACCESSED	0x20UL

static unsigned long page;

static bool has_pti(void)
{
	char *text = read_file("/proc/cpuinfo", NULL);
	bool has = text && strstr(text, " pti ");

	free(text);
	return has;
}

/* The root entry of an address: where it is, and what. */
static void root_entry(const void *at, unsigned long *where, unsigned long *raw)
{
	const char *line = strstr(shape_walk(at), "] @");

	if (!line || sscanf(line, "] @%lx %lx", where, raw) != 2)
		die("walk %p has no root entry", at);
}

static void try_root(int injector, const void *at)
{
	unsigned long where, raw;
	struct witness w;

	root_entry(at, &where, &raw);
	/* the user's table is the second page of the two */
	if (inject_witness(injector, &w) ||
	    inject(injector, "load %lx", w.phys0 + (where | page)) ||
	    inject_witness(injector, &w))
		die("the injector cannot read the user's root: %s", strerror(errno));
	ksft_test_result(!(where & page) && raw & NO_EXECUTE &&
			 !(w.old & NO_EXECUTE) &&
			 !((raw ^ w.old) & ~(NO_EXECUTE | ACCESSED)),
			 "root entry %016lx, %016lx in the user's table\n", raw, w.old);
}

static void try_page(const void *at, bool executable, const char *what)
{
	const char *text = shape_walk(at);
	const char *found = strstr(text, "    page pfn ");
	unsigned long word = pagemap_word(at);

	ksft_test_result(found && word & PM_PRESENT && !strstr(text, "!!") &&
			 strtoul(found + strlen("    page pfn "), NULL, 16) ==
				 (word & PM_PFN) &&
			 shape_executable(at) == executable,
			 "%s: the page of pagemap, no complaint\n", what);
}

int main(void)
{
	struct outcome got;
	struct seen s;
	int injector;
	char *p;

	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	if (!has_pti())
		ksft_exit_skip("no page table isolation here\n");
	ksft_set_plan(4);
	shape_start();
	need_module(INJECT_KO, "");
	injector = inject_open();
	if (injector < 0)
		die("no injector: %s", strerror(errno));

	p = shape_map(1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	got = shape_seen(p, WRITE, &s);
	ksft_test_result(shape_holds(&s, 0, !got.sig && s.faults == 1 &&
				     s.last->page.pfn == (pagemap_word(p) & PM_PFN)),
			 "a fault: no verdict\n");
	shape_free(&s);
	try_root(injector, p);
	try_page(p, false, "data");
	try_page((void *)main, true, "code");

	close(injector);
	need_no_module("ptdbg_inject");
	shape_end();
	ksft_finished();
}
