// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page-table chain of a record as text: a line for each entry, two where
 * the fault changed it.
 */
#include "entry.h"
#include "format.h"
#include "text.h"

/* One of the two chains, on its way down. */
struct ptdbg_walk {
	const u64 *entry;
	unsigned int n;
	unsigned int stop;
	u64 table;			/* physical; of the entry at hand */
	struct ptdbg_entry e;		/* the entry at hand, decoded */
};

static void walk_init(struct ptdbg_walk *w, const u64 *entry, unsigned int n,
		      unsigned int stop, u64 root)
{
	memset(w, 0, sizeof(*w));
	w->entry = entry;
	w->n = n < PTDBG_MAX_LEVELS ? n : PTDBG_MAX_LEVELS;
	w->stop = stop;
	w->table = root;
}

static void walk_step(struct ptdbg_walk *w, const struct ptdbg_mode *m,
		      unsigned int level)
{
	if (level)
		w->table = w->e.pfn << m->page_shift;
	if (level < w->n)
		ptdbg_entry_decode(m, level, w->entry[level], &w->e);
}

static void put_bits(struct ptdbg_text *t, const struct ptdbg_mode *m,
		     unsigned int level, u64 raw)
{
	t->len += ptdbg_entry_bits(m, level, raw, t->buf + t->len,
				   t->size - t->len);
}

const char *ptdbg_zone_name(const struct ptdbg_trace *t, unsigned int zone)
{
	if (zone >= PTDBG_MAX_ZONES || !t->zone[zone])
		return "?";
	return t->zone[zone];
}

/* Is a page of this type an odd place for a page table? */
static bool odd_type(unsigned int type, bool root)
{
	switch (type) {
	case PTDBG_PT_UNKNOWN:
	case PTDBG_PT_KERNEL:
	case PTDBG_PT_TABLE:
	case PTDBG_PT_RESERVED:
		return false;
	case PTDBG_PT_SLAB:
		/* arm64 takes root tables that are less than a page from slab */
		return !root;
	}
	return true;
}

void ptdbg_put_marks(struct ptdbg_text *t, u8 marks)
{
	unsigned int i;

	for (i = 0; i < PTDBG_NR_MARKS; i++) {
		if (marks & PTDBG_BIT(i))
			ptdbg_put(t, " (%s)", ptdbg_mark_name(i));
	}
}

static void put_place(struct ptdbg_text *t, const struct ptdbg_trace *tr,
		      const struct ptdbg_table *p, bool root)
{
	if (p->where == PTDBG_WHERE_RAM)
		ptdbg_put(t, " %s", ptdbg_zone_name(tr, p->zone));
	else if (p->where != PTDBG_WHERE_UNKNOWN)
		ptdbg_put(t, " (%s)", ptdbg_where_name(p->where));
	if (odd_type(p->type, root))
		ptdbg_put(t, " (%s)", ptdbg_ptype_name(p->type));
	ptdbg_put_marks(t, p->marks);
}

/* The table that holds the entry of @level: by which rule, and is it new? */
static void put_origin(struct ptdbg_text *t, const struct ptdbg_view *v,
		       unsigned int level)
{
	const struct ptdbg_table *p = &v->table[level];
	bool fresh = v->chain->fresh & PTDBG_BIT(level);

	if (fresh && p->where == PTDBG_WHERE_RAM)
		ptdbg_put(t, " node %u", p->node);
	if (p->rule > PTDBG_RULE_NONE)
		ptdbg_put(t, " rule %d", p->rule);
	if (v->chain->breach & PTDBG_BIT(level))
		ptdbg_put(t, " !region");
	if (!fresh)
		return;
	ptdbg_put(t, " +new");
	if (!(v->chain->made & PTDBG_BIT(level)))
		ptdbg_put(t, " (not allocated by this fault)");
}

static void put_entry(struct ptdbg_text *t, const struct ptdbg_mode *m,
		      const struct ptdbg_walk *w, unsigned int level, u64 addr,
		      const char *word)
{
	ptdbg_put(t, "    %s[%03x] @%llx %s%016llx ", ptdbg_level_name(m, level),
		  ptdbg_index(m, level, addr),
		  w->table + 8ULL * ptdbg_index(m, level, addr), word,
		  w->entry[level]);
	switch (w->e.kind) {
	case PTDBG_ENTRY_NONE:
		ptdbg_put(t, "none");
		break;
	case PTDBG_ENTRY_TABLE:
		ptdbg_put(t, "-> table %llx", w->e.pfn);
		break;
	case PTDBG_ENTRY_LEAF:
		ptdbg_put(t, "-> pfn %llx  ", w->e.pfn);
		put_bits(t, m, level, w->entry[level]);
		break;
	default:
		put_bits(t, m, level, w->entry[level]);
	}
}

