# SPDX-License-Identifier: GPL-2.0-only
"""What came of the tests: TAP read, kernel logs judged, the table printed.

A case is one TAP line. A test without sub-tests is one case; what only we can
see (a kernel complaint, a dead VM, a broken plan) is a failed case more.
"""

import itertools
import re
from dataclasses import dataclass, field

from run import progress

# What a healthy kernel does not say.
COMPLAINT = re.compile(
    r"\bBUG\b|WARNING: |INFO: possible|INFO: suspicious|INFO: trying to register|INFO: task .* blocked"
    r"|INFO: rcu|rcu:.*(stall|detected)|self-detected stall|\bOops\b|general protection|Internal error"
    r"|Unable to handle kernel|kernel paging request|Kernel panic|UBSAN:|KASAN:|KFENCE:|KCSAN:"
    r"|unchecked MSR|unreferenced object|soft lockup|hard LOCKUP|bad page|Bad rss|Bad pagetable"
    r"|scheduling while atomic|sleeping function called|double fault|stack guard|held lock freed"
    r"|refcount_t:|list_(add|del) corruption|Voluntary context switch within RCU"
    # kernels that watch themselves; whoever stops watching says so as well
    r"|suspicious RCU usage|recursive locking|circular locking|pagealloc: (memory corruption|single bit)"
    r"|DEBUG_LOCKS_WARN_ON|kmemleak: (\d+ new|Memory pool empty|.*disabled)")


@dataclass
class Case:
    name: str
    status: str             # pass, fail, skip
    why: str = ""


@dataclass
class Result:
    lane: str
    test: str
    cases: list = field(default_factory=list)
    outcome: str = "pass"   # pass, fail, skip, timeout, panic, lost, untested
    output: list = field(default_factory=list)
    log: list = field(default_factory=list)
    seconds: float = 0.0

    def fail(self, name, why, outcome="fail"):
        self.cases.append(Case(name, "fail", why))
        self.outcome = outcome

    def count(self, status):
        return sum(c.status == status for c in self.cases)

    def settle(self):
        """The outcome, where the VM's end did not decide it."""
        if self.outcome == "pass":
            if self.count("fail"):
                self.outcome = "fail"
            elif self.cases and not self.count("pass"):
                self.outcome = "skip"
        return self

    def cell(self):
        if self.outcome in ("timeout", "panic", "lost"):
            return self.outcome.upper()
        if self.outcome == "untested":
            return "NOT TESTED"
        parts = [f"{self.count(s)} {word}" for s, word in
                 (("pass", "ok"), ("fail", "FAILED"), ("skip", "skipped")) if self.count(s)]
        return ", ".join(parts) or "nothing"


def tap(lines):
    """(cases, problem) of TAP text; PROBLEM is what is wrong with it, or ""."""
    cases, plan, problem = [], None, ""
    for line in lines:
        m = re.match(r"(not )?ok\b\s*(\d+)?[\s-]*(.*)", line)
        if m:
            name, _, directive = m.group(3).partition("#")
            why = directive.strip()
            status = "fail" if m.group(1) else "pass"
            if re.match(r"(SKIP|TODO|XFAIL)\b", why, re.I):
                # an expected failure proves nothing either way
                status, why = "skip", re.sub(r"(?i)^skip\b:?\s*", "", why)
            cases.append(Case(name.strip() or why or f"case {m.group(2)}", status, why))
            continue
        m = re.match(r"1\.\.(\d+)(?:\s*#\s*SKIP\s*(.*))?\s*$", line, re.I)
        if m:
            plan = int(m.group(1))
            if plan == 0 and not cases:
                cases.append(Case("all", "skip", m.group(2) or ""))
                plan = 1
        elif line.startswith("Bail out!"):
            problem = line.strip()
    if not problem and plan is not None and plan != len(cases):
        problem = f"planned {plan} cases, saw {len(cases)}"
    return cases, problem


