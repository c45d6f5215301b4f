/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ptdbg: the inventory of the module, and what its files offer each other.
 *
 * Locking in one place:
 *  - ptdbg.lock serialises everything that changes the set-up (enable, clear,
 *    filter) and loading; never taken in a probe.
 *  - A capture runs with interrupts off on one CPU and owns that CPU's
 *    struct ptdbg_cpu; @busy keeps an NMI out.  Whoever else wants a consistent
 *    look at it runs on that CPU (stats.c) or reads the ring as ring.c says.
 *  - The filter is replaced under RCU.
 */
#ifndef PTDBG_H
#define PTDBG_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/uuid.h>

#include "core/entry.h"
#include "core/format.h"
#include "core/metadata.h"

#define PTDBG_VERSION		"0.1.0"

struct filter;
struct pt_regs;
struct seq_file;

/* The hooks that count, see hook.c. */
enum ptdbg_hook_id {
	PTDBG_HOOK_FAULT,	/* handle_mm_fault(), call */
	PTDBG_HOOK_RETURN,	/* handle_mm_fault(), return */
	PTDBG_HOOK_GUP,
	PTDBG_HOOK_SIG,
	PTDBG_HOOK_SIG_POISON,
	PTDBG_HOOK_SIG_KEY,
	PTDBG_HOOK_SIG_KERNEL,
	PTDBG_HOOK_OOPS,
	PTDBG_HOOK_GPF,
	PTDBG_HOOK_ALLOC_PTE,	/* pmd_install() */
	PTDBG_HOOK_ALLOC_PMD,
	PTDBG_HOOK_ALLOC_PUD,
	PTDBG_HOOK_ALLOC_P4D,
	PTDBG_HOOK_FREE_TABLE,	/* tlb_remove_table() */
	PTDBG_HOOK_FREE_PTE,
	PTDBG_HOOK_FREE_PMD,
	PTDBG_HOOK_FREE_PUD,
	PTDBG_HOOK_FREE_P4D,
	PTDBG_HOOK_FREE_PGD,
	PTDBG_HOOK_FREE_DEFER,	/* pte_free_defer() */
	PTDBG_NR_HOOKS
};

/**
 * struct ptdbg_count - what became of the hits of one CPU
 * @hits: events of which the outcome is known: a fault counts when it ends
 * @recorded: records written to the ring
 * @overwritten: of these, overwritten by newer ones
 * @filtered: left out because the filter said so
 * @missed_busy: met while this CPU was busy with another (an NMI, a probe hit
 *	inside a probe)
 * @missed_ring: no ring on this CPU
 * @missed_flight: more faults in flight than there are slots
 * @missed_stop: faults in flight when the hooks were removed
 * @hook: calls of each hook
 * @kernel_end: records with stacks, by enum ptdbg_stackend of the kernel's
 * @user_end: the same, by that of user space
 * @verdict: records with each verdict
 */
struct ptdbg_count {
	u64 hits;
	u64 recorded;
	u64 overwritten;
	u64 filtered;
	u64 missed_busy;
	u64 missed_ring;
	u64 missed_flight;
	u64 missed_stop;
	u64 hook[PTDBG_NR_HOOKS];
	u64 kernel_end[PTDBG_NR_STACKENDS];
	u64 user_end[PTDBG_NR_STACKENDS];
	u64 verdict[PTDBG_NR_VERDICTS];
};

/**
 * struct ptdbg_ring - the packets of one CPU
 * @packet: each a physically contiguous allocation of PTDBG_PACKET_BYTES
 * @nr: number of packets, at least 2; 0 until the CPU has got its ring
 * @used: bytes in use in the newest packet; all of them before there is one
 * @open: the newest packet, once there is one
 * @seq: number of the newest packet; it is in packet[(seq - 1) % nr]
 * @first_seq: no packet older than this is to be read (see clear)
 * @missed: hits that could not be recorded, up to the last clear
 * @number: records ever written; unlike count.recorded it survives a clear
 */
struct ptdbg_ring {
	struct ptdbg_packet **packet;
	unsigned int nr;
	unsigned int used;
	struct ptdbg_packet *open;
	u64 seq;
	u64 first_seq;
	u64 missed;
	u64 number;
};

/* struct ptdbg_trail.id, and ptdbg_flight.trail: no trail; they are not equal */
#define PTDBG_TRAIL_NONE	1
#define PTDBG_TRAIL_LEFT	0

