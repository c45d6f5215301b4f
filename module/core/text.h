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

/*
 * Append as printf() does, of which there is: %s %c %d %u %x, ll before the last
 * three, and a width for numbers, filled with blanks or, with 0 before it, zeros.
 */
#ifdef __printf	/* the kernel, and the host tests */
__printf(2, 3)
#endif
void ptdbg_put(struct ptdbg_text *t, const char *fmt, ...);

#endif /* PTDBG_CORE_TEXT_H */
