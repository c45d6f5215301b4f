// SPDX-License-Identifier: GPL-2.0-only
/*
 * A busybox-style echo with a page whose PTE is wrong, which then dumps core.
 *
 *	bad_echo ADDR TEXT
 *
 * Maps three pages at ADDR, has ptdbg_inject make the first one's PTE lead to
 * pfn 0, says TEXT, and aborts: the kernel, writing the core, looks up the page
 * and trusts the pfn.  That is the bug that ptdbg was made for (field note N1).
 *
 * On riscv64 the PTE is the one of the field note.  Elsewhere it is the page's
 * own with the pfn taken out: as present and as valid as before.
 *
 * The line "bad_echo: ..." says what it did.  It does not return, and whoever
 * waits for it may hang: it dies in the kernel, holding locks.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "inject.h"

#define PAGES		3

static unsigned long without_pfn(unsigned long pte)
{
#if defined(__riscv)
	/* V R U A, pfn 0, and a bit that Sv39 reserves */
	(void)pte;
	return 0x0040000000000053;
#elif defined(__aarch64__)
	/* output address: bits 49:12; the two above are 0 below 1 PiB */
	return pte & ~0x0003fffffffff000UL;
#else
	/* physical address: bits 51:12 */
	return pte & ~0x000ffffffffff000UL;
#endif
}

static void give_up(const char *what)
{
	fprintf(stderr, "bad_echo: %s: %s\n", what, strerror(errno));
	exit(1);
}

int main(int argc, char **argv)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	size_t bytes = PAGES * sysconf(_SC_PAGESIZE);
	struct witness w;
	unsigned long raw;
	unsigned long addr;
	char *page;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: bad_echo ADDR TEXT\n");
		return 2;
	}
	/* nor may anybody wait for a pipe that it will never close */
	close_range(3, ~0U, 0);
	addr = strtoul(argv[1], NULL, 16);
	if (setrlimit(RLIMIT_CORE, &all))
		give_up("core limit");
	page = mmap((void *)addr, bytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (page == MAP_FAILED)
		give_up("mmap");
	memset(page, '.', bytes);

	fd = inject_open();
	if (fd < 0)
		give_up("/dev/ptdbg_inject");
	if (inject(fd, "get %lx", addr) || inject_witness(fd, &w))
		give_up("get");
	raw = without_pfn(w.old);

	/* what there is to say is said before the harm is done */
	printf("%s\n", argv[2]);
	printf("bad_echo: pid %d, page %lx, PTE %016lx -> %016lx, struct page 0 at %016lx\n",
	       getpid(), addr, w.old, raw, w.page0);
	fflush(stdout);
	if (inject(fd, "pte %lx %lx", addr, raw))
		give_up("pte");
	/* or the module would stay in use for ever */
	close(fd);
	abort();
}
