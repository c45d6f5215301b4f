#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""test_picture.py BUILD: the page of `ptdbg tables --html`, in a headless Chromium.

BUILD has ptdbg and make_tables. What the page must show is found out here from the text of
`ptdbg report` and from the note of the region rules. Without a browser only the file is looked at,
and the rest is skipped.
"""

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import browser

sys.path.append(str(Path(__file__).resolve().parents[1]))
from tap import check, end, skip  # noqa: E402

SECONDS = 180               # for all that the browser does; alone on a machine it takes less than 20
MAX_BYTES = 32 << 20        # of the page of the large recording
KEEP = 32                   # records of a table page, when there is room


def same(got, want, what):
    return check(got == want, what, f"got  {got}\nwant {want}")


class Recording:
    """What the text of `ptdbg report` says of the table pages: {(level, pfn): its records}."""

    def __init__(self, build, directory):
        text = subprocess.run([build / "ptdbg", "report", directory], capture_output=True, check=True).stdout
        # the page leaves stacks out
        text = re.sub(r"^    (?:user )?stack .*\n", "", text.decode(errors="replace"), flags=re.M)
        self.records = re.split(r"^(?=\[)", "".join(l for l in text.splitlines(True) if l[0] != "#"), flags=re.M)
        self.records = [r for r in self.records if r]
        self.levels = list(dict.fromkeys(re.findall(r"^    (\w+)\[", text, re.M)))
        self.at = defaultdict(list)
        self.broken, self.fresh, self.freed = set(), set(), set()
        last = {}
        for nr, record in enumerate(self.records):
            if m := re.match(r"\[.*? free (?:(\w+) )?table ([0-9a-f]+) of root", record):
                pfn = int(m[2], 16)
                page = (m[1] or last.get(pfn, "?"), pfn)
                self.freed.add(page)
                self.at[page].append(nr)
                last[pfn] = page[0]
                continue
            marks = ""
            for line in record.splitlines()[1:]:
                if line.startswith("    root table"):
                    marks = line
                m = re.match(r"    (\w+)\[[0-9a-f]+\] @([0-9a-f]+) (before )?", line)
                if not m or m[3]:
                    continue
                page = (m[1], int(m[2], 16) >> 12)
                last[page[1]] = page[0]
                self.at[page].append(nr)
                if "!region" in marks:
                    self.broken.add(page)
                if "+new" in marks:
                    self.fresh.add(page)
                # what is behind an entry is about the table that it leads to
                marks = line

    def kept(self, page):
        mine = self.at[page]
        return [self.records[i] for i in (mine if len(mine) <= KEEP else mine[:1] + mine[1 - KEEP:])]

    def time(self, nr):
        return float(re.match(r"\[ *([\d.]+)\]", self.records[nr])[1])

    def used(self, first, last):
        return {p for p, mine in self.at.items() if any(first <= self.time(i) <= last for i in mine)}


def make(build, kind):
    """A recording and its page."""
    directory = build / f"picture-{kind}"
    shutil.rmtree(directory, ignore_errors=True)
    subprocess.run([build / "make_tables", directory, kind], check=True)
    page = build / f"picture-{kind}.html"
    page.unlink(missing_ok=True)
    run = subprocess.run([build / "ptdbg", "tables", "--html", page, directory], capture_output=True, check=False)
    check(run.returncode == 0, f"{kind}: tables --html makes a page", run.stderr.decode(errors="replace"))
    return directory, page


def data_of(page):
    """The data in a page, found as a browser does: up to the first end of a script."""
    text = page.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script', text, re.S)[1])


MARKS = """[...document.querySelectorAll(".mark")].map(g => {
    const t = tables[g.dataset.nr], r = g.firstChild.getBoundingClientRect();
    return { level: levelName(t.level), pfn: t.pfn, ring: !!g.querySelector(".ring"), dot: !!g.querySelector(".dot"),
             cut: !!g.querySelector(".cut"), dim: g.classList.contains("dim"), x: r.x + r.width / 2,
             y: r.y + r.height / 2, row: [...rows.children].indexOf(g.closest(".row")) };
})"""
BANDS = """[...document.querySelectorAll("#rows .rule")].map(g => {
    const r = g.querySelector("rect").getBoundingClientRect();
    return { rule: +g.dataset.rule, from: r.left, to: r.right, kind: g.classList.contains("deny") ? "deny" : "allow",
             row: [...rows.children].indexOf(g.closest(".row")) };
})"""
DETAIL = """({ head: document.querySelector("#detail h2").textContent,
    records: [...document.querySelectorAll("#detail pre.record")].map(p => p.textContent) })"""


def page_of(mark):
    return mark["level"], mark["pfn"]


def quiet(tab, page, what):
    """Nothing was asked for but the file, and nothing complained about."""
    same([u for u in tab.requests if u != page.as_uri() and u != "data:,"], [], f"{what}: no request but for the file")
    same(tab.complaints, [], f"{what}: no complaint in the console")


def check_marks(tab, rec, what):
    marks = tab.run(MARKS)
    same(len(marks), len(rec.at), f"{what}: a mark for each table page")
    same({page_of(m) for m in marks} ^ set(rec.at), set(), f"{what}: they are those in the report")
    for key, pages, name in (("ring", rec.broken, "breaches"), ("dot", rec.fresh, "new ones"), ("cut", rec.freed, "freed ones")):
        same({page_of(m) for m in marks if m[key]} ^ pages, set(), f"{what}: {len(pages)} {name} are marked")
    return marks


def check_click(tab, rec, mark, what):
    """A click opens the records of the table page: the first and the newest."""
    place = tab.run(f"""(() => {{ const g = tables.find(t => t.pfn === {mark['pfn']} &&
        levelName(t.level) === "{mark['level']}").element; g.scrollIntoView({{ block: "center" }});
        const r = g.firstChild.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()""")
    tab.click(*place)
    tab.settle()
    detail = tab.run(DETAIL)
    same(detail["head"], f"{mark['level']} table page {mark['pfn']:x}", f"{what}: a click opens {mark['level']} {mark['pfn']:x}")
    same(detail["records"], rec.kept(page_of(mark)), f"{what}: its records are those of the report")


def check_keys(tab, marks):
    tab.run("document.querySelector('.mark').focus()")
    tab.key("ArrowRight")
    tab.key("Enter")
    tab.settle()
    same(tab.run(DETAIL)["head"], f"{marks[1]['level']} table page {marks[1]['pfn']:x}", "keys: an arrow moves, Enter opens")
    check(tab.run("document.activeElement.id") == "detail-head", "keys: the focus goes to what was opened")
    tab.key("Escape")
    same(tab.run("document.activeElement.dataset.nr"), "1", "keys: Escape comes back")


def check_rules(tab, directory, marks):
    """A band is above a table page exactly when its rule holds there, whatever its level."""
    ranges = {}
    for nr, line in enumerate((directory / "notes/regions").read_text().splitlines(), 1):
        if m := re.match(r"(allow|deny) \w+ (\w+)-(\w*)$", line):
            ranges[nr] = (m[1], int(m[2], 16) >> 12, (int(m[3], 16) >> 12) if m[3] else 1 << 52)
    bands = tab.run(BANDS)
    tested, wrong = 0, []
    for mark in marks:
        for nr, (kind, first, end) in ranges.items():
            drawn = any(b["rule"] == nr and b["row"] == mark["row"] and b["kind"] == kind and
                        b["from"] <= mark["x"] <= b["to"] for b in bands)
            tested += drawn
            if drawn != (first <= mark["pfn"] < end):
                wrong.append((nr, mark))
    check(tested and not wrong, f"rules: the bands lie where the rules hold ({tested} table pages)", wrong[:5])
    check({b["rule"] for b in bands} == set(ranges), f"rules: all {len(ranges)} are drawn", bands[:3])


def check_time(tab, rec):
    tab.run("scrollTo(0, 0)")
    chart = tab.run("(() => { const r = $('time-chart').getBoundingClientRect(); return [r.x, r.y, r.width]; })()")
    tab.drag(chart[0] + chart[2] * .30, chart[0] + chart[2] * .42, chart[1] + 50)
    tab.settle()
    first, last = tab.run("[Number(START) / 1e9 + view.from * WIDTH / 1e9, Number(START) / 1e9 + (view.to + 1) * WIDTH / 1e9]")
    bright = {page_of(m) for m in tab.run(MARKS) if not m["dim"]}
    # the report has whole microseconds
    must, may = rec.used(first + 2e-6, last - 2e-6), rec.used(first - 2e-6, last + 2e-6)
    check(must and len(may) < len(rec.at) and must <= bright <= may,
       f"time: a range of it leaves {len(bright)} of {len(rec.at)} table pages bright", (first, last, must ^ bright))
    lines = tab.run("document.querySelectorAll('#list-rows tr').length")
    same(lines, len(bright), "time: the list has these")
    tab.key("Escape")
    tab.run("$('time-all').click()")
    same(tab.run("document.querySelectorAll('.mark.dim').length"), 0, "time: the whole of it again")


def check_filters(tab, rec):
    tab.run("document.querySelector('#levels label:last-of-type input').click()")
    without = {p for p in rec.at if p[0] != rec.levels[-1]}
    same({page_of(m) for m in tab.run(MARKS)}, without, f"levels: {len(without)} marks without {rec.levels[-1]}")
    tab.run("document.querySelector('#levels label:last-of-type input').click()")
    tab.run("$('broken').click()")
    same({page_of(m) for m in tab.run(MARKS)}, rec.broken, f"only breaches: {len(rec.broken)} marks")
    tab.run("$('broken').click()")
    tab.run("document.querySelector('#list-columns [data-key=seen] button').click()")
    most = max(len(v) for v in rec.at.values())
    same(tab.run("tables[document.querySelector('#list-rows tr').dataset.nr].seen"), most, "list: sorted by records")
    before = tab.run("view.spanNow")
    tab.run("$('out').click()")
    same([tab.run("view.spanNow"), len(tab.run(MARKS))], [before * 2, len(rec.at)], "scale: twice the memory in a row, all marks")
    tab.run("$('in').click()")
    same([tab.run("view.spanNow"), len(tab.run(MARKS))], [before, len(rec.at)], "scale: and half of it again")


def check_narrow(tab, rec, what):
    tab.call("Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=2, mobile=True)
    tab.run("new Promise(done => setTimeout(done, 300))")
    same(tab.run("document.documentElement.scrollWidth"), 390, f"{what}: 390 pixels are wide enough")
    same(len(tab.run(MARKS)), len(rec.at), f"{what}: with all marks")
    tab.call("Emulation.clearDeviceMetricsOverride")


def check_texts(rec, page, what):
    """The records in a page, with all their names."""
    texts = [r[1] for r in data_of(page)["records"]]
    wrong = set(texts) - set(rec.records)
    check(texts and not wrong, f"{what}: {len(texts)} records are as in the report", min(wrong, default="none"))
    named = sum(bool(re.search(r"^    vma .* /.+\+0x[0-9a-f]+$", t, re.M)) for t in texts)
    check(named, f"{what}: {named} of them name the file of their address")


def check_rules_page(tab, build):
    directory, page = make(build, "rules")
    rec = Recording(build, directory)
    check_texts(rec, page, "rules")
    tab.load(page.as_uri())
    marks = check_marks(tab, rec, "rules")
    few = [marks[0], marks[len(marks) // 2], marks[-1], next(m for m in marks if m["ring"]), next(m for m in marks if m["cut"])]
    for mark in few:
        check_click(tab, rec, mark, "rules")
    check_keys(tab, marks)
    check_rules(tab, directory, tab.run(MARKS))
    check_time(tab, rec)
    check_filters(tab, rec)
    check_narrow(tab, rec, "rules")
    quiet(tab, page, "rules")


def check_hostile_page(tab, build):
    directory, page = make(build, "hostile")
    rec = Recording(build, directory)
    check_texts(rec, page, "hostile")
    tab.load(page.as_uri())
    marks = check_marks(tab, rec, "hostile")
    for mark in (marks[0], marks[-1], marks[len(marks) // 2]):
        check_click(tab, rec, mark, "hostile")
    same(tab.run("[document.scripts.length, document.querySelectorAll('img, iframe, object, link:not([rel=icon])').length]"),
         [2, 0], "hostile: nothing in the page but what ptdbg wrote")
    check_narrow(tab, rec, "hostile")
    quiet(tab, page, "hostile")


def check_large_page(tab, build):
    _, page = make(build, "large")
    data = data_of(page)
    check(page.stat().st_size < MAX_BYTES, f"large: {page.stat().st_size >> 20} MB are not too many")
    check(data["left"]["tables"] > 0 and len(data["tables"]) == 16384, "large: what has no room is counted", data["left"])
    check(all(len(t["kept"]) <= data["left"]["keep"] for t in data["tables"]), "large: no table page keeps more than it may")
    if not tab:
        return
    tab.load(page.as_uri())
    same(tab.run("document.querySelectorAll('.mark').length"), 16384, "large: all marks are drawn")
    check("had no room" in tab.run("$('left').textContent"), "large: the page says what it leaves out")
    quiet(tab, page, "large")


def main():
    build = Path(sys.argv[1]).resolve()
    print("TAP version 13")
    program = browser.find()
    if program:
        tab = browser.Browser(program, SECONDS)
        try:
            check_rules_page(tab, build)
            check_hostile_page(tab, build)
            check_large_page(tab, build)
        except (TimeoutError, EOFError, RuntimeError) as e:
            check(False, "the browser does what it is told", e)
        finally:
            tab.close()
    else:
        for kind in ("rules", "hostile"):
            directory, page = make(build, kind)
            rec = Recording(build, directory)
            same(len(data_of(page)["tables"]), len(rec.at), f"{kind}: the table pages of the report")
            check_texts(rec, page, kind)
        check_large_page(None, build)
        skip("the page in a browser", "there is no Chromium; the package chromium brings it")
    end()


main()
