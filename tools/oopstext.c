// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of an oops, taken apart.
 *
 * The words are those of the kernel's sources, 5.4 to 7.2: arch/x86/mm/fault.c,
 * arch/x86/kernel/traps.c and dumpstack.c; arch/arm64/mm/fault.c and
 * kernel/traps.c; arch/riscv/mm/fault.c and kernel/traps.c.
 */
#include <ctype.h>

#include "logline.h"
#include "number.h"
#include "oopstext.h"

/**
 * struct text - where the reading is
 * @all: result
 * @now: the oops that the lines belong to; NULL: none
 * @loose: what came before the first line of an oops, or without one
 * @trace: registers from here on are of somebody else
 * @skip: inside of a warning
 */
struct text {
	struct oopses *all;
	struct oops *now;
	struct oops loose;
	bool trace;
	bool skip;
};

const char *oops_after(const char *line, const char *key)
{
	const char *p = strstr(line, key);

	return p ? p + strlen(key) : NULL;
}

bool oops_hex(const char *text, u64 *value)
{
	text += strspn(text, " ");
	if (!strncmp(text, "0x", 2))
		text += 2;
	return parse_number(text, 16, ~0ULL, &text, value) &&
	       !isalnum((unsigned char)*text);
}

/* A word that others may have too */
static void guess_arch(struct oops *o, unsigned int arch, unsigned int line)
{
	if (o->arch != PTDBG_NR_ARCHES)
		return;
	o->arch = arch;
	o->arch_line = line;
	o->arch_guess = true;
}

static void number(struct oops_number *n, const char *p, unsigned int line)
{
	u64 value;

	if (p && !n->line && oops_hex(p, &value))
		*n = (struct oops_number){ value, line };
}

/* A word that only one architecture's kernel says */
static void is_arch(struct oops *o, unsigned int arch, unsigned int line)
{
	if (o->arch == PTDBG_NR_ARCHES) {
		o->arch = arch;
		o->arch_line = line;
	} else if (o->arch == arch && o->arch_guess) {
		o->arch_line = line;
		o->arch_guess = false;
	}
}

/**
 * struct heading - how an oops begins
 * @words: in its first line
 * @address: words before the address, or NULL
 * @kind: enum oops_kind
 * @arch: enum ptdbg_arch, or PTDBG_NR_ARCHES
 */
static const struct heading {
	const char *words;
	const char *address;
	unsigned int kind;
	unsigned int arch;
} headings[] = {
	{ "BUG: unable to handle page fault for address", "for address:",
	  OOPS_PAGING, PTDBG_X86_64 },
	{ "BUG: kernel NULL pointer dereference", "address:", OOPS_NULL,
	  PTDBG_X86_64 },
	{ "BUG: unable to handle kernel NULL pointer dereference", " at ",
	  OOPS_NULL, PTDBG_X86_64 },
	{ "BUG: unable to handle kernel paging request", " at ", OOPS_PAGING,
	  PTDBG_X86_64 },
	{ "general protection fault", "non-canonical address", OOPS_GPF,
	  PTDBG_X86_64 },
	{ "stack guard page was hit at", NULL, OOPS_STACK, PTDBG_X86_64 },
	{ "BUG: KASAN: ", NULL, OOPS_KASAN, PTDBG_NR_ARCHES },
	{ "Unable to handle kernel NULL pointer dereference",
	  "at virtual address", OOPS_NULL, PTDBG_NR_ARCHES },
	{ "Unable to handle kernel access to user memory",
	  "at virtual address", OOPS_UACCESS, PTDBG_NR_ARCHES },
	{ "Unable to handle kernel execution of user memory",
	  "at virtual address", OOPS_UACCESS, PTDBG_ARM64 },
	{ "Unable to handle kernel ", "at virtual address", OOPS_PAGING,
	  PTDBG_NR_ARCHES },
	{ "Insufficient stack space to handle exception", NULL, OOPS_STACK,
	  PTDBG_NR_ARCHES },
	{ "kernel BUG at ", NULL, OOPS_OTHER, PTDBG_NR_ARCHES },
	{ "Internal error: ", NULL, OOPS_OTHER, PTDBG_ARM64 },
	{ "Oops", NULL, OOPS_OTHER, PTDBG_NR_ARCHES },
	{ "invalid opcode: ", NULL, OOPS_OTHER, PTDBG_X86_64 },
	{ "divide error: ", NULL, OOPS_OTHER, PTDBG_X86_64 },
	{ "int3: ", NULL, OOPS_OTHER, PTDBG_X86_64 },
	{ "double fault: ", NULL, OOPS_OTHER, PTDBG_X86_64 },
	{ "Kernel BUG [#", NULL, OOPS_OTHER, PTDBG_RISCV64 },
};

