// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is written to the knobs filter and regions, parsed by the module's own
 * code; and the filter of the reader, which must take the same words and let
 * the same records pass.
 */
#include "filter.h"
#include "kernel.h"
#include "modes.h"

/* A knob shows what can be written back, and then shows the same. */
static void check_shown(int (*set)(const char *text),
			void (*show)(struct seq_file *m), struct seq_file *m)
{
	static struct seq_file again;

	m->len = 0;
	again.len = 0;
	m->text[0] = '\0';
	again.text[0] = '\0';
	show(m);
	must(!set(m->text));
	show(&again);
	must(!strcmp(m->text, again.text));
}

static void check_records(const struct filter *f, struct input *in)
{
	static const u16 ids[] = { PTDBG_FAULT, PTDBG_GUP, PTDBG_SIG };
	struct ptdbg_fault r = { 0 };
	bool user;

	do {
		r.r.id = ids[take(in, 1) % ARRAY_SIZE(ids)];
		r.r.size = sizeof(r);
		r.r.pid = take(in, 2) % 0x8000;
		r.r.tgid = take(in, 2) % 0x8000;
		r.r.addr = take(in, 8);
		take_bytes(in, r.r.comm, sizeof(r.r.comm) - 1);
		/* FAULT_FLAG_USER */
		r.flags = take(in, 1) % 2 ? 0x40 : 0;
		user = r.r.id == PTDBG_SIG ||
		       (r.r.id == PTDBG_FAULT && r.flags);
		kernel_current.pid = r.r.pid;
		kernel_current.tgid = r.r.tgid;
		memcpy(kernel_current.comm, r.r.comm, sizeof(r.r.comm));
		must(filter_passes(f, &r.r) ==
		     (ptdbg_filter_finds(r.r.id, r.r.addr, user) &&
		      !ptdbg_filter_finds_bad()));
	} while (in->left);
}

static void try_filter(const char *text, struct input *records)
{
	static struct seq_file m;
	struct filter f, shown;
	bool good;

	filter_init(&f);
	good = filter_add(&f, text);
	must(good == !ptdbg_filter_set(text));
	if (good) {
		check_records(&f, records);
		check_shown(ptdbg_filter_set, ptdbg_filter_show, &m);
		filter_init(&shown);
		must(filter_add(&shown, m.text));
		must(!memcmp(&shown, &f, sizeof(f)));
	}
	ptdbg_filter_exit();
}

static void try_regions(const char *text, struct input *pages)
{
	static struct seq_file m;
	unsigned int level;
	char name[64];
	bool breach;
	s8 rule;

	take_mode(pages, &ptdbg.trace.layout.mode);
	if (!ptdbg_regions_set(text)) {
		do {
			level = take(pages, 1) % ptdbg.trace.layout.mode.levels;
			rule = ptdbg_regions_find(level, take(pages, 8), &breach);
			must(rule != PTDBG_RULE_NONE || !breach);
			must(rule != PTDBG_RULE_NO_ALLOW || breach);
			ptdbg_regions_name(rule, name, sizeof(name));
			must(*name);
		} while (pages->left);
		check_shown(ptdbg_regions_set, ptdbg_regions_show, &m);
	}
	ptdbg_regions_exit();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	bool regions = take(&in, 1) % 2;
	struct input rest = { data, size };
	char *text = take_text(&in);

	/* what stands behind a NUL is no text: it makes the records */
	rest.at += size < 1 ? 0 : 1 + strlen(text);
	rest.left -= rest.at - data;
	if (regions)
		try_regions(text, &rest);
	else
		try_filter(text, &rest);
	free(text);
	return 0;
}
