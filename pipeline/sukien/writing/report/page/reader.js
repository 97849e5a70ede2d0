// The list of articles, and one article with what was found in it.

const ARTICLES_A_PAGE = 20;
let articlePage = 0;
let articlesFound = [];

const articleOrders = {
  new: (a, b) => late(a.day, b.day) || b.day - a.day || a.number - b.number,
  old: (a, b) => late(a.day, b.day) || a.day - b.day || a.number - b.number,
  events: (a, b) => b.events.length - a.events.length || a.number - b.number,
  told: (a, b) => b.told - a.told || a.number - b.number,
  title: (a, b) => byText(a.title, b.title),
};
function refreshArticles() {
  const query = matcher($("article-search").value.trim());
  const form = query.marked ? (text) => text.normalize("NFC").toLowerCase() : bare;
  articlesFound = articles.filter((article) => query.test(form([article.title, article.source, article.section, article.path].join(" "))));
  articlesFound.sort(articleOrders[$("article-sort").value]);
  articlePage = 0;
  drawArticles();
}
function drawArticles() {
  const pages = Math.max(1, Math.ceil(articlesFound.length / ARTICLES_A_PAGE));
  $("article-count").textContent = articleCount(articlesFound.length);
  const rows = articlesFound.slice(articlePage * ARTICLES_A_PAGE, (articlePage + 1) * ARTICLES_A_PAGE);
  $("article-list").replaceChildren(...(rows.length ? rows.map((article) => h("li", {},
    h("a", { href: `#article-${article.id}` }, article.title),
    h("div", { class: "faint" }, [article.source, article.published ? showMoment(article.published) : words.unpublished, eventCount(article.events.length), article.told > 1 && say("told", { n: article.told })].filter(Boolean).join(" · "))))
    : [h("li", { class: "empty" }, words.no_articles)]));
  pager($("article-pager"), articlePage, pages, (to) => { articlePage = to; drawArticles(); $("articles").scrollIntoView(); });
}

let pieces = [];
/** The text in sentences, cut wherever a name, date or trigger begins or ends. */
function drawText(article) {
  const { text } = article;
  const marks = [
    ...article.names.map((name) => ({ ...name, kind: `name ${["PER", "ORG", "LOC", "MISC"][name.label]}`, name })),
    ...article.dates.map((date) => ({ ...date, kind: "date", date })),
    ...article.events.map((event) => ({ start: event.start, end: event.end, kind: "trigger", event })),
  ];
  const edges = new Set([0, text.length]);
  for (const { start, end } of [...marks, ...article.events.flatMap((event) => event.roles)]) edges.add(start).add(end);
  for (const [start, end] of article.sentences) edges.add(start).add(end);
  const cuts = [...edges].sort((a, b) => a - b);
  const covering = cuts.map(() => []);
  const at = new Map(cuts.map((cut, n) => [cut, n]));
  for (const mark of marks) for (let n = at.get(mark.start); cuts[n] < mark.end; n++) covering[n].push(mark);
  pieces = [];
  const body = h("div", { class: "text" });
  let sentence = 0;
  let box = null;
  for (let n = 0; n + 1 < cuts.length; n++) {
    while (sentence < article.sentences.length && article.sentences[sentence][1] <= cuts[n]) { sentence++; box = null; }
    const inside = sentence < article.sentences.length && article.sentences[sentence][0] <= cuts[n];
    if (inside && !box) { box = h("span", { class: "sentence", id: `sentence-${sentence}` }); body.append(box); }
    const over = covering[n];
    const piece = h("span", over.length ? markOf(article, over) : {}, text.slice(cuts[n], cuts[n + 1]));
    pieces.push({ start: cuts[n], end: cuts[n + 1], element: piece });
    (inside ? box : body).append(piece);
  }
  return body;
}
function markOf(article, over) {
  const trigger = over.find((mark) => mark.event);
  const cards = () => over.flatMap((mark) => mark.event ? eventCard(mark.event) : mark.date ? dateCard(mark.date) : nameCard(mark.name));
  const hints = tips(cards);
  const kinds = { class: over.map((mark) => mark.kind).join(" ") };
  if (!trigger) return { ...kinds, onpointerenter: hints.onpointerenter, onpointerleave: hints.onpointerleave };
  const { event } = trigger;
  return { ...kinds, tabindex: 0, role: "button", "data-event": event.key,
    "aria-label": `${article.text.slice(event.start, event.end)}: ${overview.types[event.type][1]}`,
    onpointerenter: (e) => { showRoles(event); hints.onpointerenter(e); }, onpointerleave: () => { showRoles(current); hints.onpointerleave(); },
    onfocus: (e) => { showRoles(event); hints.onfocus(e); }, onblur: () => { showRoles(current); hints.onblur(); },
    onclick: () => { location.hash = routeOf(event); },
    onkeydown: (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); location.hash = routeOf(event); } } };
}
let current = null;
/** Mark what takes part in an event. */
function showRoles(event) {
  for (const { start, end, element } of pieces) {
    const role = event && event.roles.find((part) => part.start < end && start < part.end);
    element.classList.toggle("role", Boolean(role));
    element.classList.toggle("now", Boolean(event) && event.start < end && start < event.end);
  }
}
const nameCard = ({ label, entity }) => entity >= 0 ? entityCard(entity) : [h("div", {}, words.labels[label])];
function dateCard({ value, begin, last, lunar }) {
  const shown = showSpan(begin, last === null ? begin : last, value);
  return [h("strong", {}, shown || value), h("div", {}, [words.date, shown && value, lunar && words.lunar].filter(Boolean).join(" · "))];
}
function eventCard(event) {
  return [h("strong", {}, overview.types[event.type][1]), " ", ...tagsOf(event), h("dl", {}, rolesOf(event)),
    event.reported && h("div", {}, `${words.reported_by} ${event.reported}`)].filter(Boolean);
}
/** The roles of an event with their words, times with what they come to. */
function rolesOf(event) {
  const { article } = event;
  const rows = event.roles.map(({ role, start, end }) => {
    const date = role === overview.time && article.dates.find((one) => one.start < end && start < one.end);
    const day = date && showSpan(date.begin, date.last === null ? date.begin : date.last, date.value);
    return [overview.roles[role], article.text.slice(start, end) + (day ? ` = ${day}` : "")];
  });
  if (whenOf(event) && !event.roles.some(({ role }) => role === overview.time)) {
    rows.push([words.time, whenOf(event) + (event.known > 1 ? ` (${words.known[event.known]})` : "")]);
  }
  return rows.map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text)));
}

