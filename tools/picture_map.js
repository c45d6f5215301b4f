// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map of physical memory: rows of it with the table pages, what lies between
 * folded, region rules as bands below.
 */
/*
 * Layers of the marks of one row, so that none covers another: each goes into
 * the lowest layer where it has room.
 */
function layers(row, x, width) {
	const ends = [];
	for (const t of row) {
		const left = x(t.pfn);
		let lane = ends.findIndex(end => end <= left);
		if (lane < 0)
			lane = ends.length;
		ends[lane] = left + width + 1;
		t.lane = lane;
	}
	return ends.length;
}

const markWidth = perPage => Math.min(22, Math.max(6, perPage - 1));

/* Table pages in rows of @span pages */
function inRows(span) {
	const rows = [];
	let row = null;
	for (const t of shown) {
		const first = t.pfn - t.pfn % span;
		if (!row || row.first !== first)
			rows.push(row = { first, span, tables: [] });
		row.tables.push(t);
	}
	return rows;
}

const inRow = (perPage, first) => pfn => (pfn - first + .5) * perPage - markWidth(perPage) / 2;

/* How many layers there will be: as many marks as overlap at one place */
function depth(row, perPage) {
	const reach = (markWidth(perPage) + 1) / perPage;
	let most = 0, first = 0;
	row.forEach((t, i) => {
		while (row[first].pfn + reach <= t.pfn)
			first++;
		most = Math.max(most, i + 1 - first);
	});
	return most;
}

const heightOf = (rows, width) => rows.reduce((h, r) => h + GAP + LANE * depth(r.tables, width / r.span), 0);

/* Rows for the same memory, finer where table pages pile up, if that is not much higher */
function refine(row, width) {
	const layers = depth(row.tables, width / row.span), half = row.span / 2;
	if (layers < 4 || half < FINEST)
		return [row];
	const parts = [row.first, row.first + half].flatMap(first => {
		const inside = row.tables.filter(t => t.pfn >= first && t.pfn < first + half);
		return inside.length ? refine({ first, span: half, tables: inside }, width) : [];
	});
	return heightOf(parts, width) < 1.5 * LANE * layers ? parts : [row];
}

/*
 * The finest scale whose picture is not too high; higher it may be where marks
 * would pile up otherwise.  Where even that is too little, the lowest one.
 */
function fitSpan(width) {
	const tidy = rows => rows.every(r => depth(r.tables, width / r.span) <= 5);
	let best = FINEST, least = Infinity, high = 0;
	for (let span = FINEST; span <= 2 ** 52; span *= 2) {
		const rows = inRows(span), h = heightOf(rows, width);
		if (h <= 640 && (tidy(rows) || !high))
			return span;
		if (h <= 640 + 8 * Math.min(shown.length, 200) && !high)
			high = span;
		if (h <= 640)
			return high;
		if (h < least)
			[best, least] = [span, h];
		if (rows.length <= 1)
			break;
	}
	return high || best;
}

/* The parts of the pages @first to @last that are RAM and that are not */
function parts(first, last) {
	const out = [];
	let at = first;
	if (!data.ram.length)
		return [[first, last, true]];
	for (const [a, b] of data.ram) {
		if (b < at || a > last)
			continue;
		if (a > at)
			out.push([at, a - 1, false]);
		out.push([Math.max(a, at), Math.min(b, last), true]);
		at = b + 1;
	}
	if (at <= last)
		out.push([at, last, false]);
	return out;
}

/* The region rules that reach into a range, as bands from @y down */
function bands(svg, first, last, x, y, height) {
	const here = rules.filter(r => r.first <= last && r.last >= first);
	here.forEach((r, i) => {
		const a = Math.max(r.first, first), b = Math.min(r.last, last);
		const left = x(a), right = x(b + 1);
		const g = draw("g", { class: `rule ${r.kind}`, "data-rule": r.nr, "data-first": a, "data-last": b },
			draw("title", {}, `rule ${r.nr}: ${r.text}`),
			draw("rect", { x: left, y: y + i * height + 1.5, width: Math.max(1.5, right - left), height: height - 3 }));
		if (height === BAND && right - left > 110)
			g.append(draw("text", { x: left + 5, y: y + i * height + 10.5 }, `${r.nr}  ${r.kind} ${r.level}`));
		svg.append(g);
	});
	return here.length;
}

