// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg_migrate: holds a page of the caller in the state of being migrated.
 *
 * Never installed, never loaded but in a test VM.  An address (hex) written to
 * /dev/ptdbg_migrate replaces the entry of that page by the migration entry
 * which this kernel's own functions make, the page being locked as in a real
 * migration: who touches the page waits.  Closing the file puts the entry back
 * and unlocks the page.
 *
 * The page's references and map count stay as they are, so the caller must not
 * unmap it meanwhile.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/uaccess.h>

#include "flush.h"

/**
 * struct held - an open file
 * @mm: whose page; NULL while there is none
 * @addr: its address
 * @page: it
 * @present: its entry
 * @migrating: what is there instead
 */
struct held {
	struct mm_struct *mm;
	unsigned long addr;
	struct page *page;
	pte_t present;
	pte_t migrating;
};

/* Called by apply_to_page_range() with the lock of the table held. */
static int begin_pte(pte_t *ptep, unsigned long addr, void *data)
{
	struct held *h = data;

	h->present = READ_ONCE(*ptep);
	/* since it was looked up the page may have gone */
	if (!pte_present(h->present) ||
	    pte_pfn(h->present) != page_to_pfn(h->page))
		return -EAGAIN;
	WRITE_ONCE(*ptep, h->migrating);
	return 0;
}

static int end_pte(pte_t *ptep, unsigned long addr, void *data)
{
	struct held *h = data;

	if (pte_val(READ_ONCE(*ptep)) != pte_val(h->migrating))
		return -EAGAIN;
	WRITE_ONCE(*ptep, h->present);
	return 0;
}

static int change(struct held *h, pte_fn_t fn)
{
	int err = -EFAULT;

	/*
	 * No vma may go away, or the tables with it.  Who waits for the page may
	 * hold this lock for reading, so it cannot be had for writing.
	 */
	mmap_read_lock(h->mm);
	if (vma_lookup(h->mm, h->addr))
		err = apply_to_page_range(h->mm, h->addr, PAGE_SIZE, fn, h);
	mmap_read_unlock(h->mm);
	on_each_cpu(flush_here, NULL, 1);
	return err;
}

static int hold(struct held *h, unsigned long addr)
{
	swp_entry_t entry;
	int err;

	if (h->mm)
		return -EBUSY;
	h->addr = addr & PAGE_MASK;
	err = get_user_pages_fast(h->addr, 1, FOLL_WRITE, &h->page);
	if (err != 1)
		return err < 0 ? err : -EFAULT;
	lock_page(h->page);
	entry = make_writable_migration_entry(page_to_pfn(h->page));
	h->migrating = swp_entry_to_pte(entry);
	h->mm = current->mm;
	mmgrab(h->mm);
	err = change(h, begin_pte);
	if (!err)
		return 0;
	mmdrop(h->mm);
	h->mm = NULL;
	unlock_page(h->page);
	put_page(h->page);
	return err;
}

static void let_go(struct held *h)
{
	/* an address space that ended has nothing to be put back */
	if (mmget_not_zero(h->mm)) {
		if (change(h, end_pte))
			pr_warn("ptdbg_migrate: the entry has changed\n");
		mmput(h->mm);
	}
	mmdrop(h->mm);
	unlock_page(h->page);
	put_page(h->page);
}

static int migrate_open(struct inode *inode, struct file *file)
{
	struct held *h = kzalloc(sizeof(*h), GFP_KERNEL);

	if (!h)
		return -ENOMEM;
	file->private_data = h;
	return stream_open(inode, file);
}

static int migrate_release(struct inode *inode, struct file *file)
{
	struct held *h = file->private_data;

	if (h->mm)
		let_go(h);
	kfree(h);
	return 0;
}

static ssize_t migrate_write(struct file *file, const char __user *from,
			     size_t size, loff_t *pos)
{
	unsigned long addr;
	int err;

	err = kstrtoul_from_user(from, size, 16, &addr);
	if (!err)
		err = hold(file->private_data, addr);
	return err ? err : size;
}

static const struct file_operations migrate_fops = {
	.owner = THIS_MODULE,
	.open = migrate_open,
	.release = migrate_release,
	.write = migrate_write,
};

static struct miscdevice migrate_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ptdbg_migrate",
	.fops = &migrate_fops,
	.mode = 0600,
};

module_misc_device(migrate_device);

MODULE_DESCRIPTION("Holds a page as if it were being migrated, for the tests of ptdbg");
MODULE_AUTHOR("The ptdbg developers");
MODULE_LICENSE("GPL");