function openArticle(article, key) {
  current = key === null ? null : article.events.find((event) => event.key === key) || null;
  const body = $("reader-body");
  if (body.dataset.article !== article.id) {
    body.dataset.article = article.id;
    const meta = [article.source, article.author, article.section, article.published ? showMoment(article.published) : words.unpublished].filter(Boolean).join(" · ");
    const web = /^https?:\/\//i.test(article.url || "") && h("a", { href: article.url, rel: "noopener noreferrer", target: "_blank" }, words.web);
    body.replaceChildren(
      h("div", { class: "article" }, h("h2", { id: "reader-title" }, article.title), h("p", { class: "sub" }, meta, web && " · ", web),
        drawText(article), h("p", { class: "faint path" }, `${words.file}: ${article.path}`)),
      h("div", { class: "beside" }, h("h3", {}, words.events_here), article.events.length
        ? h("ol", {}, article.events.map((event) => h("li", { "data-event": event.key, onpointerenter: () => showRoles(event), onpointerleave: () => showRoles(current) }, h("a", { href: routeOf(event) }, h("strong", {}, overview.types[event.type][1]), ` ${article.text.slice(event.start, event.end)}`),
          ...tagsOf(event), h("dl", {}, rolesOf(event)),
          h("button", { type: "button", class: "link back", onclick: () => { closeReader(); pointOut(event); } }, words.in_list))))
        : h("p", { class: "empty" }, words.no_events_here)));
  }
  if (!$("reader").open) $("reader").showModal();
  showRoles(current);
  for (const item of body.querySelectorAll(".beside li")) item.classList.toggle("current", current !== null && Number(item.dataset.event) === current.key);
  for (const box of body.querySelectorAll(".sentence")) box.classList.toggle("target", current !== null && box.id === `sentence-${current.sentence}`);
  if (current) {
    const trigger = body.querySelector(`.text [data-event="${current.key}"]`);
    for (const box of [body, body.querySelector(".article")]) centre(box, trigger);
    trigger.focus({ preventScroll: true });
    hideTip();
    const beside = body.querySelector(".beside");
    const item = beside.querySelector("li.current");
    if (getComputedStyle(beside).overflowY !== "visible") beside.scrollTop = item.offsetTop - beside.offsetTop - 60;
  } else {
    body.scrollTop = 0;
    body.querySelector(".article").scrollTop = 0;
  }
}
/** Scroll a box, and not the page behind it, until an element is in its middle. */
function centre(box, element) {
  box.scrollTop += element.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 2;
}
function closeReader() {
  $("reader").close();
}
function step(by) {
  const at = articlesFound.findIndex((article) => article.id === $("reader-body").dataset.article);
  const next = articlesFound[at + by];
  if (next) location.hash = `#article-${next.id}`;
}
/** Follow #article-ID/OFFSET to an article, and to the sentence of one of its events. */
function follow() {
  const route = /^#article-([^/]+)(?:\/(\d+))?$/.exec(location.hash);
  if (!route) { if ($("reader").open) closeReader(); return; }
  const article = articles.find((one) => one.id === route[1]);
  if (article) openArticle(article, route[2] === undefined ? null : Number(route[2]));
}
function startReader() {
  $("article-filters").addEventListener("submit", (event) => event.preventDefault());
  $("article-search").addEventListener("input", later(180, refreshArticles));
  $("article-sort").addEventListener("change", refreshArticles);
  $("reader-close").addEventListener("click", closeReader);
  $("reader-previous").addEventListener("click", () => step(-1));
  $("reader-next").addEventListener("click", () => step(1));
  $("reader").addEventListener("close", () => {
    document.body.append($("tip"));
    $("tip").hidden = true;
    if (location.hash.startsWith("#article-")) history.replaceState(null, "", "#");
  });
  $("reader").addEventListener("click", (event) => { if (event.target === $("reader")) closeReader(); });
  $("reader-legend").append(...["PER", "ORG", "LOC", "MISC"].map((label, at) => h("span", { class: `name ${label}` }, words.legend[at])),
    h("span", { class: "date" }, words.legend[4]), h("span", { class: "trigger" }, words.legend[5]));
  addEventListener("hashchange", follow);
}
