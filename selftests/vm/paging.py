# SPDX-License-Identifier: GPL-2.0-only
"""How a CPU translates an address: written from the manuals, for comparison.

A second opinion on what ptdbg's walker and decoder do, so it shares nothing
with them: which mode is on comes from the registers of the CPU, and only that
is told apart which the hardware tells apart.  What Linux keeps in an entry that
the hardware does not use is Linux' business: such an entry is ABSENT here.

  x86      Intel SDM vol. 3A, 4.5 (4-level and 5-level paging), tables 4-12 and
           4-14 to 4-20
  arm64    Arm ARM DDI 0487, D8.2 (translation process), D8.3 (descriptor
           formats); TCR_EL1 and TTBRn_EL1 in D17.2
  riscv64  RISC-V Privileged Architecture, "Supervisor Address Translation and
           Protection Register", "Virtual Address Translation Process", "Svnapot"
"""

from dataclasses import dataclass, field

# How a walk ends.
NONE, ABSENT, LEAF, BAD, ADDRESS = range(5)
ENDS = ("none", "absent", "leaf", "bad", "no address")
TABLE = -1


def ones(high, low):
    """Bits HIGH to LOW, as the manuals write [high:low]."""
    return (1 << high + 1) - (1 << low)


@dataclass(frozen=True)
class Half:
    """The user's or the kernel's half of the address space."""
    bits: int               # of an address that are translated
    granule: int            # a page is 1 << granule bytes, and so is a table
    shifts: tuple = field(init=False)

    def __post_init__(self):
        # a table holds 8-byte entries; what is left over is the root's
        shifts = range(self.granule, self.bits, self.granule - 3)
        object.__setattr__(self, "shifts", tuple(reversed(shifts)))

    def size(self, shift):
        """Entries of a table whose index starts at bit SHIFT."""
        return 1 << min(self.bits - shift, self.granule - 3)


class X86:
    REGISTERS = ("cr3", "cr4", "cs")
    KERNEL_ROOTS = "copies"     # one in the root table of every process

    def __init__(self, cpus):
        # SDM 4.1.1: CR4.LA57, bit 12. The highest bit chooses the half
        bits = 57 if cpus["cr4"][0] >> 12 & 1 else 48
        self.user = self.kernel = Half(bits, 12)
        # table 4-12: below bit 12 is the PCID, above bit 51 no address either
        roots = [cr3 & ones(51, 12) for cr3 in cpus["cr3"]]
        # Linux with page-table isolation: while a CPU is in user space (CPL 3)
        # it has a twin of the root table, the page behind, without the kernel
        self.kernel_roots = [root for root, cs in zip(roots, cpus["cs"]) if not cs & 3] or roots
        self.user_roots = [(root, root & ~ones(12, 12)) if cs & 3 else (root,)
                           for root, cs in zip(roots, cpus["cs"])]

    def half(self, address):
        """The half that ADDRESS is in; None if it is not canonical."""
        top = address >> self.user.bits - 1
        return self.user if top in (0, ones(64 - self.user.bits, 0)) else None

    @staticmethod
    def entry(raw, shift):
        """(what it is, physical address it gives, its lowest bit) of an entry."""
        if not raw & 1:
            return ABSENT, 0, 0
        if shift == 12 or shift in (21, 30) and raw & 1 << 7:
            return LEAF, raw & ones(51, shift), shift
        if raw & 1 << 7:
            return BAD, 0, 0        # reserved in a PML4E and a PML5E
        return TABLE, raw & ones(51, 12), 0


class Arm64:
    REGISTERS = ("TCR_EL1", "TTBR0_EL1", "TTBR1_EL1")
    KERNEL_ROOTS = "one"

    def __init__(self, cpus):
        tcr = cpus["TCR_EL1"][0]
        self.ds = tcr >> 59 & 1
        self.user = Half(64 - (tcr & 0x3f), {0: 12, 1: 16, 2: 14}[tcr >> 14 & 3])
        self.kernel = Half(64 - (tcr >> 16 & 0x3f), {1: 14, 2: 12, 3: 16}[tcr >> 30 & 3])
        # IPS, bits 34:32: 0b110 is 52 bits
        self.far = self.ds or self.kernel.granule == 16 and tcr >> 32 & 7 == 6
        self.user_roots = [(self._base(ttbr),) for ttbr in cpus["TTBR0_EL1"]]
        self.kernel_roots = [self._base(ttbr) for ttbr in cpus["TTBR1_EL1"]]
        # blocks: D8.3.1; with DS also one level further up
        self.blocks = {12: (21, 30, 39), 14: (25, 36), 16: (29, 42)}[self.kernel.granule]
        if not self.far:
            self.blocks = {12: (21, 30), 14: (25,), 16: (29,)}[self.kernel.granule]

    def _base(self, ttbr):
        if self.far:
            return ttbr & ones(47, 6) | (ttbr >> 2 & 0xf) << 48
        return ttbr & ones(47, 1)

    def half(self, address):
        # the tag that TBI allows for is gone before Linux looks at an address
        if address >> self.user.bits == 0:
            return self.user
        return self.kernel if address >> self.kernel.bits == ones(63 - self.kernel.bits, 0) else None

    def entry(self, raw, shift):
        granule = self.kernel.granule
        kind = raw & 3
        # 0b01 is a block, and reserved where there is none: as good as invalid
        if not kind & 1 or kind == 1 and shift not in self.blocks:
            return ABSENT, 0, 0
        where = raw & ones(47, granule)
        if self.ds:
            where = raw & ones(49, granule) | (raw >> 8 & 3) << 50
        elif self.far:
            where |= (raw >> 12 & 0xf) << 48
        if kind == 3 and shift > granule:
            return TABLE, where, 0
        return LEAF, where & ~ones(shift - 1, 0), shift


class Riscv64:
    REGISTERS = ("satp",)
    KERNEL_ROOTS = "copies"

    def __init__(self, cpus):
        satp = cpus["satp"]
        self.user = self.kernel = Half({8: 39, 9: 48, 10: 57}[satp[0] >> 60], 12)
        self.kernel_roots = [(value & ones(43, 0)) << 12 for value in satp]
        self.user_roots = [(root,) for root in self.kernel_roots]

    half = X86.half

    @staticmethod
    def entry(raw, shift):
        where = (raw >> 10 & ones(43, 0)) << 12
        valid, read, write, execute = (raw >> n & 1 for n in range(4))
        if not valid:
            return ABSENT, 0, 0
        if write and not read or raw & ones(60, 54):
            return BAD, 0, 0
        if not read and not execute:
            return (TABLE, where, 0) if shift > 12 else (BAD, 0, 0)
        if raw >> 63:
            # Svnapot: 64K is the only size, and only at the last level
            if shift > 12 or where >> 12 & 0xf != 8:
                return BAD, 0, 0
            return LEAF, where & ~ones(15, 0), 16
        if where & ones(shift - 1, 0):
            return BAD, 0, 0        # a misaligned superpage
        return LEAF, where, shift


MACHINES = {"amd64": X86, "arm64": Arm64, "riscv64": Riscv64}
