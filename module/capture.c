// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that is recorded but faults (fault.c), from the hook to the ring.
 *
 * Everything here runs inside a probe: no allocation, no lock, no printing; see
 * capture.h.
 */
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>
#include <linux/signal.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include "capture.h"
#include "vma.h"

/* 100 to 200 ms in all */
#define SETTLE_PAUSES	1000U
#define SETTLE_PAUSE_US	100

/* The user wants no more of this kernel than its dump. */
void __noreturn ptdbg_die_of(u32 fatal)
{
	panic("ptdbg: %s (panic_on_bad)", ptdbg_verdict_name(__ffs(fatal)));
}

NOKPROBE_SYMBOL(ptdbg_die_of);

/* Forget what this CPU knows of the time before @epoch. */
void ptdbg_capture_epoch(struct ptdbg_cpu *c, u32 epoch)
{
	c->stacks = READ_ONCE(ptdbg.stacks);
	c->room = c->stacks ? PTDBG_RECORD_STACKS : PTDBG_RECORD_PLAIN;
	ptdbg_trail_forget(&c->trail);
	c->epoch = epoch;
}

NOKPROBE_SYMBOL(ptdbg_capture_epoch);

/**
 * ptdbg_record_verdicts() - a record with verdicts is in the ring
 * @c: this CPU
 * @verdicts: at least one
 */
void ptdbg_record_verdicts(struct ptdbg_cpu *c, u32 verdicts)
{
	unsigned long bits = verdicts;
	unsigned int v;

	for_each_set_bit(v, &bits, PTDBG_NR_VERDICTS)
		c->count.verdict[v]++;
	if (verdicts & READ_ONCE(ptdbg.freeze_on))
		WRITE_ONCE(ptdbg.state, PTDBG_FROZEN);
	c->fatal |= verdicts & READ_ONCE(ptdbg.panic_on_bad);
}

NOKPROBE_SYMBOL(ptdbg_record_verdicts);

static bool is_busy(unsigned int cpu)
{
	/* pairs with ptdbg_capture_end() */
	return smp_load_acquire(&per_cpu_ptr(ptdbg.cpu, cpu)->busy);
}

/**
 * ptdbg_capture_settle() - wait for the records that are being written
 *
 * A record has a time before it can be read.  When this returns, all those with a
 * time before the call can be, so that who merges the CPUs by time misses none.
 * It gives up on a CPU that stays in the middle of one for about SETTLE_PAUSES
 * pauses, whether it is dead or, an emulated one, not run by its host.
 *
 * Context: process context; sleeps.
 */
void ptdbg_capture_settle(void)
{
	unsigned int cpu, pauses = SETTLE_PAUSES;

	/* what a CPU had stored before the call is seen after this */
	usleep_range(SETTLE_PAUSE_US, 2 * SETTLE_PAUSE_US);
	for_each_possible_cpu(cpu) {
		while (pauses && is_busy(cpu)) {
			usleep_range(SETTLE_PAUSE_US, 2 * SETTLE_PAUSE_US);
			pauses--;
		}
	}
}

/* Put the stacks behind a record that is otherwise finished. */
static const struct ptdbg_stack *add_stack(struct ptdbg_cpu *c,
					   struct ptdbg_record *r,
					   struct ptdbg_chain *chain,
					   struct pt_regs *here)
{
	struct ptdbg_stack *s = (void *)((char *)r + r->size);

	if (likely(!c->stacks))
		return NULL;
	ptdbg_stack_snap(c, here, s);
	chain->stacks = 1;
	r->size += ptdbg_stack_bytes(s);
	return s;
}

NOKPROBE_SYMBOL(add_stack);

/**
 * ptdbg_capture_alloc() - the kernel makes a page-table page
 * @level: enum ptdbg_level: for which level
 * @pfn: PTDBG_PTE: the page, which is about to be put in place; otherwise 0
 *
 * Makes no record of its own: the fault that is under way has it.
 */
void ptdbg_capture_alloc(unsigned int level, u64 pfn)
{
	struct ptdbg_flight *f;

	/* the slot is this task's, and no probe of another one looks into it */
	f = ptdbg_flight_find();
	if (!f)
		return;
	f->made |= BIT(level);
	if (pfn)
		f->made_pte = pfn;
}

NOKPROBE_SYMBOL(ptdbg_capture_alloc);

