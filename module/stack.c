// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stacks of the task that a probe interrupts, on request (ptdbg.d/stacks).
 *
 * Kernel: stack_trace_save(), the one unwinder that every kernel gives to modules
 * (ORC on x86, frame pointers on arm64 and riscv).  It begins here, inside the
 * probe; all up to the hooked function is cut off.  It takes no lock, stays on
 * stacks that belong to the task or the CPU and comes to an end; kernels call it
 * from NMIs themselves.
 *
 * User: frame pointers, with reads that may fail, PTDBG_STACK_MAX frames at most.
 * Each frame must lie above the one before, so a loop is no loop.  What a
 * corrupted stack holds ends in the record, and nothing is done with it.
 */
#include <linux/compat.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include <linux/uaccess.h>

#include "hook.h"
#include "ptdbg.h"

/* Can this kernel unwind its own stack, and does not guess? */
#if defined(CONFIG_STACKTRACE) && \
	(defined(CONFIG_UNWINDER_ORC) || defined(CONFIG_FRAME_POINTER))
#define CAN_UNWIND	true
static __always_inline unsigned int save_trace(unsigned long *to, unsigned int n)
{
	return stack_trace_save(to, n, 0);
}
#else
#define CAN_UNWIND	false
static __always_inline unsigned int save_trace(unsigned long *to, unsigned int n)
{
	return 0;
}
#endif

/*
 * The address that the unwinder gives for the hooked function is that of the
 * probe, or behind the call or breakpoint there, which is a few bytes long.
 */
#define PROBE_BYTES	16

/* Between two frames there is no more than this: the default size of a stack. */
#define FRAME_BYTES	(8UL * 1024 * 1024)

/**
 * struct place - where user space is
 * @ip: instruction
 * @sp: stack pointer
 * @fp: frame pointer
 * @link: link register, 0 where there is none
 * @foreign: a 32-bit program, whose frames are others
 */
struct place {
	u64 ip;
	u64 sp;
	u64 fp;
	u64 link;
	bool foreign;
};

/*
 * What the calling convention puts below the frame pointer's address: the frame
 * pointer of the caller, then the return address.
 */
#ifdef CONFIG_RISCV
#define FRAME_OFFSET	16
#else
#define FRAME_OFFSET	0
#endif

struct frame {
	u64 fp;
	u64 ret;
};

static __always_inline void registers(struct pt_regs *regs, struct place *p)
{
#if defined(CONFIG_X86)
	p->fp = regs->bp;
	p->link = 0;
	p->foreign = regs->cs == __USER32_CS;
#elif defined(CONFIG_ARM64)
	p->fp = regs->regs[29];
	p->link = regs->regs[30];
	p->foreign = compat_user_mode(regs);
#else
	p->fp = regs->s0;
	p->link = regs->ra;
	p->foreign = is_compat_task();
#endif
}

/* A return address without the signature that arm64 may have put into it. */
static __always_inline u64 plain(u64 addr)
{
#ifdef CONFIG_ARM64
	u64 mask = PTDBG_BITS(ptdbg.trace.layout.mode.va_bits - 1, 0);

	/* bit 55 tells which half it is in: Arm ARM DDI 0487, AddPAC() */
	return addr & BIT(55) ? addr | ~mask : addr & mask;
#else
	return addr;
#endif
}

/*
 * In the middle of execve() the registers are those of the program before, and
 * the memory is that of the next one.
 */
static __always_inline bool find_place(struct place *p)
{
	struct pt_regs *regs = task_pt_regs(current);

	if (!current->mm || current->in_execve || !regs || !user_mode(regs))
		return false;
	p->ip = instruction_pointer(regs);
	p->sp = user_stack_pointer(regs);
	registers(regs, p);
	return p->ip;
}

static bool read_frame(struct frame *f, u64 fp)
{
	const void __user *at = (const void __user *)(uintptr_t)(fp - FRAME_OFFSET);

	return !copy_from_user_nofault(f, at, sizeof(*f));
}

NOKPROBE_SYMBOL(read_frame);

/*
 * riscv: compilers leave the return address of a function that calls no others
 * in the register and keep the caller's frame pointer in its place.
 */
static __always_inline void mend_leaf(struct frame *f, const struct place *p)
{
#ifdef CONFIG_RISCV
	if (f->ret % 16 || f->ret <= p->fp || f->ret - p->fp > SZ_64K)
		return;
	f->fp = f->ret;
	f->ret = p->link;
#endif
}