static void put_table_bits(struct ptdbg_text *t, const struct ptdbg_mode *m,
			   const struct ptdbg_walk *w, unsigned int level)
{
	if (w->e.kind != PTDBG_ENTRY_TABLE || !w->e.reserved)
		return;
	ptdbg_put(t, "  ");
	put_bits(t, m, level, w->entry[level]);
}

static void put_after(struct ptdbg_text *t, const struct ptdbg_trace *tr,
		      const struct ptdbg_view *v, unsigned int level,
		      const struct ptdbg_walk *after, const char *word)
{
	put_entry(t, &tr->layout.mode, after, level, v->r->addr, word);
	if (after->e.kind == PTDBG_ENTRY_TABLE) {
		if (level + 1 < after->n) {
			put_place(t, tr, &v->table[level + 1], false);
			put_origin(t, v, level + 1);
		} else if (after->stop == PTDBG_STOP_NOT_RAM) {
			ptdbg_put(t, " (not RAM)");
		}
	}
	put_table_bits(t, &tr->layout.mode, after, level);
	ptdbg_put(t, "\n");
}

static void put_before(struct ptdbg_text *t, const struct ptdbg_mode *m,
		       const struct ptdbg_view *v, unsigned int level,
		       const struct ptdbg_walk *before)
{
	put_entry(t, m, before, level, v->r->addr, "before ");
	put_table_bits(t, m, before, level);
	ptdbg_put(t, "\n");
}

/* Why there is nothing more, where the last entry does not say it */
static void put_stop(struct ptdbg_text *t, const struct ptdbg_mode *m,
		     const struct ptdbg_view *v, const struct ptdbg_walk *after)
{
	switch (after->stop) {
	case PTDBG_STOP_NOWALK:
		ptdbg_put(t, "    no walk\n");
		break;
	case PTDBG_STOP_ADDRESS:
		ptdbg_put(t, "    no walk: the address is not canonical\n");
		break;
	case PTDBG_STOP_UNREADABLE:
		if (after->n >= m->levels)
			break;
		ptdbg_put(t, "    %s[%03x] @%llx unreadable\n",
			  ptdbg_level_name(m, after->n),
			  ptdbg_index(m, after->n, v->r->addr),
			  (after->n ? after->e.pfn << m->page_shift
				    : v->chain->root) +
			  8ULL * ptdbg_index(m, after->n, v->r->addr));
		break;
	}
}

/* Is there something to say of the root table, which no entry leads to? */
static bool odd_root(const struct ptdbg_view *v)
{
	const struct ptdbg_table *p = &v->table[0];

	return (p->where != PTDBG_WHERE_RAM && p->where != PTDBG_WHERE_UNKNOWN) ||
	       odd_type(p->type, true) || v->chain->breach & PTDBG_BIT(0);
}

void ptdbg_put_chain(struct ptdbg_text *t, const struct ptdbg_trace *tr,
		     const struct ptdbg_view *v)
{
	const struct ptdbg_mode *m = &tr->layout.mode;
	struct ptdbg_walk before, after;
	unsigned int i;
	bool same;

	walk_init(&before, v->before, v->chain->before_n, v->chain->before_stop,
		  v->chain->root);
	walk_init(&after, v->after, v->chain->after_n, v->chain->after_stop,
		  v->chain->root);
	if (after.n && odd_root(v)) {
		ptdbg_put(t, "    root table %llx", after.table >> m->page_shift);
		put_place(t, tr, &v->table[0], true);
		put_origin(t, v, 0);
		ptdbg_put(t, "\n");
	}
	for (i = 0; i < m->levels && i < PTDBG_MAX_LEVELS; i++) {
		walk_step(&before, m, i);
		walk_step(&after, m, i);
		same = i < before.n && i < after.n &&
		       before.table == after.table &&
		       before.entry[i] == after.entry[i];
		if (i < before.n && !same)
			put_before(t, m, v, i, &before);
		if (i < after.n)
			put_after(t, tr, v, i, &after,
				  i < before.n && !same ? "after  " : "");
	}
	put_stop(t, m, v, &after);
}
