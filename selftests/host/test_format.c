// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records as text.  Golden: the transcript of ARCHITECTURE.md section 3, which is
 * what users were promised, and the rules beside it.
 */
#include "../../module/core/format.h"
#include "tap.h"
#include "fixture.h"

static const struct ptdbg_table ram_table = {
	.refcount = 1, .mapcount = -1,
	.where = PTDBG_WHERE_RAM, .type = PTDBG_PT_TABLE,
};

static void head(union fix_record *f, unsigned int id, u64 ts, u64 addr)
{
	memset(f, 0, sizeof(*f));
	f->r.id = id;
	f->r.ts = ts;
	f->r.pid = 802;
	f->r.tgid = 802;
	memcpy(f->r.comm, "echo", 5);
	f->r.addr = addr;
}

static void put_vma(struct ptdbg_vma *vma)
{
	vma->start = 0x3fbd117000;
	vma->end = 0x3fbd11a000;
	vma->flags = 3;
	vma->kind = PTDBG_VMA_ANON;
}

/* The text of a record; every check goes through the same gates as a reader */
static const char *text(const struct ptdbg_trace *t, const union fix_record *f,
			const char *ip_name)
{
	static char buf[PTDBG_TEXT_MAX];
	struct ptdbg_view v;
	size_t n;

	buf[0] = '\0';
	if (!ok(ptdbg_view(&f->r, f->r.size, &v), "the record is whole"))
		return buf;
	n = ptdbg_format_record(t, &v, 0, ip_name, buf, sizeof(buf));
	if (n != strlen(buf) || buf[n - 1] != '\n' || strstr(buf, "\n\n"))
		ok(false, "length, last newline, no blank line");
	return buf;
}

static void n1_gup(union fix_record *f)
{
	static const u64 n1[] = { 0x20c39c01, 0x20c37c01, 0x0040000000000053 };
	const struct ptdbg_table tables[] = { ram_table, ram_table, ram_table };

	head(f, PTDBG_GUP, 281915960000, 0x3fbd117000);
	f->gup.flags = 0xc;
	put_vma(&f->gup.vma);
	f->gup.page.present = 1;
	f->gup.page.where = PTDBG_WHERE_NO_MEMMAP;
	f->gup.chain.root = 0x8203c000;
	f->gup.chain.after_stop = PTDBG_STOP_LEAF;
	f->r.verdicts = 1 << PTDBG_BAD_PFN;
	fix_chain(f, &f->gup.chain, 0, NULL, 3, n1, tables);
}

static void test_n1(const struct ptdbg_trace *t)
{
	union fix_record f;

	n1_gup(&f);
	is_text(text(t, &f, NULL),
		"[  281.915960] cpu0 echo/802 gup 3fbd117000 DUMP|FORCE\n"
		"    vma 3fbd117000-3fbd11a000 rw-p anon\n"
		"    PGD[0fe] @8203c7f0 0000000020c39c01 -> table 830e7 DMA32\n"
		"    PMD[1e8] @830e7f40 0000000020c37c01 -> table 830df DMA32\n"
		"    PTE[117] @830df8b8 0040000000000053 -> pfn 0  V R U A, reserved bit 54\n"
		"    page pfn 0: not RAM (first RAM pfn 80000)\n"
		"    !! bad pfn: its struct page would be ffffffc4fe000000, which is not mapped\n",
		"N1, the gup");

	head(&f, PTDBG_OOPS, 281917329000, 0xffffffc4fe000008);
	f.r.ip = 0xffffffff8018817c;
	f.oops.access = PTDBG_ACCESS_READ;
	f.oops.cause_id = PTDBG_GUP;
	f.oops.cause_level = 2;
	f.oops.cause_addr = 0x3fbd117000;
	f.oops.cause_entry = 0x0040000000000053;
	f.oops.page.present = 1;
	f.oops.page.where = PTDBG_WHERE_NO_MEMMAP;
	f.oops.chain.root = 0x81a3f000;
	f.oops.chain.after_stop = PTDBG_STOP_NONE;
	fix_chain(&f, &f.oops.chain, 0, NULL, 1, (u64[]){ 0 }, &ram_table);
	is_text(text(t, &f, "follow_page_pte+0xc6"),
		"[  281.917329] cpu0 echo/802 oops read ffffffc4fe000008 ip follow_page_pte+0xc6\n"
		"    vmemmap: struct page of pfn 0 + 8 (compound_head); pfn 0 is not RAM\n"
		"    because: the gup of 3fbd117000 above found PTE 0040000000000053 with that pfn\n"
		"    PGD[113] @81a3f898 0000000000000000 none\n",
		"N1, the oops");
}

