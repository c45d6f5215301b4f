// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CTF 1.8 metadata of a trace: the Trace Stream Description Language text
 * that lets any CTF reader take the ring apart, and the environment from which
 * a reader of ours makes the struct ptdbg_trace again.
 *
 * Common Trace Format 1.8.3: section 5 (packets), 6 (events), 7 (TSDL).  Every
 * integer is naturally aligned, but for those of the event context, so that the
 * C structs and TSDL agree.
 */
#include "fields.h"
#include "metadata.h"
#include "sum.h"
#include "text.h"

static void put_uuid(struct ptdbg_text *t, const u8 uuid[16])
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		ptdbg_put(t, "%s%02x",
			  i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			  uuid[i]);
}

static void put_integers(struct ptdbg_text *t)
{
	unsigned int bits;

	for (bits = 8; bits <= 64; bits *= 2) {
		ptdbg_put(t, "typealias integer { size = %u; align = %u; ", bits,
			  bits);
		ptdbg_put(t, "signed = false; } := uint%u_t;\n", bits);
		ptdbg_put(t, "typealias integer { size = %u; align = %u; ", bits,
			  bits);
		ptdbg_put(t, "signed = false; base = hex; } := hex%u_t;\n", bits);
	}
	ptdbg_put(t, "typealias integer { size = 1; align = 1; ");
	ptdbg_put(t, "signed = false; } := bit_t;\n");
	for (bits = 8; bits <= 32; bits *= 4) {
		ptdbg_put(t, "typealias integer { size = %u; align = %u; ", bits,
			  bits);
		ptdbg_put(t, "signed = true; } := int%u_t;\n", bits);
	}
	ptdbg_put(t, "typealias integer { size = 8; align = 8; ");
	ptdbg_put(t, "signed = false; encoding = UTF8; } := char_t;\n\n");
}

static void put_clock(struct ptdbg_text *t, u64 offset)
{
	/* In two parts: some readers keep the second one signed */
	ptdbg_put(t, "clock {\n\tname = monotonic;\n");
	ptdbg_put(t, "\tdescription = \"CLOCK_MONOTONIC\";\n");
	ptdbg_put(t, "\tfreq = 1000000000;\n\toffset_s = %llu;\n",
		  offset / 1000000000);
	ptdbg_put(t, "\toffset = %llu;\n};\n\n", offset % 1000000000);
	ptdbg_put(t, "typealias integer { size = 64; align = 64; ");
	ptdbg_put(t, "signed = false; map = clock.monotonic.value; } ");
	ptdbg_put(t, ":= timestamp_t;\n\n");
}

/* A text between quotes: TSDL has the escapes of C */
static void put_quoted(struct ptdbg_text *t, const char *s)
{
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			ptdbg_put(t, "\\%c", *s);
		else
			ptdbg_put(t, "%c", *s >= ' ' && *s < 0x7f ? *s : '?');
	}
}

static void put_env_text(struct ptdbg_text *t, const char *key, const char *s)
{
	ptdbg_put(t, "\t%s = \"", key);
	put_quoted(t, s);
	ptdbg_put(t, "\";\n");
}

/* "0:DMA 2:Normal": names by index, where there is one */
static void put_env_names(struct ptdbg_text *t, const char *key,
			  const char *const *names, unsigned int n)
{
	const char *sep = "";
	unsigned int i;

	ptdbg_put(t, "\t%s = \"", key);
	for (i = 0; i < n; i++) {
		if (!names[i])
			continue;
		ptdbg_put(t, "%s%u:", sep, i);
		put_quoted(t, names[i]);
		sep = " ";
	}
	ptdbg_put(t, "\";\n");
}

/* The numbers of struct ptdbg_swap, by the names of its members */
static void put_env_swap(struct ptdbg_text *t, const struct ptdbg_swap *s)
{
	const char *sep = "";
	unsigned int i;

	ptdbg_put(t, "\tswap = \"type:%u+%u offset:%u+%u inverted:%u ",
		  s->type_shift, s->type_bits, s->offset_shift, s->offset_bits,
		  s->inverted);
	ptdbg_put(t, "pfn_bits:%u young_dirty:%u exclusive:%u ", s->pfn_bits,
		  s->young_dirty, s->exclusive);
	ptdbg_put(t, "soft_dirty:%u uffd_wp:%u markers:%u files:%u\";\n",
		  s->soft_dirty, s->uffd_wp, s->markers, s->files);
	ptdbg_put(t, "\tswap_types = \"");
	for (i = 0; i < PTDBG_SWAP_UNKNOWN; i++) {
		if (!s->type[i])
			continue;
		ptdbg_put(t, "%s%s:%u", sep, ptdbg_swapkind_name(i), s->type[i]);
		sep = " ";
	}
	ptdbg_put(t, "\";\n");
}

