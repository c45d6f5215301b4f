// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page fault, from the call of handle_mm_fault() to its return: walk, page, check,
 * ring.
 *
 * Every fault of the machine comes through here, so what it takes is counted in
 * instructions (make bench), and most faults take the short way: see trail.c.
 *
 * Everything here runs inside a probe: no allocation, no lock, no printing; see
 * capture.h.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/ptrace.h>

#include "capture.h"
#include "flight.h"
#include "hook.h"
#include "trail.h"
#include "vma.h"

/*
 * handle_mm_fault(vma, addr, flags, regs) is called, @here: at the probe; @regs are
 * NULL for a fault that GUP makes.  Returns the fault when it is to be recorded.
 */
static __always_inline struct ptdbg_flight *
begin_fault(struct vm_area_struct *vma, u64 addr, u32 flags, struct pt_regs *regs,
	    struct pt_regs *here)
{
	struct ptdbg_flight *f = NULL;
	struct ptdbg_cpu *c;
	unsigned long irq;
	u64 now;

	c = ptdbg_capture_begin(&irq);
	if (!c)
		return NULL;
	if (!ptdbg_capture_wanted(c, PTDBG_FAULT, addr, flags & FAULT_FLAG_USER))
		goto out;
	f = ptdbg_flight_claim(kernel_stack_pointer(here));
	if (!f) {
		c->count.hits++;
		c->count.missed_flight++;
		goto out;
	}
	if (unlikely(c->stacks)) {
		f->stack = ptdbg_flight_stack(f);
		ptdbg_stack_snap(c, here, f->stack);
	}
	now = ktime_get_mono_fast_ns();
	f->mm = vma->vm_mm;
	f->addr = addr;
	f->ip = regs ? instruction_pointer(regs) : 0;
	f->flags = flags;
	/* the address before: pairs with ptdbg_flight_look() */
	smp_store_release(&f->start, now);
	ptdbg_vma_snap(vma, &f->vma);
	if (!ptdbg_trail_begin(&c->trail, f)) {
		ptdbg_walk_mm(f->mm, addr, &f->before);
		f->trail = PTDBG_TRAIL_LEFT;
	}
out:
	ptdbg_capture_leave(c, irq);
	return f;
}

/* Walk, page and checks of a fault that did not keep to the trail. */
static noinline void off_trail(struct ptdbg_cpu *c, struct ptdbg_flight *f, struct ptdbg_fault *r)
{
	struct ptdbg_walk after;

	if (f->trail != PTDBG_TRAIL_LEFT)
		ptdbg_trail_tables(f->mm, &f->before);
	memset(&r->page, 0, sizeof(r->page));
	ptdbg_walk_mm(f->mm, f->addr, &after);
	ptdbg_compose(&r->r, &r->vma, &r->page, &r->chain, &f->before, &after);
	r->chain.made = ptdbg_flight_made(f, r->chain.fresh, &after);
	ptdbg_trail_learn(&c->trail, f->mm, f->addr, &after, r->r.verdicts,
			  r->chain.breach);
	r->r.verdicts |= ptdbg_check_fault(r, &f->before);
}

NOKPROBE_SYMBOL(off_trail);

/* Record the fault @f, which ended with @result, and give its slot back. */
static __always_inline void end_fault(struct ptdbg_cpu *c, struct ptdbg_flight *f, u32 result)
{
	struct ptdbg_stack *s = NULL;
	struct ptdbg_fault *r;
	u64 took;

	r = ptdbg_record_open(c, PTDBG_FAULT, sizeof(*r), f->addr, f->ip);
	if (!r)
		goto out;
	took = r->r.ts - f->start;
	r->flags = f->flags;
	r->result = result;
	r->duration = min_t(u64, took, U32_MAX);
	r->remote = f->mm != current->mm;
	r->vma = f->vma;
	if (!ptdbg_trail_end(&c->trail, f, r))
		off_trail(c, f, r);
	/* there is room when it is still wanted */
	if (unlikely(f->stack && c->stacks)) {
		s = (void *)((char *)r + r->r.size);
		memcpy(s, f->stack, ptdbg_stack_bytes(f->stack));
		r->chain.stacks = 1;
		r->r.size += ptdbg_stack_bytes(s);
	}
	ptdbg_record_close(c, &r->r, s);
out:
	ptdbg_flight_release(f);
}

/**
 * ptdbg_fault_end() - a fault of the current task will never return
 * @c: this CPU, in the middle of a capture
 * @f: the fault
 * @result: PTDBG_RESULT_DIED
 */
void ptdbg_fault_end(struct ptdbg_cpu *c, struct ptdbg_flight *f, u32 result)
{
	end_fault(c, f, result);
}

NOKPROBE_SYMBOL(ptdbg_fault_end);

/* handle_mm_fault() returns @result; @f: of the current task. */
static __always_inline void return_from(struct ptdbg_flight *f, u32 result)
{
	struct ptdbg_cpu *c;
	unsigned long irq;

	c = ptdbg_capture_begin(&irq);
	if (!c) {
		ptdbg_flight_release(f);
		return;
	}
	end_fault(c, f, result);
	ptdbg_capture_end(c, irq);
}

static __always_inline struct ptdbg_flight *fault_called(struct pt_regs *regs)
{
	struct vm_area_struct *vma = (void *)ptdbg_arg(regs, 0);

	if (!ptdbg_called(PTDBG_HOOK_FAULT, ptdbg_arg(regs, 1)))
		return NULL;
	return begin_fault(vma, ptdbg_arg(regs, 1), ptdbg_arg(regs, 2),
			   (void *)ptdbg_arg(regs, 3), regs);
}

int ptdbg_fault_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	fault_called(regs);
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_fault_on_call);

/* What is kept from the call to the return: hook.c makes room for a pointer. */
static __always_inline struct ptdbg_flight **kept(struct kretprobe_instance *ri)
{
	return (struct ptdbg_flight **)ri->data;
}

/* Not 0: the return is not to be seen. */
int ptdbg_fault_on_call_ret(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct ptdbg_flight *f = fault_called(regs);

	*kept(ri) = f;
	return !f && READ_ONCE(ptdbg.state) != PTDBG_TESTING;
}

NOKPROBE_SYMBOL(ptdbg_fault_on_call_ret);

int ptdbg_fault_on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct ptdbg_flight *f = *kept(ri);

	/* an oops ends the faults that it is in: the slot may be another's */
	if (ptdbg_called(PTDBG_HOOK_RETURN, 0) && f && READ_ONCE(f->task) == current)
		return_from(f, regs_return_value(regs));
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_fault_on_return);

int ptdbg_fault_on_return_insn(struct kprobe *kp, struct pt_regs *regs)
{
	struct ptdbg_flight *f;

	if (!ptdbg_called(PTDBG_HOOK_RETURN, 0))
		return 0;
	f = ptdbg_flight_find();
	if (f)
		return_from(f, regs_return_value(regs));
	return 0;
}

NOKPROBE_SYMBOL(ptdbg_fault_on_return_insn);
