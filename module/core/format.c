// SPDX-License-Identifier: GPL-2.0-only
/*
 * A record as text: the lines that the text file, the reader and the console
 * show.
 */
#include "entry.h"
#include "explain.h"
#include "format.h"
#include "text.h"

static const char *const fault_flags[32] = {
	"WRITE", "MKWRITE", "ALLOW_RETRY", "RETRY_NOWAIT", "KILLABLE", "TRIED",
	"USER", "REMOTE", "INSTRUCTION", "INTERRUPTIBLE", "UNSHARE",
	"ORIG_PTE_VALID", "VMA_LOCK",
};

/* VM_FAULT_*; bits 16 to 19 are the huge page size of a poisoned page */
static const char *const fault_results[32] = {
	[0] = "OOM", [1] = "SIGBUS", [2] = "MAJOR", [3] = "WRITE",
	[4] = "HWPOISON", [5] = "HWPOISON_LARGE", [6] = "SIGSEGV",
	[8] = "NOPAGE", [9] = "LOCKED", [10] = "RETRY", [11] = "FALLBACK",
	[12] = "DONE_COW", [13] = "NEEDDSYNC", [14] = "COMPLETED",
};

const char *ptdbg_fault_flag_name(unsigned int bit)
{
	return bit < ARRAY_SIZE(fault_flags) ? fault_flags[bit] : NULL;
}

const char *ptdbg_fault_result_name(unsigned int bit)
{
	return bit < ARRAY_SIZE(fault_results) ? fault_results[bit] : NULL;
}

/* "A|B+0x100": names of the bits, and the rest as a number */
static void put_flags(struct ptdbg_text *t, u64 flags,
		      const char *const *names, unsigned int n)
{
	const char *sep = "";
	unsigned int i;
	u64 rest = flags;

	for (i = 0; i < n && i < 64; i++) {
		if (!(flags & PTDBG_BIT(i)) || !names[i])
			continue;
		ptdbg_put(t, "%s%s", sep, names[i]);
		sep = "|";
		rest &= ~PTDBG_BIT(i);
	}
	if (rest)
		ptdbg_put(t, "%s0x%llx", *sep ? "+" : "", rest);
	else if (!flags)
		ptdbg_put(t, "0");
}

static void put_ip(struct ptdbg_text *t, const struct ptdbg_record *r,
		   const char *ip_name)
{
	if (ip_name)
		ptdbg_put(t, " ip %s", ip_name);
	else if (r->ip)
		ptdbg_put(t, " ip %llx", r->ip);
}

static void put_fault(struct ptdbg_text *t, const struct ptdbg_fault *f,
		      const char *ip_name)
{
	ptdbg_put(t, "%llx ", f->r.addr);
	put_flags(t, f->flags, fault_flags, ARRAY_SIZE(fault_flags));
	put_ip(t, &f->r, ip_name);
	if (f->result == PTDBG_RESULT_DIED) {
		ptdbg_put(t, " -> died in the handler");
	} else {
		ptdbg_put(t, " -> ");
		if (f->result)
			put_flags(t, f->result, fault_results,
				  ARRAY_SIZE(fault_results));
		else
			ptdbg_put(t, "ok");
		ptdbg_put(t, " %s%u.%03uus", f->duration == ~0U ? ">" : "",
			  f->duration / 1000, f->duration % 1000);
	}
	if (f->remote)
		ptdbg_put(t, " remote");
}

static void put_gup(struct ptdbg_text *t, const struct ptdbg_trace *tr,
		    const struct ptdbg_gup *g, const char *ip_name)
{
	ptdbg_put(t, "%llx ", g->r.addr);
	put_flags(t, g->flags, tr->foll, ARRAY_SIZE(tr->foll));
	put_ip(t, &g->r, ip_name);
	if (g->remote)
		ptdbg_put(t, " remote");
}

static void put_signal(struct ptdbg_text *t, s32 sig, s32 code)
{
	static const char *const segv[] = {
		[1] = "MAPERR", [2] = "ACCERR", [3] = "BNDERR", [4] = "PKUERR",
		[5] = "ACCADI", [6] = "ADIDERR", [7] = "ADIPERR",
		[8] = "MTEAERR", [9] = "MTESERR", [10] = "CPERR",
	};
	static const char *const bus[] = {
		[1] = "ADRALN", [2] = "ADRERR", [3] = "OBJERR",
		[4] = "MCEERR_AR", [5] = "MCEERR_AO",
	};

	/* The numbers are the same on all three architectures */
	if (sig == 11 && code > 0 && code < (s32)ARRAY_SIZE(segv))
		ptdbg_put(t, "SEGV_%s", segv[code]);
	else if (sig == 7 && code > 0 && code < (s32)ARRAY_SIZE(bus))
		ptdbg_put(t, "BUS_%s", bus[code]);
	else if (code == 0x80)
		ptdbg_put(t, "SI_KERNEL: general protection, address not given");
	else
		ptdbg_put(t, "signal %d code %d", sig, code);
}

