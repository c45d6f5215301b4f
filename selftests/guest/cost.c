// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a page fault costs with ptdbg, and with what else the kernel offers to watch
 * it: guest instructions, of kinds of faults (lib/workload.c) in ways of watching.
 *
 * `make bench` makes its tables of what this writes to /out/cost: lines of words,
 * TAB between them:
 *	workload NAME WHAT
 *	way NAME WHAT
 *	skip WAY WHY
 *	cost WAY WORKLOAD REPETITION INSTRUCTIONS
 *	number NAME VALUE WHAT
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control.h"
#include "cost/ways.h"
#include "kselftest.h"
#include "workload.h"

#define MOST_REPETITIONS	5

static FILE *out;

/* Of the first workload: instructions by way, the repetitions' and their median. */
static struct {
	double all[MOST_REPETITIONS];
	unsigned int nr;
	double median;
} anon[MOST_WAYS];

static void one_way(unsigned int i, unsigned int repetition)
{
	const struct workload *w;
	double cost;

	way_why = NULL;
	if (!ways[i].on()) {
		if (!repetition)
			fprintf(out, "skip\t%s\t%s\n", ways[i].name,
				way_why ? way_why : strerror(errno));
		return;
	}
	for (w = workloads; w->name; w++) {
		if (w != workloads && !full_size())
			continue;
		cost = workload_run(w, full_size() ? 3 : 4, ways[i].rest_us);
		if (w == workloads)
			anon[i].all[anon[i].nr++] = cost;
		if (cost > 0)
			fprintf(out, "cost\t%s\t%s\t%u\t%.1f\n", ways[i].name, w->name,
				repetition, cost);
	}
	ways[i].off();
	fflush(out);
}

/* Instructions to read a file to its end, and its bytes. */
static double read_through(const char *path, unsigned long long *bytes)
{
	static char buf[64 * 1024];
	unsigned long long from = workload_now();
	int fd = open(path, O_RDONLY);
	ssize_t n;

	*bytes = 0;
	while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0)
		*bytes += n;
	if (fd < 0 || n < 0)
		die("%s: %s", path, strerror(errno));
	close(fd);
	return workload_now() - from;
}

static void say_reading(const char *name, const char *what, double took)
{
	fprintf(out, "number\t%s\t%.0f\tinstructions a record to %s\n", name, took, what);
	fprintf(out, "number\t%s_second\t%.0f\trecords a second to %s, an instruction a ns\n",
		name, 1e9 / took, what);
}

/* What a record takes: bytes, and instructions to read it. */
static void read_records(void)
{
	unsigned long long bytes;
	struct stats s;
	double took;

	need_module(PTDBG_KO, "enable=0 ring_kb=1024");
	set_knob("filter", "comm=cost type=fault");
	set_knob("enable", "1");
	workloads->batch();
	workloads->batch();
	set_knob("enable", "0");
	read_stats(&s);
	took = read_through(PTDBG_DIR "/ctf/cpu0", &bytes) / s.readable;
	fprintf(out, "number\tbytes\t%.0f\tbytes a record, packet heads included\n",
		(double)bytes / s.readable);
	say_reading("ctf", "read ctf/cpu0", took);
	say_reading("text", "read the text", read_through(PTDBG_TEXT, &bytes) / s.readable);
	need_no_module("ptdbg");
}

static void measure(unsigned int repetitions)
{
	const struct workload *w;
	unsigned int i, r;

	mkdir("/out", 0755);
	out = fopen("/out/cost", "w");
	if (!out)
		die("/out/cost: %s", strerror(errno));
	for (w = workloads; w->name; w++)
		fprintf(out, "workload\t%s\t%s\n", w->name, w->what);
	for (i = 0; ways[i].name; i++)
		fprintf(out, "way\t%s\t%s\n", ways[i].name, ways[i].what);
	/*
	 * What workloads map, they map only once, and every vma makes the next fault
	 * dearer.  And riscv64 7.2 takes a while until huge pages cost what they cost.
	 */
	for (r = 0; full_size() && r < repetitions; r++) {
		for (w = workloads; w->name; w++)
			workload_run(w, 3, 0);
	}
	/* the tracers last: who knows what they leave behind */
	for (i = 0; ways[i].name; i++) {
		for (r = 0; r < repetitions && (full_size() || ways[i].brief); r++)
			one_way(i, r);
	}
	if (full_size())
		read_records();
	fclose(out);
}

static void find_medians(void)
{
	unsigned int i;

	for (i = 0; ways[i].name; i++) {
		qsort(anon[i].all, anon[i].nr, sizeof(*anon[i].all), workload_by_size);
		anon[i].median = anon[i].all[anon[i].nr / 2];
	}
}

static unsigned int way_called(const char *name)
{
	unsigned int i;

	for (i = 0; ways[i].name; i++) {
		if (!strcmp(ways[i].name, name))
			return i;
	}
	die("there is no way %s", name);
	return 0;
}

static bool measured(const char *name)
{
	return anon[way_called(name)].nr;
}

/* Instructions that the way called NAME adds to a fault of the first workload. */
static double added(const char *name)
{
	return anon[way_called(name)].median - anon[0].median;
}

static void keep_to(const char *what, double cost, double most)
{
	ksft_test_result(cost <= most, "%s: %.0f instructions, at most %.0f\n", what, cost, most);
}

/* What a full record may cost, in hundredths of the kprobe and kretprobe events. */
#define MOST_SHARE	70

/*
 * The same on kernels of which more is known, and in instructions; 0: not known.
 * Where there is KASAN, it looks at each access of a module.
 */
static const struct budget {
	const char *lane;
	unsigned int share;
	unsigned int full;
	unsigned int filtered;
} budgets[] = {
	{ "amd64-6.1", 52, 1030, 400 },
	{ "arm64-6.12", 62, 1640, 770 },
	{ "riscv64-7.2-sv57", 63, 1930, 1050 },
	{ "amd64-6.12-debug", 100 },
	{ }
};

/* That of this lane, or NULL. */
static const struct budget *find_budget(void)
{
	const struct budget *b = budgets;

	while (b->lane && !on_lane(b->lane))
		b++;
	return b->lane ? b : NULL;
}

/* Of a fault that goes off the trail, a full record costs more than the events twice. */
static void judge_share(unsigned int share)
{
	if (!measured("kretprobe"))
		ksft_test_result_skip("full record and events: the kernel refuses kretprobes\n");
	else
		ksft_test_result(measured("pair") && added("full") * 100 <= added("pair") * share,
				 "full record: %.3f of kprobe and kretprobe events, at most %.2f\n",
				 added("full") / added("pair"), share / 100.0);
}

static void judge(const struct budget *b)
{
	keep_to("enable=0", added("disabled"), anon[0].median / 200);
	keep_to("three region rules", added("regions") - added("full"), 60);
	judge_share(b ? b->share : MOST_SHARE);
	if (b && b->full) {
		keep_to("full record", added("full"), b->full);
		keep_to("filtered out by comm", added("filtered"), b->filtered);
	}
}

int main(void)
{
	unsigned int repetitions = full_size() ? MOST_REPETITIONS : 1, i;
	const struct budget *budget = find_budget();

	ksft_print_header();
	ksft_set_plan(budget && budget->full ? 6 : 4);
	ksft_test_result(workload_counts(), "an instruction is a nanosecond\n");
	measure(repetitions);
	find_medians();
	for (i = 0; ways[i].name; i++) {
		if (anon[i].nr)
			ksft_print_msg("%-12s %8.1f\n", ways[i].name,
				       anon[i].median - anon[0].median);
	}
	judge(budget);
	ksft_finished();
}
