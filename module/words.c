// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last words: what the console says when the kernel dies.
 *
 * A few lines: what the address is, the last records of the task and of the CPU
 * (oops_records= of each), what explains it, which faults are in flight.
 *
 * Whoever speaks may have been stopped anywhere, and others with it: no lock is
 * taken, nothing is allocated, all that is read is either ours or read so that it
 * may fault, and the loops are bounded: the newest packets of each CPU, the slots
 * of the faults in flight.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "core/explain.h"
#include "words.h"

/* Packets that are looked through, on each CPU. */
#define LOOK_BACK	2

/* Faults in flight that are named; the others are counted. */
#define FLIGHTS		4

static unsigned int records_wanted;

/**
 * ptdbg_words_look_back() - go through the newest packets of every CPU
 * @w: ours
 * @fn: called for each record, in no order across CPUs
 * @data: for @fn
 *
 * Context: any.
 */
void ptdbg_words_look_back(struct ptdbg_words *w, ptdbg_look_fn fn, void *data)
{
	const struct ptdbg_record *r;
	u64 oldest, newest, seq;
	unsigned int cpu;
	int bytes, at;

	for_each_possible_cpu(cpu) {
		ptdbg_ring_range(cpu, &oldest, &newest);
		seq = newest >= LOOK_BACK ? newest - LOOK_BACK + 1 : 1;
		for (seq = max(seq, oldest); seq <= newest; seq++) {
			bytes = ptdbg_ring_peek(cpu, seq, w->packet);
			at = sizeof(*w->packet);
			while (at + (int)sizeof(*r) <= bytes) {
				r = (void *)((char *)w->packet + at);
				if (r->size < sizeof(*r) || r->size % 8 ||
				    at + r->size > bytes)
					break;
				fn(r, cpu, data);
				at += r->size;
			}
		}
	}
}

NOKPROBE_SYMBOL(ptdbg_words_look_back);

/*
 * Keep @r, which may push out the oldest: the order is that of time.  A coarse clock
 * gives several the same; then the one that comes later is newer.
 */
static void keep(struct ptdbg_recent *k, const struct ptdbg_record *r,
		 unsigned int cpu)
{
	unsigned int i = k->nr;

	if (i == records_wanted) {
		if (!i || r->ts < k->of[0].r.ts)
			return;
		memmove(&k->of[0], &k->of[1], --i * sizeof(k->of[0]));
	} else {
		k->nr++;
	}
	for (; i && k->of[i - 1].r.ts > r->ts; i--)
		k->of[i] = k->of[i - 1];
	memcpy(k->of[i].bytes, r, r->size);
	k->of[i].cpu = cpu;
}

/* The records of the task, and what others did on its CPU. */
static void keep_recent(const struct ptdbg_record *r, unsigned int cpu, void *data)
{
	struct ptdbg_words *w = data;

	if (r->size > sizeof(w->task.of[0].bytes))
		return;
	/* what the words begin with */
	if (r->id == PTDBG_OOPS && w->oops.r.id && r->ts == w->oops.r.ts)
		return;
	if (r->pid == w->pid)
		keep(&w->task, r, cpu);
	else if (cpu == w->cpu)
		keep(&w->others, r, cpu);
}

/* The first line of a record, what it is about, and what is wrong with it. */
static void say_record(struct ptdbg_words *w, const struct ptdbg_kept *k)
{
	const struct ptdbg_record *r = &k->r;
	unsigned long bits = r->verdicts;
	struct ptdbg_view v;
	unsigned int i;
	char *end;

	if (!ptdbg_view(r, r->size, &v))
		return;
	ptdbg_format_record(&ptdbg.trace, &v, k->cpu, NULL, w->text, sizeof(w->text));
	end = strchr(w->text, '\n');
	if (end)
		*end = '\0';
	pr_emerg("%s\n", w->text);
	for_each_set_bit(i, &bits, PTDBG_NR_VERDICTS) {
		ptdbg_explain_verdict(&ptdbg.trace.layout, r, i, w->text, sizeof(w->text));
		pr_emerg("    !! %s\n", w->text);
	}
}

