// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where does a page live, and what is it?
 *
 * The injector points a PTE at pages of every kind: one of each pageblock, the
 * ends of all that /proc/iomem knows, the kernel image, free pages, pages that
 * were just given back, memory that was taken offline.  What ptdbg.d/walk says
 * of each is held against /proc/iomem, /proc/kpageflags, /proc/kpagecount,
 * /proc/zoneinfo and /proc/pagetypeinfo.  Then a PMD is pointed at some of them,
 * which makes them table pages of a user address, and each has its verdict.
 *
 * And under an ordinary load none of these verdicts comes up.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "frames.h"
#include "kselftest.h"
#include "lookat.h"
#include "proc.h"
#include "records.h"
#include "touch.h"
#include "traceenv.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static unsigned long page;
/* What a walk says when a table page is not in use, and when it is free */
static const char *table_unref = "table unref";
static const char *table_free = "table free";

/* Under DEBUG_PAGEALLOC what is given back is not mapped: no table can be read there. */
static void learn_unmapped(void)
{
	char *cmdline = need_file("/proc/cmdline");

	if (strstr(cmdline, "debug_pagealloc=on")) {
		table_unref = "table unreadable";
		table_free = "table unreadable";
	}
	free(cmdline);
}

/* Is the type what kpageflags says, where that says it at all? */
static bool type_agrees(const char *line, unsigned long flags)
{
	static const char *const names[PTDBG_NR_PTYPES] = {
		[PTDBG_PT_BUDDY] = " free, ", [PTDBG_PT_SLAB] = " slab, ",
		[PTDBG_PT_TABLE] = " table, ", [PTDBG_PT_ANON] = " anon, ",
		[PTDBG_PT_RESERVED] = " reserved, ",
		[PTDBG_PT_ZERO] = " zero page, ",
		[PTDBG_PT_HUGETLB] = " hugetlb, ",
		[PTDBG_PT_OFFLINE] = " offline, ",
	};
	const char *name = names[type_of_flags(flags, false)];
	unsigned int i;

	if (name)
		return strstr(line, name);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i] && strstr(line, names[i]))
			return false;
	}
	return true;
}

static bool where_agrees(const char *line, unsigned long pfn, unsigned long flags)
{
	bool firmware = strstr(line, ": kept by the firmware");

	if (frame_is_ram(pfn))
		return (frame_may_be_there(flags) && strstr(line, ": RAM")) ||
		       (frame_may_be_missing(flags) && strstr(line, ": offline RAM"));
	/* a section that is partly RAM has struct pages that kpageflags leaves out */
	if (frame_may_be_missing(flags))
		return strstr(line, ": not RAM") || (firmware && frame_is_firmware(pfn));
	if (frame_is_firmware(pfn))
		return firmware;
	return strstr(line, ": not RAM") && strstr(line, ", flags ");
}

static bool details_agree(const char *line, unsigned long pfn, unsigned long flags)
{
	bool image = frame_is_image(pfn) && flags & 1UL << KPF_RESERVED;
	const char *map = strstr(line, ", map ");
	char zone[32];

	snprintf(zone, sizeof(zone), ", %s, node 0", frame_zone(pfn));
	if (!strstr(line, zone) || !!strstr(line, "(kernel image)") != image)
		return false;
	/* kpagecount has 0 for what can't be mapped, and its own view of folios */
	if (!map || flags & (1UL << KPF_COMPOUND_HEAD | 1UL << KPF_COMPOUND_TAIL))
		return true;
	return strtoul(map + 6, NULL, 10) == frame_count(pfn);
}

/**
 * struct tally - how a scan went
 * @seen: pages looked at
 * @moved: of these, changed under our eyes, according to kpageflags
 * @wrong: ptdbg and the witnesses do not agree
 * @cma: said to be in a CMA area
 * @kinds: seen of each where: RAM, firmware, other struct page, none
 * @cma_pfn: one of those in CMA
 */
