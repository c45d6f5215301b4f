// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every field of packets and records, once.  The CTF metadata is made from
 * these tables; the host tests hold them against the structs of the ABI.
 */
#include "fields.h"
#include "format.h"

/* The ABI: what has been recorded must stay readable. */
static_assert(sizeof(struct ptdbg_packet) == 80);
static_assert(sizeof(struct ptdbg_record) == 56);
static_assert(sizeof(struct ptdbg_vma) == 48);
static_assert(sizeof(struct ptdbg_page) == 40);
static_assert(sizeof(struct ptdbg_table) == 4);
static_assert(sizeof(struct ptdbg_chain) == 16);
static_assert(sizeof(struct ptdbg_fault) == 176);
static_assert(sizeof(struct ptdbg_gup) == 168);
static_assert(sizeof(struct ptdbg_sig) == 168);
static_assert(sizeof(struct ptdbg_oops) == 160);

#define SIZE(s, member)		sizeof(((struct s *)NULL)->member)
#define OFFSET_END(s, member)	(offsetof(struct s, member) + SIZE(s, member))

/* A field whose name in CTF is @as; as a number, and as a named type */
#define RENAMED(s, member, as, b) \
	{ .name = as, .offset = offsetof(struct s, member), \
	  .size = SIZE(s, member), .base = PTDBG_BASE_ ## b }
#define PLAIN(s, member, b)	RENAMED(s, member, #member, b)
#define TYPED(s, member, b, t) \
	{ .name = #member, .type = t, .offset = offsetof(struct s, member), \
	  .size = SIZE(s, member), .base = PTDBG_BASE_ ## b }
#define SEQUENCE(n, len, bytes, b, t) \
	{ .name = n, .type = t, .length = len, .size = bytes, \
	  .base = PTDBG_BASE_ ## b }

static const struct ptdbg_field packet_header[] = {
	PLAIN(ptdbg_packet, magic, HEX),
	PLAIN(ptdbg_packet, uuid, BYTES),
	PLAIN(ptdbg_packet, stream_id, DEC),
};

static const struct ptdbg_field packet_context[] = {
	RENAMED(ptdbg_packet, ts_begin, "timestamp_begin", TIME),
	RENAMED(ptdbg_packet, ts_end, "timestamp_end", TIME),
	PLAIN(ptdbg_packet, content_size, DEC),
	PLAIN(ptdbg_packet, packet_size, DEC),
	RENAMED(ptdbg_packet, discarded, "events_discarded", DEC),
	RENAMED(ptdbg_packet, seq, "packet_seq_num", DEC),
	RENAMED(ptdbg_packet, cpu, "cpu_id", DEC),
	PLAIN(ptdbg_packet, records, DEC),
};

static const struct ptdbg_field event_header[] = {
	PLAIN(ptdbg_record, id, DEC),
	PLAIN(ptdbg_record, size, DEC),
	TYPED(ptdbg_record, verdicts, ENUM, "verdict"),
	RENAMED(ptdbg_record, ts, "timestamp", TIME),
};

static const struct ptdbg_field event_context[] = {
	PLAIN(ptdbg_record, pid, DEC),
	PLAIN(ptdbg_record, tgid, DEC),
	PLAIN(ptdbg_record, comm, TEXT),
	PLAIN(ptdbg_record, addr, HEX),
	PLAIN(ptdbg_record, ip, HEX),
};

static const struct ptdbg_field vma[] = {
	PLAIN(ptdbg_vma, start, HEX),
	PLAIN(ptdbg_vma, end, HEX),
	PLAIN(ptdbg_vma, flags, HEX),
	PLAIN(ptdbg_vma, pgoff, HEX),
	PLAIN(ptdbg_vma, ino, DEC),
	PLAIN(ptdbg_vma, dev, HEX),
	TYPED(ptdbg_vma, kind, ENUM, "vmakind"),
};

static const struct ptdbg_field page[] = {
	PLAIN(ptdbg_page, pfn, HEX),
	PLAIN(ptdbg_page, flags, HEX),
	PLAIN(ptdbg_page, mapping, HEX),
	PLAIN(ptdbg_page, refcount, SIGNED),
	PLAIN(ptdbg_page, mapcount, SIGNED),
	TYPED(ptdbg_page, where, ENUM, "where"),
	TYPED(ptdbg_page, type, ENUM, "ptype"),
	PLAIN(ptdbg_page, zone, DEC),
	PLAIN(ptdbg_page, order, DEC),
	PLAIN(ptdbg_page, node, DEC),
	TYPED(ptdbg_page, mapkind, ENUM, "mapkind"),
	PLAIN(ptdbg_page, present, DEC),
};

static const struct ptdbg_field table[] = {
	TYPED(ptdbg_table, where, ENUM, "where"),
	TYPED(ptdbg_table, type, ENUM, "ptype"),
	PLAIN(ptdbg_table, zone, DEC),
	PLAIN(ptdbg_table, node, DEC),
};

static const struct ptdbg_field chain[] = {
	PLAIN(ptdbg_chain, root, HEX),
	PLAIN(ptdbg_chain, before_n, DEC),
	PLAIN(ptdbg_chain, after_n, DEC),
	TYPED(ptdbg_chain, before_stop, ENUM, "stop"),
	TYPED(ptdbg_chain, after_stop, ENUM, "stop"),
	PLAIN(ptdbg_chain, reserved, HEX),
};

/* What every record ends with */
#define PAGE_AND_CHAIN(s) \
	TYPED(s, page, STRUCT, "page"), \
	TYPED(s, chain, STRUCT, "chain"), \
	SEQUENCE("before", "chain.before_n", 8, HEX, NULL), \
	SEQUENCE("after", "chain.after_n", 8, HEX, NULL), \
	SEQUENCE("table", "chain.after_n", sizeof(struct ptdbg_table), \
		 STRUCT, "table")

static const struct ptdbg_field fault[] = {
	PLAIN(ptdbg_fault, flags, HEX),
	PLAIN(ptdbg_fault, result, HEX),
	PLAIN(ptdbg_fault, duration, DEC),
	PLAIN(ptdbg_fault, remote, DEC),
	TYPED(ptdbg_fault, vma, STRUCT, "vma"),
	PAGE_AND_CHAIN(ptdbg_fault),
};

static const struct ptdbg_field gup[] = {
	PLAIN(ptdbg_gup, flags, HEX),
	PLAIN(ptdbg_gup, remote, DEC),
	TYPED(ptdbg_gup, vma, STRUCT, "vma"),
	PAGE_AND_CHAIN(ptdbg_gup),
};

static const struct ptdbg_field sig[] = {
	PLAIN(ptdbg_sig, sig, SIGNED),
	PLAIN(ptdbg_sig, code, SIGNED),
	TYPED(ptdbg_sig, vma, STRUCT, "vma"),
	PAGE_AND_CHAIN(ptdbg_sig),
};

static const struct ptdbg_field oops[] = {
	PLAIN(ptdbg_oops, error, HEX),
	TYPED(ptdbg_oops, access, ENUM, "access"),
	TYPED(ptdbg_oops, cause_id, ENUM, "cause"),
	PLAIN(ptdbg_oops, cause_cpu, DEC),
	PLAIN(ptdbg_oops, cause_level, DEC),
	PLAIN(ptdbg_oops, reserved, HEX),
	PLAIN(ptdbg_oops, cause_ts, DEC),
	PLAIN(ptdbg_oops, cause_addr, HEX),
	PLAIN(ptdbg_oops, cause_entry, HEX),
	PAGE_AND_CHAIN(ptdbg_oops),
};

#define GROUP(n, fields, from, to) \
	{ .name = n, .field = fields, .nr = ARRAY_SIZE(fields), \
	  .start = from, .end = to }

const struct ptdbg_fields ptdbg_groups[PTDBG_NR_GROUPS] = {
	[PTDBG_GROUP_PACKET_HEADER] =
		GROUP("packet.header", packet_header, 0,
		      offsetof(struct ptdbg_packet, ts_begin)),
	[PTDBG_GROUP_PACKET_CONTEXT] =
		GROUP("packet.context", packet_context,
		      offsetof(struct ptdbg_packet, ts_begin),
		      sizeof(struct ptdbg_packet)),
	[PTDBG_GROUP_EVENT_HEADER] =
		GROUP("event.header", event_header, 0,
		      offsetof(struct ptdbg_record, pid)),
	[PTDBG_GROUP_EVENT_CONTEXT] =
		GROUP("event.context", event_context,
		      offsetof(struct ptdbg_record, pid),
		      sizeof(struct ptdbg_record)),
	[PTDBG_GROUP_VMA] =
		GROUP("vma", vma, 0, sizeof(struct ptdbg_vma)),
	[PTDBG_GROUP_PAGE] =
		GROUP("page", page, 0, sizeof(struct ptdbg_page)),
	[PTDBG_GROUP_TABLE] =
		GROUP("table", table, 0, sizeof(struct ptdbg_table)),
	[PTDBG_GROUP_CHAIN] =
		GROUP("chain", chain, 0, sizeof(struct ptdbg_chain)),
	[PTDBG_GROUP_FAULT] =
		GROUP("fault", fault, sizeof(struct ptdbg_record),
		      sizeof(struct ptdbg_fault)),
	[PTDBG_GROUP_GUP] =
		GROUP("gup", gup, sizeof(struct ptdbg_record),
		      sizeof(struct ptdbg_gup)),
	[PTDBG_GROUP_SIG] =
		GROUP("sig", sig, sizeof(struct ptdbg_record),
		      sizeof(struct ptdbg_sig)),
	[PTDBG_GROUP_OOPS] =
		GROUP("oops", oops, sizeof(struct ptdbg_record),
		      sizeof(struct ptdbg_oops)),
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
	{ "ptype", ptdbg_ptype_name, 0, PTDBG_NR_PTYPES, false, 1 },
	{ "mapkind", ptdbg_mapkind_name, 0, PTDBG_NR_MAPKINDS, false, 1 },
	{ "vmakind", ptdbg_vmakind_name, 0, PTDBG_NR_VMAKINDS, false, 4 },
	{ "access", ptdbg_access_name, 0, PTDBG_NR_ACCESSES, false, 4 },
	{ "cause", cause_name, 0, PTDBG_OOPS + 1, false, 2 },
};
