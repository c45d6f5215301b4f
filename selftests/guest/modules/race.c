// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg_race: as long as it is loaded, all CPUs count in the same word, and nobody
 * says that it is shared.
 *
 * Never installed, never loaded but in a test VM: KCSAN has to find this one, or it
 * would find no race of ptdbg's either.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>

static DEFINE_PER_CPU(struct task_struct *, racer_here);
static unsigned long counted;

static int race_count(void *unused)
{
	while (!kthread_should_stop()) {
		counted++;
		cond_resched();
	}
	return 0;
}

static void race_end(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (per_cpu(racer_here, cpu))
			kthread_stop(per_cpu(racer_here, cpu));
}

static int __init race_init(void)
{
	struct task_struct *racer;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		racer = kthread_run_on_cpu(race_count, NULL, cpu, "race/%u");
		if (IS_ERR(racer)) {
			race_end();
			return PTR_ERR(racer);
		}
		per_cpu(racer_here, cpu) = racer;
	}
	return 0;
}
module_init(race_init);

static void __exit race_exit(void)
{
	race_end();
}
module_exit(race_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Test module of ptdbg: has a data race");
