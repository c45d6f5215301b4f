// SPDX-License-Identifier: GPL-2.0-only
/*
 * An oops with known values in the registers: an address of each kind of memory
 * that a kernel has.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "inject.h"

static struct kmem_cache *cache;
static void *object, *area;
static struct page *page;

/* A cache with a constructor is not merged with others. */
static void construct(void *p)
{
	memset(p, 0, INJECT_OBJECT);
}

int inject_hold_init(void)
{
	cache = kmem_cache_create("ptdbg_prey", INJECT_OBJECT, 0, 0, construct);
	if (!cache)
		return -ENOMEM;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	page = alloc_page(GFP_KERNEL);
	area = vmalloc(PAGE_SIZE);
	if (object && page && area)
		return 0;
	inject_hold_exit();
	return -ENOMEM;
}

void inject_hold_exit(void)
{
	vfree(area);
	if (page)
		__free_page(page);
	if (object)
		kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

/* Registers for the values, and an instruction that loads. */
#if defined(CONFIG_X86)
#define R0	"r8"
#define R1	"r9"
#define R2	"r10"
#define R3	"r11"
#define R4	"r12"
#define R5	"r13"
#define R6	"r14"
#define R7	"r15"
#define LOAD	"movq (%0), %0"
#elif defined(CONFIG_ARM64)
#define R0	"x9"
#define R1	"x10"
#define R2	"x11"
#define R3	"x12"
#define R4	"x20"
#define R5	"x21"
#define R6	"x22"
#define R7	"x23"
#define LOAD	"ldr %0, [%0]"
#else
#define R0	"s2"
#define R1	"s3"
#define R2	"s4"
#define R3	"s5"
#define R4	"s6"
#define R5	"s7"
#define R6	"s8"
#define R7	"s9"
#define LOAD	"ld %0, 0(%0)"
#endif

/* Reads @addr, with these values where we know them. */
static noinline void die_with(u64 addr, const u64 held[INJECT_HELD])
{
	register u64 r0 asm(R0) = held[0];
	register u64 r1 asm(R1) = held[1];
	register u64 r2 asm(R2) = held[2];
	register u64 r3 asm(R3) = held[3];
	register u64 r4 asm(R4) = held[4];
	register u64 r5 asm(R5) = held[5];
	register u64 r6 asm(R6) = held[6];
	register u64 r7 asm(R7) = held[7];

	asm volatile(LOAD
		     : "+r" (addr)
		     : "r" (r0), "r" (r1), "r" (r2), "r" (r3), "r" (r4),
		       "r" (r5), "r" (r6), "r" (r7)
		     : "memory");
}

/**
 * inject_hold() - die with known values in registers
 * @addr: that is read
 * @entry: an entry of a page table
 * @held: which ones, in the order of enum inject_held
 */
noinline void inject_hold(u64 addr, const u64 *entry, u64 held[INJECT_HELD])
{
	u64 local = 0;

	held[INJECT_SLAB] = (u64)object + 8;
	held[INJECT_PAGE] = (u64)page + 8;
	held[INJECT_MEMORY] = (u64)page_address(page) + 16;
	held[INJECT_TABLE] = (u64)entry;
	held[INJECT_VMALLOC] = (u64)area + 24;
	held[INJECT_CODE] = (u64)inject_flush;
	held[INJECT_STACK] = (u64)&local;
	held[INJECT_POISON] = 0xdead000000000122ULL;
	die_with(addr, held);
}
