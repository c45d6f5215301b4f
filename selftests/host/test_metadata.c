// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CTF metadata: the table of fields covers the structs of the ABI without a
 * gap, and babeltrace2, which knows nothing of ptdbg, reads a synthetic trace of
 * every type of record, with 0 to 5 levels, exactly as it was written.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "../../module/core/fields.h"
#include "../../module/core/metadata.h"
#include "tap.h"
#include "fixture.h"

#define TRACE	BUILD "/trace"

static const u8 uuid[16] = {
	0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe,
	0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
};

/* Each field starts where the one before it ends, from start to end */
static void test_coverage(void)
{
	const struct ptdbg_fields *g;
	unsigned int i, j, at;
	bool good;

	for (i = 0; i < PTDBG_NR_GROUPS; i++) {
		g = &ptdbg_groups[i];
		good = true;
		at = g->start;
		for (j = 0; j < g->nr; j++) {
			if (g->field[j].length)
				continue;
			good = good && g->field[j].offset == at;
			at += g->field[j].size;
		}
		ok(good && at == g->end, "%s is covered, bytes %u to %u",
		   g->name, g->start, g->end);
	}
	/* Together they are the structs: no group begins late or ends early */
	is_hex(ptdbg_groups[PTDBG_GROUP_PACKET_CONTEXT].end,
	       sizeof(struct ptdbg_packet), "the packet's head is covered");
	is_hex(ptdbg_groups[PTDBG_GROUP_EVENT_CONTEXT].end,
	       sizeof(struct ptdbg_record), "the record's head is covered");
	is_hex(ptdbg_groups[PTDBG_GROUP_FAULT].end, sizeof(struct ptdbg_fault),
	       "struct ptdbg_fault is covered");
	is_hex(ptdbg_groups[PTDBG_GROUP_OOPS].end, sizeof(struct ptdbg_oops),
	       "struct ptdbg_oops is covered");
	is_hex(ptdbg_groups[PTDBG_GROUP_FREE].end, sizeof(struct ptdbg_free),
	       "struct ptdbg_free is covered");
}

/* One packet, filled as the ring does it */
struct stream {
	u64 size;
	union {
		struct ptdbg_packet p;
		char bytes[8192];
	};
};

static void stream_init(struct stream *s)
{
	memset(s, 0, sizeof(*s));
	s->p.magic = PTDBG_PACKET_MAGIC;
	memcpy(s->p.uuid, uuid, sizeof(uuid));
	s->p.ts_begin = 1000000000;
	s->p.packet_size = sizeof(s->bytes) * 8;
	s->p.seq = 1;
	s->p.cpu = 3;
	s->p.first = 7;
	s->p.sum = 0x1234;
	s->size = sizeof(s->p);
}

static void stream_add(struct stream *s, const union fix_record *f)
{
	memcpy(s->bytes + s->size, f, f->r.size);
	s->size += f->r.size;
	s->p.content_size = s->size * 8;
	s->p.ts_end = f->r.ts;
	s->p.records++;
}

static bool write_file(const char *name, const void *data, size_t size)
{
	FILE *file = fopen(name, "wb");
	bool good;

	if (!file)
		return false;
	good = fwrite(data, 1, size, file) == size;
	return !fclose(file) && good;
}

static void fill(union fix_record *f, unsigned int id, u64 ts)
{
	memset(f, 0, sizeof(*f));
	f->r.id = id;
	f->r.ts = ts;
	f->r.pid = 802;
	f->r.tgid = 801;
	memcpy(f->r.comm, "echo", 5);
	f->r.addr = 0x3fbd117000;
	f->r.ip = 0xffffffff8018817c;
	f->r.verdicts = 1 << PTDBG_BAD_PFN | 1 << PTDBG_RESERVED_BITS;
}

static void fill_vma(struct ptdbg_vma *v)
{
	*v = (struct ptdbg_vma){
		.start = 0x3fbd117000, .end = 0x3fbd11a000, .flags = 0x8100073,
		.pgoff = 0x77, .ino = 4711, .dev = 0xfe00001,
		.kind = PTDBG_VMA_FILE,
	};
}