/* What Linux keeps in software's bits: struct ptdbg_soft */
static void put_env_soft(struct ptdbg_text *t, const struct ptdbg_soft *s)
{
	const char *sep = "";
	unsigned int i;

	ptdbg_put(t, "\tinvalid_bits = \"%llx\";\n", s->invalid);
	ptdbg_put(t, "\tinvalid_bits_huge = \"%llx\";\n", s->invalid_huge);
	ptdbg_put(t, "\tsoftware_bits = \"");
	for (i = 0; i < PTDBG_NR_SOFT; i++) {
		if (!s->bit[i])
			continue;
		ptdbg_put(t, "%s%s:%u", sep, ptdbg_softbit_name(i), s->bit[i]);
		sep = " ";
	}
	ptdbg_put(t, "\";\n");
	put_env_swap(t, &s->swap);
}

static void put_env_mode(struct ptdbg_text *t, const struct ptdbg_mode *m)
{
	unsigned int i;

	put_env_text(t, "architecture", ptdbg_arch_name(m->arch));
	put_env_text(t, "paging_mode", m->title);
	ptdbg_put(t, "\tlevels = %u;\n\tva_bits = %u;\n\tpage_shift = %u;\n",
		  m->levels, m->va_bits, m->page_shift);
	ptdbg_put(t, "\tlpa2 = %u;\n", m->lpa2);
	ptdbg_put(t, "\tphys_bits = %u;\n\tenc_mask = \"%llx\";\n", m->phys_bits,
		  m->enc_mask);
	ptdbg_put(t, "\tenc_shared = %u;\n\trsw60t59 = %u;\n", m->enc_shared,
		  m->rsw60t59);
	ptdbg_put(t, "\tlevel_names = \"");
	for (i = 0; i < m->levels && i < PTDBG_MAX_LEVELS; i++)
		ptdbg_put(t, "%s%s", i ? " " : "", ptdbg_level_name(m, i));
	ptdbg_put(t, "\";\n\tlevel_shifts = \"");
	for (i = 0; i < m->levels && i < PTDBG_MAX_LEVELS; i++)
		ptdbg_put(t, "%s%u", i ? " " : "", m->shift[i]);
	ptdbg_put(t, "\";\n\tlevel_bits = \"");
	for (i = 0; i < m->levels && i < PTDBG_MAX_LEVELS; i++)
		ptdbg_put(t, "%s%u", i ? " " : "", m->bits[i]);
	ptdbg_put(t, "\";\n");
	put_env_soft(t, &m->soft);
}

/* Addresses are text: the integers of an environment are signed */
static void put_env_layout(struct ptdbg_text *t, const struct ptdbg_layout *l)
{
	unsigned int i;

	put_env_mode(t, &l->mode);
	ptdbg_put(t, "\tstruct_page_size = %u;\n", l->page_size);
	ptdbg_put(t, "\tvmemmap = \"%016llx\";\n", l->vmemmap_pfn0);
	ptdbg_put(t, "\tdirect_map = \"%016llx\";\n", l->direct);
	ptdbg_put(t, "\tdirect_map_phys = \"%llx\";\n", l->direct_phys);
	ptdbg_put(t, "\tareas = \"");
	for (i = 0; i < l->nr_areas && i < PTDBG_MAX_AREAS; i++)
		ptdbg_put(t, "%s%llx-%llx:%s", i ? "," : "", l->area[i].first,
			  l->area[i].last, ptdbg_class_name(l->area[i].class));
	ptdbg_put(t, "\";\n\tram_pfns = \"");
	for (i = 0; i < l->nr_ram && i < PTDBG_MAX_RAM; i++)
		ptdbg_put(t, "%s%llx-%llx", i ? " " : "", l->ram[i].first,
			  l->ram[i].last);
	ptdbg_put(t, "\";\n\tstruct_page_members = \"");
	for (i = 0; i < l->nr_members && i < PTDBG_MAX_MEMBERS; i++) {
		ptdbg_put(t, "%s%x:", i ? " " : "", l->member[i].offset);
		put_quoted(t, l->member[i].name);
	}
	ptdbg_put(t, "\";\n");
}

