// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who put this page-table page there, and who gave it back?
 *
 * A child touches a page in each of some 2 MiB spans at addresses that need new
 * tables at several levels, and unmaps them again.  From the records alone each
 * table page must then have one fault that placed it, and one free.  Oracles:
 * the pages that ptdbg.d/tables has more than before, VmPTE in
 * /proc/PID/status, and the type that /proc/kpageflags gives to each.
 *
 * And a fault that finds a table of another thread must not claim it: one
 * thread is held in the middle of its fault by userfaultfd(2), while the other
 * one needs the same table.
 */
#include <errno.h>
#include <linux/kernel-page-flags.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "cpus.h"
#include "faraway.h"
#include "kselftest.h"
#include "proc.h"
#include "records.h"
#include "traceenv.h"

#define MAX_TABLES	4096

/* A table page: from tables, or placed by a record. */
struct table {
	unsigned long pfn;
	unsigned int level;
	unsigned int nr_made;
	unsigned int nr_fresh;
	unsigned int nr_freed;
	unsigned long long placed_at;
};

static unsigned long page;

/* Names of the levels, root first, as the trace has them. */
static char level_name[PTDBG_MAX_LEVELS][8];
static unsigned int nr_levels;

static void read_levels(void)
{
	char *text = trace_env();

	nr_levels = sscanf(env_value(text, "level_names"),
			   "%7[A-Z4] %7[A-Z4] %7[A-Z4] %7[A-Z4] %7[A-Z4]",
			   level_name[0], level_name[1], level_name[2],
			   level_name[3], level_name[4]);
	free(text);
}

static unsigned int level_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_levels; i++) {
		if (!strncmp(name, level_name[i], 3))
			return i;
	}
	die("no level %.3s", name);
	return 0;
}

/* Bits of a table entry that are the pfn, for less than 48 bits of address. */
static unsigned long entry_pfn(unsigned long raw)
{
#if defined(__riscv)
	return raw << 10 >> 20;
#else
	return (raw << 16 >> 16) / page;
#endif
}

/* The table page that holds entry I of the chain after. */
static unsigned long table_pfn(const struct ptdbg_record *r, unsigned int i)
{
	if (!i)
		return record_chain(r)->root / page;
	return entry_pfn(record_after(r)[i - 1]);
}

/* All table pages of the child. */
static unsigned int read_tables(struct table *t)
{
	char line[16], *text, *at, *pfn;
	unsigned int n = 0;

	snprintf(line, sizeof(line), "%d\n", far_child);
	set_knob("tables", line);
	text = need_file(PTDBG_DIR "/tables");
	for (at = strtok(text, "\n"); at; at = strtok(NULL, "\n")) {
		pfn = strstr(at, " pfn ");
		if (*at == '#' || !pfn)
			continue;
		if (n == MAX_TABLES)
			die("more than %u table pages", n);
		t[n++] = (struct table){ .pfn = strtoul(pfn + 5, NULL, 16),
					 .level = level_of(at) };
	}
	free(text);
	return n;
}

static struct table *find(struct table *t, unsigned int n, unsigned long pfn)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (t[i].pfn == pfn)
			return &t[i];
	}
	return NULL;
}

/* What @now has more than @before; in place. */
static unsigned int subtract(struct table *now, unsigned int n,
			     struct table *before, unsigned int nr_before)
{
	unsigned int i, left = 0;

	for (i = 0; i < n; i++) {
		if (!find(before, nr_before, now[i].pfn))
			now[left++] = now[i];
	}
	return left;
}

static bool in_far(unsigned long addr)
{
	return addr - far_area < far_bytes;
}

/* Enter into @t what the faults of the child say of the pages they placed. */
static unsigned int enter_faults(const struct records *all, struct table *t,
				 unsigned int n)
{
	unsigned int i, j, strange = 0;

	for (i = 0; i < all->nr; i++) {
		const struct ptdbg_record *r = all->r[i];
		const struct ptdbg_chain *c = record_chain(r);

		if (r->id != PTDBG_FAULT || (int)r->tgid != far_child || !in_far(r->addr))
			continue;
		strange += c->made & ~c->fresh || c->fresh & 1;
		for (j = 0; j < c->after_n; j++) {
			struct table *p = find(t, n, table_pfn(r, j));

			if (!(c->fresh & 1U << j))
				continue;
			if (!p || p->level != j) {
				ksft_print_msg("%llx: pfn %lx is no %s table of it\n",
					       r->addr, table_pfn(r, j),
					       level_name[j]);
				strange++;
				continue;
			}
			p->nr_fresh++;
			p->nr_made += !!(c->made & 1U << j);
			p->placed_at = r->ts;
		}
	}
	return strange;
}

