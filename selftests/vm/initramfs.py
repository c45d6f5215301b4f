# SPDX-License-Identifier: GPL-2.0-only
"""The guest's whole file system, as a newc cpio archive that we write.

busybox, /init, modules and tests. Written uncompressed: unpacking costs an
emulated CPU more than reading costs QEMU.
"""

import re
import shutil
import stat
from pathlib import Path

import cache
import lanes
import packages
from run import run

HERE = Path(__file__).parent

# kselftest's runner calls GNU timeout with an option that busybox lacks
TIMEOUT = """#!/bin/sh
[ "$1" = --foreground ] && shift
busybox timeout -k 5 "$@"
code=$?
# busybox passes on how the program died, GNU timeout says 124
[ $code = 143 ] && code=124
[ $code = 137 ] && code=124
exit $code
"""

# kselftest's runner takes prefix.pl only where it sees a perl; without it, what
# a test said before the kernel died would be stuck in sed's buffer
PREFIX = """#!/bin/sh
while IFS= read -r line || [ -n "$line" ]; do
	printf '# %s\\n' "$line"
done
"""
PERL = """#!/bin/sh
echo "there is no perl in this guest" >&2
exit 127
"""


def busybox(lane):
    """A static busybox for the lane's architecture, from its suite."""
    package = packages.one(lane.suite, lane.arch.name, "busybox-static")

    def make(into):
        packages.unpack(lane.suite, [package], into, ["*/bin/busybox"])
        found = next(p for p in into.rglob("busybox") if p.is_file())
        found.rename(into / "busybox.bin")
        return ["busybox.bin"]
    return cache.entry("busybox", packages.ident(package), f"busybox ({lane.arch.name})", make) / "busybox.bin"


class Archive:
    def __init__(self):
        self.parts = []
        self.made = set()
        self.inode = 0

    def _add(self, name, mode, data=b"", device=(0, 0)):
        self.inode += 1
        raw = name.encode() + b"\0"
        fields = (self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(raw), 0)
        head = b"070701" + b"".join(b"%08X" % f for f in fields) + raw
        self.parts.append(head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4))
        self.made.add(name)

    def _parents(self, name):
        for parent in reversed(Path(name).parents):
            if str(parent) not in (".", "/") and str(parent) not in self.made:
                self._add(str(parent), stat.S_IFDIR | 0o755)

    def file(self, name, data, mode=0o644):
        """DATA is bytes, text or a path to read."""
        if isinstance(data, Path):
            data = data.read_bytes()
        elif isinstance(data, str):
            data = data.encode()
        self._parents(name)
        self._add(name, stat.S_IFREG | mode, data)

    def program(self, name, data):
        self.file(name, data, 0o755)

    def link(self, name, target):
        self._parents(name)
        self._add(name, stat.S_IFLNK | 0o777, target.encode())

    def device(self, name, major, minor):
        self._parents(name)
        self._add(name, stat.S_IFCHR | 0o600, device=(major, minor))

    def write(self, path):
        self._add("TRAILER!!!", 0)
        blob = b"".join(self.parts)
        path.write_bytes(blob + b"\0" * (-len(blob) % 512))

def host_program(out, lane, name, where):
    """The host's program NAME as WHERE, with its libraries, if LANE can run it."""
    found = shutil.which(name)
    if not found or lane.arch.name != lanes.NATIVE:
        return
    out.program(where, Path(found))
    for path in re.findall(r"(/\S+) \(0x", run(["ldd", found])):
        if path.lstrip("/") not in out.made:
            out.program(path.lstrip("/"), Path(path))


def kselftest(out, headers):
    """The kernel's own runner, HEADERS being the directory it comes from."""
    out.program("kselftest/run_kselftest.sh", headers / "run_kselftest.sh")
    for path in sorted((headers / "kselftest").iterdir()):
        if path.is_file():
            out.program(f"kselftest/kselftest/{path.name}", PREFIX if path.name == "prefix.pl" else path)
    out.program("usr/bin/perl", PERL)
    out.program("usr/bin/timeout", TIMEOUT)


def base(lane, kernel, mode, env):
    """An archive with everything but the tests. ENV goes to /init and to tests."""
    out = Archive()
    out.device("dev/console", 5, 1)
    out.device("dev/null", 1, 3)
    out.program("bin/busybox", busybox(lane))
    out.program("init", HERE / "init.sh")
    lines = [f"MODE={mode}", *(f"export {k}='{v}'" for k, v in env.items())]
    out.file("lab.env", "\n".join(lines) + "\n")
    out.file("etc/passwd", "root::0:0:root:/root:/bin/sh\n")
    out.file("etc/group", "root:x:0:\n")
    for path in sorted((kernel.image / "modules").iterdir()):
        out.file(f"modules/{path.name}", path)
    return out
