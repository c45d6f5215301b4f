// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers, and the words of a command line that are more than a name.
 */
#include <errno.h>
#include <getopt.h>

#include "fuzz.h"
#include "number.h"
#include "place.h"
#include "ptdbg.h"

#define MAX_WORDS	16

/* A number is what strtoull() takes, less signs, blanks and 0x. */
static void check_number(const char *text, unsigned int base)
{
	const char *digits = base == 16 ? "0123456789abcdefABCDEF" : "0123456789";
	size_t n = strspn(text, digits);
	unsigned long long want;
	char *copy = strndup(text, n);
	const char *end;
	u64 got = 1;
	bool good;

	must(copy);
	errno = 0;
	want = strtoull(copy, NULL, base);
	good = n && !errno;
	free(copy);
	must(parse_number(text, base, ~0ULL, &end, &got) == good);
	if (!good)
		return;
	must(got == want && end == text + n);
	must(parse_number(text, base, ~0ULL, NULL, &got) == !text[n]);
	must(want == 0 || !parse_number(text, base, want - 1, &end, &got));
}

static void check_range(const char *text)
{
	const char *dash = strchr(text, '-');
	const char *end;
	u64 first, last;

	if (parse_range(text, &end, &first, &last))
		must(dash && dash < end);
	if (parse_range(text, NULL, &first, &last))
		must(dash);
}

static void run(char *text)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = {
		{ "decode", cmd_decode },
		{ "report", cmd_report },
		{ "stat", cmd_stat },
	};
	unsigned int which = *text ? *text % ARRAY_SIZE(commands) : 0;
	char *argv[MAX_WORDS + 1];
	int argc = 0, code;

	argv[argc++] = (char *)commands[which].name;
	if (*text)
		text++;
	while (argc < MAX_WORDS - 1 && (argv[argc] = strsep(&text, "\n")))
		argc++;
	/* what they read, for the others: nothing of this machine */
	if (commands[which].run != cmd_decode)
		argv[argc++] = "/no/such";
	argv[argc] = NULL;
	optind = 0;
	code = commands[which].run(argc, argv);
	must(code >= EXIT_OK && code <= EXIT_DAMAGED);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	unsigned int what = take(&in, 1);
	char *text = take_text(&in);

	switch (what % 4) {
	case 0:
		check_number(text, 10);
		break;
	case 1:
		check_number(text, 16);
		break;
	case 2:
		check_range(text);
		break;
	case 3:
		run(text);
	}
	free(text);
	return 0;
}
