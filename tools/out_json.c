// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records as JSON, an object a line.
 *
 * The fields are those of the table that the CTF metadata is made from
 * (module/core/fields.c), by the same names and in the same order, with "cpu_id"
 * of the packet and the name of the event, "type", before them.  What is told
 * otherwise than in CTF:
 *
 *	"before", "after", "table"	of a level are one object of "levels", in the
 *					"chain"; the root is the first one
 *	"stack"				only where there are stacks
 *	"reg"				only of an oops
 *	enumerations			by name; a value without a name is a number
 *	sets of bits ("verdicts", "marks")	an array of the names of those that are
 *					set; one without a name is "bit31"
 *
 * What is added, for whom is not at home in raw numbers:
 *
 *	"comm_bytes"	all bytes of a name that is no UTF-8
 *	"name_bytes", "of_bytes"	of a register: the same
 *	"ip_name"	"follow_page_pte+0xc6", "/usr/bin/ls+0x1042 (main+0x12)"
 *	"addr_name"	"/usr/bin/ls+0x2018", where addr is in a file
 *	"kernel_names", "user_names"	of a stack: the same for each frame; "": none
 *	"value_name"	of a register that holds the address of a symbol
 *	"flag_names"	of a fault, gup, walk, page
 *	"result_names"	of a fault
 *	"access_text"	"rw-p" of a vma
 *	"zone_name"	of a page, a table
 *	"explained"	a sentence for each verdict; of an oops what it died of
 *	"levels"	the name and the index of each level; of an entry its address and
 *			what it means; of a table its pfn, and whether it is "fresh",
 *			"made" by this fault, and in "breach" of a rule
 */
#include "core/entry.h"
#include "core/explain.h"
#include "json.h"
#include "out.h"

static const struct ptdbg_fields *find_group(const char *name)
{
	unsigned int i;

	for (i = PTDBG_GROUP_VMA; i < PTDBG_NR_GROUPS; i++) {
		if (!strcmp(ptdbg_groups[i].name, name))
			return &ptdbg_groups[i];
	}
	return NULL;
}

static const struct ptdbg_enum *find_enum(const char *type)
{
	unsigned int i;

	for (i = 0; i < PTDBG_NR_ENUMS; i++) {
		if (!strcmp(ptdbg_enums[i].type, type))
			return &ptdbg_enums[i];
	}
	return NULL;
}

static u64 read_number(const void *at, unsigned int size)
{
	u64 value = 0;

	memcpy(&value, at, size);
	return value;
}

static long long read_signed(const void *at, unsigned int size)
{
	unsigned int unused = 64 - 8 * size;

	return (long long)(read_number(at, size) << unused) >> unused;
}

static void add_bit(struct json_object *array, const char *name,
		    unsigned int bit)
{
	char text[64], *p;

	if (name)
		snprintf(text, sizeof(text), "%s", name);
	else
		snprintf(text, sizeof(text), "bit%u", bit);
	/* as in the metadata, where it is the name of a field */
	for (p = text; *p; p++)
		*p = *p == ' ' ? '_' : *p;
	json_add_string(array, NULL, text);
}

static void add_flags(struct json_object *to, const char *key,
		      const struct ptdbg_enum *e, u64 bits)
{
	struct json_object *array = json_add_array(to, key);
	unsigned int bit;

	for (; bits; bits &= bits - 1) {
		bit = __builtin_ctzll(bits);
		add_bit(array, bit < e->end ? e->name(bit) : NULL, bit);
	}
}

static void add_enum(struct json_object *to, const char *key,
		     const struct ptdbg_enum *e, u64 value)
{
	if (value >= e->first && value < e->end)
		json_add_string(to, key, e->name(value));
	else
		json_add_number(to, key, value);
}

static void add_chars(struct json_object *to, const struct ptdbg_field *f,
		      const char *at)
{
	/* keys are not copied */
	const char *key = !strcmp(f->name, "comm") ? "comm_bytes" :
			  !strcmp(f->name, "name") ? "name_bytes" : "of_bytes";

	if (!json_add_text(to, f->name, at, strnlen(at, f->size)))
		json_add_bytes(to, key, at, f->size);
}

static void add_byte_array(struct json_object *to, const struct ptdbg_field *f,
			   const unsigned char *at)
{
	struct json_object *array = json_add_array(to, f->name);
	unsigned int i;

	for (i = 0; i < f->size; i++)
		json_add_number(array, NULL, at[i]);
}

