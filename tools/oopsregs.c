// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines of an oops that are tables: registers, and the page-table entries
 * of the address.
 */
#include <ctype.h>
#include <stdio.h>

#include "number.h"
#include "oopstext.h"

#define WORD	16	/* digits of a register */

static const char *const x86_names[] = {
	"RAX", "RBX", "RCX", "RDX", "RSI", "RDI", "RBP", "RSP", "R08", "R09",
	"R10", "R11", "R12", "R13", "R14", "R15", "FS", "GS", "CR0", "CR2",
	"CR3", "CR4", NULL
};

static const char *const riscv_names[] = {
	"epc", "ra", "gp", "tp", "t0", "t1", "t2", "t3", "t4", "t5", "t6",
	"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10",
	"s11", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", NULL
};

static bool is_in(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

/* The architecture that has this register: PTDBG_NR_ARCHES for all; -1: none */
static int owner(const char *name)
{
	u64 n;

	if (!strcmp(name, "sp") || !strcmp(name, "pc") || !strcmp(name, "lr"))
		return PTDBG_NR_ARCHES;
	if (is_in(name, x86_names))
		return PTDBG_X86_64;
	if (is_in(name, riscv_names))
		return PTDBG_RISCV64;
	if (*name == 'x' && parse_number(name + 1, 10, 30, NULL, &n))
		return PTDBG_ARM64;
	return -1;
}

const struct oops_reg *oops_register(const struct oops *o, const char *name)
{
	unsigned int i;

	for (i = 0; i < o->nr_regs; i++)
		if (!strcmp(o->reg[i].name, name))
			return &o->reg[i];
	return NULL;
}

static void add(struct oops *o, const char *name, u64 value, unsigned int number)
{
	int arch = owner(name);
	struct oops_reg *r;

	if (arch < 0 || o->nr_regs == OOPS_REGS || oops_register(o, name))
		return;
	r = &o->reg[o->nr_regs++];
	snprintf(r->name, sizeof(r->name), "%s", name);
	r->value = value;
	r->line = number;
	if (arch < PTDBG_NR_ARCHES &&
	    (o->arch == PTDBG_NR_ARCHES || o->arch_guess)) {
		o->arch = arch;
		o->arch_line = number;
		o->arch_guess = false;
	}
}

/* A number of 16 digits at @p, neither more nor less */
static bool word(const char *p, u64 *value)
{
	const char *end;

	return strspn(p, "0123456789abcdefABCDEF") == WORD &&
	       parse_number(p, 16, ~0ULL, &end, value) &&
	       !isalnum((unsigned char)*end);
}

/* " s1 : 0000003fbd117000 a0 : ...", "RSP: 0018:ffffb8efc22f7a00 EFLAGS: ..." */
void oops_registers(struct oops *o, const char *line, unsigned int number)
{
	const char *colon, *end, *p, *start = line;
	char name[8];
	size_t n;
	u64 value;

	for (colon = strchr(line, ':'); colon; colon = strchr(colon + 1, ':')) {
		end = colon;
		while (end > start && end[-1] == ' ')
			end--;
		p = end;
		while (p > start && isalnum((unsigned char)p[-1]))
			p--;
		n = end - p;
		if (!n || n >= sizeof(name))
			continue;
		memcpy(name, p, n);
		name[n] = '\0';
		p = colon + 1 + strspn(colon + 1, " ");
		if (!strncmp(p, "0018:", 5) && !strcmp(name, "RSP"))
			p += 5;
		if (!strncmp(p, "[<", 2))
			p += 2;
		if (word(p, &value))
			add(o, name, value, number);
	}
}

static const char *entry(const char *p, const char *upper, const char *lower,
			 u64 *value)
{
	size_t n = strlen(upper);

	/* "PGD 123067 P4D 0", "pgd=08000000481f5003, p4d=..." */
	if (!strncmp(p, upper, n) && p[n] == ' ')
		p += n + 1;
	else if (!strncmp(p, lower, n) && p[n] == '=')
		p += n + 1;
	else
		return NULL;
	return parse_number(p, 16, ~0ULL, &p, value) ? p : NULL;
}

void oops_entries(struct oops *o, const char *line, unsigned int number)
{
	static const char *const upper[] = { "PGD", "P4D", "PUD", "PMD", "PTE" };
	static const char *const lower[] = { "pgd", "p4d", "pud", "pmd", "pte" };
	const char *p = line, *end;
	unsigned int i;
	u64 value;

	if (*p == '[') {
		p = strstr(p, "] ");
		if (!p)
			return;
		p += 2;
	}
	for (i = 0; i < PTDBG_MAX_LEVELS; i++) {
		end = entry(p, upper[i], lower[i], &value);
		if (!end)
			continue;
		if (!o->entry[i].line)
			o->entry[i] = (struct oops_number){ value, number };
		p = end + strspn(end, ", ");
	}
}
