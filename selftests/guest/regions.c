// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor's question: a page-table page was placed where none may be; when,
 * and by whom?
 *
 * A child touches fresh 2 MiB regions, so that the kernel has to place PTE
 * pages.  The first round shows where it takes them from; then all memory from
 * the median up is denied for PTE pages, and the second round must break the
 * rule here and there.  Oracle: the raw PMD entries in the records, taken apart
 * here; every record must have the verdict exactly when the PTE page that it
 * went through lies in the denied range.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "records.h"

#define ROUND	64

static unsigned long pte_span(void)
{
	unsigned long page = sysconf(_SC_PAGESIZE);

	return page / 8 * page;
}

/* Bits of a table entry that are the pfn, for 4K pages and less than 48 bits. */
static unsigned long entry_pfn(unsigned long raw)
{
#if defined(__riscv)
	return raw << 10 >> 20;
#else
	return raw << 16 >> 28;
#endif
}

/* PTE page of a record whose chain goes down to the last level, or 0. */
static unsigned long pte_page(const struct ptdbg_record *r)
{
	const struct ptdbg_chain *c = record_chain(r);
	const unsigned long long *after;

	if (!c || c->after_n < 2 || c->after_stop != PTDBG_STOP_LEAF)
		return 0;
	after = (const void *)(c + 1);
	return entry_pfn(after[c->before_n + c->after_n - 2]);
}

/* A child with a name of its own touches @ROUND fresh regions. */
static int touch(void)
{
	unsigned long span = pte_span();
	int pid, status, go[2];
	unsigned int i;
	char *mem, byte, line[32];

	if (pipe(go))
		die("pipe: %s", strerror(errno));
	pid = fork();
	if (!pid) {
		if (read(go[0], &byte, 1) != 1)
			_exit(1);
		mem = mmap(NULL, ROUND * span, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (mem == MAP_FAILED)
			_exit(1);
		madvise(mem, ROUND * span, MADV_NOHUGEPAGE);
		for (i = 0; i < ROUND; i++)
			mem[i * span] = 1;
		_exit(0);
	}
	snprintf(line, sizeof(line), "pid=%d type=fault\n", pid);
	set_knob("clear", "1");
	set_knob("filter", line);
	if (write(go[1], "", 1) != 1)
		die("pipe: %s", strerror(errno));
	if (waitpid(pid, &status, 0) != pid || status)
		die("the child failed");
	close(go[0]);
	close(go[1]);
	return pid;
}

static int by_pfn(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a;
	unsigned long y = *(const unsigned long *)b;

	return x < y ? -1 : x > y;
}

static unsigned long median_of_round(void)
{
	unsigned long pfn[4096];
	struct records all;
	unsigned int i, n = 0;

	records_read(&all);
	for (i = 0; i < all.nr && n < 4096; i++) {
		pfn[n] = pte_page(all.r[i]);
		n += !!pfn[n];
	}
	records_free(&all);
	if (n < ROUND)
		die("only %u records with a PTE page", n);
	qsort(pfn, n, sizeof(*pfn), by_pfn);
	return pfn[n / 2];
}

static unsigned long long counter(const char *name)
{
	char *text = read_file(PTDBG_DIR "/stats", NULL);
	char *at = text ? strstr(text, name) : NULL;
	unsigned long long n;

	if (!at)
		die("stats has no %s", name);
	n = strtoull(at + strlen(name), NULL, 10);
	free(text);
	return n;
}

static void test_rule(unsigned long denied_from)
{
	unsigned int i, breaches = 0, quiet = 0, wrong = 0, fresh = 0;
	struct records all;
	int pid = touch();

	records_read(&all);
	for (i = 0; i < all.nr; i++) {
		unsigned long pfn = pte_page(all.r[i]);
		bool want = pfn >= denied_from;
		bool got = all.r[i]->verdicts & 1U << PTDBG_TABLE_REGION;
		const struct ptdbg_chain *c = record_chain(all.r[i]);

		if (!pfn)
			continue;
		wrong += want != got || (int)all.r[i]->pid != pid;
		/* the level is told: the table that holds the last entry */
		if (got && c->breach != 1U << (c->after_n - 1))
			wrong++;
		breaches += got;
		quiet += !got;
		fresh += got && c->before_n < c->after_n;
	}
	records_free(&all);
	ksft_test_result(!wrong && breaches && quiet,
			 "%u records break the rule, %u do not, %u are wrong\n",
			 breaches, quiet, wrong);
	ksft_test_result(fresh, "%u of them placed the page themselves\n", fresh);
	ksft_test_result(counter("verdict_table_region ") == breaches,
			 "the counter says the same\n");
}

static void test_text(void)
{
	char *text = read_file(PTDBG_TEXT, NULL);

	if (!text)
		die("%s: %s", PTDBG_TEXT, strerror(errno));
	ksft_test_result(strstr(text, " !region") && strstr(text, " !region +new") &&
			 strstr(text, "!! table region: the PTE table, pfn "),
			 "the text says which table, and that it is new\n");
	free(text);
}

static void test_freeze(void)
{
	char *text;

	set_knob("freeze_on", "table_region\n");
	touch();
	ksft_test_result(counter("frozen ") == 1 &&
			 counter("verdict_table_region ") == 1,
			 "the first breach stops the recording\n");
	text = read_file(PTDBG_DIR "/enable", NULL);
	ksft_test_result(text && *text == '0', "enable shows that it is off\n");
	free(text);
	set_knob("freeze_on", "\n");
	set_knob("enable", "1");
}

static void refuse(const char *knob, const char *text)
{
	char path[128];
	char *before, *after;
	long n;

	snprintf(path, sizeof(path), PTDBG_DIR "/%s", knob);
	before = read_file(path, NULL);
	n = write_file(path, text, strlen(text));
	after = read_file(path, NULL);
	ksft_test_result(n < 0 && errno == EINVAL && before && after &&
			 !strcmp(before, after),
			 "%s: \"%.24s\" is refused\n", knob, text);
	free(before);
	free(after);
}

int main(void)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	unsigned long median;
	char rule[64], *text;

	ksft_print_header();
	if (page != 4096)
		ksft_exit_skip("this test takes entries of 4K pages apart\n");
	ksft_set_plan(19);
	need_module(PTDBG_KO, "ring_kb=4096");
	touch();
	median = median_of_round();
	snprintf(rule, sizeof(rule), "deny pte %lx-\n", median * page);
	set_knob("regions", rule);
	text = read_file(PTDBG_DIR "/regions", NULL);
	ksft_test_result(text && !strcmp(text, rule), "the rule is shown as written\n");
	free(text);
	test_rule(median);
	test_text();
	test_freeze();
	snprintf(rule, sizeof(rule), "allow pte 0-%lx\n", median * page);
	set_knob("regions", rule);
	test_rule(median);
	set_knob("regions", "deny table 1000-2000;allow pmd 0-\n");
	refuse("regions", "deny\n");
	refuse("regions", "deny table 1000\n");
	refuse("regions", "deny table 2000-1000\n");
	refuse("regions", "deny table 1001-2000\n");
	refuse("regions", "forbid table 1000-2000\n");
	refuse("regions", "deny page 1000-2000\n");
	refuse("regions", "deny table 1000-2000 3000-4000\n");
	refuse("freeze_on", "table_region nonsense\n");
	refuse("filter", "addr=2000-1000\n");
	need_no_module("ptdbg");
	ksft_finished();
}