static void add_struct(struct json_object *to, const struct ptdbg_trace *t,
		       const struct ptdbg_field *f, const void *at)
{
	const struct ptdbg_enum *e = find_enum(f->type);

	if (e)
		add_flags(to, f->name, e, read_number(at, f->size));
	else
		json_add_group(json_add_object(to, f->name), t,
			       find_group(f->type), at);
}

static void add_field(struct json_object *to, const struct ptdbg_trace *t,
		      const struct ptdbg_field *f, const void *at)
{
	switch (f->base) {
	case PTDBG_BASE_HEX:
		json_add_hex(to, f->name, read_number(at, f->size));
		break;
	case PTDBG_BASE_SIGNED:
		json_add_signed(to, f->name, read_signed(at, f->size));
		break;
	case PTDBG_BASE_BYTES:
		add_byte_array(to, f, at);
		break;
	case PTDBG_BASE_TEXT:
		add_chars(to, f, at);
		break;
	case PTDBG_BASE_ENUM:
		add_enum(to, f->name, find_enum(f->type),
			 read_number(at, f->size));
		break;
	case PTDBG_BASE_STRUCT:
		add_struct(to, t, f, at);
		break;
	default:
		json_add_number(to, f->name, read_number(at, f->size));
	}
}

/* Names of the bits of @flags */
static void add_names(struct json_object *to, const char *key, u64 flags,
		      const char *const *names, unsigned int n)
{
	struct json_object *array = json_add_array(to, key);
	unsigned int bit;

	for (; flags; flags &= flags - 1) {
		bit = __builtin_ctzll(flags);
		add_bit(array, bit < n ? names[bit] : NULL, bit);
	}
}

/* Above the flags of a page the kernel packs other things: those named count */
static void add_page_names(struct json_object *to, const struct ptdbg_trace *t,
			   const struct ptdbg_page *p)
{
	u64 named = 0;
	unsigned int i;

	for (i = 0; i < PTDBG_MAX_PG_FLAGS; i++) {
		if (t->pg_flag[i])
			named |= PTDBG_BIT(i);
	}
	add_names(to, "flag_names", p->flags & named, t->pg_flag,
		  PTDBG_MAX_PG_FLAGS);
	json_add_string(to, "zone_name", ptdbg_zone_name(t, p->zone));
}

static void add_access(struct json_object *to, u64 flags)
{
	const char text[] = {
		flags & 1 ? 'r' : '-', flags & 2 ? 'w' : '-',
		flags & 4 ? 'x' : '-', flags & 8 ? 's' : 'p', '\0',
	};

	json_add_string(to, "access_text", text);
}

void json_add_group(struct json_object *to, const struct ptdbg_trace *t,
		    const struct ptdbg_fields *group, const void *base)
{
	unsigned int i;

	for (i = 0; i < group->nr; i++) {
		if (!group->field[i].length)
			add_field(to, t, &group->field[i],
				  base + group->field[i].offset);
	}
	switch (group - ptdbg_groups) {
	case PTDBG_GROUP_VMA:
		add_access(to, ((const struct ptdbg_vma *)base)->flags);
		break;
	case PTDBG_GROUP_PAGE:
		add_page_names(to, t, base);
		break;
	case PTDBG_GROUP_TABLE:
		json_add_string(to, "zone_name",
				ptdbg_zone_name(t, ((const struct ptdbg_table *)base)->zone));
		break;
	}
}

void json_add_entry(struct json_object *to, const struct ptdbg_mode *m,
		    unsigned int level, u64 raw)
{
	static const char *const kinds[] = {
		[PTDBG_ENTRY_NONE] = "none",
		[PTDBG_ENTRY_TABLE] = "table",
		[PTDBG_ENTRY_LEAF] = "leaf",
		[PTDBG_ENTRY_NOT_PRESENT] = "not present",
		[PTDBG_ENTRY_BAD] = "bad",
	};
	struct ptdbg_entry e;
	char bits[512];

	json_add_hex(to, "entry", raw);
	/* a damaged or newer trace may have more levels than its mode */
	if (level >= m->levels)
		return;
	ptdbg_entry_decode(m, level, raw, &e);
	json_add_string(to, "kind", kinds[e.kind]);
	if (e.kind == PTDBG_ENTRY_TABLE || e.kind == PTDBG_ENTRY_LEAF)
		json_add_hex(to, "pfn", e.pfn);
	if (e.kind == PTDBG_ENTRY_LEAF)
		json_add_number(to, "order", e.order);
	if (e.kind != PTDBG_ENTRY_NONE) {
		ptdbg_entry_bits(m, level, raw, bits, sizeof(bits));
		json_add_string(to, "text", bits);
	}
}

