// SPDX-License-Identifier: GPL-2.0-only
/*
 * Harm to whole chains of page tables.
 *
 * The way down is our own: a table is a page of 8-byte entries, and how many
 * levels there are follows from the bits of a virtual address.  What an entry
 * is, and which page it leads to, the kernel's helpers say; those that step from
 * level to level are not all there for modules.
 *
 * A chain that is harmed must not be used: not by the CPU, so its process lets
 * the addresses alone, and not by the kernel, so mmput() waits until the chain
 * is whole again.
 */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>

#include "inject.h"

#define STRIDE		(PAGE_SHIFT - 3)

/* Bits of a virtual address that are translated. */
unsigned int inject_va_bits(void)
{
#if defined(CONFIG_X86)
	return pgtable_l5_enabled() ? 57 : 48;
#elif defined(CONFIG_ARM64)
	/* Arm ARM DDI 0487, TCR_EL1: T1SZ is bits 21:16 */
	return 64 - ((read_sysreg(tcr_el1) >> 16) & 0x3f);
#else
	/* RISC-V Privileged Architecture, "satp": modes 8, 9, 10 */
	return 12 + 9 * ((csr_read(CSR_SATP) >> 60) - 5);
#endif
}

/* Do entries have the format of FEAT_LPA2?  TCR_EL1.DS. */
bool inject_lpa2(void)
{
#ifdef CONFIG_ARM64
	return read_sysreg(tcr_el1) >> 59 & 1;
#else
	return false;
#endif
}

/* Bits of a physical address. */
unsigned int inject_phys_bits(void)
{
#if defined(CONFIG_X86)
	return boot_cpu_data.x86_phys_bits;
#elif defined(CONFIG_ARM64)
	/* TCR_EL1.IPS, bits 34:32 */
	static const u8 bits[] = { 32, 36, 40, 42, 44, 48, 52, 56 };

	return bits[read_sysreg(tcr_el1) >> 32 & 7];
#else
	return 56;
#endif
}

static unsigned int nr_levels(void)
{
	return DIV_ROUND_UP(inject_va_bits() - PAGE_SHIFT, STRIDE);
}

/* The entry for @addr in the table at @level, 0 being the root. */
static u64 *entry_of(u64 *table, unsigned int level, u64 addr)
{
	unsigned int shift = PAGE_SHIFT + (nr_levels() - 1 - level) * STRIDE;

	addr &= BIT_ULL(inject_va_bits()) - 1;
	return table + (addr >> shift & (PTRS_PER_PTE - 1));
}

/* Tables above the last level look the same at every level. */
static bool is_table(u64 raw)
{
	pmd_t pmd = __pmd(raw);

	return pmd_present(pmd) && !pmd_leaf(pmd);
}

static u64 *table_of(u64 raw)
{
	return phys_to_virt(PFN_PHYS(pte_pfn(__pte(raw))));
}

static int find_chain(struct prey *p, u64 addr)
{
	u64 *table = (u64 *)p->mm->pgd;
	unsigned int level;

	p->levels = nr_levels();
	p->root = virt_to_phys(table);
	for (level = 0; level < p->levels; level++) {
		p->entry[level] = entry_of(table, level, addr);
		p->old[level] = READ_ONCE(*p->entry[level]);
		if (level + 1 == p->levels)
			break;
		if (!is_table(p->old[level]))
			return -ENOENT;
		table = table_of(p->old[level]);
	}
	return p->old[level] ? 0 : -ENOENT;
}

/**
 * inject_aim() - choose a chain and note its entries
 * @p: result; what it held before is mended first
 * @pid: of the process, in the caller's namespace
 * @addr: address that has a page there
 *
 * Return: 0, -ESRCH, -EINTR, or -ENOENT when the chain has not all levels.
 */
int inject_aim(struct prey *p, pid_t pid, u64 addr)
{
	struct pid *id = find_get_pid(pid);
	struct task_struct *task = id ? get_pid_task(id, PIDTYPE_PID) : NULL;
	int err = -EINTR;

	put_pid(id);
	inject_release_prey(p);
	if (!task)
		return -ESRCH;
	p->mm = get_task_mm(task);
	put_task_struct(task);
	if (!p->mm)
		return -ESRCH;
	if (!mmap_write_lock_killable(p->mm)) {
		err = find_chain(p, addr);
		mmap_write_unlock(p->mm);
	}
	if (err) {
		/* nothing was changed */
		mmput(p->mm);
		p->mm = NULL;
	}
	return err;
}

