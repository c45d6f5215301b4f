#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The host's part of record.sh.

The reader of this machine shows the recording as that of the guest did, and
babeltrace2, which knows nothing of ptdbg but the CTF standard, finds the same
records in it, field by field.  The reader's JSON has every field that babeltrace2
has, and what it adds to them stands in its text as well.  Functions and places in
files are as readelf has them.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[1]))
from lib import json_agrees  # noqa: E402
from tap import check, end, skip  # noqa: E402

out = sys.argv[1]


def text_records(text):
    """The fields of each record that `ptdbg report` printed."""
    records = []
    for line in text.splitlines():
        if m := re.match(r"\[ *(\d+)\.(\d+)\] cpu(\d+) (.*)/(\d+) (\w+) ([0-9a-f]+)", line):
            ip = re.search(r" ip ([0-9a-f]+)(?: /|$| )", line)
            took = re.search(r"-> \S+ >?(\d+)\.(\d+)us", line)
            records.append({"us": int(m[1]) * 1000000 + int(m[2]), "cpu": int(m[3]), "comm": m[4], "pid": int(m[5]),
                            "type": m[6], "addr": int(m[7], 16), "ip": int(ip[1], 16) if ip else None,
                            "duration": int(took[1]) * 1000 + int(took[2]) if took else None,
                            "entries": [], "pfn": None, "vma": None, "bad": [], "levels": [], "first": line})
        elif m := re.match(r"    (\w+)\[([0-9a-f]+)\] @([0-9a-f]+) (?:(?:before|after) +)?([0-9a-f]{16}) (.*)", line):
            records[-1]["entries"].append(int(m[4], 16))
            leads = re.match(r"-> (?:table|pfn) ([0-9a-f]+)", m[5])
            records[-1]["levels"].append((m[1], int(m[2], 16), "0x" + m[3], hex(int(m[4], 16)),
                                          "0x" + leads[1] if leads else None))
        elif m := re.match(r"    vma ([0-9a-f]+)-([0-9a-f]+) ", line):
            records[-1]["vma"] = (int(m[1], 16), int(m[2], 16))
        elif m := re.match(r"    page pfn ([0-9a-f]+):", line):
            records[-1]["pfn"] = int(m[1], 16)
        elif line.startswith("    !! "):
            records[-1]["bad"].append(line[7:])
    return records


def number(line, name):
    m = re.search(rf"\b{name} = (-?(?:0x)?[0-9A-F]+)", line)
    return int(m[1], 0) if m else None


def numbers(line, name):
    m = re.search(rf"\b{name} = \[ ((?:\[\d+\] = 0x[0-9A-F]+,? )*)\]", line)
    return [int(v, 16) for v in re.findall(r"= (0x[0-9A-F]+)", m[1])] if m else []


def trace_records(text):
    """The same fields from what babeltrace2 printed."""
    records = []
    for line in text.splitlines():
        m = re.match(r"\[(\d+)\] (\w+): \{ cpu_id = (\d+)", line)
        if not m:
            continue
        before, after = numbers(line, "before"), numbers(line, "after")
        vma = re.search(r"vma = \{ start = (0x[0-9A-F]+), end = (0x[0-9A-F]+),.*?kind = \( \"(\w+)\"", line)
        page = re.search(r"page = \{ pfn = (0x[0-9A-F]+),.*?present = (\d)", line)
        records.append({"us": int(m[1]) // 1000, "cpu": int(m[3]), "comm": re.search(r'comm = "(.*?)"', line)[1],
                        "pid": number(line, "pid"), "type": m[2], "addr": number(line, "addr"),
                        "ip": number(line, "ip"), "duration": number(line, "duration"),
                        "before": before, "after": after, "pfn": int(page[1], 16) if page[2] == "1" else None,
                        "vma": (int(vma[1], 16), int(vma[2], 16)) if vma and vma[3] != "none" else None,
                        "bad": re.search(r"verdicts = \{(.*?)\}", line)[1].count("= 1,")})
    return records


def shown_entries(r):
    """Entries as the text shows them: those of before only where they differ."""
    shown = []
    same_table = True
    for i, after in enumerate(r["after"]):
        has = i < len(r["before"])
        if has and not (same_table and r["before"][i] == after):
            shown.append(r["before"][i])
        same_table = same_table and has and r["before"][i] == after
        shown.append(after)
    return shown + r["before"][len(r["after"]):]


def differences(text, trace):
    for a, b in zip(text, trace):
        for key in ("us", "cpu", "comm", "pid", "type", "addr", "duration", "pfn", "vma"):
            if a[key] != b[key]:
                yield f"{key}: {a[key]} in the text, {b[key]} in the trace: {a}"
        if len(a["bad"]) != b["bad"]:
            yield f"{a['bad']} in the text, {b['bad']} verdicts in the trace: {a}"
        if a["ip"] is not None and a["ip"] != b["ip"]:
            yield f"ip: {a} {b}"
        if a["entries"] != shown_entries(b):
            yield f"entries: {[hex(e) for e in a['entries']]} in the text, {b}"


def shown_levels(r):
    """The lines of the chain in the text, out of the JSON."""
    shown = []
    for level in r["chain"]["levels"]:
        sides = [level[side] for side in ("before", "after") if side in level]
        if len(sides) == 2 and sides[0] == sides[1]:
            sides.pop()
        shown += [(level["level"], level["index"], side["address"], side["entry"], side.get("pfn"))
                  for side in sides]
    return shown


