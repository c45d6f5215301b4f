// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dies of a page fault: the smallest program that ends in force_sig_fault().
 */
#include "touch.h"

int main(void)
{
	store_byte((void *)8, 1);
	return 0;
}
