// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg explain, run on the corpus oops/: NAME.log is an oops, NAME.truth beside it
 * what is known about it from elsewhere.  A truth has lines
 *
 *   # where it comes from
 *   log: other.log           the text, when it is not NAME.log
 *   args: --ram 0-fff        options
 *   class: invalid pfn       the class that is given
 *   sure: certain            how sure the class must be
 *   says: likely TEXT        a statement with TEXT, at least that sure
 *   never: certain TEXT      no statement with TEXT that is that sure, or
 *   never: TEXT              none at all
 *
 * Those called lab-... were left by selftests/guest/oopses_host.py.
 *
 * And hostile texts, in this process: cut, mutated and random ones.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "cause.h"
#include "tap.h"

#define OUTPUT	65536

static char output[OUTPUT];

static const char *const levels[] = { "unknown", "possible", "likely", "certain" };

/* The word at @text as an index of levels[]; -1: none of them */
static int level(const char *text)
{
	size_t n = strcspn(text, " )\n");
	int i;

	for (i = 0; i < 4; i++)
		if (strlen(levels[i]) == n && !strncmp(text, levels[i], n))
			return i;
	return -1;
}

static int run(const char *args, const char *file)
{
	char command[1024];
	size_t n;
	FILE *p;

	snprintf(command, sizeof(command), "%s/ptdbg explain %s %s/%s 2>&1",
		 BUILD, args, OOPS, file);
	p = popen(command, "r");
	if (!p)
		return -1;
	n = fread(output, 1, sizeof(output) - 1, p);
	output[n] = '\0';
	return WEXITSTATUS(pclose(p));
}

/* Is there a statement with @text, @least sure or more? */
static bool stated(const char *text, int least)
{
	char line[512];
	const char *p, *end;

	for (p = output; *p; p = *end ? end + 1 : end) {
		end = p + strcspn(p, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)(end - p), p);
		if (strncmp(line, "    ", 4) || !strstr(line, text))
			continue;
		if (level(line + 4) >= least)
			return true;
	}
	return false;
}

static void check(const char *name, char *line)
{
	char *value = strchr(line, ':'), want[256];
	const char *got;
	int at;

	if (!value)
		return;
	*value = '\0';
	value += 1 + strspn(value + 1, " ");
	value[strcspn(value, "\n")] = '\0';
	if (!strcmp(line, "class")) {
		snprintf(want, sizeof(want), "\n  class: %s (", value);
		if (!ok(strstr(output, want), "%s: class %s", name, value))
			printf("#   %.200s\n", output);
		return;
	}
	if (!strcmp(line, "sure")) {
		got = strstr(output, "\n  class: ");
		got = got ? strchr(got, '(') : NULL;
		ok(got && level(got + 1) == level(value), "%s: the class is %s",
		   name, value);
		return;
	}
	at = level(value);
	if (at >= 0)
		value += strcspn(value, " ") + 1;
	if (!strcmp(line, "says")) {
		if (!ok(at >= 0 && stated(value, at), "%s: %s", name, value))
			printf("#   none that is %s in:\n%s", levels[at < 0 ? 0 : at],
			       output);
	} else if (!strcmp(line, "never")) {
		ok(!stated(value, at < 0 ? 0 : at), "%s: not %s%s%s", name,
		   at < 0 ? "" : levels[at], at < 0 ? "" : " ", value);
	}
}

static void one_truth(const char *file)
{
	char path[512], line[512], log[256], args[256] = "", name[256];
	FILE *f;
	int code;

	snprintf(name, sizeof(name), "%.*s", (int)(strlen(file) - 6), file);
	snprintf(log, sizeof(log), "%.250s.log", name);
	snprintf(path, sizeof(path), "%s/%s", OOPS, file);
	f = fopen(path, "r");
	if (!ok(f, "%s can be read", file))
		return;
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "log: ", 5))
			snprintf(log, sizeof(log), "%.250s", line + 5);
		else if (!strncmp(line, "args: ", 6))
			snprintf(args, sizeof(args), "%.250s", line + 6);
	}
	code = run(args, log);
	ok(!code, "%s: exit code 0, got %d", name, code);
	rewind(f);
	while (fgets(line, sizeof(line), f))
		if (*line != '#')
			check(name, line);
	fclose(f);
}

