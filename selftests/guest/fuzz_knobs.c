// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fuzzer of all that ptdbg can be reached by: every file in debugfs and every
 * module parameter, by several processes at once, while another loads and unloads
 * it.  The seed is said, and PTDBG_SEED= sets it; which process comes first is
 * the kernel's choice all the same.
 *
 * Oracles: every process ends by itself, after as many operations as were asked
 * for; then nobody holds the module, it records a fault, its identities hold, it
 * unloads and its files are gone.  The lab looks through the kernel's log.
 *
 * At full size a million operations on the lane that watches itself, 100,000 on
 * every other; 40,000 in CI.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chance.h"
#include "child.h"
#include "control.h"
#include "files.h"
#include "kselftest.h"
#include "storm.h"
#include "works.h"

#include "fuzz_knobs/ops.h"

#define MOST_FILES	128
#define MANY_OPS	1000000
#define MANY_LANE	"amd64-6.12-debug"
#define FULL_OPS	100000
#define CI_OPS		40000
/* each of the kinds has to have been done to each of the files at least ops / LEAST times */
#define LEAST		2000
#define FUZZERS		4
#define PAUSE_US	20000
/* operations between two loads, and tries to unload it at one of them */
#define FULL_EVERY	3000
#define CI_EVERY	700
#define TRIES		500
#define TRY_US		1000
/* meanwhile one of them goes on after so many such waits */
#define WAITS		16
/* say how far it is after so many of them */
#define TOLD_LOADS	10
/* the storm is only to leave records; who loads it has to get to it */
#define STORM_NICE	19
#define LOADER_NICE	-10

static struct files all;

static struct {
	unsigned long left;
	unsigned long done;
	unsigned long opened;
	unsigned long loaded;
	unsigned long unloaded;
	unsigned long refused;
	/* it is about to be unloaded: make way */
	int going;
	int ends;
	unsigned long count[MOST_FILES][NR_OPS];
} *shared;

static bool told(const int *what)
{
	return __atomic_load_n(what, __ATOMIC_RELAXED);
}

static void tell(int *what, int yes)
{
	__atomic_store_n(what, yes, __ATOMIC_RELAXED);
}

/* False when the file is not there: ptdbg is not. */
static bool open_any(struct target *t)
{
	static const int flags[] = {
		O_RDONLY, O_RDONLY, O_WRONLY, O_RDWR, O_RDWR, O_RDONLY | O_NONBLOCK,
		O_RDWR | O_APPEND, O_WRONLY | O_TRUNC, O_RDONLY | O_DIRECT, O_PATH,
	};
	const char *path;

	t->file = random_below(all.nr);
	path = all.path[t->file];
	t->panics = !!strstr(path, "panic_on_bad");
	t->fd = open(path, O_CLOEXEC | flags[random_below(sizeof(flags) / sizeof(*flags))]);
	if (t->fd >= 0)
		__atomic_fetch_add(&shared->opened, 1, __ATOMIC_RELAXED);
	return t->fd >= 0 || errno != ENOENT;
}

