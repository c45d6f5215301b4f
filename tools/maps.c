// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of an address space there may be several looks, as its mappings came.  A look
 * is for one address space: where the next one of the same process was there
 * before the look ended, the look may show that, and is not used.
 */
#include <stdlib.h>

#include "maps.h"
#include "number.h"

/**
 * struct look - the mappings of a process as they were
 * @tgid: the process
 * @order: place in the note
 * @root: address space
 * @since: time of the record that was the reason
 * @until: when it ended
 * @epoch: looks of a process in a row with one @root have the same
 * @start: time of the first record in @epoch
 * @mapping: its first one, in the table
 * @nr: number of mappings
 * @sound: it is to be used
 */
struct look {
	u32 tgid;
	u32 order;
	u64 root;
	u64 since;
	u64 until;
	u32 epoch;
	u64 start;
	size_t mapping;
	size_t nr;
	bool sound;
};

struct maps {
	char *text;
	struct look *look;		/* by tgid and order */
	size_t nr_looks;
	struct mapping *mapping;	/* as in the note */
	size_t nr_mappings;
};

/* "START-END PERM OFFSET MAJOR:MINOR INO   /PATH" */
bool mapping_parse(const char *line, struct mapping *m)
{
	u64 major, minor;
	const char *at;

	memset(m, 0, sizeof(*m));
	if (!parse_range(line, &at, &m->first, &m->end) || m->end <= m->first ||
	    strlen(at) < 7 || *at != ' ' || at[5] != ' ')
		return false;
	m->exec = at[3] == 'x';
	if (!parse_number(at + 6, 16, ~0ULL, &at, &m->offset) || *at++ != ' ' ||
	    !parse_number(at, 16, 0xfff, &at, &major) || *at++ != ':' ||
	    !parse_number(at, 16, 0xfffff, &at, &minor) || *at++ != ' ' ||
	    !parse_number(at, 10, ~0ULL, &at, &m->ino) || *at != ' ')
		return false;
	m->dev = major << 20 | minor;
	m->file = at + strspn(at, " ");
	return *m->file == '/';
}

/* "pid N root ADDRESS since NS until NS" */
static bool parse_look(const char *at, struct look *l)
{
	u64 tgid;

	if (!parse_number(at, 10, 0x7fffffff, &at, &tgid) ||
	    strncmp(at, " root ", 6) ||
	    !parse_number(at + 6, 16, ~0ULL, &at, &l->root) ||
	    strncmp(at, " since ", 7) ||
	    !parse_number(at + 7, 10, ~0ULL, &at, &l->since) ||
	    strncmp(at, " until ", 7) ||
	    !parse_number(at + 7, 10, ~0ULL, NULL, &l->until))
		return false;
	l->tgid = tgid;
	return true;
}

/* Room for one more in a table that doubles. */
static bool room(void **table, size_t nr, size_t size)
{
	void *more;

	if (nr & (nr - 1) || (nr && nr < 64))
		return true;
	more = realloc(*table, (nr ? 2 * nr : 64) * size);
	if (more)
		*table = more;
	return more;
}

/* False: there is no memory. */
static bool add_line(struct maps *m, char *line)
{
	struct look *l = m->nr_looks ? &m->look[m->nr_looks - 1] : NULL;

	if (!strncmp(line, "pid ", 4)) {
		if (!room((void **)&m->look, m->nr_looks, sizeof(*l)))
			return false;
		l = &m->look[m->nr_looks];
		memset(l, 0, sizeof(*l));
		/* one that can't be read is of nobody */
		l->sound = parse_look(line + 4, l);
		l->order = m->nr_looks++;
		l->mapping = m->nr_mappings;
		return true;
	}
	if (!l)
		return true;
	if (!strncmp(line, "build ", 6)) {
		if (l->nr)
			m->mapping[m->nr_mappings - 1].build = line + 6;
		return true;
	}
	if (!room((void **)&m->mapping, m->nr_mappings, sizeof(*m->mapping)))
		return false;
	if (!mapping_parse(line, &m->mapping[m->nr_mappings]))
		return true;
	/* they are found by halves */
	if (l->nr && m->mapping[m->nr_mappings].first <
	    m->mapping[m->nr_mappings - 1].end)
		l->sound = false;
	m->nr_mappings++;
	l->nr++;
	return true;
}

