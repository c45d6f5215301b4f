// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg doctor: does recording work here, and if not, what is to be done.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "json.h"
#include "knobs.h"
#include "out.h"
#include "place.h"
#include "ptdbg.h"
#include "say.h"

static unsigned int troubles;

/* With --json: all of it, and the findings in it; NULL: as text. */
static struct json_object *json;
static struct json_object *findings;

static void finding_as_json(bool good, const char *what, const char *cure)
{
	struct json_object *o = json_add_object(findings, NULL);

	json_add_bool(o, "ok", good);
	json_add_string(o, "what", what);
	if (!good)
		json_add_string(o, "cure", cure);
}

/* A line of the findings; @cure is for what is not good. */
static void finding(bool good, const char *what, const char *cure)
{
	if (json) {
		finding_as_json(good, what, cure);
		troubles += !good;
		return;
	}
	printf("%-8s %s\n", good ? "ok" : "TROUBLE", what);
	if (good)
		return;
	troubles++;
	printf("         %s\n", cure);
}

static void look_at_user(void)
{
	finding(!geteuid(), "root", "run ptdbg as root: debugfs is closed to others");
}

/* The module is made for these; one that is loaded has shown that it works. */
static void look_at_kernel(void)
{
	char release[65];

	finding(!access(PLACE_MODULE, F_OK) || !kernel_too_old(release),
		"the kernel is 6.1 or newer",
		"record on a newer one; recordings can be read on any");
}

static void look_at_debugfs(void)
{
	finding(place_has_debugfs(),
		"debugfs is mounted", "mount -t debugfs none " PLACE_DEBUGFS);
}

static void look_at_module(void)
{
	finding(!access(PLACE_MODULE, F_OK), "the module is loaded",
		"modprobe ptdbg, or insmod ptdbg.ko; dmesg says why it does not load");
}

/*
 * A locked-down kernel takes no module without a signature, and lets debugfs be
 * read but not written.
 */
static void look_at_lockdown(bool loaded)
{
	char text[256] = "";
	FILE *file = fopen("/sys/kernel/security/lockdown", "re");

	if (!file)
		return;
	if (fgets(text, sizeof(text), file))
		finding(strstr(text, "[none]"), "the kernel is not locked down", loaded ?
			"cat " PLACE_TEXT " works; for more, boot with lockdown=none" :
			"sign the module, or boot with lockdown=none, without Secure Boot");
	fclose(file);
}

/* Lines of ptdbg.d/hooks: what could not be placed says so */
static void look_at_hooks(void)
{
	struct json_object *array = json ? json_add_array(json, "hooks") : NULL;
	char text[8192], *line, *rest = text;

	if (knob_read("hooks", text, sizeof(text)))
		return;
	while ((line = strsep(&rest, "\n"))) {
		if (!*line || *line == '#')
			continue;
		if (json)
			json_add_string(array, NULL, line);
		else
			printf("         %s\n", line);
	}
}

/* Stacks that were asked for and could not be had */
static void look_at_stacks(const char *stats)
{
	u64 stacks = knob_stat(stats, "stacks");
	u64 lost = knob_stat(stats, "stack_kernel_lost");
	u64 early = knob_stat(stats, "stack_user_no_frame_pointer") +
		    knob_stat(stats, "stack_user_unreadable") +
		    knob_stat(stats, "stack_user_32_bit");
	char line[160];

	if (!stacks)
		return;
	snprintf(line, sizeof(line), "%llu records with stacks, %llu without the kernel's",
		 stacks, lost);
	finding(!lost, line,
		"it needs CONFIG_STACKTRACE, and ORC or frame pointers");
	if (json)
		json_add_number(json, "user_stacks_early", early);
	else if (early)
		printf("         %llu user stacks end early: they need -fno-omit-frame-pointer\n",
		       early);
}

static void look_at_stats(void)
{
	char stats[KNOB_STATS_MAX], line[160], on[16];
	u64 recorded, missed, overwritten;

	if (knob_stats(stats) || knob_read("enable", on, sizeof(on)))
		return;
	finding(!knob_stat(stats, "frozen"), "the recording is not frozen",
		"read the records, then: echo 1 > " PLACE_KNOBS "/enable");
	finding(*on == '1' || knob_stat(stats, "frozen"), "it records",
		"echo 1 > " PLACE_KNOBS "/enable; ptdbg record does so by itself");
	recorded = knob_stat(stats, "recorded");
	missed = knob_stat(stats, "missed");
	overwritten = knob_stat(stats, "overwritten");
	snprintf(line, sizeof(line), "%llu recorded, %llu of them overwritten, %llu missed",
		 recorded, overwritten, missed);
	finding(!missed, line,
		"the lines missed_... of " PLACE_KNOBS "/stats say why");
	look_at_stacks(stats);
	if (json) {
		json_add_number(json, "recorded", recorded);
		json_add_number(json, "overwritten", overwritten);
		json_add_number(json, "missed", missed);
	} else if (overwritten) {
		printf("         the ring holds the newest records; ptdbg record keeps all\n");
	}
}

static void show_machine(const struct utsname *u)
{
	if (!json) {
		printf("         %s %s %s\n", u->sysname, u->release, u->machine);
		return;
	}
	json_add_string(json, "system", u->sysname);
	json_add_string(json, "release", u->release);
	json_add_string(json, "machine", u->machine);
}

int cmd_doctor(int argc, char **argv)
{
	struct utsname u;
	bool there;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		printf("usage: ptdbg doctor [--json]\n\n"
		       "Looks whether recording works here, and says what to do where it does not.\n\n"
		       "      --json  as an object of JSON\n\n"
		       "Exit code: 0 all is well, 1 it is not.\n");
		return EXIT_OK;
	}
	if (argc > 2 || (argc == 2 && strcmp(argv[1], "--json")))
		return wrong("there is no argument but --json");
	if (argc == 2) {
		if (!json_ready())
			return EXIT_FAILED;
		json = json_begin();
	}
	if (!uname(&u))
		show_machine(&u);
	if (json)
		findings = json_add_array(json, "findings");
	look_at_user();
	look_at_kernel();
	look_at_debugfs();
	look_at_module();
	there = !troubles;
	look_at_lockdown(!access(PLACE_MODULE, F_OK));
	if (there) {
		look_at_stats();
		look_at_hooks();
	}
	if (json) {
		json_line(json);
		if (!out_flush())
			return EXIT_FAILED;
	}
	return troubles ? EXIT_FAILED : EXIT_OK;
}
