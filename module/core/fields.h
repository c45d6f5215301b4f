/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fields of packets and records, as data: what the metadata is made from, and
 * the JSON of the reader.
 */
#ifndef PTDBG_CORE_FIELDS_H
#define PTDBG_CORE_FIELDS_H

#include "env.h"

/**
 * enum ptdbg_base - how a field is shown
 * @PTDBG_BASE_DEC: unsigned number
 * @PTDBG_BASE_HEX: unsigned number, in hexadecimal
 * @PTDBG_BASE_SIGNED: signed number
 * @PTDBG_BASE_TIME: nanoseconds of the clock of the trace
 * @PTDBG_BASE_BYTES: array of bytes
 * @PTDBG_BASE_TEXT: array of characters, NUL padded
 * @PTDBG_BASE_ENUM: one of enum @type
 * @PTDBG_BASE_STRUCT: a struct @type
 */
enum ptdbg_base {
	PTDBG_BASE_DEC,
	PTDBG_BASE_HEX,
	PTDBG_BASE_SIGNED,
	PTDBG_BASE_TIME,
	PTDBG_BASE_BYTES,
	PTDBG_BASE_TEXT,
	PTDBG_BASE_ENUM,
	PTDBG_BASE_STRUCT,
};

/**
 * struct ptdbg_field - a field
 * @name: in the trace; the name of the member but where CTF has a name for it
 * @offset: in the C struct
 * @size: in bytes
 * @base: enum ptdbg_base
 * @type: of an enumeration or a struct: its name
 * @length: of a sequence: the field that holds the number of elements, each of
 *	@size bytes, and of a struct with sequences, those behind them; @offset is
 *	then 0
 */
struct ptdbg_field {
	const char *name;
	const char *type;
	const char *length;
	u16 offset;
	u8 size;
	u8 base;
};

/**
 * struct ptdbg_fields - fields that follow each other without a gap
 * @name: of the group: a struct of the trace, or an event
 * @field: the fields
 * @nr: in use
 * @start: offset of the first one in the C struct
 * @end: offset behind the last one that is no sequence
 */
struct ptdbg_fields {
	const char *name;
	const struct ptdbg_field *field;
	u16 nr;
	u16 start;
	u16 end;
};

/* Groups, in the order in which the metadata needs them. */
enum ptdbg_group {
	PTDBG_GROUP_PACKET_HEADER,
	PTDBG_GROUP_PACKET_CONTEXT,
	PTDBG_GROUP_EVENT_HEADER,
	PTDBG_GROUP_EVENT_CONTEXT,
	PTDBG_GROUP_VMA,
	PTDBG_GROUP_PAGE,
	PTDBG_GROUP_TABLE,
	PTDBG_GROUP_CHAIN,
	PTDBG_GROUP_REG,
	PTDBG_GROUP_STACK,
	PTDBG_GROUP_ENTRIES,	/* at the end of every event */
	PTDBG_GROUP_REGISTERS,	/* behind these, of an oops */
	PTDBG_GROUP_FAULT,
	PTDBG_GROUP_GUP,
	PTDBG_GROUP_SIG,
	PTDBG_GROUP_OOPS,
	PTDBG_GROUP_FREE,
	PTDBG_NR_GROUPS
};

extern const struct ptdbg_fields ptdbg_groups[PTDBG_NR_GROUPS];

/**
 * struct ptdbg_enum - an enumeration of the trace
 * @type: its name in struct ptdbg_field
 * @name: name of a value
 * @first: lowest value
 * @end: behind the highest value
 * @flags: values are bit numbers: a field is a struct of bits, not an enum
 * @size: bytes of a field that holds it
 */
struct ptdbg_enum {
	const char *type;
	const char *(*name)(unsigned int value);
	u16 first;
	u16 end;
	bool flags;
	u8 size;
};

#define PTDBG_NR_ENUMS	11

extern const struct ptdbg_enum ptdbg_enums[PTDBG_NR_ENUMS];

#endif /* PTDBG_CORE_FIELDS_H */
