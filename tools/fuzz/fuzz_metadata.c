// SPDX-License-Identifier: GPL-2.0-only
/*
 * The metadata of a trace.  What is understood must come out the same when it
 * is written and understood once more.
 */
#include "core/sum.h"
#include "fuzz.h"
#include "meta.h"

/* Understand @text; with @whole its checksum is made to fit.  False: refused. */
static bool understand(struct meta *m, const char *text, size_t bytes, bool whole)
{
	char line[64];
	size_t n;

	if (bytes > sizeof(m->text) - sizeof(line))
		bytes = sizeof(m->text) - sizeof(line);
	memcpy(m->text, text, bytes);
	if (whole) {
		n = snprintf(line, sizeof(line), PTDBG_METADATA_SUM "\n",
			     ptdbg_sum(PTDBG_SUM_START, m->text, bytes));
		memcpy(m->text + bytes, line, n);
		bytes += n;
	}
	m->text[bytes] = '\0';
	return !meta_parse(m, bytes);
}

static size_t write_again(const struct meta *m, char *text)
{
	return ptdbg_metadata(&m->trace, m->uuid, m->clock_offset, text,
			      PTDBG_METADATA_MAX);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static char once[PTDBG_METADATA_MAX], twice[PTDBG_METADATA_MAX];
	static struct meta m, again;
	struct input in = { data, size };
	bool whole = take(&in, 1) % 8;
	size_t n;

	if (!understand(&m, (const char *)in.at, in.left, whole))
		return 0;
	must(m.nr_env <= META_MAX_ENV);
	n = write_again(&m, once);
	if (n == sizeof(once) - 1)
		return 0;
	must(understand(&again, once, n, false));
	n = write_again(&again, twice);
	must(!strcmp(once, twice));
	return 0;
}