/* Every table of every fault: the rule of its level, and none for the others. */
static void test_rules(const struct records *all)
{
	unsigned int i, j, wrong = 0, seen = 0;

	for (i = 0; i < all->nr; i++) {
		const struct ptdbg_chain *c = record_chain(all->r[i]);
		const struct ptdbg_table *t;

		if (all->r[i]->id != PTDBG_FAULT)
			continue;
		t = (const void *)(record_after(all->r[i]) + c->after_n);
		for (j = 0; j < c->after_n; j++) {
			int want = !strcmp(level_name[j], "PMD") ? 1 :
				   !strcmp(level_name[j], "PTE") ? 2 : 0;

			wrong += t[j].rule != want;
			seen += want == 2;
		}
		wrong += c->breach;
	}
	ksft_test_result(!wrong && seen >= FAR_SPANS,
			 "each table names the rule that decided, %u PTE tables\n", seen);
}

static void test_placed(struct table *t, unsigned int n, unsigned long accounted)
{
	unsigned int i, once = 0, typed = 0, levels = 0;
	struct records all;
	unsigned int strange;

	records_read(&all);
	strange = enter_faults(&all, t, n);
	test_rules(&all);
	records_free(&all);
	for (i = 0; i < n; i++) {
		once += t[i].nr_fresh == 1 && t[i].nr_made == 1;
		levels |= 1U << t[i].level;
		/* the lowest two levels have a type on every kernel */
		typed += t[i].level + 2 < nr_levels ||
			 look_up_flags(t[i].pfn) & 1UL << KPF_PGTABLE;
	}
	ksft_test_result(n == accounted && n > FAR_SPANS,
			 "%u new table pages, the kernel accounts %lu\n", n, accounted);
	ksft_test_result(levels & 1U << (nr_levels - 1) && levels & 1U << (nr_levels - 2),
			 "at more than one level\n");
	ksft_test_result(typed == n, "the kernel has them as page tables\n");
	ksft_test_result(once == n && !strange,
			 "%u of %u have the one fault that made them, %u are strange\n",
			 once, n, strange);
}

static void test_text(void)
{
	char *text = need_file(PTDBG_TEXT);

	ksft_test_result(strstr(text, " node 0 rule 2 +new\n") &&
			 strstr(text, " node 0 rule 1 +new\n"),
			 "the text has node, rule and that it is new\n");
	free(text);
}

static bool hook_placed(const char *name)
{
	char *text = read_file(PTDBG_DIR "/hooks", NULL);
	char *at = text ? strstr(text, name) : NULL;
	bool placed = false;

	if (at) {
		at[strcspn(at, "\n")] = '\0';
		placed = strstr(at, " placed at ");
	}
	free(text);
	return placed;
}

/* Is there a probe of a function that frees tables? */
static bool probes_there(void)
{
	char *text = need_file("/sys/kernel/debug/kprobes/list");
	bool there;

	there = strstr(text, "pte_free") || strstr(text, "tlb_remove_table") ||
		strstr(text, "pgd_free");
	free(text);
	return there;
}

static void test_freed(struct table *t, unsigned int n, unsigned long root)
{
	unsigned int i, freed = 0, frees = 0, wrong = 0;
	struct records all;

	records_read(&all);
	for (i = 0; i < all.nr; i++) {
		const struct ptdbg_free *f = (const void *)all.r[i];
		struct table *p;

		if (f->r.id != PTDBG_FREE || (int)f->r.tgid != far_child)
			continue;
		frees++;
		p = find(t, n, f->page.pfn);
		if (!p) {
			ksft_print_msg("a free of pfn %llx, level %u\n",
				       f->page.pfn, f->level);
			continue;
		}
		p->nr_freed++;
		wrong += f->r.ts < p->placed_at || f->chain.root != root ||
			 (f->level != p->level && f->level != PTDBG_LEVEL_UNKNOWN) ||
			 !f->r.ip || f->page.where != PTDBG_WHERE_RAM ||
			 f->start >= f->end || f->end <= far_area ||
			 f->start >= far_area + far_bytes;
#if defined(__x86_64__)
		wrong += f->level == PTDBG_LEVEL_UNKNOWN;
#endif
	}
	records_free(&all);
	for (i = 0; i < n; i++)
		freed += t[i].nr_freed == 1;
	ksft_test_result(freed == n && frees == n && !wrong,
			 "%u of %u are given back once, %u frees, %u wrong\n",
			 freed, n, frees, wrong);
}

