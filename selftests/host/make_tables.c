// SPDX-License-Identifier: GPL-2.0-only
/*
 * make_tables DIR rules|hostile|large: a recording for the picture of table pages.
 *
 *	rules	processes that come and go, region rules and breaches of them
 *	hostile	names that are markup or no text at all, places and times that
 *		cannot be
 *	large	more table pages and records than the picture has room for
 */
#include "recording.h"

#define TASKS		7
#define PTES		12	/* PTE tables of a task */

static struct rec_stream stream[2];
static struct ptdbg_layout layout;
static u64 state = 7, now = 281915960000ULL;

static bool note(const char *dir, const char *name, const char *text)
{
	char path[512], line[64];
	u64 sum = ptdbg_sum(PTDBG_SUM_START, text, strlen(text));
	FILE *file;

	snprintf(path, sizeof(path), "%s/notes", dir);
	if (mkdir(path, 0777) && errno != EEXIST)
		return false;
	snprintf(path, sizeof(path), "%s/notes/%s", dir, name);
	snprintf(line, sizeof(line), "# sum %016llx\n", sum);
	file = fopen(path, "wb");
	return file && fputs(text, file) >= 0 && fputs(line, file) >= 0 && !fclose(file);
}

/* A process: its table pages, and those that are there already */
struct task {
	u64 pfn[5];		/* the last: the first of its PTE tables */
	bool there[PTES + 5];
	char comm[PTDBG_COMM_LEN + 1];
	u32 pid;
	bool ended;
};

/* The rules, and what the module makes of them in the records */
static const char rules_text[] =
	"allow table 80000000-b8000000\n"
	"deny pte 88000000-88020000\n"
	"deny pmd a0600000-a0640000\n";

/* The file that sh executes, and has mapped elsewhere as well */
static const char rules_maps[] =
	"pid 703 root 82c10000 since 0 until 1\n"
	"10000-ffffffff r-xp 00000000 fe:01 4711  /usr/bin/dash\n";

static int rule_of(unsigned int level, u64 pfn, bool *breach)
{
	*breach = true;
	if (level == 4 && pfn >= 0x88000 && pfn < 0x88020)
		return 2;
	if (level == 3 && pfn >= 0xa0600 && pfn < 0xa0640)
		return 3;
	*breach = pfn < 0x80000 || pfn >= 0xb8000;
	return *breach ? PTDBG_RULE_NO_ALLOW : 1;
}

static struct ptdbg_table table_at(unsigned int level, u64 pfn, bool *breach)
{
	return (struct ptdbg_table){
		.refcount = 1, .mapcount = -1, .where = PTDBG_WHERE_RAM,
		.type = level ? PTDBG_PT_TABLE : PTDBG_PT_KERNEL,
		.zone = pfn >= 0xa0400, .rule = rule_of(level, pfn, breach),
	};
}

static const struct ptdbg_stack stack = {
	.kernel_n = 1, .kernel_end = PTDBG_STACK_WHOLE,
	.user_n = 1, .user_end = PTDBG_STACK_WHOLE,
};