static int by_task(const void *a, const void *b)
{
	const struct look *x = a, *y = b;

	if (x->tgid != y->tgid)
		return x->tgid < y->tgid ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Tell the address spaces of each process apart. */
static void find_epochs(struct maps *m)
{
	struct look *l = m->look;
	u64 next = ~0ULL;
	size_t i;

	for (i = 0; i < m->nr_looks; i++) {
		l[i].epoch = i;
		l[i].start = l[i].since;
		if (i && l[i].tgid == l[i - 1].tgid &&
		    l[i].root == l[i - 1].root) {
			l[i].epoch = l[i - 1].epoch;
			l[i].start = l[i - 1].start;
		}
	}
	for (i = m->nr_looks; i--;) {
		if (i + 1 == m->nr_looks || l[i].tgid != l[i + 1].tgid)
			next = ~0ULL;
		else if (l[i].epoch != l[i + 1].epoch)
			next = l[i + 1].start;
		if (l[i].until >= ~0ULL - MAPS_DOUBT_NS ||
		    l[i].until + MAPS_DOUBT_NS >= next)
			l[i].sound = false;
	}
}

struct maps *maps_parse(char *text)
{
	struct maps *m = calloc(1, sizeof(*m));
	char *rest = text, *line;

	if (!m) {
		free(text);
		return NULL;
	}
	m->text = text;
	while ((line = strsep(&rest, "\n"))) {
		if (!add_line(m, line))
			break;
	}
	if (m->nr_looks)
		qsort(m->look, m->nr_looks, sizeof(*m->look), by_task);
	find_epochs(m);
	return m;
}

void maps_free(struct maps *m)
{
	if (!m)
		return;
	free(m->mapping);
	free(m->look);
	free(m->text);
	free(m);
}

/* The first look at a process, or where it would be */
static struct look *find_process(struct maps *m, u32 tgid)
{
	size_t low = 0, high = m->nr_looks, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (m->look[mid].tgid < tgid)
			low = mid + 1;
		else
			high = mid;
	}
	return m->look + low;
}

/*
 * The looks of an address space that was there at a time: of those with that
 * root the last that had begun, or the first: a record that was read late.
 * Return: the first one; @end: behind the last.
 */
static struct look *find_looks(struct maps *m, const struct place *p,
			       struct look **end)
{
	struct look *stop, *found = NULL, *l;

	if (!m->nr_looks)
		return NULL;
	stop = m->look + m->nr_looks;
	for (l = find_process(m, p->tgid); l < stop && l->tgid == p->tgid; l++) {
		if (l->root == p->root && (!found || l->start <= p->ts) &&
		    (!found || found->epoch != l->epoch))
			found = l;
	}
	for (l = found; found && l < stop && l->tgid == found->tgid &&
	     l->epoch == found->epoch; l++)
		*end = l + 1;
	return found;
}

static struct mapping *in_look(struct maps *m, const struct look *l, u64 addr)
{
	size_t low = 0, high = l->nr, mid;
	struct mapping *at;

	if (!l->sound || !l->nr)
		return NULL;
	at = m->mapping + l->mapping;
	/* the first that ends behind it */
	while (low < high) {
		mid = low + (high - low) / 2;
		if (at[mid].end <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low < l->nr && at[low].first <= addr ? &at[low] : NULL;
}

struct mapping *maps_at(struct maps *m, const struct place *p)
{
	struct look *end, *l, *first = find_looks(m, p, &end);
	struct mapping *found = NULL;

	/* the newest that was there, or the next */
	for (l = first; first && l < end; l++) {
		if (found && l->since > p->ts)
			break;
		found = in_look(m, l, p->addr) ?: found;
	}
	return found;
}

static struct mapping *of_file(struct maps *m, const struct look *l, u32 dev,
			       u64 ino)
{
	struct mapping *at;
	size_t i;

	/* with none at all there is no array */
	if (!l->sound || !l->nr)
		return NULL;
	at = m->mapping + l->mapping;
	for (i = 0; i < l->nr; i++) {
		if (at[i].dev == dev && at[i].ino == ino)
			return &at[i];
	}
	return NULL;
}

struct mapping *maps_of_file(struct maps *m, const struct place *p, u32 dev,
			     u64 ino)
{
	struct look *end, *l, *first = find_looks(m, p, &end);
	struct mapping *found = maps_at(m, p);

	if (found && found->dev == dev && found->ino == ino)
		return found;
	found = NULL;
	for (l = first; first && l < end && !found; l++)
		found = of_file(m, l, dev, ino);
	return found;
}

struct mapping *maps_of_process(struct maps *m, u32 tgid, u32 dev, u64 ino)
{
	struct mapping *found = NULL;
	struct look *stop, *l;

	if (!m->nr_looks)
		return NULL;
	stop = m->look + m->nr_looks;
	for (l = find_process(m, tgid); l < stop && l->tgid == tgid && !found; l++)
		found = of_file(m, l, dev, ino);
	return found;
}
