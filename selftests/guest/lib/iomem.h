/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where memory and devices are: /proc/iomem.
 */
#ifndef IOMEM_H
#define IOMEM_H

#include <stdbool.h>

#define IOMEM_MAX	256

/**
 * struct area - a range of pfns
 * @first: first pfn
 * @last: last pfn
 */
struct area {
	unsigned long first;
	unsigned long last;
};

/**
 * struct iomem - the map of physical addresses
 * @nr_ram: ranges in @ram
 * @ram: System RAM, whole pages only
 * @nr_devices: ranges in @device
 * @device: everything else that somebody has claimed
 * @image: the kernel's code
 */
struct iomem {
	unsigned int nr_ram;
	struct area ram[IOMEM_MAX];
	unsigned int nr_devices;
	struct area device[IOMEM_MAX];
	struct area image;
};

/* Ends the test when the file cannot be read. */
void iomem_read(struct iomem *m);
bool iomem_is_ram(const struct iomem *m, unsigned long pfn);

#endif /* IOMEM_H */
