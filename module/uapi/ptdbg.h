/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The record ABI of ptdbg: what the module writes and every reader reads.
 *
 * The ring is a CTF 1.8 trace.  A packet is one struct ptdbg_packet followed by
 * records; a record starts 8-byte aligned with a struct ptdbg_record, whose
 * @size leads to the next one.  All integers have the byte order of the machine
 * that recorded (little endian on all three architectures).  Reserved bytes are
 * written as zero.
 *
 * PTDBG_ABI is in the trace environment; the CTF metadata describes the layout
 * of every record, and a reader skips what it does not know by @size.
 */
#ifndef _UAPI_PTDBG_H
#define _UAPI_PTDBG_H

#include <linux/types.h>

/*
 * Changes when a reader of before would go wrong.  It does not when a type of
 * record is added, or fields behind the chain of one: readers skip both by @size.
 */
#define PTDBG_ABI		3

/* First bytes of every packet: CTF 1.8.3, section 5.1. */
#define PTDBG_PACKET_MAGIC	0xc1fc1fc1U

/* x86_64 with LA57, arm64 with LPA2 and riscv64 Sv57 have the most: five. */
#define PTDBG_MAX_LEVELS	5

#define PTDBG_COMM_LEN		16

/* Frames of each of the two stacks of a record; deeper ones are cut. */
#define PTDBG_STACK_MAX		48

/**
 * struct ptdbg_packet - head of a CTF packet
 * @magic: PTDBG_PACKET_MAGIC
 * @uuid: of the trace: one for each load of the module
 * @stream_id: always 0; there is one kind of stream
 * @ts_begin: no record in the packet is older; nanoseconds of CLOCK_MONOTONIC
 * @ts_end: time of the newest record, or @ts_begin while there is none
 * @content_size: bits in use, this head included; grows with each record
 * @packet_size: bits of the whole packet
 * @discarded: records that this stream has lost until the end of the packet
 * @seq: number of the packet in its stream, from 1; 0 is a packet never used
 * @cpu: the CPU that wrote it
 * @records: number of records in the packet
 * @first: records that the CPU had written before the first one of the packet
 * @lost: records that were overwritten or cleared before they were read, since
 *	this reader opened the file; they are part of @discarded, and 0 in the
 *	ring itself
 * @sum: checksum of all before it and of the records, see core/sum.h; made when
 *	the packet is read, and 0 in the ring itself
 */
struct ptdbg_packet {
	__u32	magic;
	__u8	uuid[16];
	__u32	stream_id;
	__u64	ts_begin;
	__u64	ts_end;
	__u64	content_size;
	__u64	packet_size;
	__u64	discarded;
	__u64	seq;
	__u32	cpu;
	__u32	records;
	__u64	first;
	__u64	lost;
	__u64	sum;
};

/**
 * enum ptdbg_type - what a record tells
 * @PTDBG_FAULT: handle_mm_fault() was called and returned: struct ptdbg_fault
 * @PTDBG_GUP: follow_page_pte() was called: struct ptdbg_gup
 * @PTDBG_SIG: a user fault ended in a signal: struct ptdbg_sig
 * @PTDBG_OOPS: a kernel fault ended in an oops: struct ptdbg_oops
 * @PTDBG_FREE: the kernel gave a page-table page back: struct ptdbg_free; only
 *	recorded on request
 * @PTDBG_WALK: a walk that the user asked for: struct ptdbg_gup; never in the
 *	ring
 */
enum ptdbg_type {
	PTDBG_FAULT	= 1,
	PTDBG_GUP	= 2,
	PTDBG_SIG	= 3,
	PTDBG_OOPS	= 4,
	PTDBG_FREE	= 5,
	PTDBG_WALK	= 6,
};

