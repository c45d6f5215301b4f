// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the address of an oops is.
 */
#include <stdio.h>
#include <string.h>

#include "cause.h"
#include "poison.h"

/* Members lie that far behind the pointer to their struct, most of them */
#define MEMBER_MAX	0x1000

const char *cause_name(unsigned int class)
{
	static const char *const names[NR_CAUSES] = {
		[CAUSE_UNKNOWN] = "unknown",
		[CAUSE_NO_ADDRESS] = "no address",
		[CAUSE_NULL] = "NULL",
		[CAUSE_USER] = "user",
		[CAUSE_NONCANON] = "not canonical",
		[CAUSE_POISON] = "poison",
		[CAUSE_ERROR] = "error pointer",
		[CAUSE_KASAN] = "KASAN shadow",
		[CAUSE_PAGE] = "struct page",
		[CAUSE_BAD_PFN] = "invalid pfn",
		[CAUSE_STACK] = "stack overflow",
		[CAUSE_INIT] = "init memory",
		[CAUSE_DIRECT] = "direct map",
		[CAUSE_BEYOND] = "beyond RAM",
		[CAUSE_VMALLOC] = "vmalloc",
		[CAUSE_MODULES] = "modules",
		[CAUSE_IMAGE] = "kernel image",
		[CAUSE_FIXMAP] = "fixmap",
		[CAUSE_FREED] = "use after free",
		[CAUSE_BOUNDS] = "out of bounds",
		[CAUSE_FREE] = "bad free",
	};

	return names[class];
}

static void is(struct cause *c, unsigned int class, enum sure sure)
{
	c->class = class;
	c->sure = sure;
}

static const char *access_words(const struct cause *c)
{
	switch (c->has_hw ? c->hw.access : PTDBG_ACCESS_UNKNOWN) {
	case PTDBG_ACCESS_READ:
		return "read";
	case PTDBG_ACCESS_WRITE:
		return "write";
	case PTDBG_ACCESS_EXEC:
		return "instruction fetch";
	default:
		return "access";
	}
}

static void hardware(struct cause *c, const struct oops *o,
		     const struct inferred *i, struct findings *f)
{
	const struct ptdbg_mode *m = &i->l.mode;
	unsigned int line = 0, at;
	int level = 4;

	if (o->arch == PTDBG_X86_64 && o->code.line &&
	    (o->kind == OOPS_PAGING || o->kind == OOPS_NULL)) {
		hwcode_x86(o->code.value, &c->hw);
		line = o->code.line;
	} else if (o->arch == PTDBG_ARM64 && o->esr.line) {
		hwcode_arm64(o->esr.value, &c->hw, &level);
		line = o->esr.line;
	} else if (o->arch == PTDBG_RISCV64 && o->cause.line) {
		hwcode_riscv64(o->cause.value, &c->hw);
		line = o->cause.line;
	}
	if (!line)
		return;
	c->has_hw = true;
	found(f, TOPIC_FAULT, SURE_CERTAIN, line, "%s", c->hw.text);
	/* level 3 is the last, whatever the number of levels */
	at = m->levels + level - 4;
	if (level < 4 && i->mode && at < m->levels)
		found(f, TOPIC_FAULT, i->mode, line,
		      "level %d of the lookup is the %s", level,
		      ptdbg_level_name(m, at));
}

static bool stack_overflow(struct cause *c, const struct oops *o,
			   struct findings *f)
{
	u64 below = o->stack.first - o->addr.value;

	if (o->kind != OOPS_STACK)
		return false;
	is(c, CAUSE_STACK, SURE_CERTAIN);
	found(f, TOPIC_ADDRESS, SURE_CERTAIN, o->head,
	      "stack overflow: the kernel says so");
	if (o->stack.line && o->addr.line && o->addr.value < o->stack.first &&
	    below <= STACK_BYTES)
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, o->stack.line,
		      "%llx is %llx below the task's stack %llx-%llx: its guard page",
		      o->addr.value, below, o->stack.first, o->stack.last);
	return true;
}

