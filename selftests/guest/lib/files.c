// SPDX-License-Identifier: GPL-2.0-only
/*
 * See files.h.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control.h"
#include "files.h"

#define PARAMS	"/sys/module/ptdbg/parameters"

static void add_dir(struct files *all, const char *dir)
{
	struct dirent *e;
	DIR *d = opendir(dir);
	char path[512];

	if (!d)
		die("cannot list %s: %s", dir, strerror(errno));
	while ((e = readdir(d)) && all->nr < sizeof(all->path) / sizeof(*all->path)) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (e->d_type == DT_DIR)
			add_dir(all, path);
		else
			all->path[all->nr++] = strdup(path);
	}
	closedir(d);
}

void files_of_ptdbg(struct files *all)
{
	all->nr = 0;
	all->path[all->nr++] = strdup(PTDBG_TEXT);
	add_dir(all, PTDBG_DIR);
	add_dir(all, PARAMS);
}
