// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page faults on 1, 2 and 4 CPUs at once, with ptdbg and without it: is anything
 * lost, and do the CPUs get into each other's way?
 *
 * Every CPU of the guest is a thread of the emulator, so this takes time on a clock,
 * and says something only where the host has as many CPUs to spare.  For make bench
 * the figures go to /out/cost: lines "number", NAME, VALUE, WHAT, with TABs.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "control.h"
#include "kselftest.h"
#include "touch.h"

#define PAGES		512U
#define CI_BATCHES	10U
#define FULL_BATCHES	80U
#define MOST_CPUS	4

static FILE *out;
static int *go;		/* shared with the children */

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void fault(unsigned int cpu, unsigned int batches)
{
	size_t page = sysconf(_SC_PAGESIZE);
	unsigned int i;
	cpu_set_t one;
	char *p;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	p = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		 -1, 0);
	if (p == MAP_FAILED || madvise(p, PAGES * page, MADV_NOHUGEPAGE) ||
	    sched_setaffinity(0, sizeof(one), &one))
		_exit(1);
	while (!__atomic_load_n(go, __ATOMIC_ACQUIRE))
		sched_yield();
	while (batches--) {
		for (i = 0; i < PAGES; i++)
			store_byte(p + i * page, 1);
		madvise(p, PAGES * page, MADV_DONTNEED);
	}
	_exit(0);
}

/* Seconds that so many faults take on each of the first CPUS CPUs. */
static double storm(unsigned int cpus, unsigned int batches)
{
	double start;
	unsigned int i;
	int status;

	*go = 0;
	fflush(NULL);
	for (i = 0; i < cpus; i++) {
		switch (fork()) {
		case -1:
			die("no child: %s", strerror(errno));
		case 0:
			fault(i, batches);
		}
	}
	start = seconds();
	__atomic_store_n(go, 1, __ATOMIC_RELEASE);
	for (i = 0; i < cpus; i++) {
		if (wait(&status) < 0 || status)
			die("a child has no page faults to offer");
	}
	return seconds() - start;
}

static void one_size(unsigned int cpus, unsigned int batches)
{
	unsigned long long faults = (unsigned long long)cpus * batches * PAGES;
	double without, with;
	struct stats s;

	storm(cpus, 1);
	without = storm(cpus, batches);
	need_module(PTDBG_KO, "enable=0 ring_kb=8192");
	set_knob("filter", "comm=cost_cpus");
	set_knob("enable", "1");
	storm(cpus, 1);
	set_knob("clear", "1");
	with = storm(cpus, batches);
	set_knob("enable", "0");
	read_stats(&s);
	need_no_module("ptdbg");

	ksft_test_result(!s.missed && s.recorded >= faults && stats_exact(&s, "after the storm"),
			 "%u CPUs: %llu faults, %llu recorded, %llu missed\n", cpus, faults,
			 s.recorded, s.missed);
	fprintf(out, "number\tcpus%u_records\t%.0f\t%u CPUs: records a CPU a second\n", cpus,
		s.recorded / cpus / with, cpus);
	fprintf(out, "number\tcpus%u_lost\t%llu\t%u CPUs: of %llu faults, lost\n", cpus,
		s.missed, cpus, faults);
	fprintf(out, "number\tcpus%u_ratio\t%.2f\t%u CPUs: time, in times of that without ptdbg\n",
		cpus, with / without, cpus);
}

int main(void)
{
	unsigned int cpus, batches = full_size() ? FULL_BATCHES : CI_BATCHES;

	ksft_print_header();
	ksft_set_plan(3);
	mkdir("/out", 0755);
	out = fopen("/out/cost", "w");
	go = child_shares(sizeof(*go));
	if (!out)
		die("/out/cost: %s", strerror(errno));
	for (cpus = 1; cpus <= MOST_CPUS; cpus *= 2)
		one_size(cpus, batches);
	fclose(out);
	ksft_finished();
}
