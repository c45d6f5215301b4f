// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults that are about what may be done to a page, or has been: accessed flag,
 * soft-dirty, first execution, the kernel's own access, a stack that grows.
 *
 * Oracles: smaps (Referenced, bounds, VmFlags), pagemap (pfn, soft-dirty),
 * and what we have mapped and done.  Where the hardware sets the accessed flag by
 * itself there is no fault: the walks before and after still have to differ in
 * it.  "by_kernel" as argument says that this hardware does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "advise.h"
#include "control.h"
#include "kselftest.h"
#include "shape.h"
#include "smaps.h"
#include "touch.h"

#define PRIVATE		(MAP_PRIVATE | MAP_ANONYMOUS)

static unsigned long page;

/* BY_KERNEL: this hardware leaves the flag to the kernel. */
static void try_accessed(bool by_kernel)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	unsigned long pfn;
	struct smaps m;
	struct seen s;

	shape_access(p, WRITE);
	pfn = pagemap_word(p) & PM_PFN;
	ksft_test_result(shape_young(p) && smaps_find(p, &m) && m.referenced,
			 "accessed flag: set in a page that was written\n");
	/* this one makes the hardware forget the entry as well */
	advise(p, page, MADV_COLD);
	ksft_test_result(!shape_young(p) && smaps_find(p, &m) && !m.referenced,
			 "accessed flag: clear after MADV_COLD\n");
	shape_seen(p, READ, &s);
	ksft_test_result(shape_holds(&s, 0, shape_young(p) && smaps_find(p, &m) &&
				     m.referenced && (pagemap_word(p) & PM_PFN) == pfn),
			 "accessed flag: set again by the next read\n");
	if (!s.faults && !by_kernel)
		ksft_test_result_skip("accessed flag: this hardware sets it itself\n");
	else
		ksft_test_result(shape_holds(&s, 0, s.faults == 1 && !s.last->result &&
					     s.last->chain.before_stop == PTDBG_STOP_LEAF &&
					     s.last->page.pfn == pfn &&
					     shape_before(s.last) != shape_after(s.last) &&
					     shape_after(s.last) == shape_raw(p)),
				 "accessed flag: a fault set it, and nothing else\n");
	shape_free(&s);
	munmap(p, page);
}

static void try_soft_dirty(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	unsigned long pfn;
	struct smaps m;
	struct seen s;

	shape_access(p, WRITE);
	pfn = pagemap_word(p) & PM_PFN;
	if (!smaps_find(p, &m) || !smaps_flag(&m, "sd")) {
		ksft_test_result_skip("soft-dirty: this kernel has none\n");
		ksft_test_result_skip("soft-dirty: so no write is noted\n");
		munmap(p, page);
		return;
	}
	if (write_file("/proc/self/clear_refs", "4", 1) != 1)
		die("clear_refs: %s", strerror(errno));
	ksft_test_result(!(pagemap_word(p) & PM_SOFT_DIRTY) &&
			 !shape_says(p, "SOFT_DIRTY") && !shape_writable(p),
			 "soft-dirty: clear and write-protected after clear_refs\n");
	shape_seen(p, WRITE, &s);
	ksft_test_result(shape_holds(&s, 0, s.faults == 1 && s.last->page.pfn == pfn &&
				     s.last->flags & FLAG_WRITE &&
				     s.last->chain.before_stop == PTDBG_STOP_LEAF &&
				     pagemap_word(p) & PM_SOFT_DIRTY &&
				     shape_says(p, "SOFT_DIRTY") && shape_writable(p) &&
				     shape_after(s.last) == shape_raw(p)),
			 "soft-dirty: the write faults, and is noted\n");
	shape_free(&s);
	munmap(p, page);
}

/* A file of two pages: one to execute before it is read, one to be left. */
static void try_first_execution(void)
{
	const unsigned int code = RETURN_CODE;
	int fd = memfd_create("code", MFD_CLOEXEC);
	struct outcome got;
	struct seen s;
	char *p;

	if (fd < 0 || write(fd, &code, sizeof(code)) != sizeof(code))
		die("memfd: %s", strerror(errno));
	p = shape_map(1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd);
	got = shape_seen(p, EXEC, &s);
	ksft_test_result(shape_holds(&s, 0, !got.sig && s.faults == 1 &&
				     s.last->flags & FLAG_INSTRUCTION &&
				     s.last->r.ip == (unsigned long)p &&
				     s.last->chain.before_stop == PTDBG_STOP_NONE &&
				     s.last->page.type == PTDBG_PT_FILE &&
				     s.last->page.pfn == (pagemap_word(p) & PM_PFN) &&
				     pagemap_word(p) & PM_FILE &&
				     shape_executable(p) && !shape_writable(p)),
			 "first execution of a file page: a fault of the instruction\n");
	shape_free(&s);
	munmap(p, page);
	close(fd);
}

/* read(2) puts zeros into a page that is not there yet. */
static void try_kernel_access(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	struct seen s;

	if (fd < 0)
		die("/dev/zero: %s", strerror(errno));
	shape_forget();
	if (read(fd, p, 8) != 8)
		die("read: %s", strerror(errno));
	shape_look(p, &s);
	ksft_test_result(shape_holds(&s, 0, s.faults == 1 && s.last->r.ip >> 63 &&
				     s.last->flags & FLAG_WRITE &&
				     !(s.last->flags & FLAG_USER) && !s.last->remote &&
				     s.last->page.type == PTDBG_PT_ANON &&
				     s.last->page.pfn == (pagemap_word(p) & PM_PFN)),
			 "the kernel writes to a user page: its own instruction\n");
	shape_free(&s);
	close(fd);
	munmap(p, page);
}

/* Uses so much stack that it has to grow, with one access.  Returns where. */
static unsigned long grow(void)
{
	char room[1024 * 1024];
	char *at = room;

	/* hidden from the compiler, which would touch all or nothing of it */
	asm volatile("" : "+r" (at) : : "memory");
	store_byte(at, 1);
	return (unsigned long)at;
}

static void try_stack(void)
{
	unsigned long (*call)(void) = grow;
	struct smaps before, now;
	struct seen s;
	char *at;

	/* inlined, it would make the stack larger for all that is called here */
	asm volatile("" : "+r" (call));
	if (!smaps_find(__builtin_frame_address(0), &before))
		die("the stack is in no mapping");
	shape_forget();
	at = (char *)call();
	if (!smaps_find(at, &now))
		die("what was just written is in no mapping");
	shape_look(at, &s);
	ksft_test_result(shape_holds(&s, 0, s.faults == 1 && !s.sig &&
				     now.start < before.start && now.end == before.end &&
				     now.start == ((unsigned long)at & ~(page - 1)) &&
				     s.last->vma.kind == PTDBG_VMA_STACK &&
				     s.last->vma.start == now.start &&
				     s.last->vma.end == now.end &&
				     s.last->page.type == PTDBG_PT_ANON),
			 "the stack grows by %lu kB in one fault\n",
			 (before.start - now.start) / 1024);
	shape_free(&s);
}

int main(int argc, char **argv)
{
	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(9);
	shape_start();
	try_stack();
	try_accessed(argc > 1 && !strcmp(argv[1], "by_kernel"));
	try_soft_dirty();
	try_first_execution();
	try_kernel_access();
	shape_end();
	ksft_finished();
}
