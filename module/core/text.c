// SPDX-License-Identifier: GPL-2.0-only
/*
 * Appending to a bounded buffer.
 */
#include "text.h"

void ptdbg_put(struct ptdbg_text *t, const char *fmt, ...)
{
	size_t room = t->size - t->len;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->buf + t->len, room, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	/* What was cut does not count: libc and kernel return the full length */
	if ((size_t)n >= room)
		n = room - 1;
	t->len += n;
}
