// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor's question: a page-table page was placed where none may be; when,
 * and by whom?
 *
 * A child touches a page in each of many 2 MiB regions, so that the kernel has
 * to place a PTE page for each.  The records show where these are; then half
 * of them are denied, and the child touches the page behind.  Oracle: the raw
 * PMD entries in the records, taken apart here; a record must have the verdict
 * exactly when the PTE page that it went through is a denied one, and name the
 * rule.  At last all memory is denied, and fresh regions are touched: each fault
 * is then caught placing a PTE page itself.
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
#include "touch.h"

#define REGIONS	32
#define DENIED	16

static unsigned long page, span;

/* Three times REGIONS regions, and the child that touches them. */
static char *mem;
static int child, to_child[2], from_child[2];

/* Bits of a table entry that are the pfn, for less than 48 bits of address. */
static unsigned long entry_pfn(unsigned long raw)
{
#if defined(__riscv)
	return raw << 10 >> 20;
#else
	return (raw << 16 >> 16) / page;
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

/* The child: for each byte that comes, a page of each region from there on. */
static void serve(void)
{
	struct { unsigned int first, offset; } order;
	unsigned int i;

	/* its end is the end of the child */
	close(to_child[1]);
	while (read(to_child[0], &order, sizeof(order)) == sizeof(order)) {
		for (i = 0; i < REGIONS; i++)
			store_byte(mem + (order.first + i) * span +
				   order.offset * page, 1);
		if (write(from_child[1], "", 1) != 1)
			break;
	}
	_exit(0);
}

static void start_child(void)
{
	size_t size = (3 * REGIONS + 1) * span;

	mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mem == MAP_FAILED || madvise(mem, size, MADV_NOHUGEPAGE))
		die("mmap: %s", strerror(errno));
	/* regions have PTE pages of their own only when they are aligned */
	mem += -(unsigned long)mem & (span - 1);
	if (pipe(to_child) || pipe(from_child))
		die("pipe: %s", strerror(errno));
	child = fork();
	if (child < 0)
		die("fork: %s", strerror(errno));
	if (!child)
		serve();
}

/* Forget all records; then the child touches page OFFSET of REGIONS regions. */
static void touch(unsigned int first, unsigned int offset)
{
	struct { unsigned int first, offset; } order = { first, offset };
	char byte;

	set_knob("clear", "1");
	if (write(to_child[1], &order, sizeof(order)) != sizeof(order) ||
	    read(from_child[0], &byte, 1) != 1)
		die("the child does not answer");
}

/* Number of the region that a record is about, or -1. */
static int region_of(const struct ptdbg_record *r)
{
	unsigned long off = r->addr - (unsigned long)mem;

	return r->addr >= (unsigned long)mem && off < 3 * REGIONS * span ?
	       (int)(off / span) : -1;
}

static void find_pages(unsigned long *pfn)
{
	struct records all;
	unsigned int i;

	memset(pfn, 0, REGIONS * sizeof(*pfn));
	records_read(&all);
	for (i = 0; i < all.nr; i++) {
		int region = region_of(all.r[i]);

		if (region >= 0 && region < REGIONS)
			pfn[region] = pte_page(all.r[i]);
	}
	records_free(&all);
	for (i = 0; i < REGIONS; i++) {
		if (!pfn[i])
			die("no record with the PTE page of region %u", i);
	}
}

/* Deny the PTE pages of the first DENIED regions. */
static void deny_pages(const unsigned long *pfn)
{
	char rules[DENIED * 64], *text;
	unsigned int i, n = 0;

	for (i = 0; i < DENIED; i++)
		n += snprintf(rules + n, sizeof(rules) - n, "deny pte %lx-%lx\n",
			      pfn[i] * page, (pfn[i] + 1) * page);
	set_knob("regions", rules);
	text = read_file(PTDBG_DIR "/regions", NULL);
	ksft_test_result(text && !strcmp(text, rules),
			 "the rules are shown as written\n");
	free(text);
}

/*
 * Every record: is the verdict there exactly when @denied says so?  And does the
 * table name the rule: the number of the page in @denied, or @rule for all?
 */
