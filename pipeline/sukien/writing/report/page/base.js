// Elements, words, numbers, days. Text from articles only ever becomes text nodes.

const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
const h = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
const s = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

/** Undo the packing of Python's `compressed`: base64, zlib, JSON. */
async function unpack(block) {
  const binary = atob(block.textContent);
  block.remove();
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

let words = {};
const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
let language = "en";
const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, language === "vi" ? "." : ",");

const DAY = 86400000;
const isoDay = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const dayOf = (iso) => { const time = Date.parse(iso.slice(0, 10) + "T00:00:00Z"); return isNaN(time) ? null : time / DAY; };
const partsOf = (day) => { const date = new Date(day * DAY); return [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]; };
function dayIn(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getTime() / DAY;
}
function showDay(day) {
  const [year, month, date] = partsOf(day);
  return language === "vi" ? `${date}/${month + 1}/${year}` : `${date} ${words.months[month]} ${year}`;
}
const showMonth = (year, month) => language === "vi" ? `${month + 1}/${year}` : `${words.months[month]} ${year}`;
function showMoment(iso) {
  const day = dayOf(iso);
  return day === null ? iso : showDay(day) + (iso.length >= 16 ? ` ${iso.slice(11, 16)}` : "");
}
/** What a time covers, no more exact than it is: a day, a month, a year, or from – to. */
function showSpan(begin, end, value) {
  if (begin === null) return "";
  const [year, month, day] = partsOf(begin);
  const clock = /T(\d\d(:\d\d)?)$/.exec(value || "");
  if (end === begin) return showDay(begin) + (clock ? `, ${clock[1].length === 2 ? clock[1] + ":00" : clock[1]}` : "");
  if (day === 1 && end === dayIn(year, month + 1, 0)) return showMonth(year, month);
  if (day === 1 && month === 0 && end === dayIn(year + 1, 0, 0)) return String(year);
  return say("period", { from: showDay(begin), to: showDay(end) });
}

const MARKS = /[̀-ͯ]/g;
/** For search: lower case, without marks unless the query has some. */
const bare = (text) => text.normalize("NFD").replace(MARKS, "").replace(/[đĐ]/g, "d").toLowerCase();
const collator = new Intl.Collator("vi", { numeric: true });
const byText = (a, b) => collator.compare(a || "￿", b || "￿");

/** Where words are searched: a matcher for all the words of a query, in any order. */
function matcher(query) {
  const marked = /[^\x00-\x7f]/.test(query);
  const form = marked ? (text) => text.normalize("NFC").toLowerCase() : bare;
  const wanted = form(query).split(/\s+/).filter(Boolean);
  return { marked, test: (text) => wanted.every((word) => text.includes(word)), wanted };
}

let tipTimer = 0;
/** A small card near an element, for hover and focus. */
function tip(element, content) {
  clearTimeout(tipTimer);
  const card = $("tip");
  // In a dialog the card has to stand above the dialog's backdrop.
  (element.closest("dialog") || document.body).append(card);
  card.replaceChildren(...[content].flat());
  card.hidden = false;
  const box = element.getBoundingClientRect();
  const width = card.offsetWidth, height = card.offsetHeight;
  const room = document.documentElement.clientWidth;
  card.style.left = `${Math.max(8, Math.min(box.left + box.width / 2 - width / 2, room - width - 8))}px`;
  card.style.top = `${box.top - height - 8 > 8 ? box.top - height - 8 : Math.min(box.bottom + 8, innerHeight - height - 8)}px`;
}
function hideTip() {
  tipTimer = setTimeout(() => { $("tip").hidden = true; }, 80);
}
const tips = (content) => ({
  onpointerenter: (event) => tip(event.currentTarget, content()),
  onpointerleave: hideTip,
  onfocus: (event) => tip(event.currentTarget, content()),
  onblur: hideTip,
});

/** Previous and next, with the page's number. */
function pager(nav, page, pages, go) {
  nav.hidden = pages < 2;
  nav.replaceChildren(
    h("button", { type: "button", disabled: page === 0, onclick: () => go(page - 1) }, say("previous")),
    h("span", {}, say("page", { n: number(page + 1), all: number(pages) })),
    h("button", { type: "button", disabled: page >= pages - 1, onclick: () => go(page + 1) }, say("next")),
  );
}
function later(wait, act) {
  let timer = 0;
  return (...values) => { clearTimeout(timer); timer = setTimeout(() => act(...values), wait); };
}
