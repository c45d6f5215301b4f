// SPDX-License-Identifier: GPL-2.0-only
/*
 * Symbols of the kernel.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ksyms.h"
#include "number.h"

static int by_addr(const void *a, const void *b)
{
	const struct ksym *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* "ADDRESS NAME" or, as in kallsyms, "ADDRESS T NAME"; addresses of 0 are hidden */
static bool parse_line(char *line, struct ksym *s)
{
	const char *at;

	if (!parse_number(line, 16, ~0ULL, &at, &s->addr) || !s->addr ||
	    *at++ != ' ')
		return false;
	if (at[0] && at[1] == ' ')
		at += 2;
	s->name = at;
	return *at;
}

struct ksyms *ksyms_parse(char *text)
{
	struct ksyms *k = calloc(1, sizeof(*k));
	char *rest = text, *line;
	size_t room = 0;
	struct ksym *more;

	if (!k) {
		free(text);
		return NULL;
	}
	k->text = text;
	while ((line = strsep(&rest, "\n"))) {
		if (k->nr == room) {
			room = room ? 2 * room : 1024;
			more = realloc(k->sym, room * sizeof(*more));
			if (!more)
				break;
			k->sym = more;
		}
		k->sym[k->nr].order = k->nr;
		if (parse_line(line, &k->sym[k->nr]))
			k->nr++;
	}
	if (k->nr)
		qsort(k->sym, k->nr, sizeof(*k->sym), by_addr);
	return k;
}

struct ksyms *ksyms_load(const char *path)
{
	size_t have = 0, room = 0;
	char *text = NULL, *more;
	FILE *file;
	size_t n;

	file = fopen(path, "re");
	if (!file)
		return NULL;
	do {
		if (room - have < 65536) {
			room = room ? 2 * room : 1024 * 1024;
			more = realloc(text, room);
			if (!more)
				break;
			text = more;
		}
		n = fread(text + have, 1, 65536 - 1, file);
		have += n;
	} while (n);
	fclose(file);
	if (!text)
		return NULL;
	text[have] = '\0';
	return ksyms_parse(text);
}

void ksyms_free(struct ksyms *k)
{
	if (!k)
		return;
	free(k->sym);
	free(k->text);
	free(k);
}

const struct ksym *ksyms_find(const struct ksyms *k, u64 addr)
{
	size_t low = 0, high = k->nr, mid;

	/* the first one behind @addr */
	while (low < high) {
		mid = low + (high - low) / 2;
		if (k->sym[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return NULL;
	low--;
	while (low && k->sym[low - 1].addr == k->sym[low].addr)
		low--;
	return &k->sym[low];
}

u64 ksyms_end(const struct ksyms *k, const struct ksym *s)
{
	const struct ksym *end = k->sym + k->nr, *next;

	for (next = s + 1; next < end; next++) {
		if (next->addr != s->addr)
			return next->addr;
	}
	return 0;
}

/* Name of @addr by the symbol that @in is in. */
static bool name_in(const struct ksyms *k, u64 in, u64 addr, char *buf,
		    size_t size)
{
	const struct ksym *s = ksyms_find(k, in);
	int n;

	if (!s || !strcmp(s->name, "-"))
		return false;
	n = strcspn(s->name, "\t ");
	snprintf(buf, size, "%.*s+0x%llx%s%s", n, s->name, addr - s->addr,
		 s->name[n] ? " " : "", s->name[n] ? s->name + n + 1 : "");
	return true;
}

bool ksyms_name(const struct ksyms *k, u64 addr, char *buf, size_t size)
{
	return name_in(k, addr, addr, buf, size);
}

bool ksyms_caller(const struct ksyms *k, u64 addr, char *buf, size_t size)
{
	return name_in(k, addr - 1, addr, buf, size);
}
