/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Accesses that the compiler neither drops nor moves: one instruction each, a
 * plain one.  An ordered store would be an xchg on x86, which an emulator may
 * split into a read and a write, with a fault for each.
 */
#ifndef TOUCH_H
#define TOUCH_H

static inline char load_byte(const void *at)
{
	char byte;

	byte = __atomic_load_n((const char *)at, __ATOMIC_RELAXED);
	/* a use of the value, or it would not have to be read */
	asm volatile("" : : "r" ((long)byte) : "memory");
	return byte;
}

static inline void store_byte(void *at, char byte)
{
	asm volatile("" : : : "memory");
	__atomic_store_n((char *)at, byte, __ATOMIC_RELAXED);
	asm volatile("" : : : "memory");
}

#endif /* TOUCH_H */
