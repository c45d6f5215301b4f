/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CTF 1.8 metadata (TSDL) of a trace, made from one table of fields.
 */
#ifndef PTDBG_CORE_METADATA_H
#define PTDBG_CORE_METADATA_H

#include "format.h"

/* Enough for every trace. */
#define PTDBG_METADATA_MAX	32768

/**
 * ptdbg_metadata() - write the metadata of a trace
 * @t: trace; goes into the environment block
 * @uuid: of the trace
 * @clock_offset: nanoseconds to add to a time stamp to get nanoseconds since
 *	the Epoch
 * @buf: for the text, always terminated
 * @size: bytes in @buf
 *
 * Return: characters written; when it is @size - 1, the text was cut.
 */
size_t ptdbg_metadata(const struct ptdbg_trace *t, const u8 uuid[16],
		      u64 clock_offset, char *buf, size_t size);

#endif /* PTDBG_CORE_METADATA_H */
