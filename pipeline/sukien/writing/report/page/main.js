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
addEventListener("scroll", hideTip, { passive: true });

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
}
start();
