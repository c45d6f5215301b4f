// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asking the host to look at this machine from outside.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "outside.h"

#define PORTS	"/sys/class/virtio-ports"
#define LINE	512

bool outside_open(struct outside *o)
{
	char path[320], *name;
	struct dirent *d;
	bool ours;
	int fd = -1;
	DIR *dir;

	dir = opendir(PORTS);
	while (dir && fd < 0 && (d = readdir(dir))) {
		snprintf(path, sizeof(path), PORTS "/%s/name", d->d_name);
		name = read_file(path, NULL);
		ours = name && !strcmp(name, "ptdbg.ask\n");
		free(name);
		if (!ours)
			continue;
		snprintf(path, sizeof(path), "/dev/%s", d->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			die("%s: %s", path, strerror(errno));
	}
	if (dir)
		closedir(dir);
	if (fd < 0)
		return false;
	/* a port is opened once, and a stream goes one way */
	o->from = fdopen(fd, "r");
	o->to = fdopen(dup(fd), "w");
	if (!o->from || !o->to)
		die("%s: %s", path, strerror(errno));
	return true;
}

void outside_close(struct outside *o)
{
	fclose(o->to);
	fclose(o->from);
}

/* The next line of the answer; false at its end. */
static bool next_line(struct outside *o, char *line)
{
	if (!fgets(line, LINE, o->from))
		die("the host does not answer: %s", strerror(errno));
	if (!strncmp(line, "failed ", 7))
		die("the host: %s", line);
	return strcmp(line, "end\n");
}

void outside_survey(struct outside *o, struct ranges *all)
{
	unsigned long start, last;
	char line[LINE];

	all->nr = 0;
	fprintf(o->to, "survey 0\n");
	fflush(o->to);
	while (next_line(o, line)) {
		if (sscanf(line, "run %lx %lx", &start, &last) != 2)
			die("the host says: %s", line);
		ranges_add(all, start, last);
	}
}

/* "differs INDEX END PFN N", and N times " AT RAW", all hexadecimal */
static unsigned int read_chain(const char *line, struct chain *c)
{
	unsigned long index, i;
	int used = 0;

	memset(c, 0, sizeof(*c));
	if (sscanf(line, "differs %lx %lx %lx %lx%n", &index, &c->end, &c->pfn,
		   &c->n, &used) != 4 || c->n > CHAIN_LEVELS)
		die("the host says: %s", line);
	for (i = 0; i < c->n; i++) {
		line += used;
		if (sscanf(line, " %lx %lx%n", &c->step[i].at, &c->step[i].raw,
			   &used) != 2)
			die("the host says: %s", line);
	}
	return index;
}

void outside_compare(struct outside *o, const struct question *q,
		     unsigned int nr, int running, struct verdict *v,
		     void (*seen)(const struct question *q, const struct chain *host))
{
	struct chain host;
	unsigned int index;
	char line[LINE];
	bool done = false;

	memset(v, 0, sizeof(*v));
	fprintf(o->to, "compare %zu %d\n", nr * sizeof(*q), running);
	if (fwrite(q, sizeof(*q), nr, o->to) != nr || fflush(o->to))
		die("cannot ask the host: %s", strerror(errno));
	while (next_line(o, line)) {
		if (sscanf(line, "compared %u %u %u %u %u", &v->chains, &v->entries,
			   &v->differ, &v->wrong, &v->running) == 5) {
			done = true;
		} else if (!strncmp(line, "wrong ", 6)) {
			printf("# %s", line);
		} else {
			index = read_chain(line, &host);
			if (index >= nr)
				die("the host says: %s", line);
			seen(&q[index], &host);
		}
	}
	if (!done || v->chains != nr)
		die("the host compared %u of %u chains", v->chains, nr);
}
