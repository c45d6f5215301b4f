// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once, for as long as one likes.
 *
 * A storm of faults on all CPUs, and beside it one worker for each way in which
 * page tables come, go and are looked at; ptdbg is loaded, unloaded, read and
 * turned all the while.  It goes in phases.  When one ends all is still, and
 *
 * - the identities of ptdbg.d/stats hold (they are looked at during it as well),
 *   nothing is in flight, and as many records can be read as stats says;
 * - nobody holds the module; it unloads, and its files are gone;
 * - no memory of it is left: none that knows its caller, and no more pages are
 *   missing than may be missing without ptdbg.
 *
 * The first phase is without ptdbg, and is what the others are measured against.
 * The last is quiet: loads and unloads with nothing else, so that what each of
 * them loses adds up and stands out.  The lab looks through the kernel's log.
 *
 * PTDBG_MINUTES says for how long.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "chance.h"
#include "child.h"
#include "control.h"
#include "kselftest.h"
#include "memory.h"
#include "records.h"
#include "storm.h"
#include "swap.h"
#include "works.h"

#include "soak/worker.h"

#define PHASE_SECONDS	30
#define WARM_UP_SECONDS	10
#define LOOK_US		200000
/* seconds in which what was told to end has ended */
#define PATIENCE	120
/* for those who make load, or nobody gets to load and unload anything */
#define LOAD_NICE	10

/*
 * Pages that may be missing after a phase, in which there are some ten loads, each
 * with 64 pages and more of ring.  Up to 310 were, most of them anonymous memory of
 * what still runs; the kernel keeps some of its own when it has been under pressure.
 */
#define PHASE_PAGES	512
/*
 * Loads in a round of the quiet phase, and half a page for each of them.  Numbers
 * before and after are mostly the same, but a kernel that watches itself keeps some
 * pages now and then: what a load loses is missing after every round.
 */
#define QUIET_LOADS	16
#define QUIET_PAGES	(QUIET_LOADS / 2)
#define QUIET_ROUNDS	4

static const struct worker workers[] = {
	{ "exec", work_exec },
	{ "maps", work_maps },
	{ "advice", work_advice },
	{ "thp", work_thp },
	{ "poison", work_poison },
	{ "uffd", work_uffd },
	{ "ksm", work_ksm },
	{ "swap", work_swap },
	{ "peek", work_peek },
	{ "core", work_core },
	{ "pin", work_pin },
	{ "cpus", work_cpus },
	{ "samples", work_samples },
	{ "stress_ng", work_stress_ng },
	{ "reads", work_reads, .ptdbg = true },
	{ "knobs", work_knobs, .ptdbg = true, .hurry = true },
	{ "modules", work_modules, .ptdbg = true, .hurry = true },
};

#define WORKERS	(sizeof(workers) / sizeof(*workers))

/**
 * struct tally - what a worker says of itself, in shared memory
 * @done: pieces of work
 * @why: there is nothing to do
 */
struct tally {
	unsigned long done;
	char why[96];
};

static struct {
	int ends;
	struct tally of[WORKERS];
} *shared;

/* In a worker: which. */
static unsigned int me;

/* In soak: what was found wrong. */
static struct {
	unsigned int identity;
	unsigned int died;
	unsigned int stuck;
	unsigned int in_flight;
	unsigned int readable;
	unsigned int works;
	unsigned int held;
	unsigned int left;
	unsigned int callers;
	unsigned int pages;
} wrong;

static unsigned int looks, phases;
static unsigned long long most_recorded, most_missed;
static pid_t group[WORKERS];

void worker_did(void)
{
	__atomic_fetch_add(&shared->of[me].done, 1, __ATOMIC_RELAXED);
}

void worker_cannot(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(shared->of[me].why, sizeof(shared->of[me].why), format, args);
	va_end(args);
	_exit(0);
}

bool worker_ends(void)
{
	return __atomic_load_n(&shared->ends, __ATOMIC_RELAXED);
}

static void start_worker(unsigned int i, unsigned long seed)
{
	pid_t pid = child_fork();

	if (!pid) {
		setpgid(0, 0);
		prctl(PR_SET_NAME, workers[i].name);
		if (!workers[i].hurry)
			setpriority(PRIO_PROCESS, 0, LOAD_NICE);
		me = i;
		srandom(seed + i);
		workers[i].work();
		_exit(1);
	}
	setpgid(pid, pid);
	group[i] = pid;
}

