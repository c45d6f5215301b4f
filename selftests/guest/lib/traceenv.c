// SPDX-License-Identifier: GPL-2.0-only
/*
 * The environment of the trace.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "traceenv.h"

char *trace_env(void)
{
	return need_file(PTDBG_DIR "/ctf/metadata");
}

const char *env_value(const char *text, const char *key)
{
	char line[64];
	const char *p;

	snprintf(line, sizeof(line), "\n\t%s = ", key);
	p = strstr(text, line);
	if (!p)
		die("the trace environment has no %s", key);
	p += strlen(line);
	return *p == '"' ? p + 1 : p;
}

unsigned int env_part(const char *value, const char *name)
{
	size_t n = strlen(name), len = strcspn(value, "\"\n");
	const char *p;

	for (p = value; p < value + len; p += strcspn(p, " \"") + 1) {
		if (!strncmp(p, name, n) && p[n] == ':')
			return strtoul(p + n + 1, NULL, 10);
	}
	return 0;
}

int trace_bit(const char *key, const char *name)
{
	char *text = trace_env(), word[64], *at, *end;
	int bit = -1;

	at = (char *)env_value(text, key);
	at[strcspn(at, "\"\n")] = '\0';
	snprintf(word, sizeof(word), ":%s", name);
	for (at = strtok(at, " "); at; at = strtok(NULL, " ")) {
		end = strchr(at, ':');
		if (end && !strcmp(end, word))
			bit = atoi(at);
	}
	free(text);
	return bit;
}