static void put_free(struct ptdbg_text *t, const struct ptdbg_trace *tr,
		     const struct ptdbg_free *f, const char *ip_name)
{
	const struct ptdbg_mode *m = &tr->layout.mode;

	if (f->level < m->levels)
		ptdbg_put(t, "%s table", ptdbg_level_name(m, f->level));
	else
		ptdbg_put(t, "table");
	ptdbg_put(t, " %llx of root %llx", f->page.pfn, f->chain.root);
	if (f->end)
		ptdbg_put(t, " unmapping %llx-%llx", f->start, f->end);
	put_ip(t, &f->r, ip_name);
}

static void put_first_line(struct ptdbg_text *t, const struct ptdbg_trace *tr,
			   const struct ptdbg_view *v, unsigned int cpu,
			   const char *ip_name)
{
	const struct ptdbg_record *r = v->r;
	char comm[PTDBG_COMM_LEN + 1];

	ptdbg_comm(r->comm, comm);
	ptdbg_put(t, "[%5llu.%06llu] cpu%u %s/%u %s ", r->ts / 1000000000,
		  r->ts / 1000 % 1000000, cpu, comm, r->pid,
		  ptdbg_type_name(r->id));
	switch (r->id) {
	case PTDBG_FAULT:
		put_fault(t, (const struct ptdbg_fault *)r, ip_name);
		break;
	case PTDBG_GUP:
		put_gup(t, tr, (const struct ptdbg_gup *)r, ip_name);
		break;
	case PTDBG_WALK:
		ptdbg_put(t, "%llx", r->addr);
		break;
	case PTDBG_SIG:
		if (((const struct ptdbg_sig *)r)->code != 0x80)
			ptdbg_put(t, "%llx ", r->addr);
		put_signal(t, ((const struct ptdbg_sig *)r)->sig,
			   ((const struct ptdbg_sig *)r)->code);
		put_ip(t, r, ip_name);
		break;
	case PTDBG_OOPS:
		ptdbg_put(t, "%s %llx",
			  ptdbg_access_name(((const struct ptdbg_oops *)r)->access),
			  r->addr);
		put_ip(t, r, ip_name);
		break;
	case PTDBG_FREE:
		put_free(t, tr, (const struct ptdbg_free *)r, ip_name);
		break;
	}
	ptdbg_put(t, "\n");
}

static void put_vma(struct ptdbg_text *t, const struct ptdbg_vma *vma,
		    const char *file)
{
	if (vma->kind == PTDBG_VMA_NONE) {
		ptdbg_put(t, "    no vma\n");
		return;
	}
	ptdbg_put(t, "    vma %llx-%llx %c%c%c%c %s", vma->start, vma->end,
		  vma->flags & 1 ? 'r' : '-', vma->flags & 2 ? 'w' : '-',
		  vma->flags & 4 ? 'x' : '-', vma->flags & 8 ? 's' : 'p',
		  ptdbg_vmakind_name(vma->kind));
	if (vma->kind == PTDBG_VMA_FILE)
		ptdbg_put(t, " dev %u:%u ino %llu pgoff 0x%llx", vma->dev >> 20,
			  vma->dev & 0xfffff, vma->ino, vma->pgoff);
	if (file)
		ptdbg_put(t, " %s", file);
	ptdbg_put(t, "\n");
}

/* Where RAM is, seen from a pfn that is not in it */
static void put_nearest_ram(struct ptdbg_text *t, const struct ptdbg_layout *l,
			    u64 pfn)
{
	unsigned int n = l->nr_ram;

	if (!n || n > PTDBG_MAX_RAM)
		return;
	if (pfn < l->ram[0].first)
		ptdbg_put(t, " (first RAM pfn %llx)", l->ram[0].first);
	else if (pfn > l->ram[n - 1].last)
		ptdbg_put(t, " (last RAM pfn %llx)", l->ram[n - 1].last);
}

/*
 * The bits of page->flags that are flags: those that have a name.  Above them
 * the kernel packs section, node, zone and more (linux/page-flags-layout.h).
 */
static u64 flag_bits(const struct ptdbg_trace *tr, u64 flags)
{
	u64 named = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tr->pg_flag); i++) {
		if (tr->pg_flag[i])
			named |= PTDBG_BIT(i);
	}
	return flags & named;
}

/* Is there a struct page that was read? */
static bool has_page(unsigned int where)
{
	return where == PTDBG_WHERE_RAM || where == PTDBG_WHERE_HOLE ||
	       where == PTDBG_WHERE_RESERVED || where == PTDBG_WHERE_DEVICE;
}

