// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg_judge: says what this kernel's own functions make of a page-table entry.
 *
 * Never installed, never loaded but in a test VM.  /dev/ptdbg_judge takes an
 * array of struct judge_question in a write(2), and a read(2) of the same open
 * file gives the answers.  The functions work on the value alone: no entry is
 * ever put into a table.
 *
 * Left out: pXX_bad(), which asks for exactly the flags of Linux' own tables;
 * is_migration_entry_young() and _dirty(), which need a variable that is not
 * exported; what leads to a struct page (pte_page(), pfn_swap_entry_to_page()),
 * which is there for few of the pfns that a test makes up.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pgtable.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/uaccess.h>
#include <linux/userfaultfd_k.h>
#ifdef JUDGE_HAVE_LEAFOPS
#include <linux/leafops.h>
#endif

#include "judge.h"

/**
 * struct court - an open file
 * @answers: to the last write
 * @n: number of these
 */
struct court {
	struct judge_answer answers[JUDGE_MAX];
	unsigned int n;
};

static void fact(struct judge_answer *a, enum judge_fact f, bool is)
{
	a->known |= BIT(f);
	if (is)
		a->is |= BIT(f);
}

static void pfn_fact(struct judge_answer *a, u64 pfn)
{
	fact(a, JUDGE_PFN, true);
	a->pfn = pfn;
}

#ifdef JUDGE_HAVE_LEAFOPS
static void judge_swap(struct judge_answer *a, softleaf_t e)
{
	static const u8 kinds[] = {
		[SOFTLEAF_SWAP] = JUDGE_KIND_SWAP,
		[SOFTLEAF_MIGRATION_READ] = JUDGE_KIND_MIGRATION_READ,
		[SOFTLEAF_MIGRATION_READ_EXCLUSIVE] =
			JUDGE_KIND_MIGRATION_READ_EXCLUSIVE,
		[SOFTLEAF_MIGRATION_WRITE] = JUDGE_KIND_MIGRATION_WRITE,
		[SOFTLEAF_DEVICE_PRIVATE_READ] = JUDGE_KIND_DEVICE_READ,
		[SOFTLEAF_DEVICE_PRIVATE_WRITE] = JUDGE_KIND_DEVICE_WRITE,
		[SOFTLEAF_DEVICE_EXCLUSIVE] = JUDGE_KIND_EXCLUSIVE,
		[SOFTLEAF_HWPOISON] = JUDGE_KIND_HWPOISON,
		[SOFTLEAF_MARKER] = JUDGE_KIND_MARKER,
	};

	a->type = swp_type(e);
	a->offset = swp_offset(e);
	/* for this kernel type 0, offset 0 is no entry at all */
	a->kind = softleaf_is_none(e) ? JUDGE_KIND_SWAP : kinds[softleaf_type(e)];
	fact(a, JUDGE_SWAP_PFN, softleaf_has_pfn(e));
	if (softleaf_has_pfn(e))
		a->swap_pfn = softleaf_to_pfn(e);
	if (softleaf_is_marker(e))
		a->marker = softleaf_to_marker(e);
}
#else
static unsigned int swap_kind(swp_entry_t e)
{
	if (!non_swap_entry(e))
		return JUDGE_KIND_SWAP;
	if (is_hwpoison_entry(e))
		return JUDGE_KIND_HWPOISON;
	/* without migration the kernel lacks the second of these */
#ifdef CONFIG_MIGRATION
	if (is_readable_migration_entry(e))
		return JUDGE_KIND_MIGRATION_READ;
	if (is_readable_exclusive_migration_entry(e))
		return JUDGE_KIND_MIGRATION_READ_EXCLUSIVE;
	if (is_writable_migration_entry(e))
		return JUDGE_KIND_MIGRATION_WRITE;
#endif
	if (is_writable_device_private_entry(e))
		return JUDGE_KIND_DEVICE_WRITE;
	if (is_device_private_entry(e))
		return JUDGE_KIND_DEVICE_READ;
	if (is_writable_device_exclusive_entry(e))
		return JUDGE_KIND_EXCLUSIVE_WRITE;
	if (is_device_exclusive_entry(e))
		return JUDGE_KIND_EXCLUSIVE;
	if (is_pte_marker_entry(e))
		return JUDGE_KIND_MARKER;
#ifdef SWP_SWAPIN_ERROR
	if (is_swapin_error_entry(e))
		return JUDGE_KIND_ERROR;
#endif
	return JUDGE_KIND_OTHER;
}