/**
 * struct ptdbg_trail - what the last whole walk of a CPU found, see trail.c
 * @id: a number that no other trail has, or PTDBG_TRAIL_NONE
 * @serial: of the trails of this CPU
 * @pgd: root table
 * @high: the address without the bits that choose an entry of the last table
 * @last: level of the last table
 * @bytes: what the record of a fault has behind its fixed part
 * @chain: as in that record, but for @chain.before_stop
 * @leaf: the last table
 * @leaf_bits: what a leaf there has had besides its pfn, when that was nothing to
 *	stop at
 * @entry: what was in the entries above
 * @at: where they are
 * @page: struct page of each table, as words
 * @flags: page->flags
 * @counts: page->_mapcount and page->_refcount
 * @table: what a record has to say of each table
 * @first: pfns from here on are RAM and online, and all of them or none for CMA
 * @pfns: as many of them; 0: not known
 * @where: zone and node of such a page, the bits of page->flags
 * @tail: the last bytes of a struct ptdbg_page of one: of a file, anonymous
 */
struct ptdbg_trail {
	u64 id;
	u64 serial;
	const void *pgd;
	u64 high;
	unsigned int last;
	unsigned int bytes;
	struct ptdbg_chain chain;
	const u64 *leaf;
	u64 leaf_bits;
	u64 entry[PTDBG_MAX_LEVELS];
	const u64 *at[PTDBG_MAX_LEVELS];
	const u64 *page[PTDBG_MAX_LEVELS];
	u64 flags[PTDBG_MAX_LEVELS];
	u64 counts[PTDBG_MAX_LEVELS];
	struct ptdbg_table table[PTDBG_MAX_LEVELS];
	u64 first;
	u64 pfns;
	u64 where;
	u64 tail[2];
};

/* Frames of the probe itself, that the unwinder finds before those we want. */
#define PTDBG_STACK_SLACK	24

/**
 * struct ptdbg_cpu - all that a capture writes to
 * @busy: a capture is under way on this CPU
 * @room: for a record that is not an oops
 * @stacks: captures are to take stacks
 * @fatal: verdicts of this capture that the kernel is to die of
 * @epoch: ptdbg.epoch that @room, @stacks and @trail are of
 * @trail: the way of the last walk
 * @trace: room for the unwinder
 * @ring: its records
 * @count: its counters
 */
struct ptdbg_cpu {
	int busy;
	u32 fatal;
	u32 epoch;
	u32 room;
	bool stacks;
	struct ptdbg_trail trail;
	unsigned long trace[PTDBG_STACK_MAX + PTDBG_STACK_SLACK];
	struct ptdbg_ring ring;
	struct ptdbg_count count;
} ____cacheline_aligned;

/**
 * struct ptdbg_walk - what a walk has read
 * @root: physical address of the root table, 0 for no walk
 * @entry: raw entries, root first
 * @table: pfn of the table page that holds each entry
 * @n: entries read
 * @stop: enum ptdbg_stop
 * @verdicts: bits of enum ptdbg_verdict that the tables earned
 * @leaf: the last entry, decoded, when @stop is PTDBG_STOP_LEAF
 * @pfn: the pfn that the leaf gives to the address
 */
struct ptdbg_walk {
	u64 root;
	u64 entry[PTDBG_MAX_LEVELS];
	u64 table[PTDBG_MAX_LEVELS];
	u8 n;
	u8 stop;
	u32 verdicts;
	struct ptdbg_entry leaf;
	u64 pfn;
};

/**
 * struct ptdbg_flight - a fault between entry and exit of handle_mm_fault()
 * @task: whose fault; NULL for a free slot.  Claimed with cmpxchg(), then only
 *	that task touches the slot until it gives it back
 * @stack_at: stack pointer at the call: of the faults of a task, the lowest has
 *	the others around it
 * @start: nanoseconds of CLOCK_MONOTONIC
 * @mm: of the vma, for the walk at the exit; the caller of handle_mm_fault()
 *	keeps it alive for that long
 * @addr: faulting address
 * @ip: instruction
 * @flags: FAULT_FLAG_*
 * @made: bits of enum ptdbg_level: the fault asked for a table page for it
 * @made_pte: the page that it wanted to put in place as PTE table last
 * @vma: snapshot at the entry
 * @before: walk at the entry
 * @trail: ptdbg_trail.id that it was along, or PTDBG_TRAIL_LEFT; along a trail,
 *	ptdbg_trail_tables() has the tables of @before
 * @stack: stacks at the entry, or NULL
 */
