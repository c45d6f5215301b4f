// SPDX-License-Identifier: GPL-2.0-only
/*
 * Placing, removing and showing the hooks.
 *
 * For returns a kretprobe is tried first.  Where the kernel refuses it
 * (riscv64 6.12: every probe on the first byte of a traceable function fails
 * with -EINVAL, and kretprobes take no other place), a kprobe goes behind the
 * patchable prologue and one more on each return instruction.
 *
 * Context: process context, ptdbg.lock is held.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kallsyms.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "hook.h"
#include "read.h"

/*
 * riscv: FTRACE_ADDR_OFFSET patchable bytes before the body: auipc and jalr, or
 * nops (arch/riscv/include/asm/ftrace.h).
 */
#define RISCV_PROLOGUE	8

/* Until there may be memory again. */
#define RETRY_MS	10

/* Faults sleep: more than the default of two for each CPU are under way. */
static int maxactive(void)
{
	return max(256U, 8 * num_possible_cpus());
}

/*
 * Offset of @addr in its function, and the function's size; false if unknown.
 * "name+0x8/0x646" is all that a module can get.
 */
static bool place_of(const void *addr, unsigned long *offset, unsigned long *size)
{
	char name[KSYM_SYMBOL_LEN];
	char *plus;

	sprint_symbol(name, (unsigned long)addr);
	plus = strrchr(name, '+');
	return plus && sscanf(plus, "+%lx/%lx", offset, size) == 2;
}

/* Where the kernel put it: on x86 not on the endbr64 that was asked for. */
static void note_offset(struct ptdbg_hook *h, const struct kprobe *kp)
{
	unsigned long offset, size;

	h->offset = place_of(kp->addr, &offset, &size) ? offset : kp->offset;
}

static int place_kprobe(struct ptdbg_hook *h, unsigned int offset, u32 flags)
{
	memset(&h->kp, 0, sizeof(h->kp));
	h->kp.symbol_name = h->symbol;
	h->kp.offset = offset;
	h->kp.pre_handler = h->on_call;
	h->kp.flags = flags;
	return register_kprobe(&h->kp);
}

/* At the first byte, or behind the prologue where that is refused. */
static int place_entry(struct ptdbg_hook *h, u32 flags)
{
	int err = place_kprobe(h, 0, flags);

	if (err == -EINVAL && IS_ENABLED(CONFIG_RISCV))
		err = place_kprobe(h, RISCV_PROLOGUE, flags);
	return err;
}

static int place_kretprobe(struct ptdbg_hook *h)
{
	int err;

	memset(&h->rp, 0, sizeof(h->rp));
	h->rp.kp.symbol_name = h->symbol;
	h->rp.entry_handler = h->on_call_ret;
	h->rp.handler = h->on_return;
	h->rp.data_size = sizeof(struct ptdbg_flight *);
	h->rp.maxactive = maxactive();
	err = register_kretprobe(&h->rp);
	if (err)
		return err;
	h->backend = PTDBG_KRETPROBE;
	note_offset(h, &h->rp.kp);
	return 0;
}

/*
 * Unregistering a probe of an ftrace site without memory warns, says nothing and
 * leaves the probe where it is, for ever.  Disabling can be tried again, and what is
 * disabled can be unregistered.
 */
static void disable(struct kprobe *kp)
{
	while (disable_kprobe(kp) == -ENOMEM)
		msleep(RETRY_MS);
}

#ifdef CONFIG_RISCV

/* RISC-V Unprivileged ISA: c.jr ra, and jalr x0, 0(ra) */
#define INSN_C_JR_RA	0x8082
#define INSN_RET	0x00008067
/* low bits of an instruction that is not compressed */
#define INSN_LONG	3

/* Bytes of the function that holds @addr from @addr on, 0 if unknown. */
static unsigned int bytes_left(const void *addr)
{
	unsigned long offset, size;

	return place_of(addr, &offset, &size) && offset < size ? size - offset : 0;
}

static int add_return(struct ptdbg_hook *h, unsigned int offset)
{
	struct kprobe *kp;
	int err;

	if (h->nr_ret == PTDBG_MAX_RETURNS)
		return -E2BIG;
	kp = &h->ret[h->nr_ret];
	kp->symbol_name = h->symbol;
	kp->offset = offset;
	kp->pre_handler = h->on_return_insn;
	err = register_kprobe(kp);
	if (!err)
		h->nr_ret++;
	return err;
}

