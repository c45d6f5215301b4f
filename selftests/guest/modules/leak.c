// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg_leak: takes memory when it is loaded and forgets where.
 *
 * Never installed, never loaded but in a test VM: kmemleak has to find this one,
 * or it would find none of ptdbg's either.
 */
#include <linux/module.h>
#include <linux/slab.h>

/* A size that nothing else has; so large that kmemleak is told it exactly */
#define LOST_BYTES	12345
/*
 * Many: in a kernel that has run for long, what looks like a pointer into one may be
 * left of something else, on some stack or in an object that nobody cleared.
 */
#define LOST		64

static int __init leak_init(void)
{
	unsigned int i;
	void *lost;

	for (i = 0; i < LOST; i++) {
		lost = kmalloc(LOST_BYTES, GFP_KERNEL);
		/* the compiler leaves out what nobody uses */
		OPTIMIZER_HIDE_VAR(lost);
	}
	return 0;
}
module_init(leak_init);

static void __exit leak_exit(void)
{
}
module_exit(leak_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Test module of ptdbg: loses memory");
