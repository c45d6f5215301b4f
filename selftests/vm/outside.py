# SPDX-License-Identifier: GPL-2.0-only
"""The guest as seen from outside: what guest test `chains` asks us.

It asks through the port ptdbg.ask, and while we look, all of it is stopped:

  survey 0          "run START END" for each range that the kernel has mapped
  compare SIZE PID  SIZE bytes of records follow, each a chain as ptdbg reads
                    it; PID is the process that should be on a CPU meanwhile

The answer to "compare" is, numbers hexadecimal unless the guest is to show them:

  differs INDEX END PFN N AT RAW ...  the chain that we see instead
  wrong TEXT                          pagemap contradicts the chain, or the
                                      process has two root tables
  compared CHAINS ENTRIES DIFFER WRONG RUNNING       decimal; RUNNING counts the
                                      CPUs that have PID's root table
  end

or "failed TEXT".  The chains are walked by paging.py, from the root that ptdbg
gives for a process, and from the root in the registers for the kernel.
"""

import struct
from typing import NamedTuple

import paging
from gdbstub import Stopped, StubError

# struct question of selftests/guest/lib/outside.h
RECORD = struct.Struct("<16Q")
UNKNOWN = (1 << 64) - 1
TOLD = 100          # differences that are worth telling
RUNS = 4000
PAGE = 4096         # what memory is read in, whatever the guest's page size is


class View:
    """A machine that stands still."""

    def __init__(self, stub, arch):
        make = paging.MACHINES[arch]
        self.stub = stub
        self.machine = make({name: stub.register(name) for name in make.REGISTERS})
        self.pages = {}

    def _page(self, number):
        page = self.pages.get(number)
        if page is None:
            raw = self.stub.memory(number * PAGE, PAGE)
            page = self.pages[number] = struct.unpack(f"<{PAGE // 8}Q", raw)
        return page

    def entry(self, at):
        return self._page(at // PAGE)[at % PAGE // 8]

    def offset(self, address):
        """Of the entry for ADDRESS in the root table."""
        half = self.machine.half(address)
        return 8 * (address >> half.shifts[0] & half.size(half.shifts[0]) - 1)

    def walk(self, root, half, address):
        """(how it ends, physical address, [(where, entry), ...])"""
        steps, table = [], root
        for shift in half.shifts:
            at = table + 8 * (address >> shift & half.size(shift) - 1)
            raw = self.entry(at)
            steps.append((at, raw))
            if not raw:
                return paging.NONE, 0, steps
            kind, table, low = self.machine.entry(raw, shift)
            if kind == paging.LEAF:
                return kind, table | address & (1 << low) - 1, steps
            if kind != paging.TABLE:
                return kind, 0, steps
        return paging.BAD, 0, steps

    def leaves(self, table, half, level=0, base=0, seen=None):
        """(first address, size) of all that TABLE maps, ascending.

        A table that is met twice counts once: x86 maps the pages of espfix
        thousands of times.
        """
        seen = set() if seen is None else seen
        shift = half.shifts[level]
        for i in range(half.size(shift)):
            raw, start = self.entry(table + 8 * i), base + (i << shift)
            # x86 and riscv64 have the user's half in the same root table
            if not raw or not self.machine.half(start):
                continue
            kind, where, _ = self.machine.entry(raw, shift)
            if kind == paging.LEAF:
                yield start, 1 << shift
            elif kind == paging.TABLE and where not in seen:
                seen.add(where)
                yield from self.leaves(where, half, level + 1, start, seen)


def _survey(view):
    """What lies together in the kernel's half."""
    half, runs = view.machine.kernel, []
    upper = (1 << 64) - (1 << half.bits)
    for start, size in view.leaves(view.machine.kernel_roots[0], half, base=upper):
        if runs and runs[-1][1] == start:
            runs[-1][1] += size
        else:
            runs.append([start, start + size])
    # evenly, should there be too many
    chosen = runs[::len(runs) // RUNS + 1]
    return [f"run {start:x} {min(end, UNKNOWN):x}" for start, end in chosen]


class Chain(NamedTuple):
    """What ptdbg says, and what pagemap says of the same address."""
    pid: int
    address: int
    pagemap: int
    end: int
    pfn: int
    steps: list

    @classmethod
    def all_of(cls, blob):
        for *head, n, a, b, c, d, e, f, g, h, i, j in RECORD.iter_unpack(blob):
            yield cls(*head, [(a, b), (c, d), (e, f), (g, h), (i, j)][:n])


def _see(view, chain, root):
    """(how it ends, pfn, steps), for us."""
    machine = view.machine
    half = machine.half(chain.address)
    if half is None:
        return paging.ADDRESS, 0, []
    kind, where, steps = view.walk(root or machine.kernel_roots[0], half, chain.address)
    if not root and chain.steps and machine.KERNEL_ROOTS == "copies":
        # only the page differs in which the entry of the root table lies
        at, raw = steps[0]
        steps[0] = (chain.steps[0][0] & -PAGE | at % PAGE, raw)
    return kind, where >> half.granule, steps


def _contradicts(chain, kind, page):
    """What pagemap has against a chain."""
    if not chain.pid or chain.pagemap == UNKNOWN:
        return ""
    # Documentation/admin-guide/mm/pagemap.rst: bit 63 present, bits 54:0 pfn
    named = chain.pagemap & paging.ones(54, 0) if chain.pagemap >> 63 else None
    found = page if kind == paging.LEAF else None
    if kind == paging.ABSENT and chain.pfn:
        # PROT_NONE: in pagemap as well, and only Linux can read the entry
        found = chain.pfn
    return f"pagemap {chain.pagemap:x}, found {found}" if named != found else ""


def _compare(view, blob, pid):
    out, roots = [], {}
    chains = entries = differ = wrong = 0
    for index, chain in enumerate(Chain.all_of(blob)):
        root = 0
        if chain.pid:
            root = chain.steps[0][0] - view.offset(chain.address) if chain.steps else roots.get(chain.pid, 0)
        kind, page, steps = _see(view, chain, root)
        if (kind, steps) != (chain.end, chain.steps) or kind == paging.LEAF and page != chain.pfn:
            differ += 1
            if differ <= TOLD:
                seen = "".join(f" {at:x} {raw:x}" for at, raw in steps)
                out.append(f"differs {index:x} {kind:x} {page:x} {len(steps):x}{seen}")
        why = _contradicts(chain, kind, page)
        if root and roots.setdefault(chain.pid, root) != root:
            why = f"another root table, {root:x}"
        if why:
            wrong += 1
            if wrong <= TOLD:
                out.append(f"wrong pid {chain.pid} address {chain.address:x}: {why}")
        chains += 1
        entries += len(steps)
    running = sum(roots.get(pid) in of_cpu for of_cpu in view.machine.user_roots)
    return [*out, f"compared {chains} {entries} {differ} {wrong} {running}"]


def answer(place, arch, question, blob):
    """The lines to say to QUESTION, with BLOB behind it; PLACE is the stub."""
    try:
        with Stopped(place) as stub:
            view = View(stub, arch)
            what, *more = question.split()
            lines = _survey(view) if what == "survey" else _compare(view, blob, int(more[1]))
    except (StubError, OSError, LookupError, ValueError, struct.error) as e:
        return [f"failed {type(e).__name__}: {e}"]
    return [*lines, "end"]
