// SPDX-License-Identifier: GPL-2.0-only
/*
 * A record of any bytes: taken apart, as text in a buffer of any size.  Each
 * buffer is as long as is claimed, so that a byte too far is seen.
 */
#include "core/explain.h"
#include "core/format.h"
#include "modes.h"

static void take_trace(struct input *in, struct ptdbg_trace *t)
{
	static const char *const names[] = { NULL, "Normal", "writeback_twice" };
	struct ptdbg_layout *l = &t->layout;
	unsigned int i, which = take(in, 1);

	take_mode(in, &l->mode);
	l->page_size = take(in, 1);
	l->vmemmap_pfn0 = take(in, 8);
	l->direct = take(in, 8);
	l->nr_areas = take(in, 1) % (PTDBG_MAX_AREAS + 1);
	for (i = 0; i < l->nr_areas; i++) {
		l->area[i].first = take(in, 6) << 16;
		l->area[i].last = l->area[i].first + take(in, 6);
		l->area[i].class = take(in, 1) % PTDBG_NR_CLASSES;
	}
	l->nr_ram = take(in, 1) % 3;
	for (i = 0; i < l->nr_ram; i++) {
		l->ram[i].first = take(in, 4);
		l->ram[i].last = take(in, 4);
	}
	for (i = 0; i < PTDBG_MAX_ZONES; i++)
		t->zone[i] = names[which % 3];
	for (i = 0; i < PTDBG_MAX_PG_FLAGS; i++)
		t->pg_flag[i] = names[which / 3 % 3];
	for (i = 0; i < PTDBG_MAX_FOLL; i++)
		t->foll[i] = names[which / 9 % 3];
}

static void check_texts(const struct ptdbg_trace *t, const struct ptdbg_view *v,
			const char *ip, size_t size)
{
	static char all[2 * PTDBG_TEXT_MAX];
	size_t n = ptdbg_format_record(t, v, 1, ip, all, sizeof(all)), few;
	char *part = malloc(size);
	char text[512];
	unsigned int i;

	must(part && n < PTDBG_TEXT_MAX && printable(all, n));
	few = ptdbg_format_record(t, v, 1, ip, part, size);
	must(few == (n < size ? n : size - 1) && !memcmp(part, all, few));
	must(!part[few]);
	free(part);
	for (i = 0; i < PTDBG_NR_VERDICTS; i++) {
		n = ptdbg_explain_verdict(&t->layout, v->r, i, text,
					  sizeof(text));
		must(printable(text, n));
	}
	n = ptdbg_explain_address(&t->layout, v->r->addr, text, sizeof(text));
	must(printable(text, n));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct ptdbg_trace t;
	struct input in = { data, size };
	struct ptdbg_record *r;
	struct ptdbg_view v;
	size_t room, avail;
	const char *ip;

	memset(&t, 0, sizeof(t));
	take_trace(&in, &t);
	room = take(&in, 2) % 4096 + 1;
	ip = take(&in, 1) % 2 ? "follow_page_pte+0xc6" : NULL;
	avail = in.left;
	/* aligned, and not a byte longer */
	r = malloc(avail ? avail : 1);
	must(r);
	take_bytes(&in, r, avail);
	/* most records have the size that they say */
	if (avail >= sizeof(*r) && room % 8)
		r->size = avail & ~7UL;
	if (ptdbg_view(r, avail, &v))
		check_texts(&t, &v, ip, room);
	free(r);
	return 0;
}
