// SPDX-License-Identifier: GPL-2.0-only
/*
 * One page of this process, made into some shape on purpose.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "control.h"
#include "damon.h"
#include "shape.h"
#include "touch.h"

static int walk_fd;
static sigjmp_buf out;
static atomic_bool armed;
static struct outcome caught;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)context;
	caught.sig = sig;
	caught.code = info->si_code;
	caught.addr = (unsigned long)info->si_addr;
	/* poisoned memory may be told of without an access */
	if (atomic_load(&armed))
		siglongjmp(out, 1);
}

void shape_start(void)
{
	/* a stack of its own, for faults of the stack */
	struct sigaction act = {
		.sa_sigaction = on_signal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK,
	};
	static char room[64 * 1024];
	const stack_t stack = { .ss_sp = room, .ss_size = sizeof(room) };
	char filter[64], name[16];

	if (sigaltstack(&stack, NULL) || sigaction(SIGSEGV, &act, NULL) ||
	    sigaction(SIGBUS, &act, NULL))
		die("signal handlers: %s", strerror(errno));
	damon_stop();
	need_module(PTDBG_KO, "ring_kb=1024");
	prctl(PR_GET_NAME, name);
	snprintf(filter, sizeof(filter), "comm=%s", name);
	set_knob("filter", filter);
	walk_fd = open(PTDBG_DIR "/walk", O_RDWR | O_CLOEXEC);
	if (walk_fd < 0)
		die("walk: %s", strerror(errno));
}

void shape_end(void)
{
	close(walk_fd);
	need_no_module("ptdbg");
	damon_start();
}

void shape_forget(void)
{
	set_knob("clear", "1");
}

void *shape_map(unsigned int count, int prot, int flags, int fd)
{
	void *p = mmap(NULL, count * sysconf(_SC_PAGESIZE), prot, flags, fd, 0);

	if (p == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	return p;
}

struct outcome shape_access(void *at, enum access how)
{
	caught = (struct outcome){ 0 };
	if (sigsetjmp(out, 1)) {
		atomic_store(&armed, false);
		return caught;
	}
	atomic_store(&armed, true);
	switch (how) {
	case READ:
		load_byte(at);
		break;
	case WRITE:
		store_byte(at, 1);
		break;
	case EXEC:
		((void (*)(void))at)();
		break;
	}
	atomic_store(&armed, false);
	return caught;
}

void shape_look(const void *at, struct seen *s)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	const struct ptdbg_record *r;
	unsigned int i;

	memset(s, 0, sizeof(*s));
	records_read(&s->all);
	for (i = 0; i < s->all.nr; i++) {
		r = s->all.r[i];
		if ((int)r->tgid != getpid() ||
		    r->addr / page != (unsigned long)at / page)
			continue;
		s->verdicts |= r->verdicts;
		if (r->id == PTDBG_SIG)
			s->sig = (const void *)r;
		if (r->id != PTDBG_FAULT)
			continue;
		s->last = (const void *)r;
		if (!s->faults++)
			s->first = s->last;
	}
}

struct outcome shape_seen(void *at, enum access how, struct seen *s)
{
	struct outcome o;

	shape_forget();
	o = shape_access(at, how);
	shape_look(at, s);
	return o;
}

void shape_free(struct seen *s)
{
	records_free(&s->all);
}

__u64 shape_before(const struct ptdbg_fault *r)
{
	return r->chain.before_n ? record_before(&r->r)[r->chain.before_n - 1] : 0;
}

__u64 shape_after(const struct ptdbg_fault *r)
{
	return r->chain.after_n ? record_after(&r->r)[r->chain.after_n - 1] : 0;
}

const char *shape_walk(const void *at)
{
	static char text[8192];
	ssize_t n;

	n = snprintf(text, sizeof(text), "%d %lx\n", getpid(), (unsigned long)at);
	if (write(walk_fd, text, n) != n)
		die("walk %s: %s", text, strerror(errno));
	n = pread(walk_fd, text, sizeof(text) - 1, 0);
	if (n <= 0)
		die("walk %p: %s", at, strerror(errno));
	text[n] = '\0';
	return text;
}

const char *shape_entry(const void *at)
{
	static char line[512];
	const char *text = shape_walk(at), *found = NULL;

	for (text = strstr(text, "] @"); text; text = strstr(text + 1, "] @"))
		found = text;
	if (!found)
		die("walk %p has no entry", at);
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(found, "\n"), found);
	return line;
}

__u64 shape_raw(const void *at)
{
	unsigned long long where, raw;

	if (sscanf(shape_entry(at), "] @%llx %llx", &where, &raw) != 2)
		die("walk %p: no raw entry", at);
	return raw;
}

bool shape_says(const void *at, const char *word)
{
	const char *line = shape_entry(at), *found;
	size_t len = strlen(word);

	for (found = strstr(line, word); found; found = strstr(found + 1, word)) {
		if (found[-1] == ' ' && strchr(" ,", found[len]))
			return true;
	}
	return false;
}

bool shape_writable(const void *at)
{
#if defined(__x86_64__)
	return shape_says(at, "R/W");
#elif defined(__aarch64__)
	return !shape_says(at, "AP[2]") || shape_says(at, "DBM");
#else
	return shape_says(at, "W");
#endif
}

bool shape_executable(const void *at)
{
#if defined(__x86_64__)
	return !shape_says(at, "XD");
#elif defined(__aarch64__)
	return !shape_says(at, "UXN");
#else
	return shape_says(at, "X");
#endif
}

bool shape_young(const void *at)
{
#if defined(__aarch64__)
	return shape_says(at, "AF");
#else
	return shape_says(at, "A");
#endif
}

static void show_fault(const char *which, const struct ptdbg_fault *r)
{
	if (!r)
		return;
	printf("# %s fault %llx flags %x result %x: stops %u %u", which, r->r.addr,
	       r->flags, r->result, r->chain.before_stop, r->chain.after_stop);
	printf(" entries %016llx %016llx pfn %llx type %u\n", shape_before(r),
	       shape_after(r), r->page.pfn, r->page.type);
}

bool shape_holds(const struct seen *s, __u32 allowed, bool holds)
{
	if (holds && !(s->verdicts & ~allowed))
		return true;
	printf("# %u faults, verdicts %x\n", s->faults, s->verdicts);
	show_fault("first", s->first);
	show_fault("last", s->last);
	if (s->sig)
		printf("# signal %d code %d at %llx ip %llx verdicts %x\n",
		       s->sig->sig, s->sig->code, s->sig->r.addr, s->sig->r.ip,
		       s->sig->r.verdicts);
	return false;
}
