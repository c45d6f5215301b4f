/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Accesses that the compiler neither drops nor moves.
 */
#ifndef TOUCH_H
#define TOUCH_H

static inline char load_byte(const void *at)
{
	char byte;

	/* ordered, and a use of the value: there is nothing to optimise away */
	byte = __atomic_load_n((const char *)at, __ATOMIC_SEQ_CST);
	asm volatile("" : : "r" ((long)byte) : "memory");
	return byte;
}

static inline void store_byte(void *at, char byte)
{
	__atomic_store_n((char *)at, byte, __ATOMIC_SEQ_CST);
}

#endif /* TOUCH_H */