/* A fault of a task through its table pages; nr: which PTE table */
static void fault(struct task *t, unsigned int nr)
{
	u64 pfn[5] = { t->pfn[0], t->pfn[1], t->pfn[2], t->pfn[3], t->pfn[4] + nr };
	struct ptdbg_table table[5];
	union fix_record f;
	u64 entry[5], x = rec_random(&state);
	unsigned int i;
	bool breach;

	rec_fill(&f, PTDBG_FAULT, now, &state);
	memset(&f.fault.chain, 0, sizeof(f.fault.chain));
	f.fault.chain.root = pfn[0] << 12;
	f.fault.chain.before_stop = PTDBG_STOP_NONE;
	f.fault.chain.after_stop = PTDBG_STOP_LEAF;
	f.fault.result = x % 40 == 3 ? 0x400 : x % 300 == 7 ? 0x2 : 0;
	f.r.verdicts = 0;
	for (i = 0; i < 5; i++) {
		entry[i] = i < 4 ? pfn[i + 1] << 10 | 1 : f.fault.page.pfn << 10 | 0xd7;
		table[i] = table_at(i, pfn[i], &breach);
		f.fault.chain.breach |= breach << i;
		if (!t->there[i < 4 ? i : i + nr]) {
			t->there[i < 4 ? i : i + nr] = true;
			f.fault.chain.fresh |= (i > 0) << i;
		}
	}
	f.fault.chain.made = f.fault.chain.fresh;
	if (f.fault.chain.breach)
		f.r.verdicts = 1 << PTDBG_TABLE_REGION;
	f.r.pid = t->pid;
	f.r.tgid = t->pid;
	memcpy(f.r.comm, t->comm, PTDBG_COMM_LEN);
	f.r.addr = 0x3f00000000 + nr * 0x200000 + (x >> 32 & 0x1fffff);
	/* of the file of rec_fill(), what the first of them are for */
	f.fault.vma.start = 0x3f00000000;
	f.fault.vma.end = 0x3f00000000 + PTES / 3 * 0x200000;
	fix_chain(&f, &f.fault.chain, 0, NULL, 5, entry, table);
	if (x % 7 == 0)
		fix_stack(&f, &f.fault.chain, &stack, &f.r.ip, &f.r.addr);
	rec_add(&stream[x & 1], &f.r);
}

static void give_back(struct task *t, unsigned int level, u64 pfn)
{
	union fix_record f;
	bool breach;

	rec_fill(&f, PTDBG_FREE, now, &state);
	f.r.pid = t->pid;
	f.r.tgid = t->pid;
	memcpy(f.r.comm, t->comm, PTDBG_COMM_LEN);
	f.r.ip = 0xffffffff80188170;
	f.r.verdicts = 0;
	/* some hooks tell the level */
	f.free.level = level == 4 ? PTDBG_LEVEL_UNKNOWN : level;
	f.free.start = 0x3f00000000;
	f.free.end = 0x3f00200000;
	f.free.chain.root = t->pfn[0] << 12;
	f.free.page.pfn = pfn;
	f.free.page.zone = table_at(level, pfn, &breach).zone;
	rec_add(&stream[t->pid & 1], &f.r);
}

static void end_task(struct task *t)
{
	unsigned int i;

	for (i = 0; i < PTES; i++) {
		now += 900;
		if (t->there[4 + i])
			give_back(t, 4, t->pfn[4] + i);
	}
	for (i = 4; i--;) {
		now += 900;
		give_back(t, i, t->pfn[i]);
	}
	t->ended = true;
}

static void make_rules(void)
{
	static const u64 at[TASKS] = {
		0x81f40, 0x82c10, 0x82c60, 0x88008, 0xa0500, 0xa0620, 0xb8ff0,
	};
	static const char *const name[TASKS] = {
		"systemd", "sh", "ls", "stress-ng", "cc1", "ld", "sshd",
	};
	struct task task[TASKS] = { 0 };
	unsigned int i, k;
	struct task *t;

	for (i = 0; i < TASKS; i++) {
		t = &task[i];
		snprintf(t->comm, sizeof(t->comm), "%s", name[i]);
		t->pid = 700 + 3 * i;
		for (k = 0; k < 4; k++)
			t->pfn[k] = at[i] + k * (i + 1);
		t->pfn[4] = at[i] + 4 * (i + 1) + 1;
		/* the first two have run for long */
		memset(t->there, i < 2, sizeof(t->there));
	}
	for (i = 0; i < 1200; i++) {
		now += 20000 + rec_random(&state) % (i % 300 < 60 ? 30000 : 300000);
		t = &task[rec_random(&state) % TASKS];
		if (t->ended || (i < 150 && t - task > 3))
			t = &task[1];
		fault(t, rec_random(&state) % PTES);
		if (i == 700 || i == 1000)
			end_task(&task[i == 700 ? 2 : 5]);
	}
	/* a page of the one that has ended becomes a table of another level */
	task[0].pfn[4] = task[2].pfn[1];
	fault(&task[0], 0);
}