/* A first touch that needed a PMD and a PTE table */
static void test_fault(const struct ptdbg_trace *t)
{
	static const u64 before[] = { 0 };
	static const u64 after[] = { 0x20c39c01, 0x20c37c01, 0x200004d7 };
	const struct ptdbg_table tables[] = {
		ram_table,
		{ .refcount = 1, .mapcount = -1,
		  .where = PTDBG_WHERE_RAM, .type = PTDBG_PT_KERNEL,
		  .zone = 1, .node = 3, .rule = 2 },
		{ .where = PTDBG_WHERE_HOLE },
	};
	union fix_record f;

	head(&f, PTDBG_FAULT, 1000000007999, 0x3fbd117008);
	f.r.ip = 0x2ace58f040;
	f.fault.flags = 0x41;
	f.fault.duration = 12345;
	put_vma(&f.fault.vma);
	f.fault.page = (struct ptdbg_page){
		.pfn = 0x80001, .flags = 0x29, .refcount = 1, .mapcount = 0,
		.mapping = 0xffffffd6012345a1, .mapkind = PTDBG_MAP_ANON,
		.where = PTDBG_WHERE_RAM, .type = PTDBG_PT_ANON, .zone = 1,
		.present = 1,
	};
	f.fault.chain.root = 0x8203c000;
	f.fault.chain.before_stop = PTDBG_STOP_NONE;
	f.fault.chain.after_stop = PTDBG_STOP_LEAF;
	f.fault.chain.fresh = 6;
	f.fault.chain.made = 2;
	f.fault.chain.breach = 2;
	fix_chain(&f, &f.fault.chain, 1, before, 3, after, tables);
	is_text(text(t, &f, NULL),
		"[ 1000.000007] cpu0 echo/802 fault 3fbd117008 WRITE|USER ip 2ace58f040 -> ok 12.345us\n"
		"    vma 3fbd117000-3fbd11a000 rw-p anon\n"
		"    PGD[0fe] @8203c7f0 before 0000000000000000 none\n"
		"    PGD[0fe] @8203c7f0 after  0000000020c39c01 -> table 830e7 Normal node 3 rule 2 !region +new\n"
		"    PMD[1e8] @830e7f40 0000000020c37c01 -> table 830df (not RAM) +new (not allocated by this fault)\n"
		"    PTE[117] @830df8b8 00000000200004d7 -> pfn 80001  V R W U A D\n"
		"    page pfn 80001: RAM anon, flags locked|uptodate|lru, ref 1, map 1, mapping anon ffffffd6012345a1, order 0, Normal, node 0\n",
		"a fault that made tables");
}

/* Only the PTE changes; upper levels are the same before and after */
static void test_same_tables(const struct ptdbg_trace *t)
{
	static const u64 before[] = { 0x20c39c01, 0x20c37c01, 0x123880 };
	static const u64 after[] = { 0x20c39c01, 0x20c37c01, 0x200004d7 };
	const struct ptdbg_table tables[] = { ram_table, ram_table, ram_table };
	union fix_record f;
	const char *got;

	head(&f, PTDBG_FAULT, 1, 0x3fbd117008);
	f.fault.flags = 1 << 20 | 1 << 6;
	f.fault.result = 0x104;
	f.fault.duration = ~0U;
	f.fault.remote = 1;
	f.fault.chain.root = 0x8203c000;
	f.fault.chain.before_stop = PTDBG_STOP_NOT_PRESENT;
	f.fault.chain.after_stop = PTDBG_STOP_LEAF;
	fix_chain(&f, &f.fault.chain, 3, before, 3, after, tables);
	is_text(text(t, &f, NULL),
		"[    0.000000] cpu0 echo/802 fault 3fbd117008 USER+0x100000 -> MAJOR|NOPAGE >4294967.295us remote\n"
		"    no vma\n"
		"    PGD[0fe] @8203c7f0 0000000020c39c01 -> table 830e7 DMA32\n"
		"    PMD[1e8] @830e7f40 0000000020c37c01 -> table 830df DMA32\n"
		"    PTE[117] @830df8b8 before 0000000000123880 swap or migration entry\n"
		"    PTE[117] @830df8b8 after  00000000200004d7 -> pfn 80001  V R W U A D\n",
		"a fault that changed one entry");

	f.fault.result = PTDBG_RESULT_DIED;
	f.fault.chain.after_stop = PTDBG_STOP_NOWALK;
	fix_chain(&f, &f.fault.chain, 3, before, 0, NULL, NULL);
	got = text(t, &f, NULL);
	has_text(got, "-> died in the handler remote\n", "a fault that died");
	has_text(got, "    PTE[117] @830df8b8 before 0000000000123880 swap",
		 "what was before the fault that died");
	ok(!strstr(got, "+new"), "no table of its is known to be new");
}

