// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the console says when the kernel dies: of which address, the last records
 * of the task and of its CPU, what explains it, and the faults in flight; once.
 *
 *	last_words		oopses of children, and the kernel log after each
 *	last_words write_exec	a page that is writable and executable is written: the
 *				kernel was told to panic of that
 *	last_words bad_page	a fault meets a pfn that is not there, and then the
 *				kernel dies of its struct page
 *
 * Oracles: we choose the addresses that the child touches before it dies, and the
 * one it dies of; the injector knows where struct pages are; a fault that
 * userfaultfd has not answered is in flight.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "inject.h"
#include "kselftest.h"
#include "records.h"
#include "touch.h"

/* klogctl(2): read all that is in the kernel log */
#define SYSLOG_ACTION_READ_ALL	3

#define PATIENCE_MS	20000

/* Far above the RAM of the guest; no machine maps it. */
#define FAR_PHYS	0x400000000UL

/* Pages that the child touches before it dies */
#define PAGES		6

static unsigned long size;
static char *pages;
static int injector;

static char *map(unsigned int nr, int prot)
{
	char *p = mmap(NULL, nr * size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	madvise(p, nr * size, MADV_NOHUGEPAGE);
	return p;
}

/* What the child does last; all that it needs is in memory before. */
static const char *command;

static void die_of_it(void)
{
	if (write(injector, command, strlen(command)) < 0)
		_exit(2);
	_exit(3);
}

/* As die_of_it(), without the harm: what it needs is in memory after this. */
static void rehearse(void)
{
	if (write(injector, "none", 4) >= 0 || strlen(command) > 60)
		_exit(1);
}

static void touch_pages(void)
{
	unsigned int i;

	rehearse();
	for (i = 0; i < PAGES; i++)
		store_byte(pages + i * size, 1);
}

static unsigned int marks;

/* Everything that the kernel log gets from here on belongs to this case. */
static void mark(void)
{
	char text[32];

	snprintf(text, sizeof(text), "<6>last_words: case %u\n", ++marks);
	if (write_file("/dev/kmsg", text, strlen(text)) < 0)
		die("/dev/kmsg: %s", strerror(errno));
}

static char log_text[1 << 20];

/* The kernel log since the mark. */
static const char *said(void)
{
	int n = klogctl(SYSLOG_ACTION_READ_ALL, log_text, sizeof(log_text) - 1);
	char text[32];
	char *from;

	if (n < 0)
		die("cannot read the kernel log: %s", strerror(errno));
	log_text[n] = '\0';
	snprintf(text, sizeof(text), "last_words: case %u\n", marks);
	from = strstr(log_text, text);
	if (!from)
		die("the kernel log has lost our mark");
	return from + strlen(text);
}

/* How often is it there? */
static unsigned int times(const char *log, const char *text)
{
	unsigned int n = 0;

	for (; (log = strstr(log, text)); log += strlen(text))
		n++;
	return n;
}

/* Show what ptdbg said. */
static void show(const char *log)
{
	const char *line, *end;

	for (line = log; (line = strstr(line, "ptdbg: ")); line = end) {
		end = strchrnul(line, '\n');
		ksft_print_msg("%.*s\n", (int)(end - line), line);
	}
}

/* A child that runs @before, then dies of @harm.  Return: its pid. */
static pid_t oops(const char *harm, void (*before)(void))
{
	int status;
	pid_t pid;

	command = harm;
	mark();
	fflush(stdout);
	pid = fork();
	if (!pid) {
		before();
		die_of_it();
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("no child: %s", strerror(errno));
	if (!WIFSIGNALED(status))
		die("the child lives on after \"%s\": status %x", harm, status);
	return pid;
}

/* "last_words/PID fault ADDR "; the test may have another name */
static const char *fault_of(pid_t pid, const void *addr)
{
	static char text[64];

	snprintf(text, sizeof(text), "%s/%d fault %lx ", program_invocation_short_name, pid,
		 (unsigned long)addr);
	return text;
}

static void load(const char *params)
{
	need_module(PTDBG_KO, params);
}

static void unload(void)
{
	need_no_module("ptdbg");
}

/* As many records as were asked for, the newest ones, in the order of time. */
static void try_records(void)
{
	const char *log, *at, *class, *last = NULL;
	bool order = true;
	unsigned int i;
	char who[40];
	pid_t pid;

	load("oops_records=3");
	pid = oops("load 80", touch_pages);
	log = said();
	show(log);
	class = strstr(log, "ptdbg: 80: NULL + 80\n");
	ksft_test_result(class && times(log, "ptdbg: 80: ") == 1,
			 "what the address is, once\n");
	for (i = PAGES - 3; i < PAGES; i++) {
		at = strstr(log, fault_of(pid, pages + i * size));
		order &= at && at > (last ? last : class);
		last = at;
	}
	snprintf(who, sizeof(who), "%s/%d fault ", program_invocation_short_name, pid);
	ksft_test_result(order && times(log, who) == 3,
			 "oops_records=3: the last 3 faults of the task\n");
	unload();
}

static void try_none(void)
{
	const char *log;

	load("oops_records=0");
	oops("store 80", touch_pages);
	log = said();
	show(log);
	ksft_test_result(times(log, "ptdbg: 80: NULL + 80\n") == 1 && !strstr(log, "ptdbg: ["),
			 "oops_records=0: the address, and no records\n");
	unload();
}

static int gate[2];

static void wait_for_gate(void)
{
	char byte;

	rehearse();
	if (read(gate[0], &byte, 1) != 1)
		_exit(4);
}

/* What another task did on the CPU just before; an oops without an address. */
static void try_others(const char *harm)
{
	char *own = map(1, PROT_READ | PROT_WRITE);
	char head[80];
	const char *log;
	pid_t pid;
	int status;

	load("oops_records=16");
	command = harm;
	mark();
	if (pipe(gate))
		die("pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		wait_for_gate();
		die_of_it();
	}
	store_byte(own, 1);
	if (pid < 0 || write(gate[1], "", 1) != 1 || waitpid(pid, &status, 0) != pid)
		die("no child: %s", strerror(errno));
	log = said();
	show(log);
	snprintf(head, sizeof(head), "ptdbg: oops: the last records of %s/%d and of cpu0\n",
		 program_invocation_short_name, pid);
	if (strcmp(harm, "trap"))
		ksft_test_result_skip("riscv64 panics of every oops that is no page fault\n");
	else
		ksft_test_result(WIFSIGNALED(status) && times(log, head) == 1,
				 "an oops without an address has words, too\n");
	ksft_test_result(times(log, fault_of(getpid(), own)) == 1,
			 "what another task did on the CPU\n");
	munmap(own, size);
	unload();
}

static int flying;

static void *fly(void *p)
{
	__atomic_store_n(&flying, syscall(SYS_gettid), __ATOMIC_RELEASE);
	store_byte(p, 1);
	return NULL;
}

static void nothing(void)
{
	rehearse();
}

/* A fault that does not end while another task dies. */
static void try_flight(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	char *p = map(1, PROT_READ | PROT_WRITE);
	struct uffdio_register reg = {
		.range = { (unsigned long)p, size }, .mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct uffdio_zeropage zero = { .range = reg.range };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	pthread_t thread;
	const char *log;
	char line[96];

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &reg))
		die("userfaultfd: %s", strerror(errno));
	if (pthread_create(&thread, NULL, fly, p) || poll(&wait, 1, PATIENCE_MS) != 1)
		die("no fault for userfaultfd");
	oops("load 80", nothing);
	log = said();
	show(log);
	snprintf(line, sizeof(line), "ptdbg: in flight: %s/%d fault %lx write, for ",
		 program_invocation_short_name, __atomic_load_n(&flying, __ATOMIC_ACQUIRE),
		 (unsigned long)p);
	ksft_test_result(times(log, line) == 1, "the fault in flight\n");
	if (ioctl(fd, UFFDIO_ZEROPAGE, &zero))
		die("UFFDIO_ZEROPAGE: %s", strerror(errno));
	pthread_join(thread, NULL);
	oops("load 80", nothing);
	log = said();
	ksft_test_result(!strstr(log, line), "when it has ended, it is not in flight\n");
	close(fd);
	munmap(p, size);
}

static char *open_page;

static void write_open_page(void)
{
	rehearse();
	store_byte(open_page, 1);
}

/* The ring is frozen: it stays as it is, and the console is told. */
static void try_frozen(void)
{
	struct records all;
	const char *log;
	pid_t pid;

	set_knob("freeze_on", "write_exec\n");
	open_page = map(1, PROT_READ | PROT_WRITE | PROT_EXEC);
	pid = oops("load 80", write_open_page);
	log = said();
	show(log);
	ksft_test_result(times(log, "ptdbg: 80: NULL + 80\n") == 1 &&
			 times(log, fault_of(pid, open_page)) == 1,
			 "frozen: the address and the record that froze it\n");
	ksft_test_result(times(log, "ptdbg:     !! write exec: user space can write to pfn ") == 1,
			 "frozen: what is wrong with that record\n");
	records_read(&all);
	ksft_test_result(!record_find(&all, PTDBG_OOPS, pid, 0x80) &&
			 record_find(&all, PTDBG_FAULT, pid, (unsigned long)open_page),
			 "frozen: the ring stays as it is\n");
	records_free(&all);
	munmap(open_page, size);
}

/* The entry with another pfn, all else as it was. */
static unsigned long lead_to(unsigned long raw, unsigned long phys)
{
#if defined(__riscv)
	return (raw & ~0x003ffffffffffc00UL) | phys >> 12 << 10;
#elif defined(__aarch64__)
	return (raw & ~0x0003fffffffff000UL) | phys;
#else
	return (raw & ~0x000ffffffffff000UL) | phys;
#endif
}

static sigjmp_buf back;

static void on_segv(int sig)
{
	siglongjmp(back, sig);
}

/* Gets a signal for a page whose entry leads to a pfn that is not there. */
static void meet_bad_pfn(void)
{
	unsigned long here = (unsigned long)open_page;
	struct witness w;

	signal(SIGSEGV, on_segv);
	load_byte(open_page);
	if (inject(injector, "get %lx", here) || inject_witness(injector, &w))
		_exit(5);
	/* when nothing has been changed yet */
	if (inject(injector, "pte %lx %lx", here, lead_to(w.old, FAR_PHYS)))
		_exit(6);
	if (!sigsetjmp(back, 1))
		store_byte(open_page, 1);
	if (inject(injector, "pte %lx %lx", here, w.old))
		_exit(7);
	signal(SIGSEGV, SIG_DFL);
}

/* The struct page of a pfn that a record has met, or its memory, is touched. */
static void try_cause(const char *what, unsigned long dead)
{
	unsigned long raw;
	const char *log;
	char line[160], harm[40];
	struct witness w;

	open_page = map(1, PROT_READ);
	load_byte(open_page);
	if (inject(injector, "get %lx", (unsigned long)open_page) || inject_witness(injector, &w))
		die("no entry: %s", strerror(errno));
	raw = lead_to(w.old, FAR_PHYS);
	snprintf(harm, sizeof(harm), "load %lx", dead);
	oops(harm, meet_bad_pfn);
	log = said();
	show(log);
	snprintf(line, sizeof(line),
		 "ptdbg: because: the sig of %lx above found PTE %016lx with that pfn\n",
		 (unsigned long)open_page, raw);
	ksft_test_result(times(log, line) == 1, "%s: the record that explains it\n", what);
	munmap(open_page, size);
}

static void try_refused(void)
{
	static const struct {
		const char *params;
		const char *why;
	} tries[] = {
		{ "oops_records=17", "ptdbg: oops_records=17: give a number from 0 to 16\n" },
		{ "oops_records=-1", "oops_records" },
		{ "oops_records=x", "oops_records" },
		{ "panic_on_bad=nonsense", "ptdbg: panic_on_bad: no such verdict; " },
		{ "panic_on_bad=bad_pfn,x", "ptdbg: panic_on_bad: no such verdict; " },
	};
	unsigned int i;
	bool refused;

	for (i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		mark();
		refused = load_module(PTDBG_KO, tries[i].params) && errno == EINVAL;
		if (!refused && module_loaded("ptdbg"))
			unload();
		ksft_test_result(refused && strstr(said(), tries[i].why),
				 "%s: refused, with a sentence\n", tries[i].params);
	}
}

/* Loaded with panic_on_bad=bad_pfn,loop */
static void try_knob(void)
{
	bool refused;
	char *text;

	refused = write_file(PTDBG_DIR "/panic_on_bad", "free_page x\n", 12) < 0 && errno == EINVAL;
	text = read_file(PTDBG_DIR "/panic_on_bad", NULL);
	ksft_test_result(refused && text && !strcmp(text, "bad_pfn loop\n"),
			 "panic_on_bad: a bad write changes nothing\n");
	free(text);
	set_knob("panic_on_bad", "\n");
	text = read_file(PTDBG_DIR "/panic_on_bad", NULL);
	ksft_test_result(text && !strcmp(text, "\n"), "panic_on_bad: off\n");
	free(text);
}

/* The kernel is to panic of this; it says before what it will do. */
static int write_exec(void)
{
	char *p = map(1, PROT_READ | PROT_WRITE | PROT_EXEC);
	char text[80];

	snprintf(text, sizeof(text), "<6>last_words: process %d writes to %lx\n", getpid(),
		 (unsigned long)p);
	if (write_file("/dev/kmsg", text, strlen(text)) < 0)
		die("/dev/kmsg: %s", strerror(errno));
	store_byte(p, 1);
	return 1;
}

/* What is about to happen, for whoever reads the console, and then it does. */
static int bad_page(void)
{
	struct witness w;
	unsigned long dead;
	FILE *log = fopen("/dev/kmsg", "w");

	injector = inject_open();
	open_page = map(1, PROT_READ);
	load_byte(open_page);
	if (!log || injector < 0 || inject(injector, "get %lx", (unsigned long)open_page) ||
	    inject_witness(injector, &w))
		die("no entry: %s", strerror(errno));
	dead = w.page0 + FAR_PHYS / size * w.page_bytes + 8;
	fprintf(log, "<6>last_words: process %d page %lx entry %016lx pfn %lx dead %lx\n",
		getpid(), (unsigned long)open_page, lead_to(w.old, FAR_PHYS),
		FAR_PHYS / size, dead);
	fclose(log);
	meet_bad_pfn();
	inject(injector, "load %lx", dead);
	return 1;
}

int main(int argc, char **argv)
{
	struct witness w;
	cpu_set_t first;

	size = sysconf(_SC_PAGESIZE);
	if (argc > 1 && !strcmp(argv[1], "bad_page"))
		return bad_page();
	if (argc > 1 && !strcmp(argv[1], "write_exec"))
		return write_exec();
	ksft_print_header();
	ksft_set_plan(19);
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof(first), &first))
		die("no CPU 0: %s", strerror(errno));
	need_module(INJECT_KO, "");
	injector = inject_open();
	if (injector < 0 || inject_witness(injector, &w))
		die("no injector: %s", strerror(errno));
	pages = map(PAGES, PROT_READ | PROT_WRITE);
	try_records();
	try_none();
#ifdef __riscv
	try_others("load 80");
#else
	try_others("trap");
#endif
	try_refused();
	load("panic_on_bad=bad_pfn,loop,");
	try_knob();
	try_flight();
	try_cause("a struct page", w.page0 + FAR_PHYS / size * w.page_bytes + 8);
	/* arm64 does not subtract the start of RAM in all bits of phys0 */
	try_cause("memory", (w.phys0 + FAR_PHYS + 8) | -1UL << w.va_bits);
	try_frozen();
	unload();
	close(injector);
	need_no_module("ptdbg_inject");
	ksft_finished();
}
