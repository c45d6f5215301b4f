// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables full of lies: ptdbg walks them all the same.
 *
 * A process of our own stands still while the injector replaces entries of its
 * tables, at every level, by random and by hostile values.  Some lead to pages
 * that we fill with more of them.  ptdbg walks the address, and once in a while
 * lists all tables of the process.
 *
 * The oracle is what was written: expect.c knows what a walk would have to
 * find, by the manual, /proc/iomem and /proc/kpageflags.  All table indexes of
 * the address are the same number, so that also a table that serves at the wrong
 * level is read where we know what is in it.
 *
 * That no device was read the host knows (corrupt_host.sh): QEMU has noted each
 * read of a device register.  Two reads of ours are the marks between which it
 * looks, and the proof that it would see one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "damon.h"
#include "expect.h"
#include "inject.h"
#include "iomem.h"
#include "kselftest.h"
#include "manual.h"
#include "proc.h"
#include "sacrifice.h"

#define BIT(n)		(1UL << (n))

/* Index of the address in all of its tables. */
#define INDEX		5

/* Where the marks are read, and a walk never is: see corrupt_host.sh */
#define MARK_BEGIN	0xf00
#define MARK_END	0xf08

/* Where a lie leads to. */
enum place {
	TO_DEVICE,
	TO_BAR,			/* the device that is in the direct map */
	TO_HOLE,		/* below or between RAM */
	TO_BEYOND,		/* above it */
	TO_ANY,
	TO_SELF,
	TO_CHAIN,		/* any table of the chain, the root too */
	TO_IMAGE,		/* the kernel's code */
	TO_FREE,
	TO_DATA,		/* a page of the process */
	TO_DEEP,		/* a page of ours, with the next lie */
	NR_PLACES
};

static const char *const place_name[NR_PLACES] = {
	"device", "direct-mapped device", "hole", "beyond RAM", "anywhere",
	"itself", "own tables", "kernel image", "free page", "user data",
	"lies",
};

static struct target t;
static struct sacrifice victim;
static unsigned long page_bytes;
static unsigned long bar, alias;	/* physical, and in the direct map */
static int injector, walk_fd;
static unsigned long free_pfn;

static unsigned int by_place[NR_PLACES], by_verdict[PTDBG_NR_VERDICTS];
static unsigned int nr_wrong, nr_changed;
/*
 * Tables that can't be read and are not known as free pages; a kernel that hides
 * those also hides the ones on the lists of the CPUs, which look like any other.
 */
static unsigned int nr_unreadable;

static unsigned long rnd(void)
{
	static unsigned long x = 0x2545f4914f6cdd1dUL;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x * 0x9e3779b97f4a7c15UL >> 3 ^ x;
}

/* Ask ptdbg, and judge what it says. */
static void walk_once(void)
{
	struct walk want, got, later;
	char text[8192];
	unsigned int i;
	ssize_t n;

	walk_expect(&t, &want);
	/* the file knows the address: reading it from the start walks anew */
	n = pread(walk_fd, text, sizeof(text) - 1, 0);
	if (n <= 0)
		die("walk: %s", n ? strerror(errno) : "nothing");
	text[n] = '\0';
	walk_parse(&t, text, &got);
	for (i = 0; i < PTDBG_NR_VERDICTS; i++)
		by_verdict[i] += got.must >> i & 1;
	if (got.must & BIT(PTDBG_TABLE_UNREADABLE) && !(got.must & BIT(PTDBG_TABLE_FREE)))
		nr_unreadable++;
	if (walk_same(&want, &got))
		return;
	/* pages of others may have changed hands */
	walk_expect(&t, &later);
	if (later.must != want.must || later.either != want.either) {
		nr_changed++;
		return;
	}
	if (nr_wrong++ >= 5)
		return;
	printf("# level %u, entry %016lx\n", t.level, t.raw);
	walk_print("expected", &want);
	walk_print("ptdbg", &got);
}

/* A pfn below range @i of RAM and above the one before; false: there is none. */
static bool in_hole(unsigned int i, unsigned long *pfn)
{
	unsigned long first = i ? t.map.ram[i - 1].last + 1 : 0;

	if (first >= t.map.ram[i].first)
		return false;
	*pfn = first + rnd() % (t.map.ram[i].first - first);
	return true;
}

