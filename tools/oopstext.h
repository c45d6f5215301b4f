/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of an oops, taken apart: what it says, and in which line.  What that
 * means is for infer.h and cause.h.
 */
#ifndef PTDBG_OOPSTEXT_H
#define PTDBG_OOPSTEXT_H

#include <stdio.h>

#include "core/layout.h"

#define OOPS_MAX	64	/* oopses of a log; more are counted */
#define OOPS_REGS	48
#define OOPS_BOOTS	8	/* boots in a log; more share the last */

/* A number, and the line that has it; line 0: the text does not have it. */
struct oops_number {
	u64 value;
	unsigned int line;
};

/* The same for a range; @last is included. */
struct oops_range {
	u64 first;
	u64 last;
	unsigned int line;
};

struct oops_reg {
	char name[8];
	u64 value;
	unsigned int line;
};

/**
 * enum oops_kind - what the kernel calls it
 * @OOPS_OTHER: an oops that is not about an address (BUG(), bad instruction, ...)
 * @OOPS_PAGING: it could not handle a page fault
 * @OOPS_NULL: the same, and the address is in the first page
 * @OOPS_UACCESS: kernel access to user memory without the uaccess functions
 * @OOPS_GPF: x86: general protection fault
 * @OOPS_STACK: a stack overflow
 * @OOPS_KASAN: no oops: KASAN reports an access, and the kernel goes on
 */
enum oops_kind {
	OOPS_OTHER,
	OOPS_PAGING,
	OOPS_NULL,
	OOPS_UACCESS,
	OOPS_GPF,
	OOPS_STACK,
	OOPS_KASAN,
};

/**
 * struct oops_boot - what the rest of the log says about the kernel
 * @ram: ranges of physical memory in bytes, as the kernel lists them
 * @nr_ram: in use
 * @image_offset: "Kernel Offset": how far KASLR moved the kernel
 * @phys_offset: arm64: memstart_addr
 * @no_kaslr: line that says that KASLR is off, or 0
 * @init_freed: line that says that init memory was freed, or 0
 * @init: its virtual range
 * @vmemmap: virtual range of the vmemmap area
 * @vmalloc: of the vmalloc area
 * @direct: of the direct map
 */
struct oops_boot {
	struct oops_range ram[PTDBG_MAX_RAM];
	unsigned int nr_ram;
	struct oops_number image_offset;
	struct oops_number phys_offset;
	unsigned int no_kaslr;
	unsigned int init_freed;
	struct oops_range init;
	struct oops_range vmemmap;
	struct oops_range vmalloc;
	struct oops_range direct;
};

/**
 * struct oops - an oops
 * @boot: index of its boot
 * @first: first line
 * @last: last line
 * @kind: enum oops_kind
 * @head: line of @title, 0: the text begins behind it
 * @title: the kernel's first sentence
 * @arch: enum ptdbg_arch, or PTDBG_NR_ARCHES
 * @arch_line: line that shows it
 * @arch_guess: it is a word that other kernels may have too
 * @addr: the address, as the kernel was given it
 * @code: x86: error code
 * @esr: arm64
 * @cause: riscv64: scause
 * @kasan: what KASAN makes of the address
 * @access: "Read of size 4 at addr ..." by KASAN; or empty
 * @access_line: its line
 * @region: the memory that it has to do with, when KASAN knows it
 * @cache: "cache kmalloc-1k of size 1024": whose object it is; or empty
 * @cache_line: its line
 * @pfn: of the page, as the kernel has it
 * @stack: the task's stack
 * @user_mode: line that says that user mode did it, or 0
 * @page_shift: 12, 14, 16; the line that says it
 * @va_bits: 39, 48, ...
 * @entry: entries of the page tables for the address, by enum ptdbg_level
 * @reg: registers
 * @nr_regs: in use
 * @ip: "follow_page_pte+0xc6/0x646"
 * @ip_line: its line
 * @release: of the kernel
 * @release_line: its line
 * @machine: "Hardware name"
 * @machine_line: its line
 * @comm: of the task, or empty
 * @pid: of the task
 * @cpu: it ran on
 * @task_line: line of the last three
 */
struct oops {
	unsigned int boot;
	unsigned int first;
	unsigned int last;
	unsigned int kind;
	unsigned int head;
	char title[128];
	unsigned int arch;
	unsigned int arch_line;
	bool arch_guess;
	struct oops_number addr;
	struct oops_number code;
	struct oops_number esr;
	struct oops_number cause;
	struct oops_range kasan;
	char access[96];
	unsigned int access_line;
	struct oops_range region;
	char cache[64];
	unsigned int cache_line;
	struct oops_number pfn;
	struct oops_range stack;
	unsigned int user_mode;
	struct oops_number page_shift;
	struct oops_number va_bits;
	struct oops_number entry[PTDBG_MAX_LEVELS];
	struct oops_reg reg[OOPS_REGS];
	unsigned int nr_regs;
	char ip[96];
	unsigned int ip_line;
	char release[65];
	unsigned int release_line;
	char machine[96];
	unsigned int machine_line;
	char comm[PTDBG_COMM_LEN + 1];
	unsigned int pid;
	unsigned int cpu;
	unsigned int task_line;
};

/**
 * struct oopses - all of a log
 * @n: oopses
 * @dropped: that had no room
 * @nr_boots: boots, at least 1
 * @cut: the log was longer than what is read
 * @oops: they
 * @boot: they
 */
struct oopses {
	unsigned int n;
	unsigned int dropped;
	unsigned int nr_boots;
	bool cut;
	struct oops oops[OOPS_MAX];
	struct oops_boot boot[OOPS_BOOTS];
};

/**
 * oopses_read() - find the oopses in a log
 * @o: result, of a fixed size whatever the log holds
 * @from: log
 *
 * Return: true, also when there are none; false with errno.
 */
bool oopses_read(struct oopses *o, FILE *from);

/* A register by its name, or NULL. */
const struct oops_reg *oops_register(const struct oops *o, const char *name);

/* What the rest of the log says; in oopsboot.c, for oopses_read(). */
void oops_boot_line(struct oops_boot *b, const char *line, unsigned int number);

/* Lines of numbers; in oopsregs.c, for oopses_read(). */
void oops_registers(struct oops *o, const char *line, unsigned int number);
void oops_entries(struct oops *o, const char *line, unsigned int number);

/* What KASAN says; in kasan.c, for oopses_read(). */
void kasan_line(struct oops *o, const char *line, unsigned int number);

/* Behind @key in @line, or NULL. */
const char *oops_after(const char *line, const char *key);

/* A hexadecimal number, with or without 0x, behind blanks. */
bool oops_hex(const char *text, u64 *value);

#endif /* PTDBG_OOPSTEXT_H */
