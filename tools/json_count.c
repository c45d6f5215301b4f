// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts as JSON: the columns and the histograms of ptdbg stat.
 */
#include "json_count.h"

void json_add_line(struct json_object *to, const struct count_line *l, u64 ns)
{
	json_add_number(to, "records", l->records);
	if (ns / 1000)
		json_add_number(to, "records_a_second",
				l->records * 1000000 / (ns / 1000));
	json_add_number(to, "faults", l->faults);
	json_add_number(to, "mean_ns", count_mean(l));
	json_add_number(to, "max_ns", l->max);
	json_add_number(to, "new_tables", l->fresh);
	json_add_number(to, "bad", l->bad);
}

void json_add_histograms(struct json_object *to, const struct count_sum *s)
{
	struct json_object *array = json_add_array(to, "took"), *o;
	const char *name;
	unsigned int i;

	for (i = 0; i < COUNT_BUCKETS; i++) {
		if (!s->took[i])
			continue;
		o = json_add_object(array, NULL);
		json_add_number(o, "from_ns", i ? 1ULL << (i - 1) : 0);
		json_add_number(o, "faults", s->took[i]);
	}
	o = json_add_object(to, "results");
	json_add_number(o, "ok", s->result[COUNT_OK]);
	for (i = 0; i < COUNT_OK; i++) {
		name = ptdbg_fault_result_name(i);
		if (s->result[i] && (name || PTDBG_BIT(i) == PTDBG_RESULT_DIED))
			json_add_number(o, name ? name : "DIED", s->result[i]);
	}
}