/* A pfn that is what @to says; false when this machine has none. */
static bool choose(enum place to, unsigned int level, unsigned long *pfn)
{
	unsigned long last = t.map.ram[t.map.nr_ram - 1].last;
	struct area *a;

	switch (to) {
	case TO_DEVICE:
		a = &t.map.device[rnd() % t.map.nr_devices];
		*pfn = a->first;
		return !iomem_is_ram(&t.map, *pfn);
	case TO_BAR:
		*pfn = bar / page_bytes;
		return true;
	case TO_HOLE:
		return in_hole(rnd() % t.map.nr_ram, pfn);
	case TO_BEYOND:
		*pfn = last + 1 + (rnd() >> (rnd() % 32 + 24)) % (last * 4);
		return true;
	case TO_ANY:
		*pfn = rnd() & (BIT(manual_pfn_bits(&t.mode)) - 1);
		return true;
	case TO_SELF:
		*pfn = target_table(&t, level);
		return true;
	case TO_CHAIN:
		*pfn = target_table(&t, rnd() % t.mode.levels);
		return true;
	case TO_IMAGE:
		*pfn = t.map.image.first + rnd() % (t.map.image.last - t.map.image.first);
		return true;
	case TO_FREE:
		*pfn = free_pfn;
		return true;
	case TO_DATA:
		*pfn = manual_meaning(&t.mode, t.mode.levels - 1,
				      t.chain.chain[t.mode.levels - 1]).pfn;
		return true;
	case TO_DEEP:
		*pfn = t.deep_pfn[level];
		return true;
	default:
		return false;
	}
}

/* An entry for @level that is a lie; others below it, if it leads to them. */
static unsigned long make_lie(unsigned int level)
{
	unsigned long raw, pfn;
	enum place to;

	if (rnd() % 4 == 0)
		return rnd();
	do {
		to = rnd() % NR_PLACES;
	} while (!choose(to, level, &pfn));
	if (to == TO_DEEP)
		t.deep[level][INDEX] = level + 1 < t.mode.levels ?
				     make_lie(level + 1) : rnd();
	by_place[to]++;
	raw = rnd() % 4 ? manual_table(&t.mode, pfn)
			: manual_leaf(&t.mode, rnd() % t.mode.levels, pfn);
	/* and now and then a bit or two where they do not belong */
	if (rnd() % 3 == 0)
		raw ^= BIT(rnd() % 64);
	if (rnd() % 6 == 0)
		raw ^= BIT(rnd() % 64);
	return raw;
}

static void set_entry(unsigned int level, unsigned long raw)
{
	t.level = level;
	t.raw = raw;
	if (inject(injector, "set %u %lx", level, raw))
		die("the injector does not set level %u: %s", level, strerror(errno));
}

/* The listing of all tables, which ends and has the root. */
static char *list_tables(void)
{
	char line[16], *text;

	snprintf(line, sizeof(line), "%d\n", victim.pid);
	set_knob("tables", line);
	text = read_file(PTDBG_DIR "/tables", NULL);
	if (!text)
		die("tables: %s", strerror(errno));
	if (!strstr(text, "# level PGD: 1\n"))
		die("level %u, entry %016lx: the tables have no root: %.400s",
		    t.level, t.raw, text);
	return text;
}

/* What the listing says of one lie at the root. */
static void test_listing(unsigned long raw, const char *says, const char *what)
{
	char *text;

	set_entry(0, raw);
	text = list_tables();
	ksft_test_result(strstr(text, says), "listing tables, %s: \"%s\"\n",
			 what, says);
	free(text);
}

static void test_listings(void)
{
	unsigned long bad = bar / page_bytes;
	unsigned long n = page_bytes / 8, i, k;
	char line[64];

	snprintf(line, sizeof(line), " pfn %lx - ", bad);
	test_listing(manual_table(&t.mode, bad), line, "one in a device");
	test_listing(manual_table(&t.mode, target_table(&t, 0)), " !loop",
		     "the root once more");
	if (t.mode.levels < 4) {
		ksft_test_result_skip("listing tables: three levels end soon\n");
		return;
	}
	/* each entry of each page leads to the next page: n * n ways and more */
	for (k = 0; k < DEEP; k++)
		for (i = 0; i < n; i++)
			t.deep[k][i] = k + 1 < DEEP ?
				     manual_table(&t.mode, t.deep_pfn[k + 1]) : 0;
	test_listing(manual_table(&t.mode, t.deep_pfn[0]), "# cut off: ",
		     "more than there can be");
}

