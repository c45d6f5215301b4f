// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables of somebody else: a task that reads or writes the memory of another
 * process faults there.  The record has its name, and the other's chain.
 *
 * Oracle: /proc/PID/pagemap of both processes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "proc.h"
#include "shape.h"
#include "touch.h"

static unsigned long page;
static int child;

/* A child with the same mappings that touches none of them. */
static void start_child(void)
{
	child = fork();
	if (child < 0)
		die("fork: %s", strerror(errno));
	while (!child)
		pause();
}

static void write_by_vm(int pid, void *at)
{
	struct iovec here = { .iov_base = "x", .iov_len = 1 };
	struct iovec there = { .iov_base = at, .iov_len = 1 };

	if (process_vm_writev(pid, &here, 1, &there, 1, 0) != 1)
		die("process_vm_writev: %s", strerror(errno));
}

static void write_remote(void *at)
{
	write_by_vm(child, at);
}

/* The other way in: ptrace and debuggers use it as well. */
static void write_mem(void *at)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", child);
	fd = open(path, O_RDWR);
	if (fd < 0 || pwrite(fd, "x", 1, (unsigned long)at) != 1)
		die("%s: %s", path, strerror(errno));
	close(fd);
}

/* The word behind the result, in the text of the fault at AT. */
static bool text_says_remote(const void *at)
{
	char head[64], *text = read_file(PTDBG_TEXT, NULL), *line, *end;
	bool found;

	snprintf(head, sizeof(head), "/%d fault %lx ", getpid(), (unsigned long)at);
	line = text ? strstr(text, head) : NULL;
	end = line ? strchr(line, '\n') : NULL;
	if (!end)
		die("the text has no fault at %p", at);
	*end = '\0';
	found = strstr(line, " remote");
	free(text);
	return found;
}

static bool ends_in(const struct ptdbg_chain *chain, const struct ptdbg_page *end,
		    unsigned long pfn)
{
	return chain->after_stop == PTDBG_STOP_LEAF && end->present && end->pfn == pfn;
}

static void test_remote(void (*write_to)(void *at), void *at, const char *how)
{
	struct mapping theirs, ours;
	const struct ptdbg_fault *f;
	const struct ptdbg_gup *g;
	struct records all;

	shape_forget();
	write_to(at);
	theirs = look_up_page(child, (unsigned long)at);
	ours = look_up_page(getpid(), (unsigned long)at);
	if (!theirs.present || ours.present)
		die("%s did not fault in the child, and only there", how);
	records_read(&all);
	f = (const void *)record_find(&all, PTDBG_FAULT, getpid(), (unsigned long)at);
	ksft_test_result(f && f->remote, "%s: the fault is remote\n", how);
	ksft_test_result(f && ends_in(&f->chain, &f->page, theirs.pfn),
			 "%s: its chain is the child's: pfn %lx\n", how, theirs.pfn);
	ksft_test_result(f && text_says_remote(at), "%s: and so says the text\n", how);
	g = (const void *)record_find(&all, PTDBG_GUP, getpid(), (unsigned long)at);
	ksft_test_result(g && g->remote && ends_in(&g->chain, &g->page, theirs.pfn),
			 "%s: gup: the same\n", how);
	records_free(&all);
}

static void test_own(void *at)
{
	const struct ptdbg_fault *f;
	const struct ptdbg_gup *g;
	struct records all;

	shape_forget();
	store_byte(at, 1);
	write_by_vm(getpid(), at);
	records_read(&all);
	f = (const void *)record_find(&all, PTDBG_FAULT, getpid(), (unsigned long)at);
	ksft_test_result(f && !f->remote && !text_says_remote(at) &&
			 ends_in(&f->chain, &f->page,
				 look_up_page(getpid(), (unsigned long)at).pfn),
			 "our own fault there is not\n");
	g = (const void *)record_find(&all, PTDBG_GUP, getpid(), (unsigned long)at);
	ksft_test_result(g && !g->remote, "nor is gup of our own memory\n");
	records_free(&all);
}

int main(void)
{
	char *at;

	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(10);
	shape_start();
	at = shape_map(2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	start_child();
	test_remote(write_remote, at, "process_vm_writev");
	test_remote(write_mem, at + page, "/proc/PID/mem");
	test_own(at);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	shape_end();
	ksft_finished();
}
