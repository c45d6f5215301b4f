# SPDX-License-Identifier: GPL-2.0-only
"""Guest tests as data: reads selftests/guest/tests.toml.

[test.NAME]             NAME is what the report calls it
program = "foo"         foo.c, built static; or "foo.sh", copied
args = "-x 3"           its arguments
lanes = ["*"]           globs of lane names; default all that ptdbg records on
ci_lanes = ["*"]        which of these make check takes; default all; "@NAME" is a
                        list of [group].  A lane that it leaves out has all tests
                        when it is named
sizes = ["ci", "full"]  the sizes it takes part in; default both
timeout = 60            seconds; the guest ends it then
minutes = 3             it goes on for that long; comes on top of timeout
boot = "shared"         all shared tests of a lane run in one boot; "own": a VM
                        of its own, because it harms the kernel; "NAME": in one
                        boot with all that name it, see [boot.NAME]
cmdline = ""            added to the kernel command line  (boot = "own" only)
smp = 2                 CPUs                              (boot = "own" only)
memory = 3072           MiB                               (boot = "own" only)
qemu = ["-device", "x"] more for QEMU's command line      (boot = "own" only);
                        with "-action", "reboot=reset" the test goes on after a
                        reset, from its beginning: /dev/vda keeps what it wrote
expect = ["regex"]      complaints the kernel log may hold
require = ["regex"]     lines the kernel log must hold; allowed as well
outcome = "pass"        or "panic": the guest must die of a kernel panic
host = "check.py"       run on the host afterwards, with the directory of what
                        the test left in /out as argument; prints TAP
programs = ["bar"]      more programs it calls, put beside it; "ptdbg" is the reader
host_programs = ["x"]   programs of the host, put beside it with their libraries
                        where host and guest have the same architecture
kernel_selftests = ["mm"]  the kernel's own, built from its source package, in
                        directories of these names beside it
symbols = true          the kernel's vmlinux with its debugging information is there
                        for the host's part
kernel = true           the kernel's image is put beside it, as vmlinuz
files = ["x.txt"]       more files of selftests/guest, put beside it
kselftest = true        the programs include the kernel's kselftest headers

[group]                 lists of lanes, by name

[boot.NAME]             a VM that several tests share
cmdline, smp, memory, qemu    as above

[demo]                  what `make demo` needs: demo.sh is run
programs, files         as above, without kselftest headers

Every guest has a disk of zeros, /dev/vda, to swap to.
Shell code in selftests/guest/lib/*.sh is put into lib/ beside the tests.
"""

import fnmatch
import re
import tomllib
from dataclasses import dataclass, replace

import build
from qemu import Machine
from run import Failed

SIZES = ("ci", "full")


@dataclass(frozen=True)
class Test:
    name: str
    program: str
    args: str = ""
    lanes: tuple = ("*",)
    ci_lanes: tuple = ("*",)
    sizes: tuple = SIZES
    timeout: int = 60
    minutes: int = 0
    boot: str = "shared"
    cmdline: str = ""
    smp: int | None = None
    memory: int | None = None
    qemu: tuple = ()
    expect: tuple = ()
    require: tuple = ()
    outcome: str = "pass"
    host: str = ""
    programs: tuple = ()
    host_programs: tuple = ()
    kernel_selftests: tuple = ()
    kernel: bool = False
    symbols: bool = False
    files: tuple = ()
    kselftest: bool = True

    def limit(self, lane):
        """Seconds until it has to be over."""
        return self.timeout * lane.slow + 60 * self.minutes

    @property
    def machine(self):
        return Machine(self.cmdline, self.smp, self.memory, self.qemu)

    @property
    def compiled(self):
        own = () if self.program.endswith(".sh") else (self.program,)
        return (*own, *self.programs)

    @property
    def copied(self):
        own = (self.program,) if self.program.endswith(".sh") else ()
        return (*own, *self.files)

    def on(self, lane, size):
        if size == "ci" and size in lane.sizes and not any(fnmatch.fnmatch(lane.name, g) for g in self.ci_lanes):
            return False
        if not any(fnmatch.fnmatch(self.name, g) for g in lane.tests):
            return False
        # a kernel that ptdbg refuses takes only the tests that ask for it
        globs = self.lanes if lane.records else [g for g in self.lanes if g != "*"]
        return any(fnmatch.fnmatch(lane.name, g) for g in globs)


def _raw():
    path = build.tree() / build.GUEST / "tests.toml"
    try:
        with open(path, "rb") as f:
            return tomllib.load(f)
    except FileNotFoundError:
        raise Failed(f"there are no guest tests: {path} is missing") from None
    except tomllib.TOMLDecodeError as e:
        raise Failed(f"{path}: {e}") from None


def _tuples(table):
    return {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}


def _checked(name, table, boots, groups):
    for key, value in table.items():
        if key not in Test.__dataclass_fields__ or key == "name":
            raise Failed(f"tests.toml: test {name} does not know '{key}'")
    try:
        test = Test(name=name, **_tuples(table))
    except TypeError as e:
        raise Failed(f"tests.toml: test {name}: {e}") from None
    problem = None
    for word in test.ci_lanes:
        if word.startswith("@") and word[1:] not in groups:
            raise Failed(f"tests.toml: test {name}: there is no group {word[1:]}")
    test = replace(test, ci_lanes=tuple(
        lane for word in test.ci_lanes for lane in (groups[word[1:]] if word.startswith("@") else [word])))
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", name):
        problem = "its name needs letters, digits, '_', '.', '-' only"
    elif test.boot not in ("shared", "own", *boots):
        problem = f'boot is "shared", "own" or one of: {" ".join(boots)}'
    elif test.outcome not in ("pass", "panic"):
        problem = 'outcome is "pass" or "panic"'
    elif test.boot != "own" and (test.machine != Machine() or test.outcome == "panic"):
        problem = 'cmdline, smp, memory, qemu and outcome = "panic" need boot = "own"'
    elif set(test.sizes) - set(SIZES):
        problem = f"sizes are {' and '.join(SIZES)}"
    for pattern in (*test.expect, *test.require):
        try:
            re.compile(pattern)
        except re.error as e:
            problem = f"regex {pattern}: {e}"
    if problem:
        raise Failed(f"tests.toml: test {name}: {problem}")
    # what the boot gives, the test has
    return replace(test, **_tuples(boots.get(test.boot, {})))


def load():
    raw = _raw()
    boots = raw.get("boot", {})
    for name, table in boots.items():
        for key in table:
            if key not in Machine.__dataclass_fields__:
                raise Failed(f"tests.toml: boot {name} does not know '{key}'")
    return [_checked(n, t, boots, raw.get("group", {})) for n, t in raw.get("test", {}).items()]


def demo():
    """(programs, files) of the demo."""
    table = _raw().get("demo", {})
    return tuple(table.get("programs", ())), ("demo.sh", *table.get("files", ()))


def args_variable(name):
    """Where kselftest's runner looks for the arguments of a test."""
    return "KSELFTEST_" + re.sub(r"[^A-Z0-9]", "_", name.upper()) + "_ARGS"
