// SPDX-License-Identifier: GPL-2.0-only
/*
 * A storm of page faults.
 *
 * It runs in a process group of its own, which is killed as a whole, so that
 * nothing of it is left whatever it was doing.  When the test dies, it dies too:
 * it holds the pipe that the test's runner waits for.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "storm.h"
#include "touch.h"

#define PAGES	64

/* Touch pages, some read, some written, then give them all back. */
static void *touch_and_drop(void *unused)
{
	size_t size = sysconf(_SC_PAGESIZE);
	unsigned int i;
	char *p;

	(void)unused;
	p = mmap(NULL, PAGES * size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		_exit(1);
	for (;;) {
		for (i = 0; i < PAGES; i++) {
			if (i % 3)
				store_byte(p + i * size, i);
			else
				load_byte(p + i * size);
		}
		if (madvise(p, PAGES * size, MADV_DONTNEED))
			_exit(1);
	}
}

/* Copy on write, exits, new page tables. */
static void fork_and_wait(void)
{
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		pid = fork();
		if (!pid)
			_exit(0);
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
}

static void rage(void)
{
	unsigned int i, threads = 2 * sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t thread;
	pid_t pid;

	/* one process with threads that share a mm, one that forks */
	pid = fork();
	if (!pid)
		fork_and_wait();
	for (i = 1; i < threads; i++) {
		if (pthread_create(&thread, NULL, touch_and_drop, NULL))
			_exit(1);
	}
	touch_and_drop(NULL);
}

int storm_start(const char *name, int niceness)
{
	pid_t pid = child_fork();

	if (!pid) {
		setpgid(0, 0);
		prctl(PR_SET_NAME, name);
		if (setpriority(PRIO_PROCESS, 0, niceness))
			_exit(1);
		rage();
	}
	/* whoever of the two comes first */
	setpgid(pid, pid);
	return pid;
}

void storm_end(int pid)
{
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
