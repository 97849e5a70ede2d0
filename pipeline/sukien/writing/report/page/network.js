// Who with whom: springs between those named together, always from the same start.

function layout(nodes, edges, width, height) {
  const points = nodes.map((_, at) => {
    const turn = at * 2.399963; // the golden angle spreads them evenly
    const far = 14 * Math.sqrt(at + 0.5);
    return { x: far * Math.cos(turn), y: far * Math.sin(turn) };
  });
  const rest = Math.sqrt((width * height) / Math.max(1, nodes.length)) * 0.62;
  for (let round = 0; round < 400; round++) {
    const heat = 12 * (1 - round / 400);
    const moves = points.map(() => ({ x: 0, y: 0 }));
    const push = (a, b, force, dx, dy) => { moves[a].x += dx * force; moves[a].y += dy * force; moves[b].x -= dx * force; moves[b].y -= dy * force; };
    for (let a = 0; a < points.length; a++) {
      for (let b = a + 1; b < points.length; b++) {
        const dx = points[a].x - points[b].x || 0.01, dy = points[a].y - points[b].y || 0.01;
        push(a, b, (rest * rest) / (dx * dx + dy * dy), dx, dy);
      }
      moves[a].x -= points[a].x * 0.32 * (height / width);
      moves[a].y -= points[a].y * 0.32 * (width / height);
    }
    for (const { a, b } of edges) {
      const dx = points[a].x - points[b].x, dy = points[a].y - points[b].y;
      push(a, b, -Math.hypot(dx, dy) / rest, dx, dy);
    }
    points.forEach((point, at) => {
      const length = Math.hypot(moves[at].x, moves[at].y) || 1;
      point.x += (moves[at].x / length) * Math.min(length, heat);
      point.y += (moves[at].y / length) * Math.min(length, heat);
    });
  }
  const [left, right] = [Math.min(...points.map((p) => p.x)), Math.max(...points.map((p) => p.x))];
  const [top, bottom] = [Math.min(...points.map((p) => p.y)), Math.max(...points.map((p) => p.y))];
  const [sideways, edge] = [Math.min(80, width / 6), 24];
  for (const point of points) {
    point.x = sideways + ((point.x - left) / (right - left || 1)) * (width - 2 * sideways);
    point.y = edge + ((point.y - top) / (bottom - top || 1)) * (height - 2 * edge);
  }
  return points;
}

function drawNetwork() {
  const box = $("network");
  const width = box.clientWidth;
  const small = width < 440;
  const pairs = small ? overview.pairs.slice(0, 24) : overview.pairs;
  if (!pairs.length) {
    box.replaceChildren(h("p", { class: "empty" }, words.no_pairs));
    $("pairs").replaceChildren();
    return;
  }
  const height = small ? 380 : 460;
  const nodes = [...new Set(pairs.flatMap(([a, b]) => [a, b]))];
  const edges = pairs.map(([a, b, count, together]) => ({ a: nodes.indexOf(a), b: nodes.indexOf(b), count, together, pair: [a, b] }));
  const points = layout(nodes, edges, width, height);
  const most = Math.max(...pairs.map((pair) => pair[2]));
  const top = Math.max(...nodes.map((node) => overview.entities[node][2]));
  const picture = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": $("relations").querySelector("h2").textContent });
  const lines = edges.map((edge) => {
    const [from, to] = [points[edge.a], points[edge.b]];
    const line = s("line", { class: edge.together ? "edge together" : "edge", x1: from.x, y1: from.y, x2: to.x, y2: to.y, "stroke-width": 1 + 4 * (edge.count / most),
      onclick: () => { filters.names = new Set(edge.pair); changed("names"); }, ...tips(() => pairCard(edge.pair, edge.count, edge.together)) });
    picture.append(line);
    return line;
  });
  const spots = nodes.map((entity, at) => {
    const [name, label, count] = overview.entities[entity];
    const radius = 4 + 9 * Math.sqrt(count / top);
    const near = (on) => {
      edges.forEach((edge, n) => lines[n].classList.toggle("near", on && (edge.a === at || edge.b === at)));
      picture.classList.toggle("focused", on);
    };
    const hints = tips(() => entityCard(entity));
    const pick = () => { toggle(filters.names, entity); changed("names"); };
    return s("g", { class: `node ${label}${filters.names.has(entity) ? " selected" : ""}`, role: "button", tabindex: 0, "aria-label": `${name}: ${articleCount(count)}`, onclick: pick,
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(); } },
      onpointerenter: (event) => { near(true); hints.onpointerenter(event); }, onpointerleave: () => { near(false); hints.onpointerleave(); },
      onfocus: (event) => { near(true); hints.onfocus(event); }, onblur: () => { near(false); hints.onblur(); } },
      s("circle", { cx: points[at].x, cy: points[at].y, r: radius }),
      s("text", { x: points[at].x, y: points[at].y + radius + 12, "text-anchor": "middle" }, name.length > 22 ? name.slice(0, 20) + "…" : name));
  });
  picture.append(...spots);
  box.replaceChildren(picture);
  drawPairs();
}
const pairCard = ([a, b], count, together) => [h("strong", {}, say("pair", { a: overview.entities[a][0], b: overview.entities[b][0] })), h("div", {}, articleCount(count)), together ? h("div", {}, say("together", { n: number(together) })) : null].filter(Boolean);
function drawPairs() {
  const both = ([a, b]) => filters.names.size === 2 && filters.names.has(a) && filters.names.has(b);
  $("pairs").replaceChildren(h("h3", {}, words.surest_pairs), ...overview.pairs.slice(0, 6).map(([a, b, count, together]) =>
    h("button", { type: "button", class: "rank", "aria-pressed": Boolean(both([a, b])), onclick: () => { filters.names = both([a, b]) ? new Set() : new Set([a, b]); changed("names"); }, ...tips(() => pairCard([a, b], count, together)) },
      h("span", { class: "name" }, say("pair", { a: overview.entities[a][0], b: overview.entities[b][0] })), h("span", { class: "n" }, number(count)), bar(count / overview.pairs[0][2]))));
}
function startNetwork() {
  listeners.push((what) => { if (["all", "names"].includes(what)) drawNetwork(); });
  let width = 0;
  new ResizeObserver(later(60, () => { if ($("network").clientWidth !== width) { width = $("network").clientWidth; drawNetwork(); } })).observe($("network"));
}