static void put_page(struct ptdbg_text *t, const struct ptdbg_trace *tr,
		     const struct ptdbg_page *p)
{
	ptdbg_put(t, "    page pfn %llx: ", p->pfn);
	switch (p->where) {
	case PTDBG_WHERE_RAM:
		ptdbg_put(t, "RAM");
		break;
	case PTDBG_WHERE_HOLE:
	case PTDBG_WHERE_NO_MEMMAP:
		ptdbg_put(t, "not RAM");
		put_nearest_ram(t, &tr->layout, p->pfn);
		break;
	case PTDBG_WHERE_RESERVED:
		ptdbg_put(t, "kept by the firmware");
		break;
	case PTDBG_WHERE_DEVICE:
		ptdbg_put(t, "memory of a device");
		break;
	case PTDBG_WHERE_OFFLINE:
		ptdbg_put(t, "offline RAM");
		break;
	default:
		ptdbg_put(t, "not looked at");
	}
	if (has_page(p->where)) {
		ptdbg_put_marks(t, p->marks);
		ptdbg_put(t, " %s, flags ", ptdbg_ptype_name(p->type));
		put_flags(t, flag_bits(tr, p->flags), tr->pg_flag,
			  ARRAY_SIZE(tr->pg_flag));
		ptdbg_put(t, ", ref %d, ", p->refcount);
		/* Below -1 the field is a page type */
		if (p->mapcount >= -1)
			ptdbg_put(t, "map %lld", (long long)p->mapcount + 1);
		else
			ptdbg_put(t, "page_type %08x", (u32)p->mapcount);
		if (p->mapkind != PTDBG_MAP_NONE)
			ptdbg_put(t, ", mapping %s %llx",
				  ptdbg_mapkind_name(p->mapkind), p->mapping);
		ptdbg_put(t, ", order %u, %s, node %u", p->order,
			  ptdbg_zone_name(tr, p->zone), p->node);
	}
	ptdbg_put(t, "\n");
}

/* The sentences of explain.c, each on a line of its own */
static void put_oops(struct ptdbg_text *t, const struct ptdbg_layout *l,
		     const struct ptdbg_oops *o)
{
	ptdbg_put(t, "    ");
	t->len += ptdbg_explain_address(l, o->r.addr, t->buf + t->len,
					t->size - t->len);
	if (o->cause_id) {
		ptdbg_put(t, "\n    because: ");
		t->len += ptdbg_explain_cause(l, o, t->buf + t->len,
					      t->size - t->len);
	}
	ptdbg_put(t, "\n");
}

static void put_verdicts(struct ptdbg_text *t, const struct ptdbg_layout *l,
			 const struct ptdbg_record *r)
{
	unsigned int i;

	for (i = 0; i < PTDBG_NR_VERDICTS; i++) {
		if (!(r->verdicts & PTDBG_BIT(i)))
			continue;
		ptdbg_put(t, "    !! ");
		t->len += ptdbg_explain_verdict(l, r, i, t->buf + t->len,
						t->size - t->len);
		ptdbg_put(t, "\n");
	}
}

size_t ptdbg_format_record(const struct ptdbg_trace *t,
			   const struct ptdbg_view *v, unsigned int cpu,
			   const char *ip_name, char *buf, size_t size)
{
	bool oops = v->r->id == PTDBG_OOPS;
	struct ptdbg_text text;

	ptdbg_text_init(&text, buf, size);
	put_first_line(&text, t, v, cpu, ip_name);
	if (oops)
		put_oops(&text, &t->layout, (const struct ptdbg_oops *)v->r);
	if (v->vma)
		put_vma(&text, v->vma, v->file);
	if (v->r->id != PTDBG_FREE)
		ptdbg_put_chain(&text, t, v);
	/* The explanation of an oops has said that a pfn is not RAM */
	if (v->page->present && (!oops || v->page->where == PTDBG_WHERE_RAM))
		put_page(&text, t, v->page);
	put_verdicts(&text, &t->layout, v->r);
	return text.len;
}

/* The comment lines of a header, but for the end of the second */
static void put_trace(struct ptdbg_text *text, const struct ptdbg_trace *t)
{
	const struct ptdbg_layout *l = &t->layout;
	unsigned int i;

	ptdbg_put(text, "# ptdbg %s on %s: %s %s, %uK pages, %u levels",
		  t->version, t->release, ptdbg_arch_name(l->mode.arch),
		  l->mode.title, 1U << (l->mode.page_shift - 10),
		  l->mode.levels);
	for (i = 0; i < l->nr_ram && i < PTDBG_MAX_RAM; i++)
		ptdbg_put(text, "%s%llx-%llx", i ? " " : ", RAM pfn ",
			  l->ram[i].first, l->ram[i].last);
	ptdbg_put(text, "\n# struct page %u bytes, pfn 0 at %016llx",
		  l->page_size, l->vmemmap_pfn0);
}

size_t ptdbg_format_trace(const struct ptdbg_trace *t, char *buf, size_t size)
{
	struct ptdbg_text text;

	ptdbg_text_init(&text, buf, size);
	put_trace(&text, t);
	ptdbg_put(&text, "\n");
	return text.len;
}

size_t ptdbg_format_header(const struct ptdbg_trace *t, u64 recorded,
			   u64 overwritten, u64 missed, char *buf, size_t size)
{
	struct ptdbg_text text;

	ptdbg_text_init(&text, buf, size);
	put_trace(&text, t);
	ptdbg_put(&text, "; recorded %llu, overwritten %llu, missed %llu\n",
		  recorded, overwritten, missed);
	return text.len;
}
