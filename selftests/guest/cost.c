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
#include "kselftest.h"
#include "workload.h"

#define PEER_KO		"./ptdbg_peer.ko"
#define TRACING		"/sys/kernel/tracing/"
#define FAULT_EVENT	"events/exceptions/page_fault_user/enable"

/* rules that hold, and are all looked at for each table */
#define RULES \
	"allow table 0-10000000000\n" \
	"deny table 10000000000-20000000000\n" \
	"deny pte 20000000000-\n"

/* where the second argument of a function is */
#if defined(__x86_64__)
#define ADDRESS	"%si"
#elif defined(__aarch64__)
#define ADDRESS	"%x1"
#else
#define ADDRESS	"%a1"
#endif

#define MOST_REPETITIONS	5

/**
 * struct way - a way of watching page faults
 * @name: a word
 * @what: a few words
 * @on: begin; false: this kernel has no such thing
 * @off: end, after an @on that was true
 * @brief: the test at CI size has it as well
 */
struct way {
	const char *name;
	const char *what;
	bool (*on)(void);
	void (*off)(void);
	bool brief;
};

static FILE *out;

/* Why there is no such way, where errno does not tell. */
static const char *why;

static bool trace_write(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), TRACING "%s", name);
	return write_file(path, text, strlen(text)) == (long)strlen(text);
}

static void need_trace(const char *name, const char *text)
{
	if (!trace_write(name, text))
		die("tracing/%s does not take \"%s\": %s", name, text, strerror(errno));
}

static bool nothing_on(void)
{
	return true;
}

static void nothing_off(void)
{
}

static void ptdbg_off(void)
{
	need_no_module("ptdbg");
}

static bool disabled_on(void)
{
	need_module(PTDBG_KO, "enable=0");
	return true;
}

static bool filtered_on(void)
{
	need_module(PTDBG_KO, "enable=0");
	set_knob("filter", "comm=nobody");
	set_knob("enable", "1");
	return true;
}

static bool full_on(void)
{
	need_module(PTDBG_KO, "");
	return true;
}

static bool regions_on(void)
{
	need_module(PTDBG_KO, "enable=0");
	set_knob("regions", RULES);
	set_knob("enable", "1");
	return true;
}

static bool stacks_on(void)
{
	need_module(PTDBG_KO, "enable=0");
	set_knob("stacks", "1");
	set_knob("enable", "1");
	return true;
}

static bool kprobe_on(void)
{
	return !load_module(PEER_KO, "");
}

static bool kretprobe_on(void)
{
	return !load_module(PEER_KO, "ret=1");
}

static void peer_off(void)
{
	need_no_module("ptdbg_peer");
}

static bool event_on(void)
{
	if (!trace_write("kprobe_events", "p:cost/call handle_mm_fault address=" ADDRESS "\n"))
		return false;
	return trace_write("events/cost/enable", "1");
}

static void event_off(void)
{
	need_trace("events/cost/enable", "0");
	/* what is left of them makes the next probe there dearer */
	need_trace("kprobe_events", "-:cost/call\n");
	trace_write("kprobe_events", "-:cost/return\n");
}

static bool pair_on(void)
{
	static const char pair[] =
		"p:cost/call handle_mm_fault address=" ADDRESS "\n"
		"r:cost/return handle_mm_fault result=$retval\n";

	if (!trace_write("kprobe_events", pair)) {
		trace_write("kprobe_events", "-:cost/call\n");
		return false;
	}
	return trace_write("events/cost/enable", "1");
}

static bool tracepoint_on(void)
{
	return trace_write(FAULT_EVENT, "1");
}

static void tracepoint_off(void)
{
	need_trace(FAULT_EVENT, "0");
}

static bool graph_on(void)
{
	if (!trace_write("set_ftrace_filter", "handle_mm_fault"))
		return false;
	return trace_write("current_tracer", "function_graph");
}

static void graph_off(void)
{
	need_trace("current_tracer", "nop");
	need_trace("set_ftrace_filter", "\n");
}

static bool bpftrace_on(void)
{
	why = "not in the guest: it needs LLVM there";
	return false;
}