def read_guest(result, name):
    """Cases out of the runner's output: the test's own TAP is nested by '# '."""
    nested = [l[2:] for l in result.output if l.startswith("# ")]
    cases, problem = tap(nested)
    top = None
    for line in result.output:
        m = re.match(rf"(not )?ok 1 selftests: ptdbg: {re.escape(name)}(?: # (.*))?$", line)
        if m:
            top = ("fail" if m.group(1) else "pass", m.group(2) or "")
    result.cases += cases
    if top is None:
        return False
    status, why = top
    if why.startswith("SKIP"):
        if not cases:
            said = [l for l in nested if "SKIP" in l or "skip" in l] or nested[-1:]
            result.cases.append(Case(name, "skip", said[-1] if said else ""))
    elif why.startswith("TIMEOUT"):
        result.fail(name, why, "timeout")
    elif status == "fail" and not any(c.status == "fail" for c in cases):
        result.fail(name, why or "failed")
    elif problem:
        result.fail("plan", problem)
    elif not cases:
        result.cases.append(Case(name, status, why))
    return True


# The clock that NMIs may ask reads what is being written, by design; ptdbg asks it.
CLOCK = re.compile(r"KCSAN: data-race in .*\b(timekeeping_cycles_to_ns|ktime_get_mono_fast_ns)\b")


def _races_elsewhere(log):
    """Where in the log KCSAN begins a report in which no stack is ptdbg's: the
    kernel has races of its own."""
    out = set()
    for at, line in enumerate(log):
        if "BUG: KCSAN:" in line:
            rest = log[at:]
            report = list(itertools.takewhile(lambda l: "=====" not in l, rest))
            # one that is not whole may be anybody's
            if CLOCK.search(line) or len(report) < len(rest) and not any("[ptdbg" in l for l in report):
                out.add(at)
    return out


def judge_log(result, test):
    """Complaints of the kernel: only those declared, and all those required."""
    allowed = [re.compile(p) for p in (*test.expect, *test.require)]
    elsewhere = _races_elsewhere(result.log)
    bad = [l for at, l in enumerate(result.log)
           if COMPLAINT.search(l) and at not in elsewhere and not any(a.search(l) for a in allowed)]
    if bad:
        result.fail("kernel log", bad[0].strip() + (f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""),
                    result.outcome if result.outcome != "pass" else "fail")
    for pattern in test.require:
        if not any(re.search(pattern, l) for l in result.log):
            result.fail("kernel log", f"lacks the required {pattern}",
                        result.outcome if result.outcome != "pass" else "fail")


def table(results):
    """Tests down, lanes across; a table an architecture, or it would be too wide."""
    first = max((len(r.test) for r in results), default=0)
    out = [f"{r.test.ljust(first)}  {r.cell()}" for r in results if not r.lane]
    for arch in dict.fromkeys(r.lane.partition("-")[0] for r in results if r.lane):
        mine = [r for r in results if r.lane.partition("-")[0] == arch]
        cells = {(r.lane, r.test): r.cell() for r in mine}
        lanes = list(dict.fromkeys(r.lane for r in mine))
        rows = [["test".ljust(first), *lanes]]
        rows += [[t, *(cells.get((l, t), "-") for l in lanes)] for t in dict.fromkeys(r.test for r in mine)]
        width = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
        out += ([""] if out else []) + ["  ".join(c.ljust(w) for c, w in zip(r, width)).rstrip() for r in rows]
    return "\n".join(out)


def unavailable(lane, test, error):
    """The result of what can't be had today: no pass and no failure, but seen."""
    why = str(error).splitlines()[0]
    progress.say(f"  SKIPPED {lane or test}: {why}")
    return Result(lane, test, [Case("unavailable", "skip", why)], "untested")


def where(result):
    return f"{result.lane} {result.test}".strip()


def summary(results):
    """The end of a check: table, reasons, and the line that counts."""
    out = ["", table(results), ""]
    for r in results:
        for c in r.cases:
            if c.status == "fail":
                out.append(f"FAILED   {where(r)}: {c.name}" + (f": {c.why}" if c.why else ""))
    for r in results:
        for c in r.cases:
            if c.status == "skip" and r.outcome != "untested":
                out.append(f"skipped  {where(r)}: {c.name}" + (f": {c.why}" if c.why else ""))
    for r in results:
        if r.outcome == "untested":
            out.append(f"NOT TESTED  {r.lane or r.test}: {r.cases[0].why}")
    n = {s: sum(r.count(s) for r in results) for s in ("pass", "fail", "skip")}
    out.append(f"{n['pass']} passed, {n['fail']} failed, {n['skip']} skipped")
    return "\n".join(out), n["fail"]
