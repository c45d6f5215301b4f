// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exact accounting.
 *
 *	hits     = recorded + filtered + missed
 *	recorded = readable + overwritten
 *
 * hold at every moment, also in the middle of a storm of faults: a capture
 * changes the counters of its CPU with interrupts off, so an interrupt on that
 * CPU (smp_call_function_single()) sees all of a capture or nothing of it.
 * A fault counts as a hit when its outcome is known; those that are still
 * between call and return stand beside it as "in_flight".  Readable records
 * are counted in the packets, not calculated.
 */
#include <linux/cpu.h>
#include <linux/ctype.h>
#include <linux/seq_file.h>
#include <linux/smp.h>

#include "ptdbg.h"

/* Add up one CPU; runs there. */
static void sum_cpu(struct ptdbg_cpu *c, struct ptdbg_sum *s)
{
	const u64 *from = (const u64 *)&c->count;
	u64 *to = (u64 *)&s->count;
	unsigned int i;

	static_assert(sizeof(c->count) % sizeof(u64) == 0);
	for (i = 0; i < sizeof(c->count) / sizeof(u64); i++)
		to[i] += from[i];
	s->readable += ptdbg_ring_readable(c);
}

static void sum_here(void *data)
{
	sum_cpu(this_cpu_ptr(ptdbg.cpu), data);
}

static void clear_cpu(struct ptdbg_cpu *c)
{
	ptdbg_ring_clear(c);
	memset(&c->count, 0, sizeof(c->count));
}

static void clear_here(void *data)
{
	clear_cpu(this_cpu_ptr(ptdbg.cpu));
}

/**
 * ptdbg_stats_sum() - add up the counters of all CPUs
 * @s: result
 *
 * Context: ptdbg.lock is held; may sleep.
 */
void ptdbg_stats_sum(struct ptdbg_sum *s)
{
	unsigned int cpu;

	memset(s, 0, sizeof(*s));
	cpus_read_lock();
	for_each_possible_cpu(cpu) {
		if (cpu_online(cpu))
			smp_call_function_single(cpu, sum_here, s, 1);
		else
			sum_cpu(per_cpu_ptr(ptdbg.cpu, cpu), s);
	}
	cpus_read_unlock();
	s->hook_missed = ptdbg_hooks_missed();
	s->flights = ptdbg_flight_count();
}

/* All hits that were not recorded although nobody asked for that. */
u64 ptdbg_stats_missed(const struct ptdbg_sum *s)
{
	return s->count.missed_busy + s->count.missed_ring +
	       s->count.missed_flight + s->count.missed_stop + s->hook_missed;
}

/**
 * ptdbg_stats_clear() - forget all records and start to count anew
 *
 * Context: ptdbg.lock is held; may sleep.
 */
void ptdbg_stats_clear(void)
{
	unsigned int cpu;

	cpus_read_lock();
	for_each_possible_cpu(cpu) {
		if (cpu_online(cpu))
			smp_call_function_single(cpu, clear_here, NULL, 1);
		else
			clear_cpu(per_cpu_ptr(ptdbg.cpu, cpu));
	}
	cpus_read_unlock();
	ptdbg_hooks_clear();
}

static void show(struct seq_file *m, const char *name, u64 value)
{
	seq_printf(m, "%s %llu\n", name, value);
}

/* A verdict as one word: "table_region". */
void ptdbg_stats_put_verdict(struct seq_file *m, unsigned int verdict)
{
	const char *c;

	for (c = ptdbg_verdict_name(verdict); *c; c++)
		seq_putc(m, *c == ' ' ? '_' : tolower(*c));
}

/* Stacks that end before their end, by the reason: "stack_user_no_frame_pointer" */
static void show_stacks(struct seq_file *m, const char *what, const u64 *ends)
{
	const char *c;
	unsigned int i;

	for (i = PTDBG_STACK_WHOLE + 1; i < PTDBG_NR_STACKENDS; i++) {
		if (!ends[i])
			continue;
		seq_printf(m, "stack_%s_", what);
		for (c = ptdbg_stackend_name(i); *c; c++)
			seq_putc(m, *c == ' ' || *c == '-' ? '_' : *c);
		seq_printf(m, " %llu\n", ends[i]);
	}
}

/* A name and a number a line. */
void ptdbg_stats_show(struct seq_file *m)
{
	struct ptdbg_sum s;
	unsigned int v;
	u64 stacks = 0;

	ptdbg_stats_sum(&s);
	show(m, "hits", s.count.hits + s.hook_missed);
	show(m, "recorded", s.count.recorded);
	show(m, "filtered", s.count.filtered);
	show(m, "missed", ptdbg_stats_missed(&s));
	show(m, "readable", s.readable);
	show(m, "overwritten", s.count.overwritten);
	show(m, "in_flight", s.flights);
	show(m, "frozen", ptdbg.state == PTDBG_FROZEN);
	show(m, "missed_busy", s.count.missed_busy);
	show(m, "missed_ring", s.count.missed_ring);
	show(m, "missed_flight", s.count.missed_flight);
	show(m, "missed_stop", s.count.missed_stop);
	show(m, "missed_kprobes", s.hook_missed);
	for (v = 0; v < PTDBG_NR_STACKENDS; v++)
		stacks += s.count.kernel_end[v];
	show(m, "stacks", stacks);
	show_stacks(m, "kernel", s.count.kernel_end);
	show_stacks(m, "user", s.count.user_end);
	for (v = 0; v < PTDBG_NR_VERDICTS; v++) {
		seq_puts(m, "verdict_");
		ptdbg_stats_put_verdict(m, v);
		seq_printf(m, " %llu\n", s.count.verdict[v]);
	}
}
