// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg_inject: does harm on request, so that the tests have something to find.
 *
 * Never installed, never loaded but in a test VM.  /dev/ptdbg_inject takes one
 * command a write(2), numbers in hex without a prefix:
 *
 *	get ADDR	note the raw PTE of a page of the writer
 *	pte ADDR RAW	note it, then replace it
 *	poke PHYS RAW	the same for 8 bytes of RAM: an entry at any level
 *	load ADDR	read 8 bytes there, as the kernel would, unprotected
 *	store ADDR	write 8 bytes there
 *	irq ADDR	the same as load, from an interrupt: the kernel panics
 *	hold ADDR	the same as load, with an address of each kind of memory in
 *			a register, of the last table of the chain, too; note them
 *	trap		an instruction that traps: an oops without an address
 *	aim PID ADDR	note the chain of an address of another process
 *	set LEVEL RAW	replace an entry of that chain; level 0 is the root's
 *	mend		restore all of it; closing the file does so, too
 *	alias PHYS	put a device page where the direct map would have it,
 *			until the file is closed; note its address
 *
 * Reading the same open file gives what an independent witness knows: what was
 * noted last, where this kernel has its direct map and its struct pages, the
 * paging mode, and the chain that was aimed at.
 *
 * load, hold, store and trap run in the writer's context with no lock held: an oops there
 * kills the writer and nobody else.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/irq_work.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/uaccess.h>

#include "flush.h"
#include "inject.h"

#define COMMAND_MAX	64

/**
 * struct witness - an open file
 * @lock: of @prey and @alias
 * @old: the PTE or the address that was noted last
 * @prey: the chain that was aimed at
 * @alias: the device page that is in the direct map
 * @held: what was in the registers
 */
struct witness {
	struct mutex lock;	/* against threads that share the file */
	u64 old;
	struct prey prey;
	struct alias alias;
	u64 held[INJECT_HELD];
};

/**
 * struct change - what is to be done to one PTE
 * @set: whether to replace it
 * @raw: with what
 * @old: what was there
 */
struct change {
	bool set;
	u64 raw;
	u64 old;
};

/* On all CPUs. */
void inject_flush(void)
{
	on_each_cpu(flush_here, NULL, 1);
}

/* Called by apply_to_page_range() with the lock of the table held. */
static int change_pte(pte_t *ptep, unsigned long addr, void *data)
{
	struct change *c = data;

	c->old = pte_val(READ_ONCE(*ptep));
	if (c->set)
		WRITE_ONCE(*ptep, __pte(c->raw));
	return 0;
}

static int change(unsigned long addr, struct change *c)
{
	int err;

	/* no vma may go away, or the tables with it */
	if (mmap_write_lock_killable(current->mm))
		return -EINTR;
	err = -EFAULT;
	if (vma_lookup(current->mm, addr))
		err = apply_to_page_range(current->mm, addr & PAGE_MASK,
					  PAGE_SIZE, change_pte, c);
	mmap_write_unlock(current->mm);
	if (!err && c->set)
		inject_flush();
	return err;
}

/*
 * Functions of their own, so that the oops names them; and KASAN is not to look at
 * the address first, or it would die of another one.
 */
static noinline __no_sanitize_address u64 inject_load(const u64 *addr)
{
	return READ_ONCE(*addr);
}

static noinline __no_sanitize_address void inject_store(u64 *addr)
{
	WRITE_ONCE(*addr, 0);
}

/* What is touched in an interrupt */
static const u64 *irq_addr;

static void load_in_irq(struct irq_work *work)
{
	inject_load(irq_addr);
}

static void inject_irq(const u64 *addr)
{
	static struct irq_work work = IRQ_WORK_INIT_HARD(load_in_irq);

	irq_addr = addr;
	irq_work_queue(&work);
	irq_work_sync(&work);
}

/* What is about the tables of other processes, or of the kernel. */
static int table_command(struct witness *w, const char *text)
{
	unsigned int level;
	u64 number;
	pid_t pid;

	lockdep_assert_held(&w->lock);
	if (sscanf(text, "aim %d %llx", &pid, &number) == 2)
		return inject_aim(&w->prey, pid, number);
	if (sscanf(text, "set %u %llx", &level, &number) == 2)
		return inject_set(&w->prey, level, number);
	if (sscanf(text, "alias %llx", &number) == 1) {
		w->old = (u64)phys_to_virt(number);
		return inject_alias(&w->alias, number);
	}
	if (strcmp(text, "mend"))
		return -EINVAL;
	inject_release_prey(&w->prey);
	return 0;
}

