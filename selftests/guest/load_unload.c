// SPDX-License-Identifier: GPL-2.0-only
/*
 * Load, use and unload ptdbg over and over under a storm of faults.
 *
 * Oracles: the accounting identities of ptdbg.d/stats, which must be exact at
 * any moment (hits = recorded + filtered + missed, recorded = readable +
 * overwritten), with a ring that holds everything and with the smallest one,
 * which overwrites; the kernel log, which the lab looks through; and sysfs and
 * debugfs, where nothing may stay behind.
 *
 * At full size 1,000 rounds on one lane and 200 on every other; 8 in CI.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "records.h"
#include "storm.h"

#define MANY_ROUNDS	1000
#define MANY_LANE	"amd64-6.12"
#define FULL_ROUNDS	200
#define CI_ROUNDS	8

/* Between two looks, or the storm waits for its turn behind who waits for it. */
#define LOOK_US		5000

/* Say how far it is after so many rounds. */
#define TOLD_ROUNDS	50

/* Of the storm, or a round mostly waits for its turn among the storm's processes. */
#define STORM_NICE	10

/* Seconds after which a storm that should have done something has failed. */
#define PATIENCE	30

/* More tasks than the storm has. */
#define MOST_IN_FLIGHT	32

/* What a round found wrong, added up over all of them. */
static struct {
	unsigned int identity;
	unsigned int disabled;
	unsigned int cleared;
	unsigned int filtered;
	unsigned int quiet;
	unsigned int readable;
	unsigned int left;
} wrong;

static unsigned int looks;
static unsigned long long most_recorded, most_overwritten, most_missed;

static void look(struct stats *s, const char *when)
{
	read_stats(s);
	looks++;
	if (!stats_exact(s, when))
		wrong.identity++;
	if (s->recorded > most_recorded)
		most_recorded = s->recorded;
	if (s->overwritten > most_overwritten)
		most_overwritten = s->overwritten;
	if (s->missed > most_missed)
		most_missed = s->missed;
}

/* Look until there are this many records and overwritten ones. */
static bool storm_reaches(unsigned long long recorded, unsigned long long overwritten,
			  const char *when)
{
	time_t until = time(NULL) + PATIENCE;
	struct stats s;

	do {
		look(&s, when);
		if (s.recorded >= recorded && s.overwritten >= overwritten)
			return true;
		usleep(LOOK_US);
	} while (time(NULL) < until);
	ksft_print_msg("%s: %llu recorded, %llu overwritten after %d s\n", when,
		       s.recorded, s.overwritten, PATIENCE);
	return false;
}

/* Off means off: nothing is counted, nothing is under way. */
static void try_disable(void)
{
	struct records all;
	struct stats s, t;

	set_knob("enable", "0");
	look(&s, "disabled");
	look(&t, "disabled, again");
	if (s.hits != t.hits || s.recorded != t.recorded || s.in_flight)
		wrong.disabled++;
	records_read(&all);
	if (all.nr != t.readable) {
		ksft_print_msg("%u records read, stats says %llu\n", all.nr, t.readable);
		wrong.readable++;
	}
	records_free(&all);
	set_knob("clear", "1");
	look(&s, "disabled and cleared");
	if (s.hits || s.recorded || s.readable || s.overwritten || s.missed)
		wrong.cleared++;
	set_knob("enable", "1");
}

/* Everybody is filtered out, but for those whose fault had begun before. */
static void try_filter(void)
{
	time_t until = time(NULL) + PATIENCE;
	struct stats s;

	set_knob("filter", "comm=nobody");
	set_knob("clear", "1");
	do {
		look(&s, "filtered");
		usleep(LOOK_US);
	} while (s.filtered < 500 && time(NULL) < until);
	if (s.filtered < 500 || s.recorded > MOST_IN_FLIGHT)
		wrong.filtered++;
	/* a write of nothing would be refused */
	set_knob("filter", "\n");
}

static void one_round(unsigned int i)
{
	/* the smallest ring, so that packets are overwritten all the time */
	bool tiny = i % 2;

	need_module(PTDBG_KO, tiny ? "ring_kb=128" : "ring_kb=1024");
	if (!storm_reaches(tiny ? 2000 : 500, tiny ? 500 : 0, "under storm"))
		wrong.quiet++;
	if (i % 4 >= 2)
		try_disable();
	if (i % 8 >= 4)
		try_filter();
	if (!storm_reaches(100, 0, "at the end"))
		wrong.quiet++;
	need_no_module("ptdbg");
	if (module_loaded("ptdbg") || !access(PTDBG_TEXT, F_OK) ||
	    !access(PTDBG_DIR, F_OK))
		wrong.left++;
}

int main(void)
{
	unsigned int rounds = how_many(CI_ROUNDS, FULL_ROUNDS, MANY_ROUNDS, MANY_LANE);
	unsigned int i;
	int storm;

	ksft_print_header();
	ksft_set_plan(8);
	storm = storm_start("storm", STORM_NICE);
	for (i = 0; i < rounds; i++) {
		one_round(i);
		if (i % TOLD_ROUNDS == TOLD_ROUNDS - 1)
			ksft_print_msg("%u rounds\n", i + 1);
	}
	storm_end(storm);

	ksft_print_msg("%u rounds, at most %llu recorded, %llu overwritten, %llu missed\n",
		       rounds, most_recorded, most_overwritten, most_missed);
	ksft_test_result(!wrong.identity, "identities exact at %u looks (%u were not)\n",
			 looks, wrong.identity);
	ksft_test_result(!wrong.quiet, "the storm was recorded (%u times not)\n",
			 wrong.quiet);
	ksft_test_result(most_overwritten > 0, "the small ring was overwritten\n");
	ksft_test_result(!wrong.disabled, "enable 0 stops it (%u times not)\n",
			 wrong.disabled);
	ksft_test_result(!wrong.readable,
			 "as many records can be read as stats says (%u times not)\n",
			 wrong.readable);
	ksft_test_result(!wrong.cleared, "clear forgets everything (%u times not)\n",
			 wrong.cleared);
	ksft_test_result(!wrong.filtered, "the filter is counted (%u times not)\n",
			 wrong.filtered);
	ksft_test_result(!wrong.left, "nothing is left behind (%u times something is)\n",
			 wrong.left);
	ksft_finished();
}
