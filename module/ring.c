// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring: CTF packets, one set for each CPU.
 *
 * Writer: the CPU itself with interrupts off, never two at a time.
 * Readers: any number, anywhere, without a lock.  They copy a packet and then
 * look whether it is still the same one, as with a seqcount:
 *
 *	writer, taking a packet into use	reader
 *	  content_size = head only		  seq (acquire)
 *	  wmb					  content_size (acquire)
 *	  seq = new				  copy
 *	  wmb					  rmb
 *	  head, records				  seq again: the same?
 *	  content_size = more (release)
 *
 * A reader that saw any byte of the new use sees the new seq in its second
 * look; one that sees the new seq in its first look sees a content_size of the
 * new use, and so only records that are complete.  Packet numbers are never
 * used twice, also not after a clear.
 *
 * A record is written in place and becomes part of the packet when
 * content_size grows over it.  A memory dump shows the same: every packet
 * starts with the magic and the UUID and says how much of it is valid.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/gfp.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ptdbg.h"
#include "ring.h"

#define HEAD	((u32)sizeof(struct ptdbg_packet))

static_assert(sizeof(struct ptdbg_packet) % 8 == 0);
static_assert(sizeof(struct ptdbg_packet) + PTDBG_RECORD_MAX <= PTDBG_PACKET_BYTES);

static __always_inline struct ptdbg_packet *packet_of(const struct ptdbg_ring *g,
						      u64 seq)
{
	return g->packet[(u32)(seq - 1) % g->nr];
}

/* Hits that could not be recorded since the last clear. */
static __always_inline u64 missed(const struct ptdbg_cpu *c)
{
	return c->count.missed_busy + c->count.missed_ring +
	       c->count.missed_flight + c->count.missed_stop;
}

/* Take the oldest packet of @c into use as the newest, for a record of time @ts. */
void ptdbg_ring_turn(struct ptdbg_cpu *c, u64 ts)
{
	struct ptdbg_ring *g = &c->ring;
	struct ptdbg_packet *p = packet_of(g, g->seq + 1);

	if (p->seq >= g->first_seq)
		c->count.overwritten += p->records;
	WRITE_ONCE(p->content_size, 8ULL * HEAD);
	smp_wmb();	/* content_size before seq: see the head of this file */
	WRITE_ONCE(p->seq, g->seq + 1);
	smp_wmb();	/* seq before all else: see the head of this file */
	p->ts_begin = ts;
	p->ts_end = ts;
	p->discarded = g->missed + missed(c);
	p->records = 0;
	p->first = g->number;
	g->used = HEAD;
	g->open = p;
	WRITE_ONCE(g->seq, g->seq + 1);
}

NOKPROBE_SYMBOL(ptdbg_ring_turn);

/**
 * ptdbg_ring_clear() - forget the records of a CPU
 * @c: the CPU it runs on, or one that is offline; its counters are still those
 *	of before the clear
 *
 * Nothing is written to the packets: a reader in the middle of one goes on
 * with it.  From now on they are older than @first_seq and count for nothing.
 */
void ptdbg_ring_clear(struct ptdbg_cpu *c)
{
	struct ptdbg_ring *g = &c->ring;

	/* the next record opens a new packet */
	g->used = PTDBG_PACKET_BYTES;
	g->missed += missed(c);
	WRITE_ONCE(g->first_seq, g->seq + 1);
}

/* Records in the ring of @c now; on that CPU, or with it offline. */
u64 ptdbg_ring_readable(const struct ptdbg_cpu *c)
{
	const struct ptdbg_ring *g = &c->ring;
	unsigned int i;
	u64 n = 0;

	for (i = 0; i < g->nr; i++) {
		if (g->packet[i]->seq >= g->first_seq)
			n += g->packet[i]->records;
	}
	return n;
}