/* Place and give back: the whole life of some table pages. */
static void test_life(void)
{
	static struct table before[MAX_TABLES], now[MAX_TABLES];
	unsigned long accounted, root = 0;
	unsigned int nr_before, n, i;
	struct records all;
	char *text;

	nr_before = read_tables(before);
	for (i = 0; i < nr_before; i++) {
		if (!before[i].level)
			root = before[i].pfn * page;
	}
	accounted = look_up_table_bytes(far_child) / page;
	set_knob("clear", "1");
	far_tell(FAR_MAP);
	far_tell(FAR_TOUCH);
	n = read_tables(now);
	n = subtract(now, n, before, nr_before);
	test_placed(now, n, look_up_table_bytes(far_child) / page - accounted);
	test_text();

	records_read(&all);
	for (i = 0; i < all.nr; i++) {
		/* a small root table is less than a page */
		if (in_far(all.r[i]->addr))
			root = record_chain(all.r[i])->root;
	}
	records_free(&all);
	set_knob("clear", "1");
	far_tell(FAR_UNMAP);
	ksft_test_result(look_up_table_bytes(far_child) / page == accounted,
			 "the kernel accounts them no more\n");
	test_freed(now, n, root);
	text = read_file(PTDBG_TEXT, NULL);
	ksft_test_result(text && strstr(text, " free ") && strstr(text, " unmapping "),
			 "the text shows frees\n");
	free(text);
}

/* The table that another thread made while the fault was held. */
static void test_race(void)
{
	unsigned int i, made = 0, found = 0, made_by_held = 0;
	struct records all;
	char *text;

	set_knob("clear", "1");
	far_tell(FAR_MAP);
	far_tell(FAR_RACE);
	records_read(&all);
	for (i = 0; i < all.nr; i++) {
		const struct ptdbg_chain *c = record_chain(all.r[i]);
		unsigned long off = all.r[i]->addr - far_area;
		unsigned int last = nr_levels - 1;

		if (all.r[i]->id != PTDBG_FAULT || (int)all.r[i]->tgid != far_child ||
		    off >= 2 * page || c->after_n != nr_levels ||
		    !(c->fresh & 1U << last))
			continue;
		if (off >= page) {
			made += !!(c->made & 1U << last);
		} else {
			found++;
			made_by_held += !!(c->made & 1U << last);
		}
	}
	records_free(&all);
	ksft_test_result(made == 1, "the fault that made the table says so\n");
	ksft_test_result(found && !made_by_held,
			 "the fault that was held saw it come, and does not claim it\n");
	text = read_file(PTDBG_TEXT, NULL);
	ksft_test_result(text && strstr(text, "+new (not allocated by this fault)"),
			 "the text tells the two apart\n");
	free(text);
	far_tell(FAR_UNMAP);
}

static bool root_freed(unsigned long pfn)
{
	struct records all;
	bool seen = false;
	unsigned int i;

	records_read(&all);
	for (i = 0; i < all.nr; i++) {
		const struct ptdbg_free *f = (const void *)all.r[i];

		seen = seen || (f->r.id == PTDBG_FREE && f->page.pfn == pfn &&
				f->level == 0);
	}
	records_free(&all);
	return seen;
}

/*
 * The child ends, and its root with it, as soon as no CPU keeps it: an idle one
 * does until another task comes by.
 */
static void test_root(void)
{
	static struct table t[MAX_TABLES];
	unsigned int i, n = read_tables(t), tries = 200;
	unsigned long root = 0;

	for (i = 0; i < n; i++)
		root = t[i].level ? root : t[i].pfn;
	set_knob("clear", "1");
	far_end();
	if (!hook_placed("pgd_free")) {
		ksft_test_result_skip("pgd_free cannot be hooked on this kernel\n");
		return;
	}
	while (!root_freed(root) && --tries) {
		on_each_cpu(NULL, NULL);
		usleep(20000);
	}
	ksft_test_result(tries, "the root is given back\n");
}

static void test_switch(void)
{
	char *before, *after;
	struct stats s;
	long n;

	before = read_file(PTDBG_DIR "/frees", NULL);
	n = write_file(PTDBG_DIR "/frees", "2\n", 2);
	after = read_file(PTDBG_DIR "/frees", NULL);
	ksft_test_result(n < 0 && errno == EINVAL && before && after &&
			 !strcmp(before, "1\n") && !strcmp(after, before),
			 "frees takes 0 and 1 only\n");
	free(before);
	free(after);
	set_knob("frees", "0\n");
	ksft_test_result(!probes_there(), "off again: no probe is left\n");
	/* nothing moves: no child, and the filter lets nothing of us pass */
	set_knob("enable", "0");
	read_stats(&s);
	ksft_test_result(stats_exact(&s, "at the end"), "the accounting is exact\n");
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(18);
	need_module(PTDBG_KO, "ring_kb=4096");
	read_levels();
	ksft_test_result(!probes_there(), "frees are off: no probe for them\n");
	set_knob("frees", "1\n");
	ksft_test_result(probes_there() && (hook_placed("___pte_free_tlb") ||
					    hook_placed("tlb_remove_table")),
			 "frees are on: the hooks are shown\n");
	set_knob("filter", "type=fault,free\n");
	set_knob("regions", "allow pmd 0-\nallow pte 0-\n");
	far_start();
	test_life();
	test_race();
	test_root();
	test_switch();
	need_no_module("ptdbg");
	ksft_finished();
}
