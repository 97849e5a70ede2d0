// Start: unpack the overview, draw it, then the articles.

const root = document.documentElement;
function setTheme(theme) {
  root.dataset.theme = theme;
}
$("theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(dark ? "light" : "dark");
});
addEventListener("keydown", (event) => { if (event.key === "Escape") $("tip").hidden = true; });
addEventListener("scroll", (event) => { if (!$("reader").open || event.target !== document) hideTip(); }, { passive: true, capture: true });

async function start() {
  if (typeof DecompressionStream === "undefined") { $("old").hidden = false; return; }
  const block = (name) => document.querySelector(`script[data-block="${name}"]`);
  overview = await unpack(block("overview"));
  words = overview.words;
  language = overview.language;
  startTimeline();
  startNames();
  startNetwork();
  startMap();
  startEvents();
  startReader();
  for (let next = block("articles"); next; next = block("articles")) takeIn(await unpack(next));
  refresh();
  refreshArticles();
  follow();
  root.dataset.ready = "";
  prepareSearch(0);
}
/** Make what the search looks at while nothing else is to do, so that the first search is quick. */
function prepareSearch(from) {
  const idle = window.requestIdleCallback || ((act) => setTimeout(act, 50));
  for (const event of events.slice(from, from + 1000)) searched(event, false);
  if (from < events.length) idle(() => prepareSearch(from + 1000));
}
start();