/* Both, by time. */
static void say_records(struct ptdbg_words *w)
{
	const struct ptdbg_recent *a = &w->task, *b = &w->others;
	unsigned int i = 0, j = 0;

	while (i < a->nr || j < b->nr) {
		if (j == b->nr || (i < a->nr && a->of[i].r.ts <= b->of[j].r.ts))
			say_record(w, &a->of[i++]);
		else
			say_record(w, &b->of[j++]);
	}
}

static const char *wish(u32 flags)
{
	if (flags & FAULT_FLAG_INSTRUCTION)
		return "exec";
	return flags & FAULT_FLAG_WRITE ? "write" : "read";
}

/* A frozen recording does not see faults end. */
static void say_flights(void)
{
	struct ptdbg_aloft of[FLIGHTS];
	unsigned int i, n, nr;
	u64 now = ktime_get_mono_fast_ns();
	char comm[PTDBG_COMM_LEN + 1];
	u64 us;

	if (READ_ONCE(ptdbg.state) != PTDBG_RECORDING)
		return;
	nr = ptdbg_flight_look(of, FLIGHTS);
	n = min_t(unsigned int, nr, FLIGHTS);
	for (i = 0; i < n; i++) {
		us = (now - of[i].start) / 1000;
		ptdbg_comm(of[i].comm, comm);
		pr_emerg("in flight: %s/%u fault %llx %s, for %llu.%03llu ms\n", comm,
			 of[i].pid, of[i].addr, wish(of[i].flags), us / 1000, us % 1000);
	}
	if (nr > n)
		pr_emerg("in flight: %u more\n", nr - n);
}

/**
 * ptdbg_words_say() - say them
 * @w: ours; with @oops.r.id set: about that oops
 * @what: "oops" or "panic", for when there is no such record
 *
 * Context: any.
 */
void ptdbg_words_say(struct ptdbg_words *w, const char *what)
{
	const struct ptdbg_layout *l = &ptdbg.trace.layout;
	const struct ptdbg_oops *o = (const struct ptdbg_oops *)&w->oops;
	char comm[PTDBG_COMM_LEN + 1];

	w->pid = current->pid;
	w->cpu = raw_smp_processor_id();
	w->task.nr = 0;
	w->others.nr = 0;
	if (o->r.id) {
		ptdbg_explain_address(l, o->r.addr, w->text, sizeof(w->text));
		pr_emerg("%llx: %s\n", o->r.addr, w->text);
	}
	if (records_wanted)
		ptdbg_words_look_back(w, keep_recent, w);
	if (!o->r.id && records_wanted) {
		ptdbg_comm(current->comm, comm);
		pr_emerg("%s: %s records of %s/%u and of cpu%u\n", what,
			 w->task.nr + w->others.nr ? "the last" : "there are no",
			 comm, w->pid, w->cpu);
	}
	say_records(w);
	if (o->r.id && ptdbg_explain_cause(l, o, w->text, sizeof(w->text)))
		pr_emerg("because: %s\n", w->text);
	say_flights();
}

/**
 * ptdbg_words_init() - get the room for them
 * @w: whose
 * @records: of the task, and of the CPU
 *
 * Return: 0 or -ENOMEM.
 */
int ptdbg_words_init(struct ptdbg_words *w, unsigned int records)
{
	records_wanted = records;
	w->packet = kvmalloc(PTDBG_PACKET_BYTES, GFP_KERNEL);
	w->task.of = kvcalloc(records + 1, sizeof(*w->task.of), GFP_KERNEL);
	w->others.of = kvcalloc(records + 1, sizeof(*w->others.of), GFP_KERNEL);
	if (w->packet && w->task.of && w->others.of)
		return 0;
	ptdbg_words_exit(w);
	return -ENOMEM;
}

void ptdbg_words_exit(struct ptdbg_words *w)
{
	kvfree(w->others.of);
	kvfree(w->task.of);
	kvfree(w->packet);
}