/* The walk ended early, in each way that the last entry does not tell */
static void test_stops(const struct ptdbg_trace *t)
{
	static const u64 wild[] = { 0x20c39c01, 0x40001 };
	const struct ptdbg_table tables[] = {
		{ .refcount = 1, .mapcount = -1,
		  .where = PTDBG_WHERE_RAM, .type = PTDBG_PT_BUDDY },
		{ .refcount = 1, .mapcount = -1,
		  .where = PTDBG_WHERE_RAM, .type = PTDBG_PT_SLAB, .zone = 1,
		  .marks = 1 << PTDBG_MARK_CMA | 1 << PTDBG_MARK_IMAGE },
	};
	union fix_record f;
	const char *got;

	head(&f, PTDBG_SIG, 5000000, 0x3fbd117008);
	f.sig.sig = 11;
	f.sig.code = 1;
	f.r.ip = 0x10000;
	f.sig.chain.root = 0x8203c000;
	f.sig.chain.after_stop = PTDBG_STOP_NOT_RAM;
	f.r.verdicts = 1 << PTDBG_TABLE_NOT_RAM | 1 << PTDBG_TABLE_FREE;
	fix_chain(&f, &f.sig.chain, 0, NULL, 2, wild, tables);
	is_text(text(t, &f, NULL),
		"[    0.005000] cpu0 echo/802 sig 3fbd117008 SEGV_MAPERR ip 10000\n"
		"    no vma\n"
		"    root table 8203c DMA32 (free)\n"
		"    PGD[0fe] @8203c7f0 0000000020c39c01 -> table 830e7 Normal (slab) (CMA) (kernel image)\n"
		"    PMD[1e8] @830e7f40 0000000000040001 -> table 100 (not RAM)\n"
		"    !! table not RAM: the PTE table, pfn 100, is not in RAM, and was not read\n"
		"    !! table free: the PGD table, pfn 8203c, is free in the buddy allocator\n",
		"a table outside RAM");
	f.r.verdicts = 0;
	f.sig.chain.after_stop = PTDBG_STOP_UNREADABLE;
	fix_chain(&f, &f.sig.chain, 0, NULL, 2, wild, tables);
	has_text(text(t, &f, NULL), "    PTE[117] @1008b8 unreadable\n",
		 "an unreadable table");
	f.sig.sig = 7;
	f.sig.code = 2;
	f.sig.chain.after_stop = PTDBG_STOP_ADDRESS;
	fix_chain(&f, &f.sig.chain, 0, NULL, 0, NULL, NULL);
	got = text(t, &f, NULL);
	has_text(got, "BUS_ADRERR", "SIGBUS");
	has_text(got, "no walk: the address is not canonical", "no place");
	f.sig.code = -6;
	f.sig.chain.after_stop = PTDBG_STOP_NOWALK;
	got = text(t, &f, "main+0x4");
	has_text(got, "signal 7 code -6 ip main+0x4", "a signal without a name");
	has_text(got, "    no walk\n", "no walk");
}

