// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg.d/walk against what the kernel says elsewhere.
 *
 * User addresses, mapped or not, of this process and of init: the oracle is
 * /proc/PID/pagemap, which has its own walk.  Both processes stand still: this
 * one has touched and locked its memory before, init waits for us.
 *
 * Kernel addresses: the oracle is /proc/kcore, whose program headers give the
 * physical address of the direct map and of the kernel image.
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
#include "proc.h"
#include "ranges.h"

#define PAGES		512

static int walk_fd;

/* The page that an answer ends in. */
static struct mapping answer(const char *text)
{
	struct chain c;

	chain_read(text, &c);
	/* a leaf that the hardware does not use is none for pagemap either */
	if (c.end != CHAIN_LEAF)
		return (struct mapping){ 0 };
	return (struct mapping){ .present = true, .pfn = c.pfn };
}

static void test_user(int pid, unsigned int count)
{
	unsigned int i, mapped = 0, wrong = 0, special = 0;
	unsigned long addr, page = sysconf(_SC_PAGESIZE);
	static struct ranges all;
	struct mapping want, got;
	const struct range *r;
	char text[CHAIN_TEXT];

	ranges_of_process(&all, pid);
	for (i = 0; i < count; i++) {
		if (i % 4)
			addr = random_in(&all);
		else	/* anywhere, and mostly not mapped */
			addr = random_below(1UL << (20 + random_below(18)));
		chain_ask(walk_fd, pid, addr, text);
		r = range_of(&all, addr);
		if (r && r->special) {
			special++;
			continue;
		}
		want = look_up_page(pid, addr & ~(page - 1));
		got = answer(text);
		mapped += want.present;
		if (want.present == got.present &&
		    (!want.present || want.pfn == got.pfn))
			continue;
		if (wrong++ < 3)
			ksft_print_msg("%lx: pagemap %d %lx, walk %d %lx\n%s",
				       addr, want.present, want.pfn,
				       got.present, got.pfn, text);
	}
	ksft_test_result(!wrong && mapped > count / 10,
			 "%u user addresses of pid %d, %u mapped, %u special: %u differ\n",
			 count, pid, mapped, special, wrong);
}

static void test_kernel(unsigned int count)
{
	unsigned int i, wrong = 0, holes = 0;
	unsigned long page = sysconf(_SC_PAGESIZE);
	static struct ranges all;
	struct mapping got;
	char text[CHAIN_TEXT];

	ranges_of_ram(&all);
	if (!all.nr) {
		ksft_test_result_skip("kernel addresses: /proc/kcore shows none\n");
		return;
	}
	for (i = 0; i < count; i++) {
		unsigned long addr = random_in(&all);
		const struct range *r = range_of(&all, addr);
		unsigned long want = (r->phys + (addr - r->start)) / page;

		chain_ask(walk_fd, 0, addr, text);
		got = answer(text);
		if (!got.present) {
			/* freed init memory and the like is not mapped */
			holes++;
			continue;
		}
		if (got.pfn == want)
			continue;
		if (wrong++ < 3)
			ksft_print_msg("%lx: kcore pfn %lx, walk %lx\n%s", addr,
				       want, got.pfn, text);
	}
	ksft_test_result(!wrong && holes < count / 4,
			 "%u kernel addresses in %u segments, %u not mapped: %u differ\n",
			 count, all.nr, holes, wrong);
}

static void refuse(const char *text, size_t size)
{
	long n = write_file(PTDBG_DIR "/walk", text, size);

	ksft_test_result(n < 0 && errno == EINVAL, "\"%.20s\" is refused\n", text);
}

int main(void)
{
	unsigned int users = full_size() ? 100000 : 4000;
	unsigned int kernels = full_size() ? 10000 : 1000;
	unsigned long page = sysconf(_SC_PAGESIZE);
	unsigned int i;
	char *mem;

	ksft_print_header();
	ksft_set_plan(10);
	need_module(PTDBG_KO, "enable=0");
	walk_fd = open(PTDBG_DIR "/walk", O_RDWR);
	if (walk_fd < 0)
		die("walk: %s", strerror(errno));
	mem = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	/* every third page stays away */
	for (i = 0; i < PAGES; i++) {
		if (i % 3)
			mem[i * page] = 1;
	}
	srandom(4711);
	/* nothing may be faulted in on the way that a walk has seen missing */
	mlockall(MCL_CURRENT | MCL_ONFAULT);

	test_user(getpid(), users / 2);
	test_user(1, users - users / 2);
	test_kernel(kernels);
	refuse("", 0);
	refuse("1", 1);
	refuse("0 1000", 6);
	refuse("1 xyz", 5);
	refuse("kernel 1000", 11);
	refuse("1 ffffffffffffffff", 18);
	refuse("1 123456789012345678901234567890123456789012345678901234567890123", 66);
	close(walk_fd);
	need_no_module("ptdbg");
	ksft_finished();
}
