# SPDX-License-Identifier: GPL-2.0-only
"""Debian packages, resolved and fetched by name in a private apt root.

Each suite and architecture has an apt state of its own in the cache, so the
host's package lists and dpkg are never touched. The host's apt.conf.d stays in
force (proxies), and the mirrors are the host's own where it names any. apt
checks signatures and checksums; nothing is installed, only unpacked.
"""

import contextlib
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import cache
from run import Failed, Unavailable, progress, reap, run, spawn

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
DEFAULT = ("http://deb.debian.org/debian", "http://deb.debian.org/debian-security")
DAYS = 7        # how long a resolution is good for


def mirrors():
    """(archive, security archive): the environment's, the host's, Debian's."""
    texts = []
    for place in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]:
        if place.suffix in (".list", ".sources"):
            with contextlib.suppress(OSError):
                texts.append(place.read_text())
    live = "\n".join(l for t in texts for l in t.splitlines() if not l.lstrip().startswith("#"))
    found = [u.rstrip("/") for u in re.findall(r"https?://\S+", live)]
    main = next((u for u in found if u.endswith("/debian")), DEFAULT[0])
    security = next((u for u in found if u.endswith("/debian-security")), DEFAULT[1])
    return (os.environ.get("PTDBG_MIRROR") or main,
            os.environ.get("PTDBG_SECURITY_MIRROR") or security)


def sources(suite):
    """The lines of a sources.list for SUITE."""
    if not os.path.exists(KEYRING):
        raise Failed(f"{KEYRING} is missing: install debian-archive-keyring")
    main, security = mirrors()
    lines = [f"deb [signed-by={KEYRING}] {main} {suite.archive} main"]
    if suite.security:
        lines.append(f"deb [signed-by={KEYRING}] {security} {suite.security} main")
    return lines


def lacking(suite, error):
    """ERROR, as what it means for the lanes of SUITE."""
    if not suite.moving or isinstance(error, Unavailable):
        return error
    # apt says first what it does, and then what is wrong
    lines = str(error).splitlines()
    why = next((l.strip() for l in lines if re.match(r"\s*E: ", l)), lines[-1].strip())
    return Unavailable(f"{suite.archive} can't be had today: {why}\n" + "\n".join(lines))


class Archive:
    """One suite for one architecture."""

    def __init__(self, suite, arch):
        self.suite, self.arch = suite, arch
        self.name = f"{suite.archive}-{arch}"
        self.root = cache.home() / "apt" / self.name
        self.fresh = self.root / "fresh"

    def _apt(self, tool, *args, **kw):
        root = self.root
        options = {
            "Dir::State": root / "state",
            "Dir::State::status": root / "status",
            "Dir::Cache": root / "cache",
            "Dir::Etc::SourceList": root / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "APT::Architecture": self.arch,
            "APT::Architectures::": self.arch,
            # no package is run; the cache need not be open to the _apt user
            "APT::Sandbox::User": "root",
            "Acquire::Retries": "3",
            "Acquire::Languages": "none",
        }
        if not self.suite.valid_until:
            options["Acquire::Check-Valid-Until"] = "false"
        argv = [tool, "-q"]
        for key, value in options.items():
            argv += ["-o", f"{key}={value}"]
        try:
            return run(argv + list(args), env={**os.environ, "LC_ALL": "C"},
                       what=f"{tool} {args[0]} ({self.name})", **kw)
        except Failed as e:
            raise lacking(self.suite, e) from None

    def refresh(self):
        """Bring the lists up to date, unless another run just did."""
        with cache.lock(f"apt-{self.name}", f"package lists of {self.name}"):
            want = "\n".join(sources(self.suite)) + "\n"
            listed = self.root / "sources.list"
            with contextlib.suppress(OSError):
                if listed.read_text() == want and time.time() - self.fresh.stat().st_mtime < 60:
                    return
            for sub in ("state/lists/partial", "cache/archives/partial"):
                (self.root / sub).mkdir(parents=True, exist_ok=True)
            (self.root / "status").touch()
            listed.write_text(want)
            with progress.step(f"package lists of {self.name}"):
                try:
                    self._apt("apt-get", "update")
                except Failed as e:
                    # a mirror caught in mid-sync breaks one suite, not both
                    if "Unable to" in str(e) or not self._has_main():
                        raise
                    lost = next((l for l in str(e).splitlines() if " E: " in f" {l.strip()}"), "")
                    progress.say(f"  {self.name}: part of the lists could not be had: {lost.strip()}")
            self.fresh.touch()

    def _has_main(self):
        lists = self.root / "state/lists"
        return any(f"_dists_{self.suite.archive}_main_binary" in p.name for p in lists.iterdir())

    def show(self, name):
        """The control fields of the version apt would install."""
        out = self._apt("apt-cache", "show", "--no-all-versions", name)
        fields = {}
        for line in out.splitlines():
            key, colon, value = line.partition(": ")
            if colon and not line.startswith(" "):
                fields.setdefault(key, value)
        if fields.get("Package") != name:
            raise lacking(self.suite, Failed(f"{self.name} has no package {name}"))
        return fields

    def find(self, name):
        """What identifies a package: name, version, architecture of the list."""
        got = self.show(name)
        return {"name": name, "version": got["Version"], "arch": self.arch,
                "depends": depends(got)}

    def fetch(self, package, into):
        """Download the .deb of PACKAGE (as find() gave it) into directory INTO."""
        pin = f"{package['name']}={package['version']}"
        self._apt("apt-get", "download", pin, cwd=into)
        debs = list(Path(into).glob(f"{package['name']}_*.deb"))
        if len(debs) != 1:
            raise Failed(f"apt-get download {pin} left {len(debs)} files")
        return debs[0]