static void test_parts(const struct ptdbg_trace *t)
{
	union fix_record f;
	char raw[PTDBG_COMM_LEN], comm[PTDBG_COMM_LEN + 1];
	const char *got;

	n1_gup(&f);
	f.gup.flags = 1 << 30 | 1;
	f.gup.vma = (struct ptdbg_vma){
		.start = 0x10000, .end = 0x20000, .flags = 0xd, .pgoff = 0x10,
		.ino = 123, .dev = 254 << 20 | 1, .kind = PTDBG_VMA_FILE,
	};
	f.gup.page.where = PTDBG_WHERE_HOLE;
	f.gup.page.pfn = 0xc0000;
	f.gup.page.mapcount = (s32)0xffffff7f;
	f.gup.page.type = PTDBG_PT_BUDDY;
	f.gup.page.zone = 9;
	got = text(t, &f, NULL);
	has_text(got, "gup 3fbd117000 WRITE+0x40000000\n", "an unknown FOLL bit");
	has_text(got, "    vma 10000-20000 r-xs file dev 254:1 ino 123 pgoff 0x10\n",
		 "a file's vma");
	has_text(got, "page pfn c0000: not RAM (last RAM pfn bffff) free, flags 0",
		 "a struct page outside RAM");
	has_text(got, ", ref 0, page_type ffffff7f, order 0, ?, node 0\n",
		 "N3's page type, and a zone without a name");
	f.gup.page.where = PTDBG_WHERE_RESERVED;
	has_text(text(t, &f, NULL), "page pfn c0000: kept by the firmware free, flags 0",
		 "a page of the firmware");
	f.gup.page.where = PTDBG_WHERE_DEVICE;
	has_text(text(t, &f, NULL), "page pfn c0000: memory of a device free, flags 0",
		 "a page of a device");
	memcpy(raw, "a b\tc\n\x01\x7f\xff:012345", 16);
	ptdbg_comm(raw, comm);
	is_text(comm, "a?b?c????:012345", "a comm that would break the line");
}

/* A user address that is not canonical: x86 gives no address with the signal */
static void test_sig_kernel(const struct ptdbg_trace *t)
{
	union fix_record f;

	memset(&f, 0, sizeof(f));
	f.sig.r.id = PTDBG_SIG;
	f.sig.r.ip = 0x401234;
	f.sig.sig = 11;
	f.sig.code = 0x80;
	memcpy(f.sig.r.comm, "wild", 5);
	fix_chain(&f, &f.sig.chain, 0, NULL, 0, NULL, NULL);
	has_text(text(t, &f, NULL),
		 " sig SI_KERNEL: general protection, address not given ip 401234\n",
		 "a signal without an address");
}

/* A table page that is given back: by whom, and out of which address space */
static void test_free(const struct ptdbg_trace *t)
{
	union fix_record f;

	head(&f, PTDBG_FREE, 281915960000, 0x3fbd000000);
	f.free.start = 0x3fbd000000;
	f.free.end = 0x3fbd200000;
	f.free.level = 2;
	f.free.page = (struct ptdbg_page){
		.pfn = 0x830df, .refcount = 1, .mapcount = -1,
		.where = PTDBG_WHERE_RAM, .type = PTDBG_PT_TABLE,
		.marks = 1 << PTDBG_MARK_CMA, .present = 1,
	};
	f.free.chain.root = 0x8203c000;
	f.r.size = sizeof(f.free);
	is_text(text(t, &f, "free_pgd_range+0x1c4"),
		"[  281.915960] cpu0 echo/802 free PTE table 830df of root 8203c000 unmapping 3fbd000000-3fbd200000 ip free_pgd_range+0x1c4\n"
		"    page pfn 830df: RAM (CMA) table, flags 0, ref 1, map 0, order 0, DMA32, node 0\n",
		"a table page is freed");
	f.free.level = PTDBG_LEVEL_UNKNOWN;
	f.free.end = 0;
	has_text(text(t, &f, NULL), "free table 830df of root 8203c000\n",
		 "of a level that is not known");
}

static void test_header(const struct ptdbg_trace *t)
{
	char buf[512];

	ptdbg_format_header(t, 1834, 0, 0, buf, sizeof(buf));
	is_text(buf,
		"# ptdbg 0.1.0 on 6.12.107+deb13-riscv64: riscv64 Sv39, 4K pages, 3 levels, RAM pfn 80000-bffff\n"
		"# struct page 64 bytes, pfn 0 at ffffffc4fe000000; recorded 1834, overwritten 0, missed 0\n",
		"header");
}

static bool name_frame(void *data, u64 addr, char *buf, size_t size)
{
	snprintf(buf, size, "%s+0x%llx", (const char *)data, addr & 0xff);
	return addr != 0xffffffff80000003;
}

