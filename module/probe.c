// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handlers of the hooks: arguments out of pt_regs, and which functions
 * there are to hook on this architecture.
 *
 * Arguments are those of the calling convention at the entry.  An entry probe
 * behind the patchable prologue of riscv (offset 8) finds them untouched.
 *
 * The prototypes are the same from 6.1 to 7.2:
 *	vm_fault_t handle_mm_fault(vma, address, flags, regs)
 *	struct page *follow_page_pte(vma, address, pmd, flags, ...)
 *	int force_sig_fault(sig, code, addr)
 *	int force_sig_mceerr(code, addr, lsb)
 *	int force_sig_pkuerr(addr, pkey)
 *	x86:   void force_sig(sig)
 *	       void page_fault_oops(regs, error_code, address)
 *	       void die_addr(str, regs, err, gp_addr)
 *	arm64: void die_kernel_fault(msg, addr, esr, regs)
 *	riscv: void die_kernel_fault(msg, addr, regs)
 * Those of the page-table pages are in probe_table.c.
 */
#include <linux/kprobes.h>
#include <linux/ptrace.h>
#include <linux/signal.h>

#include "hook.h"

static int gup_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	if (ptdbg_called(PTDBG_HOOK_GUP, ptdbg_arg(regs, 1)))
		ptdbg_capture_gup((void *)ptdbg_arg(regs, 0), ptdbg_arg(regs, 1),
				  ptdbg_arg(regs, 3), regs);
	return 0;
}

NOKPROBE_SYMBOL(gup_on_call);

/* Also called for breakpoints, bad instructions and the like: not for us. */
static int sig_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	int sig = ptdbg_arg(regs, 0);

	if (sig != SIGSEGV && sig != SIGBUS)
		return 0;
	if (ptdbg_called(PTDBG_HOOK_SIG, ptdbg_arg(regs, 2)))
		ptdbg_capture_sig(sig, ptdbg_arg(regs, 1), ptdbg_arg(regs, 2), regs);
	return 0;
}

NOKPROBE_SYMBOL(sig_on_call);

/* The page is poisoned: its memory has failed. */
static int sig_poison_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	if (ptdbg_called(PTDBG_HOOK_SIG_POISON, ptdbg_arg(regs, 1)))
		ptdbg_capture_sig(SIGBUS, ptdbg_arg(regs, 0), ptdbg_arg(regs, 1), regs);
	return 0;
}

NOKPROBE_SYMBOL(sig_poison_on_call);

/* The entry permits the access, the protection key does not. */
static int sig_key_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	if (ptdbg_called(PTDBG_HOOK_SIG_KEY, ptdbg_arg(regs, 0)))
		ptdbg_capture_sig(SIGSEGV, SEGV_PKUERR, ptdbg_arg(regs, 0), regs);
	return 0;
}

NOKPROBE_SYMBOL(sig_key_on_call);

#if defined(CONFIG_X86)

/*
 * A general protection fault of user space (an address that is not canonical,
 * mostly) ends in a signal without an address.
 */
static int sig_kernel_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	int sig = ptdbg_arg(regs, 0);

	if (sig != SIGSEGV && sig != SIGBUS)
		return 0;
	if (ptdbg_called(PTDBG_HOOK_SIG_KERNEL, 0))
		ptdbg_capture_sig(sig, SI_KERNEL, 0, regs);
	return 0;
}

NOKPROBE_SYMBOL(sig_kernel_on_call);

/* Intel SDM vol. 3A, section 4.7: error code of a page fault */
#define PF_WRITE	BIT(1)
#define PF_INSTR	BIT(4)

static u32 access_of(u64 error)
{
	if (error & PF_INSTR)
		return PTDBG_ACCESS_EXEC;
	return error & PF_WRITE ? PTDBG_ACCESS_WRITE : PTDBG_ACCESS_READ;
}

NOKPROBE_SYMBOL(access_of);

static int oops_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	u64 error = ptdbg_arg(regs, 1);

	if (ptdbg_called_oops(PTDBG_HOOK_OOPS, ptdbg_arg(regs, 2)))
		ptdbg_capture_oops(ptdbg_arg(regs, 2), error, access_of(error),
				   (void *)ptdbg_arg(regs, 0));
	return 0;
}

NOKPROBE_SYMBOL(oops_on_call);

/*
 * A general protection fault in the kernel.  The address is only given (not 0)
 * when the instruction used one that is not canonical; the error code does not
 * tell reads from writes.
 */
static int gpf_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	u64 addr = ptdbg_arg(regs, 3);

	if (addr && ptdbg_called_oops(PTDBG_HOOK_GPF, addr))
		ptdbg_capture_oops(addr, ptdbg_arg(regs, 2), PTDBG_ACCESS_UNKNOWN,
				   (void *)ptdbg_arg(regs, 1));
	return 0;
}

NOKPROBE_SYMBOL(gpf_on_call);

#elif defined(CONFIG_ARM64)

/* Arm ARM DDI 0487, ESR_ELx: EC in bits 31:26; for data aborts WnR is bit 6 */
#define ESR_EC(esr)	(((esr) >> 26) & 0x3f)
#define EC_IABT_LOWER	0x20
#define EC_IABT_SAME	0x21
#define ESR_WNR		BIT(6)