/* Replace the entry at @level.  Return: 0, -EINVAL, or -EINTR. */
int inject_set(struct prey *p, unsigned int level, u64 raw)
{
	if (!p->mm || level >= p->levels)
		return -EINVAL;
	if (mmap_write_lock_killable(p->mm))
		return -EINTR;
	WRITE_ONCE(*p->entry[level], raw);
	mmap_write_unlock(p->mm);
	return 0;
}

/* Mend the chain and let go of it. */
void inject_release_prey(struct prey *p)
{
	unsigned int level;

	if (!p->mm)
		return;
	mmap_write_lock(p->mm);
	for (level = 0; level < p->levels; level++)
		WRITE_ONCE(*p->entry[level], p->old[level]);
	mmap_write_unlock(p->mm);
	inject_flush();
	mmput(p->mm);
	p->mm = NULL;
}

static u64 *kernel_root(void)
{
#ifdef CONFIG_ARM64
	/* TTBR1_EL1: with 52-bit addresses bits 5:2 are address bits 51:48 */
	return phys_to_virt(read_sysreg(ttbr1_el1) & GENMASK_ULL(47, 6));
#else
	/* the kernel's half of it */
	return (u64 *)current->mm->pgd;
#endif
}

static u64 table_entry(unsigned long page)
{
#if defined(CONFIG_X86)
	pgprot_t prot = __pgprot(_KERNPG_TABLE);
#elif defined(CONFIG_ARM64)
	pgprot_t prot = __pgprot(PMD_TYPE_TABLE);
#else
	pgprot_t prot = __pgprot(_PAGE_TABLE);
#endif

	return pte_val(pfn_pte(PHYS_PFN(__pa(page)), prot));
}

/* Write to an entry that is zero; the first one is what undoes all. */
static void link_entry(struct alias *a, u64 *entry, u64 raw)
{
	if (!a->link)
		a->link = entry;
	WRITE_ONCE(*entry, raw);
}

/**
 * inject_alias() - put a device page where the direct map would have it
 * @a: result; what it held before is undone first
 * @phys: of the device page
 *
 * A kernel that has devices in its direct map reads them when it takes them for
 * RAM; others only fault.  With an alias every kernel is of the first sort, in
 * the caller at least.
 *
 * Return: 0, -ENOMEM, -EBUSY when the direct map has something there already,
 * or -ENXIO where the root table would have to be changed.
 */
int inject_alias(struct alias *a, u64 phys)
{
	u64 addr = (u64)phys_to_virt(phys);
	unsigned int level, last = nr_levels() - 1;
	u64 *table = kernel_root();
	unsigned long page;
	u64 *entry;
	int err;

	inject_release_alias(a);
	a->mm = current->mm;
	mmgrab(a->mm);
	for (level = 0; level < last; level++) {
		entry = entry_of(table, level, addr);
		if (!*entry) {
			err = -ENXIO;
			/* arm64 has its root read-only; others have one a process */
			if (IS_ENABLED(CONFIG_ARM64) && !level)
				goto undo;
			err = -ENOMEM;
			page = get_zeroed_page(GFP_KERNEL);
			if (!page)
				goto undo;
			a->page[a->nr++] = page;
			link_entry(a, entry, table_entry(page));
		}
		err = -EBUSY;
		if (!is_table(*entry))
			goto undo;
		table = table_of(*entry);
	}
	entry = entry_of(table, last, addr);
	if (*entry)
		goto undo;
	link_entry(a, entry, pte_val(pfn_pte(PHYS_PFN(phys),
					     pgprot_noncached(PAGE_KERNEL))));
	inject_flush();
	return 0;
undo:
	inject_release_alias(a);
	return err;
}

void inject_release_alias(struct alias *a)
{
	if (!a->mm)
		return;
	if (a->link)
		WRITE_ONCE(*a->link, 0);
	a->link = NULL;
	inject_flush();
	while (a->nr)
		free_page(a->page[--a->nr]);
	mmdrop(a->mm);
	a->mm = NULL;
}