struct ptdbg_flight {
	struct task_struct *task;
	unsigned long stack_at;
	u32 flags;
	u64 start;
	struct mm_struct *mm;
	u64 addr;
	u64 ip;
	u32 made;
	u64 made_pte;
	struct ptdbg_vma vma;
	struct ptdbg_walk before;
	u64 trail;
	struct ptdbg_stack *stack;
} ____cacheline_aligned;

/**
 * struct ptdbg_aloft - a fault in flight, as others see it
 * @start: nanoseconds of CLOCK_MONOTONIC
 * @addr: faulting address
 * @flags: FAULT_FLAG_*
 * @pid: thread id
 * @comm: name of the task
 */
struct ptdbg_aloft {
	u64 start;
	u64 addr;
	u32 flags;
	u32 pid;
	char comm[PTDBG_COMM_LEN];
};

/**
 * struct ptdbg_freeing - a table page that is given back
 * @pfn: the page
 * @mm: whose
 * @start: the addresses that are being unmapped; 0 for unknown
 * @end: behind the last one; 0 for unknown
 * @level: level of the table, or PTDBG_LEVEL_UNKNOWN
 */
struct ptdbg_freeing {
	u64 pfn;
	const struct mm_struct *mm;
	u64 start;
	u64 end;
	u32 level;
};

/* States of the whole, read by every probe. */
enum ptdbg_state {
	PTDBG_OFF,		/* hooks are being placed or removed */
	PTDBG_TESTING,		/* the self-test runs; nothing is recorded */
	PTDBG_RECORDING,
	PTDBG_FROZEN,		/* a record had a verdict of freeze_on */
};

/**
 * struct ptdbg - the module
 * @lock: see the head of this file
 * @state: enum ptdbg_state
 * @freeze_on: verdicts that stop the recording
 * @panic_on_bad: verdicts that stop the machine
 * @frees: table pages that are given back are recorded
 * @stacks: records carry the stacks of the task
 * @epoch: changes with @stacks, the map of RAM and the region rules
 * @pollers: files that have been polled, see wake.c
 * @cpu: per CPU
 * @each: the same by number, NULL for a CPU that is not possible: debuggers and
 *	dumps need not know how the kernel finds per-CPU memory
 * @nr_each: length of @each
 * @trace: what readers must know about this kernel
 * @uuid: of the trace
 * @metadata: of the trace; ctf.c
 * @loaded: loading can't fail any more, and files may be opened
 * @file: /sys/kernel/debug/ptdbg
 * @dir: /sys/kernel/debug/ptdbg.d
 * @cpuhp: state number of the CPU hotplug callback
 */
struct ptdbg {
	struct mutex lock;	/* see the head of this file */
	enum ptdbg_state state;
	u32 freeze_on;
	u32 panic_on_bad;
	bool frees;
	bool stacks;
	u32 epoch;
	atomic_t pollers;
	struct ptdbg_cpu __percpu *cpu;
	struct ptdbg_cpu **each;
	unsigned int nr_each;
	struct ptdbg_trace trace;
	u8 uuid[UUID_SIZE];
	struct ptdbg_metadata_packet *metadata;
	bool loaded;
	struct dentry *file;
	struct dentry *dir;
	int cpuhp;
};

extern struct ptdbg ptdbg;
extern struct ptdbg *const ptdbg_here;

/* What a CPU takes for granted from one capture to the next has changed. */
static inline void ptdbg_new_epoch(void)
{
	/* after the change: pairs with ptdbg_capture_begin() */
	smp_store_release(&ptdbg.epoch, ptdbg.epoch + 1);
}

/* machine.c: the running kernel, as ptdbg.trace */
int ptdbg_machine_init(struct ptdbg_trace *t);

/* machine_*.c: what only the architecture knows */
bool ptdbg_machine_mode(struct ptdbg_mode *m);
void ptdbg_machine_areas(struct ptdbg_layout *l);
u64 ptdbg_kernel_root(void);

