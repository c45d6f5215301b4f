/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A capture from its begin to its end, and a record in the ring from its head to its
 * commit: what every hit does, in line.
 *
 * Interrupts are off from ptdbg_capture_begin() to ptdbg_capture_end(), so the CPU's
 * data belongs to the capture; @busy turns away an NMI that comes in between.  All
 * that is written to meanwhile is of this CPU, or of the current task.
 */
#ifndef PTDBG_CAPTURE_H
#define PTDBG_CAPTURE_H

#include <linux/ktime.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include "ptdbg.h"
#include "ring.h"

void ptdbg_capture_epoch(struct ptdbg_cpu *c, u32 epoch);
void __noreturn ptdbg_die_of(u32 fatal);
void ptdbg_record_verdicts(struct ptdbg_cpu *c, u32 verdicts);

/* Start a capture: this CPU's data, or NULL when the hit must be missed. */
static __always_inline struct ptdbg_cpu *ptdbg_capture_begin(unsigned long *irq)
{
	struct ptdbg_cpu *c;
	u32 epoch;

	local_irq_save(*irq);
	c = this_cpu_ptr(ptdbg.cpu);
	if (unlikely(c->busy)) {
		c->count.hits++;
		c->count.missed_busy++;
		local_irq_restore(*irq);
		return NULL;
	}
	c->busy = 1;
	barrier();
	/* before what it is about: pairs with ptdbg_new_epoch() */
	epoch = smp_load_acquire(&ptdbg.epoch);
	if (unlikely(c->epoch != epoch))
		ptdbg_capture_epoch(c, epoch);
	pagefault_disable();
	return c;
}

static __always_inline void ptdbg_capture_let_go(struct ptdbg_cpu *c)
{
	pagefault_enable();
	/* after the record: pairs with ptdbg_capture_settle() */
	smp_store_release(&c->busy, 0);
}

/* The end of one that has made no record. */
static __always_inline void ptdbg_capture_leave(struct ptdbg_cpu *c, unsigned long irq)
{
	ptdbg_capture_let_go(c);
	local_irq_restore(irq);
}

static __always_inline void ptdbg_capture_end(struct ptdbg_cpu *c, unsigned long irq)
{
	u32 fatal = c->fatal;

	ptdbg_capture_let_go(c);
	if (unlikely(fatal))
		ptdbg_die_of(fatal);
	local_irq_restore(irq);
}

/* Is this hit to be recorded at all?  Counts it if it is filtered out. */
static __always_inline bool ptdbg_capture_wanted(struct ptdbg_cpu *c, u16 id, u64 addr,
						 bool user)
{
	if (ptdbg_filter_passes(id, addr, user))
		return true;
	c->count.hits++;
	c->count.filtered++;
	return false;
}

/* Fill in the head of a record; @ip: 0 for none. */
static __always_inline void ptdbg_record_head(struct ptdbg_record *r, u16 id, u16 size,
					      u64 ts, const struct task_struct *task,
					      u64 addr, u64 ip)
{
	r->ts = ts;
	r->id = id;
	r->size = size;
	r->verdicts = 0;
	r->pid = task->pid;
	r->tgid = task->tgid;
	memcpy(r->comm, task->comm, PTDBG_COMM_LEN);
	r->addr = addr;
	r->ip = ip;
}

/* Room for a record with its head filled in, or NULL when it is missed. */
static __always_inline void *ptdbg_record_open(struct ptdbg_cpu *c, u16 id, u16 size,
					       u64 addr, u64 ip)
{
	u64 now = ktime_get_mono_fast_ns();
	struct ptdbg_record *r;

	r = ptdbg_ring_reserve(c, now, id == PTDBG_OOPS ? PTDBG_RECORD_MAX : c->room);
	c->count.hits++;
	if (!r) {
		c->count.missed_ring++;
		return NULL;
	}
	ptdbg_record_head(r, id, size, now, current, addr, ip);
	return r;
}

/*
 * Hand a record to the ring; or drop it, when only bad ones are wanted.  @s: its
 * stacks, or NULL.
 */
static __always_inline void ptdbg_record_close(struct ptdbg_cpu *c, struct ptdbg_record *r,
					       const struct ptdbg_stack *s)
{
	if (ptdbg_filter_bad_only() && !r->verdicts && r->id != PTDBG_OOPS) {
		c->count.filtered++;
		return;
	}
	if (s) {
		c->count.kernel_end[s->kernel_end]++;
		c->count.user_end[s->user_end]++;
	}
	ptdbg_ring_commit(c, r);
	if (unlikely(r->verdicts))
		ptdbg_record_verdicts(c, r->verdicts);
}

#endif /* PTDBG_CAPTURE_H */
