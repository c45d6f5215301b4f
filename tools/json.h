/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON, an object a line, for the --json of every command.
 *
 * What is the same everywhere: addresses, pfns, entries and flags are texts in
 * hexadecimal ("0x3fbd117000"), as many readers of JSON keep numbers exact up to
 * 2^53 only; times are nanoseconds; the output is UTF-8, see json_add_text().
 *
 * json-c makes it (json.c, out_json.c).  In a build without it the functions
 * below are not there (weak), and json_ready() is asked before one is called.
 */
#ifndef PTDBG_JSON_H
#define PTDBG_JSON_H

#include "core/fields.h"
#include "output.h"
#include "say.h"

#ifndef HAVE_JSON
#pragma weak json_begin
#pragma weak json_line
#pragma weak json_add_object
#pragma weak json_add_array
#pragma weak json_add_number
#pragma weak json_add_signed
#pragma weak json_add_hex
#pragma weak json_add_bool
#pragma weak json_add_text
#pragma weak json_add_string
#pragma weak json_add_bytes
#pragma weak json_add_group
#pragma weak json_add_entry
#pragma weak output_json
#endif

struct json_object;

/* Can this build make JSON?  False with a sentence that says how it could. */
static inline bool json_ready(void)
{
#ifdef HAVE_JSON
	return true;
#else
	say("no JSON in this build: install libjson-c-dev and build it again, not static");
	return false;
#endif
}

/* A line in the making; json_line() writes it and frees it. */
struct json_object *json_begin(void);
void json_line(struct json_object *line);

/*
 * Each adds a value to an object, as @key, or to the end of an array, for which
 * @key is NULL.  @key is not copied.
 */
struct json_object *json_add_object(struct json_object *to, const char *key);
struct json_object *json_add_array(struct json_object *to, const char *key);
void json_add_number(struct json_object *to, const char *key, u64 value);
void json_add_signed(struct json_object *to, const char *key, long long value);
void json_add_hex(struct json_object *to, const char *key, u64 value);
void json_add_bool(struct json_object *to, const char *key, bool value);

/**
 * json_add_text() - add a text that may hold any bytes
 * @to: object or array
 * @key: of the object
 * @text: characters
 * @n: number of bytes
 *
 * Each byte that is no part of a character in UTF-8 is shown as U+FFFD.
 *
 * Return: true; false when there was such a byte.
 */
bool json_add_text(struct json_object *to, const char *key, const char *text,
		   size_t n);
void json_add_string(struct json_object *to, const char *key, const char *text);

/* Each byte of something, as two hexadecimal digits; up to 32 of them. */
void json_add_bytes(struct json_object *to, const char *key, const void *bytes,
		    size_t n);

/**
 * json_add_group() - add the fields of a struct, by their names in the trace
 * @to: object
 * @t: trace
 * @group: the struct
 * @base: where it begins, in the form of the C struct
 */
void json_add_group(struct json_object *to, const struct ptdbg_trace *t,
		    const struct ptdbg_fields *group, const void *base);

/* What a page-table entry means: "entry", "kind", "pfn", "text", ... */
void json_add_entry(struct json_object *to, const struct ptdbg_mode *m,
		    unsigned int level, u64 raw);

/* Records, an object a line: output.h. */
extern const struct output output_json;

#endif /* PTDBG_JSON_H */
