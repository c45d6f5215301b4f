/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Snapshot of a vma: what every fault does, in line.
 */
#ifndef PTDBG_VMA_H
#define PTDBG_VMA_H

#include <linux/mm.h>

#include "ptdbg.h"

/**
 * ptdbg_vma_snap() - copy what matters of a vma
 * @vma: held by the caller of the probed function (mmap_lock or vma lock)
 * @v: result; all members are set
 *
 * Context: page faults disabled.
 */
static __always_inline void ptdbg_vma_snap(const struct vm_area_struct *vma,
					   struct ptdbg_vma *v)
{
	v->start = vma->vm_start;
	v->end = vma->vm_end;
	v->flags = vma->vm_flags;
	v->pgoff = vma->vm_pgoff;
	v->ino = 0;
	v->dev = 0;
	if (vma->vm_file)
		ptdbg_vma_snap_file(vma, v);
	else if (vma->vm_ops)
		v->kind = PTDBG_VMA_SPECIAL;
	else if (vma->vm_flags & VM_GROWSDOWN)
		v->kind = PTDBG_VMA_STACK;
	else
		v->kind = PTDBG_VMA_ANON;
}

#endif /* PTDBG_VMA_H */
