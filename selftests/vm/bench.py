# SPDX-License-Identifier: GPL-2.0-only
"""Tables of what the guest test `cost` has measured: make bench."""

import json
import statistics
from html import escape

BASE = "nothing"
# of the chart: pixels
LABEL, BAR, ROW, WIDTH = 330, 16, 24, 780


class Costs:
    """What cost.c wrote to /out/cost: names, and instructions a fault."""

    def __init__(self, lane, text):
        self.lane = lane
        self.workloads, self.ways, self.skipped, self.values, self.numbers = {}, {}, {}, {}, {}
        for line in text.splitlines():
            kind, *rest = line.split("\t")
            if kind == "workload":
                self.workloads[rest[0]] = rest[1]
            elif kind == "way":
                self.ways[rest[0]] = rest[1]
            elif kind == "skip":
                self.skipped[rest[0]] = rest[1]
            elif kind == "cost":
                self.values.setdefault((rest[0], rest[1]), []).append(float(rest[3]))
            elif kind == "number":
                self.numbers[rest[0]] = (float(rest[1]), rest[2])

    def added(self, way, workload):
        """(median, half of the spread) of the instructions that WAY adds to a fault."""
        values, base = self.values.get((way, workload)), self.values.get((BASE, workload))
        if not values or not base:
            return None
        middle = statistics.median(values)
        if way != BASE:
            middle -= statistics.median(base)
        return middle, (max(values) - min(values)) / 2

    def table(self):
        heads = ["instructions a fault", *self.workloads]
        rows = []
        for way, what in self.ways.items():
            if way in self.skipped:
                rows.append([what, f"not there: {self.skipped[way]}"])
                continue
            cells = [self.added(way, w) for w in self.workloads]
            sign = "" if way == BASE else "+"
            if any(cells):
                rows.append([what, *(f"{c[0]:{sign},.0f} \N{PLUS-MINUS SIGN}{c[1]:,.0f}" if c else "-" for c in cells)])
        widths = [max([len(heads[0]), *(len(r[0]) for r in rows)])]
        widths += [max([len(h), *(len(r[i]) for r in rows if len(r) == len(heads))]) for i, h in enumerate(heads) if i]
        lines = [f"{self.lane}: what watching a page fault costs; lines but the first: added to it"]
        for row in (heads, *rows):
            lines.append("  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:]))]))
        lines += [f"  {name}: {what}" for name, what in self.workloads.items()]
        lines += [f"  {what}: {value:,.10g}" for value, what in self.numbers.values()]
        return "\n".join(lines)

    def json(self):
        return {
            "lane": self.lane,
            "unit": "guest instructions a fault",
            "workloads": self.workloads,
            "ways": self.ways,
            "skipped": self.skipped,
            "values": [{"way": way, "workload": workload, "instructions": values}
                       for (way, workload), values in self.values.items()],
            "numbers": {name: {"value": value, "what": what} for name, (value, what) in self.numbers.items()},
        }


def as_json(all_costs):
    return json.dumps([c.json() for c in all_costs], indent=1)


def svg(costs, workload="anon"):
    """Bars of what each way adds to a fault of WORKLOAD."""
    bars = [(what, costs.added(way, workload)[0], way) for way, what in costs.ways.items()
            if way != BASE and costs.added(way, workload)]
    most = max(value for _, value, _ in bars)
    scale = (WIDTH - LABEL - 70) / most
    base = costs.added(BASE, workload)[0]
    height = ROW * (len(bars) + 1) + 8
    ours = [way for way in costs.ways if costs.ways[way].startswith("ptdbg")]
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="13">',
           '<rect width="100%" height="100%" fill="#fff"/>',
           f'<text x="6" y="17">{escape(costs.lane)}: instructions added to a fault of {base:,.0f} '
           f'({escape(costs.workloads[workload])})</text>']
    for i, (what, value, way) in enumerate(bars, 1):
        y = i * ROW + 4
        width = max(value * scale, 1)
        colour = "#1f6feb" if way in ours else "#999"
        out += [f'<text x="{LABEL - 6}" y="{y + 13}" text-anchor="end">{escape(what)}</text>',
                f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>',
                f'<text x="{LABEL + width + 5:.1f}" y="{y + 13}">{value:,.0f}</text>']
    return "\n".join([*out, "</svg>", ""])
