// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers that a seed determines.
 */
#include "ops.h"

static unsigned long state = 1;

void rnd_seed(unsigned long seed)
{
	state = seed * 2654435761UL + 88172645463325252UL;
	/* zero would stay zero */
	if (!state)
		state = 1;
}

/* Marsaglia's xorshift64 */
unsigned long rnd(unsigned long n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}
