// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses that end in a signal: no mapping, PROT_NONE, read-only, no execute, a
 * protection key, behind the end of a file, in the gap below a stack.
 *
 * Oracles: we know what we have mapped; siginfo says what the kernel made of the
 * access; pagemap which page there is.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "shape.h"
#include "smaps.h"

#define PRIVATE		(MAP_PRIVATE | MAP_ANONYMOUS)

/* The kernel keeps this many pages free below a stack: stack_guard_gap */
#define GAP_PAGES	256

static unsigned long page;

/* The signal was recorded as the program got it. */
static bool told(const struct seen *s, struct outcome got, int sig, int code,
		 const void *at)
{
	return got.sig == sig && got.code == code &&
	       got.addr == (unsigned long)at && s->sig && s->sig->sig == sig &&
	       s->sig->code == code && s->sig->r.addr == (unsigned long)at &&
	       s->sig->r.ip && !(s->sig->r.ip >> 63);
}

/* The chain of the signal's record ends in the page that pagemap has. */
static bool page_kept(const struct ptdbg_sig *r, const void *at)
{
	unsigned long word = pagemap_word(at);

	return word & PM_PRESENT && r->chain.after_stop == PTDBG_STOP_LEAF &&
	       r->page.present && r->page.pfn == (word & PM_PFN) &&
	       r->page.type == PTDBG_PT_ANON;
}

static void try_unmapped(void)
{
	char *p = shape_map(1, PROT_READ, PRIVATE, -1);
	struct outcome got;
	struct seen s;

	munmap(p, page);
	got = shape_seen(p, WRITE, &s);
	ksft_test_result(shape_holds(&s, 0, told(&s, got, SIGSEGV, SEGV_MAPERR, p) &&
				     !s.faults && s.sig->vma.kind == PTDBG_VMA_NONE &&
				     s.sig->chain.after_stop == PTDBG_STOP_NONE),
			 "no mapping: SIGSEGV, no vma, no entry\n");
	shape_free(&s);
}

static void try_prot_none(void)
{
	char *p = shape_map(1, PROT_NONE, PRIVATE, -1);
	struct outcome got;
	struct seen s;

	got = shape_seen(p, READ, &s);
	ksft_test_result(shape_holds(&s, 0, told(&s, got, SIGSEGV, SEGV_ACCERR, p) &&
				     !s.faults && s.sig->vma.start <= (unsigned long)p &&
				     s.sig->vma.kind == PTDBG_VMA_ANON &&
				     !(s.sig->vma.flags & 7) &&
				     s.sig->chain.after_stop == PTDBG_STOP_NONE),
			 "PROT_NONE from the start: SIGSEGV, no entry\n");
	shape_free(&s);
	munmap(p, page);

	p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	shape_access(p, WRITE);
	mprotect(p, page, PROT_NONE);
	got = shape_seen(p, READ, &s);
	ksft_test_result(shape_holds(&s, 0, told(&s, got, SIGSEGV, SEGV_ACCERR, p) &&
				     !s.faults && page_kept(s.sig, p)),
			 "PROT_NONE on a page: SIGSEGV, its entry keeps the pfn\n");
	ksft_test_result(shape_says(p, "PROT_NONE") &&
			 shape_raw(p) == record_after(&s.sig->r)[s.sig->chain.after_n - 1],
			 "PROT_NONE on a page: the walk says so\n");
	shape_free(&s);
	mprotect(p, page, PROT_READ | PROT_WRITE);
	got = shape_access(p, READ);
	ksft_test_result(!got.sig && !shape_says(p, "PROT_NONE"),
			 "PROT_NONE taken back: the walk says so\n");
	munmap(p, page);
}

/* Read-only, then writable again: the write finds the page it had. */
static void try_read_only(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	unsigned long pfn;
	struct outcome got;
	struct seen s;

	shape_access(p, WRITE);
	pfn = pagemap_word(p) & PM_PFN;
	mprotect(p, page, PROT_READ);
	got = shape_seen(p, WRITE, &s);
	ksft_test_result(shape_holds(&s, 0, told(&s, got, SIGSEGV, SEGV_ACCERR, p) &&
				     !s.faults && page_kept(s.sig, p) &&
				     !shape_writable(p)),
			 "read-only: SIGSEGV, the entry is not writable\n");
	shape_free(&s);
	mprotect(p, page, PROT_READ | PROT_WRITE);
	got = shape_seen(p, WRITE, &s);
	/* the kernel may make it writable at once, or when it is written */
	ksft_test_result(shape_holds(&s, 0, !got.sig && !s.sig && s.faults < 2 &&
				     (pagemap_word(p) & PM_PFN) == pfn &&
				     (!s.faults ||
				      (s.last->chain.before_stop == PTDBG_STOP_LEAF &&
				       s.last->page.pfn == pfn)) &&
				     shape_writable(p)),
			 "writable again: the same page\n");
	shape_free(&s);
	munmap(p, page);
}

