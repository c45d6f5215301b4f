// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records that lie: random bytes, truncated and mutated records, and layouts
 * full of nonsense go through view and format.  Every buffer has exactly the
 * size that is claimed, so that AddressSanitizer sees one byte too far; the
 * undefined-behaviour sanitizer sees shifts and indexes.
 */
#include <stdlib.h>
#include "../../module/core/entry.h"
#include "../../module/core/explain.h"
#include "../../module/core/format.h"
#include "../../module/core/metadata.h"
#include "tap.h"
#include "fixture.h"

/* xorshift: the same sequence on every machine */
static u64 state = 0x9e3779b97f4a7c15ULL;

static u64 rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void rnd_bytes(void *buf, size_t size)
{
	unsigned char *p = buf;

	while (size--)
		*p++ = rnd() >> 24;
}

static struct ptdbg_trace traces[6];
static size_t longest;

static void make_traces(void)
{
	struct ptdbg_layout l = fix_n1();
	unsigned int i;

	traces[0] = fix_trace(&l);
	l = fix_n3();
	traces[1] = fix_trace(&l);
	l = fix_x86();
	traces[2] = fix_trace(&l);
	l.mode = fix_mode(PTDBG_ARM64, 12, 52, true);
	traces[3] = fix_trace(&l);
	l.mode = fix_mode(PTDBG_RISCV64, 12, 57, false);
	traces[4] = fix_trace(&l);
	/* What a reader has that found no environment: nothing at all */
	memset(&l, 0, sizeof(l));
	l.mode = fix_mode(PTDBG_ARM64, 14, 36, false);
	traces[5] = fix_trace(&l);
	/* What no kernel has: a long name for every bit */
	for (i = 0; i < PTDBG_MAX_PG_FLAGS; i++)
		traces[3].pg_flag[i] = "writeback_twice";
	for (i = 0; i < PTDBG_MAX_FOLL; i++)
		traces[3].foll[i] = "SPLIT_PMD_TWICE";
	memset(traces[5].zone, 0, sizeof(traces[5].zone));
	memset(traces[5].pg_flag, 0, sizeof(traces[5].pg_flag));
	memset(traces[5].foll, 0, sizeof(traces[5].foll));
}

static bool printable(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] != '\n' && (text[i] < ' ' || text[i] > '~'))
			return false;
	return strlen(text) == len;
}

/* The longest name there can be, or none */
static bool name_frame(void *data, u64 addr, char *buf, size_t size)
{
	(void)data;
	memset(buf, 'f', size - 1);
	buf[size - 1] = '\0';
	return addr % 4;
}

/* One record, in a buffer of its own size; @avail may be less than it claims */
static bool one(const void *bytes, size_t avail, unsigned int *viewed)
{
	struct ptdbg_record *r = malloc(avail ? avail : 1);
	size_t size = rnd() % 4 ? PTDBG_TEXT_MAX : 1 + rnd() % 600;
	char *text = malloc(size);
	struct ptdbg_view v;
	bool good = true;
	size_t len;

	memcpy(r, bytes, avail);
	if (ptdbg_view(r, avail, &v)) {
		len = ptdbg_format_record(&traces[rnd() % ARRAY_SIZE(traces)],
					  &v, rnd() % 5,
					  rnd() % 2 ? "f+0x1" : NULL, text,
					  size);
		good = len < size && printable(text, len);
		longest = len > longest ? len : longest;
		len = ptdbg_format_stack(&v, name_frame, NULL, text, size);
		good = good && len < size && printable(text, len);
		len = ptdbg_format_regs(&traces[rnd() % ARRAY_SIZE(traces)], &v,
					rnd() % 2 ? name_frame : NULL, NULL, text, size);
		good = good && len < size && printable(text, len);
		++*viewed;
	}
	free(text);
	free(r);
	return good;
}

