// SPDX-License-Identifier: GPL-2.0-only
/*
 * The records of all CPUs, read from ptdbg.d/ctf.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "records.h"

#define CTF_DIR		PTDBG_DIR "/ctf"

static void add_record(struct records *all, const struct ptdbg_record *r)
{
	if (all->nr % 1024 == 0) {
		all->r = realloc(all->r, (all->nr + 1024) * sizeof(*all->r));
		if (!all->r)
			die("no memory for records");
	}
	all->r[all->nr++] = r;
}

/* One packet; returns its size in bytes. */
static size_t read_packet(struct records *all, const char *from, size_t left,
			  unsigned int cpu)
{
	const struct ptdbg_packet *p = (const void *)from;
	const struct ptdbg_record *r;
	unsigned int n = 0;
	size_t at, end;

	if (left < sizeof(*p) || p->magic != PTDBG_PACKET_MAGIC)
		die("cpu%u: no packet where one should begin", cpu);
	end = p->content_size / 8;
	if (p->packet_size / 8 > left || end > p->packet_size / 8 || p->cpu != cpu)
		die("cpu%u: packet %llu of %zu bytes, cpu %u, does not fit", cpu,
		    p->seq, end, p->cpu);
	for (at = sizeof(*p); at < end; at += r->size) {
		r = (const void *)(from + at);
		if (end - at < sizeof(*r) || r->size < sizeof(*r) ||
		    r->size % 8 || r->size > end - at)
			die("cpu%u: a record of %u bytes does not fit its packet",
			    cpu, r->size);
		if (r->ts < p->ts_begin || r->ts > p->ts_end)
			die("cpu%u: a record is outside the time of its packet", cpu);
		add_record(all, r);
		n++;
	}
	if (n != p->records)
		die("cpu%u: a packet with %u records says %u", cpu, n, p->records);
	all->packets++;
	return p->packet_size / 8;
}

/* The order of equal times is that of the files, which is that of one CPU. */
static int by_time(const void *a, const void *b)
{
	const struct ptdbg_record *x = *(const struct ptdbg_record *const *)a;
	const struct ptdbg_record *y = *(const struct ptdbg_record *const *)b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return x < y ? -1 : x > y;
}

void records_read(struct records *all)
{
	unsigned int cpus = sysconf(_SC_NPROCESSORS_CONF);
	size_t have = 0, at, size;
	size_t end[cpus];
	char path[128], *text;
	unsigned int cpu;

	memset(all, 0, sizeof(*all));
	for (cpu = 0; cpu < cpus; cpu++) {
		snprintf(path, sizeof(path), CTF_DIR "/cpu%u", cpu);
		text = read_file(path, &size);
		if (!text)
			die("cannot read %s: %s", path, strerror(errno));
		all->bytes = realloc(all->bytes, have + size + 1);
		if (!all->bytes)
			die("no memory for records");
		memcpy(all->bytes + have, text, size);
		free(text);
		have += size;
		end[cpu] = have;
	}
	/* only now does nothing move any more */
	for (at = 0, cpu = 0; cpu < cpus; cpu++) {
		while (at < end[cpu])
			at += read_packet(all, all->bytes + at, end[cpu] - at, cpu);
	}
	if (all->nr)
		qsort(all->r, all->nr, sizeof(*all->r), by_time);
}

void records_free(struct records *all)
{
	free(all->r);
	free(all->bytes);
	memset(all, 0, sizeof(*all));
}

const struct ptdbg_chain *record_chain(const struct ptdbg_record *r)
{
	switch (r->id) {
	case PTDBG_FAULT:
		return &((const struct ptdbg_fault *)r)->chain;
	case PTDBG_GUP:
		return &((const struct ptdbg_gup *)r)->chain;
	case PTDBG_SIG:
		return &((const struct ptdbg_sig *)r)->chain;
	case PTDBG_OOPS:
		return &((const struct ptdbg_oops *)r)->chain;
	case PTDBG_FREE:
		return &((const struct ptdbg_free *)r)->chain;
	default:
		return NULL;
	}
}

const __u64 *record_before(const struct ptdbg_record *r)
{
	return (const __u64 *)(record_chain(r) + 1);
}

const __u64 *record_after(const struct ptdbg_record *r)
{
	return record_before(r) + record_chain(r)->before_n;
}

const struct ptdbg_stack *record_stack(const struct ptdbg_record *r)
{
	const struct ptdbg_chain *c = record_chain(r);
	const struct ptdbg_table *table =
		(const void *)(record_after(r) + c->after_n);
	const struct ptdbg_stack *s = (const void *)(table + c->after_n);
	const char *end = (const char *)s;

	if (c->stacks)
		end = (const char *)(record_kernel(r) + s->kernel_n + s->user_n);
	if (r->id == PTDBG_OOPS)
		end += ((const struct ptdbg_oops *)r)->regs * sizeof(struct ptdbg_reg);
	if (end != (const char *)r + r->size || c->stacks > 1)
		die("a record of %u bytes ends at byte %zu, with %u stacks",
		    r->size, (size_t)(end - (const char *)r), c->stacks);
	return c->stacks ? s : NULL;
}

const __u64 *record_kernel(const struct ptdbg_record *r)
{
	const struct ptdbg_chain *c = record_chain(r);
	const struct ptdbg_table *table =
		(const void *)(record_after(r) + c->after_n);

	return (const void *)((const struct ptdbg_stack *)(table + c->after_n) + 1);
}

const __u64 *record_user(const struct ptdbg_record *r)
{
	return record_kernel(r) + record_stack(r)->kernel_n;
}

const struct ptdbg_reg *record_regs(const struct ptdbg_record *r)
{
	const struct ptdbg_oops *o = (const void *)r;

	/* how long the record is has to fit */
	record_stack(r);
	return (const struct ptdbg_reg *)((const char *)r + r->size) - o->regs;
}

const struct ptdbg_record *record_find(const struct records *all, unsigned int id,
				       int tgid, unsigned long addr)
{
	unsigned long mask = ~(sysconf(_SC_PAGESIZE) - 1UL);
	const struct ptdbg_record *r;
	unsigned int i;

	for (i = all->nr; i; i--) {
		r = all->r[i - 1];
		if (r->id == id && (int)r->tgid == tgid &&
		    !((r->addr ^ addr) & mask))
			return r;
	}
	return NULL;
}
