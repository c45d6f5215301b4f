// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collects the picture of a recording while it is read once, from the first
 * record to the last.
 *
 * Nothing of it grows with the recording: when time goes on, pieces of it are
 * put together in pairs; when there are more records to keep than places, every
 * table page keeps half as many.
 */
#include <stdlib.h>

#include "picture.h"
#include "say.h"

/* VM_FAULT_ OOM, SIGBUS, HWPOISON, HWPOISON_LARGE, SIGSEGV */
#define RESULT_FAILED	0x73
#define RESULT_RETRY	0x400

/* A piece of time at the beginning: 1 us */
#define SHIFT_MIN	10

bool picture_begin(struct picture *p, const struct ptdbg_mode *m)
{
	memset(p, 0, sizeof(*p));
	p->mode = m;
	p->keep = PICTURE_KEEP;
	p->shift = SHIFT_MIN;
	p->spare = calloc(PICTURE_RECORDS, sizeof(*p->spare));
	if (!p->spare)
		say("no memory for a picture");
	return p->spare;
}

void picture_end(struct picture *p)
{
	size_t i;

	for (i = 0; i < p->tables.used; i++) {
		free(p->mark[i].kept);
		free(p->mark[i].line);
	}
	free(p->mark);
	free(p->tables.t);
	free(p->slot);
	free(p->spare);
}

static enum picture_class class_of(const struct ptdbg_record *r)
{
	const struct ptdbg_fault *f = (const void *)r;

	if (r->verdicts)
		return PICTURE_VERDICT;
	if (r->id == PTDBG_SIG || r->id == PTDBG_OOPS)
		return PICTURE_FAILED;
	if (r->id != PTDBG_FAULT)
		return PICTURE_OTHER;
	/* PTDBG_RESULT_DIED is one of the bits as well */
	if (f->result & (RESULT_FAILED | PTDBG_RESULT_DIED))
		return PICTURE_FAILED;
	return f->result & RESULT_RETRY ? PICTURE_RETRIED : PICTURE_FINE;
}

/* Bits 2i and 2i + 1 become bit i. */
static void halve(struct picture_bins *b)
{
	struct picture_bins half = { };
	unsigned int i;

	for (i = 0; i < PICTURE_BINS; i++) {
		if (b->word[i / 64] >> i % 64 & 1)
			half.word[i / 128] |= 1ULL << i / 2 % 64;
	}
	*b = half;
}

/* Pieces of time that are twice as long. */
static void slow_down(struct picture *p)
{
	unsigned int i, c;
	size_t t;

	for (i = 0; i < PICTURE_BINS; i++) {
		for (c = 0; c < PICTURE_CLASSES; c++) {
			u64 n = i < PICTURE_BINS / 2 ?
				p->bin[2 * i][c] + p->bin[2 * i + 1][c] : 0;

			p->bin[i][c] = n;
		}
	}
	for (t = 0; t < p->tables.used; t++) {
		halve(&p->mark[t].used);
		halve(&p->mark[t].fresh);
		halve(&p->mark[t].freed);
	}
	p->shift++;
}

static unsigned int bin_of(struct picture *p, u64 ts)
{
	if (!p->records)
		p->start = ts;
	/* a damaged recording may go back in time */
	if (ts < p->start)
		return 0;
	while ((ts - p->start) >> p->shift >= PICTURE_BINS)
		slow_down(p);
	return (ts - p->start) >> p->shift;
}

static void set_bin(struct picture_bins *b, unsigned int bin)
{
	b->word[bin / 64] |= 1ULL << bin % 64;
}

/* Keep no more than p->keep records of a table page: the first, the newest. */
static void trim(struct picture *p, struct picture_mark *mark)
{
	u32 first = p->keep > 1, i, drop, slot;

	if (mark->nr_kept <= p->keep)
		return;
	drop = mark->nr_kept - p->keep;
	for (i = first; i < first + drop; i++) {
		slot = mark->kept[i];
		if (!--p->slot[slot].users)
			p->spare[p->nr_spare++] = slot;
	}
	memmove(mark->kept + first, mark->kept + first + drop,
		(mark->nr_kept - first - drop) * sizeof(*mark->kept));
	mark->nr_kept -= drop;
}