struct tally {
	unsigned int seen, moved, wrong, cma;
	unsigned int kinds[4];
	unsigned long cma_pfn;
};

static void scan_one(unsigned long pfn, struct tally *t)
{
	unsigned long flags = frame_flags(pfn);
	static struct look l;
	bool good;

	look_at(pfn, &l);
	t->seen++;
	if (strstr(l.line, "(CMA)")) {
		t->cma++;
		t->cma_pfn = pfn;
	}
	if (frame_flags(pfn) != flags) {
		t->moved++;
		return;
	}
	t->kinds[frame_is_ram(pfn) ? 0 : frame_may_be_missing(flags) ? 3 :
		 frame_is_firmware(pfn) ? 1 : 2]++;
	good = where_agrees(l.line, pfn, flags);
	if (good && strstr(l.line, ": RAM"))
		good = type_agrees(l.line, flags) && details_agree(l.line, pfn, flags);
	if (!good && t->wrong++ < 5)
		ksft_print_msg("kpageflags %lx, count %lu, zone %s: %s\n", flags,
			       frame_count(pfn), frame_zone(pfn), l.line);
}

static void test_edges(void)
{
	struct tally t = { };
	unsigned int i;

	for (i = 0; i < frames.nr_places; i++) {
		unsigned long first = frames.place[i].first / page;
		unsigned long last = frames.place[i].last / page;

		/* what the entry can't hold is not asked for */
		if (last + 1 >= 1UL << 36)
			continue;
		if (first)
			scan_one(first - 1, &t);
		scan_one(first, &t);
		scan_one(last, &t);
		scan_one(last + 1, &t);
	}
	ksft_test_result(!t.wrong && t.seen > 8 && t.moved * 4 < t.seen,
			 "%u ends of places: %u RAM, %u firmware, %u other, %u without a struct page; %u moved, %u wrong\n",
			 t.seen, t.kinds[0], t.kinds[1], t.kinds[2], t.kinds[3],
			 t.moved, t.wrong);
}

static unsigned long test_blocks(void)
{
	unsigned long block = 0, pfn;
	long want = frames_cma_blocks(&block);
	struct tally t = { };
	unsigned int i;

	if (!block)
		die("pagetypeinfo does not say how large a block is");
	for (i = 0; i < frames.nr_places; i++) {
		unsigned long first = (frames.place[i].first / page + block - 1) / block * block;

		if (!place_is_ram(&frames.place[i]))
			continue;
		for (pfn = first; pfn <= frames.place[i].last / page; pfn += block)
			scan_one(pfn, &t);
	}
	ksft_test_result(!t.wrong && t.seen && t.moved * 4 < t.seen,
			 "a page of each of %u pageblocks: %u moved, %u wrong\n",
			 t.seen, t.moved, t.wrong);
	if (want < 0)
		ksft_test_result(!t.cma, "this kernel has no CMA, and none is seen\n");
	else
		ksft_test_result((long)t.cma == want,
				 "%u pageblocks are CMA, the kernel has %ld\n",
				 t.cma, want);
	return t.cma_pfn;
}

static void test_free_page(unsigned long pfn)
{
	struct look l;

	look_at(pfn, &l);
	ksft_test_result(look_says(&l, "free page") && strstr(l.line, " free, ") &&
			 frame_flags(pfn) & 1UL << KPF_BUDDY,
			 "a page in the middle of a free block: %s\n", l.line + 4);
}

/*
 * Pages that were just given back wait in a list of their CPU: not free for the
 * buddy allocator, but nobody's.  Some go on to somebody else at once.
 */
