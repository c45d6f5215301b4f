// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sentences: what an address is, why the kernel died of it, what is wrong with
 * a record.
 */
#include "entry.h"
#include "explain.h"
#include "format.h"
#include "text.h"

static void put_vmemmap(struct ptdbg_text *t, const struct ptdbg_layout *l,
			const struct ptdbg_place *p)
{
	const struct ptdbg_member *m = ptdbg_layout_member(l, p->offset);

	ptdbg_put(t, "vmemmap: struct page of pfn %llx", p->pfn);
	if (p->offset) {
		ptdbg_put(t, " + %llx", p->offset);
		if (m && m->offset == p->offset)
			ptdbg_put(t, " (%s)", m->name);
		else if (m)
			ptdbg_put(t, " (%s + %llx)", m->name,
				  p->offset - m->offset);
	}
	if (l->nr_ram && !p->ram)
		ptdbg_put(t, "; pfn %llx is not RAM", p->pfn);
}

size_t ptdbg_explain_address(const struct ptdbg_layout *l, u64 addr,
			     char *buf, size_t size)
{
	struct ptdbg_place p;
	struct ptdbg_text t;

	ptdbg_text_init(&t, buf, size);
	ptdbg_classify(l, addr, &p);
	switch (p.class) {
	case PTDBG_CLASS_NULL:
		ptdbg_put(&t, "NULL + %llx", p.offset);
		break;
	case PTDBG_CLASS_USER:
		ptdbg_put(&t, "user address");
		break;
	case PTDBG_CLASS_NONCANON:
		ptdbg_put(&t, "not canonical in %s paging", l->mode.title);
		break;
	case PTDBG_CLASS_DIRECT:
		ptdbg_put(&t, "direct map: pfn %llx%s", p.pfn,
			  l->nr_ram && !p.ram ? ", which is not RAM" : "");
		break;
	case PTDBG_CLASS_VMEMMAP:
		put_vmemmap(&t, l, &p);
		break;
	case PTDBG_CLASS_UNKNOWN:
		ptdbg_put(&t, "kernel address in no known area");
		break;
	default:
		ptdbg_put(&t, "%s", ptdbg_class_name(p.class));
	}
	return t.len;
}

size_t ptdbg_explain_cause(const struct ptdbg_layout *l,
			   const struct ptdbg_oops *o, char *buf, size_t size)
{
	struct ptdbg_text t;

	ptdbg_text_init(&t, buf, size);
	if (o->cause_id)
		ptdbg_put(&t, "the %s of %llx above found %s %016llx with that pfn",
			  ptdbg_type_name(o->cause_id), o->cause_addr,
			  ptdbg_level_name(&l->mode, o->cause_level),
			  o->cause_entry);
	return t.len;
}

/* pfn of the table page that level @i of the chain after was read from */
static u64 table_pfn(const struct ptdbg_layout *l, const struct ptdbg_view *v,
		     unsigned int i)
{
	struct ptdbg_entry e;

	if (!i)
		return v->chain->root >> l->mode.page_shift;
	ptdbg_entry_decode(&l->mode, i - 1, v->after[i - 1], &e);
	return e.pfn;
}

static bool is_bad_table(const struct ptdbg_view *v, unsigned int i,
			 unsigned int verdict)
{
	switch (verdict) {
	case PTDBG_TABLE_FREE:
		return v->table[i].type == PTDBG_PT_BUDDY;
	case PTDBG_TABLE_REGION:
		return v->chain->breach & PTDBG_BIT(i);
	case PTDBG_TABLE_UNTYPED:
		/* from below: the levels that every kernel types are there */
		return i && v->table[i].type != PTDBG_PT_TABLE &&
		       v->table[i].type != PTDBG_PT_BUDDY;
	case PTDBG_TABLE_IMAGE:
		return i && v->table[i].marks & PTDBG_BIT(PTDBG_MARK_IMAGE);
	case PTDBG_TABLE_CMA:
		return i && v->table[i].marks & PTDBG_BIT(PTDBG_MARK_CMA);
	case PTDBG_TABLE_USER:
		return ptdbg_is_user_page(v->table[i].type);
	case PTDBG_TABLE_UNREF:
		return i && v->table[i].refcount <= 0;
	default:
		return false;
	}
}

/* The lowest table that has the verdict, or the one at which the walk ended */
static unsigned int bad_table(const struct ptdbg_view *v, unsigned int verdict)
{
	unsigned int i;

	for (i = v->chain->after_n; i > 0; i--)
		if (is_bad_table(v, i - 1, verdict))
			return i - 1;
	return v->chain->after_n;
}

