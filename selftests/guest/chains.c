// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg.d/walk against a walk from outside: the host stops the machine, reads
 * its registers and its physical memory, and compares whole chains.
 *
 * User addresses, mapped or not, are those of processes that stand still, so
 * not a bit may differ; where pagemap names a page, the host's walk has to end
 * there too.  That the root table is the right one, a CPU tells that runs the
 * process meanwhile.
 *
 * Kernel addresses are chosen from what the kernel tells of itself, and from
 * what the host has found mapped, which is how the fixmap is met.  The kernel
 * goes on between our walk and the host's.  A chain that differs is asked for
 * again: if it is now what the host has seen, it has changed, and only then.
 *
 * First of all the comparison itself is tried, with a chain that does change
 * meanwhile and one that ptdbg is made to have read wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chain.h"
#include "chance.h"
#include "control.h"
#include "kselftest.h"
#include "outside.h"
#include "ranges.h"
#include "varied.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define SHOWN		5

/**
 * struct count - of one process, or of one kind of kernel address
 * @chains: compared
 * @leaves: of these, mapped
 */
struct count {
	unsigned int chains;
	unsigned int leaves;
};

/* Whose addresses; init waits for us all the time. */
static struct {
	const char *name;
	int pid;
	struct count count;
} processes[] = {
	{ "a process with memory of every kind", 0, { } },
	{ "its fork", 0, { } },
	{ "init", 1, { } },
};

static int walk_fd;
static struct outside host;
static struct ranges mapped, ram;
static unsigned int unexplained, changed, to_show;

/* Where the chains of user addresses end: by the number of their entries. */
static unsigned int leaves_of[CHAIN_LEVELS + 1];

static void ask(struct question *q, int pid, unsigned long addr,
		struct count *c)
{
	static char text[CHAIN_TEXT];

	*q = (struct question){ .pid = pid, .addr = addr };
	q->pagemap = OUTSIDE_UNKNOWN;
	chain_ask(walk_fd, pid, addr, text);
	chain_read(text, &q->chain);
	c->chains++;
	c->leaves += q->chain.end == CHAIN_LEAF;
}

/* In a mapping, near its ends, or anywhere. */
static unsigned long choose_user(const struct ranges *all)
{
	const struct range *r;

	switch (random_below(8)) {
	case 0:
		return random_below(1UL << (12 + random_below(51)));
	case 1:
		r = &all->r[random_below(all->nr)];
		return (r->start - (1UL << 20) + random_below(1UL << 21)) & ~0UL >> 1;
	}
	return random_in(all);
}

static void ask_user(struct question *q, unsigned int nr, int pid,
		     struct count *c)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	static struct ranges all;
	const struct range *r;
	char path[64];
	int fd;

	ranges_of_process(&all, pid);
	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	for (; nr--; q++) {
		ask(q, pid, choose_user(&all), c);
		if (q->chain.end == CHAIN_LEAF)
			leaves_of[q->chain.n]++;
		r = range_of(&all, q->addr);
		if (r && r->special)
			continue;
		/* behind the last address of a process it ends */
		if (pread(fd, &q->pagemap, 8, q->addr / page * 8) != 8)
			q->pagemap = 0;
	}
	close(fd);
}

static void ranges_of_survey(struct ranges *all)
{
	*all = mapped;
}

/* What is mapped, and in no segment of /proc/kcore. */
static void ranges_of_rest(struct ranges *all)
{
	static struct ranges areas;
	unsigned int i;

	ranges_of_areas(&areas);
	all->nr = 0;
	for (i = 0; i < mapped.nr; i++) {
		const struct range *r = &mapped.r[i];

		if (!range_of(&ram, r->start) && !range_of(&areas, r->start))
			ranges_add(all, r->start, r->end);
	}
}

/*
 * Of the segments of kcore that have no physical address: as large as the
 * struct pages, of 64 bytes each, of a range of RAM, and rounded to pages.
 */
