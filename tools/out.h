/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output in large pieces, and numbers without printf(): with a million lines,
 * that is where the time goes.
 */
#ifndef PTDBG_OUT_H
#define PTDBG_OUT_H

#include <stdatomic.h>

#include "core/env.h"

#define OUT_BYTES	(256 * 1024)

/**
 * struct out - a buffer before standard output
 * @len: bytes in @buf
 * @failed: writing failed, and it was said
 * @buf: what is not written yet
 */
struct out {
	size_t len;
	bool failed;
	char buf[OUT_BYTES];
};

extern struct out out;

/* A signal has asked for the end: a write that blocks gives up. */
extern atomic_bool out_stop;

/* Return: true, or false when standard output takes no more. */
bool out_flush(void);

/* Room for @bytes, OUT_BYTES at most; what is written there counts with out.len. */
static inline char *out_room(size_t bytes)
{
	if (out.len + bytes > OUT_BYTES)
		out_flush();
	return out.buf + out.len;
}

void out_bytes(const void *from, size_t bytes);

/* Each appends at @p and returns the place behind; there must be room. */
char *put_dec(char *p, u64 value);		/* up to 20 characters */
char *put_dec_pad(char *p, u64 value, unsigned int width, char pad);
char *put_hex(char *p, u64 value);		/* up to 16 characters */

static inline char *put_text(char *p, const char *text)
{
	size_t n = strlen(text);

	memcpy(p, text, n);
	return p + n;
}

#endif /* PTDBG_OUT_H */
