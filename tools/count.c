// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts records.  A record costs the same however many lines there are: the
 * lines of a table are found by a hash of their keys.
 */
#include <stdlib.h>
#include <string.h>

#include "core/sum.h"
#include "count.h"

/* Bits of ptdbg_vma.flags */
#define VM_READ		1
#define VM_WRITE	2
#define VM_EXEC		4
#define VM_SHARED	8

/* Above this many lines, a tick forgets down to half of all places. */
#define COUNT_CROWDED	(COUNT_MAX - COUNT_MAX / 4)

static void count_event(struct count_line *l, const struct event *e)
{
	const struct ptdbg_fault *f = (const void *)e->v.r;

	l->records++;
	l->bad += !!e->v.r->verdicts;
	if (!e->known)
		return;
	l->fresh += __builtin_popcount(e->v.chain->fresh);
	if (e->v.r->id != PTDBG_FAULT)
		return;
	l->faults++;
	l->ns += f->duration;
	if (f->duration > l->max)
		l->max = f->duration;
}

static void count_fault(struct count_sum *s, const struct ptdbg_fault *f)
{
	u32 left = f->result;

	s->took[f->duration ? 32 - __builtin_clz(f->duration) : 0]++;
	if (!left)
		s->result[COUNT_OK]++;
	for (; left; left &= left - 1)
		s->result[__builtin_ctz(left)]++;
}

static void count_in(struct count_sum *s, const struct event *e)
{
	count_event(&s->total, e);
	count_event(&s->now, e);
	if (e->known && e->v.r->id == PTDBG_FAULT)
		count_fault(s, (const void *)e->v.r);
}

static void add_line(struct count_line *to, const struct count_line *l)
{
	to->records += l->records;
	to->faults += l->faults;
	to->ns += l->ns;
	to->max = to->max > l->max ? to->max : l->max;
	to->fresh += l->fresh;
	to->bad += l->bad;
}

void count_add(struct count_sum *to, const struct count_sum *s)
{
	unsigned int i;

	add_line(&to->total, &s->total);
	add_line(&to->now, &s->now);
	for (i = 0; i < COUNT_BUCKETS; i++)
		to->took[i] += s->took[i];
	for (i = 0; i <= COUNT_OK; i++)
		to->result[i] += s->result[i];
}

/* Where the key is in t->slot, or would be. */
static u16 *find_slot(struct count_table *t, const struct count_key *key)
{
	const unsigned int mask = ARRAY_SIZE(t->slot) - 1;
	u64 sum = ptdbg_sum(PTDBG_SUM_START, key, sizeof(*key));
	unsigned int i = (sum ^ sum >> 32) & mask;

	/* half of the places are free, so there is an end */
	while (t->slot[i] &&
	       memcmp(&t->entry[t->slot[i] - 1].key, key, sizeof(*key)))
		i = (i + 1) & mask;
	return &t->slot[i];
}

/* The line of the key, made if need be; NULL: there is no place. */
static struct count_entry *find_entry(struct count_table *t,
				      const struct count_key *key)
{
	u16 *slot = find_slot(t, key);
	struct count_entry *entry;

	if (*slot)
		return &t->entry[*slot - 1];
	if (t->nr == COUNT_MAX)
		return NULL;
	entry = &t->entry[t->nr++];
	*slot = t->nr;
	memset(entry, 0, sizeof(*entry));
	entry->key = *key;
	return entry;
}

static void count_entry(struct count *c, struct count_table *t,
			const struct count_key *key, const struct event *e)
{
	struct count_entry *entry = find_entry(t, key);
	const struct ptdbg_record *r = e->v.r;

	if (!entry) {
		count_in(&t->others, e);
		return;
	}
	if (!*entry->comm || r->pid == r->tgid)
		ptdbg_comm(r->comm, entry->comm);
	if (key->vma) {
		entry->first = e->v.vma->start;
		entry->end = e->v.vma->end;
		entry->flags = e->v.vma->flags;
	}
	entry->seen = c->interval;
	count_in(&entry->sum, e);
}

static void count_vma(struct count *c, const struct event *e)
{
	const struct ptdbg_vma *v = e->v.vma;
	struct count_key key = { .tgid = e->v.r->tgid, .vma = 1 };

	key.kind = v->kind;
	key.at = v->kind == PTDBG_VMA_STACK ? v->end : v->start;
	key.ino = v->ino;
	key.dev = v->dev;
	count_entry(c, &c->vma, &key, e);
}

void count_record(struct count *c, const struct event *e)
{
	const struct ptdbg_record *r = e->v.r;
	struct count_key key = { .tgid = r->tgid };
	unsigned int kind, level;
	u32 left;

	if (!c->all.total.records || r->ts < c->first)
		c->first = r->ts;
	if (r->ts > c->last)
		c->last = r->ts;
	count_in(&c->all, e);
	count_entry(c, &c->process, &key, e);
	for (left = r->verdicts; left; left &= left - 1)
		c->verdict[__builtin_ctz(left)]++;
	if (!e->known)
		return;
	kind = e->v.vma ? e->v.vma->kind : PTDBG_VMA_NONE;
	count_in(&c->kind[kind < PTDBG_NR_VMAKINDS ? kind : PTDBG_NR_VMAKINDS], e);
	if (kind != PTDBG_VMA_NONE)
		count_vma(c, e);
	level = e->v.chain->after_n;
	count_in(&c->level[level ? level - 1 : PTDBG_MAX_LEVELS], e);
}