static const struct way ways[] = {
	{ "nothing", "nothing loaded", nothing_on, nothing_off, true },
	{ "disabled", "ptdbg, enable=0", disabled_on, ptdbg_off, true },
	{ "filtered", "ptdbg, filtered out by comm", filtered_on, ptdbg_off, true },
	{ "full", "ptdbg, full record", full_on, ptdbg_off, true },
	{ "regions", "ptdbg, with three region rules", regions_on, ptdbg_off, true },
	{ "stacks", "ptdbg, with stacks", stacks_on, ptdbg_off, false },
	{ "kprobe", "empty kprobe", kprobe_on, peer_off, false },
	{ "kretprobe", "empty kretprobe with entry handler", kretprobe_on, peer_off, true },
	{ "event", "kprobe event (address)", event_on, event_off, false },
	{ "pair", "kprobe and kretprobe event (address, result)", pair_on, event_off, true },
	{ "tracepoint", "exceptions:page_fault_user", tracepoint_on, tracepoint_off, false },
	{ "graph", "function_graph of handle_mm_fault", graph_on, graph_off, false },
	{ "bpftrace", "bpftrace", bpftrace_on, nothing_off, false },
};

#define WAYS	ARRAY_SIZE(ways)

/* Of the first workload: instructions by way and repetition; 0: none. */
static double anon[WAYS][MOST_REPETITIONS];

static void one_way(unsigned int i, unsigned int repetition)
{
	const struct workload *w;
	double cost;

	why = NULL;
	if (!ways[i].on()) {
		if (!repetition)
			fprintf(out, "skip\t%s\t%s\n", ways[i].name,
				why ? why : strerror(errno));
		return;
	}
	for (w = workloads; w->name; w++) {
		if (w != workloads && !full_size())
			continue;
		cost = workload_run(w, full_size() ? 3 : 4);
		if (w == workloads)
			anon[i][repetition] = cost;
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
	took = read_through(PTDBG_DIR "/ctf/cpu0", &bytes);
	fprintf(out, "number\tbytes\t%.0f\tbytes a record, packet heads included\n",
		(double)bytes / s.readable);
	fprintf(out, "number\tctf\t%.0f\tinstructions a record to read ctf/cpu0\n",
		took / s.readable);
	took = read_through(PTDBG_TEXT, &bytes);
	fprintf(out, "number\ttext\t%.0f\tinstructions a record to read the text\n",
		took / s.readable);
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
	for (i = 0; i < WAYS; i++)
		fprintf(out, "way\t%s\t%s\n", ways[i].name, ways[i].what);
	/* the tracers last: who knows what they leave behind */
	for (i = 0; i < WAYS; i++) {
		for (r = 0; r < repetitions && (full_size() || ways[i].brief); r++)
			one_way(i, r);
	}
	if (full_size())
		read_records();
	fclose(out);
}

/* Instructions that the way called NAME adds to a fault of the first workload. */
static double added(const char *name)
{
	unsigned int i;

	for (i = 0; i < WAYS; i++) {
		if (!strcmp(ways[i].name, name))
			return anon[i][0] - anon[0][0];
	}
	die("there is no way %s", name);
	return 0;
}

static void keep_to(const char *what, double cost, double most)
{
	ksft_test_result(cost <= most, "%s: %.0f instructions, at most %.0f\n", what, cost, most);
}

/* Two hold everywhere; the others are known for one kernel. */
static void budgets(void)
{
	const char *lane = getenv("PTDBG_LANE");
	bool known = lane && !strcmp(lane, "amd64-6.1");

	keep_to("enable=0", added("disabled"), anon[0][0] / 200);
	keep_to("three region rules", added("regions") - added("full"), 60);
	if (known) {
		keep_to("filtered out by comm", added("filtered"), 400);
		keep_to("full record", added("full"), 1030);
	} else {
		ksft_test_result_skip("what is filtered out: the figures are those of amd64-6.1\n");
		ksft_test_result_skip("full record: the figures are those of amd64-6.1\n");
	}
}

int main(void)
{
	unsigned int repetitions = full_size() ? MOST_REPETITIONS : 1, i;

	ksft_print_header();
	ksft_set_plan(5);
	ksft_test_result(workload_counts(), "an instruction is a nanosecond\n");
	measure(repetitions);
	for (i = 0; i < WAYS; i++) {
		if (anon[i][0] > 0)
			ksft_print_msg("%-12s %8.1f\n", ways[i].name, anon[i][0] - anon[0][0]);
	}
	budgets();
	ksft_finished();
}
