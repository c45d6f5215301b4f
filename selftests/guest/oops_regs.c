// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers and the stack of an oops: every register that the kernel prints in
 * its own report has that value in the record, the stack has the frames of its call
 * trace, and addresses of known memory are called what they are, in the record and
 * in the text.
 *
 * Oracles: the kernel log; the injector, which dies with an address of each kind of
 * memory in a register and says which; /proc/kallsyms through the kernel's %pB.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "inject.h"
#include "kselftest.h"
#include "records.h"

/* klogctl(2): read all that is in the kernel log */
#define SYSLOG_ACTION_READ_ALL	3

/* What is read: in the first page, so nobody has it */
#define DEAD		0x88

#define FRAMES		64
#define NAME		128

static char *target;
static char dead_log[1 << 20];
static int injector;

/* A child that dies.  Return: its pid; the kernel log of it is in dead_log. */
static pid_t die_there(void)
{
	static const char mark[] = "<6>oops_regs: now\n";
	char *from, *at;
	int status, n;
	pid_t pid;

	if (write_file("/dev/kmsg", mark, strlen(mark)) < 0)
		die("/dev/kmsg: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		target[0] = 1;
		if (inject(injector, "aim %d %lx", getpid(), (unsigned long)target) ||
		    inject(injector, "hold %x", DEAD))
			_exit(2);
		_exit(3);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
		die("the child did not die: status %x", status);
	n = klogctl(SYSLOG_ACTION_READ_ALL, dead_log, sizeof(dead_log) - 1);
	if (n < 0)
		die("cannot read the kernel log: %s", strerror(errno));
	dead_log[n] = '\0';
	for (from = NULL, at = dead_log; (at = strstr(at, mark + 3)); at++)
		from = at;
	if (!from)
		die("the kernel log has lost our mark");
	memmove(dead_log, from, strlen(from) + 1);
	return pid;
}

/* What the report of the kernel calls a register. */
static void printed_name(const char *name, char *text)
{
	unsigned int number;
	char *c;

	sprintf(text, "%s", strcmp(name, "rsp") ? name : "rsp: 0018");
#ifdef __x86_64__
	for (c = text; *c; c++)
		*c = toupper(*c);
	if (sscanf(name, "r%u", &number) == 1)
		sprintf(text, "R%02u", number);
#else
	(void)number;
	(void)c;
#endif
}

/* Return: true when the kernel has printed the register, with its value. */
static bool printed(const char *name, unsigned long *value)
{
	char text[32], *at, *end;

	printed_name(name, text);
	for (at = dead_log; (at = strstr(at, text)); at++) {
		if (at > dead_log && !isspace((unsigned char)at[-1]))
			continue;
		end = at + strlen(text);
		while (*end == ' ')
			end++;
		if (*end != ':')
			continue;
		*value = strtoul(end + 1, &at, 16);
		if (at > end + 6)
			return true;
		at = end;
	}
	return false;
}

static void check_values(const struct ptdbg_oops *o, const struct ptdbg_reg *reg)
{
	unsigned int i, seen = 0, wrong = 0;
	unsigned long value;
	char name[9] = "";

	for (i = 0; i < o->regs; i++) {
		memcpy(name, reg[i].name, 8);
		if (!printed(name, &value))
			continue;
		seen++;
		if (value == reg[i].value)
			continue;
		wrong++;
		ksft_print_msg("%s is %llx, the kernel says %lx\n", name, reg[i].value, value);
	}
	/* of three at most the kernel prints no number: pc and lr are symbols */
	ksft_test_result(!wrong && o->regs >= 18 && seen + 3 >= o->regs,
			 "the values of %u of %u registers are in the log of the kernel\n",
			 seen, o->regs);
}

/* Names of frames out of a text that ends before @end: "a+0x1 [m] < b+0x2" */
static unsigned int split(char *text, const char *separator,
			  char name[FRAMES][NAME])
{
	unsigned int n = 0;
	char *at = text, *next;

	while (at && n < FRAMES) {
		next = strstr(at, separator);
		if (next)
			*next = '\0';
		snprintf(name[n++], NAME, "%.100s", at);
		at = next ? next + strlen(separator) : NULL;
	}
	return n;
}

/* Of a line of the call trace: "name+0x1/0x2 [module]" without the size. */
static bool trusted_frame(const char *line, char *name)
{
	const char *at = strstr(line, "] ");
	char symbol[NAME], module[NAME] = "";
	unsigned int offset, size;

	/* riscv prints the address, too */
	while (at && strstr(at + 2, "] ") && strchr(at, '+') > strstr(at + 2, "] "))
		at = strstr(at + 2, "] ");
	if (!at || strchr(at, '?'))
		return false;
	if (sscanf(at + 2, " %60[^+ ]+%x/%x [%20[^] ]", symbol, &offset, &size, module) < 3)
		return false;
	snprintf(name, NAME, "%.60s+0x%x%s%.20s%s", symbol, offset, *module ? " [" : "",
		 module, *module ? "]" : "");
	return true;
}

static unsigned int kernel_trace(char name[FRAMES][NAME])
{
	char *log = strdup(dead_log), *line, *save;
	unsigned int n = 0;
	bool on = false;

	for (line = strtok_r(log, "\n", &save); line && n < FRAMES;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line + strcspn(line, "]"), "] Code: ", 8) ||
		    strstr(line, "</TASK>") || strstr(line, "end trace"))
			on = false;
		if (on && trusted_frame(line, name[n]))
			n++;
		/* riscv64 does not say what follows the last registers */
		if (strstr(line, "Call Trace:") || strstr(line, "Call trace:") ||
		    strstr(line, " badaddr: "))
			on = true;
	}
	free(log);
	return n;
}

