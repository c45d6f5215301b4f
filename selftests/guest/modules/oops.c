// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg_oops: makes the kernel oops in every way that `ptdbg explain` tells apart.
 *
 * Never installed, never loaded but in a test VM.  Reading /dev/ptdbg_oops gives
 * the names of the triggers, one a line; writing "NAME ADDR", with the address of
 * a page of the writer in hex, pulls one and kills the writer.  -ENODATA: this
 * kernel has no such oops.  "layout 0" tells where things are, and no more: for
 * who has a trigger elsewhere.
 *
 * What is true of the oops goes to the kernel log just before it, in lines
 *
 *	ptdbg_oops: begin NAME
 *	ptdbg_oops: KEY VALUE...
 *
 * out of the module's own knowledge, in the words of `ptdbg explain` where it is
 * about a class.  Numbers are hex.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poison.h>
#include <linux/sched/task_stack.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define COMMAND_MAX	64

/* Far above the RAM of the guest; no machine maps it. */
#define FAR_PHYS	0x400000000ULL

/* What sparsemem has struct pages for at once, or a multiple of it */
#define STEP		SZ_128M

/* No address in any paging mode, and no tag of arm64 either */
#define NO_ADDRESS	0x0123456789abcde0ULL

enum pull {
	PULL_READ,
	PULL_WRITE,
	PULL_EXEC,
	PULL_REGISTERS,	/* a read, with known values in other registers */
	PULL_STACK,
	PULL_TRAP,
};

/**
 * struct aim - what a trigger is about to touch
 * @user: address of a page of the writer
 * @addr: address that the kernel dies of
 */
struct aim {
	u64 user;
	u64 addr;
};

/**
 * struct trigger - a way to oops
 * @name: of it
 * @class: what the address is
 * @pull: enum pull
 * @aim: finds the address and tells what is known of it; or NULL
 * @arg: for @aim
 * @pattern: what poison.h calls the pattern
 */
struct trigger {
	const char *name;
	const char *class;
	enum pull pull;
	int (*aim)(struct aim *a, u64 arg);
	u64 arg;
	const char *pattern;
};

/* A page of the direct map and one of vmalloc, for what needs a real one. */
static u64 *page_data, *vmalloc_data;

/* kallsyms_lookup_name() is not for modules, but its address can be had. */
static u64 address_of(const char *symbol)
{
	unsigned long (*lookup)(const char *name);
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };

	if (register_kprobe(&probe))
		return 0;
	lookup = (void *)probe.addr;
	unregister_kprobe(&probe);
	return lookup(symbol);
}

/*
 * Functions of their own, so that the oops names them; and KASAN is not to look at
 * the address first, or it would die of another one.
 */
static noinline __no_sanitize_address u64 oops_read(const u64 *addr)
{
	return READ_ONCE(*addr);
}

static noinline __no_sanitize_address void oops_write(u64 *addr)
{
	WRITE_ONCE(*addr, 0);
}

static noinline void oops_exec(void (*addr)(void))
{
	addr();
	/* no tail call: the caller shall be in the trace */
	barrier();
}

static noinline void oops_trap(void)
{
	/* an undefined instruction: no task dies well of arm64's BRK */
	if (IS_ENABLED(CONFIG_ARM64))
		asm volatile(".long 0");
	else
		__builtin_trap();
}

static noinline u64 oops_recurse(u64 depth)
{
	u8 frame[256];

	frame[0] = depth;
	barrier_data(frame);
	return depth + 1 ? oops_recurse(depth + 1) + frame[0] : 0;
}