static bool no_address(struct cause *c, const struct oops *o,
		       struct findings *f)
{
	/* "Oops - load access fault": riscv says the address with the others */
	bool access = o->arch == PTDBG_RISCV64 && c->has_hw &&
		      c->hw.access != PTDBG_ACCESS_UNKNOWN;

	if (o->addr.line && (o->kind != OOPS_OTHER || access))
		return false;
	if (o->kind == OOPS_OTHER && o->head) {
		is(c, CAUSE_NO_ADDRESS, c->has_hw && c->hw.page ?
		   SURE_POSSIBLE : SURE_LIKELY);
		found(f, TOPIC_ADDRESS, c->sure, o->head,
		      "not about an address: \"%.100s\"", o->title);
	} else {
		found(f, TOPIC_ADDRESS, SURE_UNKNOWN, o->head,
		      "the text does not have the address");
	}
	return true;
}

/* x86 does not say the address of a jump to what is none, but it has jumped */
static bool wild_jump(struct cause *c, const struct oops *o,
		      const struct inferred *i, struct findings *f)
{
	char text[160];
	enum sure sure;
	u64 ip;

	if (o->kind != OOPS_GPF || o->addr.line || strncmp(o->ip, "0x", 2) ||
	    !oops_hex(o->ip, &ip) || !i->mode ||
	    ptdbg_address_valid(&i->l.mode, ip))
		return false;
	sure = poison_find(ip, 0, text, sizeof(text));
	is(c, sure ? CAUSE_POISON : CAUSE_NONCANON, sure ? sure : i->mode);
	if (sure)
		found(f, TOPIC_ADDRESS, sure, o->ip_line, "%llx: %s", ip, text);
	found(f, TOPIC_ADDRESS, i->mode, o->ip_line,
	      "a jump to %llx, which is no address at all in %s", ip,
	      i->l.mode.title);
	return true;
}

static bool wild(struct cause *c, const struct oops *o, struct findings *f)
{
	u64 addr = o->addr.value;
	unsigned int error = error_pointer(addr);
	char text[160], chars[9];
	enum sure sure = poison_find(addr, MEMBER_MAX, text, sizeof(text));

	/* arm64 tells user addresses without their top byte, the tag */
	if (!sure && o->arch == PTDBG_ARM64 && !(addr >> 56))
		sure = poison_find(addr | (addr & 0xffULL << 48) << 8,
				   MEMBER_MAX, text, sizeof(text));
	if (sure) {
		is(c, CAUSE_POISON, sure);
		found(f, TOPIC_ADDRESS, sure, o->addr.line, "%llx: %s", addr,
		      text);
		return true;
	}
	if (error) {
		is(c, CAUSE_ERROR, SURE_LIKELY);
		found(f, TOPIC_ADDRESS, SURE_LIKELY, o->addr.line,
		      "%llx: an error number used as a pointer, ERR_PTR(-%u) or one with a member's offset",
		      addr, error);
		return true;
	}
	if (looks_like_text(addr, chars))
		found(f, TOPIC_ADDRESS, SURE_POSSIBLE, o->addr.line,
		      "the address is the text \"%s\": a pointer was overwritten",
		      chars);
	return false;
}

/* Arm ARM D8.8: the top byte is not translated where TBI is on; KASAN tags */
static void tagged(const struct oops *o, const struct inferred *i,
		   struct findings *f)
{
	u64 top = o->addr.value >> 56, plain = o->addr.value | 0xffULL << 56;

	if (i->l.mode.arch != PTDBG_ARM64 || top < 0xf0 || top == 0xff ||
	    !ptdbg_address_valid(&i->l.mode, plain))
		return;
	found(f, TOPIC_ADDRESS, SURE_POSSIBLE, o->addr.line,
	      "%llx with the tag %llx in its top byte (KASAN or MTE)", plain,
	      top);
}

