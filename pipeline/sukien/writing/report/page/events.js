// The list of events: filters, order, pages.

const EVENTS_A_PAGE = 25;
let order = "new";
let page = 0;
let found = [];
let marked = null; // the event to point out, come from its sentence

const late = (a, b) => (a === null ? 1 : 0) - (b === null ? 1 : 0);
const orders = {
  new: (a, b) => late(a.article.day, b.article.day) || b.article.day - a.article.day || a.article.number - b.article.number || a.start - b.start,
  latest: (a, b) => late(spanOf(a)[0], spanOf(b)[0]) || spanOf(b)[0] - spanOf(a)[0] || orders.new(a, b),
  earliest: (a, b) => late(spanOf(a)[0], spanOf(b)[0]) || spanOf(a)[0] - spanOf(b)[0] || orders.new(a, b),
  told: (a, b) => b.told - a.told || orders.new(a, b),
  sure: (a, b) => b.confidence - a.confidence || orders.new(a, b),
  type: (a, b) => byText(overview.types[a.type][1], overview.types[b.type][1]) || orders.new(a, b),
  entity: (a, b) => byText(a.agent || a.patient, b.agent || b.patient) || orders.new(a, b),
  text: (a, b) => byText(a.article.text.slice(...sentenceOf(a)).trim(), b.article.text.slice(...sentenceOf(b)).trim()),
};

