/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Swapping to the disk that every guest has.
 */
#ifndef SWAP_H
#define SWAP_H

#include <stdbool.h>

#define SWAP_DISK	"/dev/vda"

/* Make the disk a swap area and use it.  Return: 0, or -1 with errno set. */
int swap_on(void);
void swap_off(void);

/* Ask the kernel to swap a page out until smaps counts it, for some seconds. */
bool swap_out(void *at);

#endif /* SWAP_H */