static void fill_page(struct ptdbg_page *p)
{
	*p = (struct ptdbg_page){
		.pfn = 0x830df, .flags = 0xfffff00000000029,
		.mapping = 0xffffffd600112233, .refcount = -7, .mapcount = -129,
		.where = PTDBG_WHERE_HOLE, .type = PTDBG_PT_ZERO, .zone = 2,
		.order = 9, .node = 254, .marks = 1, .mapkind = PTDBG_MAP_KSM, .present = 1,
	};
}

static void fill_chain(union fix_record *f, struct ptdbg_chain *c,
		       unsigned int before, unsigned int after)
{
	static const u64 b[] = { 0xb1, 0xb2, 0xb3, 0xb4, 0xb5 };
	static const u64 a[] = {
		0xa1, 0xa2, 0xa3, 0xa4, 0xffffffffffffffa5,
	};
	static const struct ptdbg_table t[] = {
		{ 1, -1, 1, 4, 0, 11, 1, 3, { } }, { -2, 5, 1, 2, 1, 12, 2, -1, { } },
		{ 1, -1, 2, 3, 2, 13, 0, 0, { } }, { 1, -1, 4, 0, 3, 14, 3, 127, { } },
		{ 1, -1, 0, 1, 4, 255, 0, 0, { } },
	};

	c->root = 0x8203c000;
	c->before_stop = PTDBG_STOP_NONE;
	c->after_stop = PTDBG_STOP_UNREADABLE;
	c->breach = 2;
	c->fresh = 6;
	c->made = 4;
	fix_chain(f, c, before, b, after, a, t);
}

static void add_fault(struct stream *s, u64 ts, unsigned int before,
		      unsigned int after)
{
	union fix_record f;

	fill(&f, PTDBG_FAULT, ts);
	f.fault.flags = 0x1241;
	f.fault.result = 0x100;
	f.fault.duration = 12345;
	f.fault.remote = 1;
	fill_vma(&f.fault.vma);
	fill_page(&f.fault.page);
	fill_chain(&f, &f.fault.chain, before, after);
	stream_add(s, &f);
}

/* A record with stacks, and one frame each more or less */
static void add_stacks(struct stream *s, u64 ts, unsigned int kernel,
		       unsigned int user)
{
	static const u64 k[] = { 0xffffffff80188170, 0xffffffff80188171 };
	static const u64 u[] = { 0x10e1, 0x10e2 };
	const struct ptdbg_stack stack = {
		.kernel_n = kernel, .user_n = user,
		.kernel_end = PTDBG_STACK_WHOLE,
		.user_end = PTDBG_STACK_ASTRAY, .link = 0x10e3,
	};
	union fix_record f;

	fill(&f, PTDBG_FREE, ts);
	fill_page(&f.free.page);
	fill_chain(&f, &f.free.chain, 0, 1);
	fix_stack(&f, &f.free.chain, &stack, k, u);
	stream_add(s, &f);
}

static void fill_stream(struct stream *s)
{
	static const struct ptdbg_reg reg[] = {
		{ .name = "rbx", .value = 0xffff888000123456, .pfn = 0x123,
		  .kind = PTDBG_REG_SLAB, .where = PTDBG_WHERE_RAM,
		  .type = PTDBG_PT_SLAB, .of = "kmalloc-64" },
		/* all of its name */
		{ .name = "register", .pid = 802, .kind = PTDBG_REG_STACK },
	};
	union fix_record f;
	unsigned int i;

	stream_init(s);
	for (i = 0; i <= PTDBG_MAX_LEVELS; i++)
		add_fault(s, 1000000000 + i, PTDBG_MAX_LEVELS - i, i);

	fill(&f, PTDBG_GUP, 1000001000);
	f.gup.flags = 0xc;
	f.gup.remote = 1;
	fill_vma(&f.gup.vma);
	fill_page(&f.gup.page);
	fill_chain(&f, &f.gup.chain, 0, 3);
	stream_add(s, &f);

	fill(&f, PTDBG_SIG, 1000002000);
	f.sig.sig = 11;
	f.sig.code = -6;
	fill_vma(&f.sig.vma);
	fill_page(&f.sig.page);
	fill_chain(&f, &f.sig.chain, 0, 4);
	stream_add(s, &f);

	fill(&f, PTDBG_OOPS, 1000003000);
	f.oops.error = 0xd;
	f.oops.access = PTDBG_ACCESS_READ;
	f.oops.cause_id = PTDBG_GUP;
	f.oops.cause_cpu = 3;
	f.oops.cause_level = 2;
	f.oops.cause_ts = 1000001000;
	f.oops.cause_addr = 0x3fbd117000;
	f.oops.cause_entry = 0x40000000000053;
	fill_page(&f.oops.page);
	fill_chain(&f, &f.oops.chain, 0, 1);
	fix_regs(&f, 2, reg);
	stream_add(s, &f);

	fill(&f, PTDBG_FREE, 1000004000);
	f.free.start = 0x3fbd000000;
	f.free.end = 0x3fbd200000;
	f.free.level = 2;
	fill_page(&f.free.page);
	fill_chain(&f, &f.free.chain, 0, 0);
	stream_add(s, &f);

	for (i = 0; i < 3; i++)
		add_stacks(s, 1000005000 + i, i, 2 - i);
}

