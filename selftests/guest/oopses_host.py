#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The host's part of oopses.c and lkdtm.c: `ptdbg explain` is shown each oops.

It is asked three times: with the oops alone, with what the kernel said while it
booted as well, and with options that tell it the layout.  Asked so, it has to name
the class; with less it may say less, but nothing that is not so.  The oracle is
the module ptdbg_oops, which says what it is about to do, and where this kernel has
one page, its struct page and the stack of the task; and the kernel's list of RAM.

What LKDTM does (lkdtm.c) is judged the same way: by its own words about what it is
about to do, and to which address.  KASAN's reports stand before its oopses.

Each oops with what is true of it, in the form of selftests/host/oops, is left in
corpus/ beside this test's other results.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, os.path.join(os.environ["PTDBG_TREE"], "selftests"))
sys.dont_write_bytecode = True
import tap  # noqa: E402

LANE = os.environ["PTDBG_LANE"]
MARK = "ptdbg_oops: "
REPLAY = "** replaying previous"      # the line before it was cut off, and comes again
TRACE_KEPT = 4              # lines of a call trace that go into the corpus

# What may be said of an address as long as the layout is not known.
GENERAL = {
    "invalid pfn": {"struct page"},
    "beyond RAM": {"direct map"},
    "init memory": {"kernel image"},
}
if LANE.startswith("arm64"):
    # its image lies in vmalloc space, and so did its modules
    GENERAL |= {"kernel image": {"vmalloc"}, "modules": {"vmalloc"}, "init memory": {"vmalloc"}}
# The same, when all is known.
STILL = {"kernel image": GENERAL.get("kernel image", set()), "modules": GENERAL.get("modules", set())}

# what an access is in the words of an architecture's manual
ACCESS = {
    "amd64": {"read": "supervisor read", "write": "supervisor write", "exec": "supervisor instruction fetch"},
    "arm64": {"read": "read from", "write": "write from", "exec": "instruction fetch from"},
    "riscv64": {"read": "load page", "write": "store/AMO page", "exec": "instruction page"},
}[LANE.partition("-")[0]]

# of KASAN's shadow of address 0, on x86
SHADOW = 0xdffffc0000000000
# What LKDTM says: words, class, access, and class of what KASAN reports before the
# fault.  No class: by the address that it says.
LKDTM = (
    (r"attempting bad read at ([0-9a-f]+)", "", "read", ""),
    (r"attempting bad execution at ([0-9a-f]+)", "", "exec", ""),
    (r"attempting bad (?:rodata|ro_after_init|\d+ byte) write at ([0-9a-f]+)", "", "write", ""),
    (r"attempting bad read from page below current stack", "stack overflow", "", "out of bounds"),
    (r"attempting bad read from page above current stack", "vmalloc", "read", "out of bounds"),
    (r"Calling function with \d+ frame size to depth", "stack overflow", "", ""),
    (r"Attempting (?:vmalloc|slab) linear overflow", "out of bounds", "write", ""),
    # free pages are not mapped; those of a slab are
    (r"Attempting to read from freed memory", "direct map", "read", "use after free"),
    (r"Attempting bad write to the buddy page after free", "use after free", "write", ""),
    (r"Attempting bad read from freed memory", "use after free", "read", ""),
    (r"Attempting bad write to freed memory", "use after free", "write", ""),
    (r"Attempting double slab free", "bad free", "", ""),
    (r"Attempting cross-cache slab free", "nothing", "", ""),
    (r"attempting bad copy_to_user", "no address", "", ""),
)


def number(text):
    return int(text, 16)