/* A record that is right but for what a mutation changes */
static void sound(union fix_record *f)
{
	static const u16 chain_at[] = {
		[PTDBG_FAULT] = offsetof(struct ptdbg_fault, chain),
		[PTDBG_GUP] = offsetof(struct ptdbg_gup, chain),
		[PTDBG_SIG] = offsetof(struct ptdbg_sig, chain),
		[PTDBG_OOPS] = offsetof(struct ptdbg_oops, chain),
		[PTDBG_FREE] = offsetof(struct ptdbg_free, chain),
	};
	u64 before[PTDBG_MAX_LEVELS], after[PTDBG_MAX_LEVELS];
	u64 frames[PTDBG_STACK_MAX];
	struct ptdbg_table table[PTDBG_MAX_LEVELS];
	struct ptdbg_reg reg[PTDBG_REGS_MAX];
	struct ptdbg_stack stack;
	struct ptdbg_chain *chain;
	unsigned int i;

	rnd_bytes(f, sizeof(*f));
	rnd_bytes(before, sizeof(before));
	rnd_bytes(after, sizeof(after));
	rnd_bytes(table, sizeof(table));
	rnd_bytes(frames, sizeof(frames));
	rnd_bytes(&stack, sizeof(stack));
	stack.kernel_n %= PTDBG_STACK_MAX + 1;
	stack.user_n %= PTDBG_STACK_MAX + 1;
	if (rnd() % 2)
		memset(before, 0, 16);
	f->r.id = 1 + rnd() % PTDBG_FREE;
	chain = (struct ptdbg_chain *)(f->bytes + chain_at[f->r.id]);
	chain->stacks = 0;
	fix_chain(f, chain, rnd() % 6, before, rnd() % 6, after, table);
	if (rnd() % 2)
		fix_stack(f, chain, &stack, frames, frames);
	if (f->r.id != PTDBG_OOPS)
		return;
	rnd_bytes(reg, sizeof(reg));
	for (i = 0; i < PTDBG_REGS_MAX; i++)
		reg[i].kind %= PTDBG_NR_REGKINDS + 1;
	fix_regs(f, rnd() % (PTDBG_REGS_MAX + 1), reg);
}

static void test_records(unsigned int rounds)
{
	union fix_record f;
	unsigned int i, j, viewed = 0, refused = 0;
	bool good = true;

	for (i = 0; i < rounds; i++) {
		rnd_bytes(&f, sizeof(f));
		good = one(&f, rnd() % (sizeof(f) + 1), &refused) && good;
	}
	ok(good, "%u random records", rounds);

	for (i = 0; i < rounds; i++) {
		sound(&f);
		good = one(&f, f.r.size, &viewed) && good;
	}
	ok(good, "%u sound records with random contents", rounds);
	is_hex(viewed, rounds, "all of these can be viewed");

	for (i = 0; i < rounds; i++) {
		sound(&f);
		for (j = rnd() % 4 + 1; j; j--)
			f.bytes[rnd() % sizeof(f)] = rnd();
		good = one(&f, sizeof(f), &viewed) && good;
	}
	ok(good, "%u mutated records", rounds);
}

/* Every bit of every field set: the longest text there is, or near to it */
static void test_longest(void)
{
	union fix_record f;
	unsigned int i, viewed = 0;

	for (i = 0; i < 2000; i++) {
		sound(&f);
		f.r.id = PTDBG_FAULT;
		memset(&f, 0xff, sizeof(struct ptdbg_fault));
		rnd_bytes(&f.fault.chain, sizeof(f) -
			  offsetof(struct ptdbg_fault, chain));
		f.r.id = PTDBG_FAULT;
		f.r.size = PTDBG_RECORD_MAX;
		f.fault.vma.kind = PTDBG_VMA_FILE;
		f.fault.page.where = PTDBG_WHERE_HOLE;
		f.fault.page.mapkind = PTDBG_MAP_MOVABLE;
		f.fault.chain.before_n = PTDBG_MAX_LEVELS;
		f.fault.chain.after_n = PTDBG_MAX_LEVELS;
		f.fault.chain.stacks = 0;
		one(&f, f.r.size, &viewed);
	}
	is_hex(viewed, 2000, "full records can be viewed");
	ok(longest < PTDBG_TEXT_MAX - 1, "longest text: %zu, room for %u",
	   longest, PTDBG_TEXT_MAX);
}

/* All the frames there can be, with the longest names */
static void test_longest_stack(void)
{
	char text[PTDBG_STACK_TEXT_MAX];
	struct ptdbg_stack s;
	struct ptdbg_view v;
	union fix_record f;
	u64 frames[PTDBG_STACK_MAX];
	size_t len;

	memset(&s, 0xff, sizeof(s));
	s.kernel_n = PTDBG_STACK_MAX;
	s.user_n = PTDBG_STACK_MAX;
	s.kernel_end = PTDBG_STACK_ASTRAY;
	s.user_end = PTDBG_STACK_ASTRAY;
	memset(frames, 0xff, sizeof(frames));
	memset(&f, 0, sizeof(f));
	f.r.id = PTDBG_FAULT;
	fix_chain(&f, &f.fault.chain, 0, NULL, 0, NULL, NULL);
	fix_stack(&f, &f.fault.chain, &s, frames, frames);
	ok(ptdbg_view(&f.r, f.r.size, &v), "full stacks can be viewed");
	len = ptdbg_format_stack(&v, name_frame, NULL, text, sizeof(text));
	ok(len > 4000 && len < sizeof(text) - 1,
	   "longest stacks: %zu, room for %zu", len, sizeof(text));
	has_text(text, "f < f", "frames in between");
	has_text(text, " (no frame pointer)\n    user stack", "and both ends");
}

