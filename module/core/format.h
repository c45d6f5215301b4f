/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record as text, and the parts of a record.
 */
#ifndef PTDBG_CORE_FORMAT_H
#define PTDBG_CORE_FORMAT_H

#include "layout.h"

#define PTDBG_MAX_ZONES		8
#define PTDBG_MAX_PG_FLAGS	32
#define PTDBG_MAX_FOLL		32

/* Longest text of a record, with room to spare. */
#define PTDBG_TEXT_MAX		6144
/* And of its stacks: ptdbg_format_stack() */
#define PTDBG_STACK_TEXT_MAX	8192
/* And of its registers: ptdbg_format_regs() */
#define PTDBG_REGS_TEXT_MAX	10240

/**
 * struct ptdbg_trace - what a reader must know about the kernel that recorded
 * @layout: address space and paging mode
 * @release: kernel release ("6.12.107+deb13-riscv64")
 * @version: of ptdbg ("0.1.0")
 * @zone: names of the zones, by index; NULL where there is none
 * @pg_flag: names of the page flags, by bit; NULL where there is none
 * @foll: names of the FOLL_ bits, without the prefix; NULL where unknown
 * @ring_packets: packets that each CPU has in the ring; 0: not known
 */
struct ptdbg_trace {
	struct ptdbg_layout layout;
	char release[65];
	char version[16];
	const char *zone[PTDBG_MAX_ZONES];
	const char *pg_flag[PTDBG_MAX_PG_FLAGS];
	const char *foll[PTDBG_MAX_FOLL];
	u32 ring_packets;
};

/**
 * struct ptdbg_view - a record, taken apart
 * @r: the record
 * @vma: its vma, or NULL
 * @page: its page, or NULL
 * @chain: its chain
 * @before: entries before, @chain->before_n of them
 * @after: entries after, @chain->after_n of them
 * @table: table pages, @chain->after_n of them
 * @stack: its stacks, or NULL: it has none
 * @kernel: frames, @stack->kernel_n of them
 * @user: frames, @stack->user_n of them
 * @reg: registers of an oops
 * @regs: how many
 * @file: "/usr/bin/ls+0x2018", where in which file r->addr is, or NULL: the
 *	record does not hold it, a reader may know
 */
struct ptdbg_view {
	const struct ptdbg_record *r;
	const struct ptdbg_vma *vma;
	const struct ptdbg_page *page;
	const struct ptdbg_chain *chain;
	const u64 *before;
	const u64 *after;
	const struct ptdbg_table *table;
	const struct ptdbg_stack *stack;
	const u64 *kernel;
	const u64 *user;
	const struct ptdbg_reg *reg;
	unsigned int regs;
	const char *file;
};

/**
 * ptdbg_view() - find the parts of a record, and check that they fit in it
 * @r: record, 8-byte aligned
 * @avail: bytes from @r to the end of what was read
 * @v: result
 *
 * Return: true; false when the record is cut short, of unknown type or does
 * not hold what it claims: then only r->size may be believed, and only if it
 * is a multiple of 8, not less than sizeof(*r) and not more than @avail.
 */
bool ptdbg_view(const struct ptdbg_record *r, size_t avail,
		struct ptdbg_view *v);

/**
 * ptdbg_format_trace() - what ptdbg_format_header() says of the kernel
 * @t: trace
 * @buf: for the text, always terminated: two comment lines
 * @size: bytes in @buf
 *
 * Return: characters written, without the terminator.
 */
size_t ptdbg_format_trace(const struct ptdbg_trace *t, char *buf, size_t size);

/**
 * ptdbg_format_header() - the two comment lines that open the text file
 * @t: trace
 * @recorded: records made
 * @overwritten: of these, overwritten since
 * @missed: hits that could not be recorded
 * @buf: for the text, always terminated
 * @size: bytes in @buf
 *
 * Return: characters written, without the terminator.
 */
size_t ptdbg_format_header(const struct ptdbg_trace *t, u64 recorded,
			   u64 overwritten, u64 missed, char *buf, size_t size);

