// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions with frame pointers, whatever the rest is built with.  On arm64 they
 * sign their return addresses, as distributions do.
 */
#pragma GCC optimize("no-omit-frame-pointer", "no-optimize-sibling-calls")
#ifdef __aarch64__
#pragma GCC target("branch-protection=pac-ret")
#endif

#include <unistd.h>

#include "framed.h"
#include "touch.h"

/*
 * Calls go through these, which another file could change, so that the compiler
 * does not make one function of them.
 */
static void nothing(void);
static void middle(void (*inner)(void *at), void *at);
static void outer(void (*inner)(void *at), void *at);
void (*framed_to_nothing)(void) = nothing;
void (*framed_to_middle)(void (*inner)(void *at), void *at) = middle;
void (*framed_to_outer)(void (*inner)(void *at), void *at) = outer;

/* A call is not the last thing that a function does, so that its frame stays. */
static inline void stay(void)
{
	asm volatile("" : : : "memory");
}

/* No function here is as long. */
#define CODE_BYTES	256

unsigned long framed_ret[FRAMED_DEPTH];

struct call {
	long nr;
	long first;
	const long *arg;
	long result;
};

static struct call call;

static unsigned long caller_of(void *ret)
{
	return (unsigned long)__builtin_extract_return_addr(ret);
}

#ifdef __riscv
/*
 * As compilers make it that do not save the return address here: where it would
 * be in the frame, the caller's frame pointer is.
 */
__attribute__((naked)) static void leaf(void *at __attribute__((unused)))
{
	asm("addi sp, sp, -16\n\tsd s0, 8(sp)\n\taddi s0, sp, 16\n\t"
	    "lla t0, framed_ret\n\tsd ra, 0(t0)\n\tsb zero, 0(a0)\n\t"
	    "ld s0, 8(sp)\n\taddi sp, sp, 16\n\tret");
}
#else
static void leaf(void *at)
{
	framed_ret[0] = caller_of(__builtin_return_address(0));
	store_byte(at, 1);
}
#endif

static void nothing(void)
{
	stay();
}

static void called(void *at)
{
	framed_ret[0] = caller_of(__builtin_return_address(0));
	framed_to_nothing();
	store_byte(at, 1);
}

static void calls(void *at)
{
	framed_ret[0] = caller_of(__builtin_return_address(0));
	call.result = syscall(call.nr, call.first, at, call.arg[0], call.arg[1],
			      call.arg[2], 0);
	stay();
}

static void middle(void (*inner)(void *at), void *at)
{
	framed_ret[1] = caller_of(__builtin_return_address(0));
	inner(at);
	stay();
}

static void outer(void (*inner)(void *at), void *at)
{
	framed_ret[2] = caller_of(__builtin_return_address(0));
	framed_to_middle(inner, at);
	stay();
}

void framed_touch(enum innermost how, void *at)
{
	framed_to_outer(how == LEAF ? leaf : called, at);
}

long framed_call(long nr, long first, void *at, const long arg[3])
{
	call = (struct call){ .nr = nr, .first = first, .arg = arg };
	framed_to_outer(calls, at);
	return call.result;
}

int framed_in(enum innermost how, unsigned long addr)
{
	unsigned long at = (unsigned long)(how == LEAF ? leaf : called);

	return addr >= at && addr < at + CODE_BYTES;
}

void framed_poke(void *at, unsigned long fp)
{
#if defined(__x86_64__)
	asm volatile("xchg %0, %%rbp\n\tmovb $1, (%1)\n\txchg %0, %%rbp"
		     : "+r" (fp) : "r" (at) : "memory");
#elif defined(__aarch64__)
	asm volatile("mov x9, x29\n\tmov x29, %0\n\tstrb wzr, [%1]\n\tmov x29, x9"
		     : : "r" (fp), "r" (at) : "x9", "memory");
#else
	asm volatile("mv t0, s0\n\tmv s0, %0\n\tsb zero, 0(%1)\n\tmv s0, t0"
		     : : "r" (fp), "r" (at) : "t0", "memory");
#endif
}

void framed_build(unsigned long fp, unsigned long saved, unsigned long ret)
{
#ifdef __riscv
	unsigned long *at = (unsigned long *)fp - 2;
#else
	unsigned long *at = (unsigned long *)fp;
#endif

	at[0] = saved;
	at[1] = ret;
}
