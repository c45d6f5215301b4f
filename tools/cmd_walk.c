// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg walk: the page-table chain of an address, now.
 */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "json_knobs.h"
#include "knobs.h"
#include "number.h"
#include "out.h"
#include "place.h"
#include "ptdbg.h"
#include "say.h"

/* Return: an exit code. */
static int walk_as_json(const char *question, u64 addr)
{
	struct reader *rd = reader_open(PLACE_CTF);
	char text[PTDBG_TEXT_MAX];
	bool good;

	if (!rd)
		return EXIT_FAILED;
	good = !knob_answer("walk", question, text, sizeof(text));
	if (good)
		json_walk(&rd->meta.trace, addr, text);
	reader_close(rd);
	return out_flush() && good ? EXIT_OK : EXIT_FAILED;
}

int cmd_walk(int argc, char **argv)
{
	char question[64];
	const char *text;
	bool json = argc > 1 && !strcmp(argv[1], "--json");
	u64 pid, addr;

	if (json) {
		if (!json_ready())
			return EXIT_FAILED;
		argc--;
		argv++;
	}
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		printf("usage: ptdbg walk [--json] PID ADDRESS\n"
		       "       ptdbg walk [--json] kernel ADDRESS\n\n"
		       "Shows the page-table entries that lead to an address of a process or of the\n"
		       "kernel, as they are now, and the page. ADDRESS is hexadecimal.\n\n"
		       "      --json  as an object of JSON\n\n"
		       "Example: ptdbg walk 735 3fbd117000\n");
		return EXIT_OK;
	}
	if (argc != 3)
		return wrong("give a PID, or kernel, and an address; --help tells more");
	if (strcmp(argv[1], "kernel") &&
	    (!parse_number(argv[1], 10, 0x7fffffff, NULL, &pid) || !pid))
		return wrong("%s is no PID", argv[1]);
	text = argv[2];
	if (!strncmp(text, "0x", 2))
		text += 2;
	if (!parse_number(text, 16, ~0ULL, NULL, &addr))
		return wrong("%s is no hexadecimal address", argv[2]);
	snprintf(question, sizeof(question), "%s %llx", argv[1], addr);
	return json ? walk_as_json(question, addr) : knob_ask("walk", question);
}