class Oops:
    """A trigger: what the module said of it, and what the kernel wrote then."""

    def __init__(self, name):
        self.name = name
        self.said = {}
        self.held = {}
        self.text = []

    def tell(self, key, value):
        if key == "held":
            kind, value = value.split()
            self.held[kind] = number(value)
        else:
            self.said[key] = value

    def number(self, key):
        return number(self.said[key]) if key in self.said else None

    def told(self, key):
        """As the kernel tells it: arm64 without the tag, if that is of a user address."""
        value = self.number(key)
        if key == "address" and LANE.startswith("arm64") and not value >> 55 & 1:
            value &= 2 ** 56 - 1
        if key == "address" and self.by_kasan():
            value = SHADOW + (value >> 3)
        return value

    def by_kasan(self):
        """Did KASAN's look at its shadow fault, and not the access itself?"""
        ranges = [re.search(r"KASAN: .* in range \[0x([0-9a-f]+)-0x([0-9a-f]+)\]", l) for l in self.text]
        return any(m and number(m[1]) <= self.number("address") <= number(m[2]) for m in ranges)

    def hear_lkdtm(self, layout):
        """What it says it is about to do; False when that is none of what is above."""
        for words, kind, access, report in LKDTM:
            if m := next((m for l in self.text if (m := re.search("lkdtm: " + words, l))), None):
                if m.groups():
                    self.tell("address", m[1])
                    kind = kind or layout.kind(number(m[1]))
                    if kind == "direct map":
                        self.tell("pfn", f"{layout.pfn_of_direct(number(m[1])):x}")
                for key, value in (("class", kind), ("access", access), ("report", report)):
                    if value:
                        self.tell(key, value)
                return True
        return False

    def numbers(self, key):
        return [number(w) for w in self.said[key].split()]


def read_console(path):
    """(the lines of the boot, the oopses)"""
    boot, oopses, one = [], [], None
    lines = Path(path).read_text(errors="replace").splitlines()
    for line, after in zip(lines, [*lines[1:], ""]):
        line = line.rstrip("\r")
        _, mark, what = line.partition(MARK)
        key, _, value = what.partition(" ")
        if REPLAY in (after if mark else line) and not (one and one.text):
            continue
        if mark and key == "begin":
            one = Oops(value)
            oopses.append(one)
        elif mark and one and not one.text:
            one.tell(key, value)
        elif one:
            one.text.append(line)
        else:
            boot.append(line)
    return boot, oopses


class Layout:
    """Where this kernel has things, by one page and the kernel's list of RAM."""

    def __init__(self, oops, ram):
        self.phys, self.virt, self.page, self.page_bytes = oops.numbers("page")
        self.shift = oops.number("page_shift")
        self.stack = oops.numbers("stack")
        self.page0 = self.page - (self.phys >> self.shift) * self.page_bytes
        self.ram = ram

    def is_ram(self, pfn):
        return any(first >> self.shift <= pfn <= last >> self.shift for first, last in self.ram)

    def pfn_of_page(self, addr):
        return (addr - self.page0) // self.page_bytes

    def pfn_of_direct(self, addr):
        return (addr - self.virt + self.phys) >> self.shift

    def kind(self, addr):
        """The class of a bad address; x86, by Documentation/arch/x86/x86_64/mm.rst."""
        if addr < 1 << self.shift:
            return "NULL"
        if addr < 1 << 63:
            return "user"
        if self.is_ram(self.pfn_of_direct(addr)):
            return "direct map"
        return "kernel image" if 0xffffffff80000000 <= addr < 0xffffffffc0000000 else "vmalloc"

    def args(self, oops):
        """The options that tell all of it."""
        first = self.ram[0][0]
        out = [f"--ram={a:x}-{b:x}" for a, b in self.ram]
        out += [f"--vmemmap={self.page0:x}", f"--page-size={self.page_bytes}",
                f"--direct={self.virt - self.phys + first:x}={first:x}"]
        if "init" in oops.said:
            a, b = oops.numbers("init")
            out.append(f"--init={a:x}-{b:x}")
        return out


def wrong_about(text, value, layout):
    """What in a sentence about VALUE, an address, is not so."""
    bad = []
    if m := re.search(r"struct page of pfn ([0-9a-f]+)", text):
        if number(m[1]) != layout.pfn_of_page(value):
            bad.append(f"its struct page is that of pfn {layout.pfn_of_page(value):x}")
    if m := re.search(r"direct map: pfn ([0-9a-f]+)", text):
        if number(m[1]) != layout.pfn_of_direct(value):
            bad.append(f"the direct map has pfn {layout.pfn_of_direct(value):x} there")
    if re.search(r"vmapped stack|(close to sp:|in) the task.s stack", text):
        if not layout.stack[0] <= value <= layout.stack[1] + 1:
            bad.append("the stack is elsewhere")
    return bad