/**
 * ptdbg_capture_free() - the kernel gives a page-table page back
 * @what: which one
 * @ip: who called
 * @here: registers of the probe
 */
void ptdbg_capture_free(const struct ptdbg_freeing *what, u64 ip,
			struct pt_regs *here)
{
	struct ptdbg_free *r;
	struct ptdbg_cpu *c;
	unsigned long irq;

	c = ptdbg_capture_begin(&irq);
	if (!c)
		return;
	if (!ptdbg_capture_wanted(c, PTDBG_FREE, what->start, false))
		goto out;
	r = ptdbg_record_open(c, PTDBG_FREE, sizeof(*r), what->start, ip);
	if (!r)
		goto out;
	memset_startat(r, 0, start);
	r->start = what->start;
	r->end = what->end;
	r->level = what->level;
	ptdbg_page_snap(what->pfn, &r->page);
	r->page.present = 1;
	r->chain.root = virt_to_phys(what->mm->pgd);
	ptdbg_record_close(c, &r->r, add_stack(c, &r->r, &r->chain, here));
out:
	ptdbg_capture_end(c, irq);
}

NOKPROBE_SYMBOL(ptdbg_capture_free);

/* follow_page_pte(vma, addr, pmd, flags) is called; @here: at the probe. */
void ptdbg_capture_gup(struct vm_area_struct *vma, u64 addr, u32 flags,
		       struct pt_regs *here)
{
	struct ptdbg_walk walk;
	struct ptdbg_gup *r;
	struct ptdbg_cpu *c;
	unsigned long irq;

	c = ptdbg_capture_begin(&irq);
	if (!c)
		return;
	if (!ptdbg_capture_wanted(c, PTDBG_GUP, addr, false))
		goto out;
	r = ptdbg_record_open(c, PTDBG_GUP, sizeof(*r), addr, 0);
	if (!r)
		goto out;
	r->flags = flags;
	r->remote = vma->vm_mm != current->mm;
	ptdbg_vma_snap(vma, &r->vma);
	memset(&r->page, 0, sizeof(r->page));
	ptdbg_walk_mm(vma->vm_mm, addr, &walk);
	ptdbg_compose(&r->r, &r->vma, &r->page, &r->chain, NULL, &walk);
	ptdbg_record_close(c, &r->r, add_stack(c, &r->r, &r->chain, here));
out:
	ptdbg_capture_end(c, irq);
}

NOKPROBE_SYMBOL(ptdbg_capture_gup);

/**
 * ptdbg_capture_sig() - the current task gets a signal for a fault
 * @sig: SIGSEGV or SIGBUS
 * @code: si_code; with SI_KERNEL there is no address
 * @addr: si_addr
 * @here: registers of the probe
 */
void ptdbg_capture_sig(int sig, int code, u64 addr, struct pt_regs *here)
{
	struct pt_regs *regs = task_pt_regs(current);
	struct mm_struct *mm = code == SI_KERNEL ? NULL : current->mm;
	struct ptdbg_walk walk = { .stop = PTDBG_STOP_NOWALK };
	struct ptdbg_vma vma;
	struct ptdbg_sig *r;
	struct ptdbg_cpu *c;
	unsigned long irq;

	ptdbg_vma_find(mm, addr, &vma);
	c = ptdbg_capture_begin(&irq);
	if (!c)
		return;
	if (!ptdbg_capture_wanted(c, PTDBG_SIG, addr, true))
		goto out;
	r = ptdbg_record_open(c, PTDBG_SIG, sizeof(*r), addr,
			      regs ? instruction_pointer(regs) : 0);
	if (!r)
		goto out;
	r->sig = sig;
	r->code = code;
	r->vma = vma;
	memset(&r->page, 0, sizeof(r->page));
	if (mm)
		ptdbg_walk_mm(mm, addr, &walk);
	ptdbg_compose(&r->r, &r->vma, &r->page, &r->chain, NULL, &walk);
	ptdbg_record_close(c, &r->r, add_stack(c, &r->r, &r->chain, here));
out:
	ptdbg_capture_end(c, irq);
}

NOKPROBE_SYMBOL(ptdbg_capture_sig);

/* Put stacks and registers behind the record of an oops. */
static const struct ptdbg_stack *add_state(struct ptdbg_cpu *c, struct ptdbg_oops *o,
					   struct pt_regs *regs)
{
	struct ptdbg_stack *s = (void *)((char *)o + o->r.size);