static u32 access_of(u64 esr)
{
	if (ESR_EC(esr) == EC_IABT_LOWER || ESR_EC(esr) == EC_IABT_SAME)
		return PTDBG_ACCESS_EXEC;
	return esr & ESR_WNR ? PTDBG_ACCESS_WRITE : PTDBG_ACCESS_READ;
}

NOKPROBE_SYMBOL(access_of);

static int oops_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	u64 esr = ptdbg_arg(regs, 2);

	if (ptdbg_called_oops(PTDBG_HOOK_OOPS, ptdbg_arg(regs, 1)))
		ptdbg_capture_oops(ptdbg_arg(regs, 1), esr, access_of(esr),
				   (void *)ptdbg_arg(regs, 3));
	return 0;
}

NOKPROBE_SYMBOL(oops_on_call);

#elif defined(CONFIG_RISCV)

/* RISC-V Privileged Architecture, section "scause": exception codes */
#define CAUSE_FETCH	12
#define CAUSE_LOAD	13
#define CAUSE_STORE	15

static u32 access_of(u64 cause)
{
	switch (cause) {
	case CAUSE_FETCH:
		return PTDBG_ACCESS_EXEC;
	case CAUSE_LOAD:
		return PTDBG_ACCESS_READ;
	case CAUSE_STORE:
		return PTDBG_ACCESS_WRITE;
	default:
		return PTDBG_ACCESS_UNKNOWN;
	}
}

NOKPROBE_SYMBOL(access_of);

static int oops_on_call(struct kprobe *kp, struct pt_regs *regs)
{
	struct pt_regs *fault = (void *)ptdbg_arg(regs, 2);
	u64 cause = fault->cause;

	if (ptdbg_called_oops(PTDBG_HOOK_OOPS, ptdbg_arg(regs, 1)))
		ptdbg_capture_oops(ptdbg_arg(regs, 1), cause, access_of(cause), fault);
	return 0;
}

NOKPROBE_SYMBOL(oops_on_call);

#else
#error "ptdbg knows x86_64, arm64 and riscv64"
#endif

#define ALLOC_HOOK(name, which, call) { \
	.symbol = name, .id = PTDBG_HOOK_ALLOC_ ## which, \
	.on_call = ptdbg_alloc_ ## call ## _on_call }
#define FREE_HOOK(name, which, call) { \
	.symbol = name, .id = PTDBG_HOOK_FREE_ ## which, \
	.on_call = ptdbg_free_ ## call ## _on_call, .frees = true }

struct ptdbg_hook ptdbg_hooks[] = {
	/* What everybody asks for first.  Kernels refuse it; show that. */
	{ .symbol = "do_page_fault" },
	{
		.symbol = "handle_mm_fault",
		.id = PTDBG_HOOK_FAULT,
		.on_call = ptdbg_fault_on_call,
		.on_call_ret = ptdbg_fault_on_call_ret,
		.on_return = ptdbg_fault_on_return,
		.on_return_insn = ptdbg_fault_on_return_insn,
		.required = true,
	},
	{
		.symbol = "follow_page_pte",
		.id = PTDBG_HOOK_GUP,
		.on_call = gup_on_call,
	},
	{
		.symbol = "force_sig_fault",
		.id = PTDBG_HOOK_SIG,
		.on_call = sig_on_call,
	},
	{
		.symbol = "force_sig_mceerr",
		.id = PTDBG_HOOK_SIG_POISON,
		.on_call = sig_poison_on_call,
	},
	{
		.symbol = "force_sig_pkuerr",
		.id = PTDBG_HOOK_SIG_KEY,
		.on_call = sig_key_on_call,
	},
#ifdef CONFIG_X86
	{
		.symbol = "force_sig",
		.id = PTDBG_HOOK_SIG_KERNEL,
		.on_call = sig_kernel_on_call,
	},
	{
		.symbol = "page_fault_oops",
		.id = PTDBG_HOOK_OOPS,
		.on_call = oops_on_call,
	},
	{
		.symbol = "die_addr",
		.id = PTDBG_HOOK_GPF,
		.on_call = gpf_on_call,
	},
#else
	{
		.symbol = "die_kernel_fault",
		.id = PTDBG_HOOK_OOPS,
		.on_call = oops_on_call,
	},
#endif
	ALLOC_HOOK("pmd_install", PTE, pte),
	ALLOC_HOOK("__pmd_alloc", PMD, pmd),
	ALLOC_HOOK("__pud_alloc", PUD, pud),
	ALLOC_HOOK("__p4d_alloc", P4D, p4d),
#ifdef CONFIG_X86
	/* tlb_remove_table() is not always behind these: see paravirt */
	FREE_HOOK("___pte_free_tlb", PTE, pte),
	FREE_HOOK("___pmd_free_tlb", PMD, pmd),
	FREE_HOOK("___pud_free_tlb", PUD, pud),
	FREE_HOOK("___p4d_free_tlb", P4D, p4d),
#else
	FREE_HOOK("tlb_remove_table", TABLE, table),
#endif
	FREE_HOOK("pte_free_defer", DEFER, defer),
	FREE_HOOK("pgd_free", PGD, pgd),
	{ }
};