/* Kill it with all it has started; what is left of it is ours to wait for. */
static void end_worker(unsigned int i)
{
	time_t until = time(NULL) + PATIENCE;
	int status = 0;

	if (workers[i].work == work_modules) {
		/* it leaves ptdbg loaded */
		while (!waitpid(group[i], &status, WNOHANG) && time(NULL) < until)
			usleep(LOOK_US);
	} else if (waitpid(group[i], &status, WNOHANG) && !shared->of[i].why[0]) {
		ksft_print_msg("%s ended by itself, wait status %#x\n",
			       workers[i].name, status);
		wrong.died++;
	}
	until = time(NULL) + PATIENCE;
	while (!kill(-group[i], SIGKILL)) {
		waitpid(-group[i], NULL, WNOHANG);
		if (time(NULL) >= until) {
			ksft_print_msg("%s does not die\n", workers[i].name);
			wrong.stuck++;
			break;
		}
		usleep(1000);
	}
}

static void look(const struct stats *s, const char *when)
{
	looks++;
	if (!stats_exact(s, when))
		wrong.identity++;
	if (s->recorded > most_recorded)
		most_recorded = s->recorded;
	if (s->missed > most_missed)
		most_missed = s->missed;
}

/* All CPUs back, whatever the worker was doing. */
static void restore_cpus(void)
{
	char path[64];
	int cpu;

	for (cpu = 1; cpu < sysconf(_SC_NPROCESSORS_CONF); cpu++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
		try_write(path, "1");
	}
}

static void one_phase(unsigned int seconds, unsigned long seed, bool with_ptdbg)
{
	time_t until = time(NULL) + seconds;
	struct stats s;
	unsigned int i;
	int storm;

	shared->ends = 0;
	storm = storm_start("storm", LOAD_NICE);
	for (i = 0; i < WORKERS; i++) {
		if (!workers[i].ptdbg || with_ptdbg)
			start_worker(i, seed);
	}
	while (time(NULL) < until) {
		if (stats_there(&s))
			look(&s, "under storm");
		usleep(LOOK_US);
	}
	shared->ends = 1;
	for (i = WORKERS; i-- > 0;) {
		if (!workers[i].ptdbg || with_ptdbg)
			end_worker(i);
	}
	storm_end(storm);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	restore_cpus();
	unlink(CORE);
	try_write("/sys/kernel/mm/ksm/run", "2");
	try_write("/sys/kernel/mm/ksm/run", "0");
}

/* ptdbg is loaded and all is still. */
static void judge_module(void)
{
	char *count = need_file("/sys/module/ptdbg/refcnt");
	struct records all;
	struct stats s;

	if (strcmp(count, "0\n")) {
		ksft_print_msg("somebody holds ptdbg: refcnt %s", count);
		wrong.held++;
	}
	free(count);
	set_knob("enable", "0");
	read_stats(&s);
	look(&s, "at rest");
	if (s.in_flight)
		wrong.in_flight++;
	records_read(&all);
	if (all.nr != s.readable) {
		ksft_print_msg("%u records read, stats says %llu\n", all.nr, s.readable);
		wrong.readable++;
	}
	records_free(&all);
	if (!ptdbg_works())
		wrong.works++;
}

static void judge_unloaded(void)
{
	if (module_loaded("ptdbg") || !access(PTDBG_TEXT, F_OK) || !access(PTDBG_DIR, F_OK))
		wrong.left++;
}

static void need_swap(void)
{
	if (swap_on())
		die("no swap: %s", strerror(errno));
}

/*
 * A process that is killed leaves its pages that are on their way to the disk in the
 * swap cache, up to all that it had, for as long as there is swap.
 */
static void memory_after_swap(struct memory *m)
{
	swap_off();
	memory_settled(m);
	need_swap();
}

