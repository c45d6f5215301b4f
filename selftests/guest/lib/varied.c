// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process whose memory is of every kind, and its fork.
 *
 * What a kernel does not offer (huge pages of some size, addresses beyond 47
 * bits) is left out here, and the process is none the worse for it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "control.h"
#include "cpus.h"
#include "damon.h"
#include "touch.h"
#include "varied.h"

#define PAGES		256
#define FAR_PAGES	64
#define HUGE_DIR	"/sys/kernel/mm/hugepages"
#define HUGE_PAGES	2
#define HUGE_MAX	(32UL << 20)	/* more than that is not to be had */

/* What parent and children share. */
struct shared {
	unsigned long beat;
	int fork;
};

static struct shared *shared;
static unsigned long page;

static char *map(size_t size, int flags, int fd)
{
	char *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (mem == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	/* khugepaged must not rebuild it while we look */
	madvise(mem, size, MADV_NOHUGEPAGE);
	return mem;
}

/* Private memory: written, only read (the zero page), and never touched. */
static void map_private(void)
{
	char *mem = map(PAGES * page, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	unsigned int i;

	for (i = 0; i < PAGES; i++) {
		if (i % 4 == 1)
			load_byte(mem + i * page);
		else if (i % 4)
			store_byte(mem + i * page, 1);
	}
	mprotect(mem, PAGES / 8 * page, PROT_NONE);
	mprotect(mem + PAGES / 4 * page, PAGES / 8 * page, PROT_READ);
	mlock(mem + PAGES / 2 * page, PAGES / 8 * page);
	/* holes */
	for (i = 3 * PAGES / 4; i < PAGES; i += 5)
		munmap(mem + i * page, page);
}

static void map_shared(void)
{
	char *mem = map(PAGES * page, MAP_SHARED | MAP_ANONYMOUS, -1);
	unsigned int i;

	for (i = 0; i < PAGES; i += 2)
		store_byte(mem + i * page, 1);
}

static void map_file(void)
{
	char *mem;
	unsigned int i;
	int fd;

	fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("/proc/self/exe: %s", strerror(errno));
	/* the pages behind the end of the file raise SIGBUS: leave them alone */
	mem = map(PAGES * page, MAP_PRIVATE, fd);
	for (i = 0; i < 8; i++) {
		load_byte(mem + i * page);
		if (i % 2)
			store_byte(mem + i * page, 1);
	}
	close(fd);
}

/* A transparent huge page, and one that mprotect() has split. */
static void map_thp(void)
{
	char *text = read_file("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
			       NULL);
	unsigned long huge = text ? strtoul(text, NULL, 10) : 0;
	unsigned long start;
	char *mem;

	free(text);
	if (!huge || huge > HUGE_MAX)
		return;
	mem = map(3 * huge, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	start = ((unsigned long)mem + huge - 1) & -huge;
	madvise((void *)start, 2 * huge, MADV_HUGEPAGE);
	store_byte((void *)start, 1);
	store_byte((void *)(start + huge), 1);
	mprotect((void *)(start + huge), page, PROT_READ);
	madvise(mem, 3 * huge, MADV_NOHUGEPAGE);
}

static unsigned long huge_kb(const struct dirent *d)
{
	unsigned long kb;

	return sscanf(d->d_name, "hugepages-%lukB", &kb) == 1 ? kb : 0;
}

/* Ask for NR pages of every size of hugetlb. */
static void reserve_huge(unsigned int nr)
{
	char path[320], text[16];
	struct dirent *d;
	DIR *dir;

	dir = opendir(HUGE_DIR);
	while (dir && (d = readdir(dir))) {
		if (!huge_kb(d) || huge_kb(d) > HUGE_MAX / 1024)
			continue;
		snprintf(path, sizeof(path), HUGE_DIR "/%s/nr_hugepages", d->d_name);
		snprintf(text, sizeof(text), "%u", nr);
		write_file(path, text, strlen(text));
	}
	if (dir)
		closedir(dir);
}

/* Of every size: one page that is there, one that is not. */
static void map_huge(void)
{
	struct dirent *d;
	DIR *dir;

	dir = opendir(HUGE_DIR);
	while (dir && (d = readdir(dir))) {
		unsigned long size = huge_kb(d) * 1024;
		int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB;
		char *mem;

		if (!size || size > HUGE_MAX)
			continue;
		flags |= __builtin_ctzl(size) << MAP_HUGE_SHIFT;
		mem = mmap(NULL, HUGE_PAGES * size, PROT_READ | PROT_WRITE, flags, -1, 0);
		if (mem != MAP_FAILED)
			store_byte(mem, 1);
	}
	if (dir)
		closedir(dir);
}

/* Single pages all over the address space, so that upper tables fill as well. */
static void map_far(void)
{
	unsigned int i;

	for (i = 0; i < FAR_PAGES; i++) {
		unsigned long addr = (random() ^ (unsigned long)random() << 31) >> (5 + i % 24);
		char *mem = mmap((void *)(addr & -page), page, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		if (mem != MAP_FAILED)
			store_byte(mem, 1);
	}
}

/* They must not outlive the test, whatever becomes of it. */
static void follow_parent(int parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

static void run(int parent)
{
	int me = getpid();
	int pid;

	follow_parent(parent);
	map_private();
	map_shared();
	map_file();
	map_thp();
	map_huge();
	map_far();
	pid = fork();
	if (!pid) {
		follow_parent(me);
		__atomic_store_n(&shared->fork, getpid(), __ATOMIC_RELAXED);
		for (;;)
			raise(SIGSTOP);
	}
	while (!__atomic_load_n(&shared->fork, __ATOMIC_RELAXED))
		sched_yield();
	/*
	 * The kernel tells a thread its CPU by writing to its memory (rseq), and a
	 * new CPU means a write: a fork's page is copied then.  Have that behind us.
	 */
	on_each_cpu(NULL, NULL);
	/* from here on it runs without writing to anything new */
	for (;;)
		__atomic_fetch_add(&shared->beat, 1, __ATOMIC_RELAXED);
}

/* Until the process has got a CPU, which a stopped one never does. */
static void wait_beat(struct varied *v)
{
	unsigned long now = __atomic_load_n(v->beat, __ATOMIC_RELAXED);

	while (__atomic_load_n(v->beat, __ATOMIC_RELAXED) == now) {
		if (waitpid(v->pid, NULL, WNOHANG))
			die("the process with varied memory is gone");
		sched_yield();
	}
}

static bool is_stopped(int pid)
{
	char path[64], *text;
	bool yes;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	text = read_file(path, NULL);
	yes = text && strstr(text, "\nState:\tT");
	free(text);
	return yes;
}

void varied_start(struct varied *v)
{
	int me = getpid();

	page = sysconf(_SC_PAGESIZE);
	shared = child_shares(page);
	damon_stop();
	reserve_huge(2 * HUGE_PAGES);
	v->beat = &shared->beat;
	v->pid = fork();
	if (v->pid < 0)
		die("fork: %s", strerror(errno));
	if (!v->pid)
		run(me);
	wait_beat(v);
	v->fork = shared->fork;
	while (!is_stopped(v->fork))
		sched_yield();
	varied_stop(v);
}

/* Nobody else gets its CPU: what reads our output may still be at it. */
void varied_run(struct varied *v)
{
	const struct sched_param first = { .sched_priority = 1 };

	if (sched_setscheduler(v->pid, SCHED_FIFO, &first))
		die("SCHED_FIFO: %s", strerror(errno));
	kill(v->pid, SIGCONT);
	wait_beat(v);
}

void varied_stop(struct varied *v)
{
	int status;

	kill(v->pid, SIGSTOP);
	if (waitpid(v->pid, &status, WUNTRACED) != v->pid || !WIFSTOPPED(status))
		die("the process with varied memory does not stop");
}

void varied_end(struct varied *v)
{
	kill(v->pid, SIGKILL);
	waitpid(v->pid, NULL, 0);
	reserve_huge(0);
	damon_start();
}