static void judge_swap(struct judge_answer *a, swp_entry_t e)
{
	a->type = swp_type(e);
	a->offset = swp_offset(e);
	a->kind = swap_kind(e);
	fact(a, JUDGE_SWAP_PFN, is_pfn_swap_entry(e));
	if (is_pfn_swap_entry(e))
		a->swap_pfn = swp_offset_pfn(e);
	if (is_pte_marker_entry(e))
		a->marker = pte_marker_get(e);
}
#endif

static void judge_pte_swap(struct judge_answer *a, pte_t pte)
{
	bool swap = !pte_none(pte) && !pte_present(pte);

	fact(a, JUDGE_SWAP, swap);
	if (!swap)
		return;
	fact(a, JUDGE_EXCLUSIVE, pte_swp_exclusive(pte));
	fact(a, JUDGE_SWAP_SOFT_DIRTY, pte_swp_soft_dirty(pte));
	fact(a, JUDGE_SWAP_UFFD_WP, pte_swp_uffd_wp(pte));
#ifdef JUDGE_HAVE_LEAFOPS
	judge_swap(a, softleaf_from_pte(pte));
#else
	judge_swap(a, pte_to_swp_entry(pte));
#endif
}

static void judge_pte(struct judge_answer *a, u64 raw)
{
	pte_t pte = __pte(raw);

	fact(a, JUDGE_NONE, pte_none(pte));
	fact(a, JUDGE_PRESENT, pte_present(pte));
	fact(a, JUDGE_WRITE, pte_write(pte));
	fact(a, JUDGE_YOUNG, pte_young(pte));
	fact(a, JUDGE_DIRTY, pte_dirty(pte));
	fact(a, JUDGE_SPECIAL, pte_special(pte));
#ifdef CONFIG_ARM64
	fact(a, JUDGE_USER_EXEC, pte_user_exec(pte));
#else
	fact(a, JUDGE_EXEC, pte_exec(pte));
#endif
#ifndef CONFIG_X86
	fact(a, JUDGE_USER, pte_user(pte));
#endif
#ifdef CONFIG_ARCH_HAS_PTE_DEVMAP
	fact(a, JUDGE_DEVMAP, pte_devmap(pte));
#endif
#ifdef CONFIG_HAVE_ARCH_SOFT_DIRTY
	fact(a, JUDGE_SOFT_DIRTY, pte_soft_dirty(pte));
#endif
#ifdef CONFIG_HAVE_ARCH_USERFAULTFD_WP
	fact(a, JUDGE_UFFD_WP, pte_uffd_wp(pte));
#endif
#ifdef CONFIG_NUMA_BALANCING
	fact(a, JUDGE_PROTNONE, pte_protnone(pte));
#endif
	pfn_fact(a, pte_pfn(pte));
	judge_pte_swap(a, pte);
}

/* Where a table entry leads to: no name that all architectures share. */
#if defined(CONFIG_ARM64)
#define table_pfn(level, entry)	(level ## _page_paddr(entry) >> PAGE_SHIFT)
#elif defined(CONFIG_RISCV)
#define table_pfn(level, entry)	_ ## level ## _pfn(entry)
#else
#define table_pfn(level, entry)	level ## _pfn(entry)
#endif

static void judge_pmd_swap(struct judge_answer *a, pmd_t pmd)
{
	bool swap = !pmd_none(pmd) && !pmd_present(pmd);

	fact(a, JUDGE_SWAP, swap);
#ifdef CONFIG_ARCH_ENABLE_THP_MIGRATION
	if (!swap)
		return;
	fact(a, JUDGE_SWAP_SOFT_DIRTY, pmd_swp_soft_dirty(pmd));
	fact(a, JUDGE_SWAP_UFFD_WP, pmd_swp_uffd_wp(pmd));
#ifdef JUDGE_HAVE_LEAFOPS
	judge_swap(a, softleaf_from_pmd(pmd));
#else
	judge_swap(a, pmd_to_swp_entry(pmd));
#endif
#endif
}

