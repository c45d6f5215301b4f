// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collects the table pages of chains, by pfn and level: a page that was a PTE
 * table and later a PMD table is two of them.
 */
#include <stdlib.h>

#include "core/entry.h"
#include "tables.h"

static size_t place_of(const struct tables *s, u64 pfn, unsigned int level)
{
	size_t i = (pfn * PTDBG_MAX_LEVELS + level) * 0x9e3779b97f4a7c15ULL >> 20;

	for (i %= s->places; s->t[i].there; i = (i + 1) % s->places) {
		if (s->t[i].pfn == pfn && s->t[i].level == level)
			break;
	}
	return i;
}

static bool grow(struct tables *s)
{
	struct tables more = { .places = s->places ? 2 * s->places : 4096 };
	size_t i;

	more.t = calloc(more.places, sizeof(*more.t));
	if (!more.t)
		return false;
	for (i = 0; i < s->places; i++) {
		if (s->t[i].there)
			more.t[place_of(&more, s->t[i].pfn, s->t[i].level)] = s->t[i];
	}
	more.used = s->used;
	free(s->t);
	*s = more;
	return true;
}

struct table *tables_find(const struct tables *s, u64 pfn, unsigned int level)
{
	struct table *t;

	if (!s->places)
		return NULL;
	t = &s->t[place_of(s, pfn, level)];
	return t->there ? t : NULL;
}

struct table *tables_get(struct tables *s, u64 pfn, unsigned int level)
{
	struct table *t;

	if (2 * s->used >= s->places && !grow(s))
		return NULL;
	t = &s->t[place_of(s, pfn, level)];
	if (!t->there) {
		t->there = true;
		t->pfn = pfn;
		t->level = level;
		t->nr = s->used++;
	}
	return t;
}

void tables_count(struct table *t, const struct ptdbg_view *v)
{
	t->seen++;
	t->fresh += v->chain->fresh >> t->level & 1;
	t->breaches += v->chain->breach >> t->level & 1;
	t->at = v->table[t->level];
}

static int by_place(const void *a, const void *b)
{
	const struct table *x = a, *y = b;

	if (!x->there || !y->there)
		return !x->there - !y->there;
	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	return x->pfn < y->pfn ? -1 : x->pfn > y->pfn;
}

void tables_sort(struct tables *s)
{
	if (s->used)
		qsort(s->t, s->places, sizeof(*s->t), by_place);
}

unsigned int tables_of(const struct ptdbg_mode *m, const struct ptdbg_view *v,
		       u64 pfn[PTDBG_MAX_LEVELS])
{
	u64 next = v->chain->root >> m->page_shift;
	struct ptdbg_entry e;
	unsigned int i;

	for (i = 0; i < v->chain->after_n && i < m->levels; i++) {
		pfn[i] = next;
		ptdbg_entry_decode(m, i, v->after[i], &e);
		next = e.pfn;
	}
	return i;
}
