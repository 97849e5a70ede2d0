// The persons, organisations and places that most articles name, each with its course over time.

const few = innerWidth < 768 ? 6 : 10;
const visibleNames = { PER: few, ORG: few, LOC: few };

function sparkline(counts) {
  const width = 84, height = 20;
  const most = Math.max(1, ...counts);
  const x = (at) => 1 + (at * (width - 2)) / Math.max(1, counts.length - 1);
  const y = (count) => height - 2 - ((height - 4) * count) / most;
  const line = counts.map((count, at) => `${x(at).toFixed(1)},${y(count).toFixed(1)}`).join(" ");
  return s("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
    s("polygon", { points: `1,${height - 2} ${line} ${width - 1},${height - 2}` }), s("polyline", { points: line }));
}
const nameButton = (entity, ...extra) => h("button", { type: "button", class: "rank", "data-key": `name-${entity}`, "aria-pressed": filters.names.has(entity),
  onclick: () => { toggle(filters.names, entity); changed("names"); }, ...tips(() => entityCard(entity)) }, ...extra);
function entityCard(entity) {
  const [name, label, count, mentions, , province] = overview.entities[entity];
  return [h("strong", {}, name), h("div", {}, [words.labels[["PER", "ORG", "LOC", "MISC"].indexOf(label)], province !== name && province].filter(Boolean).join(" · ")),
    h("div", {}, `${articleCount(count)} · ${say("mentions", { n: number(mentions) })}`)];
}
function drawNames() {
  for (const label of ["PER", "ORG", "LOC"]) {
    const all = overview.entities.map((row, entity) => entity).filter((entity) => overview.entities[entity][1] === label);
    const top = all.length ? overview.entities[all[0]][2] : 1;
    const rows = all.slice(0, visibleNames[label]).map((entity) => {
      const [name, , count] = overview.entities[entity];
      const counts = overview.sparklines.rows[entity];
      return nameButton(entity, h("span", { class: "name" }, name), counts ? sparkline(counts) : null, h("span", { class: "n" }, number(count)), bar(count / top));
    });
    const more = all.length > visibleNames[label] && visibleNames[label] < 40;
    $(`top-${label}`).replaceChildren(...rows,
      ...(more ? [h("button", { type: "button", class: "quiet", onclick: () => { visibleNames[label] += 15; drawNames(); } }, words.more)] : []),
      ...(all.length ? [] : [h("p", { class: "empty" }, words.no_names)]));
  }
}
function startNames() {
  listeners.push((what) => { if (["all", "names"].includes(what)) drawNames(); });
  drawNames();
}
