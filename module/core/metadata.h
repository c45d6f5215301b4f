/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CTF 1.8 metadata (TSDL) of a trace, made from one table of fields.
 */
#ifndef PTDBG_CORE_METADATA_H
#define PTDBG_CORE_METADATA_H

#include "format.h"

/* Enough for every trace. */
#define PTDBG_METADATA_MAX	32768

/* First bytes of the metadata in memory: CTF 1.8.3, section 7.1 */
#define PTDBG_METADATA_MAGIC	0x75d11d57U

/**
 * struct ptdbg_metadata_packet - the metadata as it lies in memory
 * @magic: PTDBG_METADATA_MAGIC
 * @uuid: of the trace
 * @checksum: 0; the last line of the text has one
 * @content_size: bits of all up to the end of the text
 * @packet_size: the same
 * @compression: 0: none, as for the next two
 * @encryption: 0
 * @checksum_scheme: 0
 * @major: 1
 * @minor: 8
 * @text: what ptdbg_metadata() wrote
 */
struct ptdbg_metadata_packet {
	u32 magic;
	u8 uuid[16];
	u32 checksum;
	u32 content_size;
	u32 packet_size;
	u8 compression;
	u8 encryption;
	u8 checksum_scheme;
	u8 major;
	u8 minor;
	char text[PTDBG_METADATA_MAX];
};

/* The last line: the sum (sum.h) of all before it */
#define PTDBG_METADATA_SUM	"/* sum %016llx */"

/**
 * ptdbg_metadata() - write the metadata of a trace
 * @t: trace; goes into the environment block
 * @uuid: of the trace
 * @clock_offset: nanoseconds to add to a time stamp to get nanoseconds since
 *	the Epoch
 * @buf: for the text, always terminated
 * @size: bytes in @buf
 *
 * The environment, from which a reader makes a struct ptdbg_trace again:
 * tracer_version, ptdbg_abi, kernel_release, architecture, paging_mode, levels,
 * va_bits, page_shift, lpa2, level_names/_shifts/_bits ("30 21 12"),
 * struct_page_size, vmemmap, direct_map, direct_map_phys (hexadecimal text),
 * areas ("first-last:class" with commas), ram_pfns ("80000-bffff ..."),
 * struct_page_members ("8:compound_head", offset in hexadecimal), zones,
 * page_flags, foll_flags ("0:DMA32", index in decimal), ring_packets.
 *
 * Return: characters written; when it is @size - 1, the text was cut.
 */
size_t ptdbg_metadata(const struct ptdbg_trace *t, const u8 uuid[16],
		      u64 clock_offset, char *buf, size_t size);

#endif /* PTDBG_CORE_METADATA_H */