static void put_env(struct ptdbg_text *t, const struct ptdbg_trace *tr)
{
	ptdbg_put(t, "env {\n\tdomain = \"kernel\";\n");
	ptdbg_put(t, "\ttracer_name = \"ptdbg\";\n");
	put_env_text(t, "tracer_version", tr->version);
	ptdbg_put(t, "\tptdbg_abi = %u;\n", PTDBG_ABI);
	put_env_text(t, "kernel_release", tr->release);
	put_env_layout(t, &tr->layout);
	put_env_names(t, "zones", tr->zone, ARRAY_SIZE(tr->zone));
	put_env_names(t, "page_flags", tr->pg_flag, ARRAY_SIZE(tr->pg_flag));
	put_env_names(t, "foll_flags", tr->foll, ARRAY_SIZE(tr->foll));
	ptdbg_put(t, "\tring_packets = %u;\n", tr->ring_packets);
	ptdbg_put(t, "};\n\n");
}

/*
 * Flags are a struct of single bits: a TSDL enumeration gives a name to a value,
 * and readers do not agree on what it says of two bits at once.
 */
static void put_flags(struct ptdbg_text *t, const struct ptdbg_enum *e)
{
	const char *name;
	unsigned int i;

	ptdbg_put(t, "struct %s {\n", e->type);
	for (i = e->first; i < e->end; i++) {
		ptdbg_put(t, "\tbit_t ");
		for (name = e->name(i); *name; name++)
			ptdbg_put(t, "%c", *name == ' ' ? '_' : *name);
		ptdbg_put(t, ";\n");
	}
	ptdbg_put(t, "\tinteger { size = %u; align = 1; } unused;\n",
		  e->size * 8 - e->end);
	ptdbg_put(t, "};\n\n");
}

static void put_enum(struct ptdbg_text *t, const struct ptdbg_enum *e)
{
	unsigned int i;

	if (e->flags) {
		put_flags(t, e);
		return;
	}
	ptdbg_put(t, "enum %s : uint%u_t {\n", e->type, e->size * 8);
	for (i = e->first; i < e->end; i++)
		ptdbg_put(t, "\t\"%s\" = %u,\n", e->name(i), i);
	ptdbg_put(t, "};\n\n");
}

/* A number whose alignment is less than its size, so that no alias is for it */
static void put_unaligned(struct ptdbg_text *t, const struct ptdbg_field *f,
			  unsigned int align)
{
	ptdbg_put(t, "integer { size = %u; align = %u; signed = false; ",
		  f->size * 8, align);
	ptdbg_put(t, "base = %s; } %s;\n",
		  f->base == PTDBG_BASE_HEX ? "hex" : "dec", f->name);
}

static void put_field(struct ptdbg_text *t, const struct ptdbg_field *f)
{
	unsigned int bits = f->size * 8;

	switch (f->base) {
	case PTDBG_BASE_HEX:
		ptdbg_put(t, "hex%u_t %s", bits, f->name);
		break;
	case PTDBG_BASE_SIGNED:
		ptdbg_put(t, "int%u_t %s", bits, f->name);
		break;
	case PTDBG_BASE_TIME:
		ptdbg_put(t, "timestamp_t %s", f->name);
		break;
	case PTDBG_BASE_BYTES:
		ptdbg_put(t, "uint8_t %s[%u]", f->name, f->size);
		break;
	case PTDBG_BASE_TEXT:
		ptdbg_put(t, "char_t %s[%u]", f->name, f->size);
		break;
	case PTDBG_BASE_ENUM:
		ptdbg_put(t, "enum %s %s", f->type, f->name);
		break;
	case PTDBG_BASE_STRUCT:
		ptdbg_put(t, "struct %s %s", f->type, f->name);
		break;
	default:
		ptdbg_put(t, "uint%u_t %s", bits, f->name);
	}
	if (f->length)
		ptdbg_put(t, "[%s]", f->length);
	ptdbg_put(t, ";\n");
}