static void ranges_of_vmemmap(struct ranges *all)
{
	static struct ranges areas;
	long page = sysconf(_SC_PAGESIZE);
	unsigned int i, j;

	ranges_of_areas(&areas);
	all->nr = 0;
	for (i = 0; i < areas.nr; i++) {
		long size = areas.r[i].end - areas.r[i].start;

		for (j = 0; j < ram.nr; j++) {
			long want = (ram.r[j].end - ram.r[j].start) / page * 64;

			if (want < 16 * page || labs(size - want) > 2 * page)
				continue;
			ranges_add(all, areas.r[i].start, areas.r[i].end);
			break;
		}
	}
}

/* Anywhere in the upper half, the end of it more often than the rest. */
static void ranges_of_half(struct ranges *all)
{
	unsigned int bit;

	all->nr = 0;
	for (bit = 12; bit < 64; bit++)
		ranges_add(all, -1UL << bit, -1UL);
}

/* Kinds of kernel addresses; of all but the last, some are mapped. */
static struct kind {
	const char *name;
	void (*read)(struct ranges *all);
	struct count count;
} kinds[] = {
	{ "segments of kcore with a physical address", ranges_of_ram, { } },
	{ "segments of kcore without", ranges_of_areas, { } },
	{ "vmalloc areas in use", ranges_of_vmalloc, { } },
	{ "vmemmap", ranges_of_vmemmap, { } },
	{ "modules", ranges_of_modules, { } },
	{ "functions of the kernel image", ranges_of_image, { } },
	{ "whatever is mapped", ranges_of_survey, { } },
	{ "mapped, not in kcore: fixmap and others", ranges_of_rest, { } },
	{ "anywhere", ranges_of_half, { } },
};

static void ask_kernel(struct question *q, unsigned int nr)
{
	static struct ranges all;
	unsigned int i, part, left = ARRAY_SIZE(kinds);

	for (i = 0; i < ARRAY_SIZE(kinds); i++, left--) {
		kinds[i].read(&all);
		if (!all.nr)
			continue;
		for (part = nr / left; part; part--, nr--)
			ask(q++, 0, random_in(&all), &kinds[i].count);
	}
}

/* Is it what the host saw?  Each process has its own copy of the root table. */
static bool same_chain(const struct chain *a, const struct chain *b, bool kernel)
{
	struct chain x = *a, y = *b;

	if (kernel) {
		x.step[0].at %= 4096;
		y.step[0].at %= 4096;
	}
	return !memcmp(&x, &y, sizeof(x));
}

static void show_chain(const char *who, const struct chain *c)
{
	unsigned int i;

	ksft_print_msg("%s: end %lu pfn %lx\n", who, c->end, c->pfn);
	for (i = 0; i < c->n; i++)
		ksft_print_msg("    @%lx %016lx\n", c->step[i].at, c->step[i].raw);
}

/* A chain differs: let ptdbg look again. */
static void look_again(const struct question *q, const struct chain *from_outside)
{
	struct count ignored = { };
	struct question again;

	ask(&again, q->pid, q->addr, &ignored);
	if (same_chain(&again.chain, from_outside, !q->pid))
		changed++;
	else
		unexplained++;
	if (!to_show)
		return;
	to_show--;
	ksft_print_msg("pid %lu address %lx\n", q->pid, q->addr);
	show_chain("ptdbg", &q->chain);
	show_chain("host", from_outside);
	show_chain("ptdbg again", &again.chain);
}

static void test_comparison(void)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	struct count ignored = { };
	struct question q[2];
	struct verdict v;
	char *mem;

	mem = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (mem == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	ask(&q[0], getpid(), (unsigned long)mem, &ignored);
	ask(&q[1], getpid(), (unsigned long)mem + page, &ignored);
	/* one for the kernel to change, and one bit for us */
	munmap(mem, page);
	q[1].chain.step[q[1].chain.n - 1].raw ^= 1UL << 8;
	outside_compare(&host, q, 2, getpid(), &v, look_again);
	ksft_test_result(v.differ == 2 && changed == 2,
			 "of 2 chains made to differ %u do\n", v.differ);
}

