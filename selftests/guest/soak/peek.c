// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking into another process: ptrace, /proc/PID/mem, process_vm_readv, while
 * its memory comes and goes.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chance.h"
#include "control.h"
#include "touch.h"
#include "worker.h"

#define PAGES	64

static pid_t child_with(char *p)
{
	unsigned long page = page_bytes(), i;
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		for (i = 0; i < PAGES; i++)
			store_byte(p + i * page, i);
		madvise(p, PAGES * page, MADV_DONTNEED);
		usleep(1000);
	}
}

static void trace(pid_t pid, char *at)
{
	long word;
	int status;

	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL))
		return;
	if (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		word = ptrace(PTRACE_PEEKDATA, pid, at, NULL);
		ptrace(PTRACE_POKEDATA, pid, at, (void *)word);
	}
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

void work_peek(void)
{
	unsigned long page = page_bytes();
	char *p = pages_map(PAGES), *at, word[16], path[64];
	struct iovec here = { .iov_base = word, .iov_len = sizeof(word) };
	struct iovec there = { .iov_len = sizeof(word) };
	pid_t pid = child_with(p);
	int mem;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	mem = open(path, O_RDWR | O_CLOEXEC);
	if (pid < 0 || mem < 0)
		die("%s: no child to look at", path);
	for (;;) {
		at = p + random_below(PAGES) * page;
		switch (random_below(4)) {
		case 0:
			trace(pid, at);
			break;
		case 1:
			there.iov_base = at;
			process_vm_readv(pid, &here, 1, &there, 1, 0);
			break;
		default:
			if (pread(mem, word, sizeof(word), (long)at) > 0 && random_below(2))
				pwrite(mem, word, sizeof(word), (long)at);
			break;
		}
		worker_did();
	}
}
