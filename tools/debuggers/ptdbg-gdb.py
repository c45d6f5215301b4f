# SPDX-License-Identifier: GPL-2.0-only
"""ptdbg in gdb: the records and the page tables of a kernel that stands still.

  (gdb) source ptdbg-gdb.py
  (gdb) ptdbg symbols KO SECTIONS         where the module is
  (gdb) ptdbg records [OPTION...]         what ptdbg report shows of the ring
  (gdb) ptdbg save DIR                    the ring as a recording
  (gdb) ptdbg walk ADDR [ROOT]            the page-table chain of an address

It needs no debugging information of the kernel: all that it reads is the
module's own.  It works with QEMU's gdb stub, and with a memory image that gdb
opens by kernel address, for each of ptdbg's architectures.

In the environment, PTDBG may name the reader, else it is ptdbg in PATH, and
PTDBG_KO and PTDBG_SECTIONS what ptdbg symbols would be given.
"""

import os
import re
import shlex
import sys

import gdb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ptdbg_session import Problem, Session, ones

# By enum ptdbg_arch (module/core/mode.h): the registers that hold the root table
# for user addresses and for kernel addresses
ROOTS = {
    "PTDBG_X86_64": ("$cr3", "$cr3"),
    "PTDBG_ARM64": ("$TTBR0_EL1", "$TTBR1_EL1"),
    "PTDBG_RISCV64": ("$satp", "$satp"),
}

# Where a variable or a function of the module can be
SECTIONS = (".text", ".text.unlikely", ".data", ".rodata")


def _root_of(arch, page_shift, value):
    """Physical address of the root table that a register holds."""
    if arch == "PTDBG_X86_64":
        return value & ones(51, 12)         # Intel SDM vol. 3A, 4.5.2
    if arch == "PTDBG_RISCV64":
        return (value & ones(43, 0)) << page_shift      # Privileged Architecture, satp: PPN
    # Arm ARM DDI 0487, TTBR0_EL1: with 52 bits, [5:2] are 51:48 of the address
    high = value & ones(5, 2)
    return value & ones(47, 6) | high << 46


def _add_symbols(ko, sections):
    """Tell gdb where the module is."""
    try:
        with open(sections, encoding="ascii", errors="replace") as f:
            found = dict(re.findall(r"(\.[\w.-]+)[: \t]+(0x[0-9a-f]{6,16})$", f.read(), re.M))
    except OSError as e:
        raise Problem(f"{sections}: {e.strerror}") from None
    if ".text" not in found:
        raise Problem(f"{sections} does not say where .text is")
    # gdb 13 loses .bss with any others, so nothing is read of it
    parts = " ".join(f"-s {name} {found[name]}" for name in SECTIONS if name in found)
    gdb.execute(f"add-symbol-file {shlex.quote(ko)} {parts}", to_string=True)
    return found[".text"]


class Gdb(Session):
    def module(self):
        known = [os.environ.get(name) for name in ("PTDBG_KO", "PTDBG_SECTIONS")]
        for again in (all(known), False):
            try:
                return gdb.parse_and_eval("(struct ptdbg *)&ptdbg").dereference()
            except gdb.error:
                if not again:
                    raise Problem("where is the module? ptdbg symbols KO SECTIONS says it") from None
                _add_symbols(*known)

    def memory(self, address, size):
        try:
            return bytes(gdb.selected_inferior().read_memory(address, size))
        except gdb.MemoryError:
            raise Problem(f"there is no memory at {address:x} now: stop the machine in the kernel") from None

    def constant(self, enum, value):
        return str(value.cast(gdb.lookup_type(f"enum {enum}")))

    def string(self, value):
        return value.string()

    def told(self, text):
        gdb.write(text, gdb.STDERR)


session = Gdb()


class Command(gdb.Command):
    """A command whose problem is one sentence, without a trace."""

    def invoke(self, arg, from_tty):
        try:
            self.run(arg)
        except Problem as e:
            raise gdb.GdbError(str(e)) from None

    def run(self, arg):
        raise NotImplementedError


class Ptdbg(gdb.Command):
    """Page faults and page tables, as the module ptdbg recorded them."""

    def __init__(self):
        super().__init__("ptdbg", gdb.COMMAND_DATA, prefix=True)


class Symbols(Command):
    """ptdbg symbols KO SECTIONS: where the module is.

KO is ptdbg.ko as it was built, not stripped.  SECTIONS is a file with the
lines of `grep . /sys/module/ptdbg/sections/.*' from that kernel, made by root."""

    def __init__(self):
        super().__init__("ptdbg symbols", gdb.COMMAND_FILES, gdb.COMPLETE_FILENAME)

    def run(self, arg):
        try:
            ko, sections = shlex.split(arg)
        except ValueError:
            raise Problem("ptdbg symbols KO SECTIONS") from None
        gdb.write(f"ptdbg is at {_add_symbols(ko, sections)}\n")


class Records(Command):
    """ptdbg records [OPTION...]: the records in the ring, oldest first.

The options are those of ptdbg report: --brief, --filter TERMS, ..."""

    def __init__(self):
        super().__init__("ptdbg records", gdb.COMMAND_DATA)

    def run(self, arg):
        gdb.write(session.records(shlex.split(arg)))


class Save(Command):
    """ptdbg save DIR: the ring as a recording, for ptdbg report or babeltrace2."""

    def __init__(self):
        super().__init__("ptdbg save", gdb.COMMAND_DATA, gdb.COMPLETE_FILENAME)

    def run(self, arg):
        args = shlex.split(arg)
        if len(args) != 1:
            raise Problem("ptdbg save DIR")
        session.save(args[0])


class Walk(Command):
    """ptdbg walk ADDR [ROOT]: the page-table chain of an address.

ROOT is the physical address of the root table; without it, it is the one that
the selected CPU (thread) uses."""

    def __init__(self):
        super().__init__("ptdbg walk", gdb.COMMAND_DATA)

    def run(self, arg):
        args = gdb.string_to_argv(arg)
        if len(args) not in (1, 2):
            raise Problem("ptdbg walk ADDR [ROOT]")
        address, *root = (int(gdb.parse_and_eval(a)) & (1 << 64) - 1 for a in args)
        for line in session.walk(address, lambda *of: root[0] if root else self._root(address, *of)):
            gdb.write(line)

    @staticmethod
    def _root(address, arch, page_shift):
        user, kernel = ROOTS[arch]
        name = kernel if address >> 63 else user
        value = gdb.parse_and_eval(name)
        if value.type.code == gdb.TYPE_CODE_VOID:
            raise Problem(f"there is no {name} here: name the root table, ptdbg walk ADDR ROOT")
        return _root_of(arch, page_shift, int(value))


for command in (Ptdbg, Symbols, Records, Save, Walk):
    command()