/* ram.c: which pfns are RAM, without a lock */
int ptdbg_ram_init(struct ptdbg_layout *l);
void ptdbg_ram_exit(void);
bool ptdbg_is_ram(u64 pfn);
bool ptdbg_ram_around(u64 pfn, struct ptdbg_ram *range);

/* iomem.c: what the resource tree says */
void ptdbg_iomem_init(void);
bool ptdbg_is_image(u64 pfn);
bool ptdbg_is_firmware(u64 pfn);

/* hook.c: placing, removing and showing the hooks */
int ptdbg_hooks_place(void);
void ptdbg_hooks_remove(void);
void ptdbg_hooks_frees(bool on);
bool ptdbg_hook_placed(enum ptdbg_hook_id id);
u64 ptdbg_hooks_missed(void);
void ptdbg_hooks_clear(void);
void ptdbg_hooks_show(struct seq_file *m);

/* selftest.c: does a hook fire? */
void ptdbg_selftest_run(void);
void ptdbg_selftest_saw(enum ptdbg_hook_id id, u64 addr);
const char *ptdbg_selftest_result(enum ptdbg_hook_id id);
bool ptdbg_selftest_failed(enum ptdbg_hook_id id);

/* fault.c: page faults */
void ptdbg_fault_end(struct ptdbg_cpu *c, struct ptdbg_flight *f, u32 result);

/* capture.c: all else that is recorded; capture.h: what is common to all */
void ptdbg_capture_gup(struct vm_area_struct *vma, u64 addr, u32 flags,
		       struct pt_regs *here);
void ptdbg_capture_sig(int sig, int code, u64 addr, struct pt_regs *here);
void ptdbg_capture_alloc(unsigned int level, u64 pfn);
void ptdbg_capture_free(const struct ptdbg_freeing *what, u64 ip,
			struct pt_regs *here);
void ptdbg_capture_settle(void);
void ptdbg_capture_oops(u64 addr, u64 error, u32 access, struct pt_regs *regs);
void ptdbg_capture_walk(struct mm_struct *mm, const struct task_struct *task,
			u64 addr, struct ptdbg_gup *r);

/* stack.c: who called */
void ptdbg_stack_snap(struct ptdbg_cpu *c, struct pt_regs *here,
		      struct ptdbg_stack *s);
void ptdbg_stack_snap_oops(struct ptdbg_cpu *c, u64 ip, struct ptdbg_stack *s);
int ptdbg_stacks_set(bool on);

static inline u32 ptdbg_stack_bytes(const struct ptdbg_stack *s)
{
	return sizeof(*s) + 8 * (s->kernel_n + s->user_n);
}

/* flight.c, and flight.h for each fault: faults that have begun and not ended */
int ptdbg_flight_init(void);
void ptdbg_flight_exit(void);
int ptdbg_flight_stacks(void);
struct ptdbg_stack *ptdbg_flight_stack(const struct ptdbg_flight *f);
struct ptdbg_flight *ptdbg_flight_find(void);
u8 ptdbg_flight_made(const struct ptdbg_flight *f, u8 fresh,
		     const struct ptdbg_walk *after);
unsigned int ptdbg_flight_count(void);
unsigned int ptdbg_flight_look(struct ptdbg_aloft *to, unsigned int n);
void ptdbg_flight_stop(void);

/* walk.c: raw entries, level by level */
void ptdbg_walk_mm(struct mm_struct *mm, u64 addr, struct ptdbg_walk *w);
bool ptdbg_walk_holds(const struct ptdbg_walk *w, u64 addr);

/* trail.c: the way of the last walk; trail.h: going along it */
bool ptdbg_trail_leaf(struct ptdbg_walk *w, unsigned int last);
void ptdbg_trail_tables(const struct mm_struct *mm, struct ptdbg_walk *w);
void ptdbg_trail_learn(struct ptdbg_trail *t, const struct mm_struct *mm, u64 addr,
		       const struct ptdbg_walk *w, u32 verdicts, u8 breach);
void ptdbg_trail_forget(struct ptdbg_trail *t);

/* page.c: pfn to struct page */
void ptdbg_page_init(void);
bool ptdbg_page_cma_around(u64 pfn, struct ptdbg_ram *range);
void ptdbg_page_snap(u64 pfn, struct ptdbg_page *p);
void ptdbg_table_snap(unsigned int level, u64 pfn, struct ptdbg_table *t,
		      bool *breach);