static void judge_pmd(struct judge_answer *a, u64 raw)
{
	pmd_t pmd = __pmd(raw);

	fact(a, JUDGE_NONE, pmd_none(pmd));
	fact(a, JUDGE_PRESENT, pmd_present(pmd));
	fact(a, JUDGE_LEAF, pmd_leaf(pmd));
	fact(a, JUDGE_WRITE, pmd_write(pmd));
	fact(a, JUDGE_YOUNG, pmd_young(pmd));
	fact(a, JUDGE_DIRTY, pmd_dirty(pmd));
#ifdef CONFIG_HAVE_ARCH_SOFT_DIRTY
	fact(a, JUDGE_SOFT_DIRTY, pmd_soft_dirty(pmd));
#endif
#ifdef CONFIG_HAVE_ARCH_USERFAULTFD_WP
	fact(a, JUDGE_UFFD_WP, pmd_uffd_wp(pmd));
#endif
#ifdef CONFIG_NUMA_BALANCING
	fact(a, JUDGE_PROTNONE, pmd_protnone(pmd));
#endif
	pfn_fact(a, pmd_leaf(pmd) ? pmd_pfn(pmd) : table_pfn(pmd, pmd));
	judge_pmd_swap(a, pmd);
}

static void judge_pud(struct judge_answer *a, u64 raw)
{
	pud_t pud = __pud(raw);

	fact(a, JUDGE_NONE, pud_none(pud));
	fact(a, JUDGE_PRESENT, pud_present(pud));
	fact(a, JUDGE_LEAF, pud_leaf(pud));
	pfn_fact(a, pud_leaf(pud) ? pud_pfn(pud) : table_pfn(pud, pud));
}

static void judge_p4d(struct judge_answer *a, u64 raw)
{
#if CONFIG_PGTABLE_LEVELS > 3
	p4d_t p4d = { 0 };

	/* where P4D is folded at compile time it has a PGD inside */
	memcpy(&p4d, &raw, sizeof(p4d));
	fact(a, JUDGE_NONE, p4d_none(p4d));
	fact(a, JUDGE_PRESENT, p4d_present(p4d));
	pfn_fact(a, table_pfn(p4d, p4d));
#endif
}

static void judge_pgd(struct judge_answer *a, u64 raw)
{
#if CONFIG_PGTABLE_LEVELS > 4
	pgd_t pgd = __pgd(raw);

	fact(a, JUDGE_NONE, pgd_none(pgd));
	fact(a, JUDGE_PRESENT, pgd_present(pgd));
	pfn_fact(a, table_pfn(pgd, pgd));
#endif
}

static bool judge(struct judge_answer *a, const struct judge_question *q)
{
	static void (*const level[])(struct judge_answer *a, u64 raw) = {
		judge_pte, judge_pmd, judge_pud, judge_p4d, judge_pgd,
	};

	memset(a, 0, sizeof(*a));
	if (q->up >= ARRAY_SIZE(level))
		return false;
	level[q->up](a, q->raw);
	return true;
}

static int judge_open(struct inode *inode, struct file *file)
{
	struct court *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return -ENOMEM;
	file->private_data = c;
	return stream_open(inode, file);
}

static int judge_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static ssize_t judge_write(struct file *file, const char __user *from,
			   size_t size, loff_t *pos)
{
	struct court *c = file->private_data;
	struct judge_question q;
	unsigned int i, n = size / sizeof(q);

	if (!n || size % sizeof(q) || n > JUDGE_MAX)
		return -EINVAL;
	c->n = 0;
	for (i = 0; i < n; i++) {
		if (copy_from_user(&q, from + i * sizeof(q), sizeof(q)))
			return -EFAULT;
		if (!judge(&c->answers[i], &q))
			return -EINVAL;
	}
	c->n = n;
	return size;
}

static ssize_t judge_read(struct file *file, char __user *to, size_t size,
			  loff_t *pos)
{
	const struct court *c = file->private_data;
	loff_t start = 0;

	return simple_read_from_buffer(to, size, &start, c->answers,
				       c->n * sizeof(c->answers[0]));
}

static const struct file_operations judge_fops = {
	.owner = THIS_MODULE,
	.open = judge_open,
	.read = judge_read,
	.write = judge_write,
	.release = judge_release,
};

static struct miscdevice judge_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ptdbg_judge",
	.fops = &judge_fops,
	.mode = 0600,
};

module_misc_device(judge_device);

MODULE_DESCRIPTION("What this kernel makes of page-table entries, for the tests of ptdbg");
MODULE_AUTHOR("The ptdbg developers");
MODULE_LICENSE("GPL");
