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
#include "inject.h"
#include "kselftest.h"
#include "proc.h"
#include "records.h"
#include "touch.h"
#include "traceenv.h"

#define MAX_PLACES	512
#define MAX_ZONES	8

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/**
 * struct place - a line of /proc/iomem
 * @first: first byte
 * @last: last byte
 * @depth: 0 for a line that is not indented
 * @name: what it is
 */
struct place {
	unsigned long first;
	unsigned long last;
	unsigned int depth;
	char name[48];
};

/**
 * struct zone - a zone of /proc/zoneinfo
 * @name: of the zone
 * @first: first pfn
 * @spanned: pages from there on
 */
struct zone {
	char name[16];
	unsigned long first;
	unsigned long spanned;
};

/**
 * struct look - what ptdbg says of the page at the end of a chain
 * @text: all that walk gave
 * @line: the line of the page
 */
struct look {
	char text[8192];
	char line[512];
};

static struct place places[MAX_PLACES];
static unsigned int nr_places;
static struct zone zones[MAX_ZONES];
static unsigned int nr_zones;

static unsigned long page;
static int injector, walk, kpageflags, kpagecount;

/* the page whose entries are changed, and its own PTE and PMD */
static char *victim;
static unsigned long own_pte, pmd_at, own_pmd;

/*
 * The witnesses.
 */

static void read_iomem(void)
{
	char *text = read_file("/proc/iomem", NULL), *line;

	if (!text)
		die("/proc/iomem: %s", strerror(errno));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		struct place *p = &places[nr_places];

		p->depth = strspn(line, " ") / 2;
		if (nr_places < MAX_PLACES &&
		    sscanf(line, " %lx-%lx : %47[^\n]", &p->first, &p->last, p->name) == 3)
			nr_places++;
	}
	free(text);
}

static void read_zones(void)
{
	char *text = read_file("/proc/zoneinfo", NULL), *line;
	struct zone *z = NULL;
	unsigned long n;
	char name[16];

	if (!text)
		die("/proc/zoneinfo: %s", strerror(errno));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (sscanf(line, "Node 0, zone %15s", name) == 1 &&
		    nr_zones < MAX_ZONES) {
			z = &zones[nr_zones++];
			memcpy(z->name, name, sizeof(z->name));
		}
		if (z && sscanf(line, " spanned %lu", &n) == 1)
			z->spanned = n;
		if (z && sscanf(line, " start_pfn: %lu", &n) == 1)
			z->first = n;
	}
	free(text);
}

/* Zone of a page that has one, by what the zones span. */
static const char *zone_of(unsigned long pfn)
{
	unsigned int i;

	for (i = 0; i < nr_zones; i++) {
		if (pfn - zones[i].first < zones[i].spanned)
			return zones[i].name;
	}
	return "none";
}

/* A word of /proc/kpage*, or @none beyond their end. */
static unsigned long word_of(int fd, unsigned long pfn, unsigned long none)
{
	unsigned long word;

	return pread(fd, &word, 8, pfn * 8) == 8 ? word : none;
}

static unsigned long flags_of(unsigned long pfn)
{
	return word_of(kpageflags, pfn, 1UL << KPF_NOPAGE);
}

/* Is the whole page in a place, or for @touched, a part of it? */
static bool in_place(const struct place *p, unsigned long pfn, bool touched)
{
	unsigned long first = pfn * page, last = first + page - 1;

	if (touched)
		return first <= p->last && last >= p->first;
	return first >= p->first && last <= p->last;
}

static bool is_in(const char *const *names, unsigned int n, unsigned long pfn,
		  bool top, bool touched)
{
	unsigned int i, j;

	for (i = 0; i < nr_places; i++) {
		if ((top && places[i].depth) || !in_place(&places[i], pfn, touched))
			continue;
		for (j = 0; j < n; j++) {
			if (!strcmp(places[i].name, names[j]))
				return true;
		}
	}
	return false;
}

static bool is_ram(unsigned long pfn)
{
	static const char *const names[] = { "System RAM" };

	return is_in(names, ARRAY_SIZE(names), pfn, true, false);
}

static bool is_firmware(unsigned long pfn)
{
	static const char *const names[] = {
		"Reserved", "reserved", "ACPI Tables",
		"ACPI Non-volatile Storage", "Unusable memory",
	};

	return is_in(names, ARRAY_SIZE(names), pfn, true, true);
}

