// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records with stacks: the callers that there were, of functions of ours and of
 * the kernel; none where none was asked for; and nothing comes of stacks that are
 * corrupt, endless, in a loop or not there, or of tasks that die.
 *
 * Oracles: return addresses that our functions noted themselves; frames that we
 * built; /proc/kallsyms; the caller that a record of a freed page names.
 *
 * 20000 random frame pointers and 200 killed tasks at full size; 500 and 10 in CI.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "framed.h"
#include "kallsyms.h"
#include "kselftest.h"
#include "shape.h"
#include "storm.h"
#include "touch.h"

static unsigned long page;

static void print_stacks(const struct ptdbg_record *r)
{
	const struct ptdbg_stack *s = record_stack(r);
	unsigned int i;

	ksft_print_msg("type %u, %llx, ends %u and %u, link %llx\n", r->id, r->addr,
		       s->kernel_end, s->user_end, s->link);
	for (i = 0; i < s->kernel_n; i++)
		ksft_print_msg("  %s\n", kallsyms_function(record_kernel(r)[i]));
	for (i = 0; i < s->user_n; i++)
		ksft_print_msg("  %llx\n", record_user(r)[i]);
}

/*
 * Does the kernel's stack go through the functions, in this order, and through
 * nothing of ptdbg or kprobes?  NAMES are beginnings of names.
 */
static bool passes(const struct ptdbg_record *r, const char *const names[])
{
	const struct ptdbg_stack *s = record_stack(r);
	bool clean = s->kernel_n && s->kernel_end == PTDBG_STACK_WHOLE;
	const char *name;
	unsigned int i;

	for (i = 0; i < s->kernel_n; i++) {
		name = kallsyms_function(record_kernel(r)[i]);
		if (*names && !strncmp(name, *names, strlen(*names)))
			names++;
		if (!strcmp(name, "[ptdbg]") || strstr(name, "probe") ||
		    strstr(name, "handle_mm_fault"))
			clean = false;
	}
	if (*names || !clean) {
		ksft_print_msg("%s missing\n", *names ? *names : "nothing");
		print_stacks(r);
	}
	return !*names && clean;
}

/* Do the functions of framed.c stand in the user's stack, one behind the other? */
static bool called_by_us(const struct ptdbg_record *r, bool link)
{
	const struct ptdbg_stack *s = record_stack(r);
	const __u64 *user = record_user(r);
	unsigned int at = 1, i = 0;

	if (link && s->link == framed_ret[0])
		i++;
	for (; i < FRAMED_DEPTH && at < s->user_n; i++, at++) {
		if (user[at] != framed_ret[i])
			break;
	}
	if (i == FRAMED_DEPTH)
		return true;
	ksft_print_msg("%lx %lx %lx called\n", framed_ret[0], framed_ret[1],
		       framed_ret[2]);
	print_stacks(r);
	return false;
}

#if defined(__x86_64__)
static const char *const from_user[] = { "exc_page_fault", "asm_exc_page_fault", NULL };
#define ENTRY	"entry_SYSCALL_64"
#elif defined(__aarch64__)
static const char *const from_user[] = { "do_page_fault", "do_mem_abort", "el0_da",
					 "el0t_64_sync", NULL };
#define ENTRY	"el0t_64_sync"
#else
/* in 6.12 the entry has a name of its own for the way out */
static const char *const from_user[] = { "do_page_fault", NULL };
#define ENTRY	NULL
#endif

/* The record of this process for the page, or the test ends. */
static const struct ptdbg_record *need_record(struct records *all, unsigned int id,
					      int pid, const void *at)
{
	const struct ptdbg_record *r;

	records_read(all);
	r = record_find(all, id, pid, (unsigned long)at);
	if (!r || !record_stack(r))
		die("no record of type %u for %p, or one without stacks", id, at);
	return r;
}

