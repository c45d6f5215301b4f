// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses that lead nowhere, touched from user space and from the kernel:
 * each must be recorded with the right address and called what it is, and none
 * may get worse because ptdbg looks.
 *
 * Oracles: we choose the addresses; the signal that the process gets tells
 * SEGV_MAPERR from SEGV_ACCERR; the injector touches kernel addresses on
 * request and knows where the direct map is; /dev/kmsg has the kernel's own
 * report.  "Not worse" is: the process dies and nothing else, a new process
 * runs, ptdbg goes on and can be unloaded.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "inject.h"
#include "kselftest.h"
#include "records.h"
#include "touch.h"

/* klogctl(2): read all that is in the kernel log */
#define SYSLOG_ACTION_READ_ALL	3

/* Far above the RAM of the guest; no machine maps it. */
#define FAR_PHYS		0x400000000UL

#define HOLE			0x40000000UL

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

static unsigned long size;

static void *map(size_t bytes, int prot)
{
	void *p = mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	return p;
}

/* Run it in a child; returns the pid, and how the child ended. */
static pid_t in_child(void (*run)(unsigned long), unsigned long arg, int *status)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		run(arg);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, status, 0) != pid)
		die("no child: %s", strerror(errno));
	return pid;
}

static sigjmp_buf back;
static siginfo_t told;

static void on_segv(int sig, siginfo_t *info, void *context)
{
	(void)context;
	told = *info;
	siglongjmp(back, sig);
}

/* Touch an address and survive; what the signal says is in @told. */
static void touch(unsigned long addr, bool write)
{
	struct sigaction act = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO };

	sigemptyset(&act.sa_mask);
	sigaction(SIGSEGV, &act, NULL);
	memset(&told, 0, sizeof(told));
	if (sigsetjmp(back, 1))
		return;
	if (write)
		store_byte((void *)addr, 1);
	else
		load_byte((void *)addr);
}

static void try_user(const char *name, unsigned long addr, bool write, int code,
		     unsigned int kind)
{
	const struct ptdbg_sig *r;
	struct records all;

	touch(addr, write);
	records_read(&all);
	r = (const struct ptdbg_sig *)record_find(&all, PTDBG_SIG, getpid(), addr);
	ksft_test_result(told.si_signo == SIGSEGV && told.si_code == code && r &&
			 r->r.addr == addr && r->sig == SIGSEGV && r->code == code &&
			 r->vma.kind == kind && r->r.ip, "user: %s\n", name);
	if (!r)
		ksft_print_msg("no sig record of %lx; signal %d code %d\n", addr,
			       told.si_signo, told.si_code);
	else
		ksft_print_msg("%llx: signal %d code %d vma kind %u ip %llx\n",
			       r->r.addr, r->sig, r->code, r->vma.kind, r->r.ip);
	records_free(&all);
}

/**
 * struct harm - an access of the kernel
 * @name: what it is
 * @command: for the injector
 * @addr: address
 * @access: enum ptdbg_access that is recorded
 * @text: what ptdbg has to call the address; empty: no matter
 */
struct harm {
	const char *name;
	const char *command;
	unsigned long addr;
	unsigned int access;
	const char *text;
};

static const struct harm *harm;

static void do_harm(unsigned long addr)
{
	int fd = inject_open();

	inject(fd, "%s %lx", harm->command, addr);
}

/* Did the kernel log get a line with this text? */
static bool log_has(const char *text)
{
	static char log[1 << 20];
	int n = klogctl(SYSLOG_ACTION_READ_ALL, log, sizeof(log) - 1);

	if (n < 0)
		die("cannot read the kernel log: %s", strerror(errno));
	log[n] = '\0';
	return strstr(log, text);
}

static bool file_has(const char *text)
{
	char *all = read_file(PTDBG_TEXT, NULL);
	bool has;

	if (!all)
		die("cannot read the text: %s", strerror(errno));
	has = strstr(all, text);
	free(all);
	return has;
}

static void run_true(unsigned long unused)
{
	(void)unused;
	execl("/bin/busybox", "true", NULL);
	_exit(127);
}

