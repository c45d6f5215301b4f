// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg explain: what an oops says, for people who have no vmlinux of it.  How
 * sure each statement is stands before it, the line of the text behind it.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain_json.h"
#include "modes.h"
#include "number.h"
#include "out.h"
#include "ptdbg.h"
#include "say.h"

#define DMESG	"dmesg"

static void print_help(void)
{
	printf("usage: ptdbg explain [OPTION...] [FILE | - | " DMESG "]\n\n"
	       "Explains the oopses in FILE, in standard input or in the kernel's log. Each\n"
	       "statement says how sure it is and from which line it comes; options help where\n"
	       "the text does not tell, and are believed.\n\n"
	       "  --arch ARCH        x86_64, arm64 or riscv64\n"
	       "  --mode MODE        paging mode, one of:");
	mode_list(21);
	printf("\n  --kernel VERSION   6.12, 5.4, ...\n"
	       "  --ram FIRST-LAST   physical addresses, hexadecimal; may be given again\n"
	       "  --vmemmap ADDR     address of the struct page of pfn 0\n"
	       "  --direct ADDR[=PHYS]  where the direct map has physical address PHYS (0)\n"
	       "  --page-size N      sizeof(struct page), decimal (64)\n"
	       "  --init FIRST-LAST  __init_begin to __init_end\n");
	printf("  --json             as JSON\n\n"
	       "certain: the text or a manual says so; likely: an assumption remains; possible:\n"
	       "one of several readings.  Example: journalctl -k -b -1 | ptdbg explain\n");
}

static bool hex(const char *text, const char **end, u64 *value)
{
	if (!strncmp(text, "0x", 2))
		text += 2;
	return parse_number(text, 16, ~0ULL, end, value);
}

static bool range(const char *text, u64 *first, u64 *last)
{
	return hex(text, &text, first) && *text++ == '-' &&
	       hex(text, NULL, last) && *last > *first;
}

static int add_ram(struct given *g, const char *text)
{
	u64 first, last;

	if (!range(text, &first, &last))
		return wrong("--ram takes FIRST-LAST, two physical addresses");
	if (g->nr_ram == PTDBG_MAX_RAM)
		return wrong("--ram: %u ranges at most", PTDBG_MAX_RAM);
	if (g->nr_ram && first <= g->ram[g->nr_ram - 1].last)
		return wrong("--ram: give the ranges in ascending order");
	g->ram[g->nr_ram].first = first;
	g->ram[g->nr_ram++].last = last;
	return EXIT_OK;
}

static int set_direct(struct given *g, const char *text)
{
	if (!hex(text, &text, &g->direct) || (*text && *text != '=') ||
	    (*text && !hex(text + 1, NULL, &g->direct_phys)))
		return wrong("--direct takes ADDR or ADDR=PHYS, hexadecimal");
	return EXIT_OK;
}

/* One option.  Return: an exit code, with a message. */
static int set(struct given *g, int opt, const char *arg)
{
	u64 n;

	switch (opt) {
	case 'k':
		g->version = version_of(arg);
		return g->version ? EXIT_OK :
		       wrong("--kernel takes a version: 6.12");
	case 'r':
		return add_ram(g, arg);
	case 'v':
		return hex(arg, NULL, &g->vmemmap) ? EXIT_OK :
		       wrong("--vmemmap takes an address, hexadecimal");
	case 'd':
		return set_direct(g, arg);
	case 'p':
		if (!parse_number(arg, 10, 4096, NULL, &n) || n < 8)
			return wrong("--page-size takes 8 to 4096 bytes");
		g->page_size = n;
		return EXIT_OK;
	case 'i':
		return range(arg, &g->init.first, &g->init.last) ? EXIT_OK :
		       wrong("--init takes FIRST-LAST, two addresses");
	}
	return EXIT_USAGE;
}

static void print_topic(const struct findings *f, enum topic about)
{
	const struct finding *one;
	unsigned int n;
	bool any = false;

	for (n = 0; n < f->n; n++) {
		one = &f->item[n];
		if (one->topic != about)
			continue;
		if (!any)
			printf("  %s\n", topic_name(about));
		any = true;
		printf("    %-8s  %s", sure_name(one->sure), one->text);
		if (one->line)
			printf("  [line %u]", one->line);
		putchar('\n');
	}
}

