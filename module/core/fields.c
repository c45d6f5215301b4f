// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every field of packets and records, once.  The CTF metadata is made from
 * these tables, and the JSON of the reader; the host tests hold them against the
 * structs of the ABI.
 */
#include "fields.h"
#include "format.h"

/* The ABI: what has been recorded must stay readable. */
static_assert(sizeof(struct ptdbg_packet) == 104);
static_assert(sizeof(struct ptdbg_record) == 56);
static_assert(sizeof(struct ptdbg_vma) == 48);
static_assert(sizeof(struct ptdbg_page) == 40);
static_assert(sizeof(struct ptdbg_table) == 16);
static_assert(sizeof(struct ptdbg_chain) == 16);
static_assert(sizeof(struct ptdbg_stack) == 16);
static_assert(sizeof(struct ptdbg_reg) == 56);
static_assert(sizeof(struct ptdbg_fault) == 176);
static_assert(sizeof(struct ptdbg_gup) == 168);
static_assert(sizeof(struct ptdbg_sig) == 168);
static_assert(sizeof(struct ptdbg_oops) == 160);
static_assert(sizeof(struct ptdbg_free) == 136);

/*
 * A field whose name in CTF is @as; one with the name of its member; and one of
 * a named type.  The size is said once more than needed, and checked: a host
 * test holds that each field ends where the next one starts.
 */