static const struct heading *heading_of(const char *line)
{
	size_t i;

	for (i = 0; i < sizeof(headings) / sizeof(*headings); i++) {
		if (!strstr(line, headings[i].words))
			continue;
		/* "[#1]": an oops, not talk about one */
		if (headings[i].kind == OOPS_OTHER && !strstr(line, "[#") &&
		    strncmp(line, "kernel BUG at ", 14))
			continue;
		if (headings[i].kind == OOPS_GPF && !strstr(line, "[#"))
			continue;
		return &headings[i];
	}
	return NULL;
}

/* A line that can only come second: it belongs to an oops that has begun */
static bool goes_on(const struct oops *o, const struct heading *h)
{
	return o && (h->kind == OOPS_OTHER || h->kind == OOPS_GPF) &&
	       !o->nr_regs;
}

static void begin(struct text *t, const struct heading *h, const char *line,
		  unsigned int n)
{
	const char *p = h->address ? oops_after(line, h->address) : NULL;
	struct oops_number addr = { 0 };
	struct oops *o;

	number(&addr, p, n);
	t->trace = false;
	t->skip = false;
	if (t->all->n == OOPS_MAX) {
		t->all->dropped++;
		t->now = NULL;
		return;
	}
	o = &t->all->oops[t->all->n++];
	/* what was printed before is about this one if the address is the same */
	if (t->loose.addr.line && addr.line &&
	    t->loose.addr.value == addr.value)
		*o = t->loose;
	else
		*o = (struct oops){ .arch = PTDBG_NR_ARCHES, .first = n };
	t->loose = (struct oops){ .arch = PTDBG_NR_ARCHES };
	t->now = o;
	o->boot = t->all->nr_boots - 1;
	o->head = n;
	o->kind = h->kind;
	if (addr.line)
		o->addr = addr;
	snprintf(o->title, sizeof(o->title), "%s", line);
	if (h->arch != PTDBG_NR_ARCHES)
		is_arch(o, h->arch, n);
}

/* "CPU: 0 UID: 0 PID: 802 Comm: echo Tainted: G W   6.12.0-dirty #1 Debian" */
static void task(struct oops *o, const char *line, unsigned int n)
{
	const char *p = oops_after(line, "CPU: "), *end, *space;
	u64 value;

	if (!p || o->task_line || !parse_number(p, 10, ~0U, &end, &value))
		return;
	o->cpu = value;
	p = oops_after(end, "PID: ");
	if (!p || !parse_number(p, 10, ~0U, &end, &value))
		return;
	o->pid = value;
	o->task_line = n;
	p = oops_after(end, "Comm: ");
	if (!p)
		return;
	end = strstr(p, " Tainted:");
	if (!end)
		end = strstr(p, " Not tainted");
	space = strstr(p, " Kdump:");
	if (space && (!end || space < end))
		end = space;
	if (!end)
		return;
	snprintf(o->comm, sizeof(o->comm), "%.*s", (int)(end - p), p);
	end = strstr(end, " #");
	if (!end)
		return;
	for (space = end; space > p && space[-1] != ' '; space--)
		;
	snprintf(o->release, sizeof(o->release), "%.*s", (int)(end - space),
		 space);
	o->release_line = n;
}