/**
 * enum ptdbg_verdict - what is wrong with a record; bit numbers in @verdicts
 * @PTDBG_BAD_PFN: the chain ends in a pfn that has no struct page
 * @PTDBG_NOT_RAM: it ends in a pfn with a struct page, which is not RAM or is
 *	offline, in a vma that does not map devices (VM_PFNMAP, VM_MIXEDMAP,
 *	VM_IO)
 * @PTDBG_FREE_PAGE: it ends in a page that the buddy allocator holds as free
 * @PTDBG_TABLE_NOT_RAM: an entry leads to a table outside RAM; not read further
 * @PTDBG_TABLE_FREE: a table page is free in the buddy allocator
 * @PTDBG_TABLE_UNREADABLE: reading a table page faulted; not read further
 * @PTDBG_RESERVED_BITS: an entry has bits set that the architecture reserves
 * @PTDBG_LOOP: one table page serves twice in the chain
 * @PTDBG_WRITE_EXEC: the leaf is writable and executable for user space
 * @PTDBG_TABLE_UNTYPED: a table page of a user address is not typed as one,
 *	at a level where this kernel types them
 * @PTDBG_TABLE_REGION: a table page lies where the region rules forbid it
 * @PTDBG_PERMITTED: the entry already allowed the access that faulted: a stale
 *	TLB entry, or another CPU was faster
 * @PTDBG_TABLE_IMAGE: a table page of a user address is part of the kernel image
 * @PTDBG_TABLE_CMA: a table page of a user address lies in a CMA area, which is
 *	for pages that can be moved
 * @PTDBG_TABLE_USER: a table page is user memory: anonymous, of a file, hugetlb
 *	or the zero page
 * @PTDBG_TABLE_UNREF: a table page has a reference count of 0: it was given back
 * @PTDBG_PAGE_UNREF: the chain ends in a page with a reference count of 0, in a
 *	vma that does not map devices
 * @PTDBG_BAD_ENTRY: an entry is not legal at its level; not followed
 */
enum ptdbg_verdict {
	PTDBG_BAD_PFN,
	PTDBG_NOT_RAM,
	PTDBG_FREE_PAGE,
	PTDBG_TABLE_NOT_RAM,
	PTDBG_TABLE_FREE,
	PTDBG_TABLE_UNREADABLE,
	PTDBG_RESERVED_BITS,
	PTDBG_LOOP,
	PTDBG_WRITE_EXEC,
	PTDBG_TABLE_UNTYPED,
	PTDBG_TABLE_REGION,
	PTDBG_PERMITTED,
	PTDBG_TABLE_IMAGE,
	PTDBG_TABLE_CMA,
	PTDBG_TABLE_USER,
	PTDBG_TABLE_UNREF,
	PTDBG_PAGE_UNREF,
	PTDBG_BAD_ENTRY,
	PTDBG_NR_VERDICTS
};

/**
 * enum ptdbg_stop - why a walk ended
 * @PTDBG_STOP_NOWALK: there was no walk (no mm, or no record of it)
 * @PTDBG_STOP_LEAF: at an entry that maps memory
 * @PTDBG_STOP_NONE: at an entry of zero
 * @PTDBG_STOP_NOT_PRESENT: at an entry that the hardware does not follow, but
 *	that is not zero (swap, migration, PROT_NONE, ...)
 * @PTDBG_STOP_NOT_RAM: the next table is outside RAM
 * @PTDBG_STOP_UNREADABLE: the entry could not be read
 * @PTDBG_STOP_BAD: at an entry that is not legal at its level
 * @PTDBG_STOP_ADDRESS: the address has no place in the tables (not canonical)
 */
enum ptdbg_stop {
	PTDBG_STOP_NOWALK,
	PTDBG_STOP_LEAF,
	PTDBG_STOP_NONE,
	PTDBG_STOP_NOT_PRESENT,
	PTDBG_STOP_NOT_RAM,
	PTDBG_STOP_UNREADABLE,
	PTDBG_STOP_BAD,
	PTDBG_STOP_ADDRESS,
	PTDBG_NR_STOPS
};

