// Statements across the factors, and how they move from one factor to another.

import { choice, h, keptTable, redrawn, s } from "./dom.js";
import { buttons } from "./pictures.js";
import { bench, num, signed, title, word } from "./state.js";

const sides = [0, 1];
let by = "disagreement";

function rows() {
  const { arrays, stars, z, variance, consensus, scored } = bench.view;
  const { statements, texts } = bench.opened;
  const order = statements.map((_, row) => row);
  if (by === "disagreement") order.sort((a, b) => variance[b] - variance[a]);
  else if (by !== "number") order.sort((a, b) => z[b][by] - z[a][by]);
  return order.map((row) => [`${statements[row]} ${texts[row]}`,
    ...scored.map((_, f) => `${signed(arrays[row][f])}${stars[row][f]} (${num(z[row][f])})`),
    num(variance[row]), consensus[row]]);
}

// Labels that would cover each other are moved apart, in their order.
function apart(heights, least) {
  const order = heights.map((_, n) => n).sort((a, b) => heights[a] - heights[b]);
  const places = [...heights];
  order.forEach((n, rank) => { if (rank) places[n] = Math.max(places[n], places[order[rank - 1]] + least); });
  return places;
}

const STEP = 13;

// The lines are drawn once for their statements; a turn moves their ends.
function line(n) {
  const { statements, texts } = bench.opened;
  const [from, to] = [s("text", { x: 102, "text-anchor": "end" }, ""), s("text", { x: 498 }, "")];
  const path = s("line", { x1: 110, x2: 490 });
  const group = s("g", {}, s("title", {}, `${statements[n]} ${texts[n]}`), path, from, to);
  return Object.assign(group, { ends: { path, from, to } });
}

function move(svg) {
  const { z, scored } = bench.view;
  const { statements } = bench.opened;
  const [left, right] = sides;
  const height = Math.max(300, statements.length * STEP + 60);
  const most = Math.max(...z.flat().map(Math.abs), 1);
  const at = (value) => 40 + ((most - value) / (2 * most)) * (height - 60);
  const ends = sides.map((f) => apart(z.map((row) => at(row[f])), STEP));
  const limit = 1.96 * Math.hypot(...sides.map((f) => error(scored[f])));
  svg.setAttribute("viewBox", `0 0 600 ${Math.max(height, ...ends.flat().map((y) => y + 20))}`);
  svg.setAttribute("aria-label", word("movement", { x: title(scored[left]), y: title(scored[right]) }));
  redrawn(svg, sides.map((f) => title(scored[f])), () => [
    s("text", { class: "name", x: 110, y: 20, "text-anchor": "middle" }, title(scored[left])),
    s("text", { class: "name", x: 490, y: 20, "text-anchor": "middle" }, title(scored[right])),
    ...statements.map((_, n) => line(n))]);
  statements.forEach((label, row) => {
    const group = svg.children[row + 2];
    const { path, from, to } = group.ends;
    group.setAttribute("class", Math.abs(z[row][left] - z[row][right]) > limit ? "strong" : "weak");
    path.setAttribute("y1", ends[0][row]);
    path.setAttribute("y2", ends[1][row]);
    from.setAttribute("y", ends[0][row] + 4);
    to.setAttribute("y", ends[1][row] + 4);
    from.firstChild.data = `${label}  ${num(z[row][left])}`;
    to.firstChild.data = `${num(z[row][right])}  ${label}`;
  });
}

const error = (name) => bench.view.characteristics.standard_error[bench.view.factors.indexOf(name)];

let parts = null;

function moving(root, options) {
  const { scored } = bench.view;
  const pick = (place) => (value) => { sides[place] = Number(value); render(root); };
  const label = word("movement", { x: title(scored[sides[0]]), y: title(scored[sides[1]]) });
  return [h("h3", {}, label), h("p", { class: "note" }, word("movement_note")),
    h("div", { class: "controls" }, choice(word("left"), "from", options, sides[0], pick(0)), choice(word("right"), "to", options, sides[1], pick(1))),
    h("div", { class: "drawing" }, parts.svg),
    h("p", { class: "tools" }, buttons(() => parts.svg, `${scored[sides[0]]}-${scored[sides[1]]}`))];
}

export function render(root) {
  const { scored } = bench.view;
  sides.forEach((column, place) => { if (column >= scored.length) sides[place] = Math.min(place, scored.length - 1); });
  const options = scored.map((name, n) => [n, title(name)]);
  if (!parts || !root.contains(parts.sorted)) {
    parts = { sorted: h("div"), table: keptTable(), moving: h("div"), svg: s("svg", { class: "movement", role: "img" }) };
    root.replaceChildren(h("h2", {}, word("part_statements")), parts.sorted,
      parts.table(word("statements"), [], []), parts.moving);
  }
  redrawn(parts.sorted, [options, by], () => [
    choice(word("sort_by"), "by", [["disagreement", word("by_disagreement")], ["number", word("by_number")], ...options], by,
      (value) => { by = Number.isNaN(Number(value)) ? value : Number(value); render(root); })]);
  parts.table(word("statements"), [word("statement"), ...scored.map(title), word("variance"), word("consensus")], rows());
  redrawn(parts.moving, [options, sides], () => (scored.length > 1 ? moving(root, options) : []));
  if (scored.length > 1) move(parts.svg);
}