static bool is_image(unsigned long pfn)
{
	static const char *const names[] = {
		"Kernel code", "Kernel rodata", "Kernel data", "Kernel bss",
	};

	return is_in(names, ARRAY_SIZE(names), pfn, false, false);
}

/*
 * The question.
 */

static unsigned long with_pfn(unsigned long raw, unsigned long pfn)
{
#if defined(__riscv)
	return (raw & ~0x3ffffffffffc00UL) | pfn << 10;
#else
	return (raw & ~(0xffffffffffffUL & -page)) | pfn * page;
#endif
}

static void ask(struct look *l)
{
	char order[48], *at;
	ssize_t n;

	snprintf(order, sizeof(order), "%d %lx", getpid(), (unsigned long)victim);
	if (write(walk, order, strlen(order)) < 0)
		die("walk: %s", strerror(errno));
	n = read(walk, l->text, sizeof(l->text) - 1);
	if (n < 0)
		die("walk: %s", strerror(errno));
	l->text[n] = '\0';
	l->line[0] = '\0';
	at = strstr(l->text, "    page pfn ");
	if (at)
		snprintf(l->line, sizeof(l->line), "%.*s",
			 (int)strcspn(at, "\n"), at);
}

/*
 * Point the PTE at a pfn, look, and put it back: what it was a moment ago, for
 * the kernel may have moved the page since the last time.
 */
static void look_at(unsigned long pfn, struct look *l)
{
	unsigned long addr = (unsigned long)victim;
	struct witness w;

	if (inject(injector, "pte %lx %lx", addr, with_pfn(own_pte, pfn)) ||
	    inject_witness(injector, &w))
		die("pte: %s", strerror(errno));
	ask(l);
	if (inject(injector, "pte %lx %lx", addr, w.old))
		die("pte: %s", strerror(errno));
}

/* The same for the PMD: the page is the table then. */
static void look_at_table(unsigned long pfn, struct look *l)
{
	if (inject(injector, "poke %lx %lx", pmd_at, with_pfn(own_pmd, pfn)))
		die("poke: %s", strerror(errno));
	ask(l);
	if (inject(injector, "poke %lx %lx", pmd_at, own_pmd))
		die("poke: %s", strerror(errno));
}

