// SPDX-License-Identifier: GPL-2.0-only
/*
 * See chance.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "chance.h"

unsigned long random_below(unsigned long n)
{
	/* 31 bits a call */
	return ((unsigned long)random() << 62 ^ (unsigned long)random() << 31 ^ random()) % n;
}

unsigned long random_seed(void)
{
	const char *given = getenv("PTDBG_SEED");
	unsigned long seed = given && *given ? strtoul(given, NULL, 0) : (unsigned long)time(NULL);

	printf("# PTDBG_SEED=%lu\n", seed);
	return seed;
}
