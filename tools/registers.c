// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the registers of an oops hold, and the page-table entries that it shows.
 */
#include <stdio.h>
#include <string.h>

#include "cause.h"
#include "core/entry.h"
#include "poison.h"

/* A fault this far behind a register is a member of what the register points to */
#define MEMBER_MAX	0x1000

/* No machine has more: 64 TiB in pages of 4K */
#define MAX_PFN_BITS	34

static bool is_small(u64 value)
{
	return value < 0x1000 || -value < 0x1000;
}

/*
 * A number is taken for a leaf entry only if the hardware would follow it, and it
 * is no address; or none of the kernel, and leads to the pfn that the oops is about.
 */
static bool looks_like_leaf(const struct inferred *i, const struct cause *c,
			    u64 value, struct ptdbg_entry *e)
{
	const struct ptdbg_mode *m = &i->l.mode;

	if (!i->mode)
		return false;
	ptdbg_entry_decode(m, m->levels - 1, value, e);
	if (e->kind != PTDBG_ENTRY_LEAF || !e->hw_present || !e->young ||
	    e->pfn >> MAX_PFN_BITS)
		return false;
	return !ptdbg_address_valid(m, value) ||
	       (!(value >> 63) && c->has_pfn && c->pfn == e->pfn);
}

static void put_leaf(const struct oops_reg *r, const struct inferred *i,
		     const struct ptdbg_entry *e, const struct cause *c,
		     struct findings *f)
{
	const struct ptdbg_mode *m = &i->l.mode;
	bool same = c->has_pfn && c->pfn == e->pfn;
	char bits[160];

	ptdbg_entry_bits(m, m->levels - 1, r->value, bits, sizeof(bits));
	found(f, TOPIC_REGISTER, same ? SURE_LIKELY : SURE_POSSIBLE, r->line,
	      "%s = %016llx: a PTE -> pfn %llx  %s%s", r->name, r->value,
	      e->pfn, bits, same ? "; its pfn is that of the address" : "");
}

/* Has it an area by the layout, and how sure? */
static enum sure in_area(const struct inferred *i, const struct ptdbg_place *p,
			 char *text, size_t size)
{
	const struct ptdbg_member *m = ptdbg_layout_member(&i->l, p->offset);
	bool ram = i->l.nr_ram && i->ram > SURE_POSSIBLE;

	switch (p->class) {
	case PTDBG_CLASS_VMEMMAP:
		if (!i->vmemmap) {
			snprintf(text, size, "a struct page");
			return i->areas;
		}
		/* where a pointer into the middle of one has another reason */
		snprintf(text, size, "struct page of pfn %llx%s%s%s", p->pfn,
			 p->offset ? " + " : "", p->offset && m ? m->name : "",
			 ram && !p->ram ? ", which is not RAM" : "");
		return i->vmemmap;
	case PTDBG_CLASS_DIRECT:
		if (!i->direct) {
			snprintf(text, size, "direct map");
			return i->areas;
		}
		snprintf(text, size, "direct map: pfn %llx%s", p->pfn,
			 ram && !p->ram ? ", which is not RAM" : "");
		return p->ram ? i->direct : weakest(i->direct, i->areas);
	case PTDBG_CLASS_UNKNOWN:
		return SURE_UNKNOWN;
	default:
		snprintf(text, size, "%s%s", ptdbg_class_name(p->class),
			 p->class == PTDBG_CLASS_VMALLOC &&
			 i->l.mode.arch == PTDBG_ARM64 ? " or image" : "");
		return i->areas;
	}
}

/*
 * What it has to do with the task's stack: "" for nothing.  Without the kernel's
 * word for where that is, which one sp is in, and how large they are, is an
 * assumption; of a stack that has overflown sp says nothing.
 */
static const char *of_stack(const struct oops *o, const struct oops_reg *r,
			    unsigned int class, enum sure *sure)
{
	const struct oops_reg *sp = oops_register(o, "sp");

	if (o->stack.line) {
		if (r->value >= o->stack.first && r->value <= o->stack.last)
			return ", in the task's stack";
		return r->value < o->stack.first &&
		       o->stack.first - r->value <= STACK_BYTES ?
		       ", below the task's stack" : "";
	}
	if (!sp)
		sp = oops_register(o, "RSP");
	if (!sp || o->kind == OOPS_STACK || r->value >> 14 != sp->value >> 14)
		return "";
	*sure = weakest(*sure, SURE_LIKELY);
	return r == sp && class == PTDBG_CLASS_VMALLOC ? ", the vmapped stack" :
						   ", close to sp: the task's stack";
}

