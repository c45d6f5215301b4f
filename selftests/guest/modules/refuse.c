// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel that refuses one kprobe: symbol=NAME, error=-N.
 *
 * A probe on register_kprobe(), which kretprobes go through as well, has another
 * function run in its place when it is asked for that symbol.  x86 only: there, a
 * probe of the first instruction is allowed, and the first argument is in rdi.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/ptrace.h>
#include <linux/string.h>

static char *symbol = "";
module_param(symbol, charp, 0400);
MODULE_PARM_DESC(symbol, "function that no probe is let on");

static int error = -22;
module_param(error, int, 0400);
MODULE_PARM_DESC(error, "what whoever asks is told");

static unsigned int refused;
module_param(refused, uint, 0400);
MODULE_PARM_DESC(refused, "how often that was");

#ifdef CONFIG_X86_64

/* What is called instead; its caller is that of register_kprobe(). */
static noinline int give_error(void)
{
	refused++;
	return error;
}

static int on_register(struct kprobe *kp, struct pt_regs *regs)
{
	const struct kprobe *asked = (const struct kprobe *)regs->di;

	if (!asked->symbol_name || strcmp(asked->symbol_name, symbol))
		return 0;
	instruction_pointer_set(regs, (unsigned long)give_error);
	/* the kprobes core goes on there */
	return 1;
}

static struct kprobe watch = {
	.symbol_name = "register_kprobe",
	.pre_handler = on_register,
};

static int __init refuse_init(void)
{
	return register_kprobe(&watch);
}

static void __exit refuse_exit(void)
{
	unregister_kprobe(&watch);
}

#else

static int __init refuse_init(void)
{
	return -EOPNOTSUPP;
}

static void __exit refuse_exit(void)
{
}

#endif

module_init(refuse_init);
module_exit(refuse_exit);

MODULE_DESCRIPTION("Refuses a kprobe, for the tests of ptdbg");
MODULE_LICENSE("GPL");
