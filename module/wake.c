// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waking those who wait for records with poll().
 *
 * A probe must not wake anybody: it queues an irq_work, which does.  It does so
 * once for each time that somebody has begun to wait, and as long as no file is
 * polled at all, a record costs one look at ptdbg.pollers:
 *
 *	poll				commit
 *	  waiting = true		  the record is there
 *	  mb				  mb
 *	  is there a record?		  waiting?  then wake
 *
 * The mb of the commit is only there while ptdbg.pollers is not 0, and the
 * first poll of a file waits until every CPU knows that.
 */
#include <linux/irq_work.h>
#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/poll.h>
#include <linux/rcupdate.h>
#include <linux/wait.h>

#include "ptdbg.h"

static DECLARE_WAIT_QUEUE_HEAD(readers);
static DEFINE_PER_CPU(struct irq_work, work);
static atomic_t waiting = ATOMIC_INIT(0);

static void wake(struct irq_work *w)
{
	wake_up_interruptible(&readers);
}

/* After a commit, when there are pollers; with interrupts off. */
void ptdbg_wake(void)
{
	smp_mb();	/* the record before the look: see the head of this file */
	if (atomic_read(&waiting) && atomic_xchg(&waiting, 0))
		irq_work_queue(this_cpu_ptr(&work));
}

NOKPROBE_SYMBOL(ptdbg_wake);

/* A file is polled for the first time; may sleep. */
void ptdbg_wake_get(void)
{
	atomic_inc(&ptdbg.pollers);
	/* captures run with interrupts off: all that begin now see it */
	synchronize_rcu();
}

/* That file is closed. */
void ptdbg_wake_put(void)
{
	atomic_dec(&ptdbg.pollers);
}

/**
 * ptdbg_wake_wait() - part of a poll method, before the look for records
 * @file: the file
 * @table: of the poll method
 */
void ptdbg_wake_wait(struct file *file, struct poll_table_struct *table)
{
	poll_wait(file, &readers, table);
	atomic_set(&waiting, 1);
	smp_mb();	/* waiting before the look: see the head of this file */
}

void ptdbg_wake_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		init_irq_work(per_cpu_ptr(&work, cpu), wake);
}

/* After the last probe. */
void ptdbg_wake_exit(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		irq_work_sync(per_cpu_ptr(&work, cpu));
}