static void remove_returns(struct ptdbg_hook *h)
{
	while (h->nr_ret)
		unregister_kprobe(&h->ret[--h->nr_ret]);
	kfree(h->ret);
	h->ret = NULL;
}

/* A probe on each return instruction of the function. */
static int place_returns(struct ptdbg_hook *h)
{
	unsigned int at, left;
	const char *body;
	u16 half[2];
	int err;

	/* Resolve the address; the text is read before anything is placed. */
	err = place_kprobe(h, RISCV_PROLOGUE, KPROBE_FLAG_DISABLED);
	if (err)
		return err;
	body = (const char *)h->kp.addr;
	unregister_kprobe(&h->kp);
	left = bytes_left(body);

	h->ret = kcalloc(PTDBG_MAX_RETURNS, sizeof(*h->ret), GFP_KERNEL);
	if (!h->ret)
		return -ENOMEM;
	for (at = 0; at + 2 <= left; at += (half[0] & INSN_LONG) == INSN_LONG ? 4 : 2) {
		half[1] = 0;
		if (copy_from_kernel_nofault(half, body + at,
					     min(left - at, 4U))) {
			err = -EFAULT;
			goto remove;
		}
		if (half[0] != INSN_C_JR_RA &&
		    (half[0] | (u32)half[1] << 16) != INSN_RET)
			continue;
		err = add_return(h, RISCV_PROLOGUE + at);
		if (err)
			goto remove;
	}
	if (!h->nr_ret) {
		err = -ENOENT;
		goto remove;
	}
	err = place_kprobe(h, RISCV_PROLOGUE, 0);
	if (err)
		goto remove;
	h->backend = PTDBG_KPROBE_RETURNS;
	note_offset(h, &h->kp);
	return 0;

remove:
	remove_returns(h);
	return err;
}

#else

static void remove_returns(struct ptdbg_hook *h)
{
}

static int place_returns(struct ptdbg_hook *h)
{
	return -EINVAL;
}

#endif

static void place(struct ptdbg_hook *h)
{
	if (h->frees && !ptdbg.frees) {
		h->err = 0;
		return;
	}
	if (!h->on_call) {
		/* resolved and judged, but never armed */
		h->err = place_entry(h, KPROBE_FLAG_DISABLED);
		if (!h->err)
			unregister_kprobe(&h->kp);
		return;
	}
	if (!h->on_return) {
		h->err = place_entry(h, 0);
		if (h->err)
			return;
		h->backend = PTDBG_KPROBE;
		note_offset(h, &h->kp);
		return;
	}
	h->err = place_kretprobe(h);
	if (h->err == -EINVAL)
		h->err = place_returns(h);
}

/* Hits that the kprobes core has not handed on since the hook was placed. */
static u64 missed_now(const struct ptdbg_hook *h)
{
	unsigned int i;
	u64 n = 0;

	switch (h->backend) {
	case PTDBG_KRETPROBE:
		return h->rp.nmissed + h->rp.kp.nmissed;
	case PTDBG_KPROBE_RETURNS:
		for (i = 0; i < h->nr_ret; i++)
			n += h->ret[i].nmissed;
		fallthrough;
	case PTDBG_KPROBE:
		return n + h->kp.nmissed;
	default:
		return 0;
	}
}

static void remove(struct ptdbg_hook *h)
{
	u64 missed = missed_now(h);

	switch (h->backend) {
	case PTDBG_KRETPROBE:
		disable(&h->rp.kp);
		unregister_kretprobe(&h->rp);
		break;
	case PTDBG_KPROBE_RETURNS:
		unregister_kprobe(&h->kp);
		remove_returns(h);
		break;
	case PTDBG_KPROBE:
		disable(&h->kp);
		unregister_kprobe(&h->kp);
		break;
	default:
		return;
	}
	h->missed += missed;
	h->backend = PTDBG_NOT_PLACED;
}

static const char *why(int err)
{
	switch (err) {
	case -ENOENT:
		return "no such function in this kernel";
	case -EINVAL:
		return "the kernel does not allow a probe there";
	case -EOPNOTSUPP:
		return "this kernel has no kprobes (CONFIG_KPROBES)";
	case -ENOMEM:
		return "no memory";
	default:
		return "refused";
	}
}

/**
 * ptdbg_hooks_place() - place all hooks that the kernel allows
 *
 * Return: 0 when the required ones are placed; otherwise the kernel's error,
 * with nothing placed and a sentence in the kernel log.
 */