/* Numbers of the oldest and newest packet of @cpu; none: *oldest > *newest. */
void ptdbg_ring_range(unsigned int cpu, u64 *oldest, u64 *newest)
{
	const struct ptdbg_ring *g = &per_cpu_ptr(ptdbg.cpu, cpu)->ring;
	/* pairs with ring_prepare() */
	unsigned int nr = smp_load_acquire(&g->nr);
	u64 first = READ_ONCE(g->first_seq);

	*newest = READ_ONCE(g->seq);
	*oldest = *newest >= nr ? *newest - nr + 1 : 1;
	if (*oldest < first)
		*oldest = first;
	if (!nr)
		*newest = 0;
}

NOKPROBE_SYMBOL(ptdbg_ring_range);

/* Number of the record that @cpu writes next. */
u64 ptdbg_ring_number(unsigned int cpu)
{
	return READ_ONCE(per_cpu_ptr(ptdbg.cpu, cpu)->ring.number);
}

/* Copy out of a packet; @careful: the memory may be unmapped, or fail. */
static __always_inline bool copy_out(void *to, const void *from, size_t n,
				     bool careful)
{
	if (careful)
		return !copy_from_kernel_nofault(to, from, n);
	memcpy(to, from, n);
	return true;
}

/* What ptdbg_ring_copy() does. */
static __always_inline int copy_packet(unsigned int cpu, u64 seq, u32 from,
				       struct ptdbg_packet *to, bool careful)
{
	const struct ptdbg_ring *g = &per_cpu_ptr(ptdbg.cpu, cpu)->ring;
	const struct ptdbg_packet *p;
	u64 bits, now;
	u32 bytes;

	/* pairs with ring_prepare() */
	if (!smp_load_acquire(&g->nr))
		return -EAGAIN;
	p = packet_of(g, seq);
	/* then what follows here doesn't fault either */
	if (careful && !copy_out(to, p, HEAD, true))
		return -EFAULT;
	/* seq before content_size: pairs with the wmb in ptdbg_ring_turn() */
	now = smp_load_acquire(&p->seq);
	if (now < seq)
		return -EAGAIN;
	/* content_size before the records: pairs with ptdbg_ring_commit() */
	bits = smp_load_acquire(&p->content_size);
	bytes = bits / 8;
	if (now > seq)
		return -ESTALE;
	if (bytes > PTDBG_PACKET_BYTES || bytes < HEAD)
		return -ESTALE;
	if (from < HEAD)
		from = HEAD;
	if (!copy_out(to, p, HEAD, careful) ||
	    (bytes > from && !copy_out((char *)to + from, (const char *)p + from,
				       bytes - from, careful)))
		return -EFAULT;
	smp_rmb();	/* the copy before the second look */
	if (READ_ONCE(p->seq) != seq)
		return -ESTALE;
	to->content_size = bits;
	return bytes;
}

/**
 * ptdbg_ring_copy() - copy a packet, or the part of it that is new
 * @cpu: whose ring
 * @seq: number of the packet
 * @from: bytes that @to holds already; 0 to copy the head as well
 * @to: PTDBG_PACKET_BYTES
 *
 * The head in @to is that of the moment of the copy.
 *
 * Return: bytes that are valid in @to now, -EAGAIN when the packet is not
 * begun yet, -ESTALE when it was overwritten: then nothing in @to is valid.
 */
int ptdbg_ring_copy(unsigned int cpu, u64 seq, u32 from, struct ptdbg_packet *to)
{
	return copy_packet(cpu, seq, from, to, false);
}

/**
 * ptdbg_ring_peek() - copy a packet of a kernel that dies
 * @cpu: whose ring
 * @seq: number of the packet
 * @to: PTDBG_PACKET_BYTES
 *
 * As ptdbg_ring_copy(), and a packet that can't be read is no second death.
 *
 * Context: any.
 *
 * Return: as there, or -EFAULT.
 */
int ptdbg_ring_peek(unsigned int cpu, u64 seq, struct ptdbg_packet *to)
{
	return copy_packet(cpu, seq, 0, to, true);
}

