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
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "proc.h"

#define PAGES		512
#define MAX_SEGMENTS	64

static int walk_fd;

/* Ask for an address; the answer in @text. */
static bool ask(const char *who, unsigned long addr, char *text, size_t size)
{
	char line[64];
	ssize_t n;

	n = snprintf(line, sizeof(line), "%s %lx\n", who, addr);
	if (write(walk_fd, line, n) != n)
		return false;
	n = pread(walk_fd, text, size - 1, 0);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return true;
}

/* The page that an answer ends in. */
static struct mapping answer(const char *text)
{
	const char *page = strstr(text, "    page pfn ");
	const char *leaf = strstr(text, "PROT_NONE");
	struct mapping m = { 0 };

	/* a leaf that the hardware does not use is none for pagemap either */
	if (!page || leaf)
		return m;
	m.present = true;
	m.pfn = strtoul(page + strlen("    page pfn "), NULL, 16);
	return m;
}

static unsigned long random_of(unsigned long n)
{
	return (((unsigned long)random() << 31) ^ random()) % n;
}

struct range {
	unsigned long start;
	unsigned long end;
};

/* Ranges of a process that are mapped, from /proc/PID/maps. */
static unsigned int read_ranges(int pid, struct range *r, unsigned int max)
{
	char path[64], line[512];
	unsigned int n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	f = fopen(path, "r");
	if (!f)
		die("%s: %s", path, strerror(errno));
	while (n < max && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx", &r[n].start, &r[n].end) == 2 &&
		    r[n].start < 1UL << 47)
			n++;
	}
	fclose(f);
	return n;
}

/* Devices (vvar) are in the tables, but not in pagemap. */
static bool is_special(const char *text)
{
	return strstr(text, " special\n");
}

static void test_user(int pid, unsigned int count)
{
	unsigned int i, nr, mapped = 0, wrong = 0, special = 0;
	unsigned long addr, page = sysconf(_SC_PAGESIZE);
	struct mapping want, got;
	struct range r[256];
	char who[16], text[8192];

	nr = read_ranges(pid, r, 256);
	snprintf(who, sizeof(who), "%d", pid);
	for (i = 0; i < count; i++) {
		if (i % 4) {
			struct range *in = &r[random_of(nr)];

			addr = in->start + random_of(in->end - in->start);
		} else {
			/* anywhere, and mostly not mapped */
			addr = random_of(1UL << (20 + random_of(18)));
		}
		if (!ask(who, addr, text, sizeof(text)))
			die("walk %s %lx: %s", who, addr, strerror(errno));
		if (is_special(text)) {
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

static unsigned int read_segments(Elf64_Phdr *out, unsigned int max)
{
	unsigned int i, n = 0;
	Elf64_Ehdr head;
	Elf64_Phdr p;
	int fd;

	fd = open("/proc/kcore", O_RDONLY);
	if (fd < 0 || pread(fd, &head, sizeof(head), 0) != sizeof(head))
		return 0;
	for (i = 0; i < head.e_phnum && n < max; i++) {
		if (pread(fd, &p, sizeof(p), head.e_phoff + i * sizeof(p)) != sizeof(p))
			break;
		/* vmalloc and modules have no one physical address: -1 or 0 */
		if (p.p_type == PT_LOAD && p.p_paddr && p.p_paddr + 1 && p.p_memsz)
			out[n++] = p;
	}
	close(fd);
	return n;
}

static void test_kernel(unsigned int count)
{
	unsigned int i, nr, wrong = 0, holes = 0;
	unsigned long page = sysconf(_SC_PAGESIZE);
	Elf64_Phdr seg[MAX_SEGMENTS];
	struct mapping got;
	char text[8192];

	nr = read_segments(seg, MAX_SEGMENTS);
	if (!nr) {
		ksft_test_result_skip("kernel addresses: /proc/kcore shows none\n");
		return;
	}
	for (i = 0; i < count; i++) {
		Elf64_Phdr *p = &seg[random_of(nr)];
		unsigned long off = random_of(p->p_memsz);

		if (!ask("kernel", p->p_vaddr + off, text, sizeof(text)))
			die("walk kernel %lx: %s", p->p_vaddr + off,
			    strerror(errno));
		got = answer(text);
		if (!got.present) {
			/* freed init memory and the like is not mapped */
			holes++;
			continue;
		}
		if (got.pfn == (p->p_paddr + off) / page)
			continue;
		if (wrong++ < 3)
			ksft_print_msg("%lx: kcore pfn %lx, walk %lx\n%s",
				       p->p_vaddr + off,
				       (p->p_paddr + off) / page, got.pfn, text);
	}
	ksft_test_result(!wrong && holes < count / 4,
			 "%u kernel addresses in %u segments, %u not mapped: %u differ\n",
			 count, nr, holes, wrong);
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