static void test_unref(void)
{
	unsigned long pfn[32];
	unsigned int i, unref = 0, merged = 0, tables = 0, wrong = 0;
	char *mem = mmap(NULL, ARRAY_SIZE(pfn) * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	static struct look l;

	if (mem == MAP_FAILED || madvise(mem, ARRAY_SIZE(pfn) * page, MADV_NOHUGEPAGE))
		die("mmap: %s", strerror(errno));
	for (i = 0; i < ARRAY_SIZE(pfn); i++) {
		store_byte(mem + i * page, 1);
		pfn[i] = look_up_page(getpid(), (unsigned long)mem + i * page).pfn;
	}
	look_at(pfn[0], &l);
	wrong += look_says(&l, "page unref") || look_says(&l, "free page");
	munmap(mem, ARRAY_SIZE(pfn) * page);
	for (i = 0; i < ARRAY_SIZE(pfn); i++) {
		look_at(pfn[i], &l);
		unref += look_says(&l, "page unref");
		merged += look_says(&l, "free page") && frame_flags(pfn[i]) & 1UL << KPF_BUDDY;
		wrong += look_says(&l, "page unref") && !strstr(l.line, ", ref 0, map 0,");
		look_at_table(pfn[i], &l);
		tables += look_says(&l, table_unref);
	}
	if (!unref && merged && !wrong) {
		ksft_test_result_skip("what is given back does not wait on this kernel\n");
		ksft_test_result_skip("nor as table pages\n");
		return;
	}
	if (!unref)
		ksft_print_msg("the last one: %s\n", l.text);
	ksft_test_result(unref && !wrong,
			 "%u of %zu pages that were given back are nobody's, %u are free\n",
			 unref, ARRAY_SIZE(pfn), merged);
	ksft_test_result(tables, "%u of them as table pages\n", tables);
}

static void test_table(unsigned long pfn, const char *verdict, const char *what)
{
	char table[32];
	struct look l;

	look_at_table(pfn, &l);
	snprintf(table, sizeof(table), "-> table %lx", pfn);
	ksft_test_result(look_says(&l, verdict) && strstr(l.text, table),
			 "a table page %s: %s\n", what, verdict);
}

static void test_tables(unsigned long free_page, unsigned long cma)
{
	struct look l;

	test_table(frame_of_image(), "table image", "in the kernel image");
	test_table(look_own_pfn(), "table user",
		   "that is user memory");
	test_table(free_page, table_free, "in a free block");
	if (cma)
		test_table(cma, "table CMA", "in CMA");
	else
		ksft_test_result_skip("a table page in CMA: there is no CMA area\n");
	look(&l);
	ksft_test_result(!strstr(l.text, "!!"), "all is well again\n");
}

/* Take a block of memory offline; its first pfn, or 0. */
static unsigned long take_offline(char *path, size_t size)
{
	char *text = read_file("/sys/devices/system/memory/block_size_bytes", NULL);
	unsigned long bytes = text ? strtoul(text, NULL, 16) : 0;
	unsigned long block, end = frames.zone[0].first;
	unsigned int i;

	free(text);
	if (!bytes)
		return 0;
	for (i = 0; i < frames.nr_places; i++) {
		if (place_is_ram(&frames.place[i]))
			end = frames.place[i].last / bytes;
	}
	for (block = end + 1; block-- > 1;) {
		snprintf(path, size, "/sys/devices/system/memory/memory%lu/state", block);
		if (write_file(path, "offline", 7) == 7)
			return block * (bytes / page);
	}
	return 0;
}

static void test_offline(void)
{
	unsigned long pfn;
	char path[64];
	struct look l;

	pfn = take_offline(path, sizeof(path));
	if (!pfn) {
		ksft_test_result_skip("no memory block can be taken offline\n");
		ksft_test_result_skip("none came back\n");
		return;
	}
	look_at(pfn + 1, &l);
	ksft_test_result(strstr(l.line, ": offline RAM") && look_says(&l, "not RAM") &&
			 frame_may_be_missing(frame_flags(pfn + 1)),
			 "%s: %s\n", path, l.line + 4);
	if (write_file(path, "online", 6) != 6)
		die("%s: %s", path, strerror(errno));
	look_at(pfn + 1, &l);
	ksft_test_result(strstr(l.line, ": RAM"), "online again: %s\n", l.line + 4);
}

static void test_device(void)
{
	unsigned int i;
	struct look l;

	for (i = 0; i < frames.nr_zones; i++) {
		if (strcmp(frames.zone[i].name, "Device") || !frames.zone[i].spanned)
			continue;
		look_at(frames.zone[i].first, &l);
		ksft_test_result(strstr(l.line, ": memory of a device"),
				 "device memory: %s\n", l.line + 4);
		return;
	}
	ksft_test_result_skip("no device memory on this machine\n");
}

/*
 * The ordinary load.
 */

static void load(void)
{
	int pid = fork(), null, status;

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, 1);
		dup2(null, 2);
		execl("/bin/busybox", "busybox", "ls", "-lR", "/bin", "/sbin",
		      "/proc/1", "/sys/module", full_size() ? "/" : NULL, NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 127)
		die("ls -lR did not run");
}