def depends(fields):
    """Names of the packages depended on, the first of each alternative."""
    out = []
    for group in (fields.get("Pre-Depends", "") + "," + fields.get("Depends", "")).split(","):
        m = re.match(r"\s*([a-z0-9][a-z0-9+.-]*)", group)
        if m:
            out.append(m.group(1))
    return out


def resolve(key, suite, arch, find):
    """FIND(archive) with fresh lists, remembered for some days under KEY."""
    def ask():
        archive = Archive(suite, arch)
        archive.refresh()
        return find(archive)
    return cache.remembered(key, DAYS, ask)


def one(suite, arch, name):
    return resolve(f"{suite.archive}-{arch}-{name}", suite, arch, lambda a: a.find(name))


def chain(archive, start, pattern):
    """START and what it depends on, as far as the names match PATTERN."""
    todo, seen, out = [start], set(), []
    while todo:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        got = archive.find(name)
        if re.match(pattern, name):
            out.append(got)
        todo += [d for d in got["depends"] if re.match(pattern, d)]
    return out


def ident(package):
    return f"{package['name']}_{package['version']}_{package['arch']}"


def unpack(suite, packages, into, patterns=()):
    """Fetch PACKAGES and unpack them (or only PATTERNS of them) below INTO."""
    into = Path(into)
    work = into / "debs"
    work.mkdir()
    for package in packages:
        deb = Archive(suite, package["arch"]).fetch(package, work)
        argv = ["tar", "-C", str(into), "-x", "--no-same-owner"]
        if patterns:
            argv += ["--wildcards", *patterns]
        extract(["dpkg-deb", "--fsys-tarfile", str(deb)], argv, deb.name, bool(patterns))
        deb.unlink()
    shutil.rmtree(work)


def extract(left, right, what, lenient=False):
    """LEFT | RIGHT. With LENIENT, tar may miss patterns that a package lacks."""
    a = spawn(left, stdout=subprocess.PIPE)
    b = spawn(right, stdin=a.stdout, stderr=subprocess.PIPE)
    a.stdout.close()
    errors = b.stderr.read().decode(errors="replace")
    ca, cb = reap(a), reap(b)
    if lenient and cb == 2 and all("Not found" in l or "previous errors" in l
                                   for l in errors.splitlines()):
        cb = 0
    if ca or cb:
        raise Failed(f"unpacking {what} failed: {errors.strip()}")