/* vma.c; vma.h has the snapshot */
void ptdbg_vma_snap_file(const struct vm_area_struct *vma, struct ptdbg_vma *v);
void ptdbg_vma_find(struct mm_struct *mm, u64 addr, struct ptdbg_vma *v);

/* check.c */
u32 ptdbg_check(const struct ptdbg_record *r, const struct ptdbg_vma *vma,
		const struct ptdbg_page *page, const struct ptdbg_chain *chain,
		const struct ptdbg_table *table, const struct ptdbg_walk *w);
u32 ptdbg_check_fault(const struct ptdbg_fault *r,
		      const struct ptdbg_walk *before);

/* compose.c: putting a record together */
void ptdbg_compose(struct ptdbg_record *r, const struct ptdbg_vma *vma,
		   struct ptdbg_page *page, struct ptdbg_chain *chain,
		   const struct ptdbg_walk *before,
		   const struct ptdbg_walk *after);

/* regions.c: where page tables may live */
#define PTDBG_MAX_RULES		32
int ptdbg_regions_set(const char *text);
void ptdbg_regions_show(struct seq_file *m);
s8 ptdbg_regions_find(unsigned int level, u64 pfn, bool *breach);
void ptdbg_regions_name(int rule, char *buf, size_t size);
void ptdbg_regions_exit(void);

/* filter.c */
extern struct filter __rcu *ptdbg_filter;
bool ptdbg_filter_finds(u16 id, u64 addr, bool user);
bool ptdbg_filter_finds_bad(void);
int ptdbg_filter_set(const char *text);
void ptdbg_filter_show(struct seq_file *m);
void ptdbg_filter_exit(void);

/* Does a hit of the current task pass?  Without a filter it does. */
static inline bool ptdbg_filter_passes(u16 id, u64 addr, bool user)
{
	return likely(!rcu_access_pointer(ptdbg_filter)) ||
	       ptdbg_filter_finds(id, addr, user);
}

/* Are records without a verdict to be dropped? */
static inline bool ptdbg_filter_bad_only(void)
{
	return unlikely(rcu_access_pointer(ptdbg_filter)) && ptdbg_filter_finds_bad();
}

/* ring.c: the packets; ring.h: writing to them */
#define PTDBG_PACKET_BYTES	(64 * 1024U)
int ptdbg_ring_init(unsigned int kb_per_cpu);
void ptdbg_ring_exit(void);
void ptdbg_ring_clear(struct ptdbg_cpu *c);
u64 ptdbg_ring_readable(const struct ptdbg_cpu *c);
int ptdbg_ring_copy(unsigned int cpu, u64 seq, u32 from, struct ptdbg_packet *to);
int ptdbg_ring_peek(unsigned int cpu, u64 seq, struct ptdbg_packet *to);
void ptdbg_ring_range(unsigned int cpu, u64 *oldest, u64 *newest);
u64 ptdbg_ring_number(unsigned int cpu);

/**
 * struct ptdbg_cursor - a reader's place in the ring of one CPU
 * @cpu: whose ring
 * @seq: packet it is in
 * @offset: of the next record in that packet; never in the head
 * @have: bytes that are valid in the copy; 0 for none yet
 * @number: of the next record: how many the CPU had written before it
 * @until: records after this time are not for this pass; nanoseconds
 * @lost: records that were overwritten or cleared before this reader got them
 * @packet: copy of packet @seq, PTDBG_PACKET_BYTES
 */
struct ptdbg_cursor {
	unsigned int cpu;
	u64 seq;
	u32 offset;
	u32 have;
	u64 number;
	u64 until;
	u64 lost;
	struct ptdbg_packet *packet;
};

/* wake.c: waking those who wait for records */
struct poll_table_struct;
void ptdbg_wake_init(void);
void ptdbg_wake_exit(void);
void ptdbg_wake(void);
void ptdbg_wake_get(void);
void ptdbg_wake_put(void);
void ptdbg_wake_wait(struct file *file, struct poll_table_struct *table);

/* cursor.c: reading */
int ptdbg_cursor_open(struct ptdbg_cursor *k, unsigned int cpu);
void ptdbg_cursor_close(struct ptdbg_cursor *k);
void ptdbg_cursor_skip(struct ptdbg_cursor *k);
const struct ptdbg_record *ptdbg_cursor_peek(struct ptdbg_cursor *k);
void ptdbg_cursor_advance(struct ptdbg_cursor *k);
u32 ptdbg_cursor_packet(struct ptdbg_cursor *k);

