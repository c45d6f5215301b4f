// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the metadata that ptdbg writes; it is no parser for TSDL.  The checksum
 * of the last line says that the text is whole, PTDBG_ABI that the records are
 * as this reader knows them; then the environment makes the struct ptdbg_trace.
 */
#include <string.h>

#include "core/sum.h"
#include "meta.h"
#include "number.h"

#define SUM_LINE	(sizeof("/* sum 0123456789abcdef */\n") - 1)

/* Is the last line there, and is it right? */
static bool whole(const char *text, size_t bytes)
{
	char line[SUM_LINE + 1];
	size_t n;

	if (bytes < SUM_LINE || strlen(text) != bytes)
		return false;
	n = bytes - SUM_LINE;
	snprintf(line, sizeof(line), PTDBG_METADATA_SUM "\n",
		 ptdbg_sum(PTDBG_SUM_START, text, n));
	return !strcmp(text + n, line);
}

/* What goes to a terminal has no control characters. */
static void clean(char *text)
{
	for (; *text; text++) {
		if ((u8)*text < ' ' || *text == 0x7f)
			*text = '?';
	}
}

/* Take the quotes and escapes out of a value, in place. */
static char *unquote(char *value)
{
	char *to = value, *from = value + 1;

	for (; *from && *from != '"'; from++) {
		if (*from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return value;
}

/* Lines of "\tkey = value;" between "env {" and "};" */
static void read_env(struct meta *m, char *at)
{
	char *line, *value, *end;

	while (*at && strncmp(at, "};", 2)) {
		line = at;
		at += strcspn(at, "\n");
		if (*at)
			*at++ = '\0';
		value = strstr(line, " = ");
		end = line + strlen(line);
		if (!value || *line != '\t' || end[-1] != ';' ||
		    m->nr_env == META_MAX_ENV)
			continue;
		end[-1] = '\0';
		*value = '\0';
		value += 3;
		clean(value);
		m->env[m->nr_env].key = line + 1;
		m->env[m->nr_env++].value = *value == '"' ? unquote(value) : value;
	}
}

/* The value of @key; "" if there is none. */
static char *env_text(const struct meta *m, const char *key)
{
	unsigned int i;

	for (i = 0; i < m->nr_env; i++) {
		if (!strcmp(m->env[i].key, key))
			return (char *)m->env[i].value;
	}
	return "";
}

/* Numbers that are not there, or too big, count as 0. */
static u64 env_number(const struct meta *m, const char *key, u64 max)
{
	u64 value = 0;

	parse_number(env_text(m, key), 10, max, NULL, &value);
	return value;
}

static u64 env_hex(const struct meta *m, const char *key)
{
	u64 value = 0;

	parse_number(env_text(m, key), 16, ~0ULL, NULL, &value);
	return value;
}

/* "KEY = NUMBER;" somewhere outside of the environment */
static u64 number_after(const char *text, const char *key)
{
	const char *at = strstr(text, key);
	u64 value = 0;

	if (at)
		parse_number(at + strlen(key), 10, ~0ULL, &at, &value);
	return value;
}

static bool read_uuid(struct meta *m)
{
	const char *at = strstr(m->text, "uuid = \"");
	unsigned int i;
	char pair[3];
	u64 value;

	if (!at)
		return false;
	at += 8;
	for (i = 0; i < sizeof(m->uuid); i++) {
		if (*at == '-')
			at++;
		memcpy(pair, at, 2);
		pair[2] = '\0';
		if (!pair[0] || !parse_number(pair, 16, 255, NULL, &value))
			return false;
		m->uuid[i] = value;
		at += 2;
	}
	return true;
}

/* Cut off the word at *@at, separated by @sep; false at the end. */
static bool next_word(char **at, const char *sep, char **word)
{
	*word = strsep(at, sep);
	return *word && **word;
}

/* "0:DMA 2:Normal" */
static void read_names(const struct meta *m, const char *key,
		       const char **names, unsigned int max)
{
	char *at = env_text(m, key), *word;
	const char *end;
	u64 i;

	while (next_word(&at, " ", &word)) {
		if (parse_number(word, 10, max - 1, &end, &i) && *end == ':')
			names[i] = end + 1;
	}
}

/* "NAME:NUMBER NAME:NUMBER", names by @name, numbers of a byte */
static void read_bytes(const struct meta *m, const char *key,
		       const char *(*name)(unsigned int), unsigned int max,
		       u8 *to)
{
	char *at = env_text(m, key), *word, *colon;
	unsigned int i;
	u64 value;

	while (next_word(&at, " ", &word)) {
		colon = strchr(word, ':');
		if (!colon || !parse_number(colon + 1, 10, 255, NULL, &value))
			continue;
		*colon = '\0';
		for (i = 0; i < max; i++) {
			if (!strcmp(word, name(i)))
				to[i] = value;
		}
	}
}

static void read_swap(const struct meta *m, struct ptdbg_swap *s)
{
	const struct {
		const char *name;
		u8 *to, *second;	/* "name:to" or "name:to+second" */
	} fields[] = {
		{ "type", &s->type_shift, &s->type_bits },
		{ "offset", &s->offset_shift, &s->offset_bits },
		{ "inverted", &s->inverted, NULL },
		{ "pfn_bits", &s->pfn_bits, NULL },
		{ "young_dirty", &s->young_dirty, NULL },
		{ "exclusive", &s->exclusive, NULL },
		{ "soft_dirty", &s->soft_dirty, NULL },
		{ "uffd_wp", &s->uffd_wp, NULL },
		{ "markers", &s->markers, NULL },
		{ "files", &s->files, NULL },
	};
	char *at = env_text(m, "swap"), *word, *colon;
	const char *end;
	unsigned int i;
	u64 value;

	while (next_word(&at, " ", &word)) {
		colon = strchr(word, ':');
		if (!colon || !parse_number(colon + 1, 10, 63, &end, &value))
			continue;
		*colon = '\0';
		for (i = 0; i < ARRAY_SIZE(fields); i++) {
			if (strcmp(word, fields[i].name))
				continue;
			*fields[i].to = value;
			if (fields[i].second && *end == '+' &&
			    parse_number(end + 1, 10, 63, NULL, &value))
				*fields[i].second = value;
		}
	}
	read_bytes(m, "swap_types", ptdbg_swapkind_name, PTDBG_SWAP_UNKNOWN,
		   s->type);
}

static bool read_mode(const struct meta *m, struct ptdbg_mode *mode)
{
	const char *name = env_text(m, "architecture");
	unsigned int arch;

	for (arch = 0; arch < PTDBG_NR_ARCHES; arch++) {
		if (!strcmp(name, ptdbg_arch_name(arch)))
			break;
	}
	if (!ptdbg_mode_init(mode, arch, env_number(m, "page_shift", 16),
			     env_number(m, "va_bits", 64),
			     env_number(m, "lpa2", 1)))
		return false;
	mode->phys_bits = env_number(m, "phys_bits", 64);
	mode->enc_mask = env_hex(m, "enc_mask");
	mode->enc_shared = env_number(m, "enc_shared", 1);
	mode->rsw60t59 = env_number(m, "rsw60t59", 1);
	mode->soft.invalid = env_hex(m, "invalid_bits");
	mode->soft.invalid_huge = env_hex(m, "invalid_bits_huge");
	memset(mode->soft.bit, 0, sizeof(mode->soft.bit));
	read_bytes(m, "software_bits", ptdbg_softbit_name, PTDBG_NR_SOFT,
		   mode->soft.bit);
	read_swap(m, &mode->soft.swap);
	return true;
}

/* "first-last:class,first-last:class" */
static void read_areas(const struct meta *m, struct ptdbg_layout *l)
{
	char *at = env_text(m, "areas"), *word;
	struct ptdbg_area *a;
	const char *end;
	unsigned int i;

	while (next_word(&at, ",", &word) && l->nr_areas < PTDBG_MAX_AREAS) {
		a = &l->area[l->nr_areas];
		if (!parse_range(word, &end, &a->first, &a->last) || *end != ':')
			continue;
		for (i = 0; i < PTDBG_NR_CLASSES; i++) {
			if (!strcmp(end + 1, ptdbg_class_name(i)))
				a->class = i;
		}
		l->nr_areas++;
	}
}

static void read_layout(const struct meta *m, struct ptdbg_layout *l)
{
	char *at, *word;
	const char *end;
	u64 offset;

	l->page_size = env_number(m, "struct_page_size", 4096);
	l->vmemmap_pfn0 = env_hex(m, "vmemmap");
	l->direct = env_hex(m, "direct_map");
	l->direct_phys = env_hex(m, "direct_map_phys");
	read_areas(m, l);
	at = env_text(m, "ram_pfns");
	while (next_word(&at, " ", &word) && l->nr_ram < PTDBG_MAX_RAM) {
		if (parse_range(word, NULL, &l->ram[l->nr_ram].first,
				&l->ram[l->nr_ram].last))
			l->nr_ram++;
	}
	at = env_text(m, "struct_page_members");
	while (next_word(&at, " ", &word) && l->nr_members < PTDBG_MAX_MEMBERS) {
		if (!parse_number(word, 16, 4095, &end, &offset) || *end != ':')
			continue;
		l->member[l->nr_members].offset = offset;
		l->member[l->nr_members++].name = end + 1;
	}
}

const char *meta_parse(struct meta *m, size_t bytes)
{
	struct ptdbg_trace *t = &m->trace;
	static char why[160];
	char *env;
	u64 abi;

	memset(t, 0, sizeof(*t));
	m->nr_env = 0;
	env = strstr(m->text, "\nenv {\n");
	if (!env || !strstr(env, "\ttracer_name = \"ptdbg\";\n"))
		return "it is no trace of ptdbg";
	abi = number_after(env, "\tptdbg_abi = ");
	if (abi && abi != PTDBG_ABI) {
		snprintf(why, sizeof(why),
			 "it was recorded by a%s ptdbg (records of form %llu), and this one reads form %u",
			 abi > PTDBG_ABI ? " newer" : "n older", abi, PTDBG_ABI);
		return why;
	}
	if (!whole(m->text, bytes))
		return "it is damaged: its checksum does not fit";
	m->clock_offset = number_after(env, "\toffset_s = ") * 1000000000 +
			  number_after(env, "\toffset = ");
	if (!read_uuid(m))
		return "it has no UUID";
	read_env(m, env + strlen("\nenv {\n"));
	if (!read_mode(m, &t->layout.mode)) {
		snprintf(why, sizeof(why),
			 "this ptdbg does not know %.32s with the paging mode %.32s",
			 env_text(m, "architecture"), env_text(m, "paging_mode"));
		return why;
	}
	snprintf(t->release, sizeof(t->release), "%s", env_text(m, "kernel_release"));
	snprintf(t->version, sizeof(t->version), "%s", env_text(m, "tracer_version"));
	read_layout(m, &t->layout);
	read_names(m, "zones", t->zone, PTDBG_MAX_ZONES);
	read_names(m, "page_flags", t->pg_flag, PTDBG_MAX_PG_FLAGS);
	read_names(m, "foll_flags", t->foll, PTDBG_MAX_FOLL);
	t->ring_packets = env_number(m, "ring_packets", ~0U);
	return NULL;
}