/* More places in p->slot, as long as there may be. */
static bool make_slots(struct picture *p)
{
	u32 n = p->nr_slots ? 2 * p->nr_slots : 1024;
	struct picture_record *more;

	if (n > PICTURE_RECORDS)
		n = PICTURE_RECORDS;
	more = realloc(p->slot, n * sizeof(*more));
	if (!more)
		return false;
	p->slot = more;
	while (p->nr_slots < n) {
		p->slot[p->nr_slots].users = 0;
		p->spare[p->nr_spare++] = p->nr_slots++;
	}
	return true;
}

/* Copy a record into a free place, where no table page uses it yet. */
static bool copy_record(struct picture *p, const struct event *e, u32 *slot)
{
	const struct ptdbg_view *v = &e->v;
	struct picture_record *copy;
	struct ptdbg_chain *chain;
	size_t bytes, t;

	if (!p->nr_spare && p->nr_slots < PICTURE_RECORDS && !make_slots(p))
		return false;
	while (!p->nr_spare) {
		p->keep /= 2;
		for (t = 0; t < p->tables.used; t++)
			trim(p, &p->mark[t]);
	}
	*slot = p->spare[p->nr_spare - 1];
	copy = &p->slot[*slot];
	/* stacks, and what a newer ptdbg has put behind the chain, stay away */
	bytes = (const char *)(v->table + v->chain->after_n) - (const char *)v->r;
	memcpy(copy->bytes, v->r, bytes);
	copy->r.size = bytes;
	chain = (void *)(copy->bytes + ((const char *)v->chain - (const char *)v->r));
	chain->stacks = 0;
	copy->order = p->records;
	copy->cpu = e->cpu;
	copy->class = class_of(v->r);
	copy->users = 0;
	return true;
}

static bool keep_record(struct picture *p, struct picture_mark *mark, u32 slot)
{
	u32 room, *more;

	if (mark->nr_kept == mark->room) {
		room = mark->room ? 2 * mark->room : 4;
		more = realloc(mark->kept, room * sizeof(*more));
		if (!more)
			return false;
		mark->kept = more;
		mark->room = room;
	}
	/* the record at hand leaves the free places with its first user */
	if (!p->slot[slot].users++)
		p->nr_spare--;
	mark->kept[mark->nr_kept++] = slot;
	mark->order = p->records;
	return true;
}

static void note(struct picture_moment *m, const struct event *e, bool made)
{
	const struct ptdbg_record *r = e->v.r;
	const struct ptdbg_free *f = (const void *)r;

	m->ts = r->ts;
	m->addr = r->id == PTDBG_FREE ? f->start : r->addr;
	m->end = r->id == PTDBG_FREE ? f->end : 0;
	m->cpu = e->cpu;
	m->pid = r->pid;
	memcpy(m->comm, r->comm, sizeof(m->comm));
	m->made = made;
}

/*
 * The table page, made if it may be; *full: it has no room.
 * Return: false: no memory.
 */
static bool get_table(struct picture *p, u64 pfn, unsigned int level,
		      struct table **t)
{
	struct picture_mark *more;
	size_t room;

	*t = tables_find(&p->tables, pfn, level);
	if (*t || p->closed || p->tables.used == PICTURE_TABLES)
		return true;
	if (p->tables.used == p->room) {
		room = p->room ? 2 * p->room : 256;
		more = realloc(p->mark, room * sizeof(*more));
		if (!more)
			return false;
		p->mark = more;
		p->room = room;
	}
	/* before it counts as used */
	memset(&p->mark[p->tables.used], 0, sizeof(*p->mark));
	*t = tables_get(&p->tables, pfn, level);
	return *t;
}

