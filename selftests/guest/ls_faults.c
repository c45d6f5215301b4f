// SPDX-License-Identifier: GPL-2.0-only
/*
 * "busybox ls -lR" under ptdbg: every fault counted, every chain true.
 *
 * 1. Counts.  Oracle: minor and major faults of the process from wait4(), less
 *    what it had before it was watched.  The identity is that of
 *    mm_account_fault() (mm/memory.c, the same rule in 6.1, 6.12 and 7.2), which
 *    handle_mm_fault() calls once when it returns:
 *
 *	- VM_FAULT_RETRY: not counted; the fault comes again and is counted
 *	  then.  Each such call is a record of its own for us.
 *	- any bit of VM_FAULT_ERROR: not counted.
 *	- all else is counted, for the task that runs, also when GUP asked (exec
 *	  puts its arguments on the stack of a mm that is not yet its own) and
 *	  also VM_FAULT_COMPLETED: as a major fault with VM_FAULT_MAJOR, or when
 *	  FAULT_FLAG_TRIED says that it had to be tried again, else as a minor.
 *
 * 2. Chains.  The process is stopped at its exit, its memory still there.
 *    Oracles: /proc/PID/pagemap for the page that each chain ends in, and
 *    /proc/kpageflags for type and flags of that page.  Of each page the newest
 *    record counts.  Pages that have been unmapped since (by /proc/PID/maps)
 *    are counted and say nothing, and so are those of a VM_PFNMAP vma, which
 *    pagemap does not show.  The root of a chain tells the memory before
 *    exec from that after; and faults that exec makes for its arguments are
 *    left out, for it moves these pages.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "proc.h"
#include "records.h"

/* include/linux/mm_types.h; the same numbers from 6.1 to 7.2 */
#define FAULT_FLAG_TRIED	0x20
#define VM_FAULT_MAJOR		0x4
#define VM_FAULT_RETRY		0x400
#define VM_FAULT_ERROR		(0x1 | 0x2 | 0x40 | 0x10 | 0x20 | 0x800)

/* include/linux/mm.h */
#define VM_PFNMAP		0x400

/*
 * What ls has to touch at the very least, or the test proves nothing.  Larger
 * pages are fewer, but each file, the heap and the stack have some of their own.
 */
static unsigned int min_pages(void)
{
	return sysconf(_SC_PAGESIZE) > 4096 ? 20 : 40;
}

static const char *const small[] = {
	"busybox", "ls", "-lR", "/bin", "/sbin", "/proc/1", "/sys/module", NULL
};

static const char *const large[] = { "busybox", "ls", "-lR", "/", NULL };

static void run_ls(int go)
{
	char byte;

	if (read(go, &byte, 1) != 1 ||
	    !freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
		_exit(127);
	execv("/bin/busybox", (char **)(full_size() ? large : small));
	_exit(127);
}

struct faults {
	unsigned long minor;
	unsigned long major;
	unsigned long retries;
	unsigned long errors;
};

static void count_records(const struct records *all, int pid, struct faults *f)
{
	const struct ptdbg_fault *r;
	unsigned int i;

	memset(f, 0, sizeof(*f));
	for (i = 0; i < all->nr; i++) {
		r = (const struct ptdbg_fault *)all->r[i];
		if (r->r.id != PTDBG_FAULT || (int)r->r.tgid != pid)
			continue;
		if (r->result & VM_FAULT_RETRY)
			f->retries++;
		else if (r->result & VM_FAULT_ERROR)
			f->errors++;
		else if (r->result & VM_FAULT_MAJOR || r->flags & FAULT_FLAG_TRIED)
			f->major++;
		else
			f->minor++;
	}
}

/* Root table of the memory that the process has now: that of its last fault. */
static __u64 last_root(const struct records *all, int pid)
{
	const struct ptdbg_fault *r;
	unsigned int i;

	for (i = all->nr; i; i--) {
		r = (const struct ptdbg_fault *)all->r[i - 1];
		if (r->r.id == PTDBG_FAULT && (int)r->r.tgid == pid && !r->remote)
			return r->chain.root;
	}
	die("there is no fault of ls");
	return 0;
}

struct compared {
	unsigned int pages;
	unsigned int unmapped;
	unsigned int pfnmap;
	unsigned int absent;
	unsigned int wrong_pfn;
	unsigned int wrong_type;
	unsigned int wrong_flags;
	unsigned int moved_flags;
};

static void compare_flags(const struct ptdbg_fault *r, unsigned long kpf,
			  struct compared *c)
{
	const struct flag *f;
	bool here, there;

	/* kpageflags shows a tail with flags of its head: another struct page */
	if (r->page.order && kpf & 1UL << KPF_COMPOUND_TAIL)
		return;
	for (f = page_flags(); f->name; f++) {
		if (f->bit < 0)
			continue;
		here = r->page.flags >> f->bit & 1;
		there = kpf >> f->kpf & 1;
		if (here == there)
			continue;
		if (!f->stable) {
			c->moved_flags++;
			continue;
		}
		c->wrong_flags++;
		ksft_print_msg("%llx pfn %llx: %s is %d, kpageflags says %d\n",
			       r->r.addr, r->page.pfn, f->name, here, there);
	}
}

static void compare_page(int pid, const struct ptdbg_fault *r, struct compared *c)
{
	struct mapping m = look_up_page(pid, r->r.addr);
	unsigned int type;
	unsigned long kpf;

	if (!in_maps(pid, r->r.addr)) {
		c->unmapped++;
		return;
	}
	/* the clock page of the vdso: pagemap does not look into such a vma */
	if (r->vma.flags & VM_PFNMAP && !m.present) {
		c->pfnmap++;
		return;
	}
	if (r->chain.after_stop != PTDBG_STOP_LEAF || !m.present) {
		c->absent++;
		ksft_print_msg("%llx: pagemap says %spresent, the chain ended with stop %u\n",
			       r->r.addr, m.present ? "" : "not ", r->chain.after_stop);
		return;
	}
	c->pages++;
	if (m.pfn != r->page.pfn) {
		c->wrong_pfn++;
		ksft_print_msg("%llx: pfn %llx, pagemap says %lx\n", r->r.addr,
			       r->page.pfn, m.pfn);
		return;
	}
	kpf = look_up_flags(m.pfn);
	type = type_of_flags(kpf, r->vma.kind == PTDBG_VMA_FILE);
	if (type != r->page.type) {
		c->wrong_type++;
		ksft_print_msg("%llx pfn %lx: type %u, kpageflags %lx says %u\n",
			       r->r.addr, m.pfn, r->page.type, kpf, type);
	}
	compare_flags(r, kpf, c);
}

/* Is it a fault of this process in its present memory, that found a page? */
static bool is_ours(const struct ptdbg_fault *r, int pid, __u64 root)
{
	return r->r.id == PTDBG_FAULT && (int)r->r.tgid == pid && !r->remote &&
	       r->chain.root == root &&
	       !(r->result & (VM_FAULT_RETRY | VM_FAULT_ERROR));
}

static void compare_all(const struct records *all, int pid, struct compared *c)
{
	unsigned long size = sysconf(_SC_PAGESIZE);
	__u64 root = last_root(all, pid);
	const struct ptdbg_fault *r, *later;
	unsigned int i, j;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < all->nr; i++) {
		r = (const struct ptdbg_fault *)all->r[i];
		if (!is_ours(r, pid, root))
			continue;
		for (j = i + 1; j < all->nr; j++) {
			later = (const struct ptdbg_fault *)all->r[j];
			if (is_ours(later, pid, root) &&
			    later->r.addr / size == r->r.addr / size)
				break;
		}
		if (j == all->nr)
			compare_page(pid, r, c);
	}
}

