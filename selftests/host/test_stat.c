// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg stat on a recording of a few records whose numbers are plain, so that
 * every sum, mean and rate below was made by hand.
 */
#include <sys/wait.h>

#include "count.h"
#include "recording.h"
#include "tap.h"

#define DIR	BUILD "/stat"

/* What one record is. */
struct plain {
	unsigned int ms;		/* time, after second 100 */
	unsigned int cpu;
	u32 tgid;
	const char *comm;
	unsigned int type;
	u32 duration;			/* ns */
	u32 result;
	u32 verdicts;
	u8 fresh;
	u64 start;			/* of the vma; its end is 0x3000 on */
	unsigned int kind;
	u64 ino;
	unsigned int levels;		/* of the chain */
};

/* Two seconds and a half; the processes are a (1), b (2), c (3). */
static const struct plain plain[] = {
	{ 0, 0, 1, "a", PTDBG_FAULT, 1000, 0, 0, 0, 0x10000, PTDBG_VMA_FILE, 7, 3 },
	{ 100, 1, 2, "b", PTDBG_FAULT, 3000, 0x400, 0, 4, 0x20000, PTDBG_VMA_ANON, 0, 3 },
	{ 200, 0, 1, "a", PTDBG_FAULT, 2000, 0, 0, 6, 0x10000, PTDBG_VMA_FILE, 7, 3 },
	{ 300, 1, 1, "a", PTDBG_GUP, 0, 0, 1 << PTDBG_BAD_PFN, 0, 0x10000, PTDBG_VMA_FILE, 7, 3 },
	{ 1000, 0, 2, "b", PTDBG_FAULT, 9000, 0x404, 0, 0, 0x20000, PTDBG_VMA_ANON, 0, 3 },
	{ 1500, 0, 1, "a", PTDBG_FAULT, 0, 0, 0, 0, 0x30000, PTDBG_VMA_STACK, 0, 2 },
	{ 2500, 1, 3, "c", PTDBG_SIG, 0, 0, 1 << PTDBG_LOOP, 0, 0, PTDBG_VMA_NONE, 0, 1 },
};

static void fill(union fix_record *f, const struct plain *p)
{
	static const struct ptdbg_table table[3];
	static const u64 entry[3];
	struct ptdbg_chain *c;
	struct ptdbg_vma *v;

	memset(f, 0, sizeof(*f));
	f->r.ts = 100000000000ULL + p->ms * 1000000ULL;
	f->r.id = p->type;
	f->r.pid = p->tgid;
	f->r.tgid = p->tgid;
	f->r.verdicts = p->verdicts;
	snprintf(f->r.comm, sizeof(f->r.comm), "%s", p->comm);
	c = p->type == PTDBG_FAULT ? &f->fault.chain :
	    p->type == PTDBG_GUP ? &f->gup.chain : &f->sig.chain;
	v = p->type == PTDBG_FAULT ? &f->fault.vma :
	    p->type == PTDBG_GUP ? &f->gup.vma : &f->sig.vma;
	if (p->type == PTDBG_FAULT) {
		f->fault.duration = p->duration;
		f->fault.result = p->result;
	}
	c->fresh = p->fresh;
	v->kind = p->kind;
	v->start = p->start;
	v->end = p->start + 0x3000;
	v->flags = 3;
	v->ino = p->ino;
	v->dev = 8 << 20 | 1;
	fix_chain(f, c, 0, NULL, p->levels, entry, table);
}

static bool make(void)
{
	static struct rec_stream s[2];
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	union fix_record f;
	unsigned int i;
	bool good;

	good = rec_begin(DIR, &t) && rec_open(&s[0], DIR, 0, 0, 5000) &&
	       rec_open(&s[1], DIR, 1, 0, 5000);
	for (i = 0; good && i < ARRAY_SIZE(plain); i++) {
		fill(&f, &plain[i]);
		rec_add(&s[plain[i].cpu], &f.r);
		if (plain[i].ms == 300)
			rec_lose(&s[1], 5);
	}
	return good && rec_close(&s[0]) && rec_close(&s[1]);
}

