// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stacks of a record, a frame a line, the innermost first, with all the names
 * that there are:
 *
 *	    stack
 *	        exc_page_fault+0x7f
 *	    user stack (no frame pointer)
 *	        401136 /usr/bin/ls+0x1136
 *	        40115b /usr/bin/ls+0x115b
 */
#include "out.h"
#include "output.h"

/* Longest line but for the name. */
#define LINE_MAX_BYTES	128

bool output_stacks;

static void put_head(const char *what, unsigned int end)
{
	char *start = out_room(LINE_MAX_BYTES), *p = start;

	p = put_text(p, what);
	if (end != PTDBG_STACK_WHOLE) {
		p = put_text(p, " (");
		p = put_text(p, ptdbg_stackend_name(end));
		*p++ = ')';
	}
	*p++ = '\n';
	out.len += p - start;
}

static void put_kernel(struct names *names, u64 addr)
{
	char *start = out_room(LINE_MAX_BYTES + NAMES_MAX), *p = start;
	char name[NAMES_MAX];

	p = put_text(p, "        ");
	if (names_kernel(names, addr, name, sizeof(name)))
		p = put_text(p, name);
	else
		p = put_hex(p, addr);
	*p++ = '\n';
	out.len += p - start;
}

static void put_user(struct names *names, const struct ptdbg_record *r,
		     u64 addr, const char *sure)
{
	char *start = out_room(LINE_MAX_BYTES + NAMES_MAX), *p = start;
	char buf[NAMES_MAX];
	const char *name = names_code(names, r, addr, buf);

	p = put_text(p, "        ");
	p = put_text(p, sure);
	p = name ? put_text(p, name) : put_hex(p, addr);
	*p++ = '\n';
	out.len += p - start;
}

void out_stack(struct names *names, const struct event *e)
{
	const struct ptdbg_stack *s = e->v.stack;
	unsigned int i;

	if (!e->known || !s)
		return;
	put_head("    stack", s->kernel_end);
	for (i = 0; i < s->kernel_n; i++)
		put_kernel(names, e->v.kernel[i]);
	if (!s->user_n && s->user_end == PTDBG_STACK_NONE)
		return;
	put_head("    user stack", s->user_end);
	for (i = 0; i < s->user_n; i++) {
		put_user(names, e->v.r, e->v.user[i], "");
		/* a caller, if the function has not called others */
		if (!i && s->link)
			put_user(names, e->v.r, s->link, "? ");
	}
}