static void noncanon(struct cause *c, const struct oops *o,
		     const struct inferred *i, struct findings *f)
{
	enum sure sure = i->mode;

	/* x86: the kernel saw it itself: __is_canonical_address() */
	if (o->kind == OOPS_GPF && strstr(o->title, "probably for non-canon"))
		sure = SURE_CERTAIN;
	is(c, CAUSE_NONCANON, sure);
	found(f, TOPIC_ADDRESS, sure, o->addr.line,
	      "%llx is no address at all in %s: what was used is no pointer",
	      o->addr.value, i->l.mode.title);
	tagged(o, i, f);
}

static void put_user(struct cause *c, const struct oops *o,
		     const struct inferred *i, struct findings *f)
{
	bool says = o->kind == OOPS_UACCESS;
	unsigned int least = o->arch == PTDBG_X86_64 ? 47 : 36;

	/* what the smallest mode has is a user address in all */
	is(c, CAUSE_USER, says || !(o->addr.value >> least) ? SURE_CERTAIN :
	   i->mode ? i->mode : SURE_POSSIBLE);
	if (o->user_mode || (c->has_hw && c->hw.user && !says)) {
		found(f, TOPIC_ADDRESS, c->sure, o->addr.line,
		      "%llx is a user address, accessed from user mode",
		      o->addr.value);
		return;
	}
	found(f, TOPIC_ADDRESS, c->sure, o->addr.line,
	      "%llx is a user address, and the kernel itself touched it (%s)",
	      o->addr.value, access_words(c));
	if (says)
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, o->head,
		      "not by the functions that are made for it (uaccess)");
	else if (o->arch == PTDBG_X86_64 && c->has_hw && c->hw.present)
		found(f, TOPIC_ADDRESS, SURE_LIKELY, o->code.line,
		      "the page is present: %s forbids the access",
		      c->hw.access == PTDBG_ACCESS_EXEC ? "SMEP" : "SMAP");
}

/* A page below the stack, when stacks are of the usual size and aligned to it */
static bool near_stack(struct cause *c, const struct oops *o,
		       struct findings *f, enum sure areas)
{
	const struct oops_reg *sp = oops_register(o, "sp");
	u64 base;

	if (!sp)
		sp = oops_register(o, "RSP");
	if (!sp)
		return false;
	base = sp->value & ~(STACK_BYTES - 1ULL);
	if (o->addr.value < base && base - o->addr.value <= 0x1000 &&
	    sp->value - base < 0x800) {
		is(c, CAUSE_STACK, weakest(areas, SURE_POSSIBLE));
		found(f, TOPIC_ADDRESS, c->sure, sp->line,
		      "stack overflow: %llx is in the page below the stack that sp is in, if stacks have 16 KiB",
		      o->addr.value);
		return true;
	}
	if (o->addr.value - base < STACK_BYTES) {
		found(f, TOPIC_ADDRESS, weakest(areas, SURE_POSSIBLE), sp->line,
		      "close to sp: the task's vmapped stack");
	}
	return false;
}

static bool init_memory(struct cause *c, const struct oops *o,
			const struct oops_boot *b, const struct inferred *i,
			struct findings *f)
{
	const char *after = i->l.mode.arch == PTDBG_ARM64 ?
		"arm64 unmaps it when it frees it after boot" :
		"it is freed after boot, and filled with cc";

	if (!i->has_init || o->addr.value < i->init.first ||
	    o->addr.value > i->init.last)
		return false;
	is(c, CAUSE_INIT, SURE_CERTAIN);
	found(f, TOPIC_ADDRESS, SURE_CERTAIN, i->init.line,
	      "%llx is init memory (%llx-%llx): %s", o->addr.value,
	      i->init.first, i->init.last, after);
	if (b->init_freed)
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, b->init_freed,
		      "the kernel had freed it");
	return true;
}

/* The hardware says so, or, on riscv, does not contradict it */
static bool not_mapped(const struct cause *c)
{
	return c->has_hw && c->hw.page && !c->hw.present;
}

static void put_page(struct cause *c, const struct oops *o,
		     const struct inferred *i, const struct ptdbg_place *p,
		     struct findings *f)
{
	const struct ptdbg_member *m = ptdbg_layout_member(&i->l, p->offset);
	u64 first = i->ram_first >> i->l.mode.page_shift;
	enum sure sure = weakest(i->vmemmap, SURE_CERTAIN);
	char member[48] = "";

