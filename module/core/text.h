/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bounded buffer that text is appended to.
 */
#ifndef PTDBG_CORE_TEXT_H
#define PTDBG_CORE_TEXT_H

#include "env.h"

/**
 * struct ptdbg_text - text in the making
 * @buf: always terminated
 * @size: bytes in @buf, at least 1
 * @len: characters so far; never above @size - 1: what does not fit is cut
 */
struct ptdbg_text {
	char *buf;
	size_t size;
	size_t len;
};

static inline void ptdbg_text_init(struct ptdbg_text *t, char *buf, size_t size)
{
	t->buf = buf;
	t->size = size;
	t->len = 0;
	buf[0] = '\0';
}

/* Append as printf() does; conversions that kernel and libc share only. */
#ifdef __printf	/* the kernel, and the host tests */
__printf(2, 3)
#endif
void ptdbg_put(struct ptdbg_text *t, const char *fmt, ...);

#endif /* PTDBG_CORE_TEXT_H */