static bool put_address(const struct oops *o, const struct oops_reg *r,
			const struct inferred *i, struct findings *f)
{
	const char *stack;
	struct ptdbg_place p = { 0 };
	char text[128] = "";
	enum sure sure;

	if (!i->mode || !ptdbg_address_valid(&i->l.mode, r->value))
		return false;
	if (!(r->value >> 63)) {
		found(f, TOPIC_REGISTER, SURE_POSSIBLE, r->line,
		      "%s = %016llx: a user address, or a number", r->name,
		      r->value);
		return true;
	}
	ptdbg_classify(&i->l, r->value, &p);
	sure = in_area(i, &p, text, sizeof(text));
	if (!sure)
		return false;
	stack = of_stack(o, r, p.class, &sure);
	if (o->addr.line && o->addr.value == r->value)
		found(f, TOPIC_REGISTER, sure, r->line, "%s = %016llx: %s%s; it is the address",
		      r->name, r->value, text, stack);
	else if (o->addr.line && o->addr.value >= r->value &&
		 o->addr.value - r->value < MEMBER_MAX)
		found(f, TOPIC_REGISTER, sure, r->line,
		      "%s = %016llx: %s%s; the address is this + %llx",
		      r->name, r->value, text, stack,
		      o->addr.value - r->value);
	else
		found(f, TOPIC_REGISTER, sure, r->line, "%s = %016llx: %s%s",
		      r->name, r->value, text, stack);
	return true;
}

static void one(const struct oops *o, const struct oops_reg *r,
		const struct inferred *i, const struct cause *c,
		struct findings *f)
{
	unsigned int error = error_pointer(r->value);
	struct ptdbg_entry e;
	char text[160], chars[9];
	enum sure sure;

	if (!strncmp(r->name, "CR", 2) || !strcmp(r->name, "FS"))
		return;
	if (error && error < 134)
		found(f, TOPIC_REGISTER, SURE_POSSIBLE, r->line,
		      "%s = %016llx: the error number -%u, or a small negative number",
		      r->name, r->value, error);
	if (is_small(r->value))
		return;
	sure = poison_find(r->value, 0x100, text, sizeof(text));
	if (sure) {
		found(f, TOPIC_REGISTER, sure, r->line, "%s = %016llx: %s",
		      r->name, r->value, text);
		return;
	}
	if (looks_like_leaf(i, c, r->value, &e))
		put_leaf(r, i, &e, c, f);
	else if (!put_address(o, r, i, f) && looks_like_text(r->value, chars))
		found(f, TOPIC_REGISTER, SURE_POSSIBLE, r->line,
		      "%s = %016llx: the text \"%s\"", r->name, r->value, chars);
}

void registers_explain(const struct oops *o, const struct inferred *i,
		       const struct cause *c, struct findings *f)
{
	unsigned int n;

	for (n = 0; n < o->nr_regs; n++)
		one(o, &o->reg[n], i, c, f);
}

/* Index of the level that Linux calls @name, or -1: the mode folds it */
static int level_of(const struct ptdbg_mode *m, unsigned int name)
{
	unsigned int n;

	for (n = 0; n < m->levels; n++)
		if (m->name[n] == name)
			return n;
	return -1;
}

void entries_explain(const struct oops *o, const struct inferred *i,
		     struct findings *f)
{
	const struct ptdbg_mode *m = &i->l.mode;
	struct ptdbg_entry e;
	unsigned int name;
	char bits[160];
	int level;

	if (!i->mode)
		return;
	for (name = 0; name < PTDBG_MAX_LEVELS; name++) {
		level = level_of(m, name);
		if (!o->entry[name].line || level < 0)
			continue;
		ptdbg_entry_decode(m, level, o->entry[name].value, &e);
		ptdbg_entry_bits(m, level, o->entry[name].value, bits,
				 sizeof(bits));
		/* only user memory is swapped, or waits for its migration */
		if (e.kind == PTDBG_ENTRY_NOT_PRESENT && o->addr.value >> 63) {
			found(f, TOPIC_FAULT, i->mode, o->entry[name].line,
			      "%s %016llx: not present, nothing is mapped here",
			      ptdbg_level_name(m, level), o->entry[name].value);
			continue;
		}
		found(f, TOPIC_FAULT, i->mode, o->entry[name].line,
		      "%s %016llx: %s%.0llx%s%s", ptdbg_level_name(m, level),
		      o->entry[name].value,
		      e.kind == PTDBG_ENTRY_NONE ?
				"none, nothing is mapped from here on" :
		      e.kind == PTDBG_ENTRY_TABLE ? "-> table " :
		      e.kind == PTDBG_ENTRY_LEAF ? "-> pfn " : "",
		      e.pfn, *bits ? "  " : "", bits);
	}
}
