/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzzers share.  A fuzzer is a file fuzz_NAME.c: it takes one input
 * apart with the functions below, hands the parts to the code under test, and
 * holds what comes back against what must be true of any input.
 */
#ifndef PTDBG_FUZZ_H
#define PTDBG_FUZZ_H

#include <stdlib.h>

#include "core/env.h"

/* libFuzzer calls it. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/**
 * struct input - what is left of an input
 * @at: the next byte
 * @left: bytes from there on
 */
struct input {
	const u8 *at;
	size_t left;
};

/* A number of @bytes bytes, little endian; zeros follow the input. */
static inline u64 take(struct input *in, unsigned int bytes)
{
	u64 value = 0;
	unsigned int i;

	for (i = 0; i < bytes && in->left; i++, in->left--)
		value |= (u64)*in->at++ << 8 * i;
	return value;
}

/* @size bytes; zeros follow the input. */
static inline void take_bytes(struct input *in, void *to, size_t size)
{
	size_t n = size < in->left ? size : in->left;

	memset(to, 0, size);
	memcpy(to, in->at, n);
	in->at += n;
	in->left -= n;
}

/* The rest of the input, as text: NUL terminated, for free(). */
static inline char *take_text(struct input *in)
{
	char *text = malloc(in->left + 1);

	if (!text)
		abort();
	memcpy(text, in->at, in->left);
	text[in->left] = '\0';
	in->left = 0;
	return text;
}

/* What must be true of any input. */
#define must(what) do {							\
	if (!(what)) {							\
		fprintf(stderr, "%s:%d: not true: %s\n", __FILE__,	\
			__LINE__, #what);				\
		abort();						\
	}								\
} while (0)

/* Is it of one or more lines that a terminal takes? */
static inline bool printable(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] != '\n' && (text[i] < ' ' || text[i] > '~'))
			return false;
	}
	return strlen(text) == len;
}

#endif /* PTDBG_FUZZ_H */