static void snap_user(struct ptdbg_stack *s, u64 *to)
{
	struct place p;
	struct frame f;
	u64 below;

	if (!find_place(&p))
		return;
	to[s->user_n++] = p.ip;
	if (p.foreign) {
		s->user_end = PTDBG_STACK_FOREIGN;
		return;
	}
	for (below = p.sp; ; below = p.fp, p.fp = f.fp) {
		s->user_end = PTDBG_STACK_WHOLE;
		if (!p.fp)
			break;
		s->user_end = PTDBG_STACK_ASTRAY;
		if (p.fp % 8 || p.fp < below || p.fp - below > FRAME_BYTES ||
		    (s->user_n > 1 && p.fp == below))
			break;
		s->user_end = PTDBG_STACK_UNREADABLE;
		if (!read_frame(&f, p.fp))
			break;
		if (s->user_n == 1)
			mend_leaf(&f, &p);
		f.ret = plain(f.ret);
		s->user_end = PTDBG_STACK_WHOLE;
		if (!f.ret)
			break;
		s->user_end = PTDBG_STACK_ASTRAY;
		if (!ptdbg_address_user(f.ret))
			break;
		s->user_end = PTDBG_STACK_DEEP;
		if (s->user_n == PTDBG_STACK_MAX)
			break;
		to[s->user_n++] = f.ret;
	}
	p.link = plain(p.link);
	if (ptdbg_address_user(p.link) && (s->user_n == 1 || to[1] != p.link))
		s->link = p.link;
}

NOKPROBE_SYMBOL(snap_user);

/*
 * Who called the hooked function?  A frame pointer does not tell: at the first
 * instruction it is still that of the caller, which leads to the caller's caller.
 */
static __always_inline u64 caller(struct pt_regs *here)
{
#if defined(CONFIG_ARM64)
	return plain(here->regs[30]);
#elif defined(CONFIG_RISCV)
	return here->ra;
#else
	return 0;	/* ORC finds it */
#endif
}

/*
 * What the unwinder finds behind the frame at @ip, give or take @slack.  @link: the
 * caller, should it not find that one; or 0.
 */
static void snap_kernel(struct ptdbg_cpu *c, u64 ip, u64 slack, u64 link,
			struct ptdbg_stack *s, u64 *to)
{
	unsigned int i, n;

	s->kernel_end = PTDBG_STACK_LOST;
	n = save_trace(c->trace, ARRAY_SIZE(c->trace));
	for (i = 0; i < n; i++) {
		if (c->trace[i] - ip + slack <= 2 * slack)
			break;
	}
	if (i == n)
		return;
	i++;
	s->kernel_end = n < ARRAY_SIZE(c->trace) ? PTDBG_STACK_WHOLE :
						   PTDBG_STACK_DEEP;
	if (link && (i == n || c->trace[i] != link))
		to[s->kernel_n++] = link;
	for (; i < n; i++) {
		if (s->kernel_n == PTDBG_STACK_MAX) {
			s->kernel_end = PTDBG_STACK_DEEP;
			break;
		}
		to[s->kernel_n++] = c->trace[i];
	}
}

NOKPROBE_SYMBOL(snap_kernel);

/**
 * ptdbg_stack_snap() - take both stacks of the current task
 * @c: this CPU; its capture is under way
 * @here: registers at the entry of the function whose callers are wanted
 * @s: PTDBG_STACK_BYTES
 *
 * Context: probe; interrupts and page faults disabled.
 */
void ptdbg_stack_snap(struct ptdbg_cpu *c, struct pt_regs *here,
		      struct ptdbg_stack *s)
{
	u64 *frame = (u64 *)(s + 1);

	memset(s, 0, sizeof(*s));
	snap_kernel(c, instruction_pointer(here), PROBE_BYTES, caller(here), s, frame);
	snap_user(s, frame + s->kernel_n);
}

NOKPROBE_SYMBOL(ptdbg_stack_snap);

/**
 * ptdbg_stack_snap_oops() - take both stacks of a task that dies
 * @c: this CPU; its capture is under way
 * @ip: the instruction that faulted, where the exception came in
 * @s: PTDBG_STACK_BYTES
 *
 * Context: probe; interrupts and page faults disabled.
 */
void ptdbg_stack_snap_oops(struct ptdbg_cpu *c, u64 ip, struct ptdbg_stack *s)
{
	u64 *frame = (u64 *)(s + 1);

	memset(s, 0, sizeof(*s));
	snap_kernel(c, ip, 0, 0, s, frame);
	snap_user(s, frame + s->kernel_n);
}

NOKPROBE_SYMBOL(ptdbg_stack_snap_oops);

/**
 * ptdbg_stacks_set() - start or stop recording stacks
 * @on: what to do
 *
 * Context: process context, ptdbg.lock is held.
 *
 * Return: 0, or -ENOMEM with a sentence in the kernel log.
 */
int ptdbg_stacks_set(bool on)
{
	int err = on ? ptdbg_flight_stacks() : 0;

	if (err) {
		pr_warn("stacks: no memory for the stacks of faults in flight\n");
		return err;
	}
	if (on && !CAN_UNWIND)
		pr_warn("stacks: only those of user space: this kernel can't unwind its own (CONFIG_STACKTRACE with ORC or frame pointers)\n");
	WRITE_ONCE(ptdbg.stacks, on);
	/* the room for them before */
	ptdbg_new_epoch();
	return 0;
}
