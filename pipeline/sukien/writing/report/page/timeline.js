// Events per day, month or year and type; all of the run's events, also those not in the page.

const COLOURS = 6;
let shown = null; // first and last day on the chart
let allTypes = false;

const unitFor = (first, last) => {
  const days = last - first;
  return days <= 70 ? "day" : days <= 365.25 * 7 ? "month" : days <= 365.25 * 110 ? "year" : "decade";
};
/** The bin of a unit that a day lies in: its first and last day. */
function binOf(day, unit) {
  const [year, month] = partsOf(day);
  if (unit === "day") return [day, day];
  if (unit === "month") return [dayIn(year, month, 1), dayIn(year, month + 1, 0)];
  if (unit === "year") return [dayIn(year, 0, 1), dayIn(year + 1, 0, 0)];
  const decade = Math.floor(year / 10) * 10;
  return [dayIn(decade, 0, 1), dayIn(decade + 10, 0, 0)];
}
function binName([first], unit) {
  const [year, month] = partsOf(first);
  return unit === "day" ? showDay(first) : unit === "month" ? showMonth(year, month) : unit === "year" ? String(year) : `${year}–${year + 9}`;
}

/** The time of publication where most events lie in it; else all but the earliest tenth and a few at the end. */
function usualRange(rows) {
  const total = rows.reduce((sum, row) => sum + row[3], 0);
  const { first, last } = overview.totals;
  const within = rows.reduce((sum, row) => sum + (first !== null && row[0] >= first && row[0] <= last ? row[3] : 0), 0);
  if (within > total / 2) return [first, last];
  const at = (share) => {
    let seen = 0;
    for (const [day, , , count] of rows) { seen += count; if (seen >= share * total) return day; }
    return rows[rows.length - 1][0];
  };
  return [at(0.1), at(0.995)];
}
const wholeRange = (rows) => [rows[0][0], Math.max(...rows.map((row) => row[0]))];

function drawTypes() {
  const list = overview.types;
  const top = Math.max(1, ...list.map((type) => type[3]));
  const visible = allTypes ? list.length : 12;
  const rows = list.map(([, label, definition, count], type) => {
    if (type >= visible && !filters.types.has(type)) return null;
    const colour = colourOf(type);
    return h("button", { type: "button", class: "rank", "data-key": `type-${type}`, "aria-pressed": filters.types.has(type), title: definition,
      onclick: () => { toggle(filters.types, type); changed("types"); } },
      h("span", { class: `swatch c${colour}` }), h("span", { class: "name" }, label), h("span", { class: "n" }, number(count)),
      bar(count / top));
  });
  const more = list.length > 12 && h("button", { type: "button", class: "quiet", onclick: () => { allTypes = !allTypes; drawTypes(); } },
    allTypes ? words.fewer : say("all_types", { n: list.length }));
  $("types").replaceChildren(...rows.filter(Boolean), ...(more ? [more] : []), ...(list.length ? [] : [h("p", { class: "empty" }, words.no_events)]));
}
/** A thin bar beneath a row, drawn as SVG because the page allows no style attributes. */
const bar = (share) => s("svg", { class: "bar", viewBox: "0 0 100 2", preserveAspectRatio: "none", "aria-hidden": "true" },
  s("rect", { width: Math.max(0.5, 100 * share), height: 2 }));

const chosenTypes = () => filters.types.size ? [...filters.types].slice(0, COLOURS) : overview.types.slice(0, COLOURS - 1).map((_, type) => type);
/** 1 to 6 for a type with a colour of its own, 0 for the others. */
const colourOf = (type) => chosenTypes().indexOf(type) + 1;

function drawTimeline() {
  const rows = overview[basis];
  const chart = $("chart");
  $("legend").replaceChildren();
  $("chart-note").textContent = "";
  $("zoom").replaceChildren();
  $("per").textContent = "";
  if (!rows.length) {
    chart.replaceChildren(h("p", { class: "empty" }, !overview.types.length ? words.no_events : basis === "reported" ? words.no_published : words.no_times));
    return;
  }
  const [first, last] = shown || usualRange(rows);
  const unit = unitFor(first, last);
  const bins = [];
  for (let day = first; day <= last;) { const bin = binOf(day, unit); bins.push({ bin, counts: {}, total: 0 }); day = bin[1] + 1; }
  const place = new Map(bins.map((row, at) => [row.bin[0], at]));
  const [begin, end] = [bins[0].bin[0], bins[bins.length - 1].bin[1]];
  let inexact = 0, outside = 0;
  for (const [from, to, type, count] of rows) {
    if (filters.types.size && !filters.types.has(type)) continue;
    if (from < begin || from > end) { outside += count; continue; }
    const bin = binOf(from, unit);
    if (to > bin[1]) { inexact += count; continue; }
    const row = bins[place.get(bin[0])];
    const colour = colourOf(type);
    row.counts[colour] = (row.counts[colour] || 0) + count;
    row.total += count;
  }
  $("per").textContent = say("per", { unit: words[unit] });
  const known = rows.reduce((sum, row) => sum + (filters.types.size && !filters.types.has(row[2]) ? 0 : row[3]), 0);
  const all = overview.types.reduce((sum, row, type) => sum + (filters.types.size && !filters.types.has(type) ? 0 : row[3]), 0);
  $("chart-note").textContent = [inexact && say("inexact", { n: number(inexact), unit: words[unit] }),
    outside && say("outside", { n: number(outside) }), all > known && say("unknown", { n: number(all - known) })].filter(Boolean).join(" ");
  const narrower = shown !== null;
  $("zoom").replaceChildren(...[
    narrower && h("button", { type: "button", class: "quiet", onclick: () => zoom(null) }, "← " + words.back),
    outside > 0 && !narrower && h("button", { type: "button", class: "quiet", onclick: () => zoom(wholeRange(rows), false) }, words.whole),
  ].filter(Boolean));
  const chosen = chosenTypes();
  const others = bins.some((row) => row.counts[0]);
  $("legend").replaceChildren(...chosen.map((type, at) => h("span", {}, h("span", { class: `swatch c${at + 1}` }), overview.types[type][1])),
    ...(others ? [h("span", {}, h("span", { class: "swatch c0" }), words.others)] : []));
  chart.replaceChildren(bars(bins, unit, chosen, chart.clientWidth));
}

