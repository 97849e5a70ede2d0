// Who with whom: springs between those named together, always from the same start.

function layout(nodes, edges, width, height) {
  const points = nodes.map((_, at) => {
    const turn = at * 2.399963; // the golden angle spreads them evenly
    const far = 14 * Math.sqrt(at + 0.5);
    return { x: far * Math.cos(turn), y: far * Math.sin(turn) };
  });
  const rest = Math.sqrt((width * height) / Math.max(1, nodes.length)) * 0.8;
  for (let round = 0; round < 500; round++) {
    const heat = 14 * (1 - round / 500);
    const moves = points.map(({ x, y }) => ({ x: -0.4 * x * (height / width), y: -0.4 * y * (width / height) }));
    const push = (a, b, force) => {
      const dx = points[a].x - points[b].x || 0.01, dy = points[a].y - points[b].y || 0.01;
      const by = force(Math.hypot(dx, dy));
      moves[a].x += dx * by; moves[a].y += dy * by; moves[b].x -= dx * by; moves[b].y -= dy * by;
    };
    // Only neighbours push each other, so that small groups stay near the large one.
    for (let a = 0; a < points.length; a++) {
      for (let b = a + 1; b < points.length; b++) push(a, b, (far) => far < 2.5 * rest ? (rest * rest) / (far * far) : 0);
    }
    for (const { a, b } of edges) push(a, b, (far) => -far / rest);
    points.forEach((point, at) => {
      const length = Math.hypot(moves[at].x, moves[at].y) || 1;
      point.x += (moves[at].x / length) * Math.min(length, heat);
      point.y += (moves[at].y / length) * Math.min(length, heat);
    });
  }
  const [left, right] = [Math.min(...points.map((p) => p.x)), Math.max(...points.map((p) => p.x))];
  const [top, bottom] = [Math.min(...points.map((p) => p.y)), Math.max(...points.map((p) => p.y))];
  const [sideways, edge] = [Math.min(60, width / 7), 26];
  for (const point of points) {
    point.x = sideways + ((point.x - left) / (right - left || 1)) * (width - 2 * sideways);
    point.y = edge + ((point.y - top) / (bottom - top || 1)) * (height - 2 * edge);
  }
  // Room for circles and names.
  for (let round = 0; round < 120; round++) {
    for (let a = 0; a < points.length; a++) {
      for (let b = a + 1; b < points.length; b++) {
        const dx = points[b].x - points[a].x, dy = points[b].y - points[a].y;
        const over = [62 - Math.abs(dx), 30 - Math.abs(dy)];
        if (over[0] <= 0 || over[1] <= 0) continue;
        const flat = over[0] / 62 < over[1] / 30;
        const by = (flat ? over[0] * (dx < 0 ? -1 : 1) : over[1] * (dy < 0 ? -1 : 1)) / 4;
        if (flat) { points[a].x -= by; points[b].x += by; } else { points[a].y -= by; points[b].y += by; }
      }
    }
    for (const point of points) {
      point.x = Math.max(sideways, Math.min(width - sideways, point.x));
      point.y = Math.max(edge, Math.min(height - edge, point.y));
    }
  }
  return points;
}

/** Whether a label has room; it takes it. */
function free(taken, x, y, width) {
  const label = { left: x - width / 2, right: x + width / 2, top: y - 7, bottom: y + 7 };
  if (taken.some((other) => label.left < other.right && other.left < label.right && label.top < other.bottom && other.top < label.bottom)) return false;
  taken.push(label);
  return true;
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
  const nodes = [...new Set(pairs.flatMap(([a, b]) => [a, b]))].sort((a, b) => a - b); // most named first
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
  const taken = points.map((point) => ({ left: point.x - 5, right: point.x + 5, top: point.y - 5, bottom: point.y + 5 }));
  const spots = nodes.map((entity, at) => {
    const [name, label, count] = overview.entities[entity];
    const radius = 4 + 9 * Math.sqrt(count / top);
    const near = (on) => {
      edges.forEach((edge, n) => lines[n].classList.toggle("near", on && (edge.a === at || edge.b === at)));
      picture.classList.toggle("focused", on);
    };
    const hints = tips(() => entityCard(entity));
    const pick = () => { toggle(filters.names, entity); changed("names"); };
    const shown = name.length > 22 ? name.slice(0, 20) + "…" : name;
    const { x, y } = points[at];
    const wide = shown.length * 6;
    const places = [[x, y + radius + 8], [x, y - radius - 8], [x + radius + 4 + wide / 2, y], [x - radius - 4 - wide / 2, y]]
      .filter(([middle]) => middle - wide / 2 > 0 && middle + wide / 2 < width);
    const room = places.find((spot) => free(taken, ...spot, wide));
    const [textX, textY] = room || [x, y + radius + 8];
    return s("g", { class: `node ${label}${room ? "" : " crowded"}${filters.names.has(entity) ? " selected" : ""}`, "data-key": `node-${entity}`, role: "button", tabindex: 0, "aria-label": `${name}: ${articleCount(count)}`, onclick: pick,
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(); } },
      onpointerenter: (event) => { near(true); hints.onpointerenter(event); }, onpointerleave: () => { near(false); hints.onpointerleave(); },
      onfocus: (event) => { near(true); hints.onfocus(event); }, onblur: () => { near(false); hints.onblur(); } },
      s("circle", { cx: x, cy: y, r: radius }),
      s("text", { x: textX, y: textY + 4, "text-anchor": "middle" }, shown));
  });
  picture.append(...spots);
  box.replaceChildren(picture);
  drawPairs();
}
const pairCard = ([a, b], count, together) => [h("strong", {}, say("pair", { a: overview.entities[a][0], b: overview.entities[b][0] })), h("div", {}, articleCount(count)), together ? h("div", {}, say("together", { n: number(together) })) : null].filter(Boolean);
function drawPairs() {
  const both = ([a, b]) => filters.names.size === 2 && filters.names.has(a) && filters.names.has(b);
  $("pairs").replaceChildren(h("h3", {}, words.surest_pairs), ...overview.pairs.slice(0, 6).map(([a, b, count, together]) =>
    h("button", { type: "button", class: "rank", "data-key": `pair-${a}-${b}`, "aria-pressed": Boolean(both([a, b])), onclick: () => { filters.names = both([a, b]) ? new Set() : new Set([a, b]); changed("names"); }, ...tips(() => pairCard([a, b], count, together)) },
      h("span", { class: "name" }, say("pair", { a: overview.entities[a][0], b: overview.entities[b][0] })), h("span", { class: "n" }, number(count)), bar(count / overview.pairs[0][2]))));
}
function startNetwork() {
  listeners.push((what) => { if (["all", "names"].includes(what)) drawNetwork(); });
  let width = 0;
  new ResizeObserver(later(60, () => { if ($("network").clientWidth !== width) { width = $("network").clientWidth; drawNetwork(); } })).observe($("network"));
}