/* Shall the process make faults meanwhile, with pages that come and go? */
static void storm(bool on)
{
	if (on)
		t.moving = true;
	sacrifice_storm(&victim, on);
	t.moving = on;
}

static void test_level(unsigned int level, unsigned int count)
{
	unsigned int i, changed = nr_changed, wrong = nr_wrong;

	for (i = 0; i < count; i++) {
		/* a part of them while the process makes faults elsewhere */
		if (i == count / 2)
			storm(true);
		if (i == count / 2 + count / 8)
			storm(false);
		set_entry(level, make_lie(level));
		walk_once();
		if (i % (count / 8) == 0)
			free(list_tables());
	}
	set_entry(level, t.chain.chain[level]);
	walk_once();
	ksft_test_result(nr_wrong == wrong && nr_changed - changed <= count / 50,
			 "level %u: %u walks, %u wrong, %u of pages that changed\n",
			 level, count, nr_wrong - wrong, nr_changed - changed);
}

/* A page that is free, and not likely to be taken: in the largest free block. */
static unsigned long find_free(void)
{
	unsigned long pfn, run = 0, best = 0, at = 0;
	unsigned int i;

	for (i = 0; i < t.map.nr_ram; i++) {
		for (pfn = t.map.ram[i].first; pfn <= t.map.ram[i].last; pfn++) {
			run = target_flags(pfn) & BIT(KPF_BUDDY) ? run + 1 : 0;
			if (run > best) {
				best = run;
				at = pfn - run / 2;
			}
		}
	}
	if (!best)
		die("no page is free");
	return at;
}

static void make_deep(void)
{
	unsigned int i;
	char *mem;

	mem = mmap(NULL, DEEP * page_bytes, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	madvise(mem, DEEP * page_bytes, MADV_NOHUGEPAGE);
	if (mlock(mem, DEEP * page_bytes))
		die("mlock: %s", strerror(errno));
	for (i = 0; i < DEEP; i++) {
		t.deep[i] = (unsigned long *)(mem + i * page_bytes);
		t.deep[i][0] = 1;
		t.deep_pfn[i] = look_up_page(getpid(), (unsigned long)t.deep[i]).pfn;
	}
}

/* First BAR of the device that tests.toml adds, switched on; 0: none. */
static unsigned long find_bar(void)
{
	unsigned long start = 0;
	char path[300], *id;
	struct dirent *e;
	DIR *dir;

	dir = opendir("/sys/bus/pci/devices");
	while (dir && !start && (e = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/class", e->d_name);
		id = read_file(path, NULL);
		/* an NVMe controller: nobody in the guest drives it */
		if (id && !strncmp(id, "0x010802", 8)) {
			free(id);
			snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/enable",
				 e->d_name);
			write_file(path, "1", 1);
			snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource",
				 e->d_name);
			id = read_file(path, NULL);
			if (id)
				start = strtoul(id, NULL, 16);
		}
		free(id);
	}
	if (dir)
		closedir(dir);
	return start;
}

/* What the host is to look for: reads that a walk would make. */
static void write_forbidden(void)
{
	unsigned int i;
	FILE *f;

	f = fopen("/out/forbidden", "w");
	if (!f)
		die("/out/forbidden: %s", strerror(errno));
	fprintf(f, "begin %lx\nend %lx\n", bar + MARK_BEGIN, bar + MARK_END);
	for (i = 0; i < t.map.nr_devices; i++)
		fprintf(f, "%lx\n", t.map.device[i].first * page_bytes + 8 * INDEX);
	fclose(f);
}

/* Read a register of the device through the direct map. */
static void mark(unsigned long offset)
{
	if (inject(injector, "load %lx", alias + offset))
		die("the device cannot be read: %s", strerror(errno));
}