static void put_table(struct ptdbg_text *t, const struct ptdbg_layout *l,
		      const struct ptdbg_view *v, unsigned int verdict)
{
	unsigned int i = bad_table(v, verdict);

	ptdbg_put(t, "the %s table, pfn %llx, ", ptdbg_level_name(&l->mode, i),
		  table_pfn(l, v, i));
	switch (verdict) {
	case PTDBG_TABLE_NOT_RAM:
		ptdbg_put(t, "is not in RAM, and was not read");
		break;
	case PTDBG_TABLE_FREE:
		ptdbg_put(t, "is free in the buddy allocator");
		break;
	case PTDBG_TABLE_REGION:
		ptdbg_put(t, "lies where the region rules allow none");
		break;
	case PTDBG_TABLE_UNTYPED:
		ptdbg_put(t, "is not typed as a page table");
		break;
	case PTDBG_TABLE_IMAGE:
		ptdbg_put(t, "is part of the kernel image");
		break;
	case PTDBG_TABLE_CMA:
		ptdbg_put(t, "lies in a CMA area, and can't be moved out of it");
		break;
	case PTDBG_TABLE_USER:
		ptdbg_put(t, "is user memory (%s)",
			  ptdbg_ptype_name(i < v->chain->after_n ?
					   v->table[i].type : PTDBG_PT_UNKNOWN));
		break;
	case PTDBG_TABLE_UNREF:
		ptdbg_put(t, "has a reference count of 0: it was given back");
		break;
	default:
		ptdbg_put(t, "could not be read");
	}
}

static void put_reserved(struct ptdbg_text *t, const struct ptdbg_layout *l,
			 const struct ptdbg_view *v)
{
	struct ptdbg_entry e;
	unsigned int i, bit;

	for (i = 0; i < v->chain->after_n; i++) {
		ptdbg_entry_decode(&l->mode, i, v->after[i], &e);
		if (!e.reserved)
			continue;
		for (bit = 0; !(e.reserved & PTDBG_BIT(bit)); bit++)
			;
		ptdbg_put(t, "%s %016llx has bit %u set, which %s reserves",
			  ptdbg_level_name(&l->mode, i), v->after[i], bit,
			  ptdbg_arch_name(l->mode.arch));
		return;
	}
	ptdbg_put(t, "an entry has bits set that the architecture reserves");
}

/* The walk ends at such an entry */
static void put_bad_entry(struct ptdbg_text *t, const struct ptdbg_layout *l,
			  const struct ptdbg_view *v)
{
	unsigned int n = v->chain->after_n;

	if (n)
		ptdbg_put(t, "%s %016llx", ptdbg_level_name(&l->mode, n - 1),
			  v->after[n - 1]);
	else
		ptdbg_put(t, "an entry");
	ptdbg_put(t, " is none that %s has at that level",
		  ptdbg_arch_name(l->mode.arch));
}

static void put_loop(struct ptdbg_text *t, const struct ptdbg_layout *l,
		     const struct ptdbg_view *v)
{
	unsigned int i, j;

	for (i = 1; i < v->chain->after_n; i++)
		for (j = 0; j < i; j++)
			if (table_pfn(l, v, i) == table_pfn(l, v, j)) {
				ptdbg_put(t, "pfn %llx is both %s and %s table",
					  table_pfn(l, v, i),
					  ptdbg_level_name(&l->mode, j),
					  ptdbg_level_name(&l->mode, i));
				return;
			}
	ptdbg_put(t, "one table page serves twice");
}

static void put_reason(struct ptdbg_text *t, const struct ptdbg_layout *l,
		       const struct ptdbg_view *v, unsigned int verdict)
{
	u64 pfn = v->page->pfn;

	switch (verdict) {
	case PTDBG_BAD_PFN:
		ptdbg_put(t, "its struct page would be %016llx, which is not mapped",
			  l->vmemmap_pfn0 + pfn * l->page_size);
		break;
	case PTDBG_NOT_RAM:
		ptdbg_put(t, "pfn %llx, in a vma that maps no device", pfn);
		break;
	case PTDBG_FREE_PAGE:
		ptdbg_put(t, "pfn %llx is mapped, yet the buddy allocator holds it",
			  pfn);
		break;
	case PTDBG_TABLE_NOT_RAM:
	case PTDBG_TABLE_FREE:
	case PTDBG_TABLE_UNREADABLE:
	case PTDBG_TABLE_REGION:
	case PTDBG_TABLE_UNTYPED:
	case PTDBG_TABLE_IMAGE:
	case PTDBG_TABLE_CMA:
	case PTDBG_TABLE_USER:
	case PTDBG_TABLE_UNREF:
		put_table(t, l, v, verdict);
		break;
	case PTDBG_RESERVED_BITS:
		put_reserved(t, l, v);
		break;
	case PTDBG_BAD_ENTRY:
		put_bad_entry(t, l, v);
		break;
	case PTDBG_LOOP:
		put_loop(t, l, v);
		break;
	case PTDBG_PAGE_UNREF:
		ptdbg_put(t, "pfn %llx is mapped, yet has a reference count of 0",
			  pfn);
		break;
	case PTDBG_PERMITTED:
		ptdbg_put(t, "the entry allowed this access before the fault");
		ptdbg_put(t, ": a stale TLB entry, or another CPU was faster");
		break;
	case PTDBG_WRITE_EXEC:
		ptdbg_put(t, "user space can write to pfn %llx and execute it",
			  pfn);
		break;
	}
}

size_t ptdbg_explain_verdict(const struct ptdbg_layout *l,
			     const struct ptdbg_record *r, unsigned int verdict,
			     char *buf, size_t size)
{
	struct ptdbg_view v;
	struct ptdbg_text t;

	ptdbg_text_init(&t, buf, size);
	if (verdict >= PTDBG_NR_VERDICTS)
		return 0;
	ptdbg_put(&t, "%s", ptdbg_verdict_name(verdict));
	if (ptdbg_view(r, r->size, &v)) {
		ptdbg_put(&t, ": ");
		put_reason(&t, l, &v, verdict);
	}
	return t.len;
}
