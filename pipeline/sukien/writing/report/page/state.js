// What the page knows, and what is filtered.

let overview = null;
const articles = [];
const events = [];
const filters = { types: new Set(), names: new Set(), place: null, article: null, from: null, to: null, status: "", text: "" };
let basis = "happened";
const listeners = [];
/** Tell all parts of the page; who draws itself anew keeps the keyboard's focus. */
function changed(what) {
  const active = document.activeElement;
  const { key } = active.dataset;
  const region = active.closest("section, aside");
  listeners.forEach((listener) => listener(what));
  if (active.isConnected || !region) return;
  const again = (key && document.querySelector(`[data-key="${CSS.escape(key)}"]`)) || region.querySelector(".column, .chip");
  if (again) again.focus({ preventScroll: true });
}

const eventCount = (n) => say(n === 1 ? "one_event" : "events", { n: number(n) });
const articleCount = (n) => say(n === 1 ? "one_article" : "articles", { n: number(n) });
const named = (row, fields) => Object.fromEntries(fields.map((field, at) => [field, row[at]]));

/** Take one block of articles in: offsets to UTF-16, events with the names around them. */
function takeIn(records) {
  for (const record of records) {
    const article = named(record, overview.record);
    const at = units(article.text);
    article.number = articles.length;
    article.title = article.title || opening(article.text) || words.untitled;
    article.day = article.published ? dayOf(article.published) : null;
    article.sentences = pairsOf(article.sentences).map(([start, end]) => [at(start), at(end)]);
    const rows = [];
    for (let i = 0; i < article.names.length; i += 4) {
      const [start, length, label, entity] = article.names.slice(i, i + 4);
      rows.push({ start: at(start), end: at(start + length), label, entity });
    }
    article.names = rows;
    article.dates = article.dates.map(([start, length, value, begin, end, lunar]) =>
      ({ start: at(start), end: at(start + length), value, begin, last: end, lunar }));
    article.events = article.events.map((values) => {
      const event = named(values, overview.event);
      event.first = event.begin;
      event.last = event.end;
      event.end = at(event.start + event.length);
      event.start = at(event.start);
      event.key = values[1];
      const roles = [];
      for (let i = 0; i < event.roles.length; i += 3) {
        const [role, start, length] = event.roles.slice(i, i + 3);
        roles.push({ role, start: at(start), end: at(start + length) });
      }
      event.roles = roles;
      event.article = article;
      event.sentence = sentenceAt(article, event.start);
      event.names = namesIn(article, event);
      events.push(event);
      return event;
    });
    articles.push(article);
  }
}

/** The first line of a text, to stand for a title. */
function opening(text) {
  const line = text.trim().split(/[\r\n]/)[0];
  return line.length > 110 ? line.slice(0, line.lastIndexOf(" ", 100) + 1 || 100).trim() + " …" : line;
}
/** Code points to UTF-16 units; the same where no character lies beyond U+FFFF. */
function units(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (offset) => offset;
  const map = [];
  let unit = 0;
  for (const character of text) { map.push(unit); unit += character.length; }
  map.push(unit);
  return (offset) => map[offset];
}
function pairsOf(flat) {
  const rows = [];
  for (let i = 0; i < flat.length; i += 2) rows.push([flat[i], flat[i + 1]]);
  return rows;
}
function sentenceAt(article, offset) {
  const rows = article.sentences;
  let low = 0, high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle][1] <= offset) low = middle + 1; else high = middle;
  }
  return low < rows.length && rows[low][0] <= offset ? low : -1;
}
const sentenceOf = (event) => event.article.sentences[event.sentence] || [event.start, event.end];
function namesIn(article, event) {
  const [start, end] = event.sentence < 0 ? [event.start, event.end] : article.sentences[event.sentence];
  const near = ({ start: from, end: to }) => (from < end && to > start)
    || event.roles.some((role) => role.start < to && from < role.end);
  return [...new Set(article.names.filter((name) => name.entity >= 0 && near(name)).map((name) => name.entity))];
}

const statusOf = (event) => event.polarity ? "negative" : ["fact", "planned", "possible"][event.modality];
const spanOf = (event) => basis === "reported" ? [event.article.day, event.article.day] : [event.first, event.last];
const isIn = (entity, place) => overview.entities[entity][place.kind === "province" ? 5 : 4] === place.key;

/** The events that pass all filters. */
function filtered() {
  const { types, names, place, article, from, to, status, text } = filters;
  const query = matcher(text);
  return events.filter((event) => {
    if (types.size && !types.has(event.type)) return false;
    if (article !== null && event.article !== article) return false;
    if (status && statusOf(event) !== status) return false;
    for (const name of names) if (!event.names.includes(name)) return false;
    if (place && !event.names.some((name) => isIn(name, place))) return false;
    if (from !== null || to !== null) {
      const [begin, end] = spanOf(event);
      if (begin === null || (from !== null && begin < from) || (to !== null && end > to)) return false;
    }
    return !query.wanted.length || query.test(searched(event, query.marked));
  });
}
/** What the search looks at, made when first needed. */
function searched(event, marked) {
  const key = marked ? "marked" : "bare";
  if (!event[key]) {
    const [start, end] = sentenceOf(event);
    const all = [event.article.text.slice(start, end), event.agent, event.patient, event.place, event.article.title,
      overview.types[event.type][1], ...event.names.map((name) => overview.entities[name][0])];
    event[key] = marked ? all.join(" ").normalize("NFC").toLowerCase() : bare(all.join(" "));
  }
  return event[key];
}

function toggle(set, value) {
  if (!set.delete(value)) set.add(value);
}
const filtering = () => filters.types.size || filters.names.size || filters.place || filters.article
  || filters.from !== null || filters.to !== null || filters.status || filters.text;
function clearFilters() {
  filters.types.clear();
  filters.names.clear();
  Object.assign(filters, { place: null, article: null, from: null, to: null, status: "", text: "" });
  changed("all");
}
/** The active filters, each with what takes it away. */
function activeFilters() {
  const rows = [];
  for (const type of filters.types) rows.push([overview.types[type][1], () => filters.types.delete(type)]);
  for (const name of filters.names) rows.push([overview.entities[name][0], () => filters.names.delete(name)]);
  if (filters.place) rows.push([filters.place.name, () => { filters.place = null; }]);
  if (filters.article) rows.push([say("article_filter", { title: filters.article.title }), () => { filters.article = null; }]);
  if (filters.from !== null || filters.to !== null) {
    const show = (day) => day === null ? "…" : showDay(day);
    const name = filters.from === filters.to ? show(filters.from) : say("period", { from: show(filters.from), to: show(filters.to) });
    rows.push([name, () => { filters.from = filters.to = null; }]);
  }
  if (filters.status) rows.push([$("status").selectedOptions[0].textContent, () => { filters.status = ""; }]);
  if (filters.text) rows.push([`“${filters.text}”`, () => { filters.text = ""; }]);
  return rows;
}
