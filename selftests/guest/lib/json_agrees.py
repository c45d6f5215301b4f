#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""json_agrees.py READER DIR: does READER report --json say what babeltrace2 says?

babeltrace2 knows nothing of ptdbg but the CTF standard, and this file nothing of
its records: whatever field babeltrace2 shows must stand in the JSON by the same
name and with the same value, in the form that JSON has for such a field, and
beside that nothing but what ADDED lists.
"""

import json
import re
import subprocess
import sys

# What the reader adds to the fields of a record, and to those of a level
ADDED = {"id", "ip_name", "addr_name", "comm_bytes", "flag_names", "result_names", "access_text", "zone_name", "explained"}
ADDED_STACK = {"kernel_names", "user_names"}
ADDED_REGISTER = {"value_name"}
ADDED_TABLE = {"pfn", "zone_name", "fresh", "made", "breach"}

TOKEN = re.compile(r'\s*(?:(\{)|(\[)(?!\d+\] =)|(\()|([\}\])])|,|"((?:[^"\\]|\\.)*)"|(0x[0-9A-F]+)|(-?\d+)|(<unknown>))')
NAME = re.compile(r"\s*(?:,\s*)?(?:\[\d+\]|(\w+)) = ")


def parse(text, at):
    """A value as babeltrace2 prints it: (value in the form of JSON, where it ends)."""
    m = TOKEN.match(text, at)
    at = m.end()
    if m[1]:
        fields = {}
        while n := NAME.match(text, at):
            fields[n[1]], at = parse(text, n.end())
        return (bits(fields) if "unused" in fields else fields), text.index("}", at) + 1
    if m[2]:
        values = []
        while n := NAME.match(text, at):
            value, at = parse(text, n.end())
            values.append(value)
        return values, text.index("]", at) + 1
    if m[3]:
        # ( "name" : container = 1 )
        name, at = parse(text, at)
        n = re.compile(r" : container = (\d+) \)").match(text, at)
        return (int(n[1]) if name is None else name), n.end()
    if m[6]:
        return m[6].lower(), at
    if m[7]:
        return int(m[7]), at
    return (None if m[8] else m[5]), at


def bits(fields):
    """A struct of single bits: the names of those that are set; of the last, the numbers."""
    unused = fields.pop("unused")
    names = [name for name, value in fields.items() if value]
    return names + [f"bit{i + len(fields)}" for i in range(32) if unused >> i & 1]


def traced(line):
    """An event of babeltrace2 as the JSON that it should be."""
    m = re.match(r"\[(\d+)\] (\w+): ", line)
    parts, at = [], m.end()
    while at < len(line):
        value, at = parse(line, at)
        parts.append(value)
        at += len(", ")
    packet, context, fields = parts
    return {"cpu_id": packet["cpu_id"], "type": m[2], "timestamp": int(m[1]), **context, **fields}


def told(record):
    """A record of the reader, without what it adds, and in the order of CTF."""
    r = {k: v for k, v in record.items() if k not in ADDED}
    for part in ("vma", "page"):
        if part in r:
            r[part] = {k: v for k, v in r[part].items() if k not in ADDED}
    chain = dict(r["chain"])
    levels = chain.pop("levels")
    r["chain"] = chain
    for side in ("before", "after"):
        r[side] = [level[side]["entry"] for level in levels if side in level]
    r["table"] = [{k: v for k, v in level["table"].items() if k not in ADDED_TABLE}
                  for level in levels if "table" in level]
    r["stack"] = [{k: v for k, v in stack.items() if k not in ADDED_STACK} for stack in r.pop("stack", [])]
    if "reg" in r:
        r["reg"] = [{k: v for k, v in reg.items() if k not in ADDED_REGISTER} for reg in r.pop("reg")]
    return r


def order(r):
    # of two records of the same time on two CPUs either may come first
    return (r["timestamp"], r["cpu_id"])


def differences(records, events):
    """Sentences on what is not the same."""
    if len(records) != len(events):
        yield f"{len(records)} lines of JSON, {len(events)} events"
    for a, b in zip(sorted(records, key=order), sorted(events, key=order)):
        a = told(a)
        for key in [*b, *(k for k in a if k not in b)]:
            if a.get(key) != b.get(key) or list(a) != list(b):
                yield f"{key}: {a.get(key)} in JSON, {b.get(key)} in babeltrace2; {a['type']} at {a['timestamp']}"


def read_json(reader, where):
    """(records, why not): every line of the report is UTF-8, and JSON for jq."""
    done = subprocess.run([reader, "report", "--json", where], capture_output=True, check=False)
    if done.returncode or done.stderr:
        return [], f"exit code {done.returncode}: {done.stderr.decode(errors='replace')}"
    jq = subprocess.run(["jq", "-e", "type == \"object\""], input=done.stdout, capture_output=True, check=False)
    # not splitlines(): there are other characters that it takes for the end of a line
    lines = done.stdout.decode("utf-8", errors="strict").split("\n")[:-1]
    if jq.returncode or jq.stdout.split() != [b"true"] * len(lines):
        return [], f"jq: {jq.stderr.decode(errors='replace')}"
    return [json.loads(line) for line in lines], ""


def read_trace(where):
    done = subprocess.run(["babeltrace2", "--clock-cycles", "--no-delta", where], capture_output=True, text=True,
                          check=False)
    events = [traced(line) for line in done.stdout.split("\n") if line.startswith("[")]
    return events, done.stderr or ("" if done.returncode == 0 else f"exit code {done.returncode}")


def main():
    records, why = read_json(sys.argv[1], sys.argv[2])
    events, wrong = read_trace(sys.argv[2])
    found = [w for w in (why, wrong) if w] or list(differences(records, events))
    for line in found[:10]:
        print(line)
    print(f"{len(records)} records, {len(events)} events, {len(found)} differences")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