/**
 * enum ptdbg_where - what is at a pfn
 * @PTDBG_WHERE_UNKNOWN: not looked at
 * @PTDBG_WHERE_RAM: online RAM with a struct page
 * @PTDBG_WHERE_HOLE: a struct page, but nothing that the kernel knows of
 * @PTDBG_WHERE_OFFLINE: RAM that is offline
 * @PTDBG_WHERE_NO_MEMMAP: no struct page
 * @PTDBG_WHERE_RESERVED: a struct page, but kept by the firmware ("Reserved",
 *	"ACPI Tables" and the like in /proc/iomem)
 * @PTDBG_WHERE_DEVICE: memory of a device, with a struct page (ZONE_DEVICE)
 */
enum ptdbg_where {
	PTDBG_WHERE_UNKNOWN,
	PTDBG_WHERE_RAM,
	PTDBG_WHERE_HOLE,
	PTDBG_WHERE_OFFLINE,
	PTDBG_WHERE_NO_MEMMAP,
	PTDBG_WHERE_RESERVED,
	PTDBG_WHERE_DEVICE,
	PTDBG_NR_WHERE
};

/**
 * enum ptdbg_mark - what else a page is; bit numbers in @marks
 * @PTDBG_MARK_CMA: it lies in a CMA area (its pageblock has the type CMA)
 * @PTDBG_MARK_IMAGE: it is part of the kernel image: text, rodata, data or bss
 */
enum ptdbg_mark {
	PTDBG_MARK_CMA,
	PTDBG_MARK_IMAGE,
	PTDBG_NR_MARKS
};

/**
 * enum ptdbg_ptype - what a page is used for, as its struct page says
 * @PTDBG_PT_UNKNOWN: there is no struct page, or it could not be read
 * @PTDBG_PT_KERNEL: allocated, with no type of its own
 * @PTDBG_PT_BUDDY: free, held by the buddy allocator
 * @PTDBG_PT_SLAB: slab memory
 * @PTDBG_PT_TABLE: typed as a page-table page
 * @PTDBG_PT_ANON: anonymous memory
 * @PTDBG_PT_KSM: merged anonymous memory
 * @PTDBG_PT_FILE: page cache, shmem included
 * @PTDBG_PT_RESERVED: PG_reserved (kernel image, boot allocations)
 * @PTDBG_PT_ZERO: the shared zero page, small or huge
 * @PTDBG_PT_HUGETLB: hugetlb page
 * @PTDBG_PT_OFFLINE: logically offline (balloon, memory hotplug)
 * @PTDBG_PT_GUARD: guard page of debug_pagealloc
 */
enum ptdbg_ptype {
	PTDBG_PT_UNKNOWN,
	PTDBG_PT_KERNEL,
	PTDBG_PT_BUDDY,
	PTDBG_PT_SLAB,
	PTDBG_PT_TABLE,
	PTDBG_PT_ANON,
	PTDBG_PT_KSM,
	PTDBG_PT_FILE,
	PTDBG_PT_RESERVED,
	PTDBG_PT_ZERO,
	PTDBG_PT_HUGETLB,
	PTDBG_PT_OFFLINE,
	PTDBG_PT_GUARD,
	PTDBG_NR_PTYPES
};

/**
 * enum ptdbg_mapkind - what page->mapping is
 * @PTDBG_MAP_NONE: NULL, or not a mapping for this type of page
 * @PTDBG_MAP_ANON: an anon_vma
 * @PTDBG_MAP_KSM: a KSM stable node
 * @PTDBG_MAP_FILE: an address_space
 * @PTDBG_MAP_MOVABLE: operations of a movable driver page (gone in 6.18)
 */
enum ptdbg_mapkind {
	PTDBG_MAP_NONE,
	PTDBG_MAP_ANON,
	PTDBG_MAP_KSM,
	PTDBG_MAP_FILE,
	PTDBG_MAP_MOVABLE,
	PTDBG_NR_MAPKINDS
};

/**
 * enum ptdbg_vmakind - what a vma is
 * @PTDBG_VMA_NONE: no vma at this address, or it could not be looked at
 * @PTDBG_VMA_ANON: private anonymous memory
 * @PTDBG_VMA_FILE: a file
 * @PTDBG_VMA_SPECIAL: vm_ops but no file (vdso, vvar)
 * @PTDBG_VMA_STACK: anonymous, grows down
 */