function bars(bins, unit, chosen, width) {
  const height = 260, left = 40, bottom = 24, top = 8;
  const most = Math.max(1, ...bins.map((row) => row.total));
  const step = [1, 2, 5].flatMap((n) => [0, 1, 2, 3, 4, 5].map((power) => n * 10 ** power)).sort((a, b) => a - b).find((n) => most / n <= 4.5) || most;
  const ceiling = Math.ceil(most / step) * step;
  const y = (value) => top + (height - top - bottom) * (1 - value / ceiling);
  const wide = (width - left) / bins.length;
  const broad = Math.max(0.5, Math.min(56, wide - Math.min(2, wide / 4)));
  const picture = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": $("per").textContent });
  for (let value = 0; value <= ceiling; value += step) {
    picture.append(s("line", { class: "grid", x1: left, x2: width, y1: y(value), y2: y(value) }),
      s("text", { class: "axis", x: left - 6, y: y(value) + 4, "text-anchor": "end" }, number(value)));
  }
  const every = Math.ceil(bins.length / Math.max(2, Math.floor((width - left) / (unit === "year" || unit === "decade" ? 56 : 84))));
  bins.forEach((row, at) => {
    const name = binName(row.bin, unit);
    const x = left + at * wide;
    const parts = [];
    let below = 0;
    for (const colour of [...chosen.keys()].map((n) => n + 1).concat(0)) {
      const count = row.counts[colour];
      if (!count) continue;
      parts.push(s("rect", { class: `c${colour}`, x: x + (wide - broad) / 2, width: broad, y: y(below + count), height: y(below) - y(below + count) }));
      below += count;
    }
    const told = () => [h("strong", {}, name), h("div", {}, eventCount(row.total)),
      ...[...chosen.keys()].filter((n) => row.counts[n + 1]).map((n) => h("div", {}, h("span", { class: `swatch c${n + 1}` }), `${overview.types[chosen[n]][1]} ${number(row.counts[n + 1])}`))];
    const selected = filters.from === row.bin[0] && filters.to === row.bin[1];
    const group = s("g", { class: selected ? "column selected" : "column", "data-key": `bar-${row.bin}`, role: "button", tabindex: at ? -1 : 0, "aria-label": `${name}: ${eventCount(row.total)}`,
      onclick: () => choose(row.bin, unit), onkeydown: (event) => keyOnBar(event, row.bin, unit), ...tips(told) },
      s("rect", { class: "hit", x, width: wide, y: top, height: height - top - bottom }), ...parts);
    picture.append(group);
    if (at % every === 0 && x + 20 < width) picture.append(s("text", { class: "axis", x: Math.min(x + wide / 2, width), y: height - 6, "text-anchor": !at ? "start" : x + wide / 2 + 30 > width ? "end" : "middle" }, name));
  });
  return picture;
}
function keyOnBar(event, bin, unit) {
  const go = { ArrowRight: "nextSibling", ArrowLeft: "previousSibling" }[event.key];
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(bin, unit); }
  if (!go) return;
  event.preventDefault();
  let other = event.currentTarget[go];
  while (other && !other.classList.contains("column")) other = other[go];
  if (other) other.focus();
}
/** A bar was chosen: its events in the list, and its time in smaller steps. */
function choose(bin, unit) {
  hideTip();
  filters.from = bin[0];
  filters.to = bin[1];
  if (unit !== "day") shown = bin;
  changed("period");
}
function zoom(range, filter = true) {
  shown = range;
  if (filter) filters.from = filters.to = null;
  changed("period");
}

function startTimeline() {
  for (const input of document.querySelectorAll("#basis input")) {
    input.addEventListener("change", () => { basis = input.value; shown = null; filters.from = filters.to = null; changed("period"); });
  }
  listeners.push((what) => {
    if (what === "all" && filters.from === null) shown = null;
    if (["all", "types", "period"].includes(what)) { drawTypes(); drawTimeline(); }
  });
  new ResizeObserver(later(60, drawTimeline)).observe($("chart"));
  drawTypes();
}
