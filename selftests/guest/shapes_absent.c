// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries that map nothing, and are neither none nor swap: poisoned memory, guard
 * regions, a page that is being migrated.
 *
 * Oracles: pagemap before and after, which shows the pfn in such an entry as an
 * offset; kpageflags; siginfo; smaps.  The migration entry is the kernel's own,
 * made by ptdbg_migrate.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "proc.h"
#include "shape.h"
#include "smaps.h"

#define PRIVATE		(MAP_PRIVATE | MAP_ANONYMOUS)
#define MIGRATE_KO	"./ptdbg_migrate.ko"
#define MIGRATE_DEV	"/dev/ptdbg_migrate"

/* For a C library that does not know them yet. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#define MADV_GUARD_REMOVE	103
#endif

/* More than the records of the test need. */
#define HEAP		(64 * 1024 * 1024)

/* How long a condition may take to come true. */
#define TRIES		1000
#define PAUSE_US	10000

static unsigned long page;

/* The walk names the kind and the pfn, which pagemap has as an offset. */
static bool entry_told(const void *p, const char *kind, unsigned long pfn)
{
	unsigned long word = pagemap_word(p);
	char want[64];

	snprintf(want, sizeof(want), " %s pfn %lx", kind, pfn);
	if (!(word & PM_PRESENT) && word & PM_SWAP && PM_OFFSET(word) == pfn &&
	    strstr(shape_entry(p), want))
		return true;
	ksft_print_msg("pagemap %lx, not \"%s\": %s\n", word, want, shape_entry(p));
	return false;
}

static void try_poison(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	struct outcome got;
	unsigned long pfn;
	struct seen s;
	__u64 raw;

	shape_access(p, WRITE);
	pfn = pagemap_word(p) & PM_PFN;
	if (madvise(p, page, MADV_HWPOISON)) {
		ksft_test_result_skip("poison: MADV_HWPOISON: %s\n", strerror(errno));
		ksft_test_result_skip("poison: so no fault on it\n");
		munmap(p, page);
		return;
	}
	raw = shape_raw(p);
	ksft_test_result(entry_told(p, "hwpoison", pfn) &&
			 look_up_flags(pfn) & 1UL << KPF_HWPOISON,
			 "poison: the entry has the pfn of the page that was there\n");
	got = shape_seen(p, READ, &s);
	ksft_test_result(shape_holds(&s, 0, got.sig == SIGBUS &&
				     got.code == BUS_MCEERR_AR && s.faults == 1 &&
				     s.sig && s.sig->sig == SIGBUS &&
				     s.sig->code == BUS_MCEERR_AR &&
				     s.sig->r.addr == got.addr &&
				     s.last->result & RESULT_HWPOISON &&
				     shape_before(s.last) == raw &&
				     shape_after(s.last) == raw &&
				     s.last->chain.after_stop == PTDBG_STOP_NOT_PRESENT),
			 "poison: SIGBUS, the fault says so and changes nothing\n");
	shape_free(&s);
	munmap(p, page);
}

static void try_guard(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	struct outcome got;
	struct seen s;
	__u64 raw;

	shape_access(p, WRITE);
	if (madvise(p, page, MADV_GUARD_INSTALL)) {
		ksft_test_result_skip("guard: MADV_GUARD_INSTALL: %s\n",
				      strerror(errno));
		ksft_test_result_skip("guard: so no fault on it\n");
		ksft_test_result_skip("guard: and nothing to remove\n");
		munmap(p, page);
		return;
	}
	raw = shape_raw(p);
	ksft_test_result(pagemap_word(p) & PM_GUARD && !(pagemap_word(p) & PM_PRESENT) &&
			 strstr(shape_entry(p), " marker guard"),
			 "guard: a marker, as in pagemap\n");
	got = shape_seen(p, READ, &s);
	ksft_test_result(shape_holds(&s, 0, got.sig == SIGSEGV && s.faults == 1 &&
				     s.last->result & RESULT_SIGSEGV && s.sig &&
				     s.sig->code == got.code &&
				     s.sig->r.addr == (unsigned long)p &&
				     shape_before(s.last) == raw &&
				     shape_after(s.last) == raw),
			 "guard: SIGSEGV, the fault says so and changes nothing\n");
	shape_free(&s);
	if (madvise(p, page, MADV_GUARD_REMOVE))
		die("MADV_GUARD_REMOVE: %s", strerror(errno));
	got = shape_seen(p, READ, &s);
	ksft_test_result(shape_holds(&s, 0, !got.sig && s.faults == 1 &&
				     s.last->chain.before_stop == PTDBG_STOP_NONE &&
				     s.last->page.type == PTDBG_PT_ZERO),
			 "guard: removed, it is memory again\n");
	shape_free(&s);
	munmap(p, page);
}

/*
 * Up to 6.1 who waits for a page keeps the lock of the address space, so that
 * nobody can make it larger meanwhile: take all memory that is needed before.
 */
static void take_memory(void)
{
	void *room;

	if (!mallopt(M_MMAP_MAX, 0) || !mallopt(M_TRIM_THRESHOLD, 2 * HEAP))
		die("mallopt");
	room = malloc(HEAP);
	/* so that the compiler does not drop both */
	asm volatile("" : "+r" (room) : : "memory");
	free(room);
}

static void *write_page(void *p)
{
	shape_access(p, WRITE);
	return NULL;
}

/* Until a fault is under way: the one that waits for the page. */
static bool fault_waits(void)
{
	struct stats now;
	unsigned int i;

	for (i = 0; i < TRIES; i++) {
		read_stats(&now);
		if (now.in_flight)
			return true;
		usleep(PAUSE_US);
	}
	return false;
}

static void try_migration(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	int fd = open(MIGRATE_DEV, O_WRONLY | O_CLOEXEC);
	unsigned long pfn;
	pthread_t writer;
	struct seen s;
	__u64 raw, old;
	char text[32];
	bool waits;

	take_memory();
	shape_access(p, WRITE);
	pfn = pagemap_word(p) & PM_PFN;
	old = shape_raw(p);
	snprintf(text, sizeof(text), "%lx", (unsigned long)p);
	if (fd < 0 || write(fd, text, strlen(text)) != (long)strlen(text))
		die("%s: %s", MIGRATE_DEV, strerror(errno));
	raw = shape_raw(p);
	ksft_test_result(entry_told(p, "migration (write)", pfn),
			 "migration: the entry has the pfn of the page\n");
	shape_forget();
	if (pthread_create(&writer, NULL, write_page, p))
		die("no thread");
	waits = fault_waits();
	shape_look(p, &s);
	ksft_test_result(waits && !s.faults, "migration: a fault on it waits\n");
	shape_free(&s);
	close(fd);
	pthread_join(writer, NULL);
	shape_look(p, &s);
	ksft_test_result(shape_holds(&s, VERDICT(PERMITTED), s.faults && !s.sig &&
				     s.first->chain.before_stop == PTDBG_STOP_NOT_PRESENT &&
				     shape_before(s.first) == raw &&
				     !s.first->r.verdicts &&
				     shape_after(s.last) == old &&
				     s.last->page.pfn == pfn && shape_raw(p) == old &&
				     (pagemap_word(p) & PM_PFN) == pfn),
			 "migration: it ends when the page is back\n");
	shape_free(&s);
	munmap(p, page);
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(8);
	shape_start();
	need_module(MIGRATE_KO, "");
	try_poison();
	try_guard();
	try_migration();
	need_no_module("ptdbg_migrate");
	shape_end();
	ksft_finished();
}
