// SPDX-License-Identifier: GPL-2.0-only
/*
 * Very many recorded faults in one run.
 *
 * A process on each CPU touches page after page and gives them back, which is a
 * fault a touch; beside them goes the ordinary storm.  Every so often recording is
 * stopped, and all is counted.
 *
 * Oracles: the identities of ptdbg.d/stats, at every look and at rest, when nothing
 * is in flight and as many records can be read as stats says; the number of
 * touches, and the kernel's own count of faults; after unload the memory, and
 * kmemleak where the kernel has it; the kernel log.
 *
 * Ten million on the lane that watches itself, a million on every other; 20,000 in CI.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "control.h"
#include "kselftest.h"
#include "leaks.h"
#include "records.h"
#include "smaps.h"
#include "storm.h"
#include "touch.h"
#include "works.h"

#define MANY_FAULTS	10000000ULL
#define MANY_LANE	"amd64-6.12-debug"
#define FULL_FAULTS	1000000ULL
#define CI_FAULTS	20000ULL
/* times that all stops and is counted, and what may be under way when it goes on */
#define FULL_RESTS	10
#define CI_RESTS	2
#define MOST_IN_FLIGHT	32
#define LOOK_US		300000
/* seconds in which something has to be recorded */
#define PATIENCE	120
#define STORM_NICE	19

#define MOST_CPUS	8
#define PAGES		4096
/* a page of so many is written to; reads are cheaper, and there are more in a second */
#define WRITES		64
/* pages that come and go while nothing happens, as soak has found */
#define PAGES_MISSING	128

static struct {
	unsigned long long touched[MOST_CPUS];
} *shared;

static struct {
	unsigned int identity;
	unsigned int in_flight;
	unsigned int readable;
} wrong;

static unsigned int looks, rests;

static time_t start;

/* As last looked at. */
static struct stats now;

/* While it recorded: touches of ours, and faults by the kernel's count. */
static unsigned long long touched, counted;

/* All of what this program has touched. */
static unsigned long long touches(void)
{
	unsigned long long n = 0;
	unsigned int i;

	for (i = 0; i < MOST_CPUS; i++)
		n += __atomic_load_n(&shared->touched[i], __ATOMIC_RELAXED);
	return n;
}

/* All page faults of the machine; always the same where they are not counted. */
static unsigned long long kernels_count(void)
{
	return vmstat("pgfault");
}

static void touch_pages(unsigned int cpu)
{
	size_t page = sysconf(_SC_PAGESIZE);
	cpu_set_t here;
	unsigned int i;
	char *p;

	CPU_ZERO(&here);
	CPU_SET(cpu, &here);
	sched_setaffinity(0, sizeof(here), &here);
	p = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		_exit(1);
	madvise(p, PAGES * page, MADV_NOHUGEPAGE);
	for (;;) {
		for (i = 0; i < PAGES; i++) {
			if (i % WRITES)
				load_byte(p + i * page);
			else
				store_byte(p + i * page, i);
			__atomic_fetch_add(&shared->touched[cpu], 1, __ATOMIC_RELAXED);
		}
		if (madvise(p, PAGES * page, MADV_DONTNEED))
			_exit(1);
	}
}

static void look(const char *when)
{
	read_stats(&now);
	looks++;
	if (!stats_exact(&now, when))
		wrong.identity++;
}

/* Off: nothing is under way, and what is said to be readable can be read. */
static void stop_and_count(void)
{
	struct records all;

	set_knob("enable", "0");
	look("at rest");
	records_read(&all);
	rests++;
	if (now.in_flight)
		wrong.in_flight++;
	if (all.nr != now.readable) {
		ksft_print_msg("%u records read, stats says %llu\n", all.nr, now.readable);
		wrong.readable++;
	}
	records_free(&all);
}

/* Record until there are so many in all; false when nothing comes any more. */
static bool record(unsigned long long goal)
{
	unsigned long long by_kernel, by_us, last = 0;
	time_t moved = time(NULL);

	set_knob("enable", "1");
	by_us = touches();
	by_kernel = kernels_count();
	do {
		usleep(LOOK_US);
		look("under storm");
		if (now.recorded != last)
			moved = time(NULL);
		last = now.recorded;
	} while (now.recorded < goal && time(NULL) - moved < PATIENCE);
	touched += touches() - by_us;
	counted += kernels_count() - by_kernel;
	say("many_faults: %llu recorded, %llu overwritten, %llu missed; %ld s",
	    now.recorded, now.overwritten, now.missed, (long)(time(NULL) - start));
	stop_and_count();
	return now.recorded >= goal;
}

static bool record_all(unsigned long long goal)
{
	unsigned int i, most = full_size() ? FULL_RESTS : CI_RESTS;

	start = time(NULL);
	for (i = 1; i <= most; i++) {
		if (!record(goal * i / most))
			return false;
	}
	return true;
}

static void use_once(void)
{
	need_module(PTDBG_KO, "ring_kb=128");
	if (!ptdbg_works())
		die("it does not work");
	need_no_module("ptdbg");
}

int main(void)
{
	unsigned long long goal = how_many(CI_FAULTS, FULL_FAULTS, MANY_FAULTS, MANY_LANE);
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct memory before;
	pid_t pid[MOST_CPUS];
	int storm, i;
	bool all;

	ksft_print_header();
	ksft_set_plan(7);
	if (cpus > MOST_CPUS)
		cpus = MOST_CPUS;
	shared = child_shares(sizeof(*shared));
	/* what the first use of anything keeps */
	use_once();
	leaks_before(&before);

	need_module(PTDBG_KO, "ring_kb=128 enable=0");
	storm = storm_start("storm", STORM_NICE);
	for (i = 0; i < cpus; i++) {
		pid[i] = child_fork();
		if (!pid[i])
			touch_pages(i);
	}
	all = record_all(goal);
	for (i = 0; i < cpus; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	storm_end(storm);

	ksft_test_result(all, "%llu faults of %llu\n", now.recorded, goal);
	ksft_test_result(!wrong.identity, "identities exact at %u looks (%u were not)\n",
			 looks, wrong.identity);
	ksft_test_result(!wrong.in_flight,
			 "nothing is in flight at %u rests (at %u something was)\n",
			 rests, wrong.in_flight);
	ksft_test_result(!wrong.readable,
			 "as many records can be read as stats says (%u times not)\n",
			 wrong.readable);
	/* the kernel counts a fault when it ends: it may have begun before */
	ksft_test_result(touched <= now.recorded + now.missed &&
			 counted <= now.recorded + now.missed + rests * MOST_IN_FLIGHT,
			 "no fewer than %llu touches and %llu faults by the kernel's count\n",
			 touched, counted);
	ksft_test_result(ptdbg_works(), "a fault is recorded after it\n");
	need_no_module("ptdbg");
	ksft_test_result(leaks_none(&before, PAGES_MISSING), "no memory is left\n");
	ksft_finished();
}
