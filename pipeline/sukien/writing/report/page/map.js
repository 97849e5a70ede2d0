// Provinces of Viet Nam, or countries, with the articles that name a place there.

const AREAS = {
  vietnam: { west: 101.9, east: 115.2, south: 7.6, north: 23.6, middle: 16 },
  world: { west: -170, east: 190, south: -56, north: 78, middle: 30 },
};
let area = "vietnam";

function outline(rings, scale, project) {
  return rings.map((ring) => {
    let x = 0, y = 0, path = "";
    for (let i = 0; i < ring.length; i += 2) {
      x += ring[i];
      y += ring[i + 1];
      const [px, py] = project(x / scale, y / scale);
      path += `${i ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
    }
    return path + "Z";
  }).join("");
}
const placesShown = () => area === "vietnam"
  ? overview.provinces.map(([name, latitude, longitude, count, told]) => ({ kind: "province", key: name, name, latitude, longitude, count, told }))
  : overview.countries.map(([code, name, latitude, longitude, count, told]) => ({ kind: "country", key: code, name, latitude, longitude, count, told }));

function drawMap() {
  const box = $("map");
  const width = box.clientWidth;
  const { west, east, south, north, middle } = AREAS[area];
  const squeeze = Math.cos((middle * Math.PI) / 180);
  const height = Math.min(area === "vietnam" ? 520 : 340, (width * (north - south)) / ((east - west) * squeeze));
  const scale = Math.min(width / ((east - west) * squeeze), height / (north - south));
  const shift = (width - (east - west) * squeeze * scale) / 2;
  const project = (longitude, latitude) => [shift + (longitude - west) * squeeze * scale, (north - latitude) * scale];
  const picture = s("svg", { viewBox: `0 0 ${width} ${height.toFixed(0)}`, width, height: height.toFixed(0), role: "group", "aria-label": $("places").querySelector("h2").textContent });
  const land = overview.geography;
  if (area === "vietnam") {
    picture.append(s("path", { class: "neighbour", d: outline(land.neighbours.rings, land.neighbours.scale, project) }),
      s("path", { class: "land", d: outline(land.vietnam.rings, land.vietnam.scale, project) }));
    for (const [name, longitude, latitude] of [[box.dataset.hoangSa, 112, 16.5], [box.dataset.truongSa, 113.6, 9.3]]) {
      const [x, y] = project(longitude, latitude);
      picture.append(...[[-5, -3], [0, 0], [5, -4], [2, 4]].map(([dx, dy]) => s("circle", { class: "islet", cx: x + dx, cy: y + dy, r: 1.4 })),
        s("text", { class: "island", x, y: y + 17, "text-anchor": "middle" }, name));
    }
  } else picture.append(s("path", { class: "land", d: outline(land.world.rings, land.world.scale, project) }));
  const rows = placesShown();
  const most = Math.max(1, ...rows.map((row) => row.count));
  const largest = area === "vietnam" ? 22 : 20;
  const chosen = (row) => filters.place && filters.place.kind === row.kind && filters.place.key === row.key;
  const pick = (row) => { filters.place = chosen(row) ? null : row; changed("place"); };
  const card = (row) => [h("strong", {}, row.name), h("div", {}, articleCount(row.count)), h("div", {}, eventCount(row.told))];
  rows.forEach((row, at) => {
    const [x, y] = project(row.longitude, row.latitude);
    const radius = 3 + (largest - 3) * Math.sqrt(row.count / most);
    picture.append(s("g", { class: chosen(row) ? "place selected" : "place", "data-key": `spot-${row.key}`, role: "button", tabindex: at < 12 ? 0 : -1, "aria-label": `${row.name}: ${articleCount(row.count)}`, onclick: () => pick(row),
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(row); } }, ...tips(() => card(row)) },
      s("circle", { cx: x, cy: y, r: radius })));
  });
  const taken = [];
  for (const row of rows.slice(0, area === "vietnam" ? 14 : 12)) {
    const [x, y] = project(row.longitude, row.latitude);
    const radius = 3 + (largest - 3) * Math.sqrt(row.count / most);
    const wide = row.name.length * 6.2;
    const side = x + radius + wide + 6 < width ? 1 : -1;
    const from = x + side * (radius + 3);
    if (!free(taken, from + (side * wide) / 2, y, wide)) continue;
    picture.append(s("text", { class: "place-name", x: from, y: y + 4, "text-anchor": side > 0 ? "start" : "end" }, row.name));
  }
  box.replaceChildren(picture);
  const list = rows.slice(0, 8).map((row) => h("button", { type: "button", class: "rank", "data-key": `place-${row.key}`, "aria-pressed": Boolean(chosen(row)), onclick: () => pick(row), ...tips(() => card(row)) },
    h("span", { class: "name" }, row.name), h("span", { class: "n" }, number(row.count)), bar(row.count / most)));
  $("place-list").replaceChildren(...(rows.length ? [h("h3", {}, words.most_named), ...list] : [h("p", { class: "empty" }, area === "vietnam" ? words.no_provinces : words.no_countries)]));
}
function startMap() {
  for (const input of document.querySelectorAll("#area input")) input.addEventListener("change", () => { area = input.value; drawMap(); });
  listeners.push((what) => { if (["all", "place"].includes(what)) drawMap(); });
  let width = 0;
  new ResizeObserver(later(60, () => { if ($("map").clientWidth !== width) { width = $("map").clientWidth; drawMap(); } })).observe($("map"));
}
