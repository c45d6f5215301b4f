// SPDX-License-Identifier: GPL-2.0-only
/*
 * Things go wrong in ptdbg itself, one after the other.
 *
 * - The first allocation of a load fails, then the second, and so on until a load
 *   needs no more of them; the same for every knob and for every file that is
 *   opened and read.
 * - A load is refused at the steps that allocate nothing.
 * - A load is killed, and unloading is tried, at every moment of it.
 * - It is unloaded while its files are being opened.
 *
 * Clean errors: -ENOMEM, or it goes on without and works; a knob that has failed
 * says what it said before.  Nothing left: in the kernel's list of kprobes, in
 * /sys/module and debugfs, no memory.
 *
 * Oracles: /proc/self/fail-nth, which tells whether a failure was made; the above
 * files; kmemleak and what the kernel tells of callers (lib/memory.c); its log.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "control.h"
#include "files.h"
#include "kselftest.h"
#include "leaks.h"
#include "works.h"

#include "faults_injected/fail.h"

#define PROBES		"/sys/kernel/debug/kprobes/list"
#define PROBES_ON	"/sys/kernel/debug/kprobes/enabled"
/* more than anything needs */
#define MOST		4000
/* the kernel's own allocations for a load are many, and its business */
#define OTHERS_STEP	41
/* so many that were done without, and it is tried whether it works all the same */
#define WORKS_EVERY	8
#define ABORTS		100
#define OPENS		50
/* bytes that are read of a file */
#define MOST_READ	(128 * 1024)
#define MOST_BEFORE	3
/* what the kernel keeps for itself */
#define PAGES_MISSING	512

/**
 * struct trial - what is tried
 * @name: what the report calls it
 * @begin: does it; returns an errno, or 0
 * @with: for @begin
 * @before: knobs as they are to be first, "knob text"
 * @state: file that says the same after an error, or NULL
 * @within: kernel function whose allocations count, or NULL for all
 * @step: from one allocation that fails to the next one
 * @loads: it loads the module, else it needs it loaded
 */
struct trial {
	const char *name;
	int (*begin)(const char *with);
	const char *with;
	const char *before[MOST_BEFORE];
	const char *state;
	const char *within;
	unsigned int step;
	bool loads;
};

/* What was wrong in the trial at hand, and how often it was done without. */
static unsigned int wrong, without;

static unsigned int failures;

static void say_wrong(const char *name, unsigned int n, const char *what)
{
	ksft_print_msg("%s, %u: %s\n", name, n, what);
	wrong++;
}

static unsigned int probes(void)
{
	char *text = need_file(PROBES), *c;
	unsigned int lines = 0;

	for (c = text; *c; c++)
		lines += *c == '\n';
	free(text);
	return lines;
}

/* No module, no files, no more probes than there were. */
static bool nothing_left(unsigned int had)
{
	return !module_loaded("ptdbg") && access(PTDBG_TEXT, F_OK) &&
	       access(PTDBG_DIR, F_OK) && probes() == had;
}

static void unload(void)
{
	if (module_loaded("ptdbg"))
		need_no_module("ptdbg");
}

static int load_with(const char *params)
{
	return load_module(PTDBG_KO, params) ? errno : 0;
}

/* WITH is "knob text". */
static int write_knob(const char *with)
{
	const char *text = strchr(with, ' ') + 1;
	char path[128];

	snprintf(path, sizeof(path), PTDBG_DIR "/%.*s", (int)(text - with - 1), with);
	return write_file(path, text, strlen(text)) < 0 ? errno : 0;
}

