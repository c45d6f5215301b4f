// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults that have begun and not ended.
 *
 * A fault may sleep, and another CPU may see its end, so what was captured at
 * the entry waits in a table of slots, found by the task.  The table stays
 * readable when the kernel dies in the middle of a fault: oops.c records what
 * is in flight.
 *
 * A slot is claimed with cmpxchg() on @task; from then on only that task
 * touches it, until it stores NULL with release semantics.  When the hooks are
 * gone, ptdbg_flight_stop() takes what is left.  A task hashes to a window of
 * PTDBG_FLIGHT_PROBES slots; when these are taken the fault is counted as missed.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "flight.h"
#include "ptdbg.h"

struct ptdbg_flight *ptdbg_flights;

/* A place for the stacks of each slot; there from the first time they are wanted */
static union {
	struct ptdbg_stack head;
	u8 bytes[PTDBG_STACK_BYTES];
} *stacks;

/* Where the stacks of @f go; ptdbg.stacks has been seen set. */
struct ptdbg_stack *ptdbg_flight_stack(const struct ptdbg_flight *f)
{
	return &stacks[f - ptdbg_flights].head;
}

NOKPROBE_SYMBOL(ptdbg_flight_stack);

/* The innermost fault of the current task, or NULL. */
struct ptdbg_flight *ptdbg_flight_find(void)
{
	unsigned int home = hash_ptr(current, PTDBG_FLIGHTS_LOG2);
	struct ptdbg_flight *f, *found = NULL;
	unsigned int i;

	for (i = 0; i < PTDBG_FLIGHT_PROBES; i++) {
		f = ptdbg_flight_slot(home, i);
		if (READ_ONCE(f->task) != current)
			continue;
		if (!found || f->stack_at < found->stack_at)
			found = f;
	}
	return found;
}

NOKPROBE_SYMBOL(ptdbg_flight_find);

/**
 * ptdbg_flight_made() - which fresh tables did this fault make?
 * @f: the fault
 * @fresh: as in struct ptdbg_chain
 * @after: walk after it
 *
 * Return: as struct ptdbg_chain.made.  Where there is no hook to tell, what is
 * fresh was made by this fault.
 */
u8 ptdbg_flight_made(const struct ptdbg_flight *f, u8 fresh,
		     const struct ptdbg_walk *after)
{
	static const enum ptdbg_hook_id hook[] = {
		[PTDBG_P4D] = PTDBG_HOOK_ALLOC_P4D,
		[PTDBG_PUD] = PTDBG_HOOK_ALLOC_PUD,
		[PTDBG_PMD] = PTDBG_HOOK_ALLOC_PMD,
		[PTDBG_PTE] = PTDBG_HOOK_ALLOC_PTE,
	};
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	unsigned int i, level;
	u8 made = 0;

	for (i = 1; fresh && i < after->n; i++) {
		level = m->name[i];
		if (!(fresh & BIT(i)))
			continue;
		if (!ptdbg_hook_placed(hook[level]) ||
		    (level == PTDBG_PTE ? f->made_pte == after->table[i] :
					  f->made & BIT(level)))
			made |= BIT(i);
	}
	return made;
}

NOKPROBE_SYMBOL(ptdbg_flight_made);

/* Faults in flight now; exact only when nothing moves. */
unsigned int ptdbg_flight_count(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < PTDBG_FLIGHTS; i++)
		n += !!READ_ONCE(ptdbg_flights[i].task);
	return n;
}

/* A slot as it is now; false when it is free, or changes under our eyes. */
static bool look(const struct ptdbg_flight *f, struct ptdbg_aloft *a)
{
	const struct task_struct *task = READ_ONCE(f->task);

	/* its address before: pairs with begin_fault() */
	a->start = smp_load_acquire(&f->start);
	if (!task || !a->start)
		return false;
	a->addr = READ_ONCE(f->addr);
	a->flags = READ_ONCE(f->flags);
	/* who died in a fault without a word may be gone */
	if (copy_from_kernel_nofault(&a->pid, &task->pid, sizeof(a->pid)) ||
	    copy_from_kernel_nofault(a->comm, task->comm, sizeof(a->comm)))
		return false;
	smp_rmb();	/* all that before the second look */
	return READ_ONCE(f->task) == task && READ_ONCE(f->start) == a->start;
}

/**
 * ptdbg_flight_look() - which faults are in flight?
 * @to: for the first @n, those of the current task before the others
 * @n: how many fit, at least 1
 *
 * Context: any; the slots go on changing meanwhile.
 *
 * Return: how many there are.
 */
unsigned int ptdbg_flight_look(struct ptdbg_aloft *to, unsigned int n)
{
	unsigned int i, found = 0, own = 0;
	struct ptdbg_aloft a;

	for (i = 0; i < PTDBG_FLIGHTS; i++) {
		if (!look(&ptdbg_flights[i], &a))
			continue;
		if (a.pid == current->pid && own < n) {
			if (found > own)
				to[min(found, n - 1)] = to[own];
			to[own++] = a;
		} else if (found < n) {
			to[found] = a;
		}
		found++;
	}
	return found;
}

/*
 * With all hooks removed: give back every slot.  The returns of these faults
 * will not be seen, so each is a hit that was missed.
 */
void ptdbg_flight_stop(void)
{
	struct ptdbg_cpu *c;
	unsigned long irq;
	unsigned int i;

	local_irq_save(irq);
	c = this_cpu_ptr(ptdbg.cpu);
	for (i = 0; i < PTDBG_FLIGHTS; i++) {
		if (!ptdbg_flights[i].task)
			continue;
		ptdbg_flights[i].start = 0;
		ptdbg_flights[i].task = NULL;
		c->count.hits++;
		c->count.missed_stop++;
	}
	local_irq_restore(irq);
}

int ptdbg_flight_init(void)
{
	ptdbg_flights = kvcalloc(PTDBG_FLIGHTS, sizeof(*ptdbg_flights), GFP_KERNEL);
	return ptdbg_flights ? 0 : -ENOMEM;
}

/* Get room for stacks, if there is none yet.  Return: 0 or -ENOMEM. */
int ptdbg_flight_stacks(void)
{
	if (!stacks)
		stacks = kvcalloc(PTDBG_FLIGHTS, sizeof(*stacks), GFP_KERNEL);
	return stacks ? 0 : -ENOMEM;
}

void ptdbg_flight_exit(void)
{
	kvfree(stacks);
	stacks = NULL;
	kvfree(ptdbg_flights);
	ptdbg_flights = NULL;
}
