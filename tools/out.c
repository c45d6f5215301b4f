// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output in large pieces.
 */
#include <errno.h>
#include <unistd.h>

#include "out.h"
#include "say.h"

struct out out;
atomic_bool out_stop;

static void write_all(const char *at, size_t left)
{
	ssize_t n;

	while (left && !out.failed) {
		n = write(STDOUT_FILENO, at, left);
		if (n < 0 && errno == EINTR && !out_stop)
			continue;
		if (n < 0) {
			if (errno != EINTR)
				say("standard output: %s", strerror(errno));
			out.failed = true;
			return;
		}
		at += n;
		left -= n;
	}
}

bool out_flush(void)
{
	write_all(out.buf, out.len);
	out.len = 0;
	return !out.failed;
}

void out_bytes(const void *from, size_t bytes)
{
	if (bytes > OUT_BYTES) {
		out_flush();
		write_all(from, bytes);
		return;
	}
	memcpy(out_room(bytes), from, bytes);
	out.len += bytes;
}

char *put_dec_pad(char *p, u64 value, unsigned int width, char pad)
{
	char digits[20];
	unsigned int n = 0;

	do {
		digits[n++] = '0' + value % 10;
		value /= 10;
	} while (value);
	while (width > n) {
		*p++ = pad;
		width--;
	}
	while (n)
		*p++ = digits[--n];
	return p;
}

char *put_dec(char *p, u64 value)
{
	return put_dec_pad(p, value, 0, ' ');
}

char *put_hex(char *p, u64 value)
{
	unsigned int shift = value ? (63 - __builtin_clzll(value)) & ~3U : 0;

	for (;; shift -= 4) {
		*p++ = "0123456789abcdef"[value >> shift & 15];
		if (!shift)
			return p;
	}
}