static void put_group(struct ptdbg_text *t, enum ptdbg_group group,
		      const char *indent)
{
	const struct ptdbg_fields *g = &ptdbg_groups[group];
	const struct ptdbg_field *f;
	/*
	 * A CTF struct is aligned as its widest member, and must not be moved by
	 * that from where the C struct has it: the event context starts at 10.
	 */
	unsigned int start = g->start % 8;
	unsigned int align = start ? (start & -start) * 8 : 64;
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		f = &g->field[i];
		ptdbg_put(t, "%s", indent);
		if (f->size * 8 > align && f->base <= PTDBG_BASE_HEX)
			put_unaligned(t, f, align);
		else
			put_field(t, f);
	}
}

static void put_scope(struct ptdbg_text *t, enum ptdbg_group group)
{
	ptdbg_put(t, "\t%s := struct {\n", ptdbg_groups[group].name);
	put_group(t, group, "\t\t");
	ptdbg_put(t, "\t};\n");
}

static void put_struct(struct ptdbg_text *t, enum ptdbg_group group)
{
	ptdbg_put(t, "struct %s {\n", ptdbg_groups[group].name);
	put_group(t, group, "\t");
	ptdbg_put(t, "};\n\n");
}

static void put_event(struct ptdbg_text *t, unsigned int id,
		      enum ptdbg_group group)
{
	ptdbg_put(t, "event {\n\tname = \"%s\";\n\tid = %u;\n\tstream_id = 0;\n",
		  ptdbg_groups[group].name, id);
	ptdbg_put(t, "\tfields := struct {\n");
	put_group(t, group, "\t\t");
	put_group(t, PTDBG_GROUP_ENTRIES, "\t\t");
	if (id == PTDBG_OOPS)
		put_group(t, PTDBG_GROUP_REGISTERS, "\t\t");
	ptdbg_put(t, "\t};\n};\n\n");
}

size_t ptdbg_metadata(const struct ptdbg_trace *t, const u8 uuid[16],
		      u64 clock_offset, char *buf, size_t size)
{
	struct ptdbg_text text;
	unsigned int i;
	u64 sum;

	ptdbg_text_init(&text, buf, size);
	/* Readers know the text form by these first bytes: section 7.1 */
	ptdbg_put(&text, "/* CTF 1.8 */\n\n");
	put_integers(&text);
	ptdbg_put(&text, "trace {\n\tmajor = 1;\n\tminor = 8;\n\tuuid = \"");
	put_uuid(&text, uuid);
	ptdbg_put(&text, "\";\n\tbyte_order = le;\n");
	put_scope(&text, PTDBG_GROUP_PACKET_HEADER);
	ptdbg_put(&text, "};\n\n");
	put_env(&text, t);
	put_clock(&text, clock_offset);
	for (i = 0; i < PTDBG_NR_ENUMS; i++)
		put_enum(&text, &ptdbg_enums[i]);
	for (i = PTDBG_GROUP_VMA; i <= PTDBG_GROUP_STACK; i++)
		put_struct(&text, i);
	ptdbg_put(&text, "stream {\n\tid = 0;\n");
	put_scope(&text, PTDBG_GROUP_PACKET_CONTEXT);
	put_scope(&text, PTDBG_GROUP_EVENT_HEADER);
	put_scope(&text, PTDBG_GROUP_EVENT_CONTEXT);
	ptdbg_put(&text, "};\n\n");
	put_event(&text, PTDBG_FAULT, PTDBG_GROUP_FAULT);
	put_event(&text, PTDBG_GUP, PTDBG_GROUP_GUP);
	put_event(&text, PTDBG_SIG, PTDBG_GROUP_SIG);
	put_event(&text, PTDBG_OOPS, PTDBG_GROUP_OOPS);
	put_event(&text, PTDBG_FREE, PTDBG_GROUP_FREE);
	sum = ptdbg_sum(PTDBG_SUM_START, buf, text.len);
	ptdbg_put(&text, PTDBG_METADATA_SUM "\n", sum);
	return text.len;
}