/*
 * What babeltrace2 must print, from the values above by hand.  The clock's
 * offset is 1234567890123456789 ns; the first record comes a second later.
 */
#define CONTEXT(ts, name, size) \
	"[1234567891" ts "] " name ": { cpu_id = 3, records = 13, first = 7, " \
	"lost = 0, sum = 0x1234 }, " \
	"{ size = " size ", verdicts = { bad_pfn = 1, not_RAM = 0, free_page = 0, " \
	"table_not_RAM = 0, table_free = 0, table_unreadable = 0, " \
	"reserved_bits = 1, loop = 0, write_exec = 0, table_untyped = 0, " \
	"table_region = 0, permitted = 0, table_image = 0, table_CMA = 0, " \
	"table_user = 0, table_unref = 0, page_unref = 0, bad_entry = 0, " \
	"unused = 0 }, " \
	"pid = 802, tgid = 801, comm = \"echo\", addr = 0x3FBD117000, " \
	"ip = 0xFFFFFFFF8018817C }, "
#define VMA \
	"vma = { start = 0x3FBD117000, end = 0x3FBD11A000, " \
	"flags = 0x8100073, pgoff = 0x77, ino = 4711, dev = 0xFE00001, " \
	"kind = ( \"file\" : container = 2 ) }, "
#define PAGE \
	"page = { pfn = 0x830DF, flags = 0xFFFFF00000000029, " \
	"mapping = 0xFFFFFFD600112233, refcount = -7, mapcount = -129, " \
	"where = ( \"not RAM\" : container = 2 ), " \
	"type = ( \"zero page\" : container = 9 ), zone = 2, order = 9, " \
	"node = 254, marks = { CMA = 1, kernel_image = 0, unused = 0 }, " \
	"mapkind = ( \"ksm\" : container = 2 ), present = 1 }, "
#define CHAIN_OF(b, a, s) \
	"chain = { root = 0x8203C000, before_n = " b ", after_n = " a ", " \
	"before_stop = ( \"none\" : container = 2 ), " \
	"after_stop = ( \"unreadable\" : container = 5 ), " \
	"breach = 0x2, fresh = 0x6, made = 0x4, stacks = " s " }, "
#define CHAIN(b, a) CHAIN_OF(b, a, "0")
#define NO_STACK ", stack = [ ] }"
#define STACK(k, u, frames) \
	", stack = [ [0] = { kernel_n = " k ", user_n = " u ", " \
	"kernel_end = ( \"whole\" : container = 1 ), " \
	"user_end = ( \"no frame pointer\" : container = 4 ), " \
	"reserved = 0x0, link = 0x10E3, " frames " } ] }"
#define K1 "kernel = [ [0] = 0xFFFFFFFF80188170 ], "
#define K2 "kernel = [ [0] = 0xFFFFFFFF80188170, [1] = 0xFFFFFFFF80188171 ], "
#define FREE(ts) CONTEXT(ts, "free", "192") \
	"{ start = 0x0, end = 0x0, level = 0, reserved = 0x0, " PAGE
#define FAULT \
	"{ flags = 0x1241, result = 0x100, duration = 12345, remote = 1, " \
	VMA PAGE
