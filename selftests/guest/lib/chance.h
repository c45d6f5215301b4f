/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers at random, from a sequence that srandom() begins.
 */
#ifndef CHANCE_H
#define CHANCE_H

/* A number below N. */
unsigned long random_below(unsigned long n);

/* The seed of this run: PTDBG_SEED, else the time; says which in a TAP comment. */
unsigned long random_seed(void);

#endif /* CHANCE_H */