static int by_seen(const void *a, const void *b)
{
	const struct count_entry *x = a, *y = b;

	return x->seen > y->seen ? -1 : x->seen < y->seen;
}

static void tick_table(struct count_table *t)
{
	unsigned int i;

	if (t->nr > COUNT_CROWDED) {
		qsort(t->entry, t->nr, sizeof(*t->entry), by_seen);
		while (t->nr > COUNT_MAX / 2)
			count_add(&t->others, &t->entry[--t->nr].sum);
		memset(t->slot, 0, sizeof(t->slot));
		for (i = 0; i < t->nr; i++)
			*find_slot(t, &t->entry[i].key) = i + 1;
	}
	for (i = 0; i < t->nr; i++)
		memset(&t->entry[i].sum.now, 0, sizeof(t->entry[i].sum.now));
	memset(&t->others.now, 0, sizeof(t->others.now));
}

void count_tick(struct count *c)
{
	unsigned int i;

	c->interval++;
	memset(&c->all.now, 0, sizeof(c->all.now));
	for (i = 0; i < ARRAY_SIZE(c->kind); i++)
		memset(&c->kind[i].now, 0, sizeof(c->kind[i].now));
	for (i = 0; i < ARRAY_SIZE(c->level); i++)
		memset(&c->level[i].now, 0, sizeof(c->level[i].now));
	tick_table(&c->process);
	tick_table(&c->vma);
}

static void reset_table(struct count_table *t)
{
	memset(t, 0, offsetof(struct count_table, entry));
}

void count_reset(struct count *c)
{
	memset(c, 0, offsetof(struct count, process));
	reset_table(&c->process);
	reset_table(&c->vma);
}

static void copy_table(struct count_table *to, const struct count_table *from)
{
	to->nr = from->nr;
	to->others = from->others;
	memcpy(to->entry, from->entry, from->nr * sizeof(*from->entry));
}

void count_copy(struct count *to, const struct count *from)
{
	memcpy(to, from, offsetof(struct count, process));
	copy_table(&to->process, &from->process);
	copy_table(&to->vma, &from->vma);
}

static u64 rate(const struct count_sum *s)
{
	return s->now.records;
}

static u64 total(const struct count_sum *s)
{
	return s->total.records;
}

static u64 latency(const struct count_sum *s)
{
	return count_mean(&s->total);
}

static u64 longest(const struct count_sum *s)
{
	return s->total.max;
}

static u64 fresh(const struct count_sum *s)
{
	return s->total.fresh;
}

static u64 bad(const struct count_sum *s)
{
	return s->total.bad;
}

/* What is equal is in the order of total, then of keys, so that lines stay put. */
static int compare(const void *a, const void *b, void *data)
{
	u64 (*value)(const struct count_sum *s) = *(void **)data;
	const struct count_entry *x = a, *y = b;
	u64 v = value(&x->sum), w = value(&y->sum);

	if (v != w)
		return v > w ? -1 : 1;
	if (total(&x->sum) != total(&y->sum))
		return total(&x->sum) > total(&y->sum) ? -1 : 1;
	if (x->key.tgid != y->key.tgid)
		return x->key.tgid < y->key.tgid ? -1 : 1;
	return x->key.at < y->key.at ? -1 : x->key.at > y->key.at;
}

void count_sort(struct count_table *t, enum count_sort by)
{
	static u64 (*const value[COUNT_NR_SORTS])(const struct count_sum *s) = {
		[COUNT_BY_RATE] = rate,
		[COUNT_BY_TOTAL] = total,
		[COUNT_BY_LATENCY] = latency,
		[COUNT_BY_MAX] = longest,
		[COUNT_BY_FRESH] = fresh,
		[COUNT_BY_BAD] = bad,
	};

	qsort_r(t->entry, t->nr, sizeof(*t->entry), compare, (void *)&value[by]);
}

/* What is mapped: a file by its name, if that is known, else by its number. */
static const char *mapped(const struct count_entry *entry, struct names *names,
			  bool brief, char *buf)
{
	const struct count_key *k = &entry->key;
	const char *file = NULL, *slash;

	if (k->kind != PTDBG_VMA_FILE)
		return ptdbg_vmakind_name(k->kind);
	file = names_file(names, k->tgid, k->dev, k->ino, entry->first,
			  entry->end, buf);
	if (!file) {
		snprintf(buf, NAMES_MAX, "file %u:%u/%llu", k->dev >> 20,
			 k->dev & 0xfffff, k->ino);
		return buf;
	}
	slash = strrchr(file, '/');
	return brief && slash && slash[1] ? slash + 1 : file;
}

void count_name(const struct count_entry *entry, struct names *names, bool brief,
		char *buf)
{
	const struct count_key *k = &entry->key;
	char file[NAMES_MAX];

	if (!k->vma)
		snprintf(buf, COUNT_NAME_MAX, "%s/%u", entry->comm, k->tgid);
	else
		snprintf(buf, COUNT_NAME_MAX, "%s/%u %s %c%c%c%c %llx-%llx",
			 entry->comm, k->tgid,
			 mapped(entry, names, brief, file),
			 entry->flags & VM_READ ? 'r' : '-',
			 entry->flags & VM_WRITE ? 'w' : '-',
			 entry->flags & VM_EXEC ? 'x' : '-',
			 entry->flags & VM_SHARED ? 's' : 'p',
			 entry->first, entry->end);
}