static void test_no_verdicts(void)
{
	static const char *const verdicts[] = {
		"bad_pfn", "not_ram", "free_page", "table_not_ram", "table_free",
		"table_unreadable", "table_untyped", "table_region",
		"table_image", "table_cma", "table_user", "table_unref",
		"page_unref", "reserved_bits", "loop",
	};
	unsigned long long n, sum = 0;
	char key[48];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(verdicts); i++) {
		snprintf(key, sizeof(key), "verdict_%s", verdicts[i]);
		n = read_stat(key);
		if (n)
			ksft_print_msg("%s %llu\n", key, n);
		sum += n;
	}
	ksft_test_result(!sum, "an ordinary load gets no verdict\n");
}

/* Every table page of every record of the load. */
static void test_load_tables(void)
{
	unsigned int i, j, seen = 0, wrong = 0;
	char name[FRAMES_ZONES][16] = { };
	struct records all;
	int index;

	for (i = 0; i < frames.nr_zones; i++) {
		index = trace_bit("zones", frames.zone[i].name);
		if (index >= 0 && index < FRAMES_ZONES)
			memcpy(name[index], frames.zone[i].name, sizeof(name[index]));
	}
	records_read(&all);
	for (i = 0; i < all.nr; i++) {
		const struct ptdbg_chain *c = record_chain(all.r[i]);
		const __u64 *after = record_after(all.r[i]);
		const struct ptdbg_table *t = (const void *)(after + c->after_n);

		for (j = 1; j < c->after_n; j++) {
			unsigned long raw = after[j - 1], pfn;

#if defined(__riscv)
			pfn = raw << 10 >> 20;
#else
			pfn = (raw << 16 >> 16) / page;
#endif
			seen++;
			wrong += t[j].where != PTDBG_WHERE_RAM || !frame_is_ram(pfn) ||
				 t[j].zone >= FRAMES_ZONES ||
				 strcmp(name[t[j].zone], frame_zone(pfn)) ||
				 t[j].node || t[j].marks || t[j].refcount < 1;
		}
	}
	records_free(&all);
	ksft_test_result(seen > 50 && !wrong,
			 "%u table pages of the load: place, zone, node, references; %u wrong\n",
			 seen, wrong);
}

int main(void)
{
	unsigned long cma, idle;

	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(16);
	need_module(PTDBG_KO, "ring_kb=8192");
	need_module(INJECT_KO, "");
	frames_read();
	learn_unmapped();
	load();
	test_no_verdicts();
	test_load_tables();

	look_begin();
	test_edges();
	cma = test_blocks();
	idle = frame_of_free_block();
	if (!idle)
		die("no large free block");
	test_free_page(idle);
	test_unref();
	test_tables(idle, cma);
	test_offline();
	test_device();
	look_end();
	need_no_module("ptdbg_inject");
	need_no_module("ptdbg");
	ksft_finished();
}