static void make_large(void)
{
	struct task t = { .pfn = { 0x81000, 0x81001, 0x81002 }, .comm = "many", .pid = 9 };
	unsigned int i;

	for (i = 0; i < 60000; i++) {
		now += 1000 + rec_random(&state) % 100000;
		t.pfn[3] = 0x82000 + rec_random(&state) % 500;
		t.pfn[4] = 0x90000 + rec_random(&state) % 20000 * 5;
		memset(t.there, rec_random(&state) & 1, sizeof(t.there));
		fault(&t, 0);
	}
}

static const char hostile_rules[] =
	"deny pte 81010000-\n"
	"</script><script>alert(2)</script>\n"
	"allow table ffffffffffffffff-ffffffffffffffff\n";

static const char hostile_symbols[] =
	"ffffffff80188000 </script>\xff<img/src=http://ip.example/>\n";

static const char hostile_maps[] =
	"pid 900 root 81000000 since 0 until 1\n"
	"10000-ffffffff r-xp 00000000 fe:01 4711  /tmp/</script>\xc3(\xe2\x80\xa8<b>\n";

static void make_hostile(void)
{
	static const char name[][PTDBG_COMM_LEN + 1] = {
		"</script>", "<!--<script>", "\"'\\&<b>", "<img src=//x.y/>", "@DATA@",
		"\x1b[31m\r\n\t", "\xff\xfe\xc0\x80\xed\xa0\x80", "\xe2\x80\xa8\xf4\x90\x80\x80",
	};
	struct task t = { .pfn = { 0x81000, 0x81001, 0x81002, 0x81003, 0x81010 } };
	unsigned int i;

	for (i = 0; i < 200; i++) {
		memcpy(t.comm, name[i % ARRAY_SIZE(name)], PTDBG_COMM_LEN);
		t.pid = 900 + i % ARRAY_SIZE(name);
		t.there[4] = i & 1;
		now += i == 150 ? 1ULL << 60 : 1000;
		if (i == 100)
			t.pfn[4] = (1ULL << 44) - 200;
		if (i == 120)
			t.pfn[2] = t.pfn[1];
		fault(&t, i % PTES);
		if (i % 50 == 49)
			give_back(&t, 4, 0x99999 + i);
	}
	/* back in time */
	rec_flush(&stream[0]);
	rec_flush(&stream[1]);
	now = 5;
	fault(&t, 3);
}

int main(int argc, char **argv)
{
	const char *kind = argc == 3 ? argv[2] : "";
	struct ptdbg_trace t;
	bool good;

	layout = fix_n1();
	layout.mode = fix_mode(PTDBG_RISCV64, 12, 57, false);
	layout.nr_ram = 0;
	layout.ram[layout.nr_ram++] = (struct ptdbg_ram){ 0x80000, 0x9ffff };
	layout.ram[layout.nr_ram++] = (struct ptdbg_ram){ 0xa0400, 0xbffff };
	t = fix_trace(&layout);
	if (!strcmp(kind, "hostile")) {
		t.zone[0] = "</script><img src=http://zone.example/>";
		snprintf(t.release, sizeof(t.release), "</title><script>alert(1)</script>\xff");
	}
	good = argc == 3 && rec_begin(argv[1], &t) &&
	       rec_open(&stream[0], argv[1], 0, 0, REC_PACKET) &&
	       rec_open(&stream[1], argv[1], 1, 0, REC_PACKET);
	if (good && !strcmp(kind, "rules")) {
		good = note(argv[1], "regions", rules_text) &&
		       note(argv[1], "maps", rules_maps);
		make_rules();
	} else if (good && !strcmp(kind, "large")) {
		make_large();
	} else if (good && !strcmp(kind, "hostile")) {
		good = note(argv[1], "regions", hostile_rules) &&
		       note(argv[1], "symbols", hostile_symbols) &&
		       note(argv[1], "maps", hostile_maps);
		make_hostile();
	} else {
		good = false;
	}
	if (good && rec_close(&stream[0]) && rec_close(&stream[1]))
		return 0;
	fprintf(stderr, "usage: make_tables DIR rules|hostile|large\n");
	return 2;
}