static void test_user(void)
{
	char *at = shape_map(2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	const struct ptdbg_record *r;
	const struct ptdbg_stack *s;
	struct records all;

	framed_touch(CALLED, at);
	r = need_record(&all, PTDBG_FAULT, getpid(), at);
	s = record_stack(r);
	ksft_test_result(record_user(r)[0] == r->ip && framed_in(CALLED, r->ip),
			 "the user's stack begins where the fault is\n");
	ksft_test_result(called_by_us(r, false), "and has our three functions\n");
#ifdef __x86_64__
	ksft_test_result(!s->link, "there is no link register\n");
#else
	ksft_test_result(framed_in(CALLED, s->link),
			 "the link register is shown, and is no caller\n");
#endif
	ksft_test_result(passes(r, from_user), "the kernel's stack leads to user space\n");
	records_free(&all);

	framed_touch(LEAF, at + page);
	r = need_record(&all, PTDBG_FAULT, getpid(), at + page);
	ksft_test_result(framed_in(LEAF, record_user(r)[0]) && called_by_us(r, true),
			 "a function that calls no others\n");
	records_free(&all);
	munmap(at, 2 * page);
}

/* The kernel writes to a page that is not there yet. */
static void test_read(void)
{
	static const char *const path[] = { "vfs_read", "ksys_read", ENTRY, NULL };
	char *at = shape_map(1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	const long arg[3] = { 16 };
	const struct ptdbg_record *r;
	struct records all;
	int pipes[2];

	if (pipe(pipes) || write(pipes[1], "sixteen letters.", 16) != 16)
		die("pipe: %s", strerror(errno));
	shape_forget();
	if (framed_call(SYS_read, pipes[0], at, arg) != 16)
		die("read: %s", strerror(errno));
	r = need_record(&all, PTDBG_FAULT, getpid(), at);
	ksft_test_result(!(((const struct ptdbg_fault *)r)->flags & FLAG_USER),
			 "read(2) into a new page faults in the kernel\n");
	ksft_test_result(passes(r, path), "the kernel's stack goes through vfs_read\n");
	ksft_test_result(called_by_us(r, false), "the user's stack tells who reads\n");
	records_free(&all);
	close(pipes[0]);
	close(pipes[1]);
	munmap(at, page);
}

static void test_gup(void)
{
	static const char *const path[] = { "process_vm_rw", ENTRY, NULL };
	char *at = shape_map(1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct iovec remote = { .iov_base = at, .iov_len = 8 };
	char into[8];
	struct iovec local = { .iov_base = into, .iov_len = 8 };
	const long arg[3] = { 1, (long)&remote, 1 };
	const struct ptdbg_record *r;
	struct records all;

	store_byte(at, 1);
	shape_forget();
	if (framed_call(SYS_process_vm_readv, getpid(), &local, arg) != 8)
		die("process_vm_readv: %s", strerror(errno));
	r = need_record(&all, PTDBG_GUP, getpid(), at);
	ksft_test_result(passes(r, path), "gup: the kernel's stack\n");
	ksft_test_result(called_by_us(r, false), "gup: the user's stack\n");
	records_free(&all);
	munmap(at, page);
}

static void test_signal(void)
{
	char *at = shape_map(1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	const struct ptdbg_record *r;
	struct records all;
	int pid = fork();

	if (!pid) {
		signal(SIGSEGV, SIG_DFL);
		framed_touch(CALLED, at);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	/* the calls of the child were the same ones */
	mprotect(at, page, PROT_READ | PROT_WRITE);
	framed_touch(CALLED, at);
	r = need_record(&all, PTDBG_SIG, pid, at);
	ksft_test_result(passes(r, from_user), "signal: the kernel's stack\n");
	ksft_test_result(called_by_us(r, false), "signal: the user's stack\n");
	records_free(&all);
	munmap(at, page);
}

/* The first frame of a freed page is the caller that the record names anyway. */
static void test_free(void)
{
	unsigned int i, n = 0, wrong = 0;
	const struct ptdbg_record *r;
	struct records all;
	int pid;

	set_knob("frees", "1");
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	set_knob("frees", "0");
	records_read(&all);
	for (i = 0; i < all.nr; i++) {
		r = all.r[i];
		if (r->id != PTDBG_FREE)
			continue;
		n++;
		if (!record_stack(r) || !record_stack(r)->kernel_n ||
		    record_kernel(r)[0] != r->ip) {
			if (!wrong++)
				print_stacks(r);
		}
	}
	ksft_test_result(n && !wrong, "free: %u of %u have the caller first\n",
			 n - wrong, n);
	records_free(&all);
}

/**
 * struct ground - what the frame pointer is led over
 * @at: a page to fault on
 * @stack: frames are built here, above the stack pointer
 * @above: pages that were never touched, right behind
 */
struct ground {
	char *at;
	unsigned long stack;
	unsigned long above;
};

/* A fault with that frame pointer: how many frames, and why no more. */
static void led(const struct ground *g, unsigned long fp, unsigned int frames,
		unsigned int end, const char *what)
{
	const struct ptdbg_stack *s;
	const struct ptdbg_record *r;
	struct records all;
	unsigned int i;
	bool good;

	shape_forget();
	madvise(g->at, page, MADV_DONTNEED);
	framed_poke(g->at, fp);
	r = need_record(&all, PTDBG_FAULT, getpid(), g->at);
	s = record_stack(r);
	good = s->user_n == frames + 1 && s->user_end == end;
	for (i = 1; good && i < s->user_n; i++)
		good = record_user(r)[i] == 0x10000 + i;
	ksft_test_result(good, "%s: %u frames, end %u\n", what, s->user_n - 1,
			 s->user_end);
	if (!good)
		print_stacks(r);
	records_free(&all);
}

/* COUNT frames, one above the other, behind which the frame pointer is LAST. */
static unsigned long build(unsigned long at, unsigned int count, unsigned long last)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		framed_build(at + 32 * i, i + 1 < count ? at + 32 * (i + 1) : last,
			     0x10001 + i);
	return at;
}

static void lead_astray(const struct ground *g)
{
	unsigned long base = g->stack + 64;

	led(g, 0, 0, PTDBG_STACK_WHOLE, "no frame pointer");
	led(g, base + 1, 0, PTDBG_STACK_ASTRAY, "an odd one");
	led(g, 8, 0, PTDBG_STACK_ASTRAY, "one near 0");
	led(g, -4096UL, 0, PTDBG_STACK_ASTRAY, "one in the kernel");
	led(g, 1UL << 62, 0, PTDBG_STACK_ASTRAY, "one that is no address");
	led(g, (unsigned long)lead_astray & ~15UL, 0, PTDBG_STACK_ASTRAY,
	    "one that is not in the stack");
	led(g, g->above + page / 2, 0, PTDBG_STACK_UNREADABLE, "one in a page that is not there");
	led(g, build(base, 3, 0), 3, PTDBG_STACK_WHOLE, "three frames");
	led(g, build(base, 2, base), 2, PTDBG_STACK_ASTRAY, "a loop of two");
	led(g, build(base, 1, base), 1, PTDBG_STACK_ASTRAY, "a loop of one");
	led(g, build(base, 2, g->above + page / 2), 2, PTDBG_STACK_UNREADABLE,
	    "frames that end in a page that is not there");
	led(g, build(base, 2, 3), 2, PTDBG_STACK_ASTRAY, "frames that end in nonsense");
	led(g, build(base, PTDBG_STACK_MAX, 0), PTDBG_STACK_MAX - 1, PTDBG_STACK_DEEP,
	    "too many frames");
	framed_build(base, base + 64, -8UL);
	led(g, base, 0, PTDBG_STACK_ASTRAY, "a return into the kernel");
	framed_build(base, base + 64, 0);
	led(g, base, 0, PTDBG_STACK_WHOLE, "a return to 0");
}

/* Any bits as frame pointer, over random frames. */
static void lead_anywhere(const struct ground *g)
{
	unsigned int i, rounds = full_size() ? 20000 : 500, seed = 1;
	unsigned long *word = (unsigned long *)g->stack, fp;
	struct stats s;

	srandom(seed);
	for (i = 0; i < rounds; i++) {
		word[random() % 512] = random() % 3 ? g->stack + random() % 4096 :
						      (unsigned long)random() << 33;
		fp = random() % 4 ? g->stack + random() % 8192 :
				    (unsigned long)random() << random() % 40;
		madvise(g->at, page, MADV_DONTNEED);
		framed_poke(g->at, fp);
	}
	read_stats(&s);
	ksft_test_result(stats_exact(&s, "after random frame pointers") &&
			 s.recorded > rounds / 2,
			 "%u random frame pointers\n", rounds);
}

static void *on_ground(void *data)
{
	unsigned long room[2048];
	struct ground *g = data;

	memset(room, 0, sizeof(room));
	/* the compiler does not know that it is used */
	asm volatile("" : : "r" (room) : "memory");
	g->stack = ((unsigned long)room + 63) & ~63UL;
	lead_astray(g);
	lead_anywhere(g);
	return NULL;
}

/* In a thread, for a stack that has pages above it which nobody touches. */
static void test_corrupt(void)
{
	const unsigned int pages = 64;
	struct ground g;
	pthread_attr_t attr;
	pthread_t thread;
	char *stack;

	g.at = shape_map(1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	stack = shape_map(2 * pages, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
	madvise(stack, 2 * pages * page, MADV_NOHUGEPAGE);
	g.above = (unsigned long)stack + pages * page;
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, stack, pages * page);
	if (pthread_create(&thread, &attr, on_ground, &g))
		die("no thread");
	pthread_join(thread, NULL);
	munmap(stack, 2 * pages * page);
	munmap(g.at, page);
}

/* All records of the last steps that have stacks. */
static unsigned int with_stacks(unsigned int *all_of_them)
{
	struct records all;
	unsigned int i, n = 0;

	records_read(&all);
	for (i = 0; i < all.nr; i++)
		n += !!record_stack(all.r[i]);
	*all_of_them = all.nr;
	records_free(&all);
	return n;
}

/* Tasks that die at any moment, while the knob is turned on and off. */
static void test_dying(void)
{
	unsigned int i, all, rounds = full_size() ? 200 : 10;
	struct stats s;
	int pid;

	set_knob("clear", "1");
	for (i = 0; i < rounds; i++) {
		pid = fork();
		if (!pid) {
			char *at = mmap(NULL, 64 * page, PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

			for (;; madvise(at, 64 * page, MADV_DONTNEED)) {
				for (i = 0; i < 64; i++)
					framed_touch(i % 2, at + i * page);
			}
		}
		set_knob("stacks", i % 2 ? "1" : "0");
		/* not to wait for anything: to be early, and late */
		usleep(1000 * (i % 7));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	/* each fills its record to the last byte */
	with_stacks(&all);
	read_stats(&s);
	ksft_test_result(stats_exact(&s, "after the killing") && s.recorded > rounds,
			 "%u tasks die while the knob turns, %llu records\n", rounds,
			 s.recorded);
	set_knob("stacks", "1");
}

static void test_knob(void)
{
	char *at = shape_map(2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *knob, *text, *stats;
	unsigned int n, all;

	knob = need_file(PTDBG_DIR "/stacks");
	shape_forget();
	framed_touch(LEAF, at);
	n = with_stacks(&all);
	stats = need_file(PTDBG_DIR "/stats");
	text = need_file(PTDBG_TEXT);
	ksft_test_result(!strcmp(knob, "0\n"), "stacks are off by default\n");
	ksft_test_result(all && !n && strstr(stats, "\nstacks 0\n") &&
			 !strstr(text, " stack "),
			 "and %u records have none, nor a byte for them\n", all);
	free(knob);
	free(stats);
	free(text);
	ksft_test_result(write_file(PTDBG_DIR "/stacks", "2\n", 2) < 0 && errno == EINVAL,
			 "the knob takes 0 and 1 only\n");

	set_knob("stacks", "1");
	knob = need_file(PTDBG_DIR "/stacks");
	shape_forget();
	framed_touch(LEAF, at + page);
	n = with_stacks(&all);
	stats = need_file(PTDBG_DIR "/stats");
	text = need_file(PTDBG_TEXT);
	if (!all)
		ksft_print_msg("none for %p: %s%s", at + page, stats, text);
	ksft_test_result(!strcmp(knob, "1\n") && all && n == all,
			 "switched on, all of %u records have them\n", all);
	ksft_test_result(strstr(text, "\n    stack ") && strstr(text, "\n    user stack "),
			 "and the text shows them\n");
	free(stats);
	free(knob);
	free(text);
	munmap(at, 2 * page);
}

static void test_parameter(void)
{
	char *knob;

	need_module(PTDBG_KO, "stacks=1");
	knob = need_file(PTDBG_DIR "/stacks");
	ksft_test_result(!strcmp(knob, "1\n"), "stacks=1 as a parameter\n");
	free(knob);
	need_no_module("ptdbg");
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(36);
	shape_start();
	kallsyms_load();
	test_knob();
	test_user();
	test_read();
	test_gup();
	test_signal();
	test_free();
	test_corrupt();
	test_dying();
	shape_end();
	test_parameter();
	ksft_finished();
}
