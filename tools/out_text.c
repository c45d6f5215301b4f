// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records as /sys/kernel/debug/ptdbg shows them.
 */
#include "out.h"
#include "output.h"

/* Of as many registers as a length of 8 bits allows. */
#define REGS_MAX	((256 / PTDBG_REGS_MAX + 1) * PTDBG_REGS_TEXT_MAX)

/* A later ptdbg may record as many frames as a length of 8 bits allows. */
#define STACKS_MAX	((256 / PTDBG_STACK_MAX + 1) * PTDBG_STACK_TEXT_MAX)

static void begin(const struct reader *rd)
{
	out.len += ptdbg_format_trace(&rd->meta.trace, out_room(PTDBG_TEXT_MAX),
				      PTDBG_TEXT_MAX);
}

size_t out_text_record(const struct ptdbg_trace *t, const struct ptdbg_view *v,
		       unsigned int cpu, struct names *names, char *buf)
{
	char name[NAMES_MAX], file[NAMES_MAX];
	struct ptdbg_view named = *v;

	named.file = names_data(names, v, t->layout.mode.page_shift, file);
	return ptdbg_format_record(t, &named, cpu, names_ip(names, v->r, name),
				   buf, PTDBG_TEXT_MAX);
}

static void record(const struct reader *rd, struct names *names,
		   const struct event *e)
{
	if (!e->known)
		return;
	out.len += out_text_record(&rd->meta.trace, &e->v, e->cpu, names,
				   out_room(PTDBG_TEXT_MAX));
	if (output_stacks) {
		out_stack(names, e);
	} else if (e->v.stack) {
		out.len += ptdbg_format_stack(&e->v, names_kernel, names,
					      out_room(STACKS_MAX), STACKS_MAX);
	}
	if (e->v.regs)
		out.len += ptdbg_format_regs(&rd->meta.trace, &e->v, names_address, names,
					     out_room(REGS_MAX), REGS_MAX);
}

const struct output output_text = { begin, record };