static int read_path(const char *path)
{
	static char buf[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	size_t have = 0;
	ssize_t n = 1;

	if (fd < 0)
		return errno;
	while (n > 0 && have < MOST_READ) {
		n = read(fd, buf, sizeof(buf));
		if (n < 0)
			err = errno;
		else
			have += n;
	}
	close(fd);
	return err;
}

static void set_before(const struct trial *t)
{
	unsigned int i;
	int err;

	for (i = 0; i < MOST_BEFORE && t->before[i]; i++) {
		err = write_knob(t->before[i]);
		if (err)
			die("%s: %s: %s", t->name, t->before[i], strerror(err));
	}
}

/* It has not failed, though an allocation has: does it work without? */
static void judge_without(const struct trial *t, unsigned int n)
{
	if (t->loads && !module_loaded("ptdbg"))
		say_wrong(t->name, n, "it did not fail, and is not loaded");
	else if (!(without++ % WORKS_EVERY) && !ptdbg_works())
		say_wrong(t->name, n, "it did not fail, and does not work");
}

/* The N-th allocation of T fails; false when there was none. */
static bool one_failure(const struct trial *t, unsigned int n, unsigned int had)
{
	char *was = NULL, *is;
	bool failed;
	int err;

	set_before(t);
	if (t->state)
		was = need_file(t->state);
	fail_nth(n);
	err = t->begin(t->with);
	failed = fail_done();
	if (err && err != ENOMEM)
		say_wrong(t->name, n, strerror(err));
	if (err && !failed)
		say_wrong(t->name, n, "it failed, though nothing else did");
	if (err && t->loads && !nothing_left(had))
		say_wrong(t->name, n, "it failed, and left something behind");
	if (err && t->state) {
		is = need_file(t->state);
		if (strcmp(was, is))
			say_wrong(t->name, n, "it failed, and has changed something");
		free(is);
	}
	if (!err && failed)
		judge_without(t, n);
	free(was);
	if (t->loads)
		unload();
	return failed;
}

static void try_failures(const struct trial *t)
{
	unsigned int n, tried = 0, had = probes();
	time_t start = time(NULL);

	wrong = 0;
	without = 0;
	fail_within(t->within);
	if (!t->loads)
		need_module(PTDBG_KO, "ring_kb=128");
	for (n = 1; n < MOST; n += t->step ?: 1) {
		if (!one_failure(t, n, had))
			break;
		tried++;
	}
	if (!t->loads && !ptdbg_works())
		say_wrong(t->name, n, "it does not work after all these");
	unload();
	if (!nothing_left(had))
		say_wrong(t->name, n, "something is left at the end");
	failures += tried;
	say("faults_injected: %s: %u failures", t->name, tried);
	ksft_test_result(!wrong && tried && n < MOST,
			 "%s: %u failures, %u of them done without (%u times something was wrong); %ld s\n",
			 t->name, tried, without, wrong, (long)(time(NULL) - start));
}

/* Steps of a load that fail without any memory. */
static void try_refusals(void)
{
	static const struct {
		const char *params;
		int err;
	} loads[] = {
		{ "ring_kb=127", EINVAL }, { "oops_records=17", EINVAL },
		{ "ring_kb=128 regions=nonsense", EINVAL },
		{ "ring_kb=128 regions=\"allow table 0-\" panic_on_bad=nonsense", EINVAL },
		{ "ring_kb=128 nonsense", 0 },
	};
	unsigned int i, had = probes();
	int err;

	wrong = 0;
	for (i = 0; i < sizeof(loads) / sizeof(*loads); i++) {
		err = load_with(loads[i].params);
		if (err != loads[i].err)
			say_wrong(loads[i].params, i, strerror(err));
		if (!err)
			unload();
		if (!nothing_left(had))
			say_wrong(loads[i].params, i, "something is left");
	}
	/* all hooks are placed, and then it turns out that none is hit */
	if (write_file(PROBES_ON, "0", 1) != 1)
		die("%s: %s", PROBES_ON, strerror(errno));
	err = load_with("ring_kb=128 frees=1 stacks=1");
	if (err != EIO)
		say_wrong("kprobes are switched off", 0, strerror(err));
	write_file(PROBES_ON, "1", 1);
	if (!nothing_left(had))
		say_wrong("kprobes are switched off", 0, "something is left");
	ksft_test_result(!wrong, "loads that are refused leave nothing\n");
}

static long long us_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

/* Load it in a child that is killed, and meanwhile try to unload it. */
static void try_aborts(void)
{
	const char *params = "ring_kb=128 stacks=1 frees=1";
	unsigned int i, loaded = 0, busy = 0, had = probes();
	long long takes = us_now();
	pid_t pid;
	int status;

	wrong = 0;
	need_module(PTDBG_KO, params);
	takes = us_now() - takes;
	unload();
	for (i = 0; i < ABORTS; i++) {
		pid = child_fork();
		if (!pid)
			_exit(load_with(params));
		/* later each time, from before its first step to after its last */
		usleep(i * takes * 3 / 2 / ABORTS);
		kill(pid, i % 2 ? SIGKILL : SIGTERM);
		do {
			if (syscall(SYS_delete_module, "ptdbg", O_NONBLOCK))
				busy += errno == EBUSY;
			usleep(1000);
		} while (waitpid(pid, &status, WNOHANG) != pid);
		loaded += module_loaded("ptdbg");
		unload();
		if (!nothing_left(had))
			say_wrong("loads that are cut off", i, "something is left");
	}
	need_module(PTDBG_KO, params);
	if (!ptdbg_works())
		say_wrong("loads that are cut off", i, "it does not work after all these");
	unload();
	ksft_test_result(!wrong && busy,
			 "%u loads are cut off, of %lld ms: %u times it was loaded, %u times it was not to be unloaded meanwhile\n",
			 ABORTS, takes / 1000, loaded, busy);
}

/* Open all files over and over, whether they are there or not. */
static void open_all(const struct files *all, unsigned long *opened)
{
	unsigned int i;
	char byte;
	int fd;

	for (;;) {
		for (i = 0; i < all->nr; i++) {
			fd = open(all->path[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
			if (fd < 0)
				continue;
			__atomic_fetch_add(opened, read(fd, &byte, 1) > 0, __ATOMIC_RELAXED);
			close(fd);
		}
	}
}

static void try_opens(void)
{
	unsigned long *opened = child_shares(sizeof(*opened));
	unsigned int i, refused = 0, had;
	struct files all;
	pid_t pid;

	wrong = 0;
	had = probes();
	need_module(PTDBG_KO, "ring_kb=128");
	files_of_ptdbg(&all);
	pid = child_fork();
	if (!pid)
		open_all(&all, opened);
	for (i = 0; i < OPENS; i++) {
		while (syscall(SYS_delete_module, "ptdbg", O_NONBLOCK)) {
			if (errno != EAGAIN)
				die("ptdbg does not unload: %s", strerror(errno));
			refused++;
		}
		if (!nothing_left(had))
			say_wrong("unloads while files are opened", i, "something is left");
		need_module(PTDBG_KO, "ring_kb=128");
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (!ptdbg_works())
		say_wrong("unloads while files are opened", i, "it does not work after all these");
	unload();
	ksft_test_result(!wrong && refused && *opened,
			 "%u unloads while files are opened: %lu were read, %u times it was in use\n",
			 OPENS, *opened, refused);
}

#define LOAD	"do_one_initcall"

static const struct trial trials[] = {
	{ .name = "enable 0", .begin = write_knob, .with = "enable 0",
	  .before = { "enable 1" } },
	{ .name = "enable 1", .begin = write_knob, .with = "enable 1",
	  .before = { "enable 0" }, .state = PTDBG_DIR "/enable" },
	{ .name = "enable 1, with frees", .begin = write_knob, .with = "enable 1",
	  .before = { "enable 0", "frees 1" }, .state = PTDBG_DIR "/enable" },
	{ .name = "frees 0", .begin = write_knob, .with = "frees 0",
	  .before = { "enable 1", "frees 1" }, .state = PTDBG_DIR "/frees" },
	{ .name = "frees 1", .begin = write_knob, .with = "frees 1",
	  .before = { "enable 1", "frees 0" }, .state = PTDBG_DIR "/frees" },
	{ .name = "stacks 1", .begin = write_knob, .with = "stacks 1",
	  .before = { "enable 1", "stacks 0" }, .state = PTDBG_DIR "/stacks" },
	{ .name = "stacks 0", .begin = write_knob, .with = "stacks 0",
	  .before = { "enable 1", "stacks 1" }, .state = PTDBG_DIR "/stacks" },
	{ .name = "clear", .begin = write_knob, .with = "clear 1", .before = { "enable 1" } },
	{ .name = "filter", .begin = write_knob,
	  .with = "filter comm=a,b pid=1 addr=0-1000 type=fault user",
	  .before = { "enable 1", "filter pid=2" }, .state = PTDBG_DIR "/filter" },
	{ .name = "regions", .begin = write_knob, .with = "regions allow table 0-\ndeny pte 0-1000",
	  .before = { "enable 1", "regions deny pte 0-2000" }, .state = PTDBG_DIR "/regions" },
	{ .name = "freeze_on", .begin = write_knob, .with = "freeze_on bad_pfn",
	  .before = { "enable 1", "freeze_on loop" }, .state = PTDBG_DIR "/freeze_on" },
	{ .name = "panic_on_bad", .begin = write_knob, .with = "panic_on_bad reserved_bits",
	  .before = { "enable 1", "panic_on_bad loop" }, .state = PTDBG_DIR "/panic_on_bad" },
	{ .name = "walk", .begin = write_knob, .with = "walk 1 400000", .before = { "enable 1" } },
	{ .name = "tables", .begin = write_knob, .with = "tables 1", .before = { "enable 1" } },
	{ .name = "reading the text", .begin = read_path, .with = PTDBG_TEXT },
	{ .name = "reading stats", .begin = read_path, .with = PTDBG_DIR "/stats" },
	{ .name = "reading hooks", .begin = read_path, .with = PTDBG_DIR "/hooks" },
	{ .name = "reading filter", .begin = read_path, .with = PTDBG_DIR "/filter" },
	{ .name = "reading regions", .begin = read_path, .with = PTDBG_DIR "/regions" },
	{ .name = "reading walk", .begin = read_path, .with = PTDBG_DIR "/walk",
	  .before = { "walk 1 400000" } },
	{ .name = "reading tables", .begin = read_path, .with = PTDBG_DIR "/tables",
	  .before = { "tables 1" } },
	{ .name = "reading ctf/cpu0", .begin = read_path, .with = PTDBG_DIR "/ctf/cpu0" },
	{ .name = "reading ctf/metadata", .begin = read_path, .with = PTDBG_DIR "/ctf/metadata" },
	{ .name = "a load", .begin = load_with,
	  .with = "ring_kb=128 frees=1 stacks=1 regions=\"allow table 0-\" panic_on_bad=loop",
	  .within = LOAD, .loads = true },
	{ .name = "a load, the kernel's part too", .begin = load_with, .with = "ring_kb=128",
	  .step = OTHERS_STEP, .loads = true },
};

#define TRIALS	(sizeof(trials) / sizeof(*trials))

int main(void)
{
	struct memory before;
	unsigned int i;

	ksft_print_header();
	if (!fail_ready())
		ksft_exit_skip("this kernel injects no faults\n");
	ksft_set_plan(TRIALS + 4);
	/* what the first use of anything keeps */
	need_module(PTDBG_KO, "ring_kb=128");
	if (!ptdbg_works())
		die("it does not work");
	unload();
	leaks_before(&before);
	for (i = 0; i < TRIALS; i++)
		try_failures(&trials[i]);
	fail_within(NULL);
	try_refusals();
	try_aborts();
	try_opens();
	ksft_print_msg("%u failures in all\n", failures);
	ksft_test_result(leaks_none(&before, PAGES_MISSING), "no memory is left\n");
	ksft_finished();
}
