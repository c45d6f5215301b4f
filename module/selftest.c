// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a hook fire?  A probe can be registered and yet be dead (kprobes
 * switched off by hand, a text patch that failed).  So each hook that can be
 * set off without harm is: a page of the loading process is faulted in and
 * looked up with GUP.  Signals and oopses can't be tried; they stay "untested"
 * until one has come by.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/uaccess.h>

#include "ptdbg.h"

enum result {
	UNTESTED,
	FAILED,
	PASSED,
};

static struct task_struct *tester;
static unsigned long page_addr;
static enum result result[PTDBG_NR_HOOKS];

/* A hook has fired while the self-test runs.  Context: probe. */
void ptdbg_selftest_saw(enum ptdbg_hook_id id, u64 addr)
{
	if (current != READ_ONCE(tester))
		return;
	if (id == PTDBG_HOOK_RETURN || (addr & PAGE_MASK) == page_addr)
		result[id] = PASSED;
}

NOKPROBE_SYMBOL(ptdbg_selftest_saw);

/**
 * ptdbg_selftest_run() - set off what can be
 *
 * Context: process context, ptdbg.state is PTDBG_TESTING.  Without a user mm
 * (a kernel thread loads the module) everything stays untested.
 */
void ptdbg_selftest_run(void)
{
	unsigned int id;
	u8 byte = 1;

	for (id = 0; id < PTDBG_NR_HOOKS; id++)
		result[id] = UNTESTED;
	if (!current->mm)
		return;
	page_addr = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(page_addr))
		return;

	result[PTDBG_HOOK_FAULT] = FAILED;
	result[PTDBG_HOOK_RETURN] = FAILED;
	WRITE_ONCE(tester, current);
	if (put_user(byte, (u8 __user *)page_addr)) {
		result[PTDBG_HOOK_FAULT] = UNTESTED;
		result[PTDBG_HOOK_RETURN] = UNTESTED;
	} else {
		result[PTDBG_HOOK_GUP] = FAILED;
		if (access_process_vm(current, page_addr, &byte, 1, 0) != 1)
			result[PTDBG_HOOK_GUP] = UNTESTED;
	}
	WRITE_ONCE(tester, NULL);
	vm_munmap(page_addr, PAGE_SIZE);
}

bool ptdbg_selftest_failed(enum ptdbg_hook_id id)
{
	return result[id] == FAILED;
}

/* For the hooks file. */
const char *ptdbg_selftest_result(enum ptdbg_hook_id id)
{
	enum result r = result[id];

	if (id == PTDBG_HOOK_FAULT && result[PTDBG_HOOK_RETURN] == FAILED)
		r = FAILED;
	switch (r) {
	case PASSED:
		return "tested";
	case FAILED:
		return "DEAD: placed, but a test did not set it off";
	default:
		return "untested";
	}
}