def wrong_with(one, oops, layout):
    """What in a statement is not so."""
    text = one["text"]
    bad = []
    if one["about"] == "register" and (m := re.match(r"\w+ = ([0-9a-f]{16}): (.*)", text)):
        bad += wrong_about(m[2], number(m[1]), layout)
    elif one["about"] == "address" and "address" in oops.said:
        bad += wrong_about(text, oops.number("address"), layout)
    for pfn, no in re.findall(r"pfn ([0-9a-f]+)(?: is|, which is) (not )?RAM", text):
        if layout.is_ram(number(pfn)) == bool(no):
            bad.append("by the kernel's list it is the other way round")
    if m := re.search(r"pfn 0 has its struct page at ([0-9a-f]+)", text):
        if number(m[1]) != layout.page0 % 2 ** 64:
            bad.append(f"it is at {layout.page0 % 2 ** 64:x}")
    if m := re.search(r"physical address ([0-9a-f]+) is mapped at ([0-9a-f]+)", text):
        if number(m[2]) - number(m[1]) != layout.virt - layout.phys:
            bad.append("the direct map is elsewhere")
    if (m := re.search(r"memstart_addr ([0-9a-f]+)", text)) and "unless" not in text:
        if layout.pfn_of_page(layout.page) != layout.phys >> layout.shift:
            bad.append(f"not so: {m[1]}")
    return [f"{one['sure']}: {text}: {b}" for b in bad]


def explain(text, args):
    done = subprocess.run([os.environ["PTDBG_READER_HERE"], "explain", "--json", *args, "-"],
                          input="\n".join(text) + "\n", capture_output=True, text=True)
    if done.returncode:
        return None, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], ""


def judge_reports(reports, oops):
    """KASAN's reports before the oops."""
    want = oops.said.get("report")
    if want and not reports:
        return [f"no report, it is {want}"]
    return [f"class {one['class']} of a report, it is {want}" for one in reports if one["class"] != want]


def judge(got, oops, layout, informed):
    """What is wrong with an answer; INFORMED: it had all there is to know."""
    bad = []
    true = oops.said["class"]
    fine = {true} | (STILL.get(true, set()) if informed else GENERAL.get(true, set()) | {"unknown"})
    # a struct page before the first one has no pfn that is a number
    if oops.number("pfn") is not None and oops.number("pfn") >> 63:
        fine |= {"struct page", "unknown"}
    if got["class"] not in fine:
        bad.append(f"class {got['class']} ({got['sure']}), it is {true}")
    for key in ("address", "pfn", "offset"):
        if key in got and key in oops.said and number(got[key]) != oops.told(key):
            bad.append(f"{key} {got[key]}, it is {oops.said[key]}")
        if informed and key in oops.said and key not in got and got["class"] == true and not \
                (key == "address" and oops.said["access"] == "exec"):
            bad.append(f"nothing about the {key}, {oops.said[key]}")
    if not got.get("comm", "").startswith("oopses"):
        bad.append(f"task {got.get('comm')}")
    says = [s for s in got["statements"] if s["sure"] != "unknown"]
    for one in says:
        # of a layout that is one of several nothing more is claimed
        if one["about"] != "layout" or one["sure"] != "possible":
            bad += wrong_with(one, oops, layout)
    about = " / ".join(s["text"] for s in says if s["about"] == "address")
    if "pattern" in oops.said and oops.said["pattern"] not in about:
        bad.append(f"the pattern is {oops.said['pattern']}: {about}")
    if "error" in oops.said and f"ERR_PTR(-{oops.number('error')})" not in about:
        bad.append(f"the error is {oops.said['error']}: {about}")
    hardware = [s["text"] for s in says if s["about"] == "fault" and s["sure"] == "certain"]
    # x86 says nothing of an address that is none
    words = [ACCESS[oops.said["access"]], oops.said["access"].title() + " of size"] if "access" in oops.said else []
    if words and hardware and not any(w in h for w in words for h in hardware):
        bad.append(f"the access was {oops.said['access']}: {hardware[0]}")
    return bad + (judge_held(got, oops, layout) if informed else [])


def judge_held(got, oops, layout):
    """The registers that the module has filled."""
    want = {
        "pte": f"PTE -> pfn {oops.number('pfn') or 0:x}",
        "page": f"struct page of pfn {layout.phys >> layout.shift:x}",
        "direct": f"direct map: pfn {layout.phys >> layout.shift:x}",
        "vmalloc": "vmalloc",
    }
    registers = [s["text"] for s in got["statements"] if s["about"] == "register"]
    bad = []
    for kind, value in oops.held.items():
        mine = [r for r in registers if f"{value:016x}" in r]
        if not any(want[kind] in r for r in mine):
            bad.append(f"{value:016x} is not called {want[kind]}: {mine}")
    return bad


