// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of a kernel log, freed from prefixes and wrapping.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "logline.h"

/* Where "kernel: " of syslog is looked for: behind a date and a host name */
#define SYSLOG_COLUMN	120

/* "[    7.457457]", "[  T123]", "[C0]", "[Sat Nov 21 07:46:10 2026]": not an address */
static const char *strip_bracket(const char *p)
{
	const char *end = strchr(p, ']');
	bool point = false, digit = false;
	const char *c;

	if (!end || end - p > 44)
		return NULL;
	c = p + 1 + strspn(p + 1, " ");
	if ((*c == 'T' || *c == 'C') && isdigit((unsigned char)c[1]) &&
	    c + 1 + strspn(c + 1, "0123456789") == end)
		return end + 1;
	for (; c < end; c++) {
		if (!isalnum((unsigned char)*c) && !strchr(" .:-+,", *c))
			return NULL;
		point |= *c == '.' || *c == ':';
		digit |= isdigit((unsigned char)*c);
	}
	return point && digit ? end + 1 : NULL;
}

/* "6,1234,98765,-;": as /dev/kmsg has it */
static const char *strip_kmsg(const char *p)
{
	const char *end = p + strspn(p, "0123456789,");

	if (end == p || end[-1] != ',' || (*end != '-' && *end != 'c'))
		return NULL;
	return strchr(end, ';') ? strchr(end, ';') + 1 : NULL;
}

/* "<4>" */
static const char *strip_level(const char *p)
{
	const char *end = p + 1 + strspn(p + 1, "0123456789");

	return end > p + 1 && *end == '>' ? end + 1 : NULL;
}

/*
 * Pass over what stands before the kernel's own text; @prefixed: that was a
 * timestamp, a level or a name, not just blanks.
 */
static const char *strip(const char *line, bool *prefixed)
{
	const char *p = line, *to;

	*prefixed = false;
	to = strstr(p, "kernel: ");
	if (to && to > p && to - p < SYSLOG_COLUMN && to[-1] == ' ') {
		*prefixed = true;
		p = to + 8;
	}
	for (;;) {
		/* quoted in a mail */
		p += strspn(p, " \t>|");
		to = *p == '[' ? strip_bracket(p) :
		     *p == '<' ? strip_level(p) : strip_kmsg(p);
		if (!to)
			return p;
		*prefixed = true;
		p = to;
	}
}

bool log_read(struct log *l, FILE *from)
{
	size_t size = 0, got;
	char *more;

	memset(l, 0, sizeof(*l));
	l->next = 1;
	do {
		if (l->len == size) {
			size = size ? size * 2 : 65536;
			more = realloc(l->text, size);
			if (!more)
				return false;
			l->text = more;
		}
		got = fread(l->text + l->len, 1, size - l->len, from);
		l->len += got;
	} while (got && l->len < LOG_MAX);
	if (l->len >= LOG_MAX)
		l->cut = fgetc(from) != EOF;
	return !ferror(from);
}

void log_free(struct log *l)
{
	free(l->text);
	l->text = NULL;
}

/* The physical line at @at, without its end; its full length is returned */
static size_t physical(const struct log *l, size_t at, char *to, size_t size)
{
	const char *from = l->text + at;
	const char *end = memchr(from, '\n', l->len - at);
	size_t len = end ? (size_t)(end - from) : l->len - at;
	size_t i, n = len;

	if (n && from[n - 1] == '\r')
		n--;
	if (n >= size)
		n = size - 1;
	for (i = 0; i < n; i++)
		to[i] = from[i] == '\t' ? ' ' :
			isprint((unsigned char)from[i]) ? from[i] : '?';
	to[n] = '\0';
	return len;
}

/*
 * A log with timestamps shows by the lines without one where it was wrapped: a
 * terminal does it at the same column always, a mail program does not.
 */
