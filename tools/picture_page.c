// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the page of a picture: picture.html with its style and script, and with
 * the data as JSON in a <script> that no browser runs.
 *
 * Names in a recording may be anything.  So that none can end the <script> or be
 * taken for markup, < > and & are written as \u003c and so on, and what is no
 * UTF-8 becomes U+FFFD; the script of the page puts texts into text nodes only.
 */
#include <errno.h>
#include <stdlib.h>

#include "output.h"
#include "picture.h"
#include "say.h"

#ifndef PICTURE_DIR
#error "PICTURE_DIR is where picture.html is; features.mk has it"
#endif

/* The files of the page, in the program: picture.h */
__asm__(".pushsection .rodata\n"
	".global picture_html, picture_css, picture_js\n"
	"picture_html: .incbin \"" PICTURE_DIR "picture.html\"\n"
	".byte 0\n"
	"picture_css: .incbin \"" PICTURE_DIR "picture.css\"\n"
	".byte 0\n"
	"picture_js: .incbin \"" PICTURE_DIR "picture.js\"\n"
	".incbin \"" PICTURE_DIR "picture_time.js\"\n"
	".incbin \"" PICTURE_DIR "picture_map.js\"\n"
	".incbin \"" PICTURE_DIR "picture_pages.js\"\n"
	".byte 0\n"
	".popsection\n");

/*
 * Bytes of the character of UTF-8 at @s; 0: it is none.  Unicode 3.9, table 3-7:
 * no longer form than needed, no surrogates, nothing above U+10FFFF.
 */
