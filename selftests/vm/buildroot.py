# SPDX-License-Identifier: GPL-2.0-only
"""Build roots: a small Debian of the suite whose compiler built the kernel.

Made once by mmdebstrap, then only entered, with headers and sources bound in.
Entering and making need root (sudo is used otherwise); what runs inside runs
as the caller. Mounts live in a namespace of their own and end with it.
"""

import os
import re
import shlex

import cache
import packages
from run import Failed, contained, run

_ENTER = r"""
set -eu
root=$1 user=$2; shift 2
while [ "$1" != -- ]; do
    mkdir -p "$root$2"
    mount --bind "$1" "$root$2"
    shift 2
done
shift
mount --bind /proc "$root/proc"
exec chroot --userspec="$user" "$root" /usr/bin/env -i \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/tmp "$@"
"""


def path(suite):
    """The root of SUITE, made if need be."""
    key = f"{suite.name}_{cache.digest(suite.include, 1)}"
    return cache.entry("root", key, f"build root {suite.name}",
                       lambda d: _make(suite, d)) / "root"


def _make(suite, into):
    root = into / "root"
    options = into / "apt.conf"
    # mmdebstrap reads no configuration of the host: hand on how to fetch
    text = run(["apt-config", "dump", "--no-empty", "--format", '%F "%v";%n', "Acquire"])
    keep = re.compile(r"Acquire::(http|https|ftp|Check|Retries|Max|Force)")
    lines = [l for l in text.splitlines() if keep.match(l)]
    if not suite.valid_until:
        lines.append('Acquire::Check-Valid-Until "false";')
    options.write_text("\n".join(lines) + "\n")
    log = into / "mmdebstrap.log"
    try:
        run(contained(["mmdebstrap", "--mode=root", "--variant=apt",
                       "--include=" + ",".join(suite.include), f"--aptopt={options}",
                       "--skip=check/qemu", suite.archive, root, *packages.sources(suite)]),
            log=log, what=f"making the build root {suite.name}")
    except Failed as e:
        # of a suite that moves, parts may not fit together for a while
        raise packages.lacking(suite, e) from None
    names = ["root/var/lib/dpkg/status", "root/usr/bin/dpkg"]
    # the compilers proper, which a torn copy would break first
    names += sorted({str(p.resolve().relative_to(into.resolve()))
                     for p in root.glob("usr/bin/*gcc-[0-9]*")
                     if p.resolve().is_relative_to(into.resolve())})
    return names


def enter(suite, argv, binds, log, what, cwd="/"):
    """Run ARGV in the root of SUITE with BINDS [(host path, path inside)]."""
    root = path(suite)
    user = f"{os.getuid()}:{os.getgid()}"
    pairs = [str(p) for bind in binds for p in bind]
    inner = ["sh", "-c", f"cd {shlex.quote(cwd)} && exec \"$@\"", "sh", *argv]
    return run(contained(["sh", "-c", _ENTER, "enter", str(root), user, *pairs, "--", *inner]),
               log=log, what=what)
