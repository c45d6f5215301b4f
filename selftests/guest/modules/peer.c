// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg_peer: a probe on handle_mm_fault() that does nothing, to tell what the
 * kernel takes for the probe alone.
 *
 * Never installed, never loaded but in a test VM.  ret=0: a kprobe; ret=1: a
 * kretprobe with an entry handler.  Where the kernel refuses it, the module does
 * not load.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

/* riscv: behind the patchable prologue, where the first byte is refused */
#define RISCV_PROLOGUE	8

static bool ret;
module_param(ret, bool, 0444);
MODULE_PARM_DESC(ret, "a kretprobe, not a kprobe");

static int nothing(struct kprobe *kp, struct pt_regs *regs)
{
	return 0;
}

NOKPROBE_SYMBOL(nothing);

static int nothing_ret(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return 0;
}

NOKPROBE_SYMBOL(nothing_ret);

static struct kprobe kprobe = {
	.symbol_name = "handle_mm_fault",
	.pre_handler = nothing,
};

static struct kretprobe kretprobe = {
	.kp.symbol_name = "handle_mm_fault",
	.entry_handler = nothing_ret,
	.handler = nothing_ret,
	.maxactive = 64,
};

static int __init peer_init(void)
{
	int err;

	if (ret)
		return register_kretprobe(&kretprobe);
	err = register_kprobe(&kprobe);
	if (err != -EINVAL || !IS_ENABLED(CONFIG_RISCV))
		return err;
	kprobe.addr = NULL;
	kprobe.flags = 0;
	kprobe.offset = RISCV_PROLOGUE;
	return register_kprobe(&kprobe);
}
module_init(peer_init);

static void __exit peer_exit(void)
{
	if (ret)
		unregister_kretprobe(&kretprobe);
	else
		unregister_kprobe(&kprobe);
}
module_exit(peer_exit);

MODULE_DESCRIPTION("Empty probes, for ptdbg's selftests");
MODULE_LICENSE("GPL");
