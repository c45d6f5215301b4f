// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page of ptdbg tables --html: what its parts share, and its head and foot.
 *
 * The parts are put together into one script: picture.js, picture_time.js,
 * picture_map.js, picture_pages.js.  "data" is what picture_page.c writes.
 * Texts of it go into text nodes and attributes only, never into markup.
 */
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const LEVELS = ["PGD", "P4D", "PUD", "PMD", "PTE"];	/* Linux' names, root first */
const CLASSES = ["with a verdict", "failed", "to be retried", "fault resolved", "gup, free"];
const UNKNOWN = data.levels.length;		/* a level that was not told */
const LANE = 19;				/* pixels: a layer of marks, the tallest is 17 */
const BAND = 14;				/* and a region rule */
const THIN = 7;					/* beside a folded range */
const GAP = 34;					/* what a row needs besides its layers */
const FINEST = 16;				/* pages in a row, at least */
const LINES = 200;				/* of the list, at first */

/* Elements: attributes are set, texts become text nodes. */
function make(name, attributes, ...inside) {
	const e = document.createElement(name);
	return fill(e, attributes, inside);
}
function draw(name, attributes, ...inside) {
	const e = document.createElementNS("http://www.w3.org/2000/svg", name);
	return fill(e, attributes, inside);
}
function fill(e, attributes, inside) {
	for (const key in attributes)
		if (attributes[key] !== undefined && attributes[key] !== false)
			e.setAttribute(key, attributes[key]);
	e.append(...inside.filter(x => x !== undefined && x !== ""));
	return e;
}

/* Numbers for people */
const hex = n => n.toString(16);
const count = n => n.toLocaleString("en");
const many = (n, one, more) => `${count(n)} ${n === 1 ? one : more}`;
function size(pages) {
	let n = pages * 2 ** data.shift, unit = 0;
	for (; n >= 1024 && unit < 6; unit++)
		n /= 1024;
	return `${+n.toPrecision(3)} ${["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][unit]}`;
}
function address(pfn) {
	return (BigInt(pfn) << BigInt(data.shift)).toString(16);
}
/* Seconds as records have them; the start may have more digits than a number. */
const START = BigInt(data.start), WIDTH = Number(data.width);
function seconds(ns, digits) {
	const us = (START + BigInt(Math.round(ns))) / 1000n;
	const text = `${us / 1000000n}.${String(us % 1000000n).padStart(6, "0")}`;
	return digits < 6 ? text.slice(0, text.length - 6 + digits - (digits ? 0 : 1)) : text;
}

/* Which name a level has, and its place from the root of five */
const levelName = level => level < UNKNOWN ? data.levels[level] : "?";
const levelStyle = level => level < UNKNOWN ? LEVELS.indexOf(data.levels[level]) : 5;
const levelHeight = level => level < UNKNOWN ? 17 - 2 * levelStyle(level) : 9;

const tables = data.tables;
tables.sort((a, b) => a.pfn - b.pfn || a.level - b.level);
tables.forEach((t, i) => { t.nr = i; t.name = `${levelName(t.level)} ${hex(t.pfn)}`; });

/* Region rules: "deny pte 9000000-a000000", the end not included */
const rules = data.rules.map((text, i) => {
	const m = /^(allow|deny) (table|pgd|p4d|pud|pmd|pte) ([0-9a-f]{1,16})-([0-9a-f]{0,16})$/.exec(text);
	const page = x => Number(BigInt("0x" + x) >> BigInt(data.shift));
	if (!m)
		return { nr: i + 1, text, first: 1, last: 0, unknown: true };
	return {
		nr: i + 1, text, kind: m[1], level: m[2], first: page(m[3]),
		last: m[4] ? page(m[4]) - 1 : 2 ** 53 - 1,
	};
});

/* What is shown: levels, text, breaches, range of time, chosen table page, scale */
const view = {
	levels: new Set([...data.levels.keys(), UNKNOWN]), text: "", broken: false,
	from: null, to: null, chosen: null, span: 0, lines: LINES, sort: "pfn", down: false,
};

function inBins(runs, from, to) {
	for (let i = 0; i < runs.length; i += 2)
		if (runs[i] <= to && runs[i + 1] >= from)
			return true;
	return false;
}
const usedNow = t => view.from === null ||
	[t.usedIn, t.freedIn].some(runs => inBins(runs, view.from, view.to));

function matches(t, text, found) {
	return t.name.toLowerCase().includes(text) || t.zone.toLowerCase().includes(text) ||
		(t.line || "").toLowerCase().includes(text) ||
		[t.born, t.reborn, t.gone].some(m => m && `${m.comm}/${m.pid}`.toLowerCase().includes(text)) ||
		t.kept.some(i => found.has(i));
}
let shown = tables;
function choose() {
	const text = view.text.trim().toLowerCase().replace(/^0x/, "");
	const found = new Set();
	if (text)
		data.records.forEach((r, i) => { if (r[1].toLowerCase().includes(text)) found.add(i); });
	shown = tables.filter(t => view.levels.has(t.level) && (!view.broken || t.breaches) &&
		(!text || matches(t, text, found)));
}

function showFacts() {
	const sum = key => tables.reduce((n, t) => n + t[key], 0);
	const facts = [[tables.length, "table page", "table pages"], [data.left.records, "record", "records"]];
	if (sum("fresh"))
		facts.push([tables.filter(t => t.fresh).length, "newly allocated", "newly allocated"]);
	if (sum("frees"))
		facts.push([tables.filter(t => t.frees).length, "given back", "given back"]);
	const broken = tables.filter(t => t.breaches).length;
	if (broken)
		facts.push([broken, "breaks a region rule", "break a region rule", "bad"]);
	$("title").textContent = `Page-table pages of ${data.title}`;
	document.title = `ptdbg: table pages of ${data.title}`;
	$("trace").textContent = data.trace.split("\n")[0].replace(/^# /, "");
	for (const [n, one, more, style] of facts)
		$("facts").append(make("li", { class: style }, make("b", {}, count(n)), ` ${n === 1 ? one : more}`));
	$("broken-label").hidden = !broken;
}

function showLeft() {
	const l = data.left, said = [];
	const say = (n, text) => { if (n) said.push(text); };
	const cut = tables.filter(t => t.kept.length < t.seen + t.frees).length;
	say(cut, `${many(cut, "table page has", "table pages have")} more records than are kept here: of each the ` +
		`${l.keep > 1 ? `first and the newest, ${l.keep}` : "newest"} at most. ptdbg report has them all.`);
	say(l.tables, `Records led ${many(l.tables, "time", "times")} to a table page that had no room here (the first ` +
		`${count(tables.length)} have)${l.breaches ? `; ${many(l.breaches, "time", "times")} it broke a region rule` : ""}. ` +
		"ptdbg tables without --html lists them all.");
	say(l.frees, `${many(l.frees, "table page was", "table pages were")} given back that had no room here.`);
	say(l.lost, `${many(l.lost, "record was", "records were")} overwritten before they could be read.`);
	say(l.missed, `${many(l.missed, "event", "events")} could not be recorded.`);
	say(l.damaged || l.spots, `The files are damaged: ${many(l.damaged, "record is", "records are")} missing${l.spots ? " at least" : ""}.`);
	say(l.unknown, `${many(l.unknown, "record is", "records are")} of a type that this ptdbg does not know.`);
	said.push("Table pages that no record went through: a recording shows what was used, not what there is.");
	if (!rules.length)
		said.push("Region rules: there were none when the recording began, or it has no note of them.");
	for (const text of said)
		$("left").append(make("li", {}, text));
}