	ptdbg_stack_snap_oops(c, o->r.ip, s);
	o->chain.stacks = 1;
	o->r.size += ptdbg_stack_bytes(s);
	if (regs)
		o->regs = ptdbg_regs_snap(regs, (void *)((char *)o + o->r.size));
	o->r.size += o->regs * sizeof(struct ptdbg_reg);
	return s;
}

NOKPROBE_SYMBOL(add_state);

/**
 * ptdbg_capture_oops() - the kernel is about to oops
 * @addr: faulting address
 * @error: x86 error code, arm64 ESR, riscv scause
 * @access: enum ptdbg_access
 * @regs: of the fault, or NULL
 *
 * Records the faults of this task that will never return, then the oops.  The
 * filter does not apply: this is the record that the user came for.  A frozen ring
 * stays as it is, and the console is told all the same.
 */
void ptdbg_capture_oops(u64 addr, u64 error, u32 access, struct pt_regs *regs)
{
	bool frozen = READ_ONCE(ptdbg.state) == PTDBG_FROZEN;
	const struct ptdbg_layout *l = &ptdbg.trace.layout;
	struct ptdbg_walk walk = { .stop = PTDBG_STOP_NOWALK };
	u64 ip = regs ? instruction_pointer(regs) : 0;
	const struct ptdbg_stack *stack;
	struct ptdbg_oops *r, *room;
	struct ptdbg_flight *f;
	struct ptdbg_place place;
	struct ptdbg_cpu *c;
	unsigned long irq;

	c = ptdbg_capture_begin(&irq);
	if (!c)
		return;
	room = ptdbg_oops_begin();
	if (frozen) {
		r = room;
		if (r)
			ptdbg_record_head(&r->r, PTDBG_OOPS, sizeof(*r),
					  ktime_get_mono_fast_ns(), current, addr, ip);
	} else {
		while ((f = ptdbg_flight_find()))
			ptdbg_fault_end(c, f, PTDBG_RESULT_DIED);
		r = ptdbg_record_open(c, PTDBG_OOPS, sizeof(*r), addr, ip);
	}
	if (!r)
		goto out;
	memset_startat(r, 0, error);
	r->error = error;
	r->access = access;
	/* a kernel thread has no tables for a user address */
	if (!ptdbg_address_user(addr))
		ptdbg_walk_mm(NULL, addr, &walk);
	else if (current->mm)
		ptdbg_walk_mm(current->mm, addr, &walk);

	ptdbg_classify(l, addr, &place);
	if (place.class == PTDBG_CLASS_VMEMMAP ||
	    (place.class == PTDBG_CLASS_DIRECT && l->nr_ram && !place.ram)) {
		ptdbg_page_snap(place.pfn, &r->page);
		if (room)
			ptdbg_oops_find_cause(r);
	}
	ptdbg_compose(&r->r, NULL, &r->page, &r->chain, NULL, &walk);
	stack = add_state(c, r, regs);
	if (!frozen)
		ptdbg_record_close(c, &r->r, stack);
out:
	if (room)
		ptdbg_oops_end(r);
	ptdbg_capture_end(c, irq);
}

NOKPROBE_SYMBOL(ptdbg_capture_oops);

/**
 * ptdbg_capture_walk() - look at an address now, for the walk knob
 * @mm: whose, or NULL for the kernel's tables
 * @task: whose name it gets
 * @addr: address
 * @r: result: a record of type PTDBG_WALK, PTDBG_RECORD_MAX bytes
 *
 * Context: process context; @mm is held.
 */
void ptdbg_capture_walk(struct mm_struct *mm, const struct task_struct *task,
			u64 addr, struct ptdbg_gup *r)
{
	struct ptdbg_walk walk;
	struct ptdbg_vma vma;
	unsigned long irq;

	ptdbg_vma_find(mm, addr, &vma);
	local_irq_save(irq);
	pagefault_disable();
	ptdbg_record_head(&r->r, PTDBG_WALK, sizeof(*r),
			  ktime_get_mono_fast_ns(), task, addr, 0);
	r->flags = 0;
	r->remote = mm != current->mm;
	r->vma = vma;
	memset(&r->page, 0, sizeof(r->page));
	ptdbg_walk_mm(mm, addr, &walk);
	ptdbg_compose(&r->r, mm ? &r->vma : NULL, &r->page, &r->chain, NULL,
		      &walk);
	pagefault_enable();
	local_irq_restore(irq);
}
