// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sentences.  Goldens: module/core/explain.h, the transcript in ARCHITECTURE.md
 * section 3, and field notes N1 to N4.
 */
#include "../../module/core/explain.h"
#include "tap.h"
#include "fixture.h"

static void address(const struct ptdbg_layout *l, u64 addr, const char *want)
{
	char buf[160];
	size_t n = ptdbg_explain_address(l, addr, buf, sizeof(buf));

	is_text(buf, want, want);
	if (n != strlen(buf))
		ok(false, "length of \"%s\"", want);
}

static void test_addresses(void)
{
	struct ptdbg_layout l = fix_n1();

	address(&l, 0xffffffc4fe000008,
		"vmemmap: struct page of pfn 0 + 8 (compound_head); pfn 0 is not RAM");
	address(&l, 0xffffffc4fe000028,
		"vmemmap: struct page of pfn 0 + 28 (private); pfn 0 is not RAM");
	address(&l, 0xffffffc500000036,
		"vmemmap: struct page of pfn 80000 + 36 (_refcount + 2)");
	address(&l, 0x80, "NULL + 80");
	address(&l, 0xffffffc600663bb0, "vmalloc");
	address(&l, 0x2ace58f040, "user address");
	address(&l, 0xffffffd600123456, "direct map: pfn 80123");
	address(&l, 0x4000000000, "not canonical in Sv39 paging");
	address(&l, 0xffffffff8018817c, "kernel image");
	address(&l, 0xffffffc4fdffffff, "kernel address in no known area");
	l.nr_ram = 0;
	l.nr_members = 0;
	address(&l, 0xffffffc4fe000008,
		"vmemmap: struct page of pfn 0 + 8");
	l = fix_n3();
	address(&l, 0xffff7fe000084b40, "vmemmap: struct page of pfn 612d");
	l = fix_x86();
	address(&l, 0xffffea0002cd5900, "vmemmap: struct page of pfn b3564");
	address(&l, 0xffffea0002cd5918,
		"vmemmap: struct page of pfn b3564 + 18 (mapping)");
	address(&l, 0x12345678, "user address");
	address(&l, 0xffff888333564000,
		"direct map: pfn 333564, which is not RAM");
	address(&l, 0x800000000000, "not canonical in 4-level paging");
}

static void test_cause(void)
{
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_oops o = { 0 };
	char buf[160];

	is_hex(ptdbg_explain_cause(&l, &o, buf, sizeof(buf)), 0,
	       "no cause, no text");
	is_text(buf, "", "no cause, empty text");
	o.cause_id = PTDBG_GUP;
	o.cause_addr = 0x3fbd117000;
	o.cause_level = 2;
	o.cause_entry = 0x0040000000000053;
	ptdbg_explain_cause(&l, &o, buf, sizeof(buf));
	is_text(buf,
		"the gup of 3fbd117000 above found PTE 0040000000000053 with that pfn",
		"the cause of N1");
	o.cause_level = 77;
	o.cause_id = 0x7777;
	ptdbg_explain_cause(&l, &o, buf, sizeof(buf));
	has_text(buf, "the ? of", "a cause of no known type and level");
}

static void verdict(const struct ptdbg_layout *l, const union fix_record *f,
		    unsigned int verdict, const char *want)
{
	char buf[200];

	ptdbg_explain_verdict(l, &f->r, verdict, buf, sizeof(buf));
	is_text(buf, want, want);
}

static void test_verdicts(void)
{
	static const u64 n1[] = { 0x20c39c01, 0x20c37c01, 0x0040000000000053 };
	static const u64 wild[] = { 0x20c39c01, 0x40001 };
	static const u64 loop[] = { 0x20c39c01, 0x20c39c01, 0x20c39cd7 };
	static const struct ptdbg_table tables[] = {
		{ .refcount = 1, .mapcount = -1,
		  .where = PTDBG_WHERE_RAM, .type = PTDBG_PT_TABLE },
		{ .refcount = 1, .mapcount = -1,
		  .where = PTDBG_WHERE_RAM, .type = PTDBG_PT_BUDDY,
		  .marks = 1 << PTDBG_MARK_CMA | 1 << PTDBG_MARK_IMAGE },
		{ .refcount = 0, .mapcount = 3,
		  .where = PTDBG_WHERE_RAM, .type = PTDBG_PT_ANON },
	};
	struct ptdbg_layout l = fix_n1();
	union fix_record f = { 0 };

	f.r.id = PTDBG_GUP;
	f.gup.chain.root = 0x8203c000;
	f.gup.page.present = 1;
	fix_chain(&f, &f.gup.chain, 0, NULL, 3, n1, tables);
	verdict(&l, &f, PTDBG_BAD_PFN,
		"bad pfn: its struct page would be ffffffc4fe000000, which is not mapped");
	verdict(&l, &f, PTDBG_RESERVED_BITS,
		"reserved bits: PTE 0040000000000053 has bit 54 set, which riscv64 reserves");
	verdict(&l, &f, PTDBG_TABLE_FREE,
		"table free: the PMD table, pfn 830e7, is free in the buddy allocator");
	verdict(&l, &f, PTDBG_NOT_RAM,
		"not RAM: pfn 0, in a vma that maps no device");
	verdict(&l, &f, PTDBG_TABLE_IMAGE,
		"table image: the PMD table, pfn 830e7, is part of the kernel image");
	verdict(&l, &f, PTDBG_TABLE_CMA,
		"table CMA: the PMD table, pfn 830e7, lies in a CMA area, and can't be moved out of it");
	verdict(&l, &f, PTDBG_TABLE_USER,
		"table user: the PTE table, pfn 830df, is user memory (anon)");
	verdict(&l, &f, PTDBG_TABLE_UNREF,
		"table unref: the PTE table, pfn 830df, has a reference count of 0: it was given back");
	verdict(&l, &f, PTDBG_PAGE_UNREF,
		"page unref: pfn 0 is mapped, yet has a reference count of 0");
	verdict(&l, &f, PTDBG_BAD_ENTRY,
		"bad entry: PTE 0040000000000053 is none that riscv64 has at that level");
	fix_chain(&f, &f.gup.chain, 0, NULL, 2, wild, tables);
	verdict(&l, &f, PTDBG_TABLE_NOT_RAM,
		"table not RAM: the PTE table, pfn 100, is not in RAM, and was not read");
	verdict(&l, &f, PTDBG_TABLE_UNREADABLE,
		"table unreadable: the PTE table, pfn 100, could not be read");
	fix_chain(&f, &f.gup.chain, 0, NULL, 3, loop, tables);
	verdict(&l, &f, PTDBG_LOOP,
		"loop: pfn 830e7 is both PMD and PTE table");
	verdict(&l, &f, PTDBG_NR_VERDICTS, "");
	f.r.size -= 8;
	verdict(&l, &f, PTDBG_LOOP, "loop");
}

int main(void)
{
	tap_begin();
	test_addresses();
	test_cause();
	test_verdicts();
	return tap_end();
}