/* Are more than so many PAGES missing NOW? */
static bool judge_memory(const char *when, const struct memory *before,
			 const struct memory *now, long pages)
{
	memory_print(when, now);
	if (now->vmalloc > before->vmalloc || now->slab > before->slab)
		wrong.callers++;
	if (now->free >= before->free - pages)
		return false;
	ksft_print_msg("%s: %ld pages are missing, %ld may be\n", when,
		       before->free - now->free, pages);
	return true;
}

static void quiet_loads(unsigned int nr)
{
	while (nr--) {
		need_module(PTDBG_KO, "ring_kb=128");
		need_no_module("ptdbg");
		judge_unloaded();
	}
}

static void quiet_phase(void)
{
	struct memory before, after;
	unsigned int round;

	/* the first one may fill caches */
	quiet_loads(1);
	for (round = 0; round < QUIET_ROUNDS; round++) {
		memory_settled(&before);
		memory_print("before the quiet loads", &before);
		quiet_loads(QUIET_LOADS);
		memory_settled(&after);
		if (!judge_memory("after the quiet loads", &before, &after, QUIET_PAGES))
			return;
	}
	wrong.pages++;
}

static void report_workers(void)
{
	unsigned int i;

	for (i = 0; i < WORKERS; i++) {
		const struct tally *t = &shared->of[i];

		if (t->why[0] && !t->done)
			ksft_test_result_skip("%s: %s\n", workers[i].name, t->why);
		else
			ksft_test_result(t->done > 0, "%s: it has worked (%lu pieces)\n",
					 workers[i].name, t->done);
	}
}

int main(void)
{
	const char *minutes = getenv("PTDBG_MINUTES");
	time_t until = time(NULL) + 60 * (minutes ? strtoul(minutes, NULL, 0) : 1);
	struct memory start, now;
	unsigned long seed;
	bool seen;

	ksft_print_header();
	ksft_set_plan(WORKERS + 12);
	seed = random_seed();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	shared = child_shares(sizeof(*shared));
	need_swap();

	one_phase(WARM_UP_SECONDS, seed, false);
	need_module(PTDBG_KO, "");
	seen = memory_sees_ptdbg();
	need_no_module("ptdbg");
	memory_after_swap(&start);
	memory_print("at the start", &start);
	do {
		one_phase(PHASE_SECONDS, seed + ++phases * WORKERS, true);
		if (!module_loaded("ptdbg"))
			die("a phase ended without ptdbg");
		judge_module();
		need_no_module("ptdbg");
		judge_unloaded();
		memory_after_swap(&now);
		wrong.pages += judge_memory("after a phase", &start, &now, PHASE_PAGES);
	} while (time(NULL) < until);
	swap_off();
	quiet_phase();

	ksft_print_msg("%u phases, at most %llu recorded, %llu missed\n",
		       phases, most_recorded, most_missed);
	report_workers();
	ksft_test_result(!wrong.died && !wrong.stuck,
			 "all worked to the end (%u did not, %u did not end)\n",
			 wrong.died, wrong.stuck);
	ksft_test_result(most_recorded > 0, "faults were recorded\n");
	ksft_test_result(!wrong.identity, "identities exact at %u looks (%u were not)\n",
			 looks, wrong.identity);
	ksft_test_result(!wrong.in_flight,
			 "nothing is in flight at rest (%u times something was)\n",
			 wrong.in_flight);
	ksft_test_result(!wrong.readable,
			 "as many records can be read as stats says (%u times not)\n",
			 wrong.readable);
	ksft_test_result(!wrong.works, "a fault is recorded after it (%u times not)\n",
			 wrong.works);
	ksft_test_result(!wrong.held,
			 "nobody holds the module at rest (%u times somebody did)\n",
			 wrong.held);
	ksft_test_result(!wrong.left, "no file of it is left (%u times one was)\n", wrong.left);
	if (start.slab < 0)
		ksft_test_result_skip("this kernel does not tell who has slab memory\n");
	else
		ksft_test_result(seen, "slab memory of a loaded ptdbg can be told\n");
	ksft_test_result(start.slab <= 0 && !start.vmalloc,
			 "no module that was there before has left anything\n");
	ksft_test_result(!wrong.callers, "no memory of its is left (%u times some was)\n",
			 wrong.callers);
	ksft_test_result(!wrong.pages, "no pages are missing (%u times some were)\n", wrong.pages);
	ksft_finished();
}
