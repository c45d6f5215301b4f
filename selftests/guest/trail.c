// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a CPU remembers from one fault to the next (module/trail.c) must not outlive
 * the rules and the knobs that it was learned under.
 *
 * Neighbouring pages are touched, which have the same tables, and between two of
 * them something changes.  No fault of another kind comes in between: only those of
 * this program are recorded, and all that it calls has been called before.
 */
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "huge.h"
#include "kselftest.h"
#include "touch.h"

#define DENY_ALL	"deny table 0-\n"
#define NO_RULES	"\n"

static size_t page;

/* Memory with one last table, which a first fault has made. */
static char *neighbours(void)
{
	char *p = huge_map(huge_unit(1));

	if (madvise(p, huge_unit(1), MADV_NOHUGEPAGE))
		die("madvise");
	store_byte(p, 1);
	return p;
}

static void rules(void)
{
	unsigned long long before, after;
	char *p = neighbours();

	set_knob("regions", DENY_ALL);
	set_knob("regions", NO_RULES);
	before = read_stat("verdict_table_region");
	store_byte(p + page, 1);
	store_byte(p + 2 * page, 1);
	set_knob("regions", DENY_ALL);
	store_byte(p + 3 * page, 1);
	store_byte(p + 4 * page, 1);
	set_knob("regions", NO_RULES);
	store_byte(p + 5 * page, 1);
	after = read_stat("verdict_table_region");
	ksft_test_result(after - before == 2, "a rule is for the two faults under it: %llu\n",
			 after - before);
}

static void stacks(void)
{
	unsigned long long before, after;
	char *p = neighbours();

	set_knob("stacks", "1");
	set_knob("stacks", "0");
	before = read_stat("stacks");
	store_byte(p + page, 1);
	store_byte(p + 2 * page, 1);
	set_knob("stacks", "1");
	store_byte(p + 3 * page, 1);
	set_knob("stacks", "0");
	store_byte(p + 4 * page, 1);
	after = read_stat("stacks");
	ksft_test_result(after - before == 1, "only the fault under it has its stack: %llu\n",
			 after - before);
}

int main(void)
{
	cpu_set_t one;

	ksft_print_header();
	ksft_set_plan(2);
	page = sysconf(_SC_PAGESIZE);
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die("no CPU 0");
	need_module(PTDBG_KO, "enable=0");
	set_knob("filter", "comm=trail type=fault");
	set_knob("enable", "1");
	rules();
	stacks();
	need_no_module("ptdbg");
	ksft_finished();
}
