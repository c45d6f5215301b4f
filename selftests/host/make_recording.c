// SPDX-License-Identifier: GPL-2.0-only
/*
 * make_recording DIR RECORDS [CPUS]: a recording of faults, to measure with.
 */
#include "recording.h"

int main(int argc, char **argv)
{
	unsigned int cpus = argc > 3 ? atoi(argv[3]) : 2, cpu;
	u64 records = argc > 2 ? strtoull(argv[2], NULL, 10) : 0, i;
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	struct rec_stream *s = calloc(cpus, sizeof(*s));
	u64 state = 1, ts = 281915960000ULL;
	union fix_record f;

	if (argc < 3 || !s || !rec_begin(argv[1], &t)) {
		fprintf(stderr, "usage: make_recording DIR RECORDS [CPUS]\n");
		return 2;
	}
	for (cpu = 0; cpu < cpus; cpu++) {
		if (!rec_open(&s[cpu], argv[1], cpu, 0, REC_PACKET))
			return 1;
	}
	for (i = 0; i < records; i++) {
		ts += 500 + rec_random(&state) % 4000;
		rec_fill(&f, PTDBG_FAULT, ts, &state);
		rec_add(&s[rec_random(&state) % cpus], &f.r);
	}
	for (cpu = 0; cpu < cpus; cpu++) {
		if (!rec_close(&s[cpu]))
			return 1;
	}
	return 0;
}