def additions(text, records):
    """What the JSON adds to the fields of CTF, where the text says otherwise."""
    for a, b in zip(text, records):
        levels = shown_levels(b) if b["type"] != "free" else []
        if a["levels"] != levels:
            yield f"{a['levels']} in the text, {levels} in JSON: {a['first']}"
        if f" ip {b.get('ip_name')}" not in re.sub(r" ip [0-9a-f]+ /", " ip /", a["first"]) and "ip_name" in b:
            yield f"{b['ip_name']} in JSON: {a['first']}"
        explained = b.get("explained", [])
        if a["bad"] != explained[len(explained) - len(a["bad"]):]:
            yield f"{a['bad']} in the text, {explained} in JSON: {a['first']}"
        tables = [level["table"] for level in b["chain"]["levels"] if "table" in level]
        for level, table in zip(b["chain"]["levels"][:-1], tables[1:]):
            if level["after"].get("pfn") != table["pfn"]:
                yield f"an entry leads to {level['after']}, and the table is {table}: {a['first']}"


def readelf(option, pattern, file):
    done = subprocess.run(["readelf", option, "-W", file], capture_output=True, text=True)
    return re.findall(pattern, done.stdout, re.M)


def wrong_names(lines, file):
    """Names of places in FILE, a program that is not moved, that readelf does not confirm."""
    functions = {}
    for value, size, name in readelf("-s", r"^ *\d+: ([0-9a-f]+) +(\d+) I?FUNC +\w+ +\w+ +\w+ (\S+)", file):
        functions.setdefault(name, []).append((int(value, 16), int(size)))
    loads = [(int(o, 16), int(v, 16)) for o, v in readelf("-l", r"^ *LOAD +0x([0-9a-f]+) 0x([0-9a-f]+) ", file)]
    for line in lines:
        if m := re.search(r" ip ([0-9a-f]+) \S+\+0x([0-9a-f]+)(?: \((\S+)\+0x([0-9a-f]+)\))?", line):
            ip, offset = int(m[1], 16), int(m[2], 16)
            if not any(offset - o == ip - v for o, v in loads):
                yield f"offset of the instruction: {line}"
            into = int(m[4], 16) if m[3] else 0
            if m[3] and not any(ip == start + into and into < size for start, size in functions.get(m[3], ())):
                yield f"function: {line}"
        if m := re.search(r"^\S+ *\S+ \S+ \S+ \w+ ([0-9a-f]+) .* in \S+\+0x([0-9a-f]+)", line):
            if not any(int(m[2], 16) - o == int(m[1], 16) - v for o, v in loads):
                yield f"offset of the address: {line}"


def order(r):
    # of two records of the same time on two CPUs either may come first
    return (r["us"], r["cpu"])


done = subprocess.run([os.environ["PTDBG_READER"], "report", f"{out}/t"], capture_output=True, text=True)
check(done.returncode == 0 and not done.stderr, "report on this machine", done.stderr)
with open(f"{out}/report.txt") as f:
    check(f.read() == done.stdout, "the same text as in the guest")
text = text_records(done.stdout)
check(len(text) > 20, f"{len(text)} records")
if not shutil.which("babeltrace2"):
    skip("babeltrace2", "it is not installed")
else:
    done = subprocess.run(["babeltrace2", "--clock-cycles", "--no-delta", f"{out}/t"], capture_output=True, text=True)
    check(done.returncode == 0 and not done.stderr, "babeltrace2 reads it", done.stderr)
    trace = trace_records(done.stdout)
    check(len(trace) == len(text), f"{len(trace)} events")
    wrong = list(differences(sorted(text, key=order), sorted(trace, key=order)))
    check(not wrong, "they are the same, field by field", wrong[0] if wrong else "")
if not all(map(shutil.which, ("babeltrace2", "jq"))):
    skip("JSON", "babeltrace2 or jq is not installed")
else:
    records, why = json_agrees.read_json(os.environ["PTDBG_READER_HERE"], f"{out}/t")
    check(records and not why, f"{len(records)} lines of JSON, which jq takes", why)
    events, why = json_agrees.read_trace(f"{out}/t")
    wrong = list(json_agrees.differences(records, events))
    check(not wrong and not why, "JSON and babeltrace2 are the same, field by field", (why, *wrong)[-1])
    wrong = list(additions(text, records))
    check(not wrong and len(text) == len(records), "what JSON adds stands in the text", (wrong or [""])[0])
program = f"{out}/root/kselftest/ptdbg/ptdbg"
brief = [os.environ["PTDBG_READER_HERE"], "report", "--brief", f"{out}/t"]
done = subprocess.run([*brief, "--sysroot", f"{out}/root"], capture_output=True, text=True)
if "no function names in this build" in done.stderr:
    skip("names of functions", "the reader of this machine has no elfutils")
else:
    named = [l for l in done.stdout.splitlines() if "/kselftest/ptdbg/ptdbg+0x" in l]
    functions = [l for l in named if re.search(r"\(\S+\+0x[0-9a-f]+\)", l)]
    check(done.returncode == 0 and len(functions) > 5, f"functions of the reader are named: {len(functions)} times",
          done.stderr + "\n".join(named[:3]))
    check(any(" in /kselftest/ptdbg/ptdbg+0x" in l for l in named), "and the file of its data")
    wrong = list(wrong_names(named, program))
    check(not wrong, "as readelf finds them", wrong[0] if wrong else "")
    build = bytes.fromhex(readelf("-n", r"Build ID: ([0-9a-f]+)", program)[0])
    with open(program, "r+b") as f:
        f.seek(f.read().index(build))
        f.write(bytes([build[0] ^ 1]))
    done = subprocess.run([*brief, "--sysroot", f"{out}/root"], capture_output=True, text=True)
    check(not re.search(r"\(\S+\+0x[0-9a-f]+\)", done.stdout), "another build of it is not used")
end()