/* Take one of the operations that are left. */
static bool take(void)
{
	unsigned long left = __atomic_load_n(&shared->left, __ATOMIC_RELAXED);

	while (left && !__atomic_compare_exchange_n(&shared->left, &left, left - 1, false,
						    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	return left;
}

static void do_any(const struct target *t)
{
	__atomic_fetch_add(&shared->count[t->file][op_any(t)], 1, __ATOMIC_RELAXED);
}

static unsigned long done(void)
{
	return __atomic_load_n(&shared->done, __ATOMIC_RELAXED);
}

/*
 * Close all, and wait till it is unloaded; but not always, so that some open and
 * some operations meet the unloading.
 */
static void make_way(struct target *files)
{
	unsigned int i;

	for (i = 0; i < FILES; i++) {
		if (files[i].fd >= 0)
			close(files[i].fd);
		files[i].fd = -1;
	}
	while (told(&shared->going) && random_below(WAITS))
		usleep(TRY_US);
}

static void fuzz(unsigned long seed)
{
	struct target files[FILES], *t;
	unsigned int i;

	srandom(seed);
	/* of a file that was asked to send it, and of a pipe */
	signal(SIGIO, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < FILES; i++)
		files[i].fd = -1;
	while (take()) {
		t = &files[random_below(FILES)];
		if (t->fd < 0) {
			while (!open_any(t))
				usleep(PAUSE_US);
			if (t->fd >= 0)
				do_any(t);
		} else if (!random_below(16)) {
			close(t->fd);
			t->fd = -1;
		} else {
			do_any(t);
		}
		__atomic_fetch_add(&shared->done, 1, __ATOMIC_RELAXED);
		if (told(&shared->going))
			make_way(files);
	}
}

/* Load it with parameters that are right, wrong or nonsense; unload it. */
static void load_and_unload(unsigned long seed)
{
	unsigned long next = 0, every = full_size() ? FULL_EVERY : CI_EVERY;
	static const char *const params[] = {
		"", "ring_kb=128", "ring_kb=0", "ring_kb=-1", "ring_kb=x", "ring_kb=129",
		"enable=0", "enable=2", "frees=1 stacks=1", "oops_records=17", "oops_records=16",
		"regions=nonsense", "regions=\"allow table 0-;deny pte 0-1000\"",
		"panic_on_bad=nonsense", "panic_on_bad=,,", "nonsense=1", "regions=%s%n",
	};
	unsigned int i;

	srandom(seed);
	setpriority(PRIO_PROCESS, 0, LOADER_NICE);
	while (!told(&shared->ends)) {
		next += random_below(2 * every);
		if (shared->unloaded % TOLD_LOADS == TOLD_LOADS - 1)
			say("fuzz_knobs: %lu operations", done());
		while (!told(&shared->ends) && done() < next)
			usleep(PAUSE_US);
		tell(&shared->going, 1);
		for (i = 0; i < TRIES && !told(&shared->ends); i++) {
			if (!syscall(SYS_delete_module, "ptdbg", O_NONBLOCK))
				break;
			usleep(TRY_US);
		}
		tell(&shared->going, 0);
		if (module_loaded("ptdbg"))
			continue;
		shared->unloaded++;
		while (load_module(PTDBG_KO,
				   params[random_below(sizeof(params) / sizeof(*params))]))
			shared->refused++;
		shared->loaded++;
	}
	exit(0);
}

static pid_t start(void (*work)(unsigned long seed), unsigned long seed)
{
	pid_t pid = child_fork();

	if (!pid) {
		work(seed);
		exit(0);
	}
	return pid;
}

/* It ended by itself, content. */
static bool ended_well(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return false;
	if (status)
		ksft_print_msg("a process ended with status %x\n", status);
	return !status;
}

/* Of each kind on each file, told as sums; returns the smallest number. */
static unsigned long tell_counts(void)
{
	static const char *const names[] = {
		"write", "read", "pread", "readv", "lseek", "splice and sendfile", "others",
	};
	unsigned long kinds[NR_OPS] = { }, least = -1UL, n;
	unsigned int i, op;

	for (i = 0; i < all.nr; i++) {
		n = 0;
		for (op = 0; op < NR_OPS; op++) {
			n += shared->count[i][op];
			kinds[op] += shared->count[i][op];
			if (shared->count[i][op] < least)
				least = shared->count[i][op];
		}
		ksft_print_msg("%s: %lu\n", all.path[i], n);
	}
	for (op = 0; op < NR_OPS; op++)
		ksft_print_msg("%s: %lu\n", names[op], kinds[op]);
	return least;
}

static void judge(void)
{
	char *count;

	if (!module_loaded("ptdbg"))
		need_module(PTDBG_KO, "");
	count = need_file("/sys/module/ptdbg/refcnt");
	ksft_test_result(!strcmp(count, "0\n"), "nobody holds the module\n");
	free(count);
	ksft_test_result(ptdbg_works(), "a fault is recorded, and the identities hold\n");
	need_no_module("ptdbg");
	ksft_test_result(!module_loaded("ptdbg") && access(PTDBG_TEXT, F_OK) &&
			 access(PTDBG_DIR, F_OK), "it unloads, and its files are gone\n");
}

int main(void)
{
	unsigned long ops = how_many(CI_OPS, FULL_OPS, MANY_OPS, MANY_LANE), least;
	unsigned long seed;
	pid_t pid[FUZZERS], loader;
	unsigned int i, well = 0;
	int storm;

	ksft_print_header();
	ksft_set_plan(7);
	seed = random_seed();
	shared = child_shares(sizeof(*shared));
	/* every word that is refused is a warning: to the log, not to a slow console */
	write_file("/proc/sys/kernel/printk", "4", 1);
	need_module(PTDBG_KO, "");
	files_of_ptdbg(&all);
	shared->left = ops;
	/* something to record */
	storm = storm_start("storm", STORM_NICE);
	for (i = 0; i < FUZZERS; i++)
		pid[i] = start(fuzz, seed + i);
	loader = start(load_and_unload, seed + FUZZERS);
	for (i = 0; i < FUZZERS; i++)
		well += ended_well(pid[i]);
	shared->ends = 1;
	well += ended_well(loader);
	storm_end(storm);

	least = tell_counts();
	ksft_print_msg("%u files, opened %lu times; unloaded %lu times, loaded %lu, refused %lu\n",
		       all.nr, shared->opened, shared->unloaded, shared->loaded,
		       shared->refused);
	ksft_test_result(well == FUZZERS + 1, "every process ended by itself\n");
	ksft_test_result(shared->done == ops && shared->opened > ops / 100,
			 "%lu operations of %lu\n", shared->done, ops);
	ksft_test_result(least >= ops / LEAST,
			 "every kind of operation on every file, %lu times and more\n", least);
	ksft_test_result(shared->loaded && shared->unloaded,
			 "it was loaded and unloaded meanwhile\n");
	judge();
	ksft_finished();
}