static void survey(struct log *l)
{
	unsigned int seen[LOGLINE_MAX] = { 0 };
	unsigned int i, wraps = 0;
	char line[LOGLINE_MAX];
	size_t at, len, before = 0;
	bool prefixed;

	for (at = 0; at < l->len; at += len + 1, before = len) {
		len = physical(l, at, line, sizeof(line));
		if (len > l->longest)
			l->longest = len;
		if (!*strip(line, &prefixed))
			continue;
		l->prefixed |= prefixed;
		if (prefixed || !l->prefixed || before >= LOGLINE_MAX)
			continue;
		seen[before]++;
		wraps++;
	}
	for (i = 1; i < LOGLINE_MAX; i++)
		if (seen[i] > 1 && seen[i] > seen[l->width])
			l->width = i;
	if (seen[l->width] * 2 < wraps)
		l->width = 0;
}

static size_t hex_run_back(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && isxdigit((unsigned char)s[n - 1 - i]))
		i++;
	return i;
}

/*
 * A terminal wraps in the middle of a word, at its last column; mail programs
 * and people wrap at blanks, which they drop.
 */
static bool in_a_word(const struct log *l, size_t len, const char *more)
{
	size_t n = strlen(l->line);
	size_t tail = hex_run_back(l->line, n);
	size_t head = strspn(more, "0123456789abcdefABCDEF");

	if (tail && tail < 16 && head && tail + head == 16)
		return true;
	if (tail + head > 16 || tail == 16)
		return false;
	return len >= 72 && (len == l->longest || len == l->width);
}

/* Does the line ask for the next: "RAX:", or a number that is cut? */
static bool asks_for_more(const char *line, const char *more)
{
	size_t n = strlen(line);
	size_t tail = hex_run_back(line, n);
	size_t head = strspn(more, "0123456789abcdef");

	if (!head || isalnum((unsigned char)more[head]))
		return false;
	if (n && line[n - 1] == ':' && head == 16)
		return true;
	return tail >= 4 && tail < 16 && tail + head == 16 && tail < n &&
	       line[n - tail - 1] == ' ';
}

static void append(struct log *l, size_t len, const char *more, bool blank)
{
	size_t n = strlen(l->line);

	if ((blank || !in_a_word(l, len, more)) && n + 1 < sizeof(l->line))
		l->line[n++] = ' ';
	snprintf(l->line + n, sizeof(l->line) - n, "%s", more);
}

/* The line before it is cut off, and comes once more: kernel/printk/nbcon.c */
static bool says_replay(const char *text)
{
	static const char says[] = "** replaying previous printk message **";

	return !strncmp(text, says, sizeof(says) - 1);
}

static bool replayed(struct log *l)
{
	char more[LOGLINE_MAX];
	bool prefixed;
	size_t len;

	if (l->at >= l->len)
		return false;
	len = physical(l, l->at, more, sizeof(more));
	if (!says_replay(strip(more, &prefixed)))
		return false;
	l->at += len + 1;
	l->next++;
	return true;
}

static void take_line(struct log *l, unsigned int *number)
{
	char more[LOGLINE_MAX];
	bool prefixed, first;
	const char *text;
	size_t len, next;

	*number = l->next++;
	len = physical(l, l->at, more, sizeof(more));
	l->at += len + 1;
	text = strip(more, &first);
	memcpy(l->line, text, strlen(text) + 1);
	while (l->at < l->len) {
		next = physical(l, l->at, more, sizeof(more));
		text = strip(more, &prefixed);
		if (prefixed || !*text || says_replay(text))
			break;
		/* in a log with timestamps, a line without one goes on */
		if (l->prefixed ? !first : !asks_for_more(l->line, text))
			break;
		if (strlen(l->line) + strlen(text) + 2 > sizeof(l->line))
			break;
		append(l, len, text, *more == ' ');
		len = next;
		l->at += next + 1;
		l->next++;
	}
}

const char *log_line(struct log *l, unsigned int *number)
{
	if (!l->longest)
		survey(l);
	while (l->at < l->len) {
		take_line(l, number);
		if (!replayed(l))
			return l->line;
	}
	return NULL;
}
