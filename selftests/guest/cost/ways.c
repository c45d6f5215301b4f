// SPDX-License-Identifier: GPL-2.0-only
/*
 * See ways.h.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "control.h"
#include "ways.h"

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

#define PROBES			"/sys/kernel/debug/kprobes/list"
#define BPFTRACE		"./bpftrace"
#define BPFTRACE_CALL		"kprobe:handle_mm_fault { @a[tid] = arg1 }"
#define BPFTRACE_RETURN		"kretprobe:handle_mm_fault { printf(\"%lx %d\\n\", @a[tid], retval) }"
/* the compiler in it takes a while */
#define BPFTRACE_SECONDS	300
/* more than it needs to print what a batch of faults has left */
#define BPFTRACE_REST_US	100000

static pid_t bpftrace;

const char *way_why;

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

/* Both its probes are there. */
static bool bpftrace_begun(void)
{
	char *text = need_file(PROBES), *line = strtok(text, "\n");
	unsigned int found = 0;

	for (; line; line = strtok(NULL, "\n"))
		found += strstr(line, "handle_mm_fault") && !strstr(line, "[DISABLED]");
	free(text);
	return found == 2;
}

static void bpftrace_off(void)
{
	kill(bpftrace, SIGKILL);
	waitpid(bpftrace, NULL, 0);
}

/*
 * It prints when nothing else is to be done: how often it comes in between is a
 * matter of luck, and what reads the records of the others is not counted either.
 */
static void bpftrace_run(void)
{
	const struct sched_param none = { };

	if (sched_setscheduler(0, SCHED_IDLE, &none))
		_exit(126);
	execl(BPFTRACE, BPFTRACE, "-o", "/dev/null", "-e", BPFTRACE_CALL BPFTRACE_RETURN, NULL);
	_exit(127);
}

static bool bpftrace_on(void)
{
	time_t until = time(NULL) + BPFTRACE_SECONDS;

	way_why = "not in the guest: it goes there when the host is of its architecture and has it";
	if (access(BPFTRACE, X_OK))
		return false;
	bpftrace = child_fork();
	if (!bpftrace)
		bpftrace_run();
	way_why = "it does not begin";
	while (!bpftrace_begun()) {
		if (waitpid(bpftrace, NULL, WNOHANG) == bpftrace)
			return false;
		if (time(NULL) > until) {
			bpftrace_off();
			return false;
		}
		usleep(10000);
	}
	return true;
}

const struct way ways[] = {
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
	{ "bpftrace", "bpftrace (address, result)", bpftrace_on, bpftrace_off, false,
	  BPFTRACE_REST_US },
	{ }
};

_Static_assert(sizeof(ways) / sizeof(*ways) <= MOST_WAYS + 1, "MOST_WAYS are too few");