/**
 * struct side - one of the two chains of a record, on its way down
 * @name: "before" or "after"
 * @entry: its entries
 * @n: number of them
 * @table: physical address of the table at hand
 */
struct side {
	const char *name;
	const u64 *entry;
	unsigned int n;
	u64 table;
};

static void add_side(struct json_object *to, const struct ptdbg_mode *m,
		     struct side *s, unsigned int level, u64 addr)
{
	struct json_object *o;
	struct ptdbg_entry e;

	if (level >= s->n)
		return;
	o = json_add_object(to, s->name);
	if (level < m->levels)
		json_add_hex(o, "address",
			     s->table + 8ULL * ptdbg_index(m, level, addr));
	json_add_entry(o, m, level, s->entry[level]);
	if (level < m->levels) {
		ptdbg_entry_decode(m, level, s->entry[level], &e);
		s->table = e.pfn << m->page_shift;
	}
}

static void add_level(struct json_object *levels, const struct ptdbg_trace *t,
		      const struct ptdbg_view *v, struct side *before,
		      struct side *after, unsigned int level)
{
	const struct ptdbg_mode *m = &t->layout.mode;
	struct json_object *o = json_add_object(levels, NULL), *table;
	u64 pfn = after->table >> m->page_shift;

	json_add_string(o, "level", ptdbg_level_name(m, level));
	if (level < m->levels)
		json_add_number(o, "index", ptdbg_index(m, level, v->r->addr));
	add_side(o, m, before, level, v->r->addr);
	add_side(o, m, after, level, v->r->addr);
	if (level >= after->n)
		return;
	table = json_add_object(o, "table");
	if (level < m->levels)
		json_add_hex(table, "pfn", pfn);
	json_add_group(table, t, &ptdbg_groups[PTDBG_GROUP_TABLE],
		       &v->table[level]);
	json_add_bool(table, "fresh", v->chain->fresh & PTDBG_BIT(level));
	json_add_bool(table, "made", v->chain->made & PTDBG_BIT(level));
	json_add_bool(table, "breach", v->chain->breach & PTDBG_BIT(level));
}

static void add_chain(struct json_object *to, const struct ptdbg_trace *t,
		      const struct ptdbg_view *v)
{
	struct side before = { "before", v->before, v->chain->before_n, v->chain->root };
	struct side after = { "after", v->after, v->chain->after_n, v->chain->root };
	struct json_object *chain = json_add_object(to, "chain"), *levels;
	unsigned int i;

	json_add_group(chain, t, &ptdbg_groups[PTDBG_GROUP_CHAIN], v->chain);
	levels = json_add_array(chain, "levels");
	for (i = 0; i < before.n || i < after.n; i++)
		add_level(levels, t, v, &before, &after, i);
}

/* The bits of PTDBG_RESULT_DIED have no other name */
static void add_fault_names(struct json_object *to, const struct ptdbg_fault *f)
{
	const char *name[32];
	unsigned int i;

	for (i = 0; i < 32; i++)
		name[i] = ptdbg_fault_flag_name(i);
	add_names(to, "flag_names", f->flags, name, 32);
	for (i = 0; i < 32; i++)
		name[i] = ptdbg_fault_result_name(i);
	name[__builtin_ctz(PTDBG_RESULT_DIED)] = "DIED";
	add_names(to, "result_names", f->result, name, 32);
}

static void add_explained(struct json_object *to, const struct ptdbg_layout *l,
			  const struct ptdbg_record *r)
{
	const struct ptdbg_oops *o = (const void *)r;
	struct json_object *array;
	u32 left = r->verdicts & (PTDBG_BIT(PTDBG_NR_VERDICTS) - 1);
	char text[512];

	if (!left && r->id != PTDBG_OOPS)
		return;
	array = json_add_array(to, "explained");
	if (r->id == PTDBG_OOPS) {
		ptdbg_explain_address(l, r->addr, text, sizeof(text));
		json_add_string(array, NULL, text);
	}
	if (r->id == PTDBG_OOPS && o->cause_id) {
		ptdbg_explain_cause(l, o, text, sizeof(text));
		json_add_string(array, NULL, text);
	}
	for (; left; left &= left - 1) {
		ptdbg_explain_verdict(l, r, __builtin_ctz(left), text,
				      sizeof(text));
		json_add_string(array, NULL, text);
	}
}

