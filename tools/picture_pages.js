// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known of one table page, and the list of all.  The last part: it starts
 * the page.
 */
let back = null;	/* where the focus came from */

function moment(m) {
	const over = m.end ? ` unmapping ${m.addr}-${m.end}` : "";
	return `${m.time} s, by ${m.comm}/${m.pid} on cpu${m.cpu}${over}`;
}

function ruleOf(t) {
	if (t.rule > 0)
		return rules[t.rule - 1] ? `${t.rule}: ${rules[t.rule - 1].text}` : `number ${t.rule} of that time`;
	return t.rule < 0 ? "none of the allow rules for its level holds" : "none is for it";
}

function facts(t) {
	const out = [["where", `pfn ${hex(t.pfn)}, physical address ${address(t.pfn)}`],
		["", [t.zone, `node ${t.node}`, ...t.marks].join(", ")]];
	const others = tables.filter(o => o.pfn === t.pfn && o !== t);
	if (t.line)
		out.push(["now", t.line.trim()]);
	if (t.seen || t.frees)
		out.push(["its page", `${t.type}, ref ${t.ref}`],
			["in", `${many(t.seen, "record", "records")}${t.fresh ? `; in ${count(t.fresh)} of them it came to be` : ""}`]);
	const born = m => `${moment(m)}, at address ${m.addr}${m.made ? "" : " (not allocated by this fault)"}`;
	if (t.born)
		out.push(["allocated", born(t.born)]);
	else
		out.push(["allocated", "before the first record of it"]);
	if (t.reborn && t.reborn.time !== t.born.time)
		out.push(["and at last", born(t.reborn)]);
	if (t.gone)
		out.push(["freed", moment(t.gone) + (t.frees > 1 ? `; the last of ${count(t.frees)} times` : "")]);
	out.push(["region rule", ruleOf(t)]);
	if (others.length)
		out.push(["also", make("span", {}, "this page was a table of another level: ",
			...others.flatMap((o, i) => i ? [", ", linkTo(o)] : [linkTo(o)]))]);
	return out;
}

function linkTo(t) {
	const b = make("button", { class: "link" }, t.name);
	b.addEventListener("click", () => open(t, b, true));
	return b;
}

function open(t, from, focus) {
	const box = $("detail"), list = make("dl", {});
	if (!box.contains(from))
		back = from;
	for (const [name, value] of facts(t))
		list.append(make("dt", {}, name), make("dd", {}, value));
	if (t.breaches)
		list.append(make("dt", {}, "breach"), make("dd", { class: "breach" },
			`it broke the region rules in ${many(t.breaches, "record", "records")}`));
	const close = make("button", { class: "close", "aria-label": "Close" }, "×");
	close.addEventListener("click", shut);
	const all = t.seen + t.frees;
	box.replaceChildren(close, make("h2", { id: "detail-head", tabindex: -1 },
		make("span", { class: `swatch level${levelStyle(t.level)}` }), `${levelName(t.level)} table page ${hex(t.pfn)}`),
		list, make("h3", {}, t.kept.length < all ? `${count(t.kept.length)} of ${many(all, "record", "records")}` :
			many(all, "record", "records")));
	if (t.kept.length < all)
		box.append(make("p", { class: "quiet" }, `The ${data.left.keep > 1 ? "first and the newest" : "newest"}; ptdbg report has all.`));
	for (const i of t.kept)
		box.append(make("pre", { class: `record class${data.records[i][0]}` },
			...data.records[i][1].split(/(?<=\n)/).map(line => make("span", {}, line))));
	box.classList.add("open");
	box.scrollTop = 0;
	view.chosen = t;
	dimMarks();
	showTime();
	for (const line of $("list-rows").children)
		line.classList.toggle("chosen", line.dataset.nr === String(t.nr));
	if (focus)
		$("detail-head").focus({ preventScroll: innerWidth < 1000 });
}

function shut() {
	$("detail").classList.remove("open");
	if (back && back.isConnected)
		back.focus();
}

const columns = [
	["level", "Level", t => t.level], ["pfn", "pfn", t => t.pfn], ["zone", "Zone, node", t => `${t.zone} ${t.node}`],
	["seen", "Records", t => t.seen], ["fresh", "New", t => t.fresh], ["frees", "Freed", t => t.frees],
	["breaches", "Breaches", t => t.breaches], ["born", "Allocated by", t => t.born ? `${t.born.comm}/${t.born.pid}` : ""],
];
const numeric = new Set(["pfn", "seen", "fresh", "frees", "breaches"]);

function showList() {
	const value = columns.find(c => c[0] === view.sort)[2], sign = view.down ? -1 : 1;
	const lines = shown.filter(usedNow).sort((a, b) => {
		const x = value(a), y = value(b);
		return sign * (x < y ? -1 : x > y ? 1 : 0) || a.nr - b.nr;
	});
	const some = lines.slice(0, view.lines);
	$("list-rows").replaceChildren(...some.map(t => {
		const b = linkTo(t);
		b.textContent = hex(t.pfn);
		b.classList.add("n");
		b.setAttribute("aria-label", `${levelName(t.level)} table page ${hex(t.pfn)}`);
		return make("tr", { "data-nr": t.nr, class: t === view.chosen ? "chosen" : undefined },
			make("td", {}, make("span", { class: `swatch level${levelStyle(t.level)}`, style: `height:${levelHeight(t.level)}px` }),
				` ${levelName(t.level)}`), make("td", { class: "n" }, b),
			make("td", {}, `${t.zone} ${t.node}`), make("td", { class: "n" }, count(t.seen)),
			make("td", { class: "n" }, count(t.fresh)), make("td", { class: "n" }, count(t.frees)),
			make("td", { class: t.breaches ? "n breach" : "n" }, count(t.breaches)),
			make("td", {}, t.born ? `${t.born.time} s ${t.born.comm}/${t.born.pid}` : "–"));
	}));
	$("list-said").textContent = `${many(lines.length, "table page", "table pages")}` +
		(lines.length < tables.length ? ` of ${count(tables.length)}, as filters and time above say` : "") +
		(some.length < lines.length ? `; the first ${count(some.length)} are listed` : "");
	$("list-more").hidden = some.length === lines.length;
	for (const th of $("list-columns").children) {
		if (th.dataset.key === view.sort)
			th.setAttribute("aria-sort", view.down ? "descending" : "ascending");
		else
			th.removeAttribute("aria-sort");
	}
}

function startList() {
	for (const [key, name] of columns) {
		const b = make("button", {}, name);
		b.addEventListener("click", () => {
			view.down = view.sort === key ? !view.down : ["seen", "fresh", "frees", "breaches"].includes(key);
			view.sort = key;
			showList();
		});
		$("list-columns").append(make("th", { scope: "col", "data-key": key, class: numeric.has(key) ? "n" : undefined }, b));
	}
	$("list-more").addEventListener("click", () => { view.lines += 1000; showList(); });
}

function showAll() {
	choose();
	showMap();
	showList();
}

document.addEventListener("keydown", e => {
	if (e.key === "Escape" && $("detail").contains(e.target))
		shut();
});
showFacts();
showLeft();
startTime();
startMap();
startList();
showTime();
showAll();
let width = innerWidth, resized = 0;
addEventListener("resize", () => {
	if (innerWidth === width)
		return;
	width = innerWidth;
	clearTimeout(resized);
	resized = setTimeout(() => { showTime(); showMap(); }, 100);
});