static void test_user(struct question *q, unsigned int nr, unsigned int rounds)
{
	struct verdict v, sum = { 0 };
	struct varied varied;
	unsigned int i, at, stray = 0;

	to_show = SHOWN;
	varied_start(&varied);
	processes[0].pid = varied.pid;
	processes[1].pid = varied.fork;
	while (rounds--) {
		for (i = 0, at = 0; i < ARRAY_SIZE(processes); i++) {
			unsigned int part = (nr - at) / (ARRAY_SIZE(processes) - i);

			ask_user(q + at, part, processes[i].pid, &processes[i].count);
			at += part;
		}
		varied_run(&varied);
		outside_compare(&host, q, nr, varied.pid, &v, look_again);
		varied_stop(&varied);
		sum.chains += v.chains;
		sum.entries += v.entries;
		sum.differ += v.differ;
		sum.wrong += v.wrong;
		stray += !v.running;
	}
	varied_end(&varied);
	for (i = 0; i < ARRAY_SIZE(processes); i++) {
		struct count *c = &processes[i].count;

		ksft_test_result(c->leaves > c->chains / 4 && c->leaves < c->chains,
				 "%s: %u addresses, %u of them mapped\n",
				 processes[i].name, c->chains, c->leaves);
	}
	for (i = 0; i <= CHAIN_LEVELS; i++) {
		if (leaves_of[i])
			ksft_print_msg("%u leaves after %u entries\n", leaves_of[i], i);
	}
	ksft_test_result(!sum.differ, "%u user chains, %u entries: %u differ\n",
			 sum.chains, sum.entries, sum.differ);
	ksft_test_result(!sum.wrong, "pagemap: %u differ\n", sum.wrong);
	ksft_test_result(!stray, "the root table of a process that runs is in a CPU\n");
}

static void test_kernel(struct question *q, unsigned int nr, unsigned int rounds)
{
	struct verdict v, sum = { 0 };
	unsigned int i, unmet = 0;

	unexplained = 0;
	changed = 0;
	to_show = SHOWN;
	ranges_show(true);
	ranges_of_ram(&ram);
	while (rounds--) {
		outside_survey(&host, &mapped);
		ask_kernel(q, nr);
		outside_compare(&host, q, nr, 0, &v, look_again);
		sum.chains += v.chains;
		sum.entries += v.entries;
		sum.differ += v.differ;
		sum.wrong += v.wrong;
	}
	ranges_show(false);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		ksft_print_msg("%s: %u addresses, %u of them mapped\n", kinds[i].name,
			       kinds[i].count.chains, kinds[i].count.leaves);
		unmet += i + 1 < ARRAY_SIZE(kinds) && !kinds[i].count.leaves;
	}
	ksft_test_result(!unmet, "kernel addresses of every kind\n");
	ksft_test_result(!unexplained && !sum.wrong && changed == sum.differ &&
			 sum.differ <= sum.chains / 100,
			 "%u kernel chains, %u entries: %u differ, %u of them because they changed\n",
			 sum.chains, sum.entries, sum.differ, changed);
}

int main(void)
{
	unsigned int rounds = full_size() ? 10 : 1;
	unsigned int users = full_size() ? 10000 : 4000;
	unsigned int kernels = 1000;
	struct question *q;

	ksft_print_header();
	if (!outside_open(&host))
		ksft_exit_skip("nobody looks at this machine from outside\n");
	ksft_set_plan(ARRAY_SIZE(processes) + 6);
	need_module(PTDBG_KO, "enable=0");
	walk_fd = open(PTDBG_DIR "/walk", O_RDWR | O_CLOEXEC);
	q = calloc(users, sizeof(*q));
	if (walk_fd < 0 || !q)
		die("walk: %s", strerror(errno));
	srandom(4712);
	test_comparison();
	test_user(q, users, rounds);
	test_kernel(q, kernels, rounds);
	free(q);
	close(walk_fd);
	outside_close(&host);
	need_no_module("ptdbg");
	ksft_finished();
}