/**
 * struct ptdbg_sum - counters of all CPUs at one moment for each CPU
 * @count: sums
 * @readable: records that are in the ring now, counted in the ring
 * @hook_missed: hits that the kprobes core did not hand to us; part of both
 *	hits and missed in what the user sees
 * @flights: faults in flight
 */
struct ptdbg_sum {
	struct ptdbg_count count;
	u64 readable;
	u64 hook_missed;
	u64 flights;
};

/* stats.c */
void ptdbg_stats_sum(struct ptdbg_sum *s);
u64 ptdbg_stats_missed(const struct ptdbg_sum *s);
void ptdbg_stats_clear(void);
void ptdbg_stats_show(struct seq_file *m);
void ptdbg_stats_put_verdict(struct seq_file *m, unsigned int verdict);

/**
 * struct ptdbg_table_page - a page-table page
 * @pfn: where it is
 * @first: first address it is for
 * @last: last address
 * @level: 0 is the root
 * @entries: entries that are for user space
 * @used: of these, not zero
 * @loop: the page is also a table above it; it is not gone into again
 * @breach: it breaks the region rules
 * @table: what its struct page says, and which region rule decides
 */
struct ptdbg_table_page {
	u64 pfn;
	u64 first;
	u64 last;
	unsigned int level;
	unsigned int entries;
	unsigned int used;
	bool breach;
	bool loop;
	struct ptdbg_table table;
};

/**
 * struct ptdbg_tables - on the way through all tables of an mm
 * @mm: whose
 * @entry: room for the entries of a table, a page
 * @addr: first address of the table at hand
 * @level: its level
 * @nr: tables so far
 * @cut: the end came before the end, see tables.c
 * @at: the table at hand
 */
struct ptdbg_tables {
	struct mm_struct *mm;
	u64 *entry;
	u64 addr;
	int level;
	u64 nr;
	bool cut;
	struct ptdbg_table_page at;
};

/* tables.c */
bool ptdbg_tables_next(struct ptdbg_tables *t);

/**
 * struct ptdbg_piece - a piece of what a file gives
 * @at: where it is
 * @len: bytes
 * @done: of these, already handed out
 */
struct ptdbg_piece {
	const char *at;
	size_t len;
	size_t done;
};

/* feed.c */
ssize_t ptdbg_feed(char __user *to, size_t size, struct ptdbg_piece *p,
		   int (*next)(void *data), void *data);

/* text.c, walk_file.c, tables_file.c, ctf.c, knobs.c: debugfs */
extern const struct file_operations ptdbg_text_fops;
extern const struct file_operations ptdbg_walk_fops;
extern const struct file_operations ptdbg_tables_fops;
int ptdbg_task_mm(pid_t pid, struct task_struct **task, struct mm_struct **mm);
int ptdbg_ctf_init(struct dentry *dir);
void ptdbg_ctf_exit(void);
int ptdbg_open_allowed(void);
char *ptdbg_knob_text(const char *name, const char __user *from, size_t size);
int ptdbg_panic_on_bad_set(const char *text);
int ptdbg_knobs_init(void);
void ptdbg_knobs_exit(void);

/* oops.c: when the kernel dies; words.c is what the console says then */
#define PTDBG_OOPS_RECORDS_MAX	16
int ptdbg_oops_init(unsigned int records);
void ptdbg_oops_exit(void);
struct ptdbg_oops *ptdbg_oops_begin(void);
void ptdbg_oops_find_cause(struct ptdbg_oops *o);
void ptdbg_oops_end(const struct ptdbg_oops *o);

/* regs.c: the registers of an oops */
unsigned int ptdbg_regs_snap(struct pt_regs *regs, struct ptdbg_reg *to);

/* slab.c: whose slab memory it is */
void ptdbg_slab_init(void);
void ptdbg_slab_name(u64 pfn, char *name, size_t size);

/* main.c: under ptdbg.lock */
int ptdbg_enable(bool on);

/* Symbol+offset of a kernel address, without the size; "" if it has none. */
void ptdbg_symbol(u64 addr, char *buf, size_t size);

#endif /* PTDBG_H */
