// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ptdbg.d/walk says of any page.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "inject.h"
#include "lookat.h"
#include "proc.h"
#include "touch.h"

static unsigned long page;
static int injector, walk;

/* the page whose entries are changed, and its own PTE and PMD */
static char *victim;
static unsigned long own_pte, pmd_at, own_pmd;

static unsigned long with_pfn(unsigned long raw, unsigned long pfn)
{
#if defined(__riscv)
	return (raw & ~0x3ffffffffffc00UL) | pfn << 10;
#else
	return (raw & ~(0xffffffffffffUL & -page)) | pfn * page;
#endif
}

void look(struct look *l)
{
	char order[48], *at;
	ssize_t n;

	snprintf(order, sizeof(order), "%d %lx", getpid(), (unsigned long)victim);
	if (write(walk, order, strlen(order)) < 0)
		die("walk: %s", strerror(errno));
	n = read(walk, l->text, sizeof(l->text) - 1);
	if (n < 0)
		die("walk: %s", strerror(errno));
	l->text[n] = '\0';
	l->line[0] = '\0';
	at = strstr(l->text, "    page pfn ");
	if (at)
		snprintf(l->line, sizeof(l->line), "%.*s",
			 (int)strcspn(at, "\n"), at);
}

/*
 * The PTE is put back as it was a moment ago: the kernel may have moved the page
 * since the last time.
 */
void look_at(unsigned long pfn, struct look *l)
{
	unsigned long addr = (unsigned long)victim;
	struct witness w;

	if (inject(injector, "pte %lx %lx", addr, with_pfn(own_pte, pfn)) ||
	    inject_witness(injector, &w))
		die("pte: %s", strerror(errno));
	look(l);
	if (inject(injector, "pte %lx %lx", addr, w.old))
		die("pte: %s", strerror(errno));
}

void look_at_table(unsigned long pfn, struct look *l)
{
	if (inject(injector, "poke %lx %lx", pmd_at, with_pfn(own_pmd, pfn)))
		die("poke: %s", strerror(errno));
	look(l);
	if (inject(injector, "poke %lx %lx", pmd_at, own_pmd))
		die("poke: %s", strerror(errno));
}

static void find_entries(void)
{
	unsigned long span = page / 8 * page;
	struct witness w;
	struct look l;
	char *at;

	/* nothing else of us may need the PMD that will be changed */
	victim = mmap(NULL, 2 * span, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (victim == MAP_FAILED || madvise(victim, 2 * span, MADV_NOHUGEPAGE))
		die("mmap: %s", strerror(errno));
	victim += -(unsigned long)victim & (span - 1);
	store_byte(victim, 1);
	if (inject(injector, "get %lx", (unsigned long)victim) ||
	    inject_witness(injector, &w))
		die("get: %s", strerror(errno));
	own_pte = w.old;
	look(&l);
	at = strstr(l.text, "PMD[");
	if (!at || sscanf(at, "PMD[%*x] @%lx %lx", &pmd_at, &own_pmd) != 2)
		die("walk shows no PMD: %s", l.text);
	/* it must be the PMD: put it where it is */
	if (inject(injector, "poke %lx %lx", pmd_at, own_pmd) ||
	    inject_witness(injector, &w) || w.old != own_pmd)
		die("the PMD is not at %lx", pmd_at);
}

void look_begin(void)
{
	page = sysconf(_SC_PAGESIZE);
	injector = inject_open();
	walk = open(PTDBG_DIR "/walk", O_RDWR | O_CLOEXEC);
	if (injector < 0 || walk < 0)
		die("cannot open what is needed: %s", strerror(errno));
	find_entries();
}

void look_end(void)
{
	close(injector);
	close(walk);
}

unsigned long look_own_pfn(void)
{
	return look_up_page(getpid(), (unsigned long)victim).pfn;
}

bool look_says(const struct look *l, const char *verdict)
{
	char text[64];

	snprintf(text, sizeof(text), "    !! %s: ", verdict);
	return strstr(l->text, text);
}
