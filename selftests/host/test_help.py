#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What people are told about ptdbg agrees with what it does: help texts, the
options in the sources, man pages, and what bash and zsh complete.

$PTDBG is the reader.
"""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from tap import check, end, skip  # noqa: E402

PTDBG = os.path.abspath(os.environ["PTDBG"])
TOOLS = Path(__file__).resolve().parents[2] / "tools"
OPTION = r"^ {2,6}(?:(-[A-Za-z]), )?(--[a-z0-9-]+)(?: ([A-Z]+))?"


def ptdbg(*args):
    return subprocess.run([PTDBG, *args], capture_output=True, text=True, stdin=subprocess.DEVNULL)


def helps():
    """{command: help text} of the commands that this reader has."""
    commands = re.findall(r"^  ([a-z]+) ", ptdbg("--help").stdout, re.M)
    found = {c: ptdbg(c, "--help") for c in commands}
    # what needs a library that it was built without says so
    return {c: done for c, done in found.items() if "not in this build" not in done.stderr}


def differ(a, b, in_a, in_b):
    """Why two sets are not the same; empty if they are."""
    return "; ".join([f"only in {in_a}: {x}" for x in sorted(a - b)] + [f"only in {in_b}: {x}" for x in sorted(b - a)])


def options(text):
    return {o for m in re.finditer(OPTION, text, re.M) for o in m.group(1, 2) if o}


def source_options(command):
    """Those that the source of a command gives to getopt_long(), or looks for itself."""
    text = (TOOLS / f"cmd_{command}.c").read_text()
    found = {"--" + name for name in re.findall(r'^\t\t\{ "([a-z0-9-]+)", (?:no|required|optional)_argument', text, re.M)}
    for short in re.findall(r'getopt_long\(argc, argv, "\+?([A-Za-z:]*)"', text):
        found |= {"-" + c for c in short if c != ":"}
    found |= set(re.findall(r'strcmp\(argv\[1\], "(--[a-z-]+)"', text))
    return found - {"-h", "--help"}


def page_options(page):
    """Those that a man page has in its list of options."""
    return {"-" + o for line in re.findall(r"^\.It (Fl .*)", page, re.M) for o in re.findall(r"Fl (-?[A-Za-z0-9-]+)", line)}


def test_help(texts):
    for command, done in texts.items():
        lines = done.stdout.splitlines()
        check(done.returncode == 0 and not done.stderr, f"{command} --help", done.stderr)
        check(3 <= len(lines) <= 24, f"{command} --help fits a screen: {len(lines)} lines")
        check(max(map(len, lines)) <= 80, f"{command} --help is not wider", max(lines, key=len))
        found = differ(options(done.stdout) - {"--help"}, source_options(command), "the help", "the source")
        check(not found, f"{command} --help has the options that there are", found)
    wrong = ptdbg("report", "--no-such-option")
    check(wrong.returncode == 2 and wrong.stderr, "an option that there is not: exit code 2")


def test_pages(texts):
    overview = (TOOLS / "man/ptdbg.8").read_text()
    pages = {p.stem.removeprefix("ptdbg-"): p.read_text() for p in (TOOLS / "man").glob("ptdbg-*.8")}
    written = {p.stem.removeprefix("cmd_") for p in TOOLS.glob("cmd_*.c")}
    found = differ(written, set(pages), "tools/cmd_*.c", "tools/man")
    check(not found, "a page for each command", found)
    listed = set(re.findall(r"^\.It Cm ([a-z]+)$", overview.partition(".Sh FILTERS")[0], re.M))
    found = differ(written, listed, "tools/cmd_*.c", "ptdbg.8")
    check(not found, "ptdbg.8 lists the commands", found)
    for command, done in texts.items():
        found = differ(options(done.stdout) - {"--help"}, page_options(pages.get(command, "")), "the help", "the page")
        check(not found, f"ptdbg-{command}.8 has the options of --help", found)


def bash(*words):
    """What bash offers for the last word."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ptdbg; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "-c", script, "bash", TOOLS / "completion/ptdbg.bash", PTDBG, *words],
                          capture_output=True, text=True)
    return set(done.stdout.split()) if not done.stderr else done.stderr


def values(texts):
    """[(command, option, metavariable)]"""
    return [(c, m[2], m[3]) for c, done in texts.items() for m in re.finditer(OPTION, done.stdout, re.M) if m[3]]


def test_bash(texts):
    check(bash("") >= {*texts, "--help"}, "bash: commands", bash(""))
    check(bash("rep") == {"report"} & set(texts), "bash: the command that begins so")
    for command, done in texts.items():
        longs = {o for o in options(done.stdout) if o.startswith("--")} | {"--help"}
        check(bash(command, "-") == longs, f"bash: options of {command}", bash(command, "-"))
    with tempfile.TemporaryDirectory() as place:
        os.mkdir(f"{place}/trace")
        Path(f"{place}/trap").touch()
        check(bash("report", f"{place}/tra") == {f"{place}/trace"}, "bash: directories of recordings")
        check(bash("record", "-o", f"{place}/tra") == {f"{place}/trace"}, "bash: directories for options")
        check(bash("record", "--", "tru") >= {"true"}, "bash: commands to record")
        check(bash("record", "--", "cat", f"{place}/trap") == {f"{place}/trap"}, "bash: and their arguments")
        check(bash("dump", f"{place}/trap", "--", "--bri") == {"--brief"}, "bash: options of the report of a dump")
    check(str(os.getpid()) in bash("walk", "") and "kernel" in bash("walk", ""), "bash: processes")
    check("comm=" in bash("report", "-f", "") and "type=" in bash("live", "--filter", "t"), "bash: filter terms")
    check(bash("report", "-f", "type", "=", "f") == {"fault", "free"}, "bash: types of records")