static void find_entries(void)
{
	unsigned long span = page / 8 * page;
	struct witness w;
	struct look l;
	char *at;

	/* nothing else of us may need the PMD that will be changed */
	victim = mmap(NULL, 2 * span, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (victim == MAP_FAILED || madvise(victim, 2 * span, MADV_NOHUGEPAGE))
		die("mmap: %s", strerror(errno));
	victim += -(unsigned long)victim & (span - 1);
	store_byte(victim, 1);
	if (inject(injector, "get %lx", (unsigned long)victim) ||
	    inject_witness(injector, &w))
		die("get: %s", strerror(errno));
	own_pte = w.old;
	ask(&l);
	at = strstr(l.text, "PMD[");
	if (!at || sscanf(at, "PMD[%*x] @%lx %lx", &pmd_at, &own_pmd) != 2)
		die("walk shows no PMD: %s", l.text);
	/* it must be the PMD: put it where it is */
	if (inject(injector, "poke %lx %lx", pmd_at, own_pmd) ||
	    inject_witness(injector, &w) || w.old != own_pmd)
		die("the PMD is not at %lx", pmd_at);
}

/*
 * The answers.
 */

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

/*
 * Is there an online page?  Newer kernels do not set KPF_NOPAGE but have 0 for
 * what is not there, which a page without any flag has as well.
 */
static bool may_be_there(unsigned long flags)
{
	return !(flags & 1UL << KPF_NOPAGE);
}

static bool may_be_missing(unsigned long flags)
{
	return !flags || flags & 1UL << KPF_NOPAGE;
}

static bool where_agrees(const char *line, unsigned long pfn, unsigned long flags)
{
	bool firmware = strstr(line, ": kept by the firmware");

	if (is_ram(pfn))
		return (may_be_there(flags) && strstr(line, ": RAM")) ||
		       (may_be_missing(flags) && strstr(line, ": offline RAM"));
	/* a section that is partly RAM has struct pages that kpageflags leaves out */
	if (may_be_missing(flags))
		return strstr(line, ": not RAM") || (firmware && is_firmware(pfn));
	if (is_firmware(pfn))
		return firmware;
	return strstr(line, ": not RAM") && strstr(line, ", flags ");
}

static bool details_agree(const char *line, unsigned long pfn, unsigned long flags)
{
	bool image = is_image(pfn) && flags & 1UL << KPF_RESERVED;
	const char *map = strstr(line, ", map ");
	char zone[32];

	snprintf(zone, sizeof(zone), ", %s, node 0", zone_of(pfn));
	if (!strstr(line, zone) || !!strstr(line, "(kernel image)") != image)
		return false;
	/* kpagecount has 0 for what can't be mapped, and its own view of folios */
	if (!map || flags & (1UL << KPF_COMPOUND_HEAD | 1UL << KPF_COMPOUND_TAIL))
		return true;
	return strtoul(map + 6, NULL, 10) == word_of(kpagecount, pfn, 0);
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
	unsigned long flags = flags_of(pfn);
	static struct look l;
	bool good;

	look_at(pfn, &l);
	t->seen++;
	if (strstr(l.line, "(CMA)")) {
		t->cma++;
		t->cma_pfn = pfn;
	}
	if (flags_of(pfn) != flags) {
		t->moved++;
		return;
	}
	t->kinds[is_ram(pfn) ? 0 : may_be_missing(flags) ? 3 : is_firmware(pfn) ? 1 : 2]++;
	good = where_agrees(l.line, pfn, flags);
	if (good && strstr(l.line, ": RAM"))
		good = type_agrees(l.line, flags) && details_agree(l.line, pfn, flags);
	if (!good && t->wrong++ < 5)
		ksft_print_msg("kpageflags %lx, count %lu, zone %s: %s\n", flags,
			       word_of(kpagecount, pfn, 0), zone_of(pfn), l.line);
}

static void test_edges(void)
{
	struct tally t = { };
	unsigned int i;

	for (i = 0; i < nr_places; i++) {
		unsigned long first = places[i].first / page;
		unsigned long last = places[i].last / page;

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

/* Pageblocks of the type CMA; -1 when the kernel has no such type. */
static long cma_blocks(unsigned long *block)
{
	char *text = read_file("/proc/pagetypeinfo", NULL), *line, *word, *save;
	long column = -1, i, total = 0;
	bool counting = false;

	if (!text)
		die("/proc/pagetypeinfo: %s", strerror(errno));
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "Pages per block: %lu", block) == 1)
			continue;
		if (!strncmp(line, "Number of blocks type", 21)) {
			counting = true;
			word = strtok(line + 21, " ");
			for (i = 0; word; i++, word = strtok(NULL, " "))
				column = strcmp(word, "CMA") ? column : i;
		} else if (counting && !strncmp(line, "Node ", 5) && column >= 0) {
			/* Node 0, zone NAME and the numbers */
			word = strtok(line, " ");
			for (i = -4; i < column && word; i++)
				word = strtok(NULL, " ");
			total += word ? atol(word) : 0;
		}
	}
	free(text);
	return column < 0 ? -1 : total;
}

