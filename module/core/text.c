// SPDX-License-Identifier: GPL-2.0-only
/*
 * Appending to a bounded buffer.
 *
 * With a formatter of its own: it does the few conversions that the core needs,
 * the same in the kernel and on a host, in half the time of a libc's printf(),
 * where most of the time of a report went.
 */
#include "text.h"

/* What is still free: up to, not including, the place for the terminator. */
struct room {
	char *at;
	char *end;
};

static void put_char(struct room *r, char c)
{
	if (r->at < r->end)
		*r->at++ = c;
}

static void put_string(struct room *r, const char *s)
{
	while (*s && r->at < r->end)
		*r->at++ = *s++;
}

/**
 * struct spec - a conversion
 * @zero: filled up with zeros, not blanks
 * @width: characters at least
 * @wide: long long
 */
struct spec {
	bool zero;
	unsigned int width;
	bool wide;
};

static void put_number(struct room *r, const struct spec *s, u64 value,
		       bool hex, bool minus)
{
	unsigned int n = 0, width = s->width;
	char digits[24];

	if (hex) {
		do {
			digits[n++] = "0123456789abcdef"[value & 15];
			value >>= 4;
		} while (value);
	} else {
		do {
			digits[n++] = '0' + value % 10;
			value /= 10;
		} while (value);
	}
	if (minus && s->zero) {
		put_char(r, '-');
		width -= !!width;
	} else if (minus) {
		digits[n++] = '-';
	}
	for (; width > n; width--)
		put_char(r, s->zero ? '0' : ' ');
	while (n)
		put_char(r, digits[--n]);
}

/* Flags, width and length; returns the place of the letter. */
static const char *read_spec(const char *fmt, struct spec *s)
{
	s->width = 0;
	s->wide = false;
	s->zero = *fmt == '0';
	for (; *fmt >= '0' && *fmt <= '9'; fmt++)
		s->width = 10 * s->width + *fmt - '0';
	if (fmt[0] == 'l' && fmt[1] == 'l') {
		s->wide = true;
		fmt += 2;
	}
	return fmt;
}

void ptdbg_put(struct ptdbg_text *t, const char *fmt, ...)
{
	struct room r = { t->buf + t->len, t->buf + t->size - 1 };
	struct spec s;
	va_list args;
	s64 number;

	va_start(args, fmt);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			put_char(&r, *fmt);
			continue;
		}
		fmt = read_spec(fmt + 1, &s);
		switch (*fmt) {
		case 's':
			put_string(&r, va_arg(args, const char *));
			break;
		case 'c':
			put_char(&r, va_arg(args, int));
			break;
		case 'd':
			number = s.wide ? va_arg(args, s64) : va_arg(args, int);
			put_number(&r, &s, number < 0 ? -(u64)number : (u64)number,
				   false, number < 0);
			break;
		case 'u':
		case 'x':
			put_number(&r, &s, s.wide ? va_arg(args, u64)
						  : va_arg(args, unsigned int),
				   *fmt == 'x', false);
			break;
		default:
			/* "%%"; text.h says what there is */
			put_char(&r, *fmt);
		}
		if (!*fmt)
			break;
	}
	va_end(args);
	*r.at = '\0';
	t->len = r.at - t->buf;
}
