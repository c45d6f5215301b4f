// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page faults of one kind, counted in guest instructions.
 *
 * Each access is timed by itself.  A sixteenth of the samples of a batch is left
 * out at both ends: the timer ticks, and the refills of the page allocator.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "control.h"
#include "huge.h"
#include "touch.h"
#include "workload.h"

#define PAGES		512U
#define HUGE_PAGES	8U
/* 16K pages make huge pages of 32 MiB: too much to fill with zeros */
#define HUGE_MOST	(4UL << 20)
#define CHUNK		16U	/* pages of a sample that is not a single access */
#define OUTLIERS	16

/* As much as a fault on a file brings in at once, and more. */
#define FILE_STEP	(128 * 1024UL)
#define FILE_STEPS	128U

#define LOOP_ROUNDS	100000UL

#define MOST_BATCHES	24
#define STEADY		0.002

/* Linux 5.14 */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23
#endif

static double sample[PAGES];

unsigned long long workload_now(void)
{
#ifdef __x86_64__
	return __builtin_ia32_rdtsc();
#else
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
#endif
}

/* Instructions that so many rounds of a loop take; two each everywhere. */
static unsigned long long loop(unsigned long rounds)
{
	unsigned long long from = workload_now();

#if defined(__x86_64__)
	asm volatile("1: dec %0\n\tjnz 1b" : "+r" (rounds));
#elif defined(__aarch64__)
	asm volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r" (rounds) : : "cc");
#else
	asm volatile("1: addi %0, %0, -1\n\tbnez %0, 1b" : "+r" (rounds));
#endif
	return workload_now() - from;
}

bool workload_counts(void)
{
	unsigned long long took, least = ~0ULL;
	unsigned int i;

	/* without a tick in one of them */
	for (i = 0; i < 10; i++) {
		took = loop(LOOP_ROUNDS);
		if (took < least)
			least = took;
	}
	return least >= 2 * LOOP_ROUNDS && least < 2 * LOOP_ROUNDS + LOOP_ROUNDS / 50;
}

int workload_by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double middle(double *samples, unsigned int n)
{
	unsigned int cut = (n + OUTLIERS - 1) / OUTLIERS, i;
	double sum = 0;

	qsort(samples, n, sizeof(*samples), workload_by_size);
	for (i = cut; i < n - cut; i++)
		sum += samples[i];
	return sum / (n - 2 * cut);
}

static void *map(size_t size, int advice)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || madvise(p, size, advice))
		die("no memory for a workload");
	return p;
}

static void write_all(char *p, size_t step, unsigned int n)
{
	unsigned long long from;
	unsigned int i;

	for (i = 0; i < n; i++) {
		from = workload_now();
		store_byte(p + i * step, 1);
		sample[i] = workload_now() - from;
	}
}

static char *small_pages(void)
{
	static char *p;

	if (!p)
		p = map(PAGES * sysconf(_SC_PAGESIZE), MADV_NOHUGEPAGE);
	return p;
}

static double anon(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *p = small_pages();

	write_all(p, page, PAGES);
	madvise(p, PAGES * page, MADV_DONTNEED);
	return middle(sample, PAGES);
}

static int content(void)
{
	static int fd = -1;
	char *buf;
	unsigned int i;

	if (fd >= 0)
		return fd;
	fd = memfd_create("workload", MFD_CLOEXEC);
	buf = malloc(FILE_STEP);
	if (fd < 0 || !buf)
		die("nothing to map for a workload");
	memset(buf, 1, FILE_STEP);
	for (i = 0; i < FILE_STEPS; i++) {
		if (write(fd, buf, FILE_STEP) != (ssize_t)FILE_STEP)
			die("no memory for a workload");
	}
	free(buf);
	return fd;
}

static double file_read(void)
{
	size_t size = FILE_STEPS * FILE_STEP;
	unsigned long long from;
	unsigned int i;
	char *p;

	p = mmap(NULL, size, PROT_READ, MAP_PRIVATE, content(), 0);
	if (p == MAP_FAILED)
		die("no address for a workload");
	for (i = 0; i < FILE_STEPS; i++) {
		from = workload_now();
		load_byte(p + i * FILE_STEP);
		sample[i] = workload_now() - from;
	}
	munmap(p, size);
	return middle(sample, FILE_STEPS);
}

static double cow(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *p = small_pages();
	static double *shared;
	unsigned int i;
	pid_t child;

	if (!shared)
		shared = child_shares(sizeof(*shared));
	for (i = 0; i < PAGES; i++)
		store_byte(p + i * page, 1);
	fflush(stdout);
	child = fork();
	if (!child) {
		write_all(p, page, PAGES);
		*shared = middle(sample, PAGES);
		_exit(0);
	}
	if (child < 0 || waitpid(child, NULL, 0) != child)
		die("no child for a workload");
	madvise(p, PAGES * page, MADV_DONTNEED);
	return *shared;
}

static double thp(void)
{
	unsigned long size = huge_thp_size();
	double took;
	char *p;

	if (!size || size > HUGE_MOST)
		return -1;
	p = huge_map(HUGE_PAGES * size);
	if (madvise(p, HUGE_PAGES * size, MADV_HUGEPAGE))
		return -1;
	write_all(p, size, HUGE_PAGES);
	took = middle(sample, HUGE_PAGES);
	huge_unmap(p, HUGE_PAGES * size);
	return took;
}

static double gup(void)
{
	size_t page = sysconf(_SC_PAGESIZE), chunk = CHUNK * page;
	unsigned long long from;
	char *p = small_pages();
	unsigned int i;

	for (i = 0; i < PAGES / CHUNK; i++) {
		from = workload_now();
		if (madvise(p + i * chunk, chunk, MADV_POPULATE_WRITE))
			return -1;
		sample[i] = (double)(workload_now() - from) / CHUNK;
	}
	madvise(p, PAGES * page, MADV_DONTNEED);
	return middle(sample, PAGES / CHUNK);
}

const struct workload workloads[] = {
	{ "anon", "first write to an anonymous page", anon },
	{ "file", "read of a file in memory", file_read },
	{ "cow", "write after a fork", cow },
	{ "thp", "first write to a huge page", thp },
	{ "gup", "write fault that the kernel makes with GUP", gup },
	{ }
};

static double one_batch(const struct workload *w, unsigned int rest_us)
{
	if (rest_us)
		usleep(rest_us);
	return w->batch();
}

double workload_run(const struct workload *w, unsigned int repeat, unsigned int rest_us)
{
	double last = 0, now = 0, sum = 0;
	unsigned int i;

	for (i = 0; i < MOST_BATCHES; i++, last = now) {
		now = one_batch(w, rest_us);
		if (now < 0)
			return now;
		if (i && fabs(now - last) < STEADY * now)
			break;
	}
	for (i = 0; i < repeat; i++)
		sum += one_batch(w, rest_us);
	return sum / repeat;
}
