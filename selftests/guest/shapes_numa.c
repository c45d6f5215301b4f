// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel does to the entries of a process behind its back: NUMA hints,
 * which take the page from the hardware for a while, and real migrations.
 *
 * Oracles: smaps says that the mapping is readable and writable all the time,
 * vmstat counts hints and migrations, where the kernel has these counters, pagemap
 * knows the pfns.
 *
 * A hint is waited for.  A migration is a race: pages are sent to and fro between
 * nodes, or memory is compacted, while one thread walks and another one writes;
 * if no round of these had an entry to show, the test is skipped.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "shape.h"
#include "smaps.h"
#include "touch.h"

#define SETTING		"/proc/sys/kernel/numa_balancing"
#define SCAN		"/sys/kernel/debug/sched/numa_balancing/"
#define COMPACT		"/proc/sys/vm/compact_memory"
#define PAGES		256
#define ROUNDS		10

/* How long a hint may take to come. */
#define TRIES		2000
#define PAUSE_US	10000

static unsigned long page;
static atomic_bool stop;
static char *mem;

static bool set_file(const char *path, const char *text)
{
	return write_file(path, text, strlen(text)) == (long)strlen(text);
}

/* Hints are placed by a thread that uses up its time. */
static void *spin(void *unused)
{
	while (!atomic_load(&stop))
		;
	return unused;
}

static bool hint_comes(const void *p)
{
	unsigned int i;

	for (i = 0; i < TRIES; i++) {
		if (shape_says(p, "PROT_NONE"))
			return true;
		usleep(PAUSE_US);
	}
	return false;
}

static void try_hint(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	long updates = vmstat("numa_pte_updates"), hints;
	unsigned long pfn;
	pthread_t spinner;
	struct smaps m;
	struct seen s;
	char want[32];
	bool came;

	shape_access(p, WRITE);
	pfn = pagemap_word(p) & PM_PFN;
	/* without a setting for the time between two scans it takes longer */
	set_file(SCAN "scan_delay_ms", "1");
	set_file(SCAN "scan_period_min_ms", "10");
	if (!set_file(SETTING, "1")) {
		ksft_test_result_skip("NUMA hint: %s: %s\n", SETTING, strerror(errno));
		ksft_test_result_skip("NUMA hint: so no fault on it\n");
		return;
	}
	atomic_store(&stop, false);
	if (pthread_create(&spinner, NULL, spin, NULL))
		die("no thread");
	came = hint_comes(p);
	atomic_store(&stop, true);
	pthread_join(spinner, NULL);
	/* what is there now is to be touched by us */
	set_file(SETTING, "0");
	snprintf(want, sizeof(want), " -> pfn %lx ", pfn);
	ksft_test_result(came && strstr(shape_entry(p), want) &&
			 smaps_find(p, &m) && smaps_flag(&m, "rd") &&
			 smaps_flag(&m, "wr") &&
			 (pagemap_word(p) & PM_PFN) == pfn &&
			 vmstat_grew("numa_pte_updates", updates),
			 "NUMA hint: PROT_NONE in a mapping that may be written\n");
	hints = vmstat("numa_hint_faults");
	shape_seen(p, WRITE, &s);
	ksft_test_result(shape_holds(&s, 0, s.faults == 1 && !s.sig &&
				     s.last->chain.before_stop == PTDBG_STOP_LEAF &&
				     shape_before(s.last) != shape_after(s.last) &&
				     s.last->page.pfn == (pagemap_word(p) & PM_PFN) &&
				     !shape_says(p, "PROT_NONE") &&
				     vmstat_grew("numa_hint_faults", hints)),
			 "NUMA hint: the fault gives the page back\n");
	shape_free(&s);
	munmap(p, page);
}

/**
 * struct round - one time that all pages are moved
 * @nodes: there are two nodes
 * @to: node to move to
 * @over: set at the end
 */
struct round {
	bool nodes;
	int to;
	atomic_bool over;
};

static void *move(void *data)
{
	struct round *r = data;
	void *pages[PAGES];
	int node[PAGES], status[PAGES];
	unsigned int i;

	for (i = 0; i < PAGES; i++) {
		pages[i] = mem + i * page;
		node[i] = r->to;
	}
	if (!r->nodes)
		set_file(COMPACT, "1");
	else if (syscall(SYS_move_pages, 0, PAGES, pages, node, status, 0) < 0)
		die("move_pages: %s", strerror(errno));
	atomic_store(&r->over, true);
	return NULL;
}

