/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The metadata of a trace, read back: the reverse of module/core/metadata.c.
 */
#ifndef PTDBG_META_H
#define PTDBG_META_H

#include "core/format.h"
#include "core/metadata.h"

#define META_MAX_ENV	64

/**
 * struct meta - what the metadata says
 * @trace: the kernel that recorded; its names point into @text
 * @uuid: of the trace
 * @clock_offset: nanoseconds to add to a time stamp to get those since the Epoch
 * @text: the metadata, cut up by the parser; NUL terminated
 * @env: the environment: keys and values, without quotes and escapes
 * @nr_env: in use
 */
struct meta {
	struct ptdbg_trace trace;
	u8 uuid[16];
	u64 clock_offset;
	char text[PTDBG_METADATA_MAX];
	struct {
		const char *key;
		const char *value;
	} env[META_MAX_ENV];
	unsigned int nr_env;
};

/**
 * meta_parse() - understand a metadata
 * @m: m->text is set, and NUL terminated; the rest is the result
 * @bytes: of the text
 *
 * Return: NULL, or half a sentence that says why it can't be read: "it is
 * damaged", "it was recorded by ...".
 */
const char *meta_parse(struct meta *m, size_t bytes);

#endif /* PTDBG_META_H */