static void prepare(void)
{
	unsigned int i;
	char line[64];

	page_bytes = sysconf(_SC_PAGESIZE);
	t.index = INDEX;
	iomem_read(&t.map);
	need_module(INJECT_KO, "");
	injector = inject_open();
	if (injector < 0 || inject_witness(injector, &t.chain))
		die("the injector: %s", strerror(errno));
	t.mode.page_shift = __builtin_ctzl(page_bytes);
	t.mode.levels = (t.chain.va_bits - 4) / (t.mode.page_shift - 3);
	t.mode.lpa2 = t.chain.lpa2;
	t.mode.phys_bits = t.chain.phys_bits;
	for (i = 0; i < t.mode.levels; i++)
		t.addr |= (unsigned long)INDEX << manual_shift(&t.mode, i);

	sacrifice_begin(&victim, t.addr - INDEX / 2 * page_bytes);
	if (inject(injector, "aim %d %lx", victim.pid, t.addr) ||
	    inject_witness(injector, &t.chain) || t.chain.levels != t.mode.levels)
		die("the injector finds no chain: %s", strerror(errno));
	for (i = 0; i < t.mode.levels; i++)
		t.typed[i] = target_flags(target_table(&t, i)) & BIT(KPF_PGTABLE);
	free_pfn = find_free();
	make_deep();

	bar = find_bar();
	if (!bar || inject(injector, "alias %lx", bar) ||
	    inject_witness(injector, &t.chain))
		die("no device in the direct map (BAR %lx): %s", bar, strerror(errno));
	alias = t.chain.old;
	write_forbidden();

	need_module(PTDBG_KO, "");
	snprintf(line, sizeof(line), "pid=%d type=fault", victim.pid);
	set_knob("filter", line);
	walk_fd = open(PTDBG_DIR "/walk", O_RDWR);
	snprintf(line, sizeof(line), "%d %lx\n", victim.pid, t.addr);
	if (write(walk_fd, line, strlen(line)) < 0)
		die("walk: %s", strerror(errno));
}

static void report(unsigned int walks)
{
	unsigned int i;

	for (i = 0; i < NR_PLACES; i++)
		ksft_print_msg("%u entries that lead to: %s\n", by_place[i],
			       place_name[i]);
	for (i = 0; i < PTDBG_NR_VERDICTS; i++)
		if (walk_verdict_name(i))
			ksft_print_msg("%u walks with: %s\n", by_verdict[i],
				       walk_verdict_name(i));
	ksft_test_result(by_verdict[PTDBG_BAD_PFN] && by_verdict[PTDBG_TABLE_NOT_RAM] &&
			 by_verdict[PTDBG_RESERVED_BITS] && by_verdict[PTDBG_LOOP] &&
			 by_verdict[PTDBG_TABLE_UNTYPED] && by_verdict[PTDBG_TABLE_FREE] &&
			 by_verdict[PTDBG_TABLE_USER] &&
			 by_verdict[PTDBG_FREE_PAGE] && by_verdict[PTDBG_BAD_ENTRY] &&
			 nr_unreadable <= walks / 100,
			 "every verdict that such tables deserve\n");
}

int main(void)
{
	unsigned int level, count;
	struct stats s;

	ksft_print_header();
	/* it would follow the corrupt tables, and die */
	damon_stop();
	prepare();
	ksft_set_plan(t.mode.levels + 7);
	count = (full_size() ? 100000 : 2000) / t.mode.levels;

	t.level = 0;
	t.raw = t.chain.chain[0];
	walk_once();
	ksft_test_result(!nr_wrong, "the chain as it was\n");
	mark(MARK_BEGIN);
	for (level = 0; level < t.mode.levels; level++)
		test_level(level, count);
	test_listings();
	set_entry(0, t.chain.chain[0]);
	mark(MARK_END);
	report(t.mode.levels * count);
	if (inject(injector, "mend"))
		die("the tables are not mended: %s", strerror(errno));

	read_stats(&s);
	ksft_test_result(stats_exact(&s, "at the end") && s.recorded &&
			 *victim.faults && s.recorded + s.missed >= *victim.faults,
			 "%llu faults were recorded meanwhile, of %lu\n",
			 s.recorded, *victim.faults);
	ksft_test_result(sacrifice_end(&victim),
			 "the process finds its memory as it was, and exits\n");
	close(walk_fd);
	close(injector);
	need_no_module("ptdbg");
	need_no_module("ptdbg_inject");
	damon_start();
	ksft_finished();
}