static void *write_pages(void *data)
{
	struct round *r = data;
	unsigned int i = 0;

	while (!atomic_load(&r->over))
		store_byte(mem + i++ % PAGES * page, 1);
	return NULL;
}

/* The pfn of a migration entry, 0 when the line has something else. */
static unsigned long migrating(const char *line)
{
	const char *at = strstr(line, " migration (");

	at = at ? strstr(at, ") pfn ") : NULL;
	return at ? strtoul(at + strlen(") pfn "), NULL, 16) : 0;
}

/*
 * Faults that met a migration entry, from the text of the records: the first line
 * that has one is the entry before.
 */
static unsigned int faults_met(const unsigned long *pfn, unsigned int *wrong)
{
	char *text = read_file(PTDBG_TEXT, NULL), *line, *at;
	unsigned long addr = 0, page_nr, found;
	unsigned int met = 0;

	if (!text)
		die("%s: %s", PTDBG_TEXT, strerror(errno));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (*line == '[') {
			at = strstr(line, " fault ");
			addr = at ? strtoul(at + strlen(" fault "), NULL, 16) : 0;
		}
		page_nr = (addr - (unsigned long)mem) / page;
		found = migrating(line);
		if (!found || page_nr >= PAGES)
			continue;
		met++;
		*wrong += found != pfn[page_nr];
		addr = 0;
	}
	free(text);
	return met;
}

/* New pages, for what compaction has moved once it leaves alone. */
static void map_pages(unsigned long *pfn)
{
	unsigned int i;

	mem = shape_map(PAGES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	madvise(mem, PAGES * page, MADV_NOHUGEPAGE);
	for (i = 0; i < PAGES; i++) {
		store_byte(mem + i * page, 1);
		pfn[i] = pagemap_word(mem + i * page) & PM_PFN;
	}
}

static void try_migration(void)
{
	long moved = vmstat("pgmigrate_success");
	unsigned int i, n, walked = 0, met = 0, wrong = 0;
	unsigned long pfn[PAGES], seen;
	pthread_t mover, writer;
	struct round r;

	r.nodes = !access("/sys/devices/system/node/node1", F_OK);
	for (n = 0; n < ROUNDS && !walked && !met; n++) {
		map_pages(pfn);
		r.to = n % 2;
		atomic_store(&r.over, false);
		shape_forget();
		if (pthread_create(&mover, NULL, move, &r) ||
		    pthread_create(&writer, NULL, write_pages, &r))
			die("no thread");
		for (i = 0; !atomic_load(&r.over); i = (i + 1) % PAGES) {
			seen = migrating(shape_entry(mem + i * page));
			walked += !!seen;
			wrong += seen && seen != pfn[i];
		}
		pthread_join(mover, NULL);
		pthread_join(writer, NULL);
		met += faults_met(pfn, &wrong);
		munmap(mem, PAGES * page);
	}
	ksft_print_msg("%u rounds by %s, %ld pages moved: %u entries walked, %u in faults\n",
		       n, r.nodes ? "move_pages" : "compaction",
		       vmstat("pgmigrate_success") - moved, walked, met);
	if (!walked && !met)
		ksft_test_result_skip("migration: no entry was caught in %u rounds\n", n);
	else
		ksft_test_result(!wrong,
				 "migration: caught, with the pfn that was left (%u wrong)\n",
				 wrong);
}

int main(void)
{
	static const char *const settings[] = {
		SETTING, SCAN "scan_delay_ms", SCAN "scan_period_min_ms",
	};
	char *old[3];
	unsigned int i;

	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(3);
	shape_start();
	for (i = 0; i < 3; i++)
		old[i] = read_file(settings[i], NULL);
	try_hint();
	try_migration();
	for (i = 0; i < 3; i++) {
		if (old[i] && !set_file(settings[i], old[i]))
			die("%s cannot be put back: %s", settings[i],
			    strerror(errno));
		free(old[i]);
	}
	shape_end();
	ksft_finished();
}
