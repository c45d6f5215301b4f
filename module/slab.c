// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose slab memory is it?
 *
 * A slab page leads to its cache, and the cache to its name, but where in both the
 * kernel keeps from modules.  So we look, once, at a cache of our own: which word
 * of the struct page of its memory is the cache, and which word of the cache leads
 * to the name that we gave it.  Where that is not found, caches have no names.
 */
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "page_compat.h"
#include "ptdbg.h"
#include "read.h"

#define NAME		"ptdbg_ruler"

/* Words of a cache that are looked at */
#define CACHE_WORDS	64

/* Word of struct page, and of struct kmem_cache */
static unsigned int cache_at, name_at;
static bool known;

/* Address of the first struct page of what @pfn, which is online, belongs to; or 0. */
static const u64 *head_of(u64 pfn)
{
	const struct page *page = pfn_to_online_page(pfn), *head;
	u64 word[sizeof(struct page) / sizeof(u64)];
	unsigned int i;

	if (!page)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(word); i++)
		if (!ptdbg_read_u64(&word[i], (const u64 *)page + i))
			return NULL;
	head = ptdbg_head_of(page, (const struct page *)word);
	return IS_ALIGNED((unsigned long)head, sizeof(u64)) ? (const u64 *)head : NULL;
}

NOKPROBE_SYMBOL(head_of);

static bool find_cache(const u64 *page, const struct kmem_cache *cache)
{
	u64 word;

	for (cache_at = 0; cache_at < sizeof(struct page) / sizeof(u64); cache_at++)
		if (ptdbg_read_u64(&word, page + cache_at) && word == (uintptr_t)cache)
			return true;
	return false;
}

static bool find_name(const struct kmem_cache *cache)
{
	char text[sizeof(NAME)];
	u64 word;

	for (name_at = 0; name_at < CACHE_WORDS; name_at++) {
		if (!ptdbg_read_u64(&word, (const u64 *)cache + name_at))
			return false;
		if (ptdbg_address_user(word) ||
		    !ptdbg_address_valid(&ptdbg.trace.layout.mode, word))
			continue;
		if (!copy_from_kernel_nofault(text, (void *)(uintptr_t)word, sizeof(text)) &&
		    !memcmp(text, NAME, sizeof(text)))
			return true;
	}
	return false;
}

/* A cache with a constructor is not merged with others, so it keeps its name. */
static void construct(void *object)
{
	memset(object, 0, sizeof(u64));
}

/* Find out where the names are.  Context: process context. */
void ptdbg_slab_init(void)
{
	struct kmem_cache *cache = kmem_cache_create(NAME, 64, 0, 0, construct);
	const u64 *page;
	void *object;

	if (!cache)
		return;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	if (object) {
		pagefault_disable();
		page = head_of(virt_to_phys(object) >> PAGE_SHIFT);
		known = page && find_cache(page, cache) && find_name(cache);
		pagefault_enable();
		kmem_cache_free(cache, object);
	}
	kmem_cache_destroy(cache);
}

/**
 * ptdbg_slab_name() - name of the cache that a page belongs to
 * @pfn: of a page that is slab memory
 * @name: for the name, NUL padded; all of it NUL when it can't be had
 * @size: bytes in @name
 *
 * Context: interrupts and page faults disabled.
 */
void ptdbg_slab_name(u64 pfn, char *name, size_t size)
{
	const u64 *page;
	u64 cache, at;
	size_t i;

	memset(name, 0, size);
	if (!known)
		return;
	page = head_of(pfn);
	if (!page || !ptdbg_read_u64(&cache, page + cache_at) ||
	    cache % sizeof(u64) || ptdbg_address_user(cache) ||
	    !ptdbg_read_u64(&at, (const u64 *)(uintptr_t)cache + name_at) ||
	    ptdbg_address_user(at))
		return;
	for (i = 0; i < size - 1; i++) {
		if (copy_from_kernel_nofault(&name[i], (char *)(uintptr_t)at + i, 1) ||
		    !name[i])
			break;
	}
	name[i] = '\0';
}

NOKPROBE_SYMBOL(ptdbg_slab_name);