/**
 * ptdbg_format_record() - a record as text
 * @t: trace
 * @v: record
 * @cpu: that made it
 * @ip_name: "follow_page_pte+0xc6" for r->ip, or NULL to print the number
 * @buf: for the text, always terminated; each line ends with a newline, and
 *	only the first starts in column 0
 * @size: bytes in @buf; PTDBG_TEXT_MAX is enough for every record
 *
 * Return: characters written, without the terminator.
 */
size_t ptdbg_format_record(const struct ptdbg_trace *t,
			   const struct ptdbg_view *v, unsigned int cpu,
			   const char *ip_name, char *buf, size_t size);

/**
 * typedef ptdbg_name_fn - name of a return address in the kernel
 * @data: of the caller
 * @addr: address
 * @buf: for the name, "ksys_read+0x6b", always terminated
 * @size: bytes in @buf
 *
 * Return: true; false when there is none.
 */
typedef bool (*ptdbg_name_fn)(void *data, u64 addr, char *buf, size_t size);

/**
 * ptdbg_format_stack() - the stacks of a record as text
 * @v: record
 * @name: for the names, or NULL
 * @data: for @name
 * @buf: for the text, always terminated: up to two lines, none when the record
 *	has no stacks
 * @size: bytes in @buf; PTDBG_STACK_TEXT_MAX is enough for PTDBG_STACK_MAX frames
 *
 * Return: characters written, without the terminator.
 */
size_t ptdbg_format_stack(const struct ptdbg_view *v, ptdbg_name_fn name,
			  void *data, char *buf, size_t size);

/**
 * ptdbg_format_regs() - the registers of an oops as text
 * @t: trace
 * @v: record
 * @name: for the names of addresses in the kernel, or NULL
 * @data: for @name
 * @buf: for the text, always terminated: four registers a line, then a line for
 *	each that holds something known; none when the record has no registers
 * @size: bytes in @buf; PTDBG_REGS_TEXT_MAX is enough for PTDBG_REGS_MAX registers
 *
 * Return: characters written, without the terminator.
 */
size_t ptdbg_format_regs(const struct ptdbg_trace *t, const struct ptdbg_view *v,
			 ptdbg_name_fn name, void *data, char *buf, size_t size);

/* "POISON_FREE: ...": what a value is that is nothing but poison; NULL: it is not. */
const char *ptdbg_poison(u64 value);

/* Name of a zone of the trace, "?" for one that it does not name. */
const char *ptdbg_zone_name(const struct ptdbg_trace *t, unsigned int zone);

/* The lines of a chain; in format_chain.c, for ptdbg_format_record(). */
struct ptdbg_text;
void ptdbg_put_marks(struct ptdbg_text *t, u8 marks);
void ptdbg_put_chain(struct ptdbg_text *t, const struct ptdbg_trace *tr,
		     const struct ptdbg_view *v);

/* Is a page of this type memory of user space? */
static inline bool ptdbg_is_user_page(unsigned int ptype)
{
	return ptype == PTDBG_PT_ANON || ptype == PTDBG_PT_KSM ||
	       ptype == PTDBG_PT_FILE || ptype == PTDBG_PT_HUGETLB ||
	       ptype == PTDBG_PT_ZERO;
}

/* Lower-case names of the enumerations; "?" for a value outside of them. */
const char *ptdbg_type_name(unsigned int type);
const char *ptdbg_verdict_name(unsigned int verdict);	/* "bad pfn" */
const char *ptdbg_stop_name(unsigned int stop);
const char *ptdbg_where_name(unsigned int where);
const char *ptdbg_mark_name(unsigned int mark);
const char *ptdbg_ptype_name(unsigned int ptype);
const char *ptdbg_mapkind_name(unsigned int mapkind);
const char *ptdbg_vmakind_name(unsigned int vmakind);
const char *ptdbg_stackend_name(unsigned int stackend);
const char *ptdbg_regkind_name(unsigned int kind);
const char *ptdbg_access_name(unsigned int access);

/* "WRITE", "RETRY": bits of ptdbg_fault.flags and .result; NULL: no name. */
const char *ptdbg_fault_flag_name(unsigned int bit);
const char *ptdbg_fault_result_name(unsigned int bit);

/* Printable copy of a comm: control characters and spaces become '?'. */
void ptdbg_comm(const char comm[PTDBG_COMM_LEN], char out[PTDBG_COMM_LEN + 1]);

#endif /* PTDBG_CORE_FORMAT_H */