enum ptdbg_vmakind {
	PTDBG_VMA_NONE,
	PTDBG_VMA_ANON,
	PTDBG_VMA_FILE,
	PTDBG_VMA_SPECIAL,
	PTDBG_VMA_STACK,
	PTDBG_NR_VMAKINDS
};

/**
 * enum ptdbg_access - what the faulting instruction wanted
 * @PTDBG_ACCESS_UNKNOWN: the hook does not tell
 * @PTDBG_ACCESS_READ: load
 * @PTDBG_ACCESS_WRITE: store or atomic
 * @PTDBG_ACCESS_EXEC: instruction fetch
 */
enum ptdbg_access {
	PTDBG_ACCESS_UNKNOWN,
	PTDBG_ACCESS_READ,
	PTDBG_ACCESS_WRITE,
	PTDBG_ACCESS_EXEC,
	PTDBG_NR_ACCESSES
};

/**
 * enum ptdbg_stackend - why a stack ends where it does
 * @PTDBG_STACK_NONE: there is none: no user space (a kernel thread, execve())
 * @PTDBG_STACK_WHOLE: it is whole: the unwinder of the kernel found no more, or the
 *	frame pointer of user space is 0
 * @PTDBG_STACK_DEEP: it has more than PTDBG_STACK_MAX frames
 * @PTDBG_STACK_UNREADABLE: the next frame was not in memory
 * @PTDBG_STACK_ASTRAY: the frame pointer does not lead up the stack: what follows
 *	was built without frame pointers
 * @PTDBG_STACK_FOREIGN: a 32-bit program: only its instruction is known
 * @PTDBG_STACK_LOST: the unwinder of the kernel did not find the hooked function,
 *	or this kernel has none
 */
enum ptdbg_stackend {
	PTDBG_STACK_NONE,
	PTDBG_STACK_WHOLE,
	PTDBG_STACK_DEEP,
	PTDBG_STACK_UNREADABLE,
	PTDBG_STACK_ASTRAY,
	PTDBG_STACK_FOREIGN,
	PTDBG_STACK_LOST,
	PTDBG_NR_STACKENDS
};

/**
 * enum ptdbg_regkind - what a register holds
 * @PTDBG_REG_NUMBER: nothing that is known; so are addresses that lead nowhere
 * @PTDBG_REG_POISON: a pattern that the kernel writes where nobody should read
 * @PTDBG_REG_USER: an address that the task has an entry for in its tables
 * @PTDBG_REG_PAGE: an address in the struct page of @pfn
 * @PTDBG_REG_TABLE: an address in a page-table page
 * @PTDBG_REG_SLAB: an address in slab memory of the cache @of
 * @PTDBG_REG_STACK: an address in the kernel stack of the task @pid, named @of
 * @PTDBG_REG_MEMORY: an address of other memory in the direct map
 * @PTDBG_REG_VMALLOC: an address of other memory in the vmalloc area
 * @PTDBG_REG_CODE: an address in the kernel image, in a module, or of other code
 */
enum ptdbg_regkind {
	PTDBG_REG_NUMBER,
	PTDBG_REG_POISON,
	PTDBG_REG_USER,
	PTDBG_REG_PAGE,
	PTDBG_REG_TABLE,
	PTDBG_REG_SLAB,
	PTDBG_REG_STACK,
	PTDBG_REG_MEMORY,
	PTDBG_REG_VMALLOC,
	PTDBG_REG_CODE,
	PTDBG_NR_REGKINDS
};

/* ptdbg_fault.result of a fault that never returned from handle_mm_fault() */
#define PTDBG_RESULT_DIED	0x80000000U

/**
 * struct ptdbg_record - head of every record (CTF event header and context)
 * @ts: nanoseconds of CLOCK_MONOTONIC when the record was made: a fault is
 *	recorded when it ends
 * @id: enum ptdbg_type
 * @size: bytes of the whole record, this head included; a multiple of 8
 * @verdicts: one bit for each enum ptdbg_verdict
 * @pid: thread id of the task, in the initial pid namespace
 * @tgid: its process id
 * @comm: its name, NUL padded
 * @addr: the address that this is about, as the kernel was given it
 * @ip: instruction that faulted; 0 when there is none (GUP)
 */
