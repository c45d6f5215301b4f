// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the resource tree (/proc/iomem) says of physical memory: which parts are
 * the kernel image, and which the firmware keeps for itself.
 *
 * The lock of the tree is not for modules, and what the kernel offers to walk it
 * with hands out neither names nor children.  So it is read once, when the
 * module is loaded, with loads that may fail and a limit on the steps: a
 * resource that goes away meanwhile can spoil the answer, but nothing else.
 * What is looked for here is made by the kernel when it boots and stays.
 *
 * Context: ptdbg_iomem_init() in process context; what it found does not change
 * any more, and may be asked for anywhere.
 */
#include <linux/ioport.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "ptdbg.h"
#include "read.h"

#define MAX_STEPS	4096
#define MAX_DEPTH	4
#define NAME_MAX_BYTES	24

/**
 * struct places - ranges of pages of one kind
 * @nr: in use
 * @range: pfns, both ends included; in the order of the tree
 */
struct places {
	unsigned int nr;
	struct ptdbg_ram range[PTDBG_MAX_RAM];
};

static struct places image;
static struct places firmware;

static bool holds(const struct places *p, u64 pfn)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++) {
		if (pfn >= p->range[i].first && pfn <= p->range[i].last)
			return true;
	}
	return false;
}

NOKPROBE_SYMBOL(holds);

/* Pages that are wholly in it, or for the firmware's, that it touches. */
static void add(struct places *p, const struct resource *res, bool whole)
{
	u64 first = whole ? PFN_UP(res->start) : PFN_DOWN(res->start);
	u64 end = whole ? PFN_DOWN(res->end + 1) : PFN_UP(res->end + 1);

	if (first >= end || p->nr == ARRAY_SIZE(p->range))
		return;
	p->range[p->nr].first = first;
	p->range[p->nr].last = end - 1;
	p->nr++;
}

static bool copy_resource(struct resource *to, const struct resource *from)
{
	return !copy_from_kernel_nofault(to, from, sizeof(*to));
}

static bool copy_name(const struct resource *res, char *name)
{
	unsigned int i;

	for (i = 0; i < NAME_MAX_BYTES - 1; i++) {
		if (copy_from_kernel_nofault(&name[i], res->name + i, 1))
			return false;
		if (!name[i])
			return true;
	}
	name[i] = '\0';
	return true;
}

static void classify(const struct resource *res, unsigned int depth)
{
	static const char *const image_names[] = {
		"Kernel code", "Kernel rodata", "Kernel data", "Kernel bss",
	};
	static const char *const firmware_names[] = {
		"Reserved", "reserved", "ACPI Tables",
		"ACPI Non-volatile Storage", "Unusable memory",
	};
	char name[NAME_MAX_BYTES];
	unsigned int i;

	if (!copy_name(res, name))
		return;
	for (i = 0; i < ARRAY_SIZE(image_names); i++) {
		if (!strcmp(name, image_names[i]))
			add(&image, res, true);
	}
	/* below System RAM it is the kernel that has reserved it */
	for (i = 0; !depth && i < ARRAY_SIZE(firmware_names); i++) {
		if (!strncmp(name, firmware_names[i], NAME_MAX_BYTES - 1))
			add(&firmware, res, false);
	}
}

/* Learn the places; what can't be read is missing. */
void ptdbg_iomem_init(void)
{
	const struct resource *above[MAX_DEPTH];
	const struct resource *at = iomem_resource.child;
	unsigned int depth = 0, steps;
	struct resource res;

	image.nr = 0;
	firmware.nr = 0;
	for (steps = 0; at && steps < MAX_STEPS; steps++) {
		if (!copy_resource(&res, at))
			return;
		classify(&res, depth);
		if (res.child && depth < MAX_DEPTH) {
			above[depth++] = res.sibling;
			at = res.child;
			continue;
		}
		at = res.sibling;
		while (!at && depth)
			at = above[--depth];
	}
}

/* Is @pfn a page of the kernel's text, rodata, data or bss? */
bool ptdbg_is_image(u64 pfn)
{
	return holds(&image, pfn);
}

NOKPROBE_SYMBOL(ptdbg_is_image);

/* Does the firmware keep @pfn, or a part of it? */
bool ptdbg_is_firmware(u64 pfn)
{
	return holds(&firmware, pfn);
}

NOKPROBE_SYMBOL(ptdbg_is_firmware);
