// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg report, run as a user runs it: filters, times, orders, damage.  What it
 * must show is counted here from the records that were made.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "recording.h"
#include "tap.h"

#define DIR	BUILD "/report"
#define STACKS	BUILD "/stacks"
#define RECORDS	500

static union fix_record made[RECORDS];
static const char *dir = DIR;

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
		 BUILD, args, dir);
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

/* What report prints of a recording, all of it. */
static void print(const char *args, char *text, size_t size)
{
	char command[512];
	size_t n = 0;
	FILE *p;

	snprintf(command, sizeof(command), "%s/ptdbg report %s " STACKS " 2>&1",
		 BUILD, args);
	p = popen(command, "r");
	if (p) {
		n = fread(text, 1, size - 1, p);
		pclose(p);
	}
	text[n] = '\0';
}

static bool note(const char *name, const char *text)
{
	char path[512], sum[64];
	FILE *f;

	snprintf(path, sizeof(path), STACKS "/notes/%s", name);
	f = fopen(path, "w");
	if (!f)
		return false;
	snprintf(sum, sizeof(sum), "# sum %016llx\n",
		 ptdbg_sum(PTDBG_SUM_START, text, strlen(text)));
	fputs(text, f);
	fputs(sum, f);
	return !fclose(f);
}

/*
 * A record with stacks: the return address ffffffff80001000 is the first of
 * "next", so it is a call that never returns at the end of "caller".
 */
static void test_stacks(void)
{
	static const u64 kernel[] = { 0xffffffff80001000, 0xffffffff80001010, 0xff };
	static const u64 user[] = { 0x401136, 0x40115b };
	const struct ptdbg_stack stack = {
		.kernel_n = 3, .kernel_end = PTDBG_STACK_WHOLE,
		.user_n = 2, .user_end = PTDBG_STACK_ASTRAY, .link = 0x402000,
	};
	static struct rec_stream s;
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	union fix_record f;
	static char text[16384];
	u64 state = 5;

	rec_fill(&f, PTDBG_FAULT, 281000000000ULL, &state);
	fix_stack(&f, &f.fault.chain, &stack, kernel, user);
	if (!ok(rec_begin(STACKS, &t) && rec_open(&s, STACKS, 0, 0, 5000),
		"a recording with stacks"))
		return;
	rec_add(&s, &f.r);
	rec_fill(&f, PTDBG_GUP, 281000001000ULL, &state);
	rec_add(&s, &f.r);
	ok(rec_close(&s), "is written");
	mkdir(STACKS "/notes", 0777);
	ok(note("symbols", "ffffffff80000f00 caller\nffffffff80001000 next\n") &&
	   note("maps",
		"pid 700 root 8203c000 since 0 until 281000002000\n"
		"00401000-00402000 r-xp 00001000 fe:01 12 /bin/x\n"),
	   "with its notes");
	print("", text, sizeof(text));
	has_text(text, "    stack caller+0x100 < next+0x10 < ff\n"
		       "    user stack 401136 ?< 402000 < 40115b (no frame pointer)\n[",
		 "in short, as the text file has them");
	print("--stacks", text, sizeof(text));
	has_text(text, "    stack\n        caller+0x100\n        next+0x10\n        ff\n"
		       "    user stack (no frame pointer)\n"
		       "        401136 /bin/x+0x1136\n        ? 402000\n"
		       "        40115b /bin/x+0x115b\n[",
		 "--stacks: a line a frame, with names");
	ok(!strstr(strstr(text, " gup ") ? : "", "stack"), "none where there are none");
	print("--brief --stacks", text, sizeof(text));
	has_text(text, "\n    stack\n        caller+0x100\n", "also behind a short line");
}

/* Names out of a note do nothing to a terminal. */
static void test_terminal(void)
{
	static const char maps[] =
		"pid 700 root 8203c000 since 0 until 999000000000\n"
		"0-7fffffffff r-xp 00000000 fe:01 4711   /\033[2Jx\177\n";
	char note[256], first[256];
	int code;

	mkdir(DIR "/notes", 0777);
	snprintf(note, sizeof(note), "%s# sum %016llx\n", maps,
		 ptdbg_sum(PTDBG_SUM_START, maps, strlen(maps)));
	ok(rec_write(DIR, "notes/maps", note, strlen(note)), "a note with a hostile name");
	lines(DIR " 2>/dev/null | grep -m1 'ip [0-9a-f]* /' #", &code, first,
	      sizeof(first));
	has_text(first, " /?[2Jx?+0x", "its control characters are not shown");
	unlink(DIR "/notes/maps");
	rmdir(DIR "/notes");
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
	shows("-f addr=0x3fbd117000-0X3fbd118000", is_first_page);
	shows("--until 281.1005", is_early);
	shows("--since 281.25 -f 'user type=fault'", is_late_fault);
	test_sort();
	test_stacks();
	says("-f kernel=no", 2, "a filter is made of");
	says("-f colour=red", 2, "a filter is made of");
	says("--since noon", 2, "write seconds");
	says("--sort size", 2, "there are time, duration");
	says("-f comm=task3 /no/such", 2, "one directory at a time");
	test_terminal();
	dir = "/no/such";
	says("--sort addr", 1, "there is no recording: /no/such/metadata is not there");
	dir = DIR;
	damage();
	says("-f comm=nobody", 3, "file damaged at byte 0 of " DIR "/cpu1: the checksum");
	return tap_end();
}