/* The line of the oops of @pid in the text that begins with @what. */
static bool text_line(pid_t pid, const char *what, char *to, size_t size)
{
	char *all = read_file(PTDBG_TEXT, NULL), head[64], *at, *end;

	if (!all)
		die("cannot read the text: %s", strerror(errno));
	snprintf(head, sizeof(head), "/%d oops ", pid);
	at = strstr(all, head);
	end = at ? strstr(at, "\n[") : NULL;
	if (end)
		*end = '\0';
	at = at ? strstr(at, what) : NULL;
	if (at)
		snprintf(to, size, "%.*s", (int)strcspn(at + strlen(what), "\n"),
			 at + strlen(what));
	free(all);
	return at;
}

/*
 * Some kernels begin their trace with the function that died; we begin with its
 * caller.
 */
static void check_stack(const struct ptdbg_record *r, pid_t pid)
{
	static char ours[FRAMES][NAME], theirs[FRAMES][NAME], line[8192];
	unsigned int n = 0, i, first = 0, k = kernel_trace(theirs);
	const struct ptdbg_stack *s = record_stack(r);

	if (text_line(pid, "\n    stack ", line, sizeof(line)))
		n = split(line, " < ", ours);
	while (first < k && n && strcmp(theirs[first], ours[0]))
		first++;
	for (i = 0; i < n && first + i < k; i++) {
		if (strcmp(ours[i], theirs[first + i]))
			break;
	}
	ksft_test_result(s && s->kernel_n >= 4 && s->kernel_n == n && first < 3 &&
			 i == n && first + n == k,
			 "the stack has the %u frames of the call trace\n", n);
	if (i == n && first + n == k)
		return;
	for (i = 0; i < n || i < k; i++)
		ksft_print_msg("%s, the kernel: %s\n", i < n ? ours[i] : "-",
			       i < k ? theirs[i] : "-");
}

