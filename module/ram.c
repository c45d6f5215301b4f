// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pfns are RAM.
 *
 * A walk must not touch anything else: a corrupt entry may lead to a device
 * register.  The kernel's own answers (page_is_ram(), walk_iomem_res_desc())
 * take a lock, so the map is copied when the module is loaded and after each
 * change by memory hotplug, and replaced under RCU.  Probes run with
 * interrupts off, which is a read-side section.
 */
#include <linux/ioport.h>
#include <linux/kprobes.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "ptdbg.h"

struct ram_map {
	struct rcu_head rcu;
	unsigned int nr;
	bool full;
	struct ptdbg_ram range[PTDBG_MAX_RAM];
};

static struct ram_map __rcu *ram_map;
static DEFINE_MUTEX(ram_lock);

static int ram_add(struct resource *res, void *data)
{
	struct ram_map *m = data;
	/* Only whole pages: what shares a page with something else is not RAM. */
	u64 first = PFN_UP(res->start);
	u64 end = PFN_DOWN(res->end + 1);

	if (first >= end)
		return 0;
	if (m->nr && m->range[m->nr - 1].last + 1 == first) {
		m->range[m->nr - 1].last = end - 1;
		return 0;
	}
	if (m->nr == PTDBG_MAX_RAM) {
		m->full = true;
		return 0;
	}
	m->range[m->nr].first = first;
	m->range[m->nr].last = end - 1;
	m->nr++;
	return 0;
}

static int ram_refresh(void)
{
	struct ram_map *m, *old;

	m = kzalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	walk_iomem_res_desc(IORES_DESC_NONE,
			    IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY,
			    0, -1, m, ram_add);
	if (!m->nr) {
		kfree(m);
		pr_err("no System RAM in the resource tree\n");
		return -ENODEV;
	}
	if (m->full)
		pr_warn("more than %d ranges of RAM: the rest is shown as not RAM\n",
			PTDBG_MAX_RAM);
	mutex_lock(&ram_lock);
	old = rcu_replace_pointer(ram_map, m, lockdep_is_held(&ram_lock));
	ptdbg_new_epoch();
	mutex_unlock(&ram_lock);
	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

static int ram_notify(struct notifier_block *nb, unsigned long action, void *arg)
{
	/*
	 * Memory that was added is looked at before it is used for tables;
	 * memory that goes away has no tables any more.  When the new map
	 * can't be had, the old one misses RAM, which is reported as
	 * "not RAM" and is safe.
	 */
	if (action == MEM_ONLINE || action == MEM_OFFLINE)
		ram_refresh();
	return NOTIFY_OK;
}

static struct notifier_block ram_nb = {
	.notifier_call = ram_notify,
};

/* Any context with preemption or interrupts off. */
bool ptdbg_is_ram(u64 pfn)
{
	const struct ram_map *m = rcu_dereference_sched(ram_map);
	unsigned int i;

	for (i = 0; i < m->nr; i++) {
		if (pfn <= m->range[i].last)
			return pfn >= m->range[i].first;
	}
	return false;
}

NOKPROBE_SYMBOL(ptdbg_is_ram);

/**
 * ptdbg_ram_around() - the range of RAM that holds a pfn
 * @pfn: page
 * @range: result
 *
 * Context: as ptdbg_is_ram().
 *
 * Return: false when it is not RAM.
 */
bool ptdbg_ram_around(u64 pfn, struct ptdbg_ram *range)
{
	const struct ram_map *m = rcu_dereference_sched(ram_map);
	unsigned int i;

	for (i = 0; i < m->nr; i++) {
		if (pfn > m->range[i].last)
			continue;
		*range = m->range[i];
		return pfn >= range->first;
	}
	return false;
}

NOKPROBE_SYMBOL(ptdbg_ram_around);

/**
 * ptdbg_ram_init() - learn the RAM map and follow its changes
 * @l: gets a copy for the readers
 *
 * Return: 0, -ENOMEM, or -ENODEV when the kernel knows of no RAM.
 */
int ptdbg_ram_init(struct ptdbg_layout *l)
{
	const struct ram_map *m;
	int err;

	err = ram_refresh();
	if (err)
		return err;
	err = register_memory_notifier(&ram_nb);
	if (err) {
		ptdbg_ram_exit();
		return err;
	}
	mutex_lock(&ram_lock);
	m = rcu_dereference_protected(ram_map, lockdep_is_held(&ram_lock));
	memcpy(l->ram, m->range, sizeof(l->ram));
	l->nr_ram = m->nr;
	mutex_unlock(&ram_lock);
	return 0;
}

/* After the last probe. */
void ptdbg_ram_exit(void)
{
	unregister_memory_notifier(&ram_nb);
	kfree(rcu_dereference_protected(ram_map, true));
	RCU_INIT_POINTER(ram_map, NULL);
}