#define TABLE(i, ref, map, w, wn, t, tn, z, n, cma, image, rule) \
	"[" #i "] = { refcount = " #ref ", mapcount = " #map ", " \
	"where = ( \"" w "\" : container = " #wn " ), " \
	"type = ( \"" t "\" : container = " #tn " ), zone = " #z ", node = " #n ", " \
	"marks = { CMA = " #cma ", kernel_image = " #image ", unused = 0 }, " \
	"rule = " #rule ", reserved = [ [0] = 0, [1] = 0 ] }"
#define T0 TABLE(0, 1, -1, "RAM", 1, "table", 4, 0, 11, 1, 0, 3)
#define T1 TABLE(1, -2, 5, "RAM", 1, "free", 2, 1, 12, 0, 1, -1)
#define T2 TABLE(2, 1, -1, "not RAM", 2, "slab", 3, 2, 13, 0, 0, 0)
#define T3 TABLE(3, 1, -1, "no struct page", 4, "unknown", 0, 3, 14, 1, 1, 127)
#define T4 TABLE(4, 1, -1, "unknown", 0, "kernel", 1, 4, 255, 0, 0, 0)
#define A1 "after = [ [0] = 0xA1 ], "
#define A3 "after = [ [0] = 0xA1, [1] = 0xA2, [2] = 0xA3 ], "
#define A4 "after = [ [0] = 0xA1, [1] = 0xA2, [2] = 0xA3, [3] = 0xA4 ], "
#define A5 "after = [ [0] = 0xA1, [1] = 0xA2, [2] = 0xA3, [3] = 0xA4, " \
	"[4] = 0xFFFFFFFFFFFFFFA5 ], "
#define B5 "before = [ [0] = 0xB1, [1] = 0xB2, [2] = 0xB3, [3] = 0xB4, " \
	"[4] = 0xB5 ], "
#define DEATH \
	"{ error = 0xD, access = ( \"read\" : container = 1 ), " \
	"cause_id = ( \"gup\" : container = 2 ), cause_cpu = 3, " \
	"cause_level = 2, regs = 2, reserved = [ [0] = 0, [1] = 0, [2] = 0 ], " \
	"cause_ts = 1000001000, " \
	"cause_addr = 0x3FBD117000, cause_entry = 0x40000000000053, "
#define REGISTERS \
	"reg = [ [0] = { name = \"rbx\", value = 0xFFFF888000123456, pfn = 0x123, " \
	"pid = 0, kind = ( \"slab\" : container = 5 ), where = ( \"RAM\" : container = 1 ), " \
	"type = ( \"slab\" : container = 3 ), reserved = 0x0, of = \"kmalloc-64\" }, " \
	"[1] = { name = \"register\", value = 0x0, pfn = 0x0, pid = 802, " \
	"kind = ( \"stack\" : container = 6 ), where = ( \"unknown\" : container = 0 ), " \
	"type = ( \"unknown\" : container = 0 ), reserved = 0x0, of = \"\" } ]"
#define B3 "before = [ [0] = 0xB1, [1] = 0xB2, [2] = 0xB3 ], "