static void try_no_execute(void)
{
	unsigned int *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	struct outcome got;
	struct seen s;

	shape_access(p, WRITE);
	*p = RETURN_CODE;
	got = shape_seen(p, EXEC, &s);
	ksft_test_result(shape_holds(&s, 0, told(&s, got, SIGSEGV, SEGV_ACCERR, p) &&
				     s.sig->r.ip == (unsigned long)p && !s.faults &&
				     page_kept(s.sig, p) && !shape_executable(p)),
			 "no execute: SIGSEGV at the instruction itself\n");
	shape_free(&s);
	munmap(p, page);
}

/* The entry permits the access; the register that holds the keys' rights does not. */
static void try_key(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	int key = pkey_alloc(0, 0);
	struct outcome got;
	struct seen s;

	if (key < 0) {
		ksft_test_result_skip("protection key: this machine has none\n");
		munmap(p, page);
		return;
	}
	shape_access(p, WRITE);
	if (pkey_mprotect(p, page, PROT_READ | PROT_WRITE, key))
		die("pkey_mprotect: %s", strerror(errno));
	shape_access(p, WRITE);
	if (pkey_set(key, PKEY_DISABLE_ACCESS))
		die("pkey_set: %s", strerror(errno));
	got = shape_seen(p, READ, &s);
	ksft_test_result(shape_holds(&s, 0, told(&s, got, SIGSEGV, SEGV_PKUERR, p) &&
				     !s.faults && page_kept(s.sig, p) &&
				     shape_writable(p)),
			 "protection key: SIGSEGV, though the entry is writable\n");
	shape_free(&s);
	pkey_free(key);
	munmap(p, page);
}

/* The second page of a file that has one. */
static void try_behind_end(void)
{
	int fd = memfd_create("short", MFD_CLOEXEC);
	struct outcome got;
	struct seen s;
	char *p;

	if (fd < 0 || ftruncate(fd, page))
		die("memfd: %s", strerror(errno));
	p = shape_map(2, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	got = shape_seen(p + page, READ, &s);
	ksft_test_result(shape_holds(&s, 0, told(&s, got, SIGBUS, BUS_ADRERR, p + page) &&
				     s.faults == 1 && s.last->result & RESULT_SIGBUS &&
				     s.last->vma.kind == PTDBG_VMA_FILE &&
				     s.last->vma.end == (unsigned long)p + 2 * page &&
				     s.last->chain.after_stop == PTDBG_STOP_NONE),
			 "behind the end of a file: SIGBUS, the fault says so\n");
	shape_free(&s);
	munmap(p, 2 * page);
	close(fd);
}

/*
 * A stack that may not grow: below it, nearer than the gap, is another mapping.
 * The page right below the stack is in no mapping, and stays so.
 */
static void try_guard_gap(void)
{
	char *p = shape_map(2 * GAP_PAGES, PROT_NONE, PRIVATE, -1);
	char *stack = p + (2 * GAP_PAGES - 1) * page;
	char *near = stack - GAP_PAGES / 2 * page;
	struct smaps m;
	struct outcome got;
	struct seen s;

	munmap(p, 2 * GAP_PAGES * page);
	if (mmap(stack, page, PROT_READ | PROT_WRITE,
		 PRIVATE | MAP_FIXED | MAP_GROWSDOWN, -1, 0) != stack ||
	    mmap(near, page, PROT_READ | PROT_WRITE, PRIVATE | MAP_FIXED, -1,
		 0) != near)
		die("mmap: %s", strerror(errno));
	shape_access(stack, WRITE);
	got = shape_seen(stack - 8, WRITE, &s);
	ksft_test_result(shape_holds(&s, 0,
				     told(&s, got, SIGSEGV, SEGV_MAPERR, stack - 8) &&
				     !s.faults && s.sig->vma.kind == PTDBG_VMA_NONE &&
				     !smaps_find(stack - 8, &m)),
			 "gap below a stack: SIGSEGV, no vma\n");
	shape_free(&s);
	munmap(near, page);
	got = shape_seen(stack - 8, WRITE, &s);
	ksft_test_result(shape_holds(&s, 0, !got.sig && !s.sig && s.faults == 1 &&
				     smaps_find(stack - 8, &m) &&
				     s.last->vma.kind == PTDBG_VMA_STACK &&
				     s.last->vma.start == m.start &&
				     s.last->vma.end == m.end &&
				     m.start == (unsigned long)stack - page),
			 "nothing in the gap: the stack grows by a page\n");
	shape_free(&s);
	munmap(stack - page, 2 * page);
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(12);
	shape_start();
	try_unmapped();
	try_prot_none();
	try_read_only();
	try_no_execute();
	try_key();
	try_behind_end();
	try_guard_gap();
	shape_end();
	ksft_finished();
}