function markOf(t, x, base, width) {
	const h = levelHeight(t.level), y = base - t.lane * LANE - h;
	const said = `${levelName(t.level)} table page ${hex(t.pfn)}, ${many(t.seen, "record", "records")}` +
		(t.fresh ? `, came to be ${many(t.fresh, "time", "times")}` : "") +
		(t.frees ? `, given back ${many(t.frees, "time", "times")}` : "") +
		(t.breaches ? ", breaks a region rule" : "");
	const g = draw("g", { class: "mark", tabindex: -1, role: "button", "aria-label": said, "data-nr": t.nr },
		draw("rect", { class: `body level${levelStyle(t.level)}`, x, y, width, height: h, rx: 1.5 }));
	if (t.fresh)
		g.append(draw("circle", { class: "dot", cx: x + width / 2, cy: y + h / 2, r: 1.7 }));
	if (t.frees)
		g.append(draw("path", { class: "cut", d: `M${x} ${y + h}L${x + width} ${y}`, "stroke-width": 1.6 }));
	if (t.breaches)
		g.append(draw("rect", { class: "ring", x: x - 1.5, y: y - 1.5, width: width + 3, height: h + 3, rx: 2.5 }),
			draw("text", { class: "bang", x: x + width / 2, y: y - 3 }, "!"));
	t.element = g;
	return g;
}

function rowOf(row, width) {
	const span = row.span, perPage = width / span, x = inRow(perPage, row.first), w = markWidth(perPage);
	const n = layers(row.tables, x, w), top = row.tables.some(t => t.breaches) ? 12 : 3, base = top + n * LANE;
	const last = row.first + span - 1;
	const svg = draw("svg", { width, role: "group", "aria-label": `Pages ${hex(row.first)} to ${hex(last)}` });
	for (const [a, b, ram] of parts(row.first, last))
		svg.append(draw("rect", { class: ram ? "track" : "track hole", x: (a - row.first) * perPage, y: top,
			width: (b + 1 - a) * perPage, height: base - top }));
	for (let i = 1; i < 8; i++)
		svg.append(draw("line", { class: "grid", x1: i * width / 8, x2: i * width / 8, y1: base - 4, y2: base }));
	svg.append(draw("line", { class: "grid", x1: 0, x2: width, y1: base, y2: base }));
	const nr = bands(svg, row.first, last, pfn => (pfn - row.first) * perPage, base, BAND);
	for (const t of row.tables)
		svg.append(markOf(t, x(t.pfn), base, w));
	svg.setAttribute("height", base + nr * BAND + 2);
	const zones = [...new Set(row.tables.map(t => `${t.zone}${t.node ? ` node ${t.node}` : ""}`))];
	return make("div", { class: "row", "data-first": row.first, "data-span": span },
		make("div", { class: "at", title: `physical address ${address(row.first)}` },
			make("span", { class: "n" }, hex(row.first)), " ", document.createElement("br"),
			row.span === view.spanNow ? "" : `${size(span)} `, zones.length > 2 ? `${zones.length} zones` : zones.join(", ")), svg);
}

/* A range without table pages */
function foldOf(first, last, width) {
	const list = parts(first, last);
	const said = list.slice(0, 3).map(([a, b, ram]) => ram ? `${size(b + 1 - a)} of RAM without table pages` :
		`${size(b + 1 - a)} that ${data.ram.length ? "is no RAM" : "holds none"}`);
	if (list.length > 3)
		said.push(`${list.length - 3} more ranges`);
	const svg = draw("svg", { width, height: 0, "aria-hidden": "true" });
	const n = bands(svg, first, last, pfn => (pfn - first) / (last + 1 - first) * width, 0, THIN);
	svg.setAttribute("height", n * THIN);
	return make("div", { class: "row fold", "data-first": first, "data-last": last }, make("div", { class: "at" }),
		make("div", {}, make("div", { class: "said" }, said.join(" · ")), n ? svg : ""));
}

function showMap() {
	const box = $("rows"), width = Math.max(200, box.clientWidth - (innerWidth > 640 ? 100 : 0));
	const span = view.span || fitSpan(width), out = document.createDocumentFragment();
	const end = Math.max(-1, ...data.ram.map(r => r[1]));
	let at = data.ram.length ? data.ram[0][0] : 0;
	view.spanNow = span;
	for (const t of tables)
		t.element = null;
	const rows = inRows(span).flatMap(row => refine(row, width));
	for (const row of rows) {
		if (row.first > at)
			out.append(foldOf(at, row.first - 1, width));
		out.append(rowOf(row, width));
		at = row.first + row.span;
	}
	if (at <= end)
		out.append(foldOf(at, end, width));
	if (!shown.length)
		out.append(make("p", { class: "quiet" }, "No table page is shown: the filters above leave none."));
	box.replaceChildren(out);
	$("scale").textContent = `a row is ${size(span)}${rows.some(r => r.span < span) ? ", or less where there are many" : ""}`;
	$("in").disabled = span <= FINEST;
	$("out").disabled = inRows(span).length <= 1;
	dimMarks();
	const first = view.chosen && view.chosen.element || box.querySelector(".mark");
	if (first)
		first.setAttribute("tabindex", 0);
}

function dimMarks() {
	for (const t of shown) {
		if (!t.element)
			continue;
		t.element.classList.toggle("dim", !usedNow(t));
		t.element.classList.toggle("chosen", t === view.chosen);
	}
}

const markAt = e => e && e.closest && e.closest(".mark");

