// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records over time, and the range of it that is chosen.
 */
const BINS = data.bins.length;
const chart = { left: 8, right: 8, top: 14, height: 96, width: 0 };
const binX = i => chart.left + i * (chart.width - chart.left - chart.right) / Math.max(BINS, 1);

function niceStep(range, parts) {
	const raw = range / parts, unit = 10 ** Math.floor(Math.log10(raw));
	return unit * [1, 2, 5, 10].find(k => k * unit >= raw);
}

function timeAxis(svg, y) {
	const range = BINS * WIDTH, step = niceStep(range, chart.width / 110);
	const digits = Math.min(6, Math.max(0, Math.ceil(9 - Math.log10(step))));
	const first = step - Number(START % BigInt(Math.round(step)));
	for (let at = first; at < range; at += step) {
		const x = binX(at / WIDTH);
		svg.append(draw("line", { class: "axis", x1: x, x2: x, y1: y, y2: y + 4 }));
		if (x > 20 && x < chart.width - 30)
			svg.append(draw("text", { x, y: y + 15, "text-anchor": "middle" }, `${seconds(at, digits)} s`));
	}
}

/* The pieces of time of the chosen table page */
function timeStrip(svg, t, y) {
	const strips = [["usedIn", "strip-used", 0], ["freshIn", "strip-fresh", 2], ["freedIn", "strip-freed", 2]];
	for (const [key, style, more] of strips)
		for (let i = 0; i < t[key].length; i += 2)
			svg.append(draw("rect", { class: style, x: binX(t[key][i]), y: y - more,
				width: Math.max(2, binX(t[key][i + 1] + 1) - binX(t[key][i])), height: 5 + 2 * more }));
}

function showTime() {
	const box = $("time-chart"), base = chart.top + chart.height;
	const most = Math.max(1, ...data.bins.map(b => b.reduce((a, n) => a + n, 0)));
	chart.width = box.clientWidth;
	const svg = draw("svg", { height: base + 20, role: "group",
		"aria-label": "Number of records in each piece of time, by class" });
	for (let i = 0; i < BINS; i++) {
		const w = Math.max(1, binX(i + 1) - binX(i) - (binX(1) - binX(0) > 3 ? 1 : 0));
		let y = base;
		/* what is most common at the bottom; a single bad record can be seen */
		for (const c of [3, 4, 2, 1, 0]) {
			if (!data.bins[i][c])
				continue;
			const h = Math.max(c < 2 ? 3 : 1, data.bins[i][c] * chart.height / most);
			y -= h;
			svg.append(draw("rect", { class: `class${c}`, x: binX(i), y: Math.max(0, y), width: w, height: h }));
		}
	}
	svg.append(draw("line", { class: "axis", x1: chart.left, x2: chart.width - chart.right, y1: base, y2: base }));
	svg.append(draw("text", { x: chart.left, y: 10 }, `${count(most)} in ${+(WIDTH / 1e6).toPrecision(3)} ms`));
	if (BINS)
		timeAxis(svg, base);
	if (view.chosen) {
		timeStrip(svg, view.chosen, base + 26);
		svg.append(draw("text", { x: chart.width - chart.right, y: base + 46, "text-anchor": "end" },
			`${view.chosen.name}: used, came to be (blue), given back (red)`));
		svg.setAttribute("height", base + 52);
	}
	timePick(svg, base);
	box.replaceChildren(svg);
	sayTime();
}

/* The chosen range and its two handles */
function timePick(svg, base) {
	if (!BINS)
		return;
	const from = view.from === null ? 0 : view.from, to = view.from === null ? BINS - 1 : view.to;
	if (view.from !== null)
		svg.append(draw("rect", { class: "pick", x: binX(from), y: 0, width: binX(to + 1) - binX(from), height: base }));
	for (const [which, bin, x] of [["from", from, binX(from)], ["to", to, binX(to + 1)]])
		svg.append(draw("rect", { class: "handle", "data-which": which, x: x - 2, y: base - 28, width: 4, height: 28, rx: 2,
			tabindex: 0, role: "slider", "aria-label": which === "from" ? "First piece of time" : "Last piece of time",
			"aria-valuemin": 0, "aria-valuemax": BINS - 1, "aria-valuenow": bin,
			"aria-valuetext": `${seconds((bin + (which === "to")) * WIDTH, 6)} seconds` }));
}

function sayTime() {
	const whole = view.from === null, from = whole ? 0 : view.from, to = whole ? BINS - 1 : view.to;
	let records = 0;
	for (let i = from; i <= to; i++)
		records += data.bins[i].reduce((a, n) => a + n, 0);
	const n = key => tables.filter(t => inBins(t[key], from, to)).length;
	$("time-said").textContent = BINS ? `${seconds(from * WIDTH, 6)} to ${seconds((to + 1) * WIDTH, 6)} s: ` +
		`${many(records, "record", "records")}, ${many(n("usedIn"), "table page", "table pages")} used, ` +
		`${count(n("freshIn"))} came to be, ${count(n("freedIn"))} given back.` : "There are no records.";
	$("time-all").hidden = whole;
}

function setTime(from, to) {
	if (from === null || (from <= 0 && to >= BINS - 1 && BINS > 1)) {
		view.from = view.to = null;
	} else {
		const clamp = x => Math.min(BINS - 1, Math.max(0, x));
		[view.from, view.to] = [clamp(Math.min(from, to)), clamp(Math.max(from, to))];
	}
	showTime();
	dimMarks();
	showList();
}

function startTime() {
	const box = $("time-chart");
	let drag = null;
	const binAt = e => Math.floor((e.clientX - box.getBoundingClientRect().left - chart.left) /
		Math.max(1e-9, binX(1) - binX(0)));
	box.addEventListener("pointerdown", e => {
		if (!BINS || e.button)
			return;
		const which = e.target.dataset.which;
		const from = view.from === null ? 0 : view.from, to = view.from === null ? BINS - 1 : view.to;
		drag = which === "from" ? to : which === "to" ? from : binAt(e);
		box.setPointerCapture(e.pointerId);
		e.preventDefault();
	});
	box.addEventListener("pointermove", e => { if (drag !== null) setTime(drag, binAt(e)); });
	box.addEventListener("pointerup", e => {
		if (drag !== null && view.from === null)
			setTime(drag, binAt(e));
		drag = null;
	});
	box.addEventListener("pointercancel", () => { drag = null; });
	box.addEventListener("keydown", e => {
		const which = e.target.dataset.which;
		const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10,
			Home: -BINS, End: BINS }[e.key];
		if (e.key === "Escape") {
			setTime(null);
		} else if (which && step) {
			let from = view.from === null ? 0 : view.from, to = view.from === null ? BINS - 1 : view.to;
			const clamp = x => Math.min(BINS - 1, Math.max(0, x));
			if (which === "from")
				from = Math.min(to, clamp(from + step));
			else
				to = Math.max(from, clamp(to + step));
			setTime(from, to);
			box.querySelector(`[data-which=${which}]`).focus();
		} else {
			return;
		}
		e.preventDefault();
	});
	$("time-all").addEventListener("click", () => setTime(null));
	const sums = CLASSES.map((_, c) => data.bins.reduce((n, b) => n + b[c], 0));
	CLASSES.forEach((name, c) => {
		if (sums[c])
			$("classes").append(make("span", {}, make("span", { class: `swatch class${c}`, style: "height:10px" }),
				` ${name}: ${count(sums[c])}`));
	});
}
