// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kind of oops, one after the other, each the end of a child.  What is true
 * of each stands before it in the kernel log; oopses_host.py shows them to `ptdbg
 * explain`.
 *
 * Without an argument: all that a kernel survives.  With one: the trigger of that
 * name, and no more.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"

#define DEVICE		"/dev/ptdbg_oops"

/* The trigger that no kernel survives */
#define PANICS		"stack"

static char *page;

/* The wait status of a child that pulls the trigger. */
static int pull(const char *name)
{
	int status, fd, n;
	char text[64];
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		fd = open(DEVICE, O_RDWR | O_CLOEXEC);
		n = snprintf(text, sizeof(text), "%s %lx", name,
			     (unsigned long)page);
		if (fd < 0)
			_exit(2);
		_exit(write(fd, text, n) < 0 && errno == ENODATA ? KSFT_SKIP : 1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("no child: %s", strerror(errno));
	return status;
}

static void trigger(const char *name)
{
	int status = pull(name);

	if (WIFEXITED(status) && WEXITSTATUS(status) == KSFT_SKIP)
		ksft_test_result_skip("%s: not on this kernel, or not found\n", name);
	else
		ksft_test_result(WIFSIGNALED(status), "%s: it kills who does it\n",
				 name);
}

int main(int argc, char **argv)
{
	unsigned int n = 0;
	char *names, *at, *name;

	ksft_print_header();
	need_module("./ptdbg_oops.ko", "");
	page = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	names = read_file(DEVICE, NULL);
	if (page == MAP_FAILED || !names)
		die("no page, or no triggers: %s", strerror(errno));
	if (argc > 1) {
		ksft_set_plan(1);
		trigger(argv[1]);
		ksft_finished();
	}
	for (at = names; *at; at++)
		n += *at == '\n';
	ksft_set_plan(n + 1);
	for (at = names; (name = strsep(&at, "\n")) && *name;) {
		if (strcmp(name, PANICS))
			trigger(name);
		else
			ksft_test_result_skip("%s: the kernel panics\n", name);
	}
	need_no_module("ptdbg_oops");
	ksft_test_result_pass("the module can be unloaded\n");
	ksft_finished();
}