	c->pfn = p->pfn;
	c->offset = p->offset;
	c->has_pfn = true;
	if (m && p->offset && m->offset == p->offset)
		snprintf(member, sizeof(member), " + %llx (%s)", p->offset,
			 m->name);
	else if (p->offset)
		snprintf(member, sizeof(member), " + %llx (in %s)", p->offset,
			 m ? m->name : "?");
	/* whoever asks for pfn 0 exactly has an empty entry, or a zeroed one */
	if (sure == SURE_POSSIBLE && !p->pfn && o->arch == PTDBG_RISCV64)
		sure = SURE_LIKELY;
	is(c, CAUSE_PAGE, sure);
	found(f, TOPIC_ADDRESS, sure, o->addr.line,
	      "%llx is the struct page of pfn %llx%s: %llx + %llx * %x",
	      o->addr.value, p->pfn, member, i->l.vmemmap_pfn0, p->pfn,
	      i->l.page_size);
	if (i->l.nr_ram && !p->ram) {
		c->class = CAUSE_BAD_PFN;
		c->sure = weakest(sure, i->ram);
		found(f, TOPIC_ADDRESS, c->sure, 0,
		      "pfn %llx is not RAM: pfn_to_page() was given a bad pfn",
		      p->pfn);
	} else if (!i->l.nr_ram && i->ram_start && p->pfn < first) {
		c->class = CAUSE_BAD_PFN;
		c->sure = weakest(sure, i->ram_start == SURE_POSSIBLE &&
				  sure == SURE_LIKELY ? sure : i->ram_start);
		found(f, TOPIC_ADDRESS, c->sure, 0,
		      "pfn %llx is below the first RAM (pfn %llx): pfn_to_page() was given a bad pfn",
		      p->pfn, first);
	} else if (!i->l.nr_ram && not_mapped(c)) {
		/* sparsemem maps the struct pages of all memory there is */
		is(c, CAUSE_BAD_PFN, weakest(sure, SURE_LIKELY));
		found(f, TOPIC_ADDRESS, c->sure, 0,
		      "pfn %llx is no memory: its struct page is not mapped",
		      p->pfn);
	} else if (!i->l.nr_ram) {
		found(f, TOPIC_ADDRESS, SURE_UNKNOWN, 0,
		      "whether pfn %llx is RAM: the text does not tell",
		      p->pfn);
	}
}

static void put_direct(struct cause *c, const struct oops *o,
		       const struct inferred *i, const struct ptdbg_place *p,
		       struct findings *f)
{
	is(c, CAUSE_DIRECT, i->areas);
	if (!i->direct) {
		found(f, TOPIC_ADDRESS, i->areas, o->addr.line,
		      "%llx is in the direct map; where that begins is not known",
		      o->addr.value);
		return;
	}
	c->pfn = p->pfn;
	c->has_pfn = true;
	found(f, TOPIC_ADDRESS, weakest(i->areas, i->direct), o->addr.line,
	      "%llx is in the direct map: pfn %llx", o->addr.value, p->pfn);
	if (!i->l.nr_ram) {
		found(f, TOPIC_ADDRESS, not_mapped(c) ? SURE_POSSIBLE :
		      SURE_UNKNOWN, 0, not_mapped(c) ?
		      "pfn %llx is no RAM, or was taken out of the direct map" :
		      "whether pfn %llx is RAM: the text does not tell", p->pfn);
		return;
	}
	if (!p->ram)
		is(c, CAUSE_BEYOND, weakest(weakest(i->areas, i->direct),
					    i->ram));
	found(f, TOPIC_ADDRESS, weakest(weakest(i->areas, i->direct), i->ram),
	      0, p->ram ? "pfn %llx is RAM, yet not mapped there, or not so" :
	      "pfn %llx is not RAM", p->pfn);
}