/* The mark under a finger or pointer, or the nearest one within reach */
function nearest(e) {
	const direct = markAt(e.target), row = e.target.closest && e.target.closest("svg");
	if (direct || !row)
		return direct;
	let best = null, least = 18;
	for (const g of row.querySelectorAll(".mark")) {
		const r = g.firstChild.getBoundingClientRect();
		const d = Math.hypot(Math.max(r.left - e.clientX, 0, e.clientX - r.right),
			Math.max(r.top - e.clientY, 0, e.clientY - r.bottom));
		if (d < least)
			[best, least] = [g, d];
	}
	return best;
}

function focusMark(g) {
	for (const old of $("rows").querySelectorAll('.mark[tabindex="0"]'))
		old.setAttribute("tabindex", -1);
	g.setAttribute("tabindex", 0);
	g.focus();
}

/* The mark above or below: of the next row with marks, the one nearest in x */
function beside(g, down) {
	let row = g.closest(".row");
	do
		row = down ? row.nextElementSibling : row.previousElementSibling;
	while (row && !row.querySelector(".mark"));
	if (!row)
		return null;
	const x = g.getBoundingClientRect().left;
	const far = other => Math.abs(other.getBoundingClientRect().left - x);
	return [...row.querySelectorAll(".mark")].reduce((a, b) => far(b) < far(a) ? b : a);
}

function startMap() {
	const box = $("rows"), tip = $("tip");
	const present = new Set(tables.map(t => t.level));
	for (const level of [...data.levels.keys(), UNKNOWN]) {
		if (!present.has(level))
			continue;
		const check = make("input", { type: "checkbox", checked: "" });
		check.addEventListener("change", () => {
			if (check.checked)
				view.levels.add(level);
			else
				view.levels.delete(level);
			showAll();
		});
		const n = tables.filter(t => t.level === level).length;
		$("levels").append(make("label", {}, check,
			make("span", { class: `swatch level${levelStyle(level)}`, style: `height:${levelHeight(level)}px` }),
			level < UNKNOWN ? levelName(level) : "level not told", make("span", { class: "quiet" }, count(n))));
	}
	let wait = 0;
	$("find").addEventListener("input", () => {
		clearTimeout(wait);
		wait = setTimeout(() => { view.text = $("find").value; showAll(); }, 150);
	});
	$("broken").addEventListener("change", () => { view.broken = $("broken").checked; showAll(); });
	$("in").addEventListener("click", () => { view.span = Math.max(FINEST, view.spanNow / 2); showMap(); });
	$("out").addEventListener("click", () => { view.span = view.spanNow * 2; showMap(); });
	$("fit").addEventListener("click", () => { view.span = 0; showMap(); });
	box.addEventListener("click", e => { const g = nearest(e); if (g) open(tables[g.dataset.nr], g); });
	box.addEventListener("keydown", e => {
		const g = markAt(e.target);
		if (!g)
			return;
		const all = [...box.querySelectorAll(".mark")], i = all.indexOf(g);
		const next = { ArrowRight: all[i + 1], ArrowLeft: all[i - 1], Home: all[0], End: all[all.length - 1] };
		if (e.key === "Enter" || e.key === " ")
			open(tables[g.dataset.nr], g, true);
		else if (e.key in next)
			next[e.key] && focusMark(next[e.key]);
		else if (e.key === "ArrowUp" || e.key === "ArrowDown")
			focusMark(beside(g, e.key === "ArrowDown") || g);
		else
			return;
		e.preventDefault();
	});
	box.addEventListener("pointermove", e => {
		const g = e.pointerType === "mouse" && markAt(e.target);
		tip.hidden = !g;
		if (!g)
			return;
		tip.textContent = g.getAttribute("aria-label");
		tip.style.left = `${Math.min(e.clientX + 12, innerWidth - 330)}px`;
		tip.style.top = `${e.clientY + 16}px`;
	});
	box.addEventListener("pointerleave", () => { tip.hidden = true; });
	const signs = [[tables.some(t => t.fresh), "dot: it came to be while this was recorded"],
		[tables.some(t => t.frees), "stroke: it was given back"],
		[tables.some(t => t.breaches), "ring and !: it broke a region rule"]];
	for (const [there, text] of signs)
		if (there)
			$("signs").append(make("span", {}, text));
	if (rules.length)
		$("rules").append(make("h3", {}, "Region rules"), make("ul", { class: "rules" }, ...rules.map(ruleLine)));
}

function ruleLine(r) {
	const n = tables.filter(t => t.rule === r.nr).length, broken = tables.filter(t => t.rule === r.nr && t.breaches).length;
	return make("li", {}, make("code", {}, `${r.nr}  ${r.text}`),
		r.unknown ? " – not understood, and not drawn" : ` – ${many(n, "table page", "table pages")}`,
		broken ? make("span", { class: "breach" }, `, ${count(broken)} in breach`) : "");
}