static noinline u64 oops_registers(u64 addr, u64 pte)
{
	struct page *page = virt_to_page(page_data);
	u64 value;

#if defined(CONFIG_X86)
	asm volatile("movq (%1), %0"
#elif defined(CONFIG_ARM64)
	asm volatile("ldr %0, [%1]"
#else
	asm volatile("ld %0, 0(%1)"
#endif
		     : "=&r" (value)
		     : "r" (addr), "r" (pte), "r" (page), "r" (page_data),
		       "r" (vmalloc_data));
	return value;
}

static bool can_be_read(u64 addr)
{
	u64 value;

	return !copy_from_kernel_nofault(&value, (void *)addr, sizeof(value));
}

static int aim_at(struct aim *a, u64 addr)
{
	a->addr = addr;
	return 0;
}

static int aim_null(struct aim *a, u64 offset)
{
	a->addr = offset;
	pr_info("offset %llx\n", offset);
	return 0;
}

static int aim_error(struct aim *a, u64 error)
{
	a->addr = -error;
	pr_info("error %llx\n", error);
	return 0;
}

/* A member of what a pointer out of poisoned memory points to */
static int aim_poison(struct aim *a, u64 byte)
{
	memset(&a->addr, byte, sizeof(a->addr));
	a->addr += 0x18;
	return 0;
}

/* What list_del() leaves behind */
static int aim_list(struct aim *a, u64 next)
{
	struct list_head entry;
	LIST_HEAD(list);

	list_add(&entry, &list);
	list_del(&entry);
	a->addr = next ? (u64)&entry.next->prev : (u64)&entry.prev->next;
	return 0;
}

static int aim_user(struct aim *a, u64 unused)
{
	a->addr = a->user;
	return 0;
}

static int aim_page(struct aim *a, u64 pfn)
{
	a->addr = (u64)pfn_to_page(pfn) + 8;
	if (can_be_read(a->addr))
		return -ENODATA;
	pr_info("pfn %llx\n", pfn);
	pr_info("offset 8\n");
	return 0;
}

/* The first section that has no struct pages */
static int aim_page_near(struct aim *a, u64 unused)
{
	u64 step = STEP >> PAGE_SHIFT;
	u64 pfn = PHYS_PFN(virt_to_phys(page_data)) & ~(step - 1);

	while (can_be_read((u64)pfn_to_page(pfn)))
		pfn += step;
	return aim_page(a, pfn);
}

static int aim_direct(struct aim *a, u64 phys)
{
	a->addr = (u64)phys_to_virt(phys);
	pr_info("pfn %llx\n", phys >> PAGE_SHIFT);
	return 0;
}

static int aim_data(struct aim *a, u64 unused)
{
	return aim_direct(a, virt_to_phys(page_data));
}

static int aim_vmalloc(struct aim *a, u64 offset)
{
	a->addr = (u64)vmalloc_data + PAGE_SIZE + offset;
	return 0;
}

/* arm64 unmaps it; x86 makes it not executable; riscv does neither */
static int aim_init(struct aim *a, u64 offset)
{
	u64 first = address_of("__init_begin"), last = address_of("__init_end");

	if (IS_ENABLED(CONFIG_RISCV) || !first || last <= first)
		return -ENODATA;
	if (IS_ENABLED(CONFIG_X86))
		a->addr = address_of("_sinittext") + offset;
	else
		a->addr = first + offset;
	pr_info("init %llx %llx\n", first, last - 1);
	return a->addr < last ? 0 : -ENODATA;
}

/* riscv takes it as an NMI, and panics */
static int aim_trap(struct aim *a, u64 unused)
{
	return IS_ENABLED(CONFIG_RISCV) ? -ENODATA : 0;
}

static const u64 constant[] = { 1, 2 };

static const struct trigger triggers[] = {
	{ "null_read", "NULL", PULL_READ, aim_null, 0x1d8 },
	{ "null_write", "NULL", PULL_WRITE, aim_null, 0x10 },
	{ "null_exec", "NULL", PULL_EXEC, aim_null, 0 },
	{ "error_pointer", "error pointer", PULL_READ, aim_error, ENOMEM },
	{ "poison_free", "poison", PULL_READ, aim_poison, POISON_FREE, "POISON_FREE" },
	{ "poison_inuse", "poison", PULL_WRITE, aim_poison, POISON_INUSE, "POISON_INUSE" },
	{ "poison_end", "poison", PULL_READ, aim_poison, POISON_END, "POISON_END" },
	{
		"poison_init", "poison", PULL_READ, aim_poison, POISON_FREE_INITMEM,
		"POISON_FREE_INITMEM"
	},
	{ "list_next", "poison", PULL_WRITE, aim_list, true, "LIST_POISON1" },
	{ "list_prev", "poison", PULL_READ, aim_list, false, "LIST_POISON2" },
	{ "no_address_read", "not canonical", PULL_READ, aim_at, NO_ADDRESS },
	{ "no_address_exec", "not canonical", PULL_EXEC, aim_at, NO_ADDRESS },
	{ "user_read", "user", PULL_READ, aim_user },
	{ "user_write", "user", PULL_WRITE, aim_user },
	{ "user_exec", "user", PULL_EXEC, aim_user },
	{ "page_far", "invalid pfn", PULL_READ, aim_page, FAR_PHYS >> PAGE_SHIFT },
	{ "page_near", "invalid pfn", PULL_WRITE, aim_page_near },
	/* x86 has RAM from pfn 0 on */
	{
		"page_below", "invalid pfn", PULL_READ, aim_page,
		IS_ENABLED(CONFIG_X86) ? -0x10ULL : 0
	},
	{ "registers", "invalid pfn", PULL_REGISTERS, aim_page, FAR_PHYS >> PAGE_SHIFT },
	{ "beyond_ram", "beyond RAM", PULL_READ, aim_direct, FAR_PHYS + 0x2008 },
	{ "direct_exec", "direct map", PULL_EXEC, aim_data },
	{ "vmalloc_guard", "vmalloc", PULL_READ, aim_vmalloc, 0x10 },
	{ "text_write", "kernel image", PULL_WRITE, aim_at, (u64)vprintk },
	{ "rodata_write", "kernel image", PULL_WRITE, aim_at, (u64)_ctype },
	{ "module_write", "modules", PULL_WRITE, aim_at, (u64)constant },
	{ "init", "init memory", IS_ENABLED(CONFIG_X86) ? PULL_EXEC : PULL_READ, aim_init, 0x40 },
	{ "trap", "no address", PULL_TRAP, aim_trap },
	/* the kernel panics */
	{ "stack", "stack overflow", PULL_STACK },
};

/* The layout, in a form that needs no more knowledge: one page of each kind */
static void tell_layout(void)
{
	u64 stack = (u64)task_stack_page(current);
	phys_addr_t phys = virt_to_phys(page_data);

	pr_info("page_shift %x\n", PAGE_SHIFT);
	pr_info("stack %llx %llx\n", stack, stack + THREAD_SIZE - 1);
	pr_info("page %llx %llx %llx %zx\n", (u64)phys, (u64)page_data,
		(u64)virt_to_page(page_data), sizeof(struct page));
}

static void pull_registers(u64 addr)
{
	u64 pfn = FAR_PHYS >> PAGE_SHIFT;
	pte_t pte = pte_mkyoung(pfn_pte(pfn, vm_get_page_prot(VM_READ)));

	pr_info("held pte %llx\n", (u64)pte_val(pte));
	pr_info("held page %llx\n", (u64)virt_to_page(page_data));
	pr_info("held direct %llx\n", (u64)page_data);
	pr_info("held vmalloc %llx\n", (u64)vmalloc_data);
	oops_registers(addr, pte_val(pte));
}

static int pull(const struct trigger *t, u64 user)
{
	static const char *const access[PULL_TRAP + 1] = {
		[PULL_READ] = "read",
		[PULL_WRITE] = "write",
		[PULL_EXEC] = "exec",
		[PULL_REGISTERS] = "read",
	};
	struct aim a = { .user = user };
	int err;

	pr_info("begin %s\n", t->name);
	err = t->aim ? t->aim(&a, t->arg) : 0;
	if (err)
		return err;
	pr_info("class %s\n", t->class);
	if (t->pattern)
		pr_info("pattern %s\n", t->pattern);
	if (access[t->pull]) {
		pr_info("address %llx\n", a.addr);
		pr_info("access %s\n", access[t->pull]);
	}
	tell_layout();
	switch (t->pull) {
	case PULL_READ:
		oops_read((u64 *)a.addr);
		break;
	case PULL_WRITE:
		oops_write((u64 *)a.addr);
		break;
	case PULL_EXEC:
		oops_exec((void *)a.addr);
		break;
	case PULL_REGISTERS:
		pull_registers(a.addr);
		break;
	case PULL_STACK:
		oops_recurse(0);
		break;
	case PULL_TRAP:
		oops_trap();
		break;
	}
	return 0;
}

static ssize_t oops_device_write(struct file *file, const char __user *from,
				 size_t size, loff_t *pos)
{
	char text[COMMAND_MAX], name[32];
	unsigned int i;
	u64 user;
	int err;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	if (sscanf(text, "%31s %llx", name, &user) != 2)
		return -EINVAL;
	if (!strcmp(name, "layout")) {
		tell_layout();
		return size;
	}
	for (i = 0; i < ARRAY_SIZE(triggers); i++) {
		if (strcmp(name, triggers[i].name))
			continue;
		err = pull(&triggers[i], user);
		return err ? err : size;
	}
	return -EINVAL;
}

static ssize_t oops_device_read(struct file *file, char __user *to, size_t size,
				loff_t *pos)
{
	char text[ARRAY_SIZE(triggers) * 24];
	unsigned int i;
	int n = 0;

	for (i = 0; i < ARRAY_SIZE(triggers); i++)
		n += scnprintf(text + n, sizeof(text) - n, "%s\n",
			       triggers[i].name);
	return simple_read_from_buffer(to, size, pos, text, n);
}

static const struct file_operations oops_fops = {
	.owner = THIS_MODULE,
	.read = oops_device_read,
	.write = oops_device_write,
};

static struct miscdevice oops_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ptdbg_oops",
	.fops = &oops_fops,
	.mode = 0600,
};

static int __init oops_load(void)
{
	int err = -ENOMEM;

	page_data = (u64 *)get_zeroed_page(GFP_KERNEL);
	vmalloc_data = vzalloc(PAGE_SIZE);
	if (page_data && vmalloc_data)
		err = misc_register(&oops_device);
	if (err) {
		free_page((unsigned long)page_data);
		vfree(vmalloc_data);
	}
	return err;
}

static void __exit oops_unload(void)
{
	misc_deregister(&oops_device);
	free_page((unsigned long)page_data);
	vfree(vmalloc_data);
}

module_init(oops_load);
module_exit(oops_unload);

MODULE_DESCRIPTION("Oopses in every way, for the tests of ptdbg");
MODULE_AUTHOR("The ptdbg developers");
MODULE_LICENSE("GPL");