/* Without the address before it, which is a field of its own */
static void add_address_names(struct json_object *to, struct names *names,
			      const struct ptdbg_view *v, unsigned int page_shift)
{
	char buf[NAMES_MAX], hex[20];
	const char *name = names_ip(names, v->r, buf);

	if (name) {
		*put_text(put_hex(hex, v->r->ip), " ") = '\0';
		if (!strncmp(name, hex, strlen(hex)))
			name += strlen(hex);
		json_add_string(to, "ip_name", name);
	}
	name = names_data(names, v, page_shift, buf);
	if (name)
		json_add_string(to, "addr_name", name);
}

/* The fields of a type behind the head; a walk has those of a gup. */
static void add_body(struct json_object *to, const struct ptdbg_trace *t,
		     const struct ptdbg_view *v)
{
	unsigned int id = v->r->id == PTDBG_WALK ? PTDBG_GUP : v->r->id;
	const struct ptdbg_fields *g = find_group(ptdbg_type_name(id));
	const struct ptdbg_gup *gup = (const void *)v->r;
	const struct ptdbg_field *f;
	const void *at;
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		f = &g->field[i];
		at = (const char *)v->r + f->offset;
		if (at == v->chain)
			add_chain(to, t, v);
		else
			add_field(to, t, f, at);
	}
	if (id == PTDBG_FAULT)
		add_fault_names(to, (const void *)v->r);
	else if (id == PTDBG_GUP)
		add_names(to, "flag_names", gup->flags, t->foll, PTDBG_MAX_FOLL);
}

static void add_frames(struct json_object *to, const char *key, const u64 *frame,
		       unsigned int n)
{
	struct json_object *array = json_add_array(to, key);
	unsigned int i;

	for (i = 0; i < n; i++)
		json_add_hex(array, NULL, frame[i]);
}

/* As in CTF: a sequence of one */
static void add_stack(struct json_object *to, const struct ptdbg_trace *t,
		      struct names *names, const struct ptdbg_view *v)
{
	struct json_object *o, *array;
	char name[NAMES_MAX];
	const char *file;
	unsigned int i;

	if (!v->stack)
		return;
	o = json_add_object(json_add_array(to, "stack"), NULL);
	json_add_group(o, t, &ptdbg_groups[PTDBG_GROUP_STACK], v->stack);
	add_frames(o, "kernel", v->kernel, v->stack->kernel_n);
	add_frames(o, "user", v->user, v->stack->user_n);
	array = json_add_array(o, "kernel_names");
	for (i = 0; i < v->stack->kernel_n; i++)
		json_add_string(array, NULL, names_kernel(names, v->kernel[i],
							  name, sizeof(name)) ?
				name : "");
	array = json_add_array(o, "user_names");
	for (i = 0; i < v->stack->user_n; i++) {
		/* the address comes first */
		file = names_code(names, v->r, v->user[i], name);
		file = file ? strchr(file, ' ') : NULL;
		json_add_string(array, NULL, file ? file + 1 : "");
	}
}

static void add_regs(struct json_object *to, const struct ptdbg_trace *t,
		     struct names *names, const struct ptdbg_view *v)
{
	struct json_object *array, *o;
	char name[NAMES_MAX];
	unsigned int i;

	if (v->r->id != PTDBG_OOPS)
		return;
	array = json_add_array(to, "reg");
	for (i = 0; i < v->regs; i++) {
		o = json_add_object(array, NULL);
		json_add_group(o, t, &ptdbg_groups[PTDBG_GROUP_REG], &v->reg[i]);
		if (v->reg[i].kind == PTDBG_REG_CODE &&
		    names_address(names, v->reg[i].value, name, sizeof(name)))
			json_add_string(o, "value_name", name);
	}
}

static void begin(const struct reader *rd)
{
	(void)rd;
}

static void record(const struct reader *rd, struct names *names,
		   const struct event *e)
{
	const struct ptdbg_trace *t = &rd->meta.trace;
	const struct ptdbg_record *r = e->v.r;
	struct json_object *line = json_begin();
	char type[16];

	json_add_number(line, "cpu_id", e->cpu);
	snprintf(type, sizeof(type), "type%u", r->id);
	json_add_string(line, "type", e->known ? ptdbg_type_name(r->id) : type);
	json_add_group(line, t, &ptdbg_groups[PTDBG_GROUP_EVENT_HEADER], r);
	json_add_group(line, t, &ptdbg_groups[PTDBG_GROUP_EVENT_CONTEXT], r);
	add_address_names(line, names, &e->v, t->layout.mode.page_shift);
	if (e->known) {
		add_body(line, t, &e->v);
		add_stack(line, t, names, &e->v);
		add_regs(line, t, names, &e->v);
		add_explained(line, &t->layout, r);
	}
	json_line(line);
}

const struct output output_json = { begin, record };
