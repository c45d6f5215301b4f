# SPDX-License-Identifier: GPL-2.0-only
"""The kernel of a lane: what boots, and what modules are built against.

Comes from Debian's binary packages (here), or is built from the source package
(sourcekernel.py); both give the same Kernel.
"""

import gzip
import lzma
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import cache
import lanes
import packages
import sourcekernel
from run import Failed, Unavailable

# newer packages are in parts: the image in -binary, modules.builtin in -base
IMAGE = r"linux-(image|binary|modules|base)-\d"
HEADERS = r"linux-(headers|kbuild)-\d"


@dataclass(frozen=True)
class Kernel:
    image: Path         # vmlinuz, config, modules/*.ko, modules/order
    headers: Path       # usr/src/..., usr/lib/linux-kbuild-...
    kdir: str           # KDIR as the build root sees it
    key: str            # changes when anything above does

    @property
    def binds(self):
        """What to bind where in the build root."""
        out = []
        for sub in ("usr/src", "usr/lib"):
            for path in sorted((self.headers / sub).glob("linux-*")):
                out.append((path, f"/{sub}/{path.name}"))
        return out

    @property
    def vmlinux(self):
        """The kernel as ELF with debug info, where the lane's is built with it; else None."""
        path = self.image / "vmlinux"
        return path if path.exists() else None

    @property
    def release(self):
        return (self.image / "release").read_text().strip()


def of(lane):
    if lane.source:
        return Kernel(*sourcekernel.make(lane))
    plan = _plan(lane)
    try:
        return _from_packages(lane, plan)
    except Failed:
        # the mirror may have dropped the version that was resolved last week
        cache.forget(_plan_key(lane))
        newer = _plan(lane)
        if newer == plan:
            raise
        return _from_packages(lane, newer)


def symbols(lane, kernel):
    """vmlinux of KERNEL with its debugging information: a package of a gigabyte, if we have not built it."""
    if kernel.vmlinux:
        return kernel.vmlinux
    name = f"linux-image-{kernel.release}-dbg"
    package = packages.one(lane.suite, lane.arch.name, name)

    def make(into):
        packages.unpack(lane.suite, [package], into, [f"*/vmlinux-{kernel.release}"])
        found = [p for p in into.rglob("vmlinux-*") if p.is_file() and not p.is_symlink()]
        if not found:
            raise Failed(f"there is no vmlinux in {name}")
        found[0].rename(into / "vmlinux")
        return ["vmlinux"]
    return cache.entry("symbols", packages.ident(package), f"symbols {name}", make) / "vmlinux"


def _plan_key(lane):
    return f"{lane.suite.archive}-{lane.arch.name}-{lane.package}"


def _plan(lane):
    """Which packages: the image, and the headers of exactly that image."""
    def image(archive):
        found = packages.chain(archive, lane.package, IMAGE)
        if not found:
            raise Failed(f"{lane.package} leads to no kernel image in {archive.name}")
        found_version = found[0]["version"]
        if not found_version.startswith(lane.version):
            raise Unavailable(f"{archive.name} has moved on to {found_version}, and this lane is for {lane.version}*")
        abi = re.sub(r"^linux-[a-z]+-|-unsigned$", "", found[0]["name"])
        built = packages.chain(archive, f"linux-headers-{abi}", HEADERS)
        return {"abi": abi, "image": found, "headers": built}

    def native(archive):
        # kbuild's tools run on the host; Debian builds them for each host
        plan["headers"] = [archive.find(p["name"]) if p["name"].startswith("linux-kbuild") else p
                           for p in plan["headers"]]
        return plan

    plan = packages.resolve(_plan_key(lane) + "-image", lane.suite, lane.arch.name, image)
    return packages.resolve(_plan_key(lane), lane.suite, lanes.NATIVE, native)


def _from_packages(lane, plan):
    names = [packages.ident(p) for p in plan["image"]]
    image = cache.entry("kernel", names[0] + "_" + cache.digest(names, lane.modules + lane.spare, 1),
                        f"kernel {names[0]}", lambda d: _image(lane, plan, d))
    names = [packages.ident(p) for p in plan["headers"]]
    headers = cache.entry("headers", f"{names[0]}_{cache.digest(names)}",
                          f"headers {names[0]}", lambda d: _headers(lane, plan, d))
    return Kernel(image, headers, f"/usr/src/linux-headers-{plan['abi']}",
                  cache.digest(image.name, headers.name))


