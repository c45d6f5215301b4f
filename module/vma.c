// SPDX-License-Identifier: GPL-2.0-only
/*
 * Snapshots of a vma.
 */
#include <linux/fs.h>
#include <linux/kprobes.h>
#include <linux/mm.h>

#include "ptdbg.h"
#include "read.h"
#include "vma.h"

/* One pointer out of memory that may be gone; NULL when it can't be read. */
static __always_inline const void *read_ptr(const void *from)
{
	u64 v;

	return ptdbg_read_u64(&v, from) ? (const void *)v : NULL;
}

/**
 * ptdbg_vma_snap_file() - the part of ptdbg_vma_snap() that is about a file
 * @vma: it has a file
 * @v: result: @kind, @ino and @dev
 *
 * The file, its inode and super block are read with care: they are pointers found
 * in memory.
 */
void ptdbg_vma_snap_file(const struct vm_area_struct *vma, struct ptdbg_vma *v)
{
	const struct file *file = vma->vm_file;
	const struct super_block *sb;
	const struct inode *inode;
	u32 dev = 0;

	v->kind = PTDBG_VMA_FILE;
	inode = read_ptr(&file->f_inode);
	if (!inode || !ptdbg_read_u64(&v->ino, &inode->i_ino))
		return;
	sb = read_ptr(&inode->i_sb);
	if (sb && ptdbg_read_u32(&dev, &sb->s_dev))
		v->dev = dev;
}

NOKPROBE_SYMBOL(ptdbg_vma_snap_file);

/**
 * ptdbg_vma_find() - find the vma that holds an address
 * @mm: of the current task, or NULL
 * @addr: address
 * @v: result; PTDBG_VMA_NONE when there is none, or when the lock is taken
 *
 * Context: any in which the current task is not halfway through changing its
 * own @mm; never waits.
 */
void ptdbg_vma_find(struct mm_struct *mm, u64 addr, struct ptdbg_vma *v)
{
	const struct vm_area_struct *vma;

	memset(v, 0, sizeof(*v));
	if (!mm || !mmap_read_trylock(mm))
		return;
	vma = find_vma(mm, addr);
	if (vma && vma->vm_start <= addr) {
		pagefault_disable();
		ptdbg_vma_snap(vma, v);
		pagefault_enable();
	}
	mmap_read_unlock(mm);
}

NOKPROBE_SYMBOL(ptdbg_vma_find);
