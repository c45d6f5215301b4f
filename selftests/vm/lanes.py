# SPDX-License-Identifier: GPL-2.0-only
"""Reads lanes.toml into Lane objects and refuses what does not fit together."""

import fnmatch
import platform
import tomllib
from dataclasses import dataclass
from pathlib import Path

from run import Failed

TABLE = Path(__file__).with_name("lanes.toml")
DEFAULT = "riscv64-6.12-sv39"
NATIVE = "amd64"        # the build roots are for this one, and cross compile


@dataclass(frozen=True)
class Suite:
    name: str                   # of the build root
    archive: str                # the Debian suite it is made from
    security: str | None
    include: tuple
    valid_until: bool = True    # a moving suite can be stale on a mirror
    moving: bool = False        # it may be not to be had at all


@dataclass(frozen=True)
class Arch:
    name: str
    kernel_arch: str
    machine: str
    triplet: str
    qemu: tuple
    tcg: tuple
    kvm: tuple
    console: str


@dataclass(frozen=True)
class Lane:
    name: str
    arch: Arch
    suite: Suite
    cc: str
    package: str | None = None
    version: str = ""
    source: str | None = None
    build_suite: Suite | None = None
    config: tuple = ()
    cmdline: str = ""
    mmu_type: str = ""
    paging: str = ""
    modules: tuple = ("virtio_pci", "virtio_console", "virtio_blk")
    spare: tuple = ()
    smp: int = 2
    memory: int = 1024          # MiB
    slow: int = 1               # all time limits, times this
    records: bool = True        # False: ptdbg refuses this kernel
    sizes: tuple = ("ci", "full")    # of a run that names no lanes
    tests: tuple = ("*",)       # globs of the names of its guest tests

    @property
    def compiler(self):
        return f"{self.arch.triplet}-{self.cc}"


def _fields(cls, table, where, **given):
    known = cls.__dataclass_fields__
    for key in table:
        if key not in known:
            raise Failed(f"lanes.toml: {where} does not know '{key}'")
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    values.update(given)
    try:
        return cls(**values)
    except TypeError as e:
        raise Failed(f"lanes.toml: {where}: {e}") from None


def _suites(tables):
    out = {}
    for name, table in tables.items():
        table = dict(table)
        archive = table.pop("base", name)
        base = tables.get(archive)
        if base is None:
            raise Failed(f"lanes.toml: suite {name} is based on unknown {archive}")
        table.setdefault("security", base.get("security"))
        table.setdefault("valid_until", base.get("valid_until", True))
        table.setdefault("moving", base.get("moving", False))
        out[name] = _fields(Suite, table, f"suite {name}", name=name, archive=archive)
    return out


def _table():
    with open(TABLE, "rb") as f:
        return tomllib.load(f)


def suites():
    return _suites(_table()["suite"])


def arches():
    return {n: _fields(Arch, t, f"arch {n}", name=n) for n, t in _table()["arch"].items()}


def load():
    raw = _table()
    roots = suites()
    known_arches = arches()
    out = {}
    for name, table in raw["lane"].items():
        table = dict(table)
        for key, known in (("arch", known_arches), ("suite", roots), ("build_suite", roots)):
            if key in table:
                if table[key] not in known:
                    raise Failed(f"lanes.toml: lane {name} names unknown {key} {table[key]}")
                table[key] = known[table[key]]
        table["config"] = _options(table.get("config", ()), raw.get("config", {}), name)
        lane = _fields(Lane, table, f"lane {name}", name=name)
        if bool(lane.package) == bool(lane.source):
            raise Failed(f"lanes.toml: lane {name} needs either package or source")
        if lane.source and not (lane.build_suite and lane.config):
            raise Failed(f"lanes.toml: lane {name} needs build_suite and config to build {lane.source}")
        out[name] = lane
    return out


def _options(names, shared, lane):
    """Kernel options, "@NAME" standing for a shared list."""
    out = []
    for name in names:
        if name.startswith("@"):
            if name[1:] not in shared:
                raise Failed(f"lanes.toml: lane {lane} names unknown config {name}")
            out += shared[name[1:]]
        else:
            out.append(name)
    return tuple(out)


def chosen(globs):
    """The lanes that match any of GLOBS (spaces or commas between); all if empty."""
    lanes = load()
    if platform.machine() != "x86_64":
        raise Failed("the lab cross compiles on an amd64 host; this is "
                     + platform.machine())
    wanted = globs.replace(",", " ").split()
    if not wanted:
        return list(lanes.values())
    out = []
    for glob in wanted:
        hits = [l for n, l in lanes.items() if fnmatch.fnmatch(n, glob)]
        if not hits:
            raise Failed(f"no lane is called {glob}; there are: {' '.join(lanes)}")
        out += [l for l in hits if l not in out]
    return out


def listing():
    """One line a lane, for people."""
    rows = [("lane", "kernel from", "compiler", "paging", "command line")]
    for lane in load().values():
        rows.append((lane.name, f"{lane.package or lane.source} ({lane.suite.archive})",
                     lane.cc, lane.paging, lane.cmdline))
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(r, widths)).rstrip()
                     for r in rows)
