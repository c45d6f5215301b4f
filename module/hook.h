/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One hook: what is asked for, and where it sits.
 */
#ifndef PTDBG_HOOK_H
#define PTDBG_HOOK_H

#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>

#include "ptdbg.h"

/* handle_mm_fault() has one return instruction; more than this is refused. */
#define PTDBG_MAX_RETURNS	16

enum ptdbg_backend {
	PTDBG_NOT_PLACED,
	PTDBG_KPROBE,		/* calls only */
	PTDBG_KRETPROBE,	/* calls and returns */
	PTDBG_KPROBE_RETURNS,	/* a kprobe on the call, one on each return */
};

/**
 * struct ptdbg_hook - a function to be hooked
 * @symbol: its name
 * @id: which counter
 * @on_call: handler of the call; NULL: the hook is only asked for, to show the
 *	kernel's answer
 * @on_call_ret: the same for a kretprobe
 * @on_return: handler of the return, for a kretprobe; NULL: calls only
 * @on_return_insn: the same for a kprobe on a return instruction
 * @required: without it the module does not load
 * @frees: only placed while table pages that are given back are recorded
 * @backend: how it is placed now
 * @err: why it is not, when it was tried
 * @offset: of the entry probe in the function
 * @missed: hits that kprobes did not hand on in earlier placements
 * @missed_base: part of all missed hits that was cleared
 * @kp: entry probe (PTDBG_KPROBE, PTDBG_KPROBE_RETURNS)
 * @rp: PTDBG_KRETPROBE
 * @ret: return probes, @nr_ret of them
 * @nr_ret: in use
 */
struct ptdbg_hook {
	const char *symbol;
	enum ptdbg_hook_id id;
	kprobe_pre_handler_t on_call;
	kretprobe_handler_t on_call_ret;
	kretprobe_handler_t on_return;
	kprobe_pre_handler_t on_return_insn;
	bool required;
	bool frees;

	enum ptdbg_backend backend;
	int err;
	unsigned int offset;
	u64 missed;
	u64 missed_base;
	struct kprobe kp;
	struct kretprobe rp;
	struct kprobe *ret;
	unsigned int nr_ret;
};

static __always_inline u64 ptdbg_arg(struct pt_regs *regs, unsigned int n)
{
	return regs_get_kernel_argument(regs, n);
}

/* Count a call; true when it is to be captured. */
static __always_inline bool ptdbg_called(enum ptdbg_hook_id id, u64 addr)
{
	enum ptdbg_state state = READ_ONCE(ptdbg.state);

	if (likely(state == PTDBG_RECORDING)) {
		this_cpu_inc(ptdbg.cpu->count.hook[id]);
		return true;
	}
	if (state == PTDBG_TESTING)
		ptdbg_selftest_saw(id, addr);
	return false;
}

/* The same for an oops, of which the console tells when the ring is frozen too. */
static __always_inline bool ptdbg_called_oops(enum ptdbg_hook_id id, u64 addr)
{
	return ptdbg_called(id, addr) || READ_ONCE(ptdbg.state) == PTDBG_FROZEN;
}

/* fault.c: the handlers of page faults */
int ptdbg_fault_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_fault_on_call_ret(struct kretprobe_instance *ri, struct pt_regs *regs);
int ptdbg_fault_on_return(struct kretprobe_instance *ri, struct pt_regs *regs);
int ptdbg_fault_on_return_insn(struct kprobe *kp, struct pt_regs *regs);

/* probe_table.c: page-table pages come and go */
int ptdbg_alloc_pte_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_alloc_pmd_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_alloc_pud_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_alloc_p4d_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_free_table_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_free_pte_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_free_pmd_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_free_pud_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_free_p4d_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_free_pgd_on_call(struct kprobe *kp, struct pt_regs *regs);
int ptdbg_free_defer_on_call(struct kprobe *kp, struct pt_regs *regs);

/* probe.c: the hooks of this architecture, ending with an empty symbol */
extern struct ptdbg_hook ptdbg_hooks[];

#endif /* PTDBG_HOOK_H */
