// SPDX-License-Identifier: GPL-2.0-only
/*
 * What KASAN says: its reports, and its line in an oops that its own look at the
 * shadow led to.
 *
 * The words are those of mm/kasan/report.c and report_generic.c, 5.4 to 7.2.
 */
#include <string.h>

#include "cause.h"
#include "number.h"

/* "Read of size 4 at addr ffff888003a51010 by task cat/142", "Free of addr ..." */
static void access_line(struct oops *o, const char *line, unsigned int n)
{
	const char *p = oops_after(line, "at addr ");

	if (strncmp(line, "Read of size ", 13) &&
	    strncmp(line, "Write of size ", 14)) {
		p = oops_after(line, "Free of addr ");
		if (!p || p - line > 16)
			return;
	}
	if (!p || !parse_number(p, 16, ~0ULL, &p, &o->addr.value))
		return;
	o->addr.line = n;
	o->access_line = n;
	snprintf(o->access, sizeof(o->access), "%s", line);
}

/* " freed 1024-byte region [ffff888003a51000, ffff888003a51400)" */
static void region_line(struct oops *o, const char *line, unsigned int n)
{
	const char *p = oops_after(line, "-byte region [");
	u64 first, end;

	if (!p || o->region.line || !parse_number(p, 16, ~0ULL, &p, &first) ||
	    strncmp(p, ", ", 2) || !parse_number(p + 2, 16, ~0ULL, &p, &end) ||
	    end <= first)
		return;
	o->region = (struct oops_range){ first, end - 1, n };
}

void kasan_line(struct oops *o, const char *line, unsigned int n)
{
	const char *p = oops_after(line, "KASAN: ");
	u64 first, last;

	p = p ? oops_after(p, " in range [0x") : NULL;
	if (p && parse_number(p, 16, ~0ULL, &p, &first) &&
	    !strncmp(p, "-0x", 3) && parse_number(p + 3, 16, ~0ULL, &p, &last))
		o->kasan = (struct oops_range){ first, last, n };
	if (o->kind != OOPS_KASAN)
		return;
	if (!o->access_line)
		access_line(o, line, n);
	region_line(o, line, n);
	p = oops_after(line, "which belongs to the ");
	if (p && !o->cache_line) {
		snprintf(o->cache, sizeof(o->cache), "%s", p);
		o->cache_line = n;
	}
	p = strncmp(line, "page:", 5) ? NULL : oops_after(line, " pfn:0x");
	if (p && !o->pfn.line && parse_number(p, 16, ~0ULL, &p, &o->pfn.value))
		o->pfn.line = n;
}

static unsigned int class_of(const char *title)
{
	static const struct {
		const char *words;
		unsigned int class;
	} kinds[] = {
		{ "use-after-free", CAUSE_FREED },
		{ "out-of-bounds", CAUSE_BOUNDS },
		{ "double-free", CAUSE_FREE },
		{ "invalid-free", CAUSE_FREE },
		{ "null-ptr-deref", CAUSE_NULL },
		{ "user-memory-access", CAUSE_USER },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strstr(title, kinds[i].words))
			return kinds[i].class;
	return CAUSE_UNKNOWN;
}

static void in_region(const struct oops *o, struct findings *f)
{
	const struct oops_range *r = &o->region;
	u64 addr = o->addr.value;

	if (!r->line || !o->addr.line)
		return;
	if (addr < r->first)
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, r->line,
		      "%llx is %llu bytes before the %llu bytes from %llx",
		      addr, r->first - addr, r->last - r->first + 1, r->first);
	else if (addr > r->last)
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, r->line,
		      "%llx is %llu bytes beyond the %llu bytes from %llx",
		      addr, addr - r->last - 1, r->last - r->first + 1,
		      r->first);
	else
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, r->line,
		      "%llx is %llu bytes into the %llu bytes from %llx", addr,
		      addr - r->first, r->last - r->first + 1, r->first);
}

bool kasan_report(struct cause *c, const struct oops *o, struct findings *f)
{
	const char *what = oops_after(o->title, "KASAN: ");

	if (o->kind != OOPS_KASAN || !what)
		return false;
	c->class = class_of(what);
	c->sure = c->class ? SURE_CERTAIN : SURE_UNKNOWN;
	found(f, TOPIC_FAULT, SURE_CERTAIN, o->head,
	      "no oops: KASAN reports \"%.100s\", and the kernel went on",
	      what);
	if (o->access_line)
		found(f, TOPIC_FAULT, SURE_CERTAIN, o->access_line, "%s",
		      o->access);
	in_region(o, f);
	if (o->cache_line)
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, o->cache_line,
		      "that is of the %s", o->cache);
	/* the kernel shows the first of the pages that were allocated at once */
	if (o->pfn.line)
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, o->pfn.line,
		      "its page, or the first of those it was allocated with, is pfn %llx",
		      o->pfn.value);
	if (c->class == CAUSE_NULL)
		c->offset = o->addr.value;
	return true;
}

/* kasan_non_canonical_hook(): the shadow of an address is at offset + addr / 8 */
bool kasan_shadow(struct cause *c, const struct oops *o, struct findings *f)
{
	u64 first = o->kasan.first;
	/* what the smallest paging mode has is a user address in all */
	unsigned int user_bits = o->arch == PTDBG_X86_64 ? 47 : 36;

	if (!o->kasan.line)
		return false;
	c->sure = SURE_CERTAIN;
	c->class = CAUSE_KASAN;
	found(f, TOPIC_ADDRESS, SURE_CERTAIN, o->kasan.line,
	      "%llx is KASAN's shadow of %llx-%llx, so that is the address that was meant",
	      o->addr.value, first, o->kasan.last);
	if (first < 4096) {
		c->class = CAUSE_NULL;
		c->offset = first;
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, o->kasan.line,
		      "NULL + %llx: in the first page", first);
	} else if (!(first >> user_bits)) {
		c->class = CAUSE_USER;
		found(f, TOPIC_ADDRESS, SURE_CERTAIN, o->kasan.line,
		      "a user address, and the kernel itself touched it");
	}
	return true;
}