#define RENAMED(s, member, as, b, bytes) \
	{ .name = as, .offset = offsetof(struct s, member), .size = (bytes), \
	  .base = PTDBG_BASE_ ## b }
#define PLAIN(s, member, b, bytes) \
	{ .name = #member, .offset = offsetof(struct s, member), \
	  .size = (bytes), .base = PTDBG_BASE_ ## b }
#define TYPED(s, member, b, t, bytes) \
	{ .name = #member, .type = t, .offset = offsetof(struct s, member), \
	  .size = (bytes), .base = PTDBG_BASE_ ## b }
#define SEQUENCE(n, len, bytes, b, t) \
	{ .name = n, .type = t, .length = len, .size = (bytes), \
	  .base = PTDBG_BASE_ ## b }

static const struct ptdbg_field packet_header[] = {
	PLAIN(ptdbg_packet, magic, HEX, 4),
	PLAIN(ptdbg_packet, uuid, BYTES, 16),
	PLAIN(ptdbg_packet, stream_id, DEC, 4),
};

static const struct ptdbg_field packet_context[] = {
	RENAMED(ptdbg_packet, ts_begin, "timestamp_begin", TIME, 8),
	RENAMED(ptdbg_packet, ts_end, "timestamp_end", TIME, 8),
	PLAIN(ptdbg_packet, content_size, DEC, 8),
	PLAIN(ptdbg_packet, packet_size, DEC, 8),
	RENAMED(ptdbg_packet, discarded, "events_discarded", DEC, 8),
	RENAMED(ptdbg_packet, seq, "packet_seq_num", DEC, 8),
	RENAMED(ptdbg_packet, cpu, "cpu_id", DEC, 4),
	PLAIN(ptdbg_packet, records, DEC, 4),
	PLAIN(ptdbg_packet, first, DEC, 8),
	PLAIN(ptdbg_packet, lost, DEC, 8),
	PLAIN(ptdbg_packet, sum, HEX, 8),
};

static const struct ptdbg_field event_header[] = {
	RENAMED(ptdbg_record, ts, "timestamp", TIME, 8),
	PLAIN(ptdbg_record, id, DEC, 2),
};

/*
 * The size belongs to the head of a record, and CTF has no field for it: readers
 * warn of one in the event header.
 */
static const struct ptdbg_field event_context[] = {
	PLAIN(ptdbg_record, size, DEC, 2),
	TYPED(ptdbg_record, verdicts, STRUCT, "verdict", 4),
	PLAIN(ptdbg_record, pid, DEC, 4),
	PLAIN(ptdbg_record, tgid, DEC, 4),
	PLAIN(ptdbg_record, comm, TEXT, PTDBG_COMM_LEN),
	PLAIN(ptdbg_record, addr, HEX, 8),
	PLAIN(ptdbg_record, ip, HEX, 8),
};

static const struct ptdbg_field vma[] = {
	PLAIN(ptdbg_vma, start, HEX, 8),
	PLAIN(ptdbg_vma, end, HEX, 8),
	PLAIN(ptdbg_vma, flags, HEX, 8),
	PLAIN(ptdbg_vma, pgoff, HEX, 8),
	PLAIN(ptdbg_vma, ino, DEC, 8),
	PLAIN(ptdbg_vma, dev, HEX, 4),
	TYPED(ptdbg_vma, kind, ENUM, "vmakind", 4),
};

static const struct ptdbg_field page[] = {
	PLAIN(ptdbg_page, pfn, HEX, 8),
	PLAIN(ptdbg_page, flags, HEX, 8),
	PLAIN(ptdbg_page, mapping, HEX, 8),
	PLAIN(ptdbg_page, refcount, SIGNED, 4),
	PLAIN(ptdbg_page, mapcount, SIGNED, 4),
	TYPED(ptdbg_page, where, ENUM, "where", 1),
	TYPED(ptdbg_page, type, ENUM, "ptype", 1),
	PLAIN(ptdbg_page, zone, DEC, 1),
	PLAIN(ptdbg_page, order, DEC, 1),
	PLAIN(ptdbg_page, node, DEC, 1),
	TYPED(ptdbg_page, marks, STRUCT, "mark", 1),
	TYPED(ptdbg_page, mapkind, ENUM, "mapkind", 1),
	PLAIN(ptdbg_page, present, DEC, 1),
};

static const struct ptdbg_field table[] = {
	PLAIN(ptdbg_table, refcount, SIGNED, 4),
	PLAIN(ptdbg_table, mapcount, SIGNED, 4),
	TYPED(ptdbg_table, where, ENUM, "where", 1),
	TYPED(ptdbg_table, type, ENUM, "ptype", 1),
	PLAIN(ptdbg_table, zone, DEC, 1),
	PLAIN(ptdbg_table, node, DEC, 1),
	TYPED(ptdbg_table, marks, STRUCT, "mark", 1),
	PLAIN(ptdbg_table, rule, SIGNED, 1),
	PLAIN(ptdbg_table, reserved, BYTES, 2),
};

static const struct ptdbg_field chain[] = {
	PLAIN(ptdbg_chain, root, HEX, 8),
	PLAIN(ptdbg_chain, before_n, DEC, 1),
	PLAIN(ptdbg_chain, after_n, DEC, 1),
	TYPED(ptdbg_chain, before_stop, ENUM, "stop", 1),
	TYPED(ptdbg_chain, after_stop, ENUM, "stop", 1),
	PLAIN(ptdbg_chain, breach, HEX, 1),
	PLAIN(ptdbg_chain, fresh, HEX, 1),
	PLAIN(ptdbg_chain, made, HEX, 1),
	PLAIN(ptdbg_chain, stacks, DEC, 1),
};

static const struct ptdbg_field stack[] = {
	PLAIN(ptdbg_stack, kernel_n, DEC, 1),
	PLAIN(ptdbg_stack, user_n, DEC, 1),
	TYPED(ptdbg_stack, kernel_end, ENUM, "stackend", 1),
	TYPED(ptdbg_stack, user_end, ENUM, "stackend", 1),
	PLAIN(ptdbg_stack, reserved, HEX, 4),
	PLAIN(ptdbg_stack, link, HEX, 8),
	SEQUENCE("kernel", "kernel_n", 8, HEX, NULL),
	SEQUENCE("user", "user_n", 8, HEX, NULL),
};

static const struct ptdbg_field reg[] = {
	PLAIN(ptdbg_reg, name, TEXT, 8),
	PLAIN(ptdbg_reg, value, HEX, 8),
	PLAIN(ptdbg_reg, pfn, HEX, 8),
	PLAIN(ptdbg_reg, pid, DEC, 4),
	TYPED(ptdbg_reg, kind, ENUM, "regkind", 1),
	TYPED(ptdbg_reg, where, ENUM, "where", 1),
	TYPED(ptdbg_reg, type, ENUM, "ptype", 1),
	PLAIN(ptdbg_reg, reserved, HEX, 1),
	PLAIN(ptdbg_reg, of, TEXT, 24),
};

/*
 * Behind every record: what its chain holds.  Stacks belong to a record and are
 * kept, lost and sorted with it, so they are a part of it and not a record of
 * their own.  CTF 1.8 has no field that may be missing: one that often is, is a
 * sequence of no or one element.
 */
static const struct ptdbg_field entries[] = {
	SEQUENCE("before", "chain.before_n", 8, HEX, NULL),
	SEQUENCE("after", "chain.after_n", 8, HEX, NULL),
	SEQUENCE("table", "chain.after_n", sizeof(struct ptdbg_table), STRUCT,
		 "table"),
	SEQUENCE("stack", "chain.stacks", sizeof(struct ptdbg_stack), STRUCT,
		 "stack"),
};

/* And behind that, for an oops */
static const struct ptdbg_field registers[] = {
	SEQUENCE("reg", "regs", sizeof(struct ptdbg_reg), STRUCT, "reg"),
};

static const struct ptdbg_field fault[] = {
	PLAIN(ptdbg_fault, flags, HEX, 4),
	PLAIN(ptdbg_fault, result, HEX, 4),
	PLAIN(ptdbg_fault, duration, DEC, 4),
	PLAIN(ptdbg_fault, remote, DEC, 4),
	TYPED(ptdbg_fault, vma, STRUCT, "vma", sizeof(struct ptdbg_vma)),
	TYPED(ptdbg_fault, page, STRUCT, "page", sizeof(struct ptdbg_page)),
	TYPED(ptdbg_fault, chain, STRUCT, "chain", sizeof(struct ptdbg_chain)),
};

static const struct ptdbg_field gup[] = {
	PLAIN(ptdbg_gup, flags, HEX, 4),
	PLAIN(ptdbg_gup, remote, DEC, 4),
	TYPED(ptdbg_gup, vma, STRUCT, "vma", sizeof(struct ptdbg_vma)),
	TYPED(ptdbg_gup, page, STRUCT, "page", sizeof(struct ptdbg_page)),
	TYPED(ptdbg_gup, chain, STRUCT, "chain", sizeof(struct ptdbg_chain)),
};

static const struct ptdbg_field sig[] = {
	PLAIN(ptdbg_sig, sig, SIGNED, 4),
	PLAIN(ptdbg_sig, code, SIGNED, 4),
	TYPED(ptdbg_sig, vma, STRUCT, "vma", sizeof(struct ptdbg_vma)),
	TYPED(ptdbg_sig, page, STRUCT, "page", sizeof(struct ptdbg_page)),
	TYPED(ptdbg_sig, chain, STRUCT, "chain", sizeof(struct ptdbg_chain)),
};

static const struct ptdbg_field oops[] = {
	PLAIN(ptdbg_oops, error, HEX, 8),
	TYPED(ptdbg_oops, access, ENUM, "access", 4),
	TYPED(ptdbg_oops, cause_id, ENUM, "cause", 2),
	PLAIN(ptdbg_oops, cause_cpu, DEC, 2),
	PLAIN(ptdbg_oops, cause_level, DEC, 4),
	PLAIN(ptdbg_oops, regs, DEC, 1),
	PLAIN(ptdbg_oops, reserved, BYTES, 3),
	PLAIN(ptdbg_oops, cause_ts, DEC, 8),
	PLAIN(ptdbg_oops, cause_addr, HEX, 8),
	PLAIN(ptdbg_oops, cause_entry, HEX, 8),
	TYPED(ptdbg_oops, page, STRUCT, "page", sizeof(struct ptdbg_page)),
	TYPED(ptdbg_oops, chain, STRUCT, "chain", sizeof(struct ptdbg_chain)),
};

static const struct ptdbg_field freed[] = {
	PLAIN(ptdbg_free, start, HEX, 8),
	PLAIN(ptdbg_free, end, HEX, 8),
	PLAIN(ptdbg_free, level, DEC, 4),
	PLAIN(ptdbg_free, reserved, HEX, 4),
	TYPED(ptdbg_free, page, STRUCT, "page", sizeof(struct ptdbg_page)),
	TYPED(ptdbg_free, chain, STRUCT, "chain", sizeof(struct ptdbg_chain)),
};

const struct ptdbg_fields ptdbg_groups[PTDBG_NR_GROUPS] = {
	[PTDBG_GROUP_PACKET_HEADER] = {
		.name = "packet.header",
		.field = packet_header,
		.nr = ARRAY_SIZE(packet_header),
		.start = 0,
		.end = offsetof(struct ptdbg_packet, ts_begin),
	},
	[PTDBG_GROUP_PACKET_CONTEXT] = {
		.name = "packet.context",
		.field = packet_context,
		.nr = ARRAY_SIZE(packet_context),
		.start = offsetof(struct ptdbg_packet, ts_begin),
		.end = sizeof(struct ptdbg_packet),
	},
	[PTDBG_GROUP_EVENT_HEADER] = {
		.name = "event.header",
		.field = event_header,
		.nr = ARRAY_SIZE(event_header),
		.start = 0,
		.end = offsetof(struct ptdbg_record, size),
	},
	[PTDBG_GROUP_EVENT_CONTEXT] = {
		.name = "event.context",
		.field = event_context,
		.nr = ARRAY_SIZE(event_context),
		.start = offsetof(struct ptdbg_record, size),
		.end = sizeof(struct ptdbg_record),
	},
	[PTDBG_GROUP_VMA] = {
		.name = "vma",
		.field = vma,
		.nr = ARRAY_SIZE(vma),
		.start = 0,
		.end = sizeof(struct ptdbg_vma),
	},
	[PTDBG_GROUP_PAGE] = {
		.name = "page",
		.field = page,
		.nr = ARRAY_SIZE(page),
		.start = 0,
		.end = sizeof(struct ptdbg_page),
	},
	[PTDBG_GROUP_TABLE] = {
		.name = "table",
		.field = table,
		.nr = ARRAY_SIZE(table),
		.start = 0,
		.end = sizeof(struct ptdbg_table),
	},
	[PTDBG_GROUP_CHAIN] = {
		.name = "chain",
		.field = chain,
		.nr = ARRAY_SIZE(chain),
		.start = 0,
		.end = sizeof(struct ptdbg_chain),
	},
	[PTDBG_GROUP_REG] = {
		.name = "reg",
		.field = reg,
		.nr = ARRAY_SIZE(reg),
		.start = 0,
		.end = sizeof(struct ptdbg_reg),
	},
	[PTDBG_GROUP_STACK] = {
		.name = "stack",
		.field = stack,
		.nr = ARRAY_SIZE(stack),
		.start = 0,
		.end = sizeof(struct ptdbg_stack),
	},
	[PTDBG_GROUP_ENTRIES] = {
		.name = "entries",
		.field = entries,
		.nr = ARRAY_SIZE(entries),
		.start = 0,
		.end = 0,
	},
	[PTDBG_GROUP_REGISTERS] = {
		.name = "registers",
		.field = registers,
		.nr = ARRAY_SIZE(registers),
		.start = 0,
		.end = 0,
	},
	[PTDBG_GROUP_FAULT] = {
		.name = "fault",
		.field = fault,
		.nr = ARRAY_SIZE(fault),
		.start = sizeof(struct ptdbg_record),
		.end = sizeof(struct ptdbg_fault),
	},
	[PTDBG_GROUP_GUP] = {
		.name = "gup",
		.field = gup,
		.nr = ARRAY_SIZE(gup),
		.start = sizeof(struct ptdbg_record),
		.end = sizeof(struct ptdbg_gup),
	},
	[PTDBG_GROUP_SIG] = {
		.name = "sig",
		.field = sig,
		.nr = ARRAY_SIZE(sig),
		.start = sizeof(struct ptdbg_record),
		.end = sizeof(struct ptdbg_sig),
	},
	[PTDBG_GROUP_OOPS] = {
		.name = "oops",
		.field = oops,
		.nr = ARRAY_SIZE(oops),
		.start = sizeof(struct ptdbg_record),
		.end = sizeof(struct ptdbg_oops),
	},
	[PTDBG_GROUP_FREE] = {
		.name = "free",
		.field = freed,
		.nr = ARRAY_SIZE(freed),
		.start = sizeof(struct ptdbg_record),
		.end = sizeof(struct ptdbg_free),
	},
};

/* cause_id is a type, or 0 */
static const char *cause_name(unsigned int cause)
{
	return cause ? ptdbg_type_name(cause) : "none";
}

const struct ptdbg_enum ptdbg_enums[PTDBG_NR_ENUMS] = {
	{ "verdict", ptdbg_verdict_name, 0, PTDBG_NR_VERDICTS, true, 4 },
	{ "stop", ptdbg_stop_name, 0, PTDBG_NR_STOPS, false, 1 },
	{ "where", ptdbg_where_name, 0, PTDBG_NR_WHERE, false, 1 },
	{ "mark", ptdbg_mark_name, 0, PTDBG_NR_MARKS, true, 1 },
	{ "ptype", ptdbg_ptype_name, 0, PTDBG_NR_PTYPES, false, 1 },
	{ "mapkind", ptdbg_mapkind_name, 0, PTDBG_NR_MAPKINDS, false, 1 },
	{ "vmakind", ptdbg_vmakind_name, 0, PTDBG_NR_VMAKINDS, false, 4 },
	{ "stackend", ptdbg_stackend_name, 0, PTDBG_NR_STACKENDS, false, 1 },
	{ "regkind", ptdbg_regkind_name, 0, PTDBG_NR_REGKINDS, false, 1 },
	{ "access", ptdbg_access_name, 0, PTDBG_NR_ACCESSES, false, 4 },
	{ "cause", cause_name, 0, PTDBG_OOPS + 1, false, 2 },
};
