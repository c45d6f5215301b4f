// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stacks of a record as text, a line each, the innermost frame first:
 *
 *	stack do_user_addr_fault+0x1f2 < exc_page_fault+0x7f < asm_exc_page_fault+0x26
 *	user stack 401136 < 40115b < 401180 (no frame pointer)
 *
 * In the second one, "?< ADDRESS" is the link register: a caller, if the function
 * before has not called others.
 */
#include "format.h"
#include "text.h"

/* Longest name of a frame: what is longer is cut */
#define FRAME_MAX	80

static_assert(PTDBG_STACK_TEXT_MAX >
	      PTDBG_STACK_MAX * (FRAME_MAX + 3 + 16 + 3) + 200);

/* Why it ends here, where it is not the end. */
static void put_end(struct ptdbg_text *t, unsigned int end)
{
	if (end != PTDBG_STACK_WHOLE)
		ptdbg_put(t, " (%s)", ptdbg_stackend_name(end));
	ptdbg_put(t, "\n");
}

static void put_kernel(struct ptdbg_text *t, const struct ptdbg_view *v,
		       ptdbg_name_fn fn, void *data)
{
	char name[FRAME_MAX];
	unsigned int i;

	ptdbg_put(t, "    stack");
	for (i = 0; i < v->stack->kernel_n; i++) {
		ptdbg_put(t, "%s", i ? " < " : " ");
		if (fn && fn(data, v->kernel[i], name, sizeof(name)))
			ptdbg_put(t, "%s", name);
		else
			ptdbg_put(t, "%llx", v->kernel[i]);
	}
	put_end(t, v->stack->kernel_end);
}

static void put_user(struct ptdbg_text *t, const struct ptdbg_view *v)
{
	unsigned int i;

	ptdbg_put(t, "    user stack");
	for (i = 0; i < v->stack->user_n; i++) {
		ptdbg_put(t, "%s%llx", i ? " < " : " ", v->user[i]);
		if (!i && v->stack->link)
			ptdbg_put(t, " ?< %llx", v->stack->link);
	}
	put_end(t, v->stack->user_end);
}

size_t ptdbg_format_stack(const struct ptdbg_view *v, ptdbg_name_fn name,
			  void *data, char *buf, size_t size)
{
	struct ptdbg_text text;

	ptdbg_text_init(&text, buf, size);
	if (!v->stack)
		return 0;
	put_kernel(&text, v, name, data);
	if (v->stack->user_n || v->stack->user_end != PTDBG_STACK_NONE)
		put_user(&text, v);
	return text.len;
}