struct ptdbg_record {
	__u64	ts;
	__u16	id;
	__u16	size;
	__u32	verdicts;
	__u32	pid;
	__u32	tgid;
	char	comm[PTDBG_COMM_LEN];
	__u64	addr;
	__u64	ip;
};

/**
 * struct ptdbg_vma - snapshot of a vma
 * @start: first address
 * @end: first address behind it
 * @flags: vm_flags, raw (VM_READ 1, VM_WRITE 2, VM_EXEC 4, VM_SHARED 8)
 * @pgoff: offset in the file, in pages
 * @ino: inode number of the file
 * @dev: device of the file: major << 20 | minor
 * @kind: enum ptdbg_vmakind; all else is 0 for PTDBG_VMA_NONE
 */
struct ptdbg_vma {
	__u64	start;
	__u64	end;
	__u64	flags;
	__u64	pgoff;
	__u64	ino;
	__u32	dev;
	__u32	kind;
};

/**
 * struct ptdbg_page - snapshot of a pfn and its struct page
 * @pfn: page frame number
 * @flags: page->flags, raw; the bits are named in the trace environment
 * @mapping: page->mapping, raw
 * @refcount: page->_refcount
 * @mapcount: mappings of this page less one: page->_mapcount, and those of the
 *	compound page as a whole; below -1: page->_mapcount, a page type
 * @where: enum ptdbg_where; the rest is 0 for OFFLINE and NO_MEMMAP
 * @type: enum ptdbg_ptype
 * @zone: index of the zone; names in the trace environment
 * @order: order of the compound or free page it belongs to
 * @node: NUMA node, 255 for 255 and above
 * @marks: one bit for each enum ptdbg_mark
 * @mapkind: enum ptdbg_mapkind
 * @present: 1: the chain has a leaf and @pfn is its; 0: there is no page
 */
struct ptdbg_page {
	__u64	pfn;
	__u64	flags;
	__u64	mapping;
	__s32	refcount;
	__s32	mapcount;
	__u8	where;
	__u8	type;
	__u8	zone;
	__u8	order;
	__u8	node;
	__u8	marks;
	__u8	mapkind;
	__u8	present;
};

/* ptdbg_table.rule: what the region rules say of a table page */
#define PTDBG_RULE_NONE		0	/* no rule is for it */
#define PTDBG_RULE_NO_ALLOW	(-1)	/* no allow is, and there are some */

/**
 * struct ptdbg_table - where a page-table page lives
 * @refcount: page->_refcount
 * @mapcount: page->_mapcount, raw; a page type when negative
 * @where: enum ptdbg_where; the rest is 0 for OFFLINE and NO_MEMMAP
 * @type: enum ptdbg_ptype
 * @zone: index of the zone
 * @node: NUMA node, 255 for 255 and above
 * @marks: one bit for each enum ptdbg_mark
 * @rule: the region rule that decided: its number, from 1, in the rules of that
 *	time, or PTDBG_RULE_NONE, PTDBG_RULE_NO_ALLOW
 * @reserved: 0
 *
 * Which page it is follows from the entry above it, or from the root.
 */
struct ptdbg_table {
	__s32	refcount;
	__s32	mapcount;
	__u8	where;
	__u8	type;
	__u8	zone;
	__u8	node;
	__u8	marks;
	__s8	rule;
	__u8	reserved[2];
};

