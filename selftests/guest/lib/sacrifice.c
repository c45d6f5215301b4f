// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process whose page tables may be harmed while it lets them alone.
 *
 * Its first thread waits for a word from the test and touches nothing.  A
 * second one makes faults elsewhere when told to.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "control.h"
#include "sacrifice.h"
#include "touch.h"

#define STORM_PAGES	16

/* What the second thread waits at, and where it says that it does so again. */
static int storm_pipe[2], calm_pipe[2];

static unsigned long word_of(unsigned long page, unsigned long i)
{
	return (page << 32 | i) * 0x9e3779b97f4a7c15UL;
}

static void *storm(void *arg)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	struct sacrifice *s = arg;
	unsigned int i;
	char *mem, byte;

	mem = mmap(NULL, STORM_PAGES * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		_exit(2);
	while (read(storm_pipe[0], &byte, 1) == 1) {
		do {
			madvise(mem, STORM_PAGES * page, MADV_DONTNEED);
			for (i = 0; i < STORM_PAGES; i++)
				store_byte(mem + i * page, 1);
			__atomic_add_fetch(s->faults, STORM_PAGES, __ATOMIC_RELAXED);
		} while (__atomic_load_n(s->storming, __ATOMIC_RELAXED));
		if (write(calm_pipe[1], "c", 1) != 1)
			_exit(2);
	}
	return NULL;
}

static void life(struct sacrifice *s, unsigned long at, int hear, int say)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	unsigned long *mem, i, k;
	pthread_t thread;
	char byte;

	prctl(PR_SET_NAME, "sacrifice");
	mem = mmap((void *)at, SACRIFICE_PAGES * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (mem != (void *)at)
		_exit(2);
	/* a huge page would have no last table; nothing may be reclaimed */
	madvise(mem, SACRIFICE_PAGES * page, MADV_NOHUGEPAGE);
	if (mlock(mem, SACRIFICE_PAGES * page))
		_exit(2);
	for (k = 0; k < SACRIFICE_PAGES; k++)
		for (i = 0; i < page / 8; i++)
			mem[k * page / 8 + i] = word_of(k, i);
	if (pthread_create(&thread, NULL, storm, s))
		_exit(2);
	if (write(say, "r", 1) != 1)
		_exit(2);
	if (read(hear, &byte, 1) != 1)
		_exit(2);
	for (k = 0; k < SACRIFICE_PAGES; k++)
		for (i = 0; i < page / 8; i++)
			if (mem[k * page / 8 + i] != word_of(k, i))
				_exit(3);
	if (munmap(mem, SACRIFICE_PAGES * page))
		_exit(4);
	_exit(0);
}

void sacrifice_begin(struct sacrifice *s, unsigned long at)
{
	int to[2], from[2];
	void *shared = child_shares(sysconf(_SC_PAGESIZE));
	char byte;

	if (pipe(to) || pipe(from) || pipe(storm_pipe) ||
	    pipe(calm_pipe))
		die("no pipes: %s", strerror(errno));
	s->faults = shared;
	s->storming = (int *)(s->faults + 1);
	s->pid = fork();
	if (s->pid < 0)
		die("fork: %s", strerror(errno));
	if (!s->pid) {
		/* so that it sees the end of the test */
		close(to[1]);
		close(storm_pipe[1]);
		life(s, at, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	close(calm_pipe[1]);
	s->say = to[1];
	s->hear = from[0];
	if (read(s->hear, &byte, 1) != 1)
		die("the sacrificial process has not begun");
}

void sacrifice_storm(struct sacrifice *s, bool on)
{
	char byte;

	__atomic_store_n(s->storming, on, __ATOMIC_RELAXED);
	if (on ? write(storm_pipe[1], "s", 1) != 1
	       : read(calm_pipe[0], &byte, 1) != 1)
		die("the storm does not %s: %s", on ? "begin" : "end",
		    strerror(errno));
}

bool sacrifice_end(struct sacrifice *s)
{
	int status = -1;

	if (write(s->say, "e", 1) != 1)
		return false;
	waitpid(s->pid, &status, 0);
	return WIFEXITED(status) && !WEXITSTATUS(status);
}
