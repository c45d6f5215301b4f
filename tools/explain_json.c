// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `ptdbg explain` says, as JSON.
 */
#include "explain_json.h"

static void statements(struct json_object *top, const struct findings *f)
{
	struct json_object *list = json_add_array(top, "statements"), *one;
	unsigned int n;

	for (n = 0; n < f->n; n++) {
		one = json_add_object(list, NULL);
		json_add_string(one, "about", topic_name(f->item[n].topic));
		json_add_string(one, "sure", sure_name(f->item[n].sure));
		json_add_string(one, "text", f->item[n].text);
		if (f->item[n].line)
			json_add_number(one, "line", f->item[n].line);
	}
}

void explain_json(const struct oops *o, const struct inferred *i,
		  const struct cause *c, const struct findings *f)
{
	struct json_object *top = json_begin();

	json_add_number(top, "first_line", o->first);
	json_add_number(top, "last_line", o->last);
	if (i->mode || o->arch < PTDBG_NR_ARCHES)
		json_add_string(top, "arch", ptdbg_arch_name(i->l.mode.arch));
	if (i->mode)
		json_add_string(top, "mode", i->l.mode.title);
	if (*o->release)
		json_add_string(top, "kernel", o->release);
	if (o->task_line) {
		json_add_string(top, "comm", o->comm);
		json_add_number(top, "pid", o->pid);
		json_add_number(top, "cpu", o->cpu);
	}
	if (*o->ip)
		json_add_string(top, "ip", o->ip);
	if (o->addr.line)
		json_add_hex(top, "address", o->addr.value);
	json_add_string(top, "class", cause_name(c->class));
	json_add_string(top, "sure", sure_name(c->sure));
	if (c->has_pfn)
		json_add_hex(top, "pfn", c->pfn);
	if (c->class == CAUSE_NULL || (c->has_pfn && (c->class == CAUSE_PAGE ||
						      c->class == CAUSE_BAD_PFN)))
		json_add_hex(top, "offset", c->offset);
	statements(top, f);
	json_line(top);
}