NOKPROBE_SYMBOL(ptdbg_ring_peek);

static void ring_free(struct ptdbg_ring *g)
{
	unsigned int i;

	if (!g->packet)
		return;
	for (i = 0; i < ptdbg.trace.ring_packets; i++)
		free_pages((unsigned long)g->packet[i],
			   get_order(PTDBG_PACKET_BYTES));
	kvfree(g->packet);
	g->packet = NULL;
}

/* CPU hotplug, before the CPU comes up, and for those that are: get a ring. */
static int ring_prepare(unsigned int cpu)
{
	struct ptdbg_ring *g = &per_cpu_ptr(ptdbg.cpu, cpu)->ring;
	unsigned int i;

	/* A CPU that comes back finds its records where they were. */
	if (g->nr)
		return 0;
	g->packet = kvcalloc(ptdbg.trace.ring_packets, sizeof(*g->packet), GFP_KERNEL);
	if (!g->packet)
		return -ENOMEM;
	for (i = 0; i < ptdbg.trace.ring_packets; i++) {
		struct page *page;
		struct ptdbg_packet *p;

		page = alloc_pages_node(cpu_to_node(cpu),
					GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN |
					__GFP_RETRY_MAYFAIL,
					get_order(PTDBG_PACKET_BYTES));
		if (!page) {
			ring_free(g);
			return -ENOMEM;
		}
		p = page_address(page);
		p->magic = PTDBG_PACKET_MAGIC;
		memcpy(p->uuid, ptdbg.uuid, sizeof(p->uuid));
		p->content_size = 8ULL * HEAD;
		p->packet_size = 8ULL * PTDBG_PACKET_BYTES;
		p->cpu = cpu;
		g->packet[i] = p;
	}
	g->first_seq = 1;
	/* from here on the CPU records: everything above is visible before */
	smp_store_release(&g->nr, ptdbg.trace.ring_packets);
	return 0;
}

/**
 * ptdbg_ring_init() - get the rings of all CPUs that are, or will be, online
 * @kb_per_cpu: KiB for each
 *
 * Return: 0 or -ENOMEM.
 */
int ptdbg_ring_init(unsigned int kb_per_cpu)
{
	unsigned int cpu;
	int ret;

	ptdbg.trace.ring_packets = max(2U, DIV_ROUND_UP(kb_per_cpu,
							PTDBG_PACKET_BYTES / 1024));
	ptdbg.cpu = alloc_percpu(struct ptdbg_cpu);
	if (!ptdbg.cpu)
		return -ENOMEM;
	/* the first record, of a CPU with a ring or without one, comes to the end of it */
	for_each_possible_cpu(cpu)
		per_cpu_ptr(ptdbg.cpu, cpu)->ring.used = PTDBG_PACKET_BYTES;
	ptdbg.each = kcalloc(nr_cpu_ids, sizeof(*ptdbg.each), GFP_KERNEL);
	if (!ptdbg.each) {
		ptdbg_ring_exit();
		return -ENOMEM;
	}
	ptdbg.nr_each = nr_cpu_ids;
	for_each_possible_cpu(cpu)
		ptdbg.each[cpu] = per_cpu_ptr(ptdbg.cpu, cpu);
	ret = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "ptdbg:ring",
				ring_prepare, NULL);
	if (ret < 0) {
		ptdbg.cpuhp = 0;
		ptdbg_ring_exit();
		return ret;
	}
	ptdbg.cpuhp = ret;
	return 0;
}

/* After the last probe and the last reader. */
void ptdbg_ring_exit(void)
{
	unsigned int cpu;

	if (ptdbg.cpuhp)
		cpuhp_remove_state(ptdbg.cpuhp);
	for_each_possible_cpu(cpu)
		ring_free(&per_cpu_ptr(ptdbg.cpu, cpu)->ring);
	kfree(ptdbg.each);
	ptdbg.each = NULL;
	free_percpu(ptdbg.cpu);
	ptdbg.cpu = NULL;
}