static noinline void inject_trap(void)
{
#ifdef CONFIG_ARM64
	/* undefined; after a breakpoint the kernel leaves its NMI count behind */
	asm volatile(".inst 0");
#else
	__builtin_trap();
#endif
}

static int command(struct witness *w, const char *text)
{
	struct change c = {};
	char word[8];
	u64 addr;
	int err;
	int n;

	n = sscanf(text, "%7s %llx %llx", word, &addr, &c.raw);
	if (n == 1 && !strcmp(word, "trap"))
		inject_trap();
	if (n == 2 && !strcmp(word, "load")) {
		w->old = inject_load((u64 *)addr);
		return 0;
	}
	if (n == 2 && !strcmp(word, "irq")) {
		inject_irq((u64 *)addr);
		return 0;
	}
	if (n == 2 && !strcmp(word, "hold")) {
		if (!w->prey.levels)
			return -ENOENT;
		inject_hold(addr, w->prey.entry[w->prey.levels - 1], w->held);
		return 0;
	}
	if (n == 2 && !strcmp(word, "store")) {
		inject_store((u64 *)addr);
		return 0;
	}
	if (n == 3 && !strcmp(word, "poke")) {
		w->old = xchg((u64 *)phys_to_virt(addr), c.raw);
		on_each_cpu(flush_here, NULL, 1);
		return 0;
	}
	c.set = n == 3 && !strcmp(word, "pte");
	if (!c.set && (n != 2 || strcmp(word, "get"))) {
		if (mutex_lock_interruptible(&w->lock))
			return -EINTR;
		err = table_command(w, text);
		mutex_unlock(&w->lock);
		return err;
	}
	err = change(addr, &c);
	if (!err)
		w->old = c.old;
	return err;
}

static int inject_open(struct inode *inode, struct file *file)
{
	struct witness *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	mutex_init(&w->lock);
	file->private_data = w;
	return stream_open(inode, file);
}

static int inject_release(struct inode *inode, struct file *file)
{
	struct witness *w = file->private_data;

	inject_release_prey(&w->prey);
	inject_release_alias(&w->alias);
	kfree(w);
	return 0;
}

static ssize_t inject_write(struct file *file, const char __user *from,
			    size_t size, loff_t *pos)
{
	char text[COMMAND_MAX];
	int err;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	text[size] = '\0';
	err = command(file->private_data, text);
	return err ? err : size;
}

static ssize_t inject_read(struct file *file, char __user *to, size_t size,
			   loff_t *pos)
{
	struct witness *w = file->private_data;
	unsigned int i;
	char text[512];
	loff_t start = 0;
	int n;

	if (mutex_lock_interruptible(&w->lock))
		return -ERESTARTSYS;
	n = scnprintf(text, sizeof(text),
		      "old %016llx\nphys0 %016lx\npage0 %016lx\npage_bytes %zu\n",
		      w->old, (unsigned long)phys_to_virt(0),
		      (unsigned long)pfn_to_page(0), sizeof(struct page));
	n += scnprintf(text + n, sizeof(text) - n,
		       "va_bits %u\nlpa2 %u\nphys_bits %u\nlevels %u\nroot %llx\nchain",
		       inject_va_bits(), inject_lpa2(), inject_phys_bits(),
		       w->prey.levels, w->prey.root);
	for (i = 0; i < w->prey.levels; i++)
		n += scnprintf(text + n, sizeof(text) - n, " %016llx",
			       w->prey.old[i]);
	n += scnprintf(text + n, sizeof(text) - n, "\nheld");
	for (i = 0; i < INJECT_HELD; i++)
		n += scnprintf(text + n, sizeof(text) - n, " %016llx", w->held[i]);
	n += scnprintf(text + n, sizeof(text) - n, "\n");
	mutex_unlock(&w->lock);
	return simple_read_from_buffer(to, size, &start, text, n);
}

static const struct file_operations inject_fops = {
	.owner = THIS_MODULE,
	.open = inject_open,
	.read = inject_read,
	.write = inject_write,
	.release = inject_release,
};

static struct miscdevice inject_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ptdbg_inject",
	.fops = &inject_fops,
	.mode = 0600,
};

static int __init inject_init(void)
{
	int err = inject_hold_init();

	if (err)
		return err;
	err = misc_register(&inject_device);
	if (err)
		inject_hold_exit();
	return err;
}

static void __exit inject_exit(void)
{
	misc_deregister(&inject_device);
	inject_hold_exit();
}

module_init(inject_init);
module_exit(inject_exit);

MODULE_DESCRIPTION("Does harm on request, for the tests of ptdbg");
MODULE_AUTHOR("The ptdbg developers");
MODULE_LICENSE("GPL");