static unsigned int corpus(void)
{
	unsigned int truths = 0;
	struct dirent **list;
	int i, n = scandir(OOPS, &list, NULL, alphasort);
	const char *dot;

	for (i = 0; i < n; i++) {
		dot = strrchr(list[i]->d_name, '.');
		if (dot && !strcmp(dot, ".truth")) {
			one_truth(list[i]->d_name);
			truths++;
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	return truths;
}

static struct oopses *all;
static unsigned int state = 1;

static unsigned int next_random(void)
{
	state = state * 1103515245 + 12345;
	return state >> 8;
}

/* All that the command does with a text, short of printing it */
static void explain(char *text, size_t len)
{
	static struct findings f;
	struct given g = { 0 };
	struct inferred i;
	struct cause c;
	unsigned int n;
	FILE *in;

	if (!len)
		return;
	in = fmemopen(text, len, "r");
	if (!in || !oopses_read(all, in))
		abort();
	fclose(in);
	for (n = 0; n < all->n; n++) {
		memset(&f, 0, sizeof(f));
		infer(&i, &all->oops[n], &all->boot[all->oops[n].boot], &g, &f);
		cause_find(&c, &all->oops[n], &all->boot[all->oops[n].boot], &i,
			   &f);
		entries_explain(&all->oops[n], &i, &f);
		registers_explain(&all->oops[n], &i, &c, &f);
		cause_name(c.class);
	}
}

static size_t slurp(const char *name, char *to, size_t size)
{
	char path[512];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", OOPS, name);
	f = fopen(path, "r");
	if (f) {
		n = fread(to, 1, size, f);
		fclose(f);
	}
	return n;
}

static void mutate(char *text, size_t len)
{
	static const char bytes[] = "0123456789abcdef:[]() .-\n\t#x=,";
	unsigned int i, n = 1 + next_random() % 16;
	size_t at;

	for (i = 0; i < n; i++) {
		at = next_random() % len;
		text[at] = next_random() % 4 ?
			   bytes[next_random() % (sizeof(bytes) - 1)] :
			   (char)next_random();
	}
}

static void hostile(const char *name)
{
	static char text[65536], copy[65536];
	size_t len = slurp(name, text, sizeof(text)), cut;
	unsigned int i;

	if (!ok(len > 200, "%s is there", name))
		return;
	for (cut = 1; cut < len; cut += 37) {
		memcpy(copy, text, len);
		explain(copy, cut);
		explain(copy + cut, len - cut);
	}
	for (i = 0; i < 300; i++) {
		memcpy(copy, text, len);
		mutate(copy, len);
		explain(copy, len);
	}
	ok(true, "%s: cut and mutated", name);
}

static void random_files(void)
{
	static char text[20000];
	struct rusage before, after;
	unsigned int i, found = 0;
	size_t n;

	getrusage(RUSAGE_SELF, &before);
	for (i = 0; i < 100; i++) {
		for (n = 0; n < sizeof(text); n++)
			text[n] = i % 2 ? (char)next_random() :
				  " 0123456789abcdef:\n"[next_random() % 19];
		explain(text, sizeof(text));
		found += all->n;
	}
	getrusage(RUSAGE_SELF, &after);
	ok(!found, "100 random files have no oops");
	ok(after.ru_maxrss - before.ru_maxrss < 65536,
	   "memory is bounded: %ld KiB more", after.ru_maxrss - before.ru_maxrss);
}

/* More of everything than there is room for */
static void too_many(void)
{
	static const char one[] =
		"BUG: unable to handle page fault for address: 00000000deadb000\n"
		"RAX: 6b6b6b6b6b6b6b6b RBX: 6b6b6b6b6b6b6b6b\n"
		"  node   0: [mem 0x1000-0x2000]\n"
		"---[ end trace 0 ]---\nLinux version 6.1\n";
	unsigned int i, n = 500;
	char *text = malloc(n * sizeof(one)), *at = text;

	if (!ok(text, "memory"))
		return;
	for (i = 0; i < n; i++)
		at = stpcpy(at, one);
	explain(text, at - text);
	is_hex(all->n, OOPS_MAX, "as many oopses as there is room for");
	is_hex(all->dropped, n - OOPS_MAX, "the others are counted");
	/* of all architectures there are more registers than of one */
	at = stpcpy(text, "Oops [#1]\n");
	for (i = 0; i < 31; i++)
		at += sprintf(at, "x%u : %016x a%u : %016x s%u : %016x t%u : %016x\n",
			      i, i, i, i, i, i, i, i);
	for (i = 8; i < 16; i++)
		at += sprintf(at, "R%02u: %016x\n", i, i);
	explain(text, at - text);
	ok(all->n == 1 && all->oops[0].nr_regs == OOPS_REGS,
	   "as many registers as there is room for");
	memset(text, '0', n);
	explain(text, n);
	is_hex(all->n, 0, "one long line");
	free(text);
}

static void usage(const char *args, int want, const char *text)
{
	int code = run(args, "n4-nvme.log");

	ok(code == want, "%s: exit code %d, got %d", args, want, code);
	has_text(output, text, args);
}

int main(void)
{
	all = calloc(1, sizeof(*all));
	tap_begin();
	if (!ok(all, "memory"))
		return tap_end();
	ok(corpus() >= 130, "the corpus is there");
	usage("--ram 5", 2, "--ram takes FIRST-LAST");
	usage("--mode sv38", 2, "no paging mode sv38");
	usage("--kernel six", 2, "--kernel takes a version");
	usage("--ram 2000-2fff --ram 1000-1fff", 2, "in ascending order");
	ok(run("", "n4-nvme.truth") == 1, "a text without an oops: exit code 1");
	ok(run("", "no-such.log") == 1, "no file: exit code 1");
	hostile("n1-follow_page_pte.log");
	hostile("n4-nvme.log");
	hostile("arm64-6.12-founding.log");
	hostile("arm64-stack.log");
	hostile("n3-init-log.log");
	random_files();
	too_many();
	free(all);
	return tap_end();
}