def _image(lane, plan, into):
    raw = into / "raw"
    raw.mkdir()
    packages.unpack(lane.suite, plan["image"], raw,
                    ["./boot/vmlinu*", "./boot/config-*", "*/modules.builtin", "*/vmlinuz", "*/config",
                     "*/kernel/drivers/virtio/*", "*/kernel/drivers/char/virtio*",
                     "*/kernel/drivers/block/virtio*", "*/kernel/drivers/firmware/*",
                     "*/kernel/fs/pstore/*", "*/kernel/lib/reed_solomon/*"])
    found = [p for pat in ("boot/vmlinu*", "*/modules/*/vmlinuz", "*/*/modules/*/vmlinuz")
             for p in raw.glob(pat)]
    if not found:
        raise Failed(f"no kernel in {plan['image'][0]['name']}")
    (into / "vmlinuz").write_bytes(_plain(found[0].read_bytes(), lane))
    for config in [*raw.glob("boot/config-*"), *raw.glob("*/*/modules/*/config"), *raw.glob("*/modules/*/config")]:
        shutil.copy(config, into / "config")
    tree = next((p.parent for p in raw.rglob("modules.builtin")), None)
    if not tree:
        raise Failed(f"no modules.builtin in {plan['image'][0]['name']} and what it depends on")
    (into / "release").write_text(tree.name + "\n")
    order = _modules(tree, lane.modules, lane.spare, into / "modules")
    shutil.rmtree(raw)
    return ["vmlinuz", "release", "modules/order", *(f"modules/{n}" for n in order)]


def _plain(blob, lane):
    """The image as QEMU's -kernel takes it: arm64 and riscv64 uncompressed."""
    if lane.arch.name == "amd64":
        return blob
    if blob[4:8] == b"zimg":        # EFI zboot: an image that unpacks itself
        start, size = (int.from_bytes(blob[o:o + 4], "little") for o in (8, 12))
        blob = blob[start:start + size]
    if blob[:2] == b"\x1f\x8b":
        blob = gzip.decompress(blob)
    if blob[:4] == b"\x28\xb5\x2f\xfd":
        raise Failed(f"the kernel of {lane.name} is zstd-compressed, which the lab cannot unpack")
    return blob


def _modules(tree, wanted, spare, into):
    """Copy modules and what they depend on, plain: all of them in order, those of WANTED to be loaded."""
    into.mkdir()
    builtin = {_stem(l) for l in (tree / "modules.builtin").read_text().split()}
    files = {_stem(p.name): p for p in tree.rglob("*.ko*")}
    order = []

    def take(name):
        if name in builtin or f"{name}.ko" in order:
            return
        if name not in files:
            raise Failed(f"the kernel package has no module {name}")
        blob = files[name].read_bytes()
        if files[name].suffix == ".xz":
            blob = lzma.decompress(blob)
        m = re.search(rb"\0depends=([^\0]*)\0", blob)
        for needed in filter(None, (m.group(1).decode() if m else "").split(",")):
            take(needed.replace("-", "_"))
        (into / f"{name}.ko").write_bytes(blob)
        order.append(f"{name}.ko")

    for name in wanted:
        take(name)
    (into / "order").write_text("".join(f"{n}\n" for n in order))
    for name in spare:
        take(name)
    return order


def _stem(path):
    return Path(path).name.split(".ko")[0].replace("-", "_")


def _headers(lane, plan, into):
    packages.unpack(lane.suite, plan["headers"], into)
    shutil.rmtree(into / "usr/share", ignore_errors=True)
    return [p.relative_to(into) for p in (into / "usr/src").glob("*/Module.symvers")] + \
           [p.relative_to(into) for p in (into / "usr/src").glob("*/Makefile")] + \
           [p.relative_to(into) for p in (into / "usr/lib").glob("linux-kbuild*/scripts/mod/modpost")]