/* Stops the child wherever it is, so that its counters stand still. */
static void hold(int pid)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXIT) ||
	    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) ||
	    waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
		die("cannot stop the child: %s", strerror(errno));
}

static void until_exit(int pid)
{
	int status;

	for (;;) {
		if (ptrace(PTRACE_CONT, pid, NULL, NULL) ||
		    waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
			die("ls did not come to its exit: %s", strerror(errno));
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))
			return;
	}
}

int main(void)
{
	unsigned long minor, major;
	struct faults counted;
	struct compared c;
	struct records all;
	struct rusage usage;
	struct stats s;
	char text[32];
	int go[2];
	int status;
	int pid;

	ksft_print_header();
	ksft_set_plan(9);
	need_module(PTDBG_KO, "ring_kb=8192");

	if (pipe(go))
		die("pipe: %s", strerror(errno));
	pid = fork();
	if (!pid)
		run_ls(go[0]);
	hold(pid);
	snprintf(text, sizeof(text), "pid=%d", pid);
	set_knob("filter", text);
	set_knob("clear", "1");
	/* min_flt and maj_flt; proc(5) */
	minor = proc_stat(pid, 10);
	major = proc_stat(pid, 12);
	if (write(go[1], "x", 1) != 1)
		die("write: %s", strerror(errno));

	until_exit(pid);
	records_read(&all);
	compare_all(&all, pid, &c);
	records_free(&all);

	if (ptrace(PTRACE_CONT, pid, NULL, NULL) ||
	    wait4(pid, &status, __WALL, &usage) != pid)
		die("ls did not end: %s", strerror(errno));
	minor = usage.ru_minflt - minor;
	major = usage.ru_majflt - major;
	read_stats(&s);
	records_read(&all);
	count_records(&all, pid, &counted);

	/* 1 when it met a file that went away meanwhile */
	ksft_test_result(WIFEXITED(status) && WEXITSTATUS(status) <= 1,
			 "ls came to its end\n");
	ksft_test_result(stats_exact(&s, "after ls") && !s.missed && !s.overwritten,
			 "nothing missed (%llu), nothing overwritten (%llu)\n",
			 s.missed, s.overwritten);
	ksft_test_result(counted.minor + counted.major == minor + major,
			 "%lu faults recorded, %lu by wait4 (and %lu retries, %lu errors)\n",
			 counted.minor + counted.major, minor + major,
			 counted.retries, counted.errors);
	ksft_test_result(counted.minor == minor && counted.major == major,
			 "minor %lu of %lu, major %lu of %lu\n",
			 counted.minor, minor, counted.major, major);
	ksft_test_result(c.pages >= min_pages(),
			 "%u pages to compare, %u unmapped since, %u that pagemap hides\n",
			 c.pages, c.unmapped, c.pfnmap);
	ksft_test_result(!c.absent, "chains end in a page where pagemap has one (%u do not)\n",
			 c.absent);
	ksft_test_result(!c.wrong_pfn, "chains end in the page that pagemap has (%u do not)\n",
			 c.wrong_pfn);
	ksft_test_result(!c.wrong_type, "pages are what kpageflags says (%u are not)\n",
			 c.wrong_type);
	ksft_test_result(!c.wrong_flags,
			 "flags are as in kpageflags (%u are not; %u that may move have)\n",
			 c.wrong_flags, c.moved_flags);
	records_free(&all);
	need_no_module("ptdbg");
	ksft_finished();
}