static void test_verdicts(const unsigned long *denied, unsigned int nr,
			  int rule, const char *name)
{
	unsigned int i, j, breaches = 0, quiet = 0, wrong = 0;
	struct records all;

	records_read(&all);
	for (i = 0; i < all.nr; i++) {
		const struct ptdbg_chain *c = record_chain(all.r[i]);
		bool got = all.r[i]->verdicts & 1U << PTDBG_TABLE_REGION;
		unsigned long pfn = pte_page(all.r[i]);
		const struct ptdbg_table *t;
		int want = nr ? 0 : rule;

		if (!pfn)
			continue;
		for (j = 0; j < nr; j++)
			want = denied[j] == pfn ? j + 1 : want;
		t = (const void *)(record_after(all.r[i]) + c->after_n);
		wrong += !!want != got || (int)all.r[i]->pid != child ||
			 t[c->after_n - 1].rule != want;
		/* the level is told: the table that holds the last entry */
		wrong += got && c->breach != 1U << (c->after_n - 1);
		breaches += got;
		quiet += !got;
	}
	records_free(&all);
	ksft_test_result(!wrong && breaches >= (nr ? nr : REGIONS) &&
			 (!nr || quiet >= REGIONS - nr),
			 "%s: %u records break the rules, %u do not, %u are wrong\n",
			 name, breaches, quiet, wrong);
	ksft_test_result(read_stat("verdict_table_region") == breaches,
			 "%s: the counter says the same\n", name);
}

/*
 * Each fault in a fresh region placed the PTE page itself; and the first one in
 * a GiB the PMD page as well, so the walk before it may be shorter by more.
 */
static void test_fresh(void)
{
	unsigned int i, fresh = 0;
	struct records all;

	records_read(&all);
	for (i = 0; i < all.nr; i++) {
		const struct ptdbg_chain *c = record_chain(all.r[i]);

		fresh += region_of(all.r[i]) >= REGIONS &&
			 all.r[i]->verdicts & 1U << PTDBG_TABLE_REGION &&
			 c->before_n < c->after_n;
	}
	records_free(&all);
	ksft_test_result(fresh == REGIONS, "%u faults were caught placing a page\n",
			 fresh);
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
	touch(0, 3);
	ksft_test_result(read_stat("frozen") == 1 &&
			 read_stat("verdict_table_region") == 1,
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
			 "%s: \"%.*s\" is refused\n", knob,
			 (int)strcspn(text, "\n"), text);
	free(before);
	free(after);
}

/* Rules as a parameter of the module are the same rules. */
static void test_parameter(void)
{
	char *text = read_file(PTDBG_DIR "/regions", NULL);

	ksft_test_result(text && !strcmp(text, "deny pgd 0-1000000\nallow pte 4000-\n"),
			 "rules as a parameter\n");
	free(text);
}

/* One more rule than there may be. */
static const char *many_rules(void)
{
	static char text[1024];
	unsigned int i;

	for (i = 0; i < 33; i++)
		strcat(text, "deny pte 0-10000\n");
	return text;
}

int main(void)
{
	unsigned long pfn[REGIONS];
	char line[32];

	page = sysconf(_SC_PAGESIZE);
	span = page / 8 * page;
	ksft_print_header();
	ksft_set_plan(23);
	need_module(PTDBG_KO, "ring_kb=4096 regions=\"deny pgd 0-1000000;allow pte 4000-\"");
	test_parameter();
	set_knob("regions", "\n");
	start_child();
	snprintf(line, sizeof(line), "pid=%d type=fault\n", child);
	set_knob("filter", line);

	touch(0, 0);
	find_pages(pfn);
	deny_pages(pfn);
	touch(0, 1);
	test_verdicts(pfn, DENIED, 0, "half are denied");
	set_knob("regions", "deny pte 0-\n");
	touch(REGIONS, 0);
	test_verdicts(NULL, 0, 1, "all are denied");
	test_fresh();
	test_text();
	test_freeze();
	/* allowed is what no table page can be: the first page of memory */
	snprintf(line, sizeof(line), "allow pte 0-%lx\n", page);
	set_knob("regions", line);
	touch(0, 2);
	test_verdicts(NULL, 0, PTDBG_RULE_NO_ALLOW, "none is allowed");
	set_knob("regions", "allow pte 0-\n");
	touch(2 * REGIONS, 0);
	ksft_test_result(!read_stat("verdict_table_region") &&
			 read_stat("recorded") >= REGIONS,
			 "none is denied where all are allowed\n");

	set_knob("regions", "deny table 10000-20000;allow pmd 0-\n");
	refuse("regions", "deny\n");
	refuse("regions", "deny table 10000\n");
	refuse("regions", "deny table 20000-10000\n");
	refuse("regions", "deny table 1001-20000\n");
	refuse("regions", "forbid table 10000-20000\n");
	refuse("regions", "deny page 10000-20000\n");
	refuse("regions", "deny table 10000-20000 30000-40000\n");
	refuse("regions", many_rules());
	refuse("freeze_on", "table_region nonsense\n");
	refuse("filter", "addr=2000-1000\n");
	close(to_child[1]);
	waitpid(child, NULL, 0);
	need_no_module("ptdbg");
	ksft_finished();
}
