// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers of an oops as text, all of them, then a line for each that holds
 * something known:
 *
 *	    rax 0000000000000080 rbx ffff8ac183d1e400 rcx 0000000000000000 rdx ...
 *	    rbx: slab memory of kmalloc-192, pfn 3d1e
 *	    rsp: the kernel stack of echo/802
 */
#include "format.h"
#include "text.h"

#define A_LINE		4

/* Longest name of an address: what is longer is cut */
#define NAME_BYTES	80

/* Longest sentence of a register, with room to spare */
#define LINE_BYTES	200

static_assert(PTDBG_REGS_MAX * (8 + 18 + LINE_BYTES) < PTDBG_REGS_TEXT_MAX);

/* include/linux/poison.h, 6.1 to 7.2; with the offset of 64-bit machines */
const char *ptdbg_poison(u64 value)
{
	switch (value) {
	case 0x6b6b6b6b6b6b6b6bULL:
	case 0xa56b6b6b6b6b6b6bULL:
		return "POISON_FREE: slab memory that was freed";
	case 0x5a5a5a5a5a5a5a5aULL:
		return "POISON_INUSE: slab memory that was never written to";
	case 0xaaaaaaaaaaaaaaaaULL:
		return "PAGE_POISON: a page that was freed";
	case 0xccccccccccccccccULL:
		return "init memory that was freed, or around a slab object";
	case 0xdead000000000100ULL:
		return "LIST_POISON1: next of an entry that left its list";
	case 0xdead000000000122ULL:
		return "LIST_POISON2: prev of an entry that left its list";
	}
	return NULL;
}

/* Characters of a record are printed as those of a comm are. */
static void put_chars(struct ptdbg_text *t, const char *c, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n && c[i]; i++)
		ptdbg_put(t, "%c", c[i] > ' ' && c[i] <= '~' ? c[i] : '?');
}

static void put_offset(struct ptdbg_text *t, const struct ptdbg_trace *tr, u64 value)
{
	u64 offset = value & (PTDBG_BIT(tr->layout.mode.page_shift) - 1);

	if (offset)
		ptdbg_put(t, " + %llx", offset);
}

/* What kind of memory, where that is known. */
static void put_page(struct ptdbg_text *t, const struct ptdbg_reg *g)
{
	if (g->where == PTDBG_WHERE_RAM)
		ptdbg_put(t, ", %s", ptdbg_ptype_name(g->type));
	else if (g->where)
		ptdbg_put(t, ", %s", ptdbg_where_name(g->where));
}

static void put_struct_page(struct ptdbg_text *t, const struct ptdbg_trace *tr,
			    const struct ptdbg_reg *g)
{
	struct ptdbg_place p;

	ptdbg_put(t, "struct page of pfn %llx", g->pfn);
	ptdbg_classify(&tr->layout, g->value, &p);
	if (p.class == PTDBG_CLASS_VMEMMAP && p.offset)
		ptdbg_put(t, " + %llx", p.offset);
	put_page(t, g);
}

static void put_meaning(struct ptdbg_text *t, const struct ptdbg_trace *tr,
			const struct ptdbg_reg *g, ptdbg_name_fn fn, void *data)
{
	const char *poison = ptdbg_poison(g->value);
	char name[NAME_BYTES];

	switch (g->kind) {
	case PTDBG_REG_POISON:
		ptdbg_put(t, "%s", poison ? poison : "poison");
		break;
	case PTDBG_REG_USER:
		/* a number may look like one */
		ptdbg_put(t, "mapped in user space, pfn %llx", g->pfn);
		break;
	case PTDBG_REG_PAGE:
		put_struct_page(t, tr, g);
		break;
	case PTDBG_REG_TABLE:
		ptdbg_put(t, "page table, pfn %llx", g->pfn);
		put_offset(t, tr, g->value);
		break;
	case PTDBG_REG_SLAB:
		ptdbg_put(t, "slab memory");
		if (g->of[0])
			ptdbg_put(t, " of ");
		put_chars(t, g->of, sizeof(g->of));
		ptdbg_put(t, ", pfn %llx", g->pfn);
		put_offset(t, tr, g->value);
		break;
	case PTDBG_REG_STACK:
		ptdbg_put(t, "the kernel stack of ");
		put_chars(t, g->of, sizeof(g->of));
		ptdbg_put(t, "/%u", g->pid);
		break;
	case PTDBG_REG_MEMORY:
		ptdbg_put(t, "memory, pfn %llx", g->pfn);
		put_offset(t, tr, g->value);
		put_page(t, g);
		break;
	case PTDBG_REG_VMALLOC:
		ptdbg_put(t, "vmalloc area, pfn %llx", g->pfn);
		put_offset(t, tr, g->value);
		break;
	case PTDBG_REG_CODE:
		if (fn && fn(data, g->value, name, sizeof(name)))
			ptdbg_put(t, "%s", name);
		else
			ptdbg_put(t, "code or data of the kernel");
		break;
	default:
		ptdbg_put(t, "%s", ptdbg_regkind_name(g->kind));
	}
	ptdbg_put(t, "\n");
}

size_t ptdbg_format_regs(const struct ptdbg_trace *t, const struct ptdbg_view *v,
			 ptdbg_name_fn fn, void *data, char *buf, size_t size)
{
	const struct ptdbg_reg *g;
	struct ptdbg_text text;
	unsigned int i;

	ptdbg_text_init(&text, buf, size);
	for (i = 0; i < v->regs; i++) {
		g = &v->reg[i];
		ptdbg_put(&text, "%s", i % A_LINE ? " " : "    ");
		put_chars(&text, g->name, sizeof(g->name));
		ptdbg_put(&text, " %016llx%s", g->value,
			  i % A_LINE == A_LINE - 1 || i + 1 == v->regs ? "\n" : "");
	}
	for (i = 0; i < v->regs; i++) {
		g = &v->reg[i];
		if (g->kind == PTDBG_REG_NUMBER)
			continue;
		ptdbg_put(&text, "    ");
		put_chars(&text, g->name, sizeof(g->name));
		ptdbg_put(&text, ": ");
		put_meaning(&text, t, g, fn, data);
	}
	return text.len;
}
