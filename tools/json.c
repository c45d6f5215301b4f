// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects and arrays of JSON, by json-c.  What memory does not suffice for must
 * not be missing in silence: then nothing of the line is written.
 */
#include <json-c/json.h>
#include <stdlib.h>

#include "json.h"
#include "out.h"

/* U+FFFD, the replacement character */
#define REPLACEMENT	"\xef\xbf\xbd"

/* A part of the line at hand could not be made. */
static bool incomplete;

static struct json_object *add(struct json_object *to, const char *key,
			       struct json_object *value)
{
	int err;

	if (!to || !value)
		err = -1;
	else if (key)
		err = json_object_object_add_ex(to, key, value,
						JSON_C_OBJECT_ADD_KEY_IS_NEW |
						JSON_C_OBJECT_ADD_CONSTANT_KEY);
	else
		err = json_object_array_add(to, value);
	if (!err)
		return value;
	json_object_put(value);
	incomplete = true;
	return NULL;
}

struct json_object *json_begin(void)
{
	return json_object_new_object();
}

void json_line(struct json_object *line)
{
	const char *text = NULL;
	size_t n;

	if (line && !incomplete)
		text = json_object_to_json_string_length(line,
							 JSON_C_TO_STRING_PLAIN |
							 JSON_C_TO_STRING_NOSLASHESCAPE,
							 &n);
	if (text) {
		out_bytes(text, n);
		out_bytes("\n", 1);
	} else if (!out.failed) {
		say("no memory for a line of JSON");
		out.failed = true;
	}
	json_object_put(line);
}

struct json_object *json_add_object(struct json_object *to, const char *key)
{
	return add(to, key, json_object_new_object());
}

struct json_object *json_add_array(struct json_object *to, const char *key)
{
	return add(to, key, json_object_new_array());
}

void json_add_number(struct json_object *to, const char *key, u64 value)
{
	add(to, key, json_object_new_uint64(value));
}

void json_add_signed(struct json_object *to, const char *key, long long value)
{
	add(to, key, json_object_new_int64(value));
}

void json_add_hex(struct json_object *to, const char *key, u64 value)
{
	char text[2 + 16] = "0x";

	add(to, key, json_object_new_string_len(text, put_hex(text + 2, value) - text));
}

void json_add_bool(struct json_object *to, const char *key, bool value)
{
	add(to, key, json_object_new_boolean(value));
}

/*
 * Bytes of the character at @s, 0 when it is none: The Unicode Standard, table
 * 3-7, "Well-Formed UTF-8 Byte Sequences".
 */
static size_t utf8_length(const unsigned char *s, size_t n)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t more, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	more = s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
	if (more >= n)
		return 0;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	for (i = 1; i <= more; i++) {
		if (s[i] < low || s[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return more + 1;
}

/* Bytes at the beginning that are UTF-8 */
static size_t utf8_prefix(const char *text, size_t n)
{
	size_t at = 0, one;

	while (at < n) {
		one = utf8_length((const unsigned char *)text + at, n - at);
		if (!one)
			break;
		at += one;
	}
	return at;
}

bool json_add_text(struct json_object *to, const char *key, const char *text,
		   size_t n)
{
	size_t good = utf8_prefix(text, n);
	char *clean, *p;

	if (good == n) {
		add(to, key, json_object_new_string_len(text, n));
		return true;
	}
	clean = malloc(n * strlen(REPLACEMENT));
	for (p = clean; clean && n; good = utf8_prefix(text, n)) {
		memcpy(p, text, good);
		p += good;
		text += good;
		n -= good;
		if (!n)
			break;
		p = put_text(p, REPLACEMENT);
		text++;
		n--;
	}
	add(to, key, clean ? json_object_new_string_len(clean, p - clean) : NULL);
	free(clean);
	return false;
}

void json_add_string(struct json_object *to, const char *key, const char *text)
{
	json_add_text(to, key, text, strlen(text));
}

void json_add_bytes(struct json_object *to, const char *key, const void *bytes,
		    size_t n)
{
	const unsigned char *from = bytes;
	char text[64];
	size_t i;

	n = n < sizeof(text) / 2 ? n : sizeof(text) / 2;
	for (i = 0; i < 2 * n; i++)
		text[i] = "0123456789abcdef"[from[i / 2] >> (i % 2 ? 0 : 4) & 15];
	add(to, key, json_object_new_string_len(text, 2 * n));
}
