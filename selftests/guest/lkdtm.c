// SPDX-License-Identifier: GPL-2.0-only
/*
 * The crashes of LKDTM, the kernel's own, that are about memory: one after the
 * other, each in a child.  Before each stands in the kernel log, in the words of
 * ptdbg_oops, that it begins and where this kernel has things; what it is LKDTM says
 * itself.  oopses_host.py shows them to `ptdbg explain`.
 *
 * Without an argument: all that a kernel survives.  With one: the crash of that
 * name, and no more.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "control.h"
#include "kselftest.h"

#define LKDTM		"/sys/kernel/debug/provoke-crash/DIRECT"
#define DEVICE		"/dev/ptdbg_oops"

/**
 * struct crash - one of LKDTM's
 * @name: of it
 * @lives: whoever does it goes on: the kernel reports it, and no more
 */
static const struct crash {
	const char *name;
	bool lives;
} crashes[] = {
	{ "ACCESS_NULL" },
	{ "ACCESS_USERSPACE" },
	{ "EXEC_NULL" },
	{ "EXEC_USERSPACE" },
	{ "EXEC_DATA" },
	{ "EXEC_RODATA" },
	{ "EXEC_STACK" },
	{ "EXEC_VMALLOC" },
	{ "EXEC_KMALLOC" },
	{ "WRITE_RO" },
	{ "WRITE_RO_AFTER_INIT" },
	{ "WRITE_KERN" },
	{ "STACK_GUARD_PAGE_LEADING" },
	{ "STACK_GUARD_PAGE_TRAILING" },
	{ "VMALLOC_LINEAR_OVERFLOW", true },
	{ "READ_BUDDY_AFTER_FREE" },
	{ "WRITE_BUDDY_AFTER_FREE", true },
	{ "USERCOPY_SLAB_SIZE_TO" },
	{ "USERCOPY_KERNEL" },
	{ "READ_AFTER_FREE", true },
	{ "WRITE_AFTER_FREE", true },
	{ "SLAB_LINEAR_OVERFLOW", true },
	{ "SLAB_FREE_DOUBLE", true },
	{ "SLAB_FREE_CROSS", true },
};

/* In a child: that it begins, where things are, and the crash. */
static void crash(const char *name)
{
	int log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	int device = open(DEVICE, O_WRONLY | O_CLOEXEC);
	int lkdtm = open(LKDTM, O_WRONLY | O_CLOEXEC);

	if (log < 0 || device < 0 || lkdtm < 0)
		_exit(2);
	dprintf(log, "<6>ptdbg_oops: begin %s", name);
	if (write(device, "layout 0", 8) != 8)
		_exit(2);
	_exit(write(lkdtm, name, strlen(name)) < 0 ? 1 : 0);
}

static void try_crash(const struct crash *c)
{
	int status;
	pid_t pid;

	pid = child_fork();
	if (!pid)
		crash(c->name);
	if (waitpid(pid, &status, 0) != pid)
		die("no child: %s", strerror(errno));
	if (c->lives)
		ksft_test_result(WIFEXITED(status) && !WEXITSTATUS(status),
				 "%s: who does it goes on\n", c->name);
	else
		ksft_test_result(WIFSIGNALED(status), "%s: it kills who does it\n",
				 c->name);
}

int main(int argc, char **argv)
{
	unsigned int i;

	ksft_print_header();
	if (access(LKDTM, W_OK))
		ksft_exit_skip("this kernel has no LKDTM\n");
	need_module("./ptdbg_oops.ko", "");
	if (argc > 1) {
		/* of which nothing comes back */
		crash(argv[1]);
	}
	ksft_set_plan(sizeof(crashes) / sizeof(*crashes));
	for (i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
		try_crash(&crashes[i]);
	need_no_module("ptdbg_oops");
	ksft_finished();
}
