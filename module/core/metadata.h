/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CTF 1.8 metadata (TSDL) of a trace, made from one table of fields.
 */
#ifndef PTDBG_CORE_METADATA_H
#define PTDBG_CORE_METADATA_H

#include "format.h"

/* Enough for every trace. */
#define PTDBG_METADATA_MAX	32768

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
 * page_flags, foll_flags ("0:DMA32", index in decimal).
 *
 * Return: characters written; when it is @size - 1, the text was cut.
 */
size_t ptdbg_metadata(const struct ptdbg_trace *t, const u8 uuid[16],
		      u64 clock_offset, char *buf, size_t size);

#endif /* PTDBG_CORE_METADATA_H */