/**
 * struct ptdbg_chain - head of the page-table chain in a record
 * @root: physical address of the root table; 0 if there was no walk
 * @before_n: entries in @before: those read when the fault came in
 * @after_n: entries in @after: those read when it ended; all other records have
 *	only these
 * @before_stop: enum ptdbg_stop
 * @after_stop: enum ptdbg_stop
 * @breach: bit i: the table that holds after[i] breaks a region rule
 * @fresh: bit i: the table that holds after[i] was not there when the fault
 *	came in
 * @made: bit i: it is fresh, and it was this fault that asked the kernel for a
 *	table at that level; of two faults that did so for the same table at the
 *	same time, one has lost, and only for a PTE table is it known which.
 *	Fresh but not made: another thread was faster, or a huge page was split
 * @stacks: 1: the stacks of the task follow; 0: they were not taken
 *
 * In a record it is followed by
 *	__u64 before[before_n]; __u64 after[after_n];
 *	struct ptdbg_table table[after_n];
 *	struct ptdbg_stack stack[stacks];
 * Entries are as read, root table first.  The address of an entry is the
 * address of its table plus 8 times the index that the virtual address has at
 * that level; table[i] is the page that holds after[i].
 */
struct ptdbg_chain {
	__u64	root;
	__u8	before_n;
	__u8	after_n;
	__u8	before_stop;
	__u8	after_stop;
	__u8	breach;
	__u8	fresh;
	__u8	made;
	__u8	stacks;
};

/**
 * struct ptdbg_stack - who called: the stacks of the task, on request
 * @kernel_n: frames in @kernel: return addresses, that of the hooked function's
 *	caller first; the frames of ptdbg and kprobes are left out
 * @user_n: frames in @user: the instruction that user space is at, then return
 *	addresses
 * @kernel_end: enum ptdbg_stackend
 * @user_end: enum ptdbg_stackend
 * @reserved: 0
 * @link: the link register of user space (arm64, riscv64), where it is not
 *	user[1]: the caller of user[0] if that function has not called others, else
 *	an address in it; 0: there is nothing to add
 *
 * In a record it is followed by
 *	__u64 kernel[kernel_n]; __u64 user[user_n];
 * For a fault they are those of its begin.
 */
struct ptdbg_stack {
	__u8	kernel_n;
	__u8	user_n;
	__u8	kernel_end;
	__u8	user_end;
	__u32	reserved;
	__u64	link;
};

/* Most registers of an oops */
#define PTDBG_REGS_MAX		40

/**
 * struct ptdbg_reg - a register of an oops
 * @name: as the architecture calls it, NUL padded
 * @value: what is in it
 * @pfn: of the memory that the address leads to, or whose struct page it is in;
 *	0 for NUMBER and POISON
 * @pid: for STACK: thread id
 * @kind: enum ptdbg_regkind
 * @where: enum ptdbg_where of @pfn; UNKNOWN: it was not looked at
 * @type: enum ptdbg_ptype of @pfn
 * @reserved: 0
 * @of: a name, NUL padded; cut when it is too long; empty: not known
 */
struct ptdbg_reg {
	char	name[8];
	__u64	value;
	__u64	pfn;
	__u32	pid;
	__u8	kind;
	__u8	where;
	__u8	type;
	__u8	reserved;
	char	of[24];
};

/**
 * struct ptdbg_fault - one call of handle_mm_fault()
 * @r: head; @r.addr is the faulting address, @r.ip the user or kernel pc
 * @flags: FAULT_FLAG_*, as given to the function
 * @result: VM_FAULT_*, as returned, or PTDBG_RESULT_DIED
 * @duration: nanoseconds from call to return; ~0 when it took longer
 * @remote: 1: the mm is not that of the task (ptrace, /proc/PID/mem)
 * @vma: when the fault came in
 * @page: the page that the chain ends in after the fault
 * @chain: before and after
 */
struct ptdbg_fault {
	struct ptdbg_record	r;
	__u32			flags;
	__u32			result;
	__u32			duration;
	__u32			remote;
	struct ptdbg_vma	vma;
	struct ptdbg_page	page;
	struct ptdbg_chain	chain;
};

/**
 * struct ptdbg_gup - one call of follow_page_pte()
 * @r: head; @r.addr is the user address that is looked up
 * @flags: FOLL_*, as given; the bits are named in the trace environment
 * @remote: 1: the mm is not that of the task
 * @vma: the vma
 * @page: the page that the chain ends in
 * @chain: at the call
 */
struct ptdbg_gup {
	struct ptdbg_record	r;
	__u32			flags;
	__u32			remote;
	struct ptdbg_vma	vma;
	struct ptdbg_page	page;
	struct ptdbg_chain	chain;
};