/* The text of the stacks of a record */
static const char *stacks(const union fix_record *f)
{
	static char buf[PTDBG_STACK_TEXT_MAX];
	struct ptdbg_view v;
	size_t n;

	buf[0] = '\0';
	if (!ok(ptdbg_view(&f->r, f->r.size, &v), "the record is whole"))
		return buf;
	n = ptdbg_format_stack(&v, name_frame, "f", buf, sizeof(buf));
	ok(n == strlen(buf), "the length is right");
	return buf;
}

static void test_stack(void)
{
	static const u64 kernel[] = {
		0xffffffff80000001, 0xffffffff80000003, 0xffffffff800000ff,
	};
	static const u64 user[] = { 0x401136, 0x40115b };
	struct ptdbg_stack s = {
		.kernel_n = 3, .kernel_end = PTDBG_STACK_WHOLE,
		.user_n = 2, .user_end = PTDBG_STACK_ASTRAY,
	};
	union fix_record f;

	n1_gup(&f);
	is_text(stacks(&f), "", "no stacks, no text");
	fix_stack(&f, &f.gup.chain, &s, kernel, user);
	is_text(stacks(&f),
		"    stack f+0x1 < ffffffff80000003 < f+0xff\n"
		"    user stack 401136 < 40115b (no frame pointer)\n",
		"both stacks");
	n1_gup(&f);
	s.user_end = PTDBG_STACK_WHOLE;
	s.kernel_end = PTDBG_STACK_DEEP;
	s.link = 0x401001;
	fix_stack(&f, &f.gup.chain, &s, kernel, user);
	is_text(stacks(&f),
		"    stack f+0x1 < ffffffff80000003 < f+0xff (too deep)\n"
		"    user stack 401136 ?< 401001 < 40115b\n",
		"a link register, and a stack that is cut");
	n1_gup(&f);
	s = (struct ptdbg_stack){ .kernel_end = PTDBG_STACK_LOST };
	fix_stack(&f, &f.gup.chain, &s, NULL, NULL);
	is_text(stacks(&f), "    stack (lost)\n", "none that could be had");
}

/* The registers of an oops, and what each kind is called */
static void test_regs(const struct ptdbg_trace *t)
{
	static const struct ptdbg_reg reg[] = {
		{ .name = "epc", .value = 0xffffffff80188172, .kind = PTDBG_REG_CODE },
		{ .name = "ra", .value = 0xffffffff80000003, .kind = PTDBG_REG_CODE },
		{ .name = "sp", .value = 0xffffffc600abbcd0, .pfn = 0x81234, .pid = 802,
		  .kind = PTDBG_REG_STACK, .of = "my echo" },
		{ .name = "a0", .value = 0xffffffd600012340, .pfn = 0x80012,
		  .kind = PTDBG_REG_SLAB, .where = PTDBG_WHERE_RAM,
		  .type = PTDBG_PT_SLAB, .of = "kmalloc-64" },
		{ .name = "a1", .value = 0xffffffd600013000, .pfn = 0x80013,
		  .kind = PTDBG_REG_TABLE, .where = PTDBG_WHERE_RAM,
		  .type = PTDBG_PT_TABLE },
		{ .name = "a2", .value = 0xffffffc4fe000008, .kind = PTDBG_REG_PAGE,
		  .where = PTDBG_WHERE_NO_MEMMAP },
		{ .name = "a3", .value = 0x3fbd117000, .pfn = 0x830df,
		  .kind = PTDBG_REG_USER, .where = PTDBG_WHERE_RAM },
		{ .name = "a4", .value = 0xdead000000000122, .kind = PTDBG_REG_POISON },
		{ .name = "a5", .value = 0x80, .kind = PTDBG_REG_NUMBER },
		{ .name = "a6", .value = 0xffffffd600014008, .pfn = 0x80014,
		  .kind = PTDBG_REG_MEMORY, .where = PTDBG_WHERE_RAM,
		  .type = PTDBG_PT_FILE },
	};
	char buf[PTDBG_REGS_TEXT_MAX];
	struct ptdbg_view v;
	union fix_record f;
	size_t n;

	head(&f, PTDBG_OOPS, 281917329000, 0xffffffc4fe000008);
	fix_chain(&f, &f.oops.chain, 0, NULL, 1, (u64[]){ 0 }, &ram_table);
	ok(ptdbg_view(&f.r, f.r.size, &v) && !v.regs, "an oops without registers");
	ok(!ptdbg_format_regs(t, &v, NULL, NULL, buf, sizeof(buf)) && !*buf,
	   "no registers, no text");
	fix_regs(&f, ARRAY_SIZE(reg), reg);
	f.oops.regs++;
	ok(!ptdbg_view(&f.r, f.r.size, &v), "one register too many");
	f.oops.regs--;
	ok(ptdbg_view(&f.r, f.r.size, &v) && v.regs == ARRAY_SIZE(reg) &&
	   !memcmp(v.reg, reg, sizeof(reg)), "the registers are where they are");
	n = ptdbg_format_regs(t, &v, name_frame, "f", buf, sizeof(buf));
	ok(n == strlen(buf), "the length is right");
	is_text(buf,
		"    epc ffffffff80188172 ra ffffffff80000003 sp ffffffc600abbcd0 a0 ffffffd600012340\n"
		"    a1 ffffffd600013000 a2 ffffffc4fe000008 a3 0000003fbd117000 a4 dead000000000122\n"
		"    a5 0000000000000080 a6 ffffffd600014008\n"
		"    epc: f+0x72\n"
		"    ra: code or data of the kernel\n"
		"    sp: the kernel stack of my?echo/802\n"
		"    a0: slab memory of kmalloc-64, pfn 80012 + 340\n"
		"    a1: page table, pfn 80013\n"
		"    a2: struct page of pfn 0 + 8, no struct page\n"
		"    a3: mapped in user space, pfn 830df\n"
		"    a4: LIST_POISON2: prev of an entry that left its list\n"
		"    a6: memory, pfn 80014 + 8, file\n",
		"every kind of register");
}