static unsigned long test_blocks(void)
{
	unsigned long block = 0, pfn;
	long want = cma_blocks(&block);
	struct tally t = { };
	unsigned int i;

	if (!block)
		die("pagetypeinfo does not say how large a block is");
	for (i = 0; i < nr_places; i++) {
		unsigned long first = (places[i].first / page + block - 1) / block * block;

		if (places[i].depth || strcmp(places[i].name, "System RAM"))
			continue;
		for (pfn = first; pfn <= places[i].last / page; pfn += block)
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

static bool says(const struct look *l, const char *verdict)
{
	char text[64];

	snprintf(text, sizeof(text), "    !! %s: ", verdict);
	return strstr(l->text, text);
}

static unsigned long image_pfn(void)
{
	unsigned int i;

	for (i = 0; i < nr_places; i++) {
		if (!strcmp(places[i].name, "Kernel code"))
			return (places[i].first + page - 1) / page + 1;
	}
	die("/proc/iomem has no Kernel code");
	return 0;
}

/* A page in the middle of a large free block. */
static unsigned long free_pfn(void)
{
	unsigned long pfn, run = 0, end = zones[0].first;
	unsigned int i;

	for (i = 0; i < nr_zones; i++) {
		if (zones[i].spanned && zones[i].first + zones[i].spanned > end)
			end = zones[i].first + zones[i].spanned;
	}
	for (pfn = end; pfn-- > zones[0].first;) {
		run = flags_of(pfn) & 1UL << KPF_BUDDY ? run + 1 : 0;
		if (run == 256)
			return pfn + 101;
	}
	return 0;
}

static void test_free_page(unsigned long pfn)
{
	struct look l;

	look_at(pfn, &l);
	ksft_test_result(says(&l, "free page") && strstr(l.line, " free, ") &&
			 flags_of(pfn) & 1UL << KPF_BUDDY,
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
	wrong += says(&l, "page unref") || says(&l, "free page");
	munmap(mem, ARRAY_SIZE(pfn) * page);
	for (i = 0; i < ARRAY_SIZE(pfn); i++) {
		look_at(pfn[i], &l);
		unref += says(&l, "page unref");
		merged += says(&l, "free page") && flags_of(pfn[i]) & 1UL << KPF_BUDDY;
		wrong += says(&l, "page unref") && !strstr(l.line, ", ref 0, map 0,");
		look_at_table(pfn[i], &l);
		tables += says(&l, "table unref");
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
	ksft_test_result(says(&l, verdict) && strstr(l.text, table),
			 "a table page %s: %s\n", what, verdict);
}

static void test_tables(unsigned long free_page, unsigned long cma)
{
	struct look l;

	test_table(image_pfn(), "table image", "in the kernel image");
	test_table(look_up_page(getpid(), (unsigned long)victim).pfn, "table user",
		   "that is user memory");
	test_table(free_page, "table free", "in a free block");
	if (cma)
		test_table(cma, "table CMA", "in CMA");
	else
		ksft_test_result_skip("a table page in CMA: there is no CMA area\n");
	ask(&l);
	ksft_test_result(!strstr(l.text, "!!"), "all is well again\n");
}

/* Take a block of memory offline; its first pfn, or 0. */
static unsigned long take_offline(char *path, size_t size)
{
	char *text = read_file("/sys/devices/system/memory/block_size_bytes", NULL);
	unsigned long bytes = text ? strtoul(text, NULL, 16) : 0;
	unsigned long block, end = zones[0].first;
	unsigned int i;

	free(text);
	if (!bytes)
		return 0;
	for (i = 0; i < nr_places; i++) {
		if (!places[i].depth && !strcmp(places[i].name, "System RAM"))
			end = places[i].last / bytes;
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
	ksft_test_result(strstr(l.line, ": offline RAM") && says(&l, "not RAM") &&
			 may_be_missing(flags_of(pfn + 1)),
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

	for (i = 0; i < nr_zones; i++) {
		if (strcmp(zones[i].name, "Device") || !zones[i].spanned)
			continue;
		look_at(zones[i].first, &l);
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
	char key[48], *text, *at;
	unsigned int i;

	text = read_file(PTDBG_DIR "/stats", NULL);
	for (i = 0; i < ARRAY_SIZE(verdicts); i++) {
		snprintf(key, sizeof(key), "verdict_%s ", verdicts[i]);
		at = text ? strstr(text, key) : NULL;
		if (!at)
			die("stats has no %s", key);
		n = strtoull(at + strlen(key), NULL, 10);
		if (n)
			ksft_print_msg("%s%llu\n", key, n);
		sum += n;
	}
	free(text);
	ksft_test_result(!sum, "an ordinary load gets no verdict\n");
}

/* Every table page of every record of the load. */
static void test_load_tables(void)
{
	unsigned int i, j, seen = 0, wrong = 0;
	char name[MAX_ZONES][16] = { };
	struct records all;
	int index;

	for (i = 0; i < nr_zones; i++) {
		index = trace_bit("zones", zones[i].name);
		if (index >= 0 && index < MAX_ZONES)
			memcpy(name[index], zones[i].name, sizeof(name[index]));
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
			wrong += t[j].where != PTDBG_WHERE_RAM || !is_ram(pfn) ||
				 t[j].zone >= MAX_ZONES ||
				 strcmp(name[t[j].zone], zone_of(pfn)) ||
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
	read_iomem();
	read_zones();
	load();
	test_no_verdicts();
	test_load_tables();

	injector = inject_open();
	walk = open(PTDBG_DIR "/walk", O_RDWR);
	kpageflags = open("/proc/kpageflags", O_RDONLY);
	kpagecount = open("/proc/kpagecount", O_RDONLY);
	if (injector < 0 || walk < 0 || kpageflags < 0 || kpagecount < 0)
		die("cannot open what is needed: %s", strerror(errno));
	find_entries();
	test_edges();
	cma = test_blocks();
	idle = free_pfn();
	if (!idle)
		die("no large free block");
	test_free_page(idle);
	test_unref();
	test_tables(idle, cma);
	test_offline();
	test_device();
	close(injector);
	close(walk);
	need_no_module("ptdbg_inject");
	need_no_module("ptdbg");
	ksft_finished();
}
