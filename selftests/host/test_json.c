// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg report --json, run as a user runs it: every type of record, as it is
 * written down in json.golden; records of random bytes, against babeltrace2;
 * names that are no text.
 *
 * Oracles: json.golden, which was checked by hand; jq; babeltrace2; iconv.
 */
#include <sys/wait.h>

#include "../../tools/json_knobs.h"
#include "../../tools/notes.h"
#include "../../tools/out.h"
#include "recording.h"
#include "tap.h"

#define DIR	BUILD "/json"
#define ALL	BUILD "/json_all"
#define OUT	BUILD "/json.out"
#define REPORT	BUILD "/ptdbg report --json "

static struct rec_stream stream;

static bool begin(const char *dir)
{
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);

	return rec_begin(dir, &t) && rec_open(&stream, dir, 3, 0, REC_PACKET);
}

/* Exit code of a shell command; -1: it did not end by itself */
static int run(const char *command)
{
	int status = system(command);

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#ifdef HAVE_JSON

static void head(union fix_record *f, unsigned int id)
{
	memset(f, 0, sizeof(*f));
	f->r.ts = 281915960123ULL + id;
	f->r.id = id;
	f->r.verdicts = 1 << PTDBG_BAD_PFN | 1 << PTDBG_RESERVED_BITS | 1U << 31;
	f->r.pid = 802;
	f->r.tgid = 801;
	memcpy(f->r.comm, "my \"echo\"\\\t/~", 13);
	f->r.addr = 0x3fbd117008;
	f->r.ip = 0xffffffff8018817c;
}

static const struct ptdbg_vma vma = {
	.start = 0x3fbd117000, .end = 0x3fbd11a000, .flags = 0x800000000000007b,
	.pgoff = 0x77, .ino = 18446744073709551615ULL, .dev = 0xfe00001,
	.kind = PTDBG_VMA_FILE,
};

static const struct ptdbg_page page = {
	.pfn = 0x830df, .flags = 0xfffff00000000029,
	.mapping = 0xffffffd600112233, .refcount = -7, .mapcount = -129,
	.where = PTDBG_WHERE_HOLE, .type = PTDBG_PT_ZERO, .zone = 1,
	.order = 9, .node = 254, .marks = 3, .mapkind = PTDBG_MAP_KSM,
	.present = 1,
};

static const struct ptdbg_table tables[] = {
	{ 1, -1, PTDBG_WHERE_RAM, PTDBG_PT_TABLE, 0, 11, 1, 3, { 1, 2 } },
	{ -2, 5, PTDBG_WHERE_RAM, PTDBG_PT_BUDDY, 1, 12, 2, -1, { } },
	{ 1, -9, 77, 99, 3, 14, 0x84, -128, { } },
	{ }, { },
};

static const struct ptdbg_stack stack = {
	.kernel_n = 2, .user_n = 1, .kernel_end = PTDBG_STACK_DEEP, .user_end = 200,
	.reserved = 7, .link = 0x10042,
};

static const struct ptdbg_reg registers[] = {
	{ "rax", 0x80, 0, 0, PTDBG_REG_NUMBER, 0, 0, 0, "" },
	{ "x\xff", 0xffff888000123456, 0x123, 0, PTDBG_REG_SLAB, PTDBG_WHERE_RAM,
	  PTDBG_PT_SLAB, 0, "kmalloc \"64\"" },
	{ "register", 0xffffc90000003f58, 0x4567, 802, PTDBG_REG_STACK, 77, 99, 3,
	  { 'a', 'l', 'l', ' ', 'o', 'f', ' ', 't', 'h', 'e', ' ', 'r', 'o', 'o', 'm',
	    ' ', 'i', 's', ' ', 'u', 's', 'e', 'd', '!' } },
	{ "pc", 0, 0, 0, 200, 0, 0, 0, "" },
};

static const u64 frames[] = { 0xffffffff80188170, 0x10044 };

/* As many entries as are wanted, of a mode that has three levels */
static void end(union fix_record *f, struct ptdbg_chain *c, unsigned int before,
		unsigned int after)
{
	static const u64 b[] = { 0x20c39c01, 0, 0xffffffffffffffff, 4, 5 };
	static const u64 a[] = { 0x20c39c01, 0x20c37c01, 0x40000000000053, 1, 2 };

	c->root = 0x8203c000;
	c->before_stop = PTDBG_STOP_NONE;
	c->after_stop = 200;
	c->breach = 1;
	c->fresh = 6;
	c->made = 4;
	c->stacks = 0;
	fix_chain(f, c, before, b, after, a, tables);
	if (f->r.id == PTDBG_SIG)
		fix_stack(f, c, &stack, frames, frames + 1);
	if (f->r.id == PTDBG_OOPS)
		fix_regs(f, ARRAY_SIZE(registers), registers);
	rec_add(&stream, &f->r);
}

static void add_all(void)
{
	union fix_record f;

	head(&f, PTDBG_FAULT);
	f.fault.flags = 0x80001241;
	f.fault.result = PTDBG_RESULT_DIED | 0x400;
	f.fault.duration = ~0U;
	f.fault.remote = 1;
	f.fault.vma = vma;
	f.fault.page = page;
	end(&f, &f.fault.chain, 2, 3);

	head(&f, PTDBG_GUP);
	f.gup.flags = 0x4c;
	f.gup.remote = 1;
	f.gup.vma = vma;
	f.gup.page = page;
	end(&f, &f.gup.chain, 0, 5);

	head(&f, PTDBG_SIG);
	f.sig.sig = 11;
	f.sig.code = -6;
	f.sig.vma = vma;
	f.sig.page = page;
	end(&f, &f.sig.chain, 0, 1);

	head(&f, PTDBG_OOPS);
	f.r.addr = 0xffffffc4fe000008;
	f.r.verdicts = 0;
	f.oops.error = 0xd;
	f.oops.access = PTDBG_ACCESS_READ;
	f.oops.cause_id = PTDBG_GUP;
	f.oops.cause_cpu = 3;
	f.oops.cause_level = 2;
	f.oops.reserved[0] = 0x34;
	f.oops.reserved[1] = 0x12;
	f.oops.cause_ts = 281915960125ULL;
	f.oops.cause_addr = 0x3fbd117008;
	f.oops.cause_entry = 0x40000000000053;
	f.oops.page = page;
	end(&f, &f.oops.chain, 0, 1);

	head(&f, PTDBG_FREE);
	f.free.start = 0x3fbd000000;
	f.free.end = 0x3fbd200000;
	f.free.level = 2;
	f.free.page = page;
	end(&f, &f.free.chain, 0, 0);

	head(&f, PTDBG_WALK);
	f.gup.vma = vma;
	f.gup.page = page;
	end(&f, &f.gup.chain, 0, 0);

	head(&f, 77);
	f.r.size = sizeof(f.r);
	rec_add(&stream, &f.r);
}

static void test_golden(void)
{
	static char got[8192], want[8192];
	FILE *golden = fopen(HERE "json.golden", "r"), *p;
	unsigned int n = 0;

	if (!ok(golden && begin(ALL), "a recording of every type"))
		return;
	add_all();
	if (!ok(rec_close(&stream), "is made"))
		return;
	p = popen(REPORT ALL " 2>" OUT, "r");
	while (fgets(want, sizeof(want), golden)) {
		if (!p || !fgets(got, sizeof(got), p))
			got[0] = '\0';
		is_text(got, want, "a line as in json.golden");
		n++;
	}
	is_hex(n, 7, "which has seven");
	ok(p && !fgets(got, sizeof(got), p), "and nothing more");
	ok(p && !pclose(p), "the report ends well");
	fclose(golden);
}

/* Names of tasks as they may be; what jq must make of them, and of all bytes. */
static const struct {
	const char comm[PTDBG_COMM_LEN + 1];
	const char *text;	/* with the escapes of JSON */
	const char *bytes;
} names[] = {
	{ "", "", NULL },
	{ "sixteen chars ok", "sixteen chars ok", NULL },
	{ "\"\\/\b\f\n\r\t\x01\x1b\x7f", "\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001b\x7f", NULL },
	{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7", NULL },
	{ "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf",
	  "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf", NULL },
	{ "\xe2\x80\xa8\xc2\x85", "\xe2\x80\xa8\xc2\x85", NULL },
	{ "a\xffz", "a\\ufffdz", "61ff7a00000000000000000000000000" },
	/* longer than they need be */
	{ "\xc0\x80", "\\ufffd\\ufffd", "c0800000000000000000000000000000" },
	{ "\xc1\xbf", "\\ufffd\\ufffd", "c1bf0000000000000000000000000000" },
	{ "\xe0\x9f\xbf", "\\ufffd\\ufffd\\ufffd", "e09fbf00000000000000000000000000" },
	{ "\xf0\x8f\xbf\xbf", "\\ufffd\\ufffd\\ufffd\\ufffd",
	  "f08fbfbf000000000000000000000000" },
	/* surrogates, and above U+10FFFF */
	{ "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd", "eda08000000000000000000000000000" },
	{ "\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd",
	  "f4908080000000000000000000000000" },
	{ "\xf5x", "\\ufffdx", "f5780000000000000000000000000000" },
	/* cut, by another character and by the end */
	{ "\xe2\x82-", "\\ufffd\\ufffd-", "e2822d00000000000000000000000000" },
	{ "\x80", "\\ufffd", "80000000000000000000000000000000" },
	{ "fifteen chars: \xc3", "fifteen chars: \\ufffd",
	  "6669667465656e2063686172733a20c3" },
	{ "thirteen char\xf0\x9f\x90", "thirteen char\\ufffd\\ufffd\\ufffd",
	  "746869727465656e2063686172f09f90" },
};

static void test_names(void)
{
	union fix_record f;
	u64 state = 7;
	char line[256];
	bool good;
	FILE *want;
	size_t i;

	want = fopen(BUILD "/json.want", "w");
	if (!ok(want && begin(DIR), "a recording of tasks with odd names"))
		return;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		rec_fill(&f, PTDBG_FAULT, 1000 + i, &state);
		memcpy(f.r.comm, names[i].comm, PTDBG_COMM_LEN);
		rec_add(&stream, &f.r);
		snprintf(line, sizeof(line), names[i].bytes ? "[\"%s\",\"%s\"]\n" :
			 "[\"%s\",null]\n", names[i].text, names[i].bytes);
		fputs(line, want);
	}
	good = rec_close(&stream);
	ok(!fclose(want) && good, "is made");
	ok(!run(REPORT DIR " >" OUT), "the report takes them");
	ok(!run("iconv -f UTF-8 -t UTF-8 " OUT " >" OUT ".utf8"), "its lines are UTF-8");
	ok(!run("jq -c '[.comm, .comm_bytes]' " OUT " >" OUT ".got"), "jq reads them");
	ok(!run("jq -c . " BUILD "/json.want | diff - " OUT ".got >&2"),
	   "and the names that they have");
}

/* A file name is as free as the name of a task */
static void test_file_name(void)
{
	union fix_record f;
	u64 state = 9;
	bool good;
	FILE *maps;

	if (!ok(begin(DIR), "a recording with maps"))
		return;
	rec_fill(&f, PTDBG_FAULT, 1000, &state);
	f.r.ip = 0x10042;
	rec_add(&stream, &f.r);
	rec_fill(&f, PTDBG_FAULT, 1001, &state);
	f.r.ip = 0x20042;
	rec_add(&stream, &f.r);
	good = rec_close(&stream);
	mkdir(DIR "/notes", 0777);
	maps = notes_begin(DIR, "maps");
	if (!ok(good && maps, "is begun"))
		return;
	fprintf(maps, "pid 700 root 8203c000 since 0 until 1\n"
		"10000-11000 r-xp 00001000 fe:00 4711 /bin/\xff\"ls\n");
	ok(notes_end(DIR, "maps", maps), "is made");
	run(REPORT DIR " | jq -c '.ip_name' >" OUT);
	ok(!run("printf '\"/bin/\357\277\275\\\\\"ls+0x1042\"\\nnull\\n' | diff - " OUT " >&2"),
	   "an instruction is named by its file");
	unlink(DIR "/notes/maps");
}

/* All fields are random, but for what leads to the next record */
static void random_record(union fix_record *f, unsigned int id, u64 *state)
{
	static const size_t sizes[] = {
		[PTDBG_FAULT] = sizeof(f->fault), [PTDBG_GUP] = sizeof(f->gup),
		[PTDBG_SIG] = sizeof(f->sig), [PTDBG_OOPS] = sizeof(f->oops),
		[PTDBG_FREE] = sizeof(f->free),
	};
	struct ptdbg_chain *c = (void *)(f->bytes + sizes[id] - sizeof(*c));
	struct ptdbg_reg reg[ARRAY_SIZE(registers)];
	struct ptdbg_stack random_stack;
	struct ptdbg_table table[PTDBG_MAX_LEVELS];
	u64 entry[2 * PTDBG_MAX_LEVELS];
	unsigned int i;

	for (i = 0; i < sizeof(*f) / 8; i++)
		((u64 *)f)[i] = rec_random(state);
	for (i = 0; i < ARRAY_SIZE(entry); i++)
		entry[i] = rec_random(state) >> (i % 3 ? 20 : 0);
	for (i = 0; i < sizeof(table); i++)
		((u8 *)table)[i] = rec_random(state) >> 8;
	f->r.id = id;
	for (i = 0; i < PTDBG_COMM_LEN; i++)
		f->r.comm[i] = 'a' + (u8)f->r.comm[i] % 26;
	c->stacks = 0;
	fix_chain(f, c, rec_random(state) % 6, entry, rec_random(state) % 6,
		  entry + PTDBG_MAX_LEVELS, table);
	for (i = 0; i < sizeof(random_stack); i++)
		((u8 *)&random_stack)[i] = rec_random(state) >> 8;
	random_stack.kernel_n %= ARRAY_SIZE(entry);
	random_stack.user_n %= ARRAY_SIZE(entry);
	if (rec_random(state) % 2)
		fix_stack(f, c, &random_stack, entry, entry);
	if (id != PTDBG_OOPS)
		return;
	for (i = 0; i < ARRAY_SIZE(reg); i++) {
		reg[i] = registers[i];
		/* what babeltrace2 prints as it is */
		reg[i].name[1] = 0;
		reg[i].of[7] = 0;
		reg[i].value = rec_random(state);
		reg[i].pfn = rec_random(state);
		reg[i].kind = rec_random(state) % (PTDBG_NR_REGKINDS + 1);
		reg[i].type = rec_random(state);
	}
	fix_regs(f, rec_random(state) % (ARRAY_SIZE(reg) + 1), reg);
}

static void test_random(void)
{
	union fix_record f;
	unsigned int i;
	u64 state = 3;

	if (run("babeltrace2 --version >" OUT " 2>&1") ||
	    run("jq --version >" OUT " 2>&1")) {
		skip("JSON and babeltrace2 agree", "babeltrace2 or jq is not installed");
		return;
	}
	if (!ok(begin(DIR), "a recording of random bytes"))
		return;
	for (i = 0; i < 500; i++) {
		random_record(&f, 1 + i % PTDBG_FREE, &state);
		f.r.ts = 1000000000 + i;
		rec_add(&stream, &f.r);
	}
	ok(rec_close(&stream), "is made");
	ok(!run(HERE "../guest/lib/json_agrees.py " BUILD "/ptdbg " DIR " >&2"),
	   "JSON and babeltrace2 agree");
}

/* Options that choose and order records work as with text */
static void test_options(void)
{
	union fix_record f;
	unsigned int i;
	u64 state = 5;

	if (!ok(begin(DIR), "a recording to choose from"))
		return;
	for (i = 0; i < 50; i++) {
		rec_fill(&f, i % 2 ? PTDBG_FAULT : PTDBG_GUP, 1000000000ULL * i, &state);
		rec_add(&stream, &f.r);
	}
	ok(rec_close(&stream), "is made");
	run(REPORT "-f type=gup --since 10 --until 13 " DIR " | jq -c '[.type, .timestamp]' >" OUT);
	ok(!run("printf '[\"gup\",%d]\\n' 10000000000 12000000000 | diff - " OUT " >&2"),
	   "a filter and two times");
	run(REPORT "-f type=fault --sort duration " DIR " | jq -c .duration >" OUT);
	ok(!run("test $(wc -l <" OUT ") = 25 && sort -rnc " OUT),
	   "an order");
}

static size_t read_file(const char *path, char *text, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, size - 1, f) : 0;

	if (f)
		fclose(f);
	text[n] = '\0';
	return n;
}

