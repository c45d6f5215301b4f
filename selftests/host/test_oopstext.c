// SPDX-License-Identifier: GPL-2.0-only
/*
 * Oops texts taken apart.  Goldens: the logs of field notes N1 and N4 as a reader
 * sees them; the same with other prefixes, wrapped and cut; and lines as the
 * kernel's sources print them.
 */
#include <stdlib.h>

#include "oopstext.h"
#include "tap.h"

static struct oopses *all;

static void parse(const char *text, size_t len)
{
	FILE *f = fmemopen((void *)text, len, "r");

	ok(f && oopses_read(all, f), "the text can be read");
	if (f)
		fclose(f);
}

static char *slurp(const char *name, size_t *len)
{
	static char text[65536];
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), OOPS "/%s", name);
	f = fopen(path, "r");
	*len = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	text[*len] = '\0';
	if (f)
		fclose(f);
	return text;
}

static u64 reg(const struct oops *o, const char *name)
{
	const struct oops_reg *r = oops_register(o, name);

	return r ? r->value : 0xdeadULL;
}

/* Field note N1, the second log; @lines: it has the lines of the file */
static void is_n1(const char *how, bool lines)
{
	const struct oops *o = &all->oops[0];

	printf("# N1, %s\n", how);
	is_hex(all->n, 1, "one oops");
	is_hex(o->arch, PTDBG_RISCV64, "riscv64");
	is_hex(o->kind, OOPS_PAGING, "a paging request");
	is_hex(o->addr.value, 0xffffffc4fe000008, "its address");
	is_hex(o->cause.value, 0xd, "cause");
	is_hex(reg(o, "s1"), 0x3fbd117000, "s1");
	is_hex(reg(o, "a1"), 0x3fbd117000, "a1");
	is_hex(reg(o, "a0"), 0xffffffc4fe000000, "a0");
	is_hex(reg(o, "a5"), 0xffffffc4fe000000, "a5");
	is_hex(reg(o, "s5"), 0x0040000000000053, "s5");
	is_hex(reg(o, "t6"), 0x3fbd119fff, "the last register");
	is_hex(o->nr_regs, 32, "all registers");
	is_text(o->ip, "follow_page_pte+0xc6/0x646", "where");
	is_text(o->comm, "echo", "who");
	is_hex(o->pid, 802, "its pid");
	is_text(o->release, "6.12.0-00010-g62503f7814b9-dirty", "kernel");
	is_text(o->machine, "riscv-virtio,qemu (DT)", "machine");
	if (lines) {
		is_hex(o->addr.line, 1, "line of the address");
		is_hex(o->cause.line, 21, "line of the cause");
		is_hex(oops_register(o, "s5")->line, 17, "line of s5");
		is_hex(o->first, 1, "first line");
	}
}

static void without_times(char *to, const char *from)
{
	const char *end;

	for (; *from; from = end + 1) {
		end = strchr(from, '\n');
		if (*from == '[')
			from = strstr(from, "] ") + 2;
		to += sprintf(to, "%.*s\n", (int)(end - from), from);
	}
}

static void with_prefix(char *to, const char *from, const char *prefix)
{
	const char *end;

	for (; *from; from = end + 1) {
		end = strchr(from, '\n');
		to += sprintf(to, "%s%.*s\r\n", *from == '[' ? prefix : "",
			      (int)(end - from), from);
	}
}

/* As a terminal of @width columns wraps */
static void wrapped(char *to, const char *from, size_t width)
{
	size_t column = 0;

	for (; *from; from++) {
		if (*from == '\n') {
			column = 0;
		} else if (column == width) {
			*to++ = '\n';
			column = 0;
		}
		column += *from != '\n';
		*to++ = *from;
	}
	*to = '\0';
}