def cut(lines):
    """The oops without what its explanation has no use for."""
    out, trace = [], 0
    # what KASAN knows of an object comes behind the trace
    lines = [l for l in lines if not re.search(r"^(\[[ .0-9]*\] )?[ >]*[0-9a-f]{16}: [0-9a-f]{2} ", l)]
    for line in lines:
        if trace > TRACE_KEPT and re.search(r"The buggy address|Oops|BUG: ", line):
            trace = 0
        if re.search(r"\bCode: |ptdbg-lab", line):
            continue
        if "---[ end" in line:
            out.append(line)
            break
        if re.search(r"Call [Tt]race:", line):
            trace = 1
        elif trace:
            trace += 1
        if trace <= TRACE_KEPT:
            out.append(line)
    return out


def keep(place, oops, answers):
    """The oops for the corpus, with the least that has to be told for an answer, and the answer."""
    args, got = next((a for a in answers if a[1]["class"] == oops.said["class"] and ("pfn" in a[1]) == ("pfn" in oops.said)),
                     answers[-1])
    # LKDTM's names are in capitals
    name = f"lab-{LANE}-{'lkdtm-' * oops.name.isupper()}{oops.name.lower().replace('_', '-')}"
    truth = [f"# {'LKDTM' if oops.name.isupper() else 'ptdbg_oops'} on {LANE}: {oops.said['class']}"]
    if args:
        truth.append("args: " + " ".join(a.replace("=", " ", 1) for a in args))
    truth.append(f"class: {got['class']}")
    if "report" in oops.said:
        truth.append(f"class: {oops.said['report']}")
    if "offset" in oops.said and "offset" in got and "pfn" not in got:
        truth.append(f"says: certain NULL + {oops.said['offset']}")
    if "pfn" in got and "pfn" in oops.said:
        truth.append(f"says: possible pfn {oops.said['pfn']}")
    if "pattern" in oops.said:
        truth.append(f"says: possible {oops.said['pattern']}")
    if "pte" in oops.held and "pfn" in got:
        truth.append(f"says: possible {oops.held['pte']:016x}: a PTE -> pfn {oops.said['pfn']}")
    # x86 says nothing of the access when the address is none
    if "access" in oops.said and any(s["about"] == "fault" for s in got["statements"]):
        of_kasan = any("Read of size" in s["text"] or "Write of size" in s["text"] for s in got["statements"])
        truth.append("says: certain " + (f"{oops.said['access'].title()} of size" if of_kasan else ACCESS[oops.said["access"]]))
    place.mkdir(exist_ok=True)
    (place / f"{name}.log").write_text("\n".join(cut(oops.text)) + "\n")
    (place / f"{name}.truth").write_text("\n".join(truth) + "\n")


def main():
    boot, oopses = read_console(os.environ["PTDBG_CONSOLE"])
    ram = [(number(m[1]), number(m[2])) for l in boot
           if (m := re.search(r"node +\d+: \[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\]", l))]
    tap.check(oopses and ram, f"{len(oopses)} oopses, and the RAM of the machine")
    for oops in oopses:
        lkdtm = any("lkdtm: Performing" in l for l in oops.text)
        # a trigger that the kernel does not have says no class
        if "class" not in oops.said and not lkdtm:
            continue
        layout = Layout(oops, ram)
        if lkdtm and not oops.hear_lkdtm(layout):
            tap.check(False, f"{oops.name}: LKDTM says what it does")
            continue
        args, answers = layout.args(oops), []
        for what, text, given in (("alone", oops.text, []), ("with the boot", boot + oops.text, []),
                                  ("with options", oops.text, args)):
            got, why = explain(text, given)
            if oops.said["class"] == "nothing":
                tap.check(not got, f"{oops.name}, {what}: nothing to explain", str(got))
                continue
            bad = judge(got[-1], oops, layout, bool(given)) + judge_reports(got[:-1], oops) if got else [why]
            tap.check(not bad, f"{oops.name}, {what}" + (f": {got[-1]['class']} ({got[-1]['sure']})" if got else ""),
                      "\n".join(bad))
            if got and what != "with the boot":
                answers.append((given, got[-1]))
        if answers:
            keep(Path(sys.argv[1]).parent / "corpus", oops, answers)
    tap.end()


main()