def words_of(option, name, text):
    """The values that a help text has for an option, if it has a list of them."""
    found = re.search(rf"{option} {name} (.*?)(?:\n +-|\n\n)", text + "\n\n", re.S)
    text = found[1] if found else ""
    if "one of:" in text:
        return set(text.partition("one of:")[2].split())
    text = " ".join(re.sub(r"\(.*?\)", "", text, flags=re.S).split())
    m = re.match(r"[\w., -]*? or [\w.-]+", text)
    # a list, and no sentence
    return set(re.findall(r"[\w.-]+", m[0])) - {"or"} if m and re.fullmatch(r"[\w.-]+( ?, [\w.-]+)* or [\w.-]+", m[0]) else set()


def test_values(texts):
    """The values that are offered are those of the help, and ptdbg takes them."""
    lists = 0
    for command, option, name in values(texts):
        if name in ("DIR", "FILE", "PID", "TERMS"):
            continue
        listed, offered = words_of(option, name, texts[command].stdout), bash(command, option, "")
        check(offered == listed, f"bash: {command} {option} {' '.join(sorted(listed)) or '(no list)'}", offered)
        lists += bool(listed)
        for value in sorted(listed):
            more = ["/no/such"]
            if command == "decode":
                more = ["0", *(() if option == "--mode" else ("--mode", "sv39") if value == "riscv64" else
                               ("--mode", "4k-48") if value == "arm64" else ("--mode", "5level"))]
            done = ptdbg(command, option, value, *more)
            if done.returncode == 2:
                check(False, f"{command} {option} {value} is taken", done.stderr)
    check(lists >= 5, f"{lists} lists of values")


class Zsh:
    """A shell on a terminal, with the completion."""

    def __init__(self, place):
        self.out = Path(place, "buffer")
        os.mkdir(f"{place}/bin")
        os.symlink(PTDBG, f"{place}/bin/ptdbg")
        Path(place, ".zshrc").write_text(
            f'path=({place}/bin $path)\nfpath=({TOOLS}/completion $fpath)\nautoload -U compinit\ncompinit -D -u\n'
            "unsetopt beep\nsetopt no_auto_menu\n"
            f"dump() {{ print -r -- \"$BUFFER\" >{self.out}.new; mv {self.out}.new {self.out}; zle kill-buffer }}\n"
            "zle -N dump\nbindkey '^X' dump\n")
        pid, self.fd = pty.fork()
        if not pid:
            os.chdir(place)
            os.execvpe("zsh", ["zsh", "-i"], {**os.environ, "ZDOTDIR": place, "TERM": "dumb"})
        self.complete("")

    def complete(self, text):
        """The line after Tab."""
        self.out.unlink(missing_ok=True)
        os.write(self.fd, text.encode() + (b"\t" if text else b"") + b"\x18")
        end = time.monotonic() + 60
        while not self.out.exists() and time.monotonic() < end:
            # what it shows is of no interest, but must go somewhere
            if select.select([self.fd], [], [], 0.05)[0]:
                os.read(self.fd, 65536)
        return self.out.read_text().rstrip("\n") if self.out.exists() else None

    def close(self):
        os.close(self.fd)


def test_zsh(texts):
    if not shutil.which("zsh"):
        return skip("zsh", "it is not installed")
    with tempfile.TemporaryDirectory() as place:
        os.mkdir(f"{place}/recording")
        shell = Zsh(place)
        for typed, want in (("ptdbg rep", "ptdbg report "), ("ptdbg deco", "ptdbg decode "),
                            ("ptdbg report rec", "ptdbg report recording/"),
                            ("ptdbg record -o rec", "ptdbg record -o recording/"),
                            ("ptdbg report --sort dur", "ptdbg report --sort duration "),
                            ("ptdbg stat -b proc", "ptdbg stat -b process "),
                            ("ptdbg decode --kernel unk", "ptdbg decode --kernel unknown "),
                            ("ptdbg decode --mode sv3", "ptdbg decode --mode sv39 "),
                            ("ptdbg report -f us", "ptdbg report -f user "),
                            ("ptdbg report -f type=fa", "ptdbg report -f type=fault "),
                            ("ptdbg walk ker", "ptdbg walk kernel ")):
            got = shell.complete(typed)
            check(got is not None and got.rstrip() == want.rstrip(), f"zsh: {typed}", repr(got))
        for command, done in texts.items():
            longs = {o for o in options(done.stdout) if o.startswith("--")} | {"--help"}
            wrong = []
            for o in longs:
                if not any(other != o and other.startswith(o[:-1]) for other in longs):
                    got = shell.complete(f"ptdbg {command} {o[:-1]}")
                    wrong += [(o, got)] if got is None or got.rstrip() != f"ptdbg {command} {o}" else []
            check(not wrong, f"zsh: options of {command}", wrong)
        shell.close()


found = helps()
test_help(found)
test_pages(found)
test_bash(found)
test_values(found)
test_zsh(found)
end()