static void test_n1(void)
{
	static char copy[131072];
	size_t len, width;
	char *text = slurp("n1-follow_page_pte.log", &len), how[64];
	const char *at;

	parse(text, len);
	is_n1("as it is", true);
	without_times(copy, text);
	parse(copy, strlen(copy));
	is_n1("without timestamps", true);
	with_prefix(copy, text, "Nov 21 07:46:10 board kernel: ");
	parse(copy, strlen(copy));
	is_n1("from syslog, with CR LF", true);
	with_prefix(copy, text, "> > <1>");
	parse(copy, strlen(copy));
	is_n1("quoted, with levels", true);
	for (width = 72; width < 84; width++) {
		/* the long list of modules is wrapped once already */
		at = strstr(text, "[  281.922304]");
		wrapped(copy, text, 1000);
		wrapped(copy + (at - text), at, width);
		parse(copy, strlen(copy));
		snprintf(how, sizeof(how), "wrapped at %zu", width);
		is_n1(how, false);
	}
}

static void test_n1_badaddr(void)
{
	const struct oops *o = &all->oops[0];
	size_t len;
	char *text = slurp("n1-badaddr-28.log", &len);

	parse(text, len);
	is_hex(all->n, 1, "one oops");
	is_hex(o->arch, PTDBG_RISCV64, "riscv64, by its words");
	is_hex(o->addr.value, 0xffffffc4fe000028, "N1: badaddr 28");
	is_hex(o->cause.value, 0xd, "cause, from before the first line");
	is_hex(o->pid, 735, "pid");
}

static void test_n4(void)
{
	const struct oops *o = &all->oops[0];
	size_t len;
	char *text = slurp("n4-nvme.log", &len);

	parse(text, len);
	is_hex(all->n, 1, "one oops");
	is_hex(o->arch, PTDBG_X86_64, "x86_64");
	is_hex(o->addr.value, 0x12345678, "N4: CR2");
	is_hex(o->code.value, 2, "N4: error code 2");
	ok(o->entry[PTDBG_PGD].line && !o->entry[PTDBG_PGD].value,
	   "N4: PGD 0");
	ok(!o->entry[PTDBG_PUD].line, "no PUD");
	is_hex(reg(o, "RSP"), 0xffffb8efc22f7a00, "the kernel's RSP");
	is_hex(reg(o, "RAX"), 0x39, "the kernel's RAX, not the user's");
	is_hex(reg(o, "CR4"), 0x340ee0, "CR4");
	is_hex(reg(o, "GS"), 0xffff9f8d2f040000, "GS");
	is_text(o->ip, "nvme_queue_rq.cold+0x23/0x9d", "where");
	is_text(o->release, "5.4.0", "kernel");
	is_text(o->comm, "fio", "who");
}

/* arch/arm64/mm/fault.c, kernel/traps.c: die_kernel_fault(), __show_regs() */
static void test_arm64(void)
{
	static const char text[] =
		"[    0.000000][    T0]   node   0: [mem 0x0000000040000000-0x000000007fffffff]\n"
		"[    7.4][  T210] Unable to handle kernel NULL pointer dereference at virtual address 0000000000000080\n"
		"[    7.4][  T210] Mem abort info:\n"
		"[    7.4][  T210]   ESR = 0x0000000096000006\n"
		"[    7.4][  T210] user pgtable: 16k pages, 47-bit VAs, pgdp=00000000483a2280\n"
		"[    7.4][  T210] [0000000000000080] pgd=08000000481f5003, p4d=080000004820b003, pud=08000000481ef003, pmd=0000000000000000\n"
		"[    7.5][  T210] Internal error: Oops: 0000000096000006 [#1] SMP\n"
		"[    7.5][  T210] CPU: 1 UID: 0 PID: 210 Comm: a b Not tainted 6.12.117+deb13-arm64 #1  Debian 6.12.117-1\n"
		"[    7.5][  T210] pc : inject_load+0x8/0x20 [ptdbg_inject]\n"
		"[    7.5][  T210] sp : ffff80008073bc40\n"
		"[    7.5][  T210] x29: ffff80008073bc70 x9 : 0000000000000001 x0 : 0000000000000080\n"
		"[    7.5][  T210] Call trace:\n"
		"[    7.5][  T210] x1 : 0000000000000001\n"
		"[    7.6][  T210] ---[ end trace 0000000000000000 ]---\n"
		"[    7.7] Kernel panic - not syncing: Oops: Fatal exception\n"
		"[    7.8] Kernel Offset: 0x1dd05e000000 from 0xffff800080000000\n"
		"[    7.8] PHYS_OFFSET: 0x40000000\n"
		"[    8.0] Unable to handle kernel paging request at virtual address dead000000000108\n"
		"[    8.0] FAR: 0x0\n";
	const struct oops *o = &all->oops[0];
	const struct oops_boot *b = &all->boot[0];

	parse(text, sizeof(text) - 1);
	is_hex(all->n, 2, "two oopses");
	is_hex(o->arch, PTDBG_ARM64, "arm64");
	is_hex(o->esr.value, 0x96000006, "ESR");
	is_hex(o->page_shift.value, 14, "16K pages");
	is_hex(o->va_bits.value, 47, "47 bits");
	is_hex(o->entry[PTDBG_PUD].value, 0x08000000481ef003, "PUD");
	ok(o->entry[PTDBG_PMD].line == 6 && !o->entry[PTDBG_PMD].value, "PMD");
	ok(!o->entry[PTDBG_PTE].line, "no PTE");
	is_text(o->comm, "a b", "a name with a blank");
	is_hex(reg(o, "x9"), 1, "x9");
	is_hex(reg(o, "x1"), 0xdead, "none behind the trace");
	is_hex(b->nr_ram, 1, "RAM");
	is_hex(b->ram[0].first, 0x40000000, "its begin");
	is_hex(b->phys_offset.value, 0x40000000, "PHYS_OFFSET");
	is_hex(b->image_offset.value, 0x1dd05e000000, "Kernel Offset");
	is_hex(all->oops[1].addr.value, 0xdead000000000108, "the second");
}