static void put_kernel(struct cause *c, const struct oops *o,
		       const struct inferred *i, struct findings *f)
{
	static const unsigned int classes[PTDBG_NR_CLASSES] = {
		[PTDBG_CLASS_VMALLOC] = CAUSE_VMALLOC,
		[PTDBG_CLASS_MODULES] = CAUSE_MODULES,
		[PTDBG_CLASS_IMAGE] = CAUSE_IMAGE,
		[PTDBG_CLASS_FIXMAP] = CAUSE_FIXMAP,
	};
	struct ptdbg_place p = { 0 };

	if (i->mode && (i->areas || i->vmemmap))
		ptdbg_classify(&i->l, o->addr.value, &p);
	if (p.class == PTDBG_CLASS_VMEMMAP && i->vmemmap) {
		put_page(c, o, i, &p, f);
		return;
	}
	switch (p.class) {
	case PTDBG_CLASS_DIRECT:
		put_direct(c, o, i, &p, f);
		return;
	case PTDBG_CLASS_UNKNOWN:
		break;
	case PTDBG_CLASS_VMEMMAP:
		is(c, CAUSE_PAGE, i->areas);
		found(f, TOPIC_ADDRESS, i->areas, o->addr.line,
		      "%llx is in the vmemmap: a struct page; of which pfn is not known",
		      o->addr.value);
		return;
	default:
		if (p.class == PTDBG_CLASS_VMALLOC &&
		    near_stack(c, o, f, i->areas))
			return;
		is(c, classes[p.class], i->areas);
		found(f, TOPIC_ADDRESS, i->areas, o->addr.line, "%llx is in the %s area%s",
		      o->addr.value, ptdbg_class_name(p.class),
		      p.class != PTDBG_CLASS_VMALLOC ||
		      (c->has_hw && c->hw.page && c->hw.present) ? "" :
		      i->l.mode.arch == PTDBG_ARM64 ?
		      ", where arm64 has its image too" :
		      ": freed there, or beyond an end");
		return;
	}
	found(f, TOPIC_ADDRESS, SURE_UNKNOWN, o->addr.line,
	      "%llx is a kernel address; in which area is not known",
	      o->addr.value);
}

static void access_finding(const struct cause *c, const struct oops *o,
			   struct findings *f)
{
	if (!c->has_hw || !c->hw.page || !c->hw.present ||
	    !(o->addr.value >> 63))
		return;
	if (c->hw.access == PTDBG_ACCESS_WRITE)
		found(f, TOPIC_FAULT, SURE_LIKELY, 0,
		      "it is mapped, read-only: kernel text, read-only data or the like");
	else if (c->hw.access == PTDBG_ACCESS_EXEC)
		found(f, TOPIC_FAULT, SURE_LIKELY, 0,
		      "it is mapped, not executable: a jump into data");
}

void cause_find(struct cause *c, const struct oops *o,
		const struct oops_boot *b, const struct inferred *i,
		struct findings *f)
{
	unsigned int shift = i->mode ? i->l.mode.page_shift : 12;

	memset(c, 0, sizeof(*c));
	hardware(c, o, i, f);
	access_finding(c, o, f);
	if (kasan_report(c, o, f) || stack_overflow(c, o, f) ||
	    wild_jump(c, o, i, f) || no_address(c, o, f) ||
	    kasan_shadow(c, o, f))
		return;
	if (!(o->addr.value >> shift) || o->kind == OOPS_NULL) {
		is(c, CAUSE_NULL, SURE_CERTAIN);
		c->offset = o->addr.value;
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, o->addr.line,
		      "NULL + %llx: in the first page", o->addr.value);
		if (o->addr.value)
			found(f, TOPIC_ADDRESS, SURE_LIKELY, o->addr.line,
			      "the %s was of a member at offset %llx, through a NULL pointer",
			      access_words(c), o->addr.value);
		return;
	}
	if (wild(c, o, f) || init_memory(c, o, b, i, f))
		return;
	if (i->mode && !ptdbg_address_valid(&i->l.mode, o->addr.value))
		noncanon(c, o, i, f);
	else if (!(o->addr.value >> 63))
		put_user(c, o, i, f);
	else
		put_kernel(c, o, i, f);
}