/**
 * struct ptdbg_sig - a signal for a fault that could not be resolved
 * @r: head; @r.addr is si_addr, @r.ip the user pc
 * @sig: SIGSEGV or SIGBUS
 * @code: si_code (SEGV_MAPERR 1, SEGV_ACCERR 2, ...); SI_KERNEL 0x80: the
 *	kernel gives no address (general protection on x86), and @r.addr is 0
 * @vma: that holds the address, if one does
 * @page: the page that the chain ends in
 * @chain: at the call
 */
struct ptdbg_sig {
	struct ptdbg_record	r;
	__s32			sig;
	__s32			code;
	struct ptdbg_vma	vma;
	struct ptdbg_page	page;
	struct ptdbg_chain	chain;
};

/**
 * struct ptdbg_oops - a kernel fault that ends in an oops
 * @r: head; @r.addr is the faulting address, @r.ip the kernel pc
 * @error: x86 error code, arm64 ESR, riscv scause
 * @access: enum ptdbg_access, from @error
 * @cause_id: enum ptdbg_type of the record that explains it, 0 for none
 * @cause_cpu: CPU of that record
 * @cause_level: level of the entry with the pfn: 0 is the root table
 * @regs: registers at the end of the record
 * @reserved: 0
 * @cause_ts: time of that record
 * @cause_addr: its address
 * @cause_entry: the entry that holds the pfn whose struct page is touched
 * @page: for an address in the vmemmap: the pfn whose struct page it is in
 * @chain: of the address, in the kernel's tables
 *
 * It has stacks, whether they were asked for or not; the kernel's begins with the
 * caller of the function that faulted.  What all records end with is followed by
 *	struct ptdbg_reg reg[regs];
 */
struct ptdbg_oops {
	struct ptdbg_record	r;
	__u64			error;
	__u32			access;
	__u16			cause_id;
	__u16			cause_cpu;
	__u32			cause_level;
	__u8			regs;
	__u8			reserved[3];
	__u64			cause_ts;
	__u64			cause_addr;
	__u64			cause_entry;
	struct ptdbg_page	page;
	struct ptdbg_chain	chain;
};

/* ptdbg_free.level: the function that was hooked does not tell */
#define PTDBG_LEVEL_UNKNOWN	255

/**
 * struct ptdbg_free - a page-table page that the kernel gives back
 * @r: head; the task is the one that frees it, @r.ip the place in the kernel,
 *	@r.addr is @start
 * @start: the page was given back while this range of addresses was unmapped;
 *	0 with an @end of 0: all of them (the process ends), or not known
 * @end: behind the last address
 * @level: level of the table, 0 is the root, or PTDBG_LEVEL_UNKNOWN: then the
 *	record that saw the page placed has it
 * @reserved: 0
 * @page: the page; its type is that of a table only as long as the kernel has
 *	not changed it back
 * @chain: empty but for @chain.root, which is the address space
 */
struct ptdbg_free {
	struct ptdbg_record	r;
	__u64			start;
	__u64			end;
	__u32			level;
	__u32			reserved;
	struct ptdbg_page	page;
	struct ptdbg_chain	chain;
};

/* Both stacks at their longest. */
#define PTDBG_STACK_BYTES	(sizeof(struct ptdbg_stack) + 2 * 8 * PTDBG_STACK_MAX)

/*
 * The longest records: a fault with two full chains, without stacks and with them;
 * and of all records an oops, which is shorter than a fault before its registers.
 */
#define PTDBG_RECORD_PLAIN	(sizeof(struct ptdbg_fault) + PTDBG_MAX_LEVELS * \
				 (8 + 8 + sizeof(struct ptdbg_table)))
#define PTDBG_RECORD_STACKS	(PTDBG_RECORD_PLAIN + PTDBG_STACK_BYTES)
#define PTDBG_RECORD_MAX	(PTDBG_RECORD_STACKS + \
				 PTDBG_REGS_MAX * sizeof(struct ptdbg_reg))

#endif /* _UAPI_PTDBG_H */