/* All the registers there can be, with the longest sentences */
static void test_longest_regs(void)
{
	struct ptdbg_reg reg[PTDBG_REGS_MAX];
	char text[PTDBG_REGS_TEXT_MAX];
	size_t len, longest_len = 0;
	struct ptdbg_view v;
	union fix_record f;
	unsigned int i, j;

	for (i = 0; i <= PTDBG_NR_REGKINDS; i++) {
		memset(reg, 0xff, sizeof(reg));
		for (j = 0; j < PTDBG_REGS_MAX; j++) {
			reg[j].kind = i;
			reg[j].where = PTDBG_WHERE_RAM;
			reg[j].type = PTDBG_PT_GUARD;
		}
		memset(&f, 0, sizeof(f));
		f.r.id = PTDBG_OOPS;
		fix_chain(&f, &f.oops.chain, 0, NULL, 0, NULL, NULL);
		fix_regs(&f, PTDBG_REGS_MAX, reg);
		ok(ptdbg_view(&f.r, f.r.size, &v) && v.regs == PTDBG_REGS_MAX,
		   "all registers can be viewed");
		len = ptdbg_format_regs(&traces[0], &v, name_frame, NULL, text,
					sizeof(text));
		longest_len = len > longest_len ? len : longest_len;
	}
	ok(longest_len > 3000 && longest_len < sizeof(text) - 1,
	   "longest registers: %zu, room for %zu", longest_len, sizeof(text));
}

static void test_truncated(void)
{
	union fix_record f;
	unsigned int i, avail, viewed = 0;
	bool good = true;

	for (i = 0; i < 40; i++) {
		sound(&f);
		for (avail = 0; avail < f.r.size; avail++)
			good = one(&f, avail, &viewed) && good;
	}
	ok(good, "records cut at every byte");
	is_hex(viewed, 0, "none of these can be viewed");

	/* The size lies: shorter than what the record holds */
	for (i = 0; i < 40; i++) {
		sound(&f);
		avail = f.r.size;
		for (f.r.size = 0; f.r.size < avail; f.r.size++)
			good = one(&f, avail, &viewed) && good;
	}
	ok(good && !viewed, "records that claim to be shorter");
	sound(&f);
	f.r.size += 8;
	ok(good && one(&f, f.r.size - 8, &viewed) && !viewed,
	   "a record that claims to be longer");
}

/* Every level number and every kind of entry: no shift and no index goes wild */
static void test_entries(unsigned int rounds)
{
	const struct ptdbg_mode *m;
	struct ptdbg_entry e;
	unsigned int i, level;
	char text[512];
	bool good = true;
	size_t len;
	u64 raw;

	for (i = 0; i < rounds; i++) {
		m = &traces[i % ARRAY_SIZE(traces)].layout.mode;
		level = rnd() % 8;
		raw = rnd() & rnd();
		ptdbg_entry_decode(m, level, raw, &e);
		good = good && e.kind <= PTDBG_ENTRY_BAD && e.order < 64 &&
		       !(e.reserved & ~raw);
		ptdbg_entry_pfn(m, level, &e, rnd());
		len = ptdbg_entry_bits(m, level, raw, text, sizeof(text));
		good = good && printable(text, len);
	}
	ok(good, "%u random entries at random levels", rounds);
}

static void test_layouts(unsigned int rounds)
{
	struct ptdbg_layout l;
	struct ptdbg_place p;
	unsigned int i;
	char text[256];
	bool good = true;
	size_t len;

	for (i = 0; i < rounds; i++) {
		l = traces[i % ARRAY_SIZE(traces)].layout;
		l.page_size = rnd() % 3 ? rnd() % 200 : 0;
		l.vmemmap_pfn0 = rnd();
		l.nr_areas = rnd() % 2 ? rnd() : l.nr_areas;
		l.nr_ram = rnd() % 2 ? rnd() : l.nr_ram;
		rnd_bytes(l.area, sizeof(l.area));
		l.area[0].class = rnd() % PTDBG_NR_CLASSES;
		ptdbg_classify(&l, rnd(), &p);
		len = ptdbg_explain_address(&l, rnd(), text, sizeof(text));
		good = good && printable(text, len);
	}
	ok(good, "%u random layouts", rounds);
}

static void test_metadata(void)
{
	static const u8 uuid[16];
	bool good = true;
	size_t size, len;
	char *text;

	for (size = 1; size < 7000; size += 1 + size / 50) {
		text = malloc(size);
		len = ptdbg_metadata(&traces[0], uuid, rnd(), text, size);
		good = good && len < size && strlen(text) == len;
		free(text);
	}
	ok(good, "metadata cut to any size");
}

int main(int argc, char **argv)
{
	unsigned int rounds = argc > 1 ? atoi(argv[1]) : 20000;

	tap_begin();
	make_traces();
	test_records(rounds);
	test_longest();
	test_longest_stack();
	test_longest_regs();
	test_truncated();
	test_entries(rounds * 10);
	test_layouts(rounds);
	test_metadata();
	return tap_end();
}
