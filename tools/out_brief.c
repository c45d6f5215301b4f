// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line a record:
 *
 *	[  281.915960] cpu0 ls/802 fault 3fbd117000 w:user anon PTE 830df +1 ok 12.345us ip 3fbd0042
 *	[  281.916012] cpu0 ls/802 fault 2f919018 r:user file PTE 830e0 ok 9.345us in /bin/ls+0x2018
 *
 * time, CPU, task, type, address; who wanted what; vma; the level where the
 * chain ends and the pfn there, or why there is none; table pages that are new;
 * result and time; instruction; file that the address is in; verdicts.
 */
#include "out.h"
#include "output.h"

#define FAULT_FLAG_WRITE	0x1
#define FAULT_FLAG_USER		0x40
#define FAULT_FLAG_INSTRUCTION	0x100

/* Longest line but for the names of instruction and file. */
#define LINE_MAX_BYTES	1024

bool output_colour;

#define RED	"\033[31m"
#define PLAIN	"\033[0m"

static void begin(const struct reader *rd)
{
	(void)rd;
}

static char *put_time(char *p, u64 ts)
{
	*p++ = '[';
	p = put_dec_pad(p, ts / 1000000000, 5, ' ');
	*p++ = '.';
	p = put_dec_pad(p, ts / 1000 % 1000000, 6, '0');
	return put_text(p, "] cpu");
}

static char *put_head(char *p, const struct event *e)
{
	const struct ptdbg_record *r = e->v.r;
	char comm[PTDBG_COMM_LEN + 1];

	p = put_time(p, r->ts);
	p = put_dec(p, e->cpu);
	*p++ = ' ';
	ptdbg_comm(r->comm, comm);
	p = put_text(p, comm);
	*p++ = '/';
	p = put_dec(p, r->pid);
	*p++ = ' ';
	if (!e->known) {
		p = put_text(p, "type");
		p = put_dec(p, r->id);
	} else {
		p = put_text(p, ptdbg_type_name(r->id));
	}
	*p++ = ' ';
	return put_hex(p, r->addr);
}

static char *put_access(char *p, const struct ptdbg_record *r)
{
	const struct ptdbg_fault *f = (const void *)r;

	if (r->id == PTDBG_OOPS) {
		*p++ = ' ';
		return put_text(p, ptdbg_access_name(((const struct ptdbg_oops *)r)->access));
	}
	if (r->id != PTDBG_FAULT)
		return p;
	*p++ = ' ';
	*p++ = f->flags & FAULT_FLAG_INSTRUCTION ? 'x' :
	       f->flags & FAULT_FLAG_WRITE ? 'w' : 'r';
	p = put_text(p, f->flags & FAULT_FLAG_USER ? ":user" : ":kernel");
	return f->remote ? put_text(p, ":remote") : p;
}

/* Where the chain ends, and in what */
static char *put_end(char *p, const struct ptdbg_mode *m,
		     const struct ptdbg_view *v)
{
	const struct ptdbg_chain *c = v->chain;
	unsigned int fresh = __builtin_popcount(c->fresh);

	if (c->after_n) {
		*p++ = ' ';
		p = put_text(p, ptdbg_level_name(m, c->after_n - 1));
	}
	*p++ = ' ';
	if (v->page->present)
		p = put_hex(p, v->page->pfn);
	else
		p = put_text(p, ptdbg_stop_name(c->after_stop));
	if (!fresh)
		return p;
	p = put_text(p, " +");
	return put_dec(p, fresh);
}

static char *put_result(char *p, const struct ptdbg_fault *f)
{
	u32 left = f->result;
	const char *name;
	unsigned int bit;

	if (f->result == PTDBG_RESULT_DIED)
		return put_text(p, " died");
	if (!left)
		p = put_text(p, " ok");
	for (; left; left &= left - 1) {
		bit = __builtin_ctz(left);
		name = ptdbg_fault_result_name(bit);
		*p++ = left == f->result ? ' ' : '|';
		if (name) {
			p = put_text(p, name);
		} else {
			p = put_text(p, "0x");
			p = put_hex(p, PTDBG_BIT(bit));
		}
	}
	p = put_text(p, f->duration == ~0U ? " >" : " ");
	p = put_dec(p, f->duration / 1000);
	*p++ = '.';
	p = put_dec_pad(p, f->duration % 1000, 3, '0');
	return put_text(p, "us");
}

static char *put_verdicts(char *p, u32 verdicts)
{
	const char *name, *sep = " !";

	for (; verdicts; verdicts &= verdicts - 1) {
		p = put_text(p, sep);
		name = ptdbg_verdict_name(__builtin_ctz(verdicts));
		for (; *name; name++)
			*p++ = *name == ' ' ? '_' : *name;
		sep = ",";
	}
	return p;
}

static void record(const struct reader *rd, struct names *names,
		   const struct event *e)
{
	char *start = out_room(LINE_MAX_BYTES + 2 * NAMES_MAX), *p = start;
	const struct ptdbg_record *r = e->v.r;
	char name[NAMES_MAX];
	const char *ip, *file;

	if (output_colour && r->verdicts)
		p = put_text(p, RED);
	p = put_head(p, e);
	if (e->known) {
		p = put_access(p, r);
		if (e->v.vma) {
			*p++ = ' ';
			p = put_text(p, e->v.vma->kind ?
				     ptdbg_vmakind_name(e->v.vma->kind) : "novma");
		}
		p = put_end(p, &rd->meta.trace.layout.mode, &e->v);
		if (r->id == PTDBG_FAULT)
			p = put_result(p, (const void *)r);
	}
	ip = names_ip(names, r, name);
	if (ip || r->ip) {
		p = put_text(p, " ip ");
		p = ip ? put_text(p, ip) : put_hex(p, r->ip);
	}
	file = names_data(names, &e->v, rd->meta.trace.layout.mode.page_shift,
			  name);
	if (file) {
		p = put_text(p, " in ");
		p = put_text(p, file);
	}
	if (r->verdicts)
		p = put_verdicts(p, r->verdicts);
	if (output_colour && r->verdicts)
		p = put_text(p, PLAIN);
	*p++ = '\n';
	out.len += p - start;
	if (output_stacks)
		out_stack(names, e);
}

const struct output output_brief = { begin, record };