static bool add_chain(struct picture *p, const struct event *e, unsigned int bin,
		      u32 slot)
{
	const struct ptdbg_chain *c = e->v.chain;
	u64 pfn[PTDBG_MAX_LEVELS];
	unsigned int n = tables_of(p->mode, &e->v, pfn), i;
	struct picture_mark *mark;
	struct table *t;

	for (i = 0; i < n; i++) {
		if (!get_table(p, pfn[i], i, &t))
			return false;
		if (!t) {
			p->more_tables++;
			p->more_breaches += c->breach >> i & 1;
			continue;
		}
		mark = &p->mark[t->nr];
		tables_count(t, &e->v);
		set_bin(&mark->used, bin);
		if (c->fresh >> i & 1) {
			set_bin(&mark->fresh, bin);
			note(&mark->reborn, e, c->made >> i & 1);
			if (!mark->born.ts)
				mark->born = mark->reborn;
		}
		if (!keep_record(p, mark, slot))
			return false;
		trim(p, mark);
	}
	return true;
}

/* The table page that is given back: at the level where it was last seen. */
static bool find_freed(struct picture *p, const struct ptdbg_free *f,
		       struct table **t)
{
	struct table *other;
	unsigned int i;

	if (f->level < p->mode->levels)
		return get_table(p, f->page.pfn, f->level, t);
	*t = NULL;
	for (i = 0; i <= p->mode->levels; i++) {
		other = tables_find(&p->tables, f->page.pfn, i);
		if (other && (!*t || p->mark[other->nr].order > p->mark[(*t)->nr].order))
			*t = other;
	}
	/* a level that is none: it was not told */
	return *t || get_table(p, f->page.pfn, p->mode->levels, t);
}

static bool add_free(struct picture *p, const struct event *e, unsigned int bin,
		     u32 slot)
{
	const struct ptdbg_free *f = (const void *)e->v.r;
	const struct ptdbg_page *page = e->v.page;
	struct picture_mark *mark;
	struct table *t;

	if (!find_freed(p, f, &t))
		return false;
	if (!t) {
		p->more_frees++;
		return true;
	}
	mark = &p->mark[t->nr];
	if (!t->seen)
		t->at = (struct ptdbg_table){
			.refcount = page->refcount, .mapcount = page->mapcount,
			.where = page->where, .type = page->type, .zone = page->zone,
			.node = page->node, .marks = page->marks,
		};
	mark->frees++;
	set_bin(&mark->freed, bin);
	note(&mark->gone, e, false);
	if (!keep_record(p, mark, slot))
		return false;
	trim(p, mark);
	return true;
}

bool picture_add(struct picture *p, const struct event *e)
{
	unsigned int bin;
	u32 slot;

	if (!e->known)
		return true;
	bin = bin_of(p, e->v.r->ts);
	p->records++;
	p->bin[bin][class_of(e->v.r)]++;
	if (!copy_record(p, e, &slot))
		return false;
	if (e->v.r->id == PTDBG_FREE)
		return add_free(p, e, bin, slot);
	return add_chain(p, e, bin, slot);
}

/*
 * "PTE pfn 88420 DMA32 RAM table node 0 used 3/512 va 0-1fffff region "no rule"",
 * and " !region" behind it for a breach: put_page_line() in the module.
 */
bool picture_add_line(struct picture *p, const struct ptdbg_trace *trace,
		      const char *line)
{
	char level[8], zone[32];
	struct table *t;
	unsigned int i;
	u64 pfn;

	if (sscanf(line, "%7s pfn %llx %31s", level, &pfn, zone) != 3)
		return true;
	for (i = 0; i < p->mode->levels; i++) {
		if (!strcmp(level, ptdbg_level_name(p->mode, i)))
			break;
	}
	if (i == p->mode->levels)
		return true;
	if (!get_table(p, pfn, i, &t))
		return false;
	if (!t) {
		p->more_tables++;
		p->more_breaches += !!strstr(line, " !region");
		return true;
	}
	t->breaches += !!strstr(line, " !region");
	t->at.zone = PTDBG_MAX_ZONES;
	for (i = 0; i < PTDBG_MAX_ZONES; i++) {
		if (!strcmp(zone, ptdbg_zone_name(trace, i))) {
			t->at.zone = i;
			t->at.where = PTDBG_WHERE_RAM;
		}
	}
	free(p->mark[t->nr].line);
	p->mark[t->nr].line = strdup(line);
	return p->mark[t->nr].line;
}