int ptdbg_hooks_place(void)
{
	struct ptdbg_hook *h;
	int err;

	for (h = ptdbg_hooks; h->symbol; h++) {
		place(h);
		if (h->err && h->required) {
			err = h->err;
			pr_err("no page fault can be recorded: %s: %s (error %d)\n",
			       h->symbol, why(err), err);
			ptdbg_hooks_remove();
			return err;
		}
	}
	return 0;
}

struct removal {
	struct work_struct work;
	bool only_frees;
};

static void do_removal(struct work_struct *work)
{
	const struct removal *r = container_of(work, struct removal, work);
	struct ptdbg_hook *h;

	for (h = ptdbg_hooks; h->symbol; h++) {
		if (h->frees || !r->only_frees)
			remove(h);
	}
}

/*
 * Taking a probe off an ftrace site needs memory, and where there is none, the
 * kernel has counted one probe less before it finds out: from then on others' may
 * not be hit (__disarm_kprobe_ftrace() in kernel/kprobes.c of 6.1 and 6.12).  A
 * process that is being killed is refused memory; a kernel thread that asks for as
 * little as this is made to wait for it.
 */
static void remove_hooks(bool only_frees)
{
	struct removal r = { .only_frees = only_frees };

	INIT_WORK_ONSTACK(&r.work, do_removal);
	schedule_work(&r.work);
	flush_work(&r.work);
	destroy_work_on_stack(&r.work);
}

/* Remove all hooks; when it returns, none of their handlers runs any more. */
void ptdbg_hooks_remove(void)
{
	remove_hooks(false);
}

/* Place or remove the hooks that only recording frees needs. */
void ptdbg_hooks_frees(bool on)
{
	struct ptdbg_hook *h;

	if (!on) {
		remove_hooks(true);
		return;
	}
	for (h = ptdbg_hooks; h->symbol; h++) {
		if (h->frees)
			place(h);
	}
}

/* Is a hook placed?  Does not change while anything is recorded. */
bool ptdbg_hook_placed(enum ptdbg_hook_id id)
{
	const struct ptdbg_hook *h;

	for (h = ptdbg_hooks; h->symbol; h++) {
		if (h->on_call && h->id == id)
			return h->backend != PTDBG_NOT_PLACED;
	}
	return false;
}

NOKPROBE_SYMBOL(ptdbg_hook_placed);

/* Hits that kprobes did not hand to us, since the last clear. */
u64 ptdbg_hooks_missed(void)
{
	const struct ptdbg_hook *h;
	u64 n = 0;

	for (h = ptdbg_hooks; h->symbol; h++)
		n += h->missed + missed_now(h) - h->missed_base;
	return n;
}

void ptdbg_hooks_clear(void)
{
	struct ptdbg_hook *h;

	for (h = ptdbg_hooks; h->symbol; h++)
		h->missed_base = h->missed + missed_now(h);
}

static void show_place(struct seq_file *m, const struct ptdbg_hook *h)
{
	switch (h->backend) {
	case PTDBG_KRETPROBE:
		seq_printf(m, "placed at +%u (kretprobe)", h->offset);
		break;
	case PTDBG_KPROBE:
		seq_printf(m, "placed at +%u (kprobe)", h->offset);
		break;
	case PTDBG_KPROBE_RETURNS:
		seq_printf(m, "placed at +%u (kprobe; %u return instruction%s)",
			   h->offset, h->nr_ret, h->nr_ret == 1 ? "" : "s");
		break;
	default:
		if (h->err)
			seq_printf(m, "refused: %s (error %d)", why(h->err),
				   h->err);
		else if (h->on_call)
			seq_puts(m, "off");
		else
			seq_puts(m, "allowed by this kernel, but not needed");
	}
}

/* A hook a line: name, place, self-test, hits, missed. */
void ptdbg_hooks_show(struct seq_file *m)
{
	const struct ptdbg_hook *h;
	struct ptdbg_sum s;

	ptdbg_stats_sum(&s);
	for (h = ptdbg_hooks; h->symbol; h++) {
		seq_printf(m, "%-16s ", h->symbol);
		show_place(m, h);
		if (h->on_call) {
			seq_printf(m, ", %s, hits %llu",
				   ptdbg_selftest_result(h->id),
				   s.count.hook[h->id]);
			if (h->on_return)
				seq_printf(m, ", returns %llu",
					   s.count.hook[PTDBG_HOOK_RETURN]);
			seq_printf(m, ", missed %llu",
				   h->missed + missed_now(h) - h->missed_base);
		}
		seq_putc(m, '\n');
	}
}