static void check_held(const struct ptdbg_oops *o, const struct ptdbg_reg *reg,
		       const struct witness *w, pid_t pid)
{
	static const struct {
		const char *name;
		unsigned int kind;
		const char *of;
		const char *text;
	} want[INJECT_HELD] = {
		[INJECT_SLAB] = { "slab memory", PTDBG_REG_SLAB, "ptdbg_prey",
				  "slab memory of ptdbg_prey, pfn " },
		[INJECT_PAGE] = { "a struct page", PTDBG_REG_PAGE, "", "struct page of pfn " },
		[INJECT_MEMORY] = { "a page", PTDBG_REG_MEMORY, "", "memory, pfn " },
		[INJECT_TABLE] = { "a page table", PTDBG_REG_TABLE, "", "page table, pfn " },
		[INJECT_VMALLOC] = { "vmalloc()", PTDBG_REG_VMALLOC, "", "vmalloc area, pfn " },
		[INJECT_CODE] = { "a function", PTDBG_REG_CODE, "",
				  "inject_flush+0x0 [ptdbg_inject]" },
		[INJECT_STACK] = { "the stack", PTDBG_REG_STACK, "oops_regs",
				   "the kernel stack of oops_regs/" },
		[INJECT_POISON] = { "poison", PTDBG_REG_POISON, "", "LIST_POISON2: " },
	};
	char name[16], line[256] = "";
	unsigned int i, j;
	bool good;

	for (i = 0; i < INJECT_HELD; i++) {
		for (j = 0; j < o->regs && reg[j].value != w->held[i]; j++)
			;
		good = j < o->regs && reg[j].kind == want[i].kind &&
		       !strncmp(reg[j].of, want[i].of, sizeof(reg[j].of));
		if (i == INJECT_STACK)
			good = good && reg[j].pid == (unsigned int)pid;
		/* the two were made from one page */
		if (i == INJECT_PAGE)
			good = good && reg[j].pfn == (w->held[INJECT_PAGE] - 8 - w->page0) /
						     w->page_bytes;
		if (good) {
			snprintf(name, sizeof(name), "\n    %.8s: ", reg[j].name);
			good = text_line(pid, name, line, sizeof(line)) &&
			       !strncmp(line, want[i].text, strlen(want[i].text));
		}
		ksft_test_result(good, "%s: \"%s\"\n", want[i].name, line);
		if (!good && j < o->regs)
			ksft_print_msg("%lx: kind %u of %.24s\n", w->held[i], reg[j].kind,
				       reg[j].of);
	}
}

/* Numbers are no addresses. */
static void check_modest(const struct ptdbg_oops *o, const struct ptdbg_reg *reg)
{
	unsigned int i, wrong = 0, numbers = 0;

	for (i = 0; i < o->regs; i++) {
		if (reg[i].value >> 12)
			continue;
		numbers++;
		wrong += reg[i].kind != PTDBG_REG_NUMBER;
	}
	ksft_test_result(numbers && !wrong, "%u small numbers are numbers\n", numbers);
}

int main(void)
{
	const struct ptdbg_record *r;
	const struct ptdbg_reg *reg;
	const struct ptdbg_oops *o;
	struct records all;
	struct witness w;
	pid_t pid;

	ksft_print_header();
	need_module(PTDBG_KO, "");
	need_module(INJECT_KO, "");
	injector = inject_open();
	if (injector < 0)
		die("no injector: %s", strerror(errno));
	target = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (target == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	madvise(target, sysconf(_SC_PAGESIZE), MADV_NOHUGEPAGE);
	pid = die_there();
	if (inject_witness(injector, &w))
		die("no witness: %s", strerror(errno));
	records_read(&all);
	r = record_find(&all, PTDBG_OOPS, pid, DEAD);
	if (!r)
		die("no record of the oops");
	o = (const struct ptdbg_oops *)r;
	reg = record_regs(r);
	ksft_set_plan(3 + INJECT_HELD);
	check_values(o, reg);
	check_stack(r, pid);
	check_held(o, reg, &w, pid);
	check_modest(o, reg);
	records_free(&all);
	inject(injector, "mend");
	close(injector);
	need_no_module("ptdbg_inject");
	need_no_module("ptdbg");
	ksft_finished();
}
