// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of a record: the only place that trusts a length in it, and it
 * does so after a check.
 */
#include "format.h"

/* Where the parts are; 0: the type has no such part. */
struct ptdbg_parts {
	u16 size;
	u16 vma;
	u16 page;
	u16 chain;
};

#define PARTS(type) { \
	sizeof(struct type), offsetof(struct type, vma), \
	offsetof(struct type, page), offsetof(struct type, chain) }

#define NO_VMA(type) { \
	sizeof(struct type), 0, \
	offsetof(struct type, page), offsetof(struct type, chain) }

static const struct ptdbg_parts parts[] = {
	[PTDBG_FAULT] = PARTS(ptdbg_fault),
	[PTDBG_GUP] = PARTS(ptdbg_gup),
	[PTDBG_SIG] = PARTS(ptdbg_sig),
	[PTDBG_WALK] = PARTS(ptdbg_gup),
	[PTDBG_OOPS] = NO_VMA(ptdbg_oops),
	[PTDBG_FREE] = NO_VMA(ptdbg_free),
};

/* What follows those: the registers of an oops. */
static bool view_regs(struct ptdbg_view *v, const void *at, size_t left)
{
	unsigned int n = 0;

	if (v->r->id == PTDBG_OOPS)
		n = ((const struct ptdbg_oops *)v->r)->regs;
	if (left < n * sizeof(*v->reg))
		return false;
	v->reg = at;
	v->regs = n;
	return true;
}

/* What follows the tables: the stacks of a record that has them. */
static bool view_stack(struct ptdbg_view *v, size_t left)
{
	const struct ptdbg_stack *s = (const void *)(v->table + v->chain->after_n);
	size_t frames;

	if (!v->chain->stacks)
		return view_regs(v, s, left);
	if (v->chain->stacks > 1 || left < sizeof(*s))
		return false;
	frames = s->kernel_n + s->user_n;
	if (left - sizeof(*s) < frames * sizeof(*v->kernel))
		return false;
	v->stack = s;
	v->kernel = (const void *)(s + 1);
	v->user = v->kernel + s->kernel_n;
	left -= sizeof(*s) + frames * sizeof(*v->kernel);
	return view_regs(v, v->user + s->user_n, left);
}

bool ptdbg_view(const struct ptdbg_record *r, size_t avail,
		struct ptdbg_view *v)
{
	const char *base = (const char *)r;
	const struct ptdbg_parts *p;
	size_t tail;

	memset(v, 0, sizeof(*v));
	if (avail < sizeof(*r) || r->size > avail || r->size % 8)
		return false;
	if (r->id >= ARRAY_SIZE(parts) || !parts[r->id].size)
		return false;
	p = &parts[r->id];
	if (r->size < p->size)
		return false;

	v->r = r;
	v->vma = p->vma ? (const void *)(base + p->vma) : NULL;
	v->page = (const void *)(base + p->page);
	v->chain = (const void *)(base + p->chain);
	if (v->chain->before_n > PTDBG_MAX_LEVELS ||
	    v->chain->after_n > PTDBG_MAX_LEVELS)
		return false;
	v->before = (const void *)(v->chain + 1);
	v->after = v->before + v->chain->before_n;
	v->table = (const void *)(v->after + v->chain->after_n);
	tail = v->chain->before_n * sizeof(*v->before) +
	       v->chain->after_n * sizeof(*v->after) +
	       v->chain->after_n * sizeof(*v->table);
	if (tail > (size_t)(r->size - p->size))
		return false;
	return view_stack(v, r->size - p->size - tail);
}
