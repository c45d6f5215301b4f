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
import struct
import subprocess
import tempfile

import gdb

# By enum ptdbg_arch (module/core/mode.h): the registers that hold the root table
# for user addresses and for kernel addresses
ROOTS = {
    "PTDBG_X86_64": ("$cr3", "$cr3"),
    "PTDBG_ARM64": ("$TTBR0_EL1", "$TTBR1_EL1"),
    "PTDBG_RISCV64": ("$satp", "$satp"),
}


# Where a variable or a function of the module can be
SECTIONS = (".text", ".text.unlikely", ".data", ".rodata")

# PTDBG_PACKET_BYTES (module/ptdbg.h)
BLOCK = 64 * 1024


def ones(high, low):
    return (1 << high + 1) - (1 << low)


def _root_of(arch, page_shift, value):
    """Physical address of the root table that a register holds."""
    if arch == "PTDBG_X86_64":
        return value & ones(51, 12)         # Intel SDM vol. 3A, 4.5.2
    if arch == "PTDBG_RISCV64":
        return (value & ones(43, 0)) << page_shift      # Privileged Architecture, satp: PPN
    # Arm ARM DDI 0487, TTBR0_EL1: with 52 bits, [5:2] are 51:48 of the address
    high = value & ones(5, 2)
    return value & ones(47, 6) | high << 46


class Problem(gdb.GdbError):
    """One sentence for the user."""


