// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the knobs tables and walk answer, as JSON.  Of their text, what has a fixed
 * form is taken apart, and only that: the lines of table pages, and level, address
 * and value of entries, which are decoded anew.
 */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "json_knobs.h"

/* The name at *@at that is one of @e, with the blank behind it; NULL: none is. */
static const char *take_name(const char **at, const char *(*name)(unsigned int),
			     unsigned int nr)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < nr; i++) {
		n = strlen(name(i));
		if (!strncmp(*at, name(i), n) && (*at)[n] == ' ') {
			*at += n + 1;
			return name(i);
		}
	}
	return NULL;
}

/*
 * "PTE pfn 88420 DMA32 RAM table node 0 used 3/512 va 0-1fffff region "no rule"",
 * with " !region" or " !loop" behind it: put_page_line() in the module.
 */
bool json_table_line(const char *line)
{
	unsigned int node, used, entries;
	const char *at, *where, *type, *end;
	unsigned long long pfn, first, last;
	char level[8], zone[32];
	struct json_object *o;
	int n = 0;

	if (sscanf(line, "%7s pfn %llx %31s %n", level, &pfn, zone, &n) != 3 || !n)
		return false;
	at = line + n;
	where = take_name(&at, ptdbg_where_name, PTDBG_NR_WHERE);
	type = where ? take_name(&at, ptdbg_ptype_name, PTDBG_NR_PTYPES) : NULL;
	n = 0;
	if (!type || sscanf(at, "node %u used %u/%u va %llx-%llx region \"%n", &node,
			    &used, &entries, &first, &last, &n) != 5 || !n)
		return false;
	at += n;
	end = strchr(at, '"');
	if (!end)
		return false;
	o = json_begin();
	json_add_string(o, "level", level);
	json_add_hex(o, "pfn", pfn);
	if (strcmp(zone, "-"))
		json_add_string(o, "zone_name", zone);
	json_add_string(o, "where", where);
	json_add_string(o, "type", type);
	json_add_number(o, "node", node);
	json_add_number(o, "used", used);
	json_add_number(o, "entries", entries);
	json_add_hex(o, "first", first);
	json_add_hex(o, "last", last);
	json_add_text(o, "region", at, end - at);
	json_add_bool(o, "breach", strstr(end, " !region"));
	json_add_bool(o, "loop", strstr(end, " !loop"));
	json_line(o);
	return true;
}

/* "    PGD[0fe] @8203c7f0 0000000020c39c01 -> table 830e7 DMA32" */
static bool add_entry_line(struct json_object *levels, const struct ptdbg_mode *m,
			   const char *line)
{
	unsigned long long address, raw;
	struct json_object *o, *after;
	unsigned int index, i;
	char name[8];

	if (sscanf(line, " %7[A-Z0-9][%x] @%llx %16llx", name, &index, &address,
		   &raw) != 4)
		return false;
	for (i = 0; i < m->levels; i++) {
		if (!strcmp(name, ptdbg_level_name(m, i)))
			break;
	}
	o = json_add_object(levels, NULL);
	json_add_string(o, "level", name);
	json_add_number(o, "index", index);
	after = json_add_object(o, "after");
	json_add_hex(after, "address", address);
	json_add_entry(after, m, i, raw);
	return true;
}

void json_walk(const struct ptdbg_trace *t, u64 addr, char *text)
{
	struct json_object *o = json_begin(), *lines, *levels;
	char *line, *rest = text;

	json_add_string(o, "type", "walk");
	json_add_hex(o, "addr", addr);
	levels = json_add_array(json_add_object(o, "chain"), "levels");
	lines = json_add_array(o, "text");
	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		add_entry_line(levels, &t->layout.mode, line);
		json_add_string(lines, NULL, line);
	}
	json_line(o);
}