/* All that it writes, on standard output and, with @both, on stderr. */
static int run(const char *args, bool both, char *text, size_t size)
{
	char command[512];
	size_t n;
	FILE *p;

	snprintf(command, sizeof(command), "%s/ptdbg stat %s %s", BUILD, args,
		 both ? "2>&1" : "2>/dev/null");
	p = popen(command, "r");
	if (!p)
		return -1;
	n = fread(text, 1, size - 1, p);
	text[n] = '\0';
	return WEXITSTATUS(pclose(p));
}

static void shows(const char *args, const char *want)
{
	static char got[65536];
	int code = run(args, false, got, sizeof(got));

	ok(!code, "stat %s: exit code 0, got %d", args, code);
	is_text(got, want, args);
}

static void says(const char *args, int want, const char *text)
{
	static char got[65536];
	int code = run(args, true, got, sizeof(got));

	ok(code == want, "stat %s: exit code %d, got %d", args, want, code);
	has_text(got, text, args);
}

#define HEAD	" records a second   faults   mean us     max us    new    bad"

static const char whole[] =
	"7 records in 2.500000 s, 2 a second\n"
	"\n"
	HEAD "  process\n"
	/* faults of 1, 2 and 0 us; bits of the masks 0, 6, 0 */
	"       4        1        3     1.000      2.000      2      1  a/1\n"
	"       2        0        2     6.000      9.000      1      0  b/2\n"
	"       1        0        0     0.000      0.000      0      1  c/3\n"
	"\n"
	HEAD "  vma\n"
	"       3        1        2     1.500      2.000      2      1  a/1 file 8:1/7 rw-p 10000-13000\n"
	"       2        0        2     6.000      9.000      1      0  b/2 anon rw-p 20000-23000\n"
	"       1        0        1     0.000      0.000      0      0  a/1 stack rw-p 30000-33000\n"
	"\n"
	HEAD "  kind of vma\n"
	"       1        0        0     0.000      0.000      0      1  none\n"
	"       2        0        2     6.000      9.000      1      0  anon\n"
	"       3        1        2     1.500      2.000      2      1  file\n"
	"       1        0        1     0.000      0.000      0      0  stack\n"
	"\n"
	HEAD "  chain ends at\n"
	"       1        0        0     0.000      0.000      0      1  PGD\n"
	"       1        0        1     0.000      0.000      0      0  PMD\n"
	"       5        2        4     3.750      9.000      3      1  PTE\n"
	"\n"
	"a fault took                 faults\n"
	"< 1 ns                            1 ########################################\n"
	"< 2 ns                            0\n"
	"< 4 ns                            0\n"
	"< 8 ns                            0\n"
	"< 16 ns                           0\n"
	"< 32 ns                           0\n"
	"< 64 ns                           0\n"
	"< 128 ns                          0\n"
	"< 256 ns                          0\n"
	"< 512 ns                          0\n"
	"< 1024 ns                         1 ########################################\n"
	"< 2048 ns                         1 ########################################\n"
	"< 4096 ns                         1 ########################################\n"
	"< 8192 ns                         0\n"
	"< 16384 ns                        1 ########################################\n"
	"\n"
	"result                       faults\n"
	"ok                                3 ########################\n"
	/* 0x400 twice, of these once with 0x4 */
	"MAJOR                             1 ########\n"
	"RETRY                             2 ################\n"
	"!! bad pfn                        1\n"
	"!! loop                           1\n";

static const char by_max[] =
	"7 records in 2.500000 s, 2 a second\n"
	"\n"
	HEAD "  process\n"
	"       2        0        2     6.000      9.000      1      0  b/2\n"
	"       5        2        3     1.000      2.000      2      2  (2 others)\n";

/* Seconds from 100 on: four records, then two, then one; the loss follows the 4th. */
static const char seconds[] =
	"      time " HEAD "\n"
	"   101.000        4        4        3     2.000      3.000      3      1  all\n"
	"   101.000        5 lost: overwritten before they could be read\n"
	"   102.000        2        2        2     4.500      9.000      0      0  all\n"
	"   103.000        1        1        0     0.000      0.000      0      1  all\n";