/* "4k pages, 48-bit VAs, pgdp=...", "4K pagesize, 57-bit VAs, pgdp=..." */
static void paging(struct oops *o, const char *line, unsigned int n)
{
	const char *p = oops_after(line, " pgtable: "), *end;
	u64 kib, bits;

	if (!p || o->va_bits.line || !parse_number(p, 10, 64, &end, &kib) ||
	    (*end != 'k' && *end != 'K'))
		return;
	is_arch(o, *end == 'k' ? PTDBG_ARM64 : PTDBG_RISCV64, n);
	p = strstr(end, ", ");
	if (!p || !parse_number(p + 2, 10, 64, &end, &bits) ||
	    strncmp(end, "-bit VAs", 8))
		return;
	o->va_bits = (struct oops_number){ bits, n };
	o->page_shift = (struct oops_number){ kib == 64 ? 16 : kib == 16 ? 14 :
					      12, n };
}

/* "Task stack:     [0xffff800084928000..0xffff80008492c000]" */
static void task_stack(struct oops *o, const char *line, unsigned int n)
{
	const char *p = oops_after(line, "Task stack:");
	bool included = false;
	u64 first, last;

	if (!p) {
		p = oops_after(line, "(stack is ");
		included = true;
	}
	if (!p || o->stack.line)
		return;
	p += strspn(p, " [");
	if (!strncmp(p, "0x", 2))
		p += 2;
	if (!parse_number(p, 16, ~0ULL, &p, &first) || strncmp(p, "..", 2))
		return;
	p += strncmp(p + 2, "0x", 2) ? 2 : 4;
	if (!parse_number(p, 16, ~0ULL, &p, &last) || last <= first ||
	    last - first > 1 << 20)
		return;
	/* printed by %p, these are hashes: no kernel address */
	if (!(first >> 63))
		return;
	o->stack = (struct oops_range){ first, last - !included, n };
}

static void copy_word(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%.*s", (int)strcspn(from, " "), from);
}

/* Where it happened: the first line that says so */
static void place(struct oops *o, const char *line, unsigned int n)
{
	static const struct {
		const char *words;
		unsigned int arch;
	} places[] = {
		{ "RIP: 0010:", PTDBG_X86_64 },
		{ "pc : ", PTDBG_ARM64 },
		{ "epc : ", PTDBG_RISCV64 },
	};
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		p = line + strspn(line, " ");
		if (strncmp(p, places[i].words, strlen(places[i].words)))
			continue;
		is_arch(o, places[i].arch, n);
		if (!o->ip_line)
			copy_word(o->ip, sizeof(o->ip),
				  p + strlen(places[i].words));
		o->ip_line = o->ip_line ? o->ip_line : n;
	}
}

/* "Internal error: synchronous external abort: 0000000096000010 [#1] SMP" */
static void abort_code(struct oops *o, const char *line, unsigned int n)
{
	const char *p = oops_after(line, "Internal error: "), *end;
	u64 value;

	end = p ? strstr(p, " [#") : NULL;
	if (!end)
		return;
	for (p = end; p > line && isxdigit((unsigned char)p[-1]); p--)
		;
	/* 5.4 has 8 digits; BUG() and the like have a small number there */
	if (end - p >= 8 && oops_hex(p, &value))
		number(&o->esr, p, n);
}

/* Codes of the hardware, each with the words before it */
static void codes(struct oops *o, const char *line, unsigned int n)
{
	const char *p;
	u64 value;

	number(&o->code, oops_after(line, "#PF: error_code("), n);
	p = oops_after(line, "Oops: ");
	if (p && strstr(p, " [#")) {
		if (strstr(line, "Internal error: Oops: ")) {
			is_arch(o, PTDBG_ARM64, n);
			number(&o->esr, p, n);
		} else if (oops_hex(p, &value)) {
			/* riscv has no number there */
			is_arch(o, PTDBG_X86_64, n);
			number(&o->code, p, n);
			/* a page fault; its first line is missing */
			if (o->kind == OOPS_OTHER)
				o->kind = OOPS_PAGING;
		}
	}
	abort_code(o, line, n);
	p = oops_after(line, "ESR = ");
	if (!p && !strncmp(line, "ESR: ", 5))
		p = line + 5;
	if (p) {
		is_arch(o, PTDBG_ARM64, n);
		number(&o->esr, p, n);
	}
	if (!strncmp(line, "FAR: ", 5))
		number(&o->addr, line + 5, n);
	p = oops_after(line, "badaddr: ");
	if (p) {
		/* the kernel's own line has the status before it */
		if (strstr(line, "status: "))
			is_arch(o, PTDBG_RISCV64, n);
		else
			guess_arch(o, PTDBG_RISCV64, n);
		number(&o->addr, p, n);
	}
	if (o->arch == PTDBG_RISCV64)
		number(&o->cause, oops_after(line, "cause: "), n);
	/* of another exception than a page fault CR2 says nothing */
	if (o->kind != OOPS_OTHER && o->kind != OOPS_GPF)
		number(&o->addr, oops_after(line, "CR2: "), n);
	if (strstr(line, "#PF: user "))
		o->user_mode = n;
}