/* arch/x86/kernel/traps.c: exc_general_protection(), handle_stack_overflow() */
static void test_x86(void)
{
	static const char text[] =
		"WARNING: CPU: 0 PID: 1 at mm/slub.c:1\n"
		"RIP: 0010:not_this+0x1/0x2\nRAX: 1111111111111111 RBX: 1111111111111111\n"
		"---[ end trace 0000000000000000 ]---\n"
		"Oops: general protection fault, probably for non-canonical address 0xdffffc000000000e: 0000 [#1] PREEMPT SMP KASAN NOPTI\n"
		"KASAN: null-ptr-deref in range [0x0000000000000070-0x0000000000000077]\n"
		"RIP: 0010:this+0x1/0x2\nRAX: 2222222222222222\n"
		"---[ end trace 0000000000000000 ]---\n"
		"RIP: 0010:again+0x1/0x2\nRAX: 3333333333333333\n"
		"traps: a.out[77] general protection fault ip:1 sp:2 error:0\n"
		"BUG: TASK stack guard page was hit at 000000008bda5b8c (stack is 000000003ab1c4a5..00000000494d8b12)\n"
		"BUG: TASK stack guard page was hit at ffffc90001717fd8 (stack is ffffc90001718000..ffffc90001720000)\n"
		"Oops: stack guard page: 0000 [#1] PREEMPT SMP KASAN NOPTI\n"
		"watchdog: BUG: soft lockup - CPU#0 stuck for 22s!\n";
	const struct oops *o = all->oops;

	parse(text, sizeof(text) - 1);
	is_hex(all->n, 3, "three oopses; no warning, no process, no lockup");
	is_hex(o[0].kind, OOPS_GPF, "general protection fault");
	is_hex(o[0].addr.value, 0xdffffc000000000e, "its address");
	is_hex(o[0].kasan.first, 0x70, "what KASAN says");
	is_text(o[0].ip, "this+0x1/0x2", "where");
	is_hex(reg(&o[0], "RAX"), 0x2222222222222222, "its own registers");
	ok(!o[1].stack.line, "hashed addresses are none");
	is_hex(o[2].stack.first, 0xffffc90001718000, "the stack");
}

int main(void)
{
	all = calloc(1, sizeof(*all));
	tap_begin();
	if (!ok(all, "memory"))
		return tap_end();
	test_n1();
	test_n1_badaddr();
	test_n4();
	test_arm64();
	test_x86();
	parse("\n", 1);
	is_hex(all->n, 0, "an empty text has none");
	free(all);
	return tap_end();
}
