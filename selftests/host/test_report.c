// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg report, run as a user runs it: filters, times, orders, damage.  What it
 * must show is counted here from the records that were made.
 */
#include <sys/wait.h>

#include "recording.h"
#include "tap.h"

#define DIR	BUILD "/report"
#define RECORDS	500

static union fix_record made[RECORDS];

static bool make(void)
{
	static struct rec_stream s[2];
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	u64 state = 5, ts = 281000000000ULL;
	unsigned int i;
	bool good;

	good = rec_begin(DIR, &t) && rec_open(&s[0], DIR, 0, 0, 5000) &&
	       rec_open(&s[1], DIR, 1, 0, 7000);
	for (i = 0; good && i < RECORDS; i++) {
		ts += 1000000;
		rec_fill(&made[i], i % 4 ? PTDBG_FAULT : PTDBG_GUP, ts, &state);
		rec_add(&s[i % 3 == 1], &made[i].r);
	}
	return good && rec_close(&s[0]) && rec_close(&s[1]);
}

/* Run it on the recording; lines of its output, and its exit code. */
static unsigned int lines(const char *args, int *code, char *first, size_t size)
{
	char command[512], line[1024];
	unsigned int n = 0;
	FILE *p;

	snprintf(command, sizeof(command), "%s/ptdbg report --brief %s %s 2>&1",
		 BUILD, args, DIR);
	*first = '\0';
	*code = -1;
	p = popen(command, "r");
	if (!p)
		return 0;
	while (fgets(line, sizeof(line), p)) {
		if (!n++)
			snprintf(first, size, "%s", line);
	}
	*code = WEXITSTATUS(pclose(p));
	return n;
}

static void shows(const char *args, bool (*wanted)(const struct ptdbg_record *r))
{
	unsigned int want = 0, got, i;
	char first[256];
	int code;

	for (i = 0; i < RECORDS; i++)
		want += wanted(&made[i].r);
	got = lines(args, &code, first, sizeof(first));
	ok(!code && got == want && want && want < RECORDS,
	   "%s: %u records, got %u", args, want, got);
}

static bool is_task3(const struct ptdbg_record *r)
{
	return !strcmp(r->comm, "task3");
}

static bool is_task1_or_2(const struct ptdbg_record *r)
{
	return r->pid == 701 || r->pid == 702;
}

static bool is_gup(const struct ptdbg_record *r)
{
	return r->id == PTDBG_GUP;
}

static bool is_bad(const struct ptdbg_record *r)
{
	return r->verdicts;
}

static bool is_first_page(const struct ptdbg_record *r)
{
	return r->addr < 0x3fbd118000;
}

static bool is_early(const struct ptdbg_record *r)
{
	return r->ts <= 281100500000ULL;
}

static bool is_late_fault(const struct ptdbg_record *r)
{
	return r->ts >= 281250000000ULL && r->id == PTDBG_FAULT;
}

static void says(const char *args, int want, const char *text)
{
	char first[1024];
	int code;

	lines(args, &code, first, sizeof(first));
	ok(code == want, "report %s: exit code %d, got %d", args, want, code);
	has_text(first, text, args);
}

/* The order of --sort duration: the longest first */
static void test_sort(void)
{
	char first[256], want[64];
	u32 longest = 0;
	unsigned int i;
	int code;

	for (i = 0; i < RECORDS; i++) {
		if (made[i].r.id == PTDBG_FAULT && made[i].fault.duration > longest)
			longest = made[i].fault.duration;
	}
	snprintf(want, sizeof(want), " %u.%03uus", longest / 1000, longest % 1000);
	ok(lines("--sort duration", &code, first, sizeof(first)) == RECORDS,
	   "--sort duration has all records");
	has_text(first, want, "and begins with the longest");
}

static void damage(void)
{
	FILE *f = fopen(DIR "/cpu1", "r+b");

	if (!f || fseek(f, 3000, SEEK_SET) || fputc('X', f) == EOF || fclose(f))
		ok(false, "cpu1 can be damaged");
}

int main(void)
{
	tap_begin();
	if (!ok(make(), "a recording is made"))
		return tap_end();
	shows("-f comm=task3", is_task3);
	shows("-f pid=701,702", is_task1_or_2);
	shows("-f type=gup", is_gup);
	shows("-f kernel", is_gup);
	shows("-f bad", is_bad);
	shows("-f addr=3fbd117000-3fbd118000", is_first_page);
	shows("--until 281.1005", is_early);
	shows("--since 281.25 -f 'user type=fault'", is_late_fault);
	test_sort();
	says("-f colour=red", 2, "a filter is made of");
	says("--since noon", 2, "write seconds");
	says("--sort size", 2, "there are time, duration");
	says("-f comm=task3 /no/such", 2, "one directory at a time");
	damage();
	says("-f comm=nobody", 3, "file damaged at byte 0 of " DIR "/cpu1: the checksum");
	return tap_end();
}
