// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of an oops, and what is made of it with and without options.
 */
#include "cause.h"
#include "modes.h"

/* What the command line may say besides; it has checked that already. */
static void take_given(struct input *in, struct given *g)
{
	unsigned int which = take(in, 1);

	memset(g, 0, sizeof(*g));
	if (which & 1) {
		take_mode(in, &g->mode);
		g->has_arch = true;
		g->has_mode = take(in, 1) & 1;
	}
	if (which & 2) {
		g->ram[0].first = take(in, 6);
		g->ram[0].last = g->ram[0].first + 1 + take(in, 6);
		g->nr_ram = 1;
	}
	if (which & 4)
		g->vmemmap = take(in, 8);
	if (which & 8) {
		g->direct = take(in, 8);
		g->direct_phys = take(in, 8);
	}
	if (which & 16)
		g->page_size = 8 + take(in, 2) % 4089;
	if (which & 32) {
		g->init.first = take(in, 8);
		g->init.last = g->init.first | take(in, 3);
	}
	if (which & 64)
		g->version = take(in, 2);
}

static void check_findings(const struct findings *f, unsigned int lines)
{
	const struct finding *one;
	unsigned int i;

	for (i = 0; i < f->n; i++) {
		one = &f->item[i];
		must(one->sure <= SURE_CERTAIN && one->topic < NR_TOPICS);
		must(one->line <= lines);
		must(*one->text && printable(one->text, strlen(one->text)));
		must(!strchr(one->text, '\n'));
	}
}

static void explain(const struct oopses *all, const struct given *g,
		    unsigned int lines)
{
	static struct findings f;
	const struct oops_boot *b;
	const struct oops *o;
	struct inferred i;
	struct cause c;
	unsigned int n;

	for (n = 0; n < all->n; n++) {
		o = &all->oops[n];
		must(o->boot < all->nr_boots && o->first && o->first <= o->last);
		must(o->last <= lines && o->nr_regs <= OOPS_REGS);
		b = &all->boot[o->boot];
		memset(&f, 0, sizeof(f));
		infer(&i, o, b, g, &f);
		cause_find(&c, o, b, &i, &f);
		entries_explain(o, &i, &f);
		registers_explain(o, &i, &c, &f);
		must(cause_name(c.class) && c.sure <= SURE_CERTAIN);
		/* a class is named for a reason, and none without one */
		must((c.class == CAUSE_UNKNOWN) == (c.sure == SURE_UNKNOWN));
		check_findings(&f, lines);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct oopses all;
	struct input in = { data, size };
	unsigned int lines = 1;
	struct given g;
	FILE *from;
	size_t i;

	take_given(&in, &g);
	if (!in.left)
		return 0;
	for (i = 0; i < in.left; i++)
		lines += in.at[i] == '\n';
	from = fmemopen((void *)in.at, in.left, "r");
	must(from);
	must(oopses_read(&all, from));
	fclose(from);
	explain(&all, &g, lines);
	return 0;
}