/* Answers of the module's knobs; none is needed to ask for them */
static void test_knobs(void)
{
	static char text[4096], want[4096], got[4096];
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	char *rest = text, *line;
	unsigned int n = 0;

	if (!ok(read_file(HERE "json.tables", text, sizeof(text)) &&
		read_file(HERE "json.answers", want, sizeof(want)), "answers of knobs"))
		return;
	while ((line = strsep(&rest, "\n")))
		n += json_table_line(line);
	is_hex(n, 2, "two lines are of table pages");
	read_file(HERE "json.walk", text, sizeof(text));
	json_walk(&t, 0x3fbd117000, text);
	snprintf(got, sizeof(got), "%.*s", (int)out.len, out.buf);
	out.len = 0;
	is_text(got, want, "they and a walk are as in json.answers");
}

int main(void)
{
	tap_begin();
	test_golden();
	test_names();
	test_file_name();
	test_random();
	test_options();
	ok(!run(HERE "json_commands.sh " BUILD "/ptdbg " DIR " " OUT), "the other commands");
	test_knobs();
	return tap_end();
}

#else

int main(void)
{
	tap_begin();
	if (ok(begin(DIR) && rec_close(&stream), "a recording")) {
		is_hex(run(REPORT DIR " 2>" OUT), 1, "without json-c --json fails");
		ok(!run("grep -q 'install libjson-c-dev' " OUT), "and says what to do");
	}
	return tap_end();
}

#endif