static bool system_goes_on(void)
{
	struct stats before, after;
	int status;

	read_stats(&before);
	in_child(run_true, 0, &status);
	read_stats(&after);
	return !status && after.recorded > before.recorded &&
	       stats_exact(&after, "after an oops");
}

static void try_kernel(const struct harm *h)
{
	const struct ptdbg_oops *r;
	struct records all;
	char line[256];
	int status;
	pid_t pid;

	harm = h;
	pid = in_child(do_harm, h->addr, &status);
	records_read(&all);
	r = (const struct ptdbg_oops *)record_find(&all, PTDBG_OOPS, pid, h->addr);
	ksft_test_result(WIFSIGNALED(status) && r && r->r.addr == h->addr &&
			 r->access == h->access && r->r.ip >> 63 &&
			 r->chain.after_stop != PTDBG_STOP_LEAF,
			 "kernel: %s: recorded\n", h->name);
	if (r)
		ksft_print_msg("%llx access %u ip %llx stop %u\n", r->r.addr,
			       r->access, r->r.ip, r->chain.after_stop);
	else
		ksft_print_msg("no oops record of %lx; status %x\n", h->addr, status);
	records_free(&all);

	snprintf(line, sizeof(line), "ptdbg: %lx: %s", h->addr, h->text);
	ksft_test_result(log_has(line), "kernel: %s: \"%s\" in the kernel log\n",
			 h->name, line);
	snprintf(line, sizeof(line), "oops %s %lx ip inject_%s+",
		 h->access == PTDBG_ACCESS_WRITE ? "write" :
		 h->access == PTDBG_ACCESS_READ ? "read" : "access",
		 h->addr, h->command);
	ksft_test_result(file_has(line), "kernel: %s: \"%s\" in the text\n", h->name, line);
	ksft_test_result(system_goes_on(), "kernel: %s: the system goes on\n", h->name);
}

int main(void)
{
	struct witness w;
	char *hole, *solid;
	char far_page[80];
	int fd;

	size = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	need_module(PTDBG_KO, "ring_kb=4096");
	need_module(INJECT_KO, "");
	fd = inject_open();
	if (fd < 0 || inject_witness(fd, &w))
		die("no injector: %s", strerror(errno));
	close(fd);

	solid = map(size, PROT_READ);
	/* so large that nobody gets to the middle of it */
	hole = map(HOLE, PROT_NONE);
	munmap(hole, HOLE);
	hole += HOLE / 2;
	snprintf(far_page, sizeof(far_page), "vmemmap: struct page of pfn %lx; pfn %lx is not RAM",
		 FAR_PHYS / size, FAR_PHYS / size);

	const struct harm harms[] = {
		{ "NULL + 80, read", "load", 0x80, PTDBG_ACCESS_READ, "NULL + 80" },
		{ "NULL + 80, written", "store", 0x80, PTDBG_ACCESS_WRITE, "NULL + 80" },
		{ "wild pointer, read", "load", w.phys0 + FAR_PHYS + 8, PTDBG_ACCESS_READ, "" },
		{
			"wild pointer, written", "store", w.page0 + FAR_PHYS / size * w.page_bytes,
			PTDBG_ACCESS_WRITE, far_page
		},
		{
			"user address without uaccess", "load", (unsigned long)hole,
			PTDBG_ACCESS_READ, "user address"
		},
#ifdef __x86_64__
		{
			"pointer that is not canonical", "load", 0x0123456789abcde0,
			PTDBG_ACCESS_UNKNOWN, "not canonical in "
		},
#endif
	};
	unsigned int i, n = ARRAY_SIZE(harms);

	ksft_set_plan(2 + 4 * n + 1);
	try_user("nothing is mapped there", (unsigned long)hole + 8, false, SEGV_MAPERR,
		 PTDBG_VMA_NONE);
	/* a page is there, and it may not be written */
	load_byte(solid);
	try_user("a read-only page is written", (unsigned long)solid + 8, true,
		 SEGV_ACCERR, PTDBG_VMA_ANON);
	for (i = 0; i < n; i++)
		try_kernel(&harms[i]);

	need_no_module("ptdbg_inject");
	need_no_module("ptdbg");
	ksft_test_result_pass("both modules can be unloaded\n");
	ksft_finished();
}