def _reader(*args, quiet=False):
    """What the reader prints; QUIET: what it says of parts that are missing is known here."""
    program = os.environ.get("PTDBG", "ptdbg")
    try:
        done = subprocess.run([program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as e:
        raise Problem(f"{program}: {e.strerror}: PTDBG in the environment may name the reader") from None
    if done.returncode not in (0, 3):
        raise Problem(done.stderr.strip())
    if not quiet:
        gdb.write(done.stderr, gdb.STDERR)
    return done.stdout


def _memory(address, size):
    try:
        return bytes(gdb.selected_inferior().read_memory(address, size))
    except gdb.MemoryError:
        raise Problem(f"there is no memory at {address:x} now: stop the machine in the kernel") from None


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


def _module():
    """struct ptdbg of the module."""
    known = [os.environ.get(name) for name in ("PTDBG_KO", "PTDBG_SECTIONS")]
    for again in (all(known), False):
        try:
            return gdb.parse_and_eval("(struct ptdbg *)&ptdbg").dereference()
        except gdb.error:
            if not again:
                raise Problem("where is the module? ptdbg symbols KO SECTIONS says it") from None
            _add_symbols(*known)


def _blocks(module):
    """(address, bytes) of all that a reader needs: the metadata and the packets."""
    metadata = module["metadata"]
    yield int(metadata), int(metadata["content_size"]) // 8
    for cpu in range(int(module["nr_each"])):
        if not int(module["each"][cpu]):
            continue
        ring = module["each"][cpu]["ring"]
        for i in range(int(ring["nr"])):
            packet = ring["packet"][i].dereference()
            # what was never used is empty, and what is older was cleared
            if not 0 < int(packet["seq"]) < int(ring["first_seq"]):
                yield int(packet.address), int(packet["content_size"]) // 8


def _save(place):
    """The ring as a recording: a small image of memory, and ptdbg dump of it."""
    module = _module()
    if not int(module["metadata"]):
        raise Problem("the module is not loaded now, or it has just begun to load")
    with tempfile.NamedTemporaryFile(prefix="ptdbg-") as image:
        for address, size in _blocks(module):
            image.write(_memory(address, size))
            # each lies in memory as its size says; what is not used, is zero here
            image.seek(-image.tell() % BLOCK, os.SEEK_CUR)
        image.truncate()
        image.flush()
        _reader("dump", "-o", place, image.name, quiet=True)


class Ptdbg(gdb.Command):
    """Page faults and page tables, as the module ptdbg recorded them."""

    def __init__(self):
        super().__init__("ptdbg", gdb.COMMAND_DATA, prefix=True)


class Symbols(gdb.Command):
    """ptdbg symbols KO SECTIONS: where the module is.

KO is ptdbg.ko as it was built, not stripped.  SECTIONS is a file with the
lines of `grep . /sys/module/ptdbg/sections/.*' from that kernel, made by root."""

    def __init__(self):
        super().__init__("ptdbg symbols", gdb.COMMAND_FILES, gdb.COMPLETE_FILENAME)

    def invoke(self, arg, from_tty):
        try:
            ko, sections = shlex.split(arg)
        except ValueError:
            raise Problem("ptdbg symbols KO SECTIONS") from None
        gdb.write(f"ptdbg is at {_add_symbols(ko, sections)}\n")


class Records(gdb.Command):
    """ptdbg records [OPTION...]: the records in the ring, oldest first.

The options are those of ptdbg report: --brief, --filter TERMS, ..."""

    def __init__(self):
        super().__init__("ptdbg records", gdb.COMMAND_DATA)

    def invoke(self, arg, from_tty):
        with tempfile.TemporaryDirectory(prefix="ptdbg-") as top:
            place = os.path.join(top, "ring")
            _save(place)
            gdb.write(_reader("report", *shlex.split(arg), place))


class Save(gdb.Command):
    """ptdbg save DIR: the ring as a recording, for ptdbg report or babeltrace2."""

    def __init__(self):
        super().__init__("ptdbg save", gdb.COMMAND_DATA, gdb.COMPLETE_FILENAME)

    def invoke(self, arg, from_tty):
        args = shlex.split(arg)
        if len(args) != 1:
            raise Problem("ptdbg save DIR")
        _save(args[0])


class Walk(gdb.Command):
    """ptdbg walk ADDR [ROOT]: the page-table chain of an address.

ROOT is the physical address of the root table; without it, it is the one that
the selected CPU (thread) uses."""

    def __init__(self):
        super().__init__("ptdbg walk", gdb.COMMAND_DATA)

    def invoke(self, arg, from_tty):
        args = gdb.string_to_argv(arg)
        if len(args) not in (1, 2):
            raise Problem("ptdbg walk ADDR [ROOT]")
        address, *root = (int(gdb.parse_and_eval(a)) & (1 << 64) - 1 for a in args)
        layout = _module()["trace"]["layout"]
        mode = layout["mode"]
        table = root[0] if root else self._root(mode, address)
        for level in range(int(mode["levels"])):
            index = address >> int(mode["shift"][level]) & (1 << int(mode["bits"][level])) - 1
            name = str(mode["name"][level].cast(gdb.lookup_type("enum ptdbg_level"))).rpartition("_")[2]
            at = table + 8 * index
            raw, = struct.unpack("<Q", _memory(at - int(layout["direct_phys"]) + int(layout["direct"]), 8))
            text = self._decode(mode, name, raw)
            gdb.write(f"{name}[{index:03x}] @{at:x} {raw:016x} {text}\n")
            following = re.match(r"-> table ([0-9a-f]+)\b", text)
            if not following:
                break
            table = int(following[1], 16) << int(mode["page_shift"])

    @staticmethod
    def _root(mode, address):
        arch = str(mode["arch"].cast(gdb.lookup_type("enum ptdbg_arch")))
        user, kernel = ROOTS[arch]
        name = kernel if address >> 63 else user
        value = gdb.parse_and_eval(name)
        if value.type.code == gdb.TYPE_CODE_VOID:
            raise Problem(f"there is no {name} here: name the root table, ptdbg walk ADDR ROOT")
        return _root_of(arch, int(mode["page_shift"]), int(value))

    @staticmethod
    def _decode(mode, name, raw):
        """What the reader says of an entry, behind the name of its level."""
        if str(mode["arch"].cast(gdb.lookup_type("enum ptdbg_arch"))) == "PTDBG_ARM64":
            title = f"{1 << int(mode['page_shift']) - 10}k-{int(mode['va_bits'])}"
        else:
            title = mode["title"].string().lower().replace("-", "")
        args = ["--mode", title, "--level", name]
        if int(mode["phys_bits"]):
            args += ["--phys-bits", str(int(mode["phys_bits"]))]
        return _reader("decode", *args, f"{raw:x}").rstrip().partition(f" {name} ")[2]


for command in (Ptdbg, Symbols, Records, Save, Walk):
    command()