static unsigned int utf8_bytes(const unsigned char *s)
{
	unsigned int n, i;

	if (s[0] < 0x80)
		return 1;
	n = s[0] >= 0xc2 && s[0] <= 0xdf ? 2 :
	    s[0] >= 0xe0 && s[0] <= 0xef ? 3 :
	    s[0] >= 0xf0 && s[0] <= 0xf4 ? 4 : 0;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

static void put_string(FILE *f, const char *text)
{
	const unsigned char *s = (const unsigned char *)text, *plain = s;
	unsigned int n;

	putc('"', f);
	for (; *s; s += n ? n : 1) {
		n = utf8_bytes(s);
		if (n > 1 || (n && *s >= ' ' && *s != 0x7f && !strchr("\"\\<>&", *s)))
			continue;
		/* what is as it may be goes out in one piece */
		fwrite(plain, 1, s - plain, f);
		plain = s + 1;
		if (!n)
			fputs("\\ufffd", f);
		else if (*s == '\n')
			fputs("\\n", f);
		else
			fprintf(f, "\\u%04x", *s);
	}
	fwrite(plain, 1, s - plain, f);
	putc('"', f);
}

static void put_key(FILE *f, const char *key, const char *value)
{
	fprintf(f, "\"%s\":", key);
	put_string(f, value);
	fputs(",\n", f);
}

/* "281.915960", as in a record */
static void put_time(FILE *f, u64 ts)
{
	fprintf(f, "\"%llu.%06llu\"", ts / 1000000000, ts / 1000 % 1000000);
}

static void put_trace(FILE *f, const struct ptdbg_trace *t)
{
	const struct ptdbg_layout *l = &t->layout;
	char *text = malloc(PTDBG_TEXT_MAX);
	unsigned int i;

	if (text) {
		ptdbg_format_trace(t, text, PTDBG_TEXT_MAX);
		put_key(f, "trace", text);
	}
	free(text);
	fprintf(f, "\"shift\":%u,\n\"levels\":[", l->mode.page_shift);
	for (i = 0; i < l->mode.levels; i++) {
		putc(i ? ',' : ' ', f);
		put_string(f, ptdbg_level_name(&l->mode, i));
	}
	fputs("],\n\"ram\":[", f);
	for (i = 0; i < l->nr_ram && i < PTDBG_MAX_RAM; i++)
		fprintf(f, "%s[%llu,%llu]", i ? "," : "", l->ram[i].first,
			l->ram[i].last);
	fputs("],\n", f);
}

/* A note of text as an array of its lines, without comments */
static void put_rules(FILE *f, const char *text)
{
	const char *end, *sep = "";
	char line[128];

	fputs("\"rules\":[", f);
	for (; text && *text; text = *end ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		if (end == text || *text == '#')
			continue;
		snprintf(line, sizeof(line), "%.*s",
			 (int)(end - text < 127 ? end - text : 127), text);
		fputs(sep, f);
		put_string(f, line);
		sep = ",";
	}
	fputs("],\n", f);
}

static void put_time_line(FILE *f, const struct picture *p)
{
	unsigned int i, c, n = 0;

	for (i = 0; i < PICTURE_BINS; i++) {
		for (c = 0; c < PICTURE_CLASSES; c++) {
			if (p->bin[i][c])
				n = i + 1;
		}
	}
	/* nanoseconds as text: a number of JSON has 53 bits */
	fprintf(f, "\"start\":\"%llu\",\n\"width\":\"%llu\",\n\"bins\":[",
		p->start, PTDBG_BIT(p->shift));
	for (i = 0; i < n; i++) {
		fputs(i ? ",[" : "[", f);
		for (c = 0; c < PICTURE_CLASSES; c++)
			fprintf(f, "%s%llu", c ? "," : "", p->bin[i][c]);
		putc(']', f);
	}
	fputs("],\n", f);
}

/* Runs of pieces of time: first, last, first, last */
static void put_bins(FILE *f, const char *key, const struct picture_bins *b)
{
	bool in = false, was = false;
	const char *sep = "";
	unsigned int i;

	fprintf(f, ",\"%s\":[", key);
	for (i = 0; i <= PICTURE_BINS; i++, was = in) {
		in = i < PICTURE_BINS && b->word[i / 64] >> i % 64 & 1;
		if (in == was)
			continue;
		fprintf(f, "%s%u", sep, in ? i : i - 1);
		sep = ",";
	}
	putc(']', f);
}

static void put_moment(FILE *f, const char *key, const struct picture_moment *m)
{
	char comm[PTDBG_COMM_LEN + 1];

	if (!m->ts)
		return;
	ptdbg_comm(m->comm, comm);
	fprintf(f, ",\"%s\":{\"time\":", key);
	put_time(f, m->ts);
	fputs(",\"comm\":", f);
	put_string(f, comm);
	fprintf(f, ",\"pid\":%u,\"cpu\":%u,\"addr\":\"%llx\"", m->pid, m->cpu,
		m->addr);
	if (m->end)
		fprintf(f, ",\"end\":\"%llx\"", m->end);
	fprintf(f, ",\"made\":%u}", m->made);
}

static void put_table(FILE *f, const struct ptdbg_trace *trace,
		      const struct table *t, const struct picture_mark *mark,
		      const u32 *place)
{
	unsigned int i;

	fprintf(f, "{\"pfn\":%llu,\"level\":%u,\"zone\":", t->pfn, t->level);
	put_string(f, t->at.where == PTDBG_WHERE_RAM ?
		   ptdbg_zone_name(trace, t->at.zone) :
		   ptdbg_where_name(t->at.where));
	fputs(",\"type\":", f);
	put_string(f, ptdbg_ptype_name(t->at.type));
	fprintf(f, ",\"node\":%u,\"ref\":%d,\"rule\":%d,\"seen\":%llu,\"fresh\":%llu",
		t->at.node, t->at.refcount, t->at.rule, t->seen, t->fresh);
	fprintf(f, ",\"breaches\":%llu,\"frees\":%llu,\"marks\":[", t->breaches,
		mark->frees);
	for (i = 0; i < PTDBG_NR_MARKS; i++) {
		if (t->at.marks >> i & 1)
			fprintf(f, "%s\"%s\"", t->at.marks & (PTDBG_BIT(i) - 1) ? "," : "",
				ptdbg_mark_name(i));
	}
	putc(']', f);
	put_bins(f, "usedIn", &mark->used);
	put_bins(f, "freshIn", &mark->fresh);
	put_bins(f, "freedIn", &mark->freed);
	put_moment(f, "born", &mark->born);
	put_moment(f, "reborn", &mark->reborn);
	put_moment(f, "gone", &mark->gone);
	if (mark->line) {
		fputs(",\"line\":", f);
		put_string(f, mark->line);
	}
	fputs(",\"kept\":[", f);
	for (i = 0; i < mark->nr_kept; i++)
		fprintf(f, "%s%u", i ? "," : "", place[mark->kept[i]]);
	fputs("]}", f);
}

static void put_record(FILE *f, const struct ptdbg_trace *trace,
		       struct names *names, const struct picture_record *copy)
{
	char text[PTDBG_TEXT_MAX];
	struct ptdbg_view v;

	if (!ptdbg_view(&copy->r, copy->r.size, &v))
		return;
	out_text_record(trace, &v, copy->cpu, names, text);
	fprintf(f, "[%u,", copy->class);
	put_string(f, text);
	putc(']', f);
}

/* An index of the records in use, by order. */
static const struct picture_record *slots;

static int by_order(const void *a, const void *b)
{
	const struct picture_record *x = &slots[*(const u32 *)a];
	const struct picture_record *y = &slots[*(const u32 *)b];

	return x->order < y->order ? -1 : x->order > y->order;
}

/* The records, and where each slot has gone.  False: no memory. */
static bool put_records(FILE *f, const struct picture *p,
			const struct ptdbg_trace *trace, struct names *names,
			u32 *place)
{
	u32 *index = calloc(PICTURE_RECORDS, sizeof(*index)), n = 0, i;

	if (!index)
		return false;
	for (i = 0; i < p->nr_slots; i++) {
		if (p->slot[i].users)
			index[n++] = i;
	}
	slots = p->slot;
	qsort(index, n, sizeof(*index), by_order);
	fputs("\"records\":[\n", f);
	for (i = 0; i < n; i++) {
		place[index[i]] = i;
		put_record(f, trace, names, &p->slot[index[i]]);
		fputs(i + 1 < n ? ",\n" : "\n", f);
	}
	fputs("],\n", f);
	free(index);
	return true;
}

/* What the page does not show */
static void put_left(FILE *f, const struct picture *p, const struct reader *rd)
{
	struct tally t;

	reader_tally(rd, &t);
	fprintf(f, "\"left\":{\"records\":%llu,\"keep\":%u,\"tables\":%llu", p->records,
		p->keep, p->more_tables);
	fprintf(f, ",\"breaches\":%llu,\"frees\":%llu", p->more_breaches,
		p->more_frees);
	fprintf(f, ",\"lost\":%llu,\"missed\":%llu,\"damaged\":%llu", t.lost, t.missed,
		t.damaged);
	fprintf(f, ",\"spots\":%llu,\"unknown\":%llu},\n", t.spots, t.unknown);
}

static bool put_data(FILE *f, struct picture *p, const struct reader *rd,
		     struct names *names)
{
	const struct ptdbg_trace *trace = &rd->meta.trace;
	u32 *place = calloc(PICTURE_RECORDS, sizeof(*place));
	const struct table *t;
	bool good;
	size_t i;

	if (!place)
		return false;
	fputs("{", f);
	put_key(f, "title", p->title);
	put_trace(f, trace);
	put_rules(f, p->rules);
	put_time_line(f, p);
	put_left(f, p, rd);
	good = put_records(f, p, trace, names, place);
	tables_sort(&p->tables);
	fputs("\"tables\":[\n", f);
	for (i = 0; good && i < p->tables.used; i++) {
		t = &p->tables.t[i];
		put_table(f, trace, t, &p->mark[t->nr], place);
		fputs(i + 1 < p->tables.used ? ",\n" : "\n", f);
	}
	fputs("]}", f);
	free(place);
	return good;
}

/* The template up to a mark.  Return: what is behind it. */
static const char *put_until(FILE *f, const char *at, const char *mark)
{
	const char *here = strstr(at, mark);

	fwrite(at, 1, here - at, f);
	return here + strlen(mark);
}

bool picture_write(struct picture *p, const struct reader *rd,
		   struct names *names, const char *path)
{
	const char *at = picture_html;
	FILE *f = fopen(path, "we");
	bool good;

	if (!f) {
		say("%s: %s", path, strerror(errno));
		return false;
	}
	at = put_until(f, at, "@STYLE@");
	fputs(picture_css, f);
	at = put_until(f, at, "@DATA@");
	good = put_data(f, p, rd, names);
	if (!good)
		say("no memory to write %s", path);
	at = put_until(f, at, "@SCRIPT@");
	fputs(picture_js, f);
	fputs(at, f);
	if (ferror(f) | fclose(f)) {
		say("%s: %s", path, strerror(errno));
		good = false;
	}
	return good;
}