/* Lengths that do not fit the record */
static void test_stack_sizes(void)
{
	static const u64 frames[4];
	const struct ptdbg_stack s = { .kernel_n = 2, .user_n = 2 };
	struct ptdbg_stack *at;
	union fix_record f;
	struct ptdbg_view v;
	u16 plain, size;

	n1_gup(&f);
	plain = f.r.size;
	fix_stack(&f, &f.gup.chain, &s, frames, frames);
	size = f.r.size;
	at = (void *)(f.bytes + plain);
	ok(ptdbg_view(&f.r, size, &v) && v.stack == at && v.user == v.kernel + 2,
	   "the stacks are where they are");
	f.gup.chain.stacks = 2;
	ok(!ptdbg_view(&f.r, size, &v), "two of them: no such record");
	f.gup.chain.stacks = 1;
	at->user_n = 3;
	ok(!ptdbg_view(&f.r, size, &v), "a frame too many");
	at->user_n = 255;
	at->kernel_n = 255;
	ok(!ptdbg_view(&f.r, size, &v), "all too many");
	at->user_n = 1;
	at->kernel_n = 2;
	ok(ptdbg_view(&f.r, size, &v), "what follows is passed over");
	f.r.size = plain + 8;
	ok(!ptdbg_view(&f.r, size, &v), "a head that is cut");
	f.r.size = plain;
	ok(!ptdbg_view(&f.r, size, &v), "no head");
}

/* Any size of buffer: the same text, cut, and nothing written behind it */
static void test_cut(const struct ptdbg_trace *t)
{
	char all[PTDBG_TEXT_MAX], cut[PTDBG_TEXT_MAX];
	union fix_record f;
	struct ptdbg_view v;
	size_t n, got, size;
	bool good = true;

	n1_gup(&f);
	ptdbg_view(&f.r, f.r.size, &v);
	n = ptdbg_format_record(t, &v, 0, NULL, all, sizeof(all));
	for (size = 1; size <= n + 1; size++) {
		memset(cut, 0x5a, sizeof(cut));
		got = ptdbg_format_record(t, &v, 0, NULL, cut, size);
		good = good && got == size - 1 && !memcmp(all, cut, got) &&
		       !cut[got] && cut[size] == 0x5a;
	}
	ok(good, "cut to any size");
}

int main(void)
{
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);

	tap_begin();
	test_n1(&t);
	test_fault(&t);
	test_same_tables(&t);
	test_stops(&t);
	test_parts(&t);
	test_sig_kernel(&t);
	test_free(&t);
	test_stack();
	test_stack_sizes();
	test_regs(&t);
	test_header(&t);
	test_cut(&t);
	return tap_end();
}