function refresh(keepPage = false) {
  found = filtered();
  found.sort(orders[order]);
  if (!keepPage) page = 0;
  drawEvents();
}
function drawEvents() {
  const pages = Math.max(1, Math.ceil(found.length / EVENTS_A_PAGE));
  page = Math.min(page, pages - 1);
  const all = events.length;
  $("count").textContent = eventCount(found.length) + (found.length < all ? ` ${say("of_all", { all: number(all) })}` : "");
  $("clear").hidden = !filtering();
  for (const head of document.querySelectorAll("#list th[data-order]")) {
    const sorted = head.dataset.order === order || (head.dataset.order === "latest" && order === "earliest");
    if (sorted) head.setAttribute("aria-sort", order === "latest" ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
  const rows = found.slice(page * EVENTS_A_PAGE, (page + 1) * EVENTS_A_PAGE).map(eventRow);
  $("list").tBodies[0].replaceChildren(...(rows.length ? rows : [h("tr", {}, h("td", { colspan: 5 }, h("p", { class: "empty" }, all ? words.no_match : words.no_events)))]));
  $("list").classList.toggle("none", !rows.length);
  pager($("pager"), page, pages, (to) => { page = to; drawEvents(); $("events").scrollIntoView(); });
}
const whenOf = (event) => showSpan(event.first, event.last, event.time);
const routeOf = (event) => `#article-${event.article.id}/${event.key}`;
function tagsOf(event) {
  const status = statusOf(event);
  return [status !== "fact" && h("span", { class: "tag" }, words[status]), event.told > 1 && h("span", { class: "tag told" }, say("told", { n: number(event.told) }))].filter(Boolean);
}
function who(event) {
  if (event.agent && event.patient) return [h("span", {}, event.agent), h("span", { class: "to" }, " → "), h("span", {}, event.patient)];
  return [h("span", {}, event.agent || event.patient || "")];
}
/** The sentence around the trigger, shortened far from it. */
function excerpt(event) {
  const text = event.article.text;
  let [start, end] = sentenceOf(event);
  const cut = [event.start - start > 160, end - event.end > 240];
  if (cut[0]) start = text.indexOf(" ", event.start - 140) + 1;
  if (cut[1]) end = text.lastIndexOf(" ", event.end + 220);
  return [(cut[0] ? "… " : "") + text.slice(start, event.start), h("b", {}, text.slice(event.start, event.end)), text.slice(event.end, end) + (cut[1] ? " …" : "")];
}
function eventRow(event) {
  const { article } = event;
  const here = event === marked;
  const origin = [article.source, article.published && showMoment(article.published.slice(0, 10))].filter(Boolean).join(", ");
  return h("tr", { class: here ? "here" : null, tabindex: here ? -1 : null },
    h("td", { class: "when" }, whenOf(event) || h("span", { class: "faint" }, "–"), event.known > 1 && h("div", { class: "faint" }, words.known[event.known])),
    h("td", { class: "type" }, h("button", { type: "button", class: "link", "data-key": `of-${article.id}-${event.key}`, onclick: () => { toggle(filters.types, event.type); changed("types"); } }, overview.types[event.type][1]), h("div", {}, tagsOf(event))),
    h("td", { class: "told-by" }, h("a", { href: routeOf(event), title: words.read }, excerpt(event)), h("div", { class: "faint" }, h("span", {}, article.title), origin && ` · ${origin}`)),
    h("td", { class: "who" }, who(event)),
    h("td", { class: "where" }, event.place || ""));
}
/** Show an event in the list: alone its article's events, on the page that holds it. */
function pointOut(event) {
  Object.assign(filters, { place: null, from: null, to: null, status: "", text: "", article: event.article });
  filters.types.clear();
  filters.names.clear();
  marked = event;
  changed("all");
  page = Math.floor(found.indexOf(event) / EVENTS_A_PAGE);
  drawEvents();
  const row = document.querySelector("#list tr.here");
  row.scrollIntoView({ block: "center" });
  row.focus({ preventScroll: true });
}

function drawChips() {
  const rows = activeFilters();
  $("chips").hidden = !rows.length;
  $("chips").replaceChildren(h("span", { class: "unseen" }, words.filter),
    ...rows.map(([name, remove]) => h("button", { type: "button", class: "chip", "aria-label": say("remove", { name }), onclick: () => { remove(); changed("all"); } }, h("span", {}, name), " ✕")),
    h("a", { href: "#events", class: "go" }, `${eventCount(found.length)} ↓`));
}
/** Put into the form what was filtered elsewhere. */
function fillForm() {
  if ($("search").value.trim() !== filters.text) $("search").value = filters.text;
  $("type").value = filters.types.size === 1 ? [...filters.types][0] : "";
  $("status").value = filters.status;
  $("from").value = filters.from === null ? "" : isoDay(filters.from);
  $("to").value = filters.to === null ? "" : isoDay(filters.to);
}
function pickName(input) {
  const wanted = bare(input.value.trim());
  if (!wanted) return;
  const exact = overview.entities.findIndex((row) => row[0] === input.value.trim());
  const entity = exact >= 0 ? exact : overview.entities.findIndex((row) => bare(row[0]) === wanted);
  if (entity < 0) return;
  filters.names.add(entity);
  input.value = "";
  changed("names");
}

function startEvents() {
  const byLabel = overview.types.map((row, type) => [row[1], type, row[3]]).sort((a, b) => byText(a[0], b[0]));
  $("type").append(...byLabel.map(([label, type, count]) => h("option", { value: type }, `${label} (${number(count)})`)));
  $("entities").append(...overview.entities.slice(0, 500).map((row) => h("option", { value: row[0] })));
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("search").addEventListener("input", later(180, () => { filters.text = $("search").value.trim(); changed("form"); }));
  $("type").addEventListener("change", () => { filters.types = new Set($("type").value ? [Number($("type").value)] : []); changed("types"); });
  $("entity").addEventListener("change", () => pickName($("entity")));
  $("status").addEventListener("change", () => { filters.status = $("status").value; changed("form"); });
  for (const side of ["from", "to"]) {
    $(side).addEventListener("change", () => { filters[side] = $(side).value ? dayOf($(side).value) : null; changed("period"); });
  }
  const setOrder = (value) => { order = value; $("sort").value = value; refresh(); };
  $("sort").addEventListener("change", () => setOrder($("sort").value));
  for (const button of document.querySelectorAll("#list th button")) {
    button.addEventListener("click", () => setOrder(order === "latest" && button.dataset.sort === "latest" ? "earliest" : button.dataset.sort));
  }
  $("clear").addEventListener("click", clearFilters);
  listeners.push(() => { refresh(); fillForm(); drawChips(); });
}