static void of_an_oops(struct oops *o, const char *line, unsigned int n,
		       bool trace)
{
	o->last = n;
	codes(o, line, n);
	task(o, line, n);
	paging(o, line, n);
	task_stack(o, line, n);
	kasan_line(o, line, n);
	place(o, line, n);
	if (!o->machine_line && oops_after(line, "Hardware name: ")) {
		snprintf(o->machine, sizeof(o->machine), "%s",
			 oops_after(line, "Hardware name: "));
		o->machine_line = n;
	}
	if (trace)
		return;
	oops_registers(o, line, n);
	oops_entries(o, line, n);
}

/* Registers behind these words are those of a caller, or of user mode */
static bool begins_trace(const char *line)
{
	return strstr(line, "Call Trace:") || strstr(line, "Call trace:") ||
	       strstr(line, "RIP: 0033:") || !strncmp(line, "[<", 2);
}

static void one_line(struct text *t, const char *line, unsigned int n)
{
	const struct heading *h;
	struct oops *o;

	/* the module's own words about an oops */
	if (!strncmp(line, "ptdbg: ", 7))
		return;
	if (!strncmp(line, "Linux version ", 14) &&
	    t->all->nr_boots < OOPS_BOOTS && n > 1) {
		t->all->nr_boots++;
		t->now = NULL;
	}
	oops_boot_line(&t->all->boot[t->all->nr_boots - 1], line, n);
	if (strstr(line, "WARNING: CPU: "))
		t->skip = true;
	h = heading_of(line);
	if (h && !goes_on(t->now, h))
		begin(t, h, line, n);
	if (t->skip) {
		t->skip = !strstr(line, "---[ end trace");
		return;
	}
	o = t->now ? t->now : &t->loose;
	if (!o->first)
		o->first = n;
	t->trace |= begins_trace(line);
	of_an_oops(o, line, n, t->trace);
	if (strstr(line, "---[ end trace") || strstr(line, "---[ end Kernel") ||
	    (o->kind == OOPS_KASAN && !strncmp(line, "======", 6))) {
		t->now = NULL;
		/* x86 says the registers once more */
		t->trace = true;
	}
}

/* A log that begins in the middle of an oops */
static void use_loose(struct text *t)
{
	struct oops *o = &t->loose;

	if (t->all->n || o->arch == PTDBG_NR_ARCHES ||
	    (!o->addr.line && o->nr_regs < 4))
		return;
	o->kind = o->addr.line ? OOPS_PAGING : OOPS_OTHER;
	o->boot = t->all->nr_boots - 1;
	t->all->oops[t->all->n++] = *o;
}

bool oopses_read(struct oopses *o, FILE *from)
{
	struct text t = { .all = o, .loose.arch = PTDBG_NR_ARCHES };
	struct log log;
	const char *line;
	unsigned int n;
	bool good;

	memset(o, 0, sizeof(*o));
	o->nr_boots = 1;
	good = log_read(&log, from);
	o->cut = log.cut;
	while (good && (line = log_line(&log, &n)))
		one_line(&t, line, n);
	log_free(&log);
	if (good)
		use_loose(&t);
	return good;
}