static void print_oops(const struct oops *o, const struct cause *c,
		       const struct findings *f)
{
	static const enum topic order[] = {
		TOPIC_ADDRESS, TOPIC_FAULT, TOPIC_REGISTER, TOPIC_LAYOUT,
	};
	size_t n;

	printf("oops in lines %u to %u", o->first, o->last);
	if (*o->release)
		printf(", kernel %s", o->release);
	if (o->task_line)
		printf(", %s/%u on CPU %u", *o->comm ? o->comm : "?", o->pid,
		       o->cpu);
	if (*o->ip)
		printf(", at %s", o->ip);
	printf("\n  class: %s (%s)\n", cause_name(c->class),
	       sure_name(c->sure));
	for (n = 0; n < ARRAY_SIZE(order); n++)
		print_topic(f, order[n]);
	if (f->dropped)
		printf("  %u more statements had no room\n", f->dropped);
}

static int explain(const struct oopses *all, const struct given *g, bool json)
{
	static struct findings f;
	const struct oops_boot *b;
	struct inferred i;
	struct cause c;
	unsigned int n;

	for (n = 0; n < all->n; n++) {
		memset(&f, 0, sizeof(f));
		b = &all->boot[all->oops[n].boot];
		infer(&i, &all->oops[n], b, g, &f);
		cause_find(&c, &all->oops[n], b, &i, &f);
		entries_explain(&all->oops[n], &i, &f);
		registers_explain(&all->oops[n], &i, &c, &f);
		if (json)
			explain_json(&all->oops[n], &i, &c, &f);
		else
			print_oops(&all->oops[n], &c, &f);
	}
	if (json)
		out_flush();
	if (all->dropped)
		say("%u more oopses are in the log; cut it", all->dropped);
	if (all->cut)
		say("the log is longer than 32 MiB; the rest was not read");
	if (!all->n)
		return fail("no oops in this text: it must be that of x86_64, arm64 or riscv64");
	return EXIT_OK;
}

static int run(const char *from, const struct given *g, bool json)
{
	bool dmesg = from && !strcmp(from, DMESG);
	struct oopses *all = calloc(1, sizeof(*all));
	FILE *f = stdin;
	int code;

	if (!all)
		return fail("no memory");
	if (dmesg)
		f = popen("dmesg", "r");
	else if (from && strcmp(from, "-"))
		f = fopen(from, "r");
	if (!f || !oopses_read(all, f))
		code = fail("%s: %s", from ? from : "standard input",
			    strerror(errno));
	else
		code = explain(all, g, json);
	if (f && dmesg)
		pclose(f);
	else if (f && f != stdin)
		fclose(f);
	free(all);
	return code;
}

int cmd_explain(int argc, char **argv)
{
	static const struct option options[] = {
		{ "arch", required_argument, NULL, 'a' },
		{ "mode", required_argument, NULL, 'm' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "ram", required_argument, NULL, 'r' },
		{ "vmemmap", required_argument, NULL, 'v' },
		{ "direct", required_argument, NULL, 'd' },
		{ "page-size", required_argument, NULL, 'p' },
		{ "init", required_argument, NULL, 'i' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *arch = NULL, *mode = NULL;
	struct given g = { 0 };
	bool json = false;
	int opt, code;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (opt) {
		case 'a':
			arch = optarg;
			break;
		case 'm':
			mode = optarg;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		case '?':
			return EXIT_USAGE;
		default:
			code = set(&g, opt, optarg);
			if (code != EXIT_OK)
				return code;
		}
	}
	if (argc - optind > 1)
		return wrong("one file at a time");
	if ((arch || mode) && !mode_find(arch, mode, &g.mode))
		return EXIT_USAGE;
	g.has_arch = arch;
	g.has_mode = mode;
	if (json && !json_ready())
		return EXIT_FAILED;
	return run(argv[optind], &g, json);
}
