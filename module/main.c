// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg: records page faults with their page-table chains.
 *
 * Parameters and the ladder of loading, nothing else.
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/uuid.h>

#include "hook.h"
#include "ptdbg.h"

#define RING_KB_MIN	128
#define RING_KB_MAX	(1024 * 1024)

static unsigned int ring_kb = 1024;
module_param(ring_kb, uint, 0400);
MODULE_PARM_DESC(ring_kb, "KiB of records for each CPU, 128 to 1048576 (default 1024)");

static bool enable = true;
module_param(enable, bool, 0400);
MODULE_PARM_DESC(enable, "start to record when loaded (default 1)");

static char *regions = "";
module_param(regions, charp, 0400);
MODULE_PARM_DESC(regions, "rules for where page tables may live, as in ptdbg.d/regions, separated by ;");

module_param_named(frees, ptdbg.frees, bool, 0400);
MODULE_PARM_DESC(frees, "record page-table pages that are given back as well (default 0)");

static unsigned int oops_records = 4;
module_param(oops_records, uint, 0400);
MODULE_PARM_DESC(oops_records, "records of the task and of its CPU that the console shows when the kernel dies, 0 to 16 of each (default 4)");

static char *panic_on_bad = "";
module_param(panic_on_bad, charp, 0400);
MODULE_PARM_DESC(panic_on_bad, "verdicts that make the kernel panic, as in ptdbg.d/panic_on_bad, separated by commas");

static bool stacks;
module_param(stacks, bool, 0400);
MODULE_PARM_DESC(stacks, "record the stacks of the task as well (default 0)");

struct ptdbg ptdbg = {
	.lock = __MUTEX_INITIALIZER(ptdbg.lock),
};

/*
 * For crash: its gdb takes the symbols of .data for lower than they are, where that
 * section of ptdbg.ko does not begin at 0.  .rodata does.
 */
struct ptdbg *const ptdbg_here = &ptdbg;

static void stop(void)
{
	WRITE_ONCE(ptdbg.state, PTDBG_OFF);
	ptdbg_hooks_remove();
	/* their returns will not be seen any more */
	ptdbg_flight_stop();
}

static int start(void)
{
	int err;

	WRITE_ONCE(ptdbg.state, PTDBG_TESTING);
	err = ptdbg_hooks_place();
	if (err) {
		WRITE_ONCE(ptdbg.state, PTDBG_OFF);
		return err;
	}
	ptdbg_selftest_run();
	if (ptdbg_selftest_failed(PTDBG_HOOK_FAULT) ||
	    ptdbg_selftest_failed(PTDBG_HOOK_RETURN)) {
		pr_err("no page fault can be recorded: handle_mm_fault is hooked, but a test fault did not arrive (are kprobes switched off in /sys/kernel/debug/kprobes/enabled?)\n");
		stop();
		return -EIO;
	}
	WRITE_ONCE(ptdbg.state, PTDBG_RECORDING);
	return 0;
}

/**
 * ptdbg_enable() - start or stop recording
 * @on: what to do
 *
 * Context: process context, ptdbg.lock is held.  When it is off the hooks are
 * removed, and the kernel runs as if there were none.
 *
 * Return: 0; -errno, with recording off and the reason in the kernel log.
 */
int ptdbg_enable(bool on)
{
	if (ptdbg.state == (on ? PTDBG_RECORDING : PTDBG_OFF))
		return 0;
	/* also what a frozen recording leaves behind */
	stop();
	return on ? start() : 0;
}

static int __init ptdbg_init(void)
{
	int err;

	if (ring_kb < RING_KB_MIN || ring_kb > RING_KB_MAX) {
		pr_err("ring_kb=%u: give a number from %d to %d\n", ring_kb,
		       RING_KB_MIN, RING_KB_MAX);
		return -EINVAL;
	}
	if (oops_records > PTDBG_OOPS_RECORDS_MAX) {
		pr_err("oops_records=%u: give a number from 0 to %d\n", oops_records,
		       PTDBG_OOPS_RECORDS_MAX);
		return -EINVAL;
	}
	generate_random_uuid(ptdbg.uuid);

	err = ptdbg_machine_init(&ptdbg.trace);
	if (err)
		return err;
	err = ptdbg_ram_init(&ptdbg.trace.layout);
	if (err)
		return err;
	ptdbg_iomem_init();
	ptdbg_page_init();
	ptdbg_slab_init();
	ptdbg_wake_init();
	err = ptdbg_ring_init(ring_kb);
	if (err) {
		pr_err("no memory for %u KiB of records on each CPU (ring_kb=)\n",
		       ring_kb);
		goto ram_exit;
	}
	err = ptdbg_flight_init();
	if (err)
		goto ring_exit;
	err = ptdbg_oops_init(oops_records);
	if (err)
		goto flight_exit;
	err = ptdbg_knobs_init();
	if (err)
		goto oops_exit;

	mutex_lock(&ptdbg.lock);
	err = ptdbg_regions_set(regions);
	if (!err)
		err = ptdbg_panic_on_bad_set(panic_on_bad);
	if (!err && stacks)
		err = ptdbg_stacks_set(true);
	if (!err && enable)
		err = ptdbg_enable(true);
	mutex_unlock(&ptdbg.lock);
	if (err)
		goto knobs_exit;
	WRITE_ONCE(ptdbg.loaded, true);
	pr_info("%s, read /sys/kernel/debug/ptdbg\n",
		enable ? "recording" : "loaded, not recording (enable=0)");
	return 0;

knobs_exit:
	ptdbg_knobs_exit();
	ptdbg_filter_exit();
	ptdbg_regions_exit();
oops_exit:
	ptdbg_oops_exit();
flight_exit:
	ptdbg_flight_exit();
ring_exit:
	ptdbg_wake_exit();
	ptdbg_ring_exit();
ram_exit:
	ptdbg_ram_exit();
	return err;
}

static void __exit ptdbg_cleanup(void)
{
	ptdbg_knobs_exit();
	mutex_lock(&ptdbg.lock);
	stop();
	mutex_unlock(&ptdbg.lock);
	ptdbg_filter_exit();
	ptdbg_regions_exit();
	ptdbg_oops_exit();
	ptdbg_flight_exit();
	ptdbg_wake_exit();
	ptdbg_ring_exit();
	ptdbg_ram_exit();
}

module_init(ptdbg_init);
module_exit(ptdbg_cleanup);

MODULE_DESCRIPTION("Records page faults with their page-table chains");
MODULE_AUTHOR("The ptdbg developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(PTDBG_VERSION);