static const char *const want[] = {
	CONTEXT(".123456789", "fault", "216") FAULT CHAIN("5", "0")
	B5 "after = [ ], table = [ ]" NO_STACK,
	CONTEXT(".123456790", "fault", "232") FAULT CHAIN("4", "1")
	"before = [ [0] = 0xB1, [1] = 0xB2, [2] = 0xB3, [3] = 0xB4 ], "
	A1 "table = [ " T0 " ]" NO_STACK,
	CONTEXT(".123456791", "fault", "248") FAULT CHAIN("3", "2")
	B3 "after = [ [0] = 0xA1, [1] = 0xA2 ], table = [ " T0 ", " T1 " ]" NO_STACK,
	CONTEXT(".123456792", "fault", "264") FAULT CHAIN("2", "3")
	"before = [ [0] = 0xB1, [1] = 0xB2 ], "
	A3 "table = [ " T0 ", " T1 ", " T2 " ]" NO_STACK,
	CONTEXT(".123456793", "fault", "280") FAULT CHAIN("1", "4")
	"before = [ [0] = 0xB1 ], "
	A4 "table = [ " T0 ", " T1 ", " T2 ", " T3 " ]" NO_STACK,
	CONTEXT(".123456794", "fault", "296") FAULT CHAIN("0", "5")
	"before = [ ], " A5 "table = [ " T0 ", " T1 ", " T2 ", " T3 ", " T4 " ]" NO_STACK,
	CONTEXT(".123457789", "gup", "240") "{ flags = 0xC, remote = 1, "
	VMA PAGE CHAIN("0", "3") "before = [ ], "
	A3 "table = [ " T0 ", " T1 ", " T2 " ]" NO_STACK,
	CONTEXT(".123458789", "sig", "264") "{ sig = 11, code = -6, "
	VMA PAGE CHAIN("0", "4") "before = [ ], "
	A4 "table = [ " T0 ", " T1 ", " T2 ", " T3 " ]" NO_STACK,
	CONTEXT(".123459789", "oops", "296") DEATH PAGE CHAIN("0", "1") "before = [ ], "
	A1 "table = [ " T0 " ], stack = [ ], " REGISTERS " }",
	CONTEXT(".123460789", "free", "136")
	"{ start = 0x3FBD000000, end = 0x3FBD200000, level = 2, reserved = 0x0, "
	PAGE CHAIN("0", "0") "before = [ ], after = [ ], table = [ ]" NO_STACK,
	FREE(".123461789") CHAIN_OF("0", "1", "1") "before = [ ], " A1
	"table = [ " T0 " ]"
	STACK("0", "2", "kernel = [ ], user = [ [0] = 0x10E1, [1] = 0x10E2 ]"),
	FREE(".123461790") CHAIN_OF("0", "1", "1") "before = [ ], " A1
	"table = [ " T0 " ]"
	STACK("1", "1", K1 "user = [ [0] = 0x10E1 ]"),
	FREE(".123461791") CHAIN_OF("0", "1", "1") "before = [ ], " A1
	"table = [ " T0 " ]"
	STACK("2", "0", K2 "user = [ ]"),
};

static void test_babeltrace(void)
{
	static char line[8192];
	FILE *p;
	size_t i;

	if (system("babeltrace2 --version >" BUILD "/babeltrace 2>&1")) {
		skip("babeltrace2 reads the trace", "babeltrace2 is not installed");
		return;
	}
	p = popen("babeltrace2 --clock-seconds --no-delta " TRACE " 2>&1", "r");
	if (!ok(p, "babeltrace2 starts"))
		return;
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		if (!fgets(line, sizeof(line), p))
			line[0] = '\0';
		line[strcspn(line, "\n")] = '\0';
		is_text(line, want[i], "babeltrace2 prints the record");
	}
	line[0] = '\0';
	ok(!fgets(line, sizeof(line), p), "and nothing more: %s", line);
	ok(!pclose(p), "babeltrace2 has no complaint");
}

static void test_trace(void)
{
	static char text[PTDBG_METADATA_MAX];
	static struct stream s;
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	size_t n;

	snprintf(t.release, sizeof(t.release), "6.12 \"quoted\\\"");
	n = ptdbg_metadata(&t, uuid, 1234567890123456789ULL, text, sizeof(text));
	ok(n == strlen(text) && n < sizeof(text) / 2, "room for more metadata");
	has_text(text, "uuid = \"10325476-98ba-dcfe-0123-456789abcdef\"", "uuid");
	has_text(text, "kernel_release = \"6.12 \\\"quoted\\\\\\\"\";", "quotes");
	has_text(text, "ram_pfns = \"80000-bffff\";", "RAM");
	has_text(text, "vmemmap = \"ffffffc4fe000000\";", "vmemmap");
	has_text(text, "level_shifts = \"30 21 12\";", "levels");
	has_text(text, "software_bits = \"SPECIAL:8\";", "software bits");
	has_text(text, "phys_bits = 0;", "no physical size");
	has_text(text, "page_flags = \"0:locked 3:uptodate 5:lru\";", "flags");
	has_text(text, "struct_page_members = \"0:flags 8:compound_head",
		 "members of struct page");
	fill_stream(&s);
	if (mkdir(TRACE, 0777) && errno != EEXIST) {
		ok(false, "mkdir %s", TRACE);
		return;
	}
	ok(write_file(TRACE "/metadata", text, n) &&
	   write_file(TRACE "/cpu3", s.bytes, sizeof(s.bytes)),
	   "the trace is written");
	test_babeltrace();
}

int main(void)
{
	tap_begin();
	test_coverage();
	test_trace();
	return tap_end();
}