static const char seconds_by[] =
	"      time " HEAD "  process\n"
	"   101.000        3        3        2     1.500      2.000      2      1  a/1\n"
	"   101.000        1        1        1     3.000      3.000      1      0  b/2\n"
	"   101.000        5 lost: overwritten before they could be read\n"
	"   102.000        1        1        1     0.000      0.000      0      0  a/1\n"
	"   102.000        1        1        1     9.000      9.000      0      0  b/2\n";

static void test_histograms(void)
{
	static char got[65536];

	run("-b kind -H -f comm=b " DIR, false, got, sizeof(got));
	has_text(got, "2 records in 0.900000 s, 2 a second\n", "a filter, and the rest");
	has_text(got, "       2        2        2     6.000      9.000      1      0  anon\n"
		 "a fault took                 faults\n"
		 "< 4096 ns                         1 ########################################\n"
		 "< 8192 ns                         0\n"
		 "< 16384 ns                        1 ########################################\n"
		 "result                       faults\n"
		 "ok                                0\n"
		 "MAJOR                             1 ####################\n"
		 "RETRY                             2 ########################################\n",
		 "a histogram of a line");
}

/* More processes than there are lines: each has one record. */
static void test_crowd(void)
{
	static struct count c;
	union fix_record f;
	struct plain one = plain[0];
	struct event e = { .known = true };
	u64 sum, now = 0;
	unsigned int i;

	for (one.tgid = 1; one.tgid <= COUNT_MAX + 100; one.tgid++) {
		fill(&f, &one);
		ptdbg_view(&f.r, f.r.size, &e.v);
		count_record(&c, &e);
	}
	is_hex(c.process.nr, COUNT_MAX, "a full table");
	is_hex(c.process.others.total.records, 100, "and 100 others");
	count_tick(&c);
	is_hex(c.process.nr, COUNT_MAX / 2, "a tick makes room");
	is_hex(c.process.others.total.records, 100 + COUNT_MAX / 2, "by more others");
	for (i = 0, sum = c.process.others.total.records; i < c.process.nr; i++) {
		sum += c.process.entry[i].sum.total.records;
		now += c.process.entry[i].sum.now.records;
	}
	is_hex(sum, COUNT_MAX + 100, "none is forgotten");
	is_hex(now + c.process.others.now.records, 0, "a new interval");
}

/* Who has records in an interval stays when those who are idle go. */
static void test_idle(void)
{
	static struct count c;
	union fix_record f;
	struct plain one = plain[0];
	struct event e = { .known = true };
	unsigned int i, found = 0;

	for (i = 0; i < COUNT_MAX; i++) {
		one.tgid = 1 + i;
		fill(&f, &one);
		ptdbg_view(&f.r, f.r.size, &e.v);
		count_record(&c, &e);
		/* the table is not crowded at this tick */
		if (i == COUNT_MAX / 4)
			count_tick(&c);
	}
	one.tgid = 1;
	fill(&f, &one);
	ptdbg_view(&f.r, f.r.size, &e.v);
	count_record(&c, &e);
	count_tick(&c);
	for (i = 0; i < c.process.nr; i++)
		found += c.process.entry[i].key.tgid == 1 &&
			 c.process.entry[i].sum.total.records == 2;
	is_hex(found, 1, "the oldest was busy and stays");
	count_record(&c, &e);
	for (i = 0, found = 0; i < c.process.nr; i++)
		found += c.process.entry[i].key.tgid == 1 &&
			 c.process.entry[i].sum.total.records == 3;
	is_hex(found, 1, "and is found again");
}

int main(void)
{
	tap_begin();
	if (!ok(make(), "a recording is made"))
		return tap_end();
	shows(DIR, whole);
	shows("--by process --sort max --lines 1 " DIR, by_max);
	test_histograms();
	shows("-i 1 " DIR, seconds);
	shows("-i 1 -c 2 -b process " DIR, seconds_by);
	says(DIR, 0, "5 records are missing: they were overwritten");
	says("-i 0 " DIR, 2, "write seconds, 0.01 or more");
	says("-i 1 -H " DIR, 2, "not for intervals");
	says("-i 1 -b kind -b level " DIR, 2, "one --by at a time");
	says("-b colour " DIR, 2, "there are process, vma, kind and level");
	says("-c 1 " DIR, 2, "say --interval as well");
	test_crowd();
	test_idle();
	says("/no/such/place", 1, "there is no recording");
	return tap_end();
}
