// Rotation by eye: two factors as a plane, with axes that are dragged or turned by keys.

import { button, choice, h, radios, redrawn, s, titledTable, written } from "./dom.js";
import { buttons } from "./pictures.js";
import { anew, bench, num, preview, say, signed, title, want, whole, word } from "./state.js";

const SIZE = 620;
const MIDDLE = SIZE / 2;
const REACH = 255;
const MOST_NAMED = 70;

let pair = [0, 1];
let drag = null;
let parts = null;

const tenth = (degrees) => Math.round(degrees * 10) / 10;
const around = (degrees) => degrees - 360 * Math.round(degrees / 360);

// Turns in one plane add up; the same plane from the other side turns the other way.
export function turned(turns, x, y, degrees) {
  const last = turns.at(-1);
  const same = last && last[0] === x && last[1] === y;
  const mirrored = last && last[0] === y && last[1] === x;
  if (!same && !mirrored) return [...turns, [x, y, tenth(degrees)]];
  const sum = x === y ? 0 : tenth(around(last[2] + (same ? degrees : -degrees)));
  const rest = turns.slice(0, -1);
  return sum === 0 ? rest : [...rest, [last[0], last[1], sum]];
}

const named = (turn) => turn[0] === turn[1] ? word("inverted", { factor: `f${turn[0] + 1}` }) : word("turned", { x: `f${turn[0] + 1}`, y: `f${turn[1] + 1}`, degrees: num(turn[2], 1) });

function turn(degrees, [x, y] = pair) {
  if (!degrees) return;
  const turns = turned(bench.wanted.turns, x, y, degrees);
  want({ turns }).then((answered) => {
    const { turns: now } = bench.wanted;  // a later turn may have been made meanwhile
    if (answered) say(now.length ? named(now.at(-1)) : word("no_turns"));
  });
}

const at = (loadings) => [MIDDLE + loadings[pair[0]] * REACH, MIDDLE - loadings[pair[1]] * REACH];

const SHAPES = {
  "on-x": () => s("rect", { class: "on-x", x: -5, y: -5, width: 10, height: 10 }),
  "on-y": () => s("path", { class: "on-y", d: "M0 -6.5l6 10.5h-12z" }),
  elsewhere: () => s("circle", { class: "elsewhere", r: 4.5 }),
  nowhere: () => s("circle", { class: "nowhere", r: 4.5 }),
};

function shapeOf(flags) {
  if (flags[pair[0]]) return "on-x";
  if (flags[pair[1]]) return "on-y";
  return flags.some(Boolean) ? "elsewhere" : "nowhere";
}

// Each name stands where it covers least of the points and of the names before it.
function labels(places, names) {
  const taken = places.map(([x, y]) => [x - 6, y - 6, x + 6, y + 6]);
  const covered = (a) => taken.reduce((sum, b) =>
    sum + Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1])), 0);
  return places.map(([x, y], n) => {
    const width = 6.4 * names[n].length;
    const ways = [[x + 8, y], [x - 8 - width, y], [x - width / 2, y - 12], [x - width / 2, y + 12], [x + 8, y - 9], [x + 8, y + 9], [x - 8 - width, y - 9], [x - 8 - width, y + 9]]
      .map(([left, middle]) => [left, middle - 5, left + width, middle + 5])
      .filter((box) => box[0] > 0 && box[2] < SIZE);
    const best = ways.reduce((one, other) => (covered(other) < covered(one) - 1 ? other : one));
    taken.push(best);
    return [best[0], best[3] - 1];
  });
}

// The points stay: a turn moves them, and only a flag gives one another shape.
function points() {
  const { plane, marks, names } = bench.view;
  const places = drag ? drag.places : plane.map(at);
  redrawn(parts.points, names, () => names.map((name) => {
    const told = document.createTextNode("");
    const label = s("text", {}, name);
    const group = s("g", { "data-sort": name }, s("title", {}, told), label);
    return Object.assign(group, { point: { told, label, shape: null, kind: "" } });
  }));
  const named = drag || names.length > MOST_NAMED ? null : labels(places, names);
  plane.forEach((loadings, n) => {
    const group = parts.points.children[n];
    const { point } = group;
    const [x, y] = places[n];
    const kind = shapeOf(marks[n]);
    if (kind !== point.kind) {
      point.shape?.remove();
      Object.assign(point, { kind, shape: SHAPES[kind]() });
      group.insertBefore(point.shape, point.label);
    }
    group.setAttribute("transform", `translate(${x} ${y})`);
    written(point.told, `${names[n]}: ${num(loadings[pair[0]])}, ${num(loadings[pair[1]])}`);
    point.label.setAttribute("display", named ? "inline" : "none");
    if (named) {
      point.label.setAttribute("x", named[n][0] - x);
      point.label.setAttribute("y", named[n][1] - y);
    }
  });
}

const angle = (event) => {
  const box = parts.svg.getBoundingClientRect();
  const scale = SIZE / box.width;
  return (Math.atan2(MIDDLE - (event.clientY - box.top) * scale, (event.clientX - box.left) * scale - MIDDLE) * 180) / Math.PI;
};

function show(degrees) {
  parts.axes.setAttribute("transform", `rotate(${-degrees} ${MIDDLE} ${MIDDLE})`);
  parts.live.textContent = degrees ? `${num(degrees, 1)}°` : "";
}

const pointer = {
  down(event) {
    if (event.button) return;
    parts.svg.setPointerCapture(event.pointerId);
    drag = { from: angle(event), degrees: 0, places: bench.view.plane.map(at), turns: bench.wanted.turns };
    event.preventDefault();
  },
  move(event) {
    if (!drag) return;
    drag.degrees = tenth(around(angle(event) - drag.from));
    show(drag.degrees);
    preview({ ...bench.wanted, turns: turned(drag.turns, ...pair, drag.degrees) });
  },
  up() {
    if (!drag) return;
    const { degrees } = drag;
    drag = null;
    show(0);
    if (degrees) turn(degrees);
    else want({}, true);
  },
  cancel() {
    drag = null;
    show(0);
    want({}, true);
  },
};

function keys(event) {
  const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 };
  const step = steps[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  turn(event.shiftKey && Math.abs(step) === 1 ? 5 * step : step);
}

function draw() {
  const [x, y] = pair.map((n) => `f${n + 1}`);
  const axis = (d, which) => [s("path", { class: "axis", d }),
    s("path", { class: "grip", d, onpointerdown: pointer.down, "data-axis": which })];
  const least = bench.view.least * REACH;
  parts.axes = s("g", {},
    ...axis(`M${MIDDLE - REACH - 20} ${MIDDLE}H${MIDDLE + REACH + 20}`, "x"),
    ...axis(`M${MIDDLE} ${MIDDLE - REACH - 20}V${MIDDLE + REACH + 20}`, "y"),
    s("circle", { class: "knob", cx: MIDDLE + REACH + 20, cy: MIDDLE, r: 9, onpointerdown: pointer.down, "data-knob": "x" }),
    s("circle", { class: "knob", cx: MIDDLE, cy: MIDDLE - REACH - 20, r: 9, onpointerdown: pointer.down, "data-knob": "y" }),
    s("text", { class: "name", x: MIDDLE + REACH + 20, y: MIDDLE - 14, "text-anchor": "end" }, x),
    s("text", { class: "name", x: MIDDLE + 14, y: MIDDLE - REACH - 14 }, y));
  parts.points = s("g", { class: "points" });
  parts.live = s("text", { class: "live", x: 12, y: 24 });
  parts.svg = s("svg", {
    viewBox: `0 0 ${SIZE} ${SIZE}`, class: "plane", tabindex: "0", role: "slider", "data-key": "plane",
    "aria-orientation": "horizontal", "aria-valuemin": "-180", "aria-valuemax": "180",
    "aria-label": word("turn_axes", { x: title(x), y: title(y) }), "aria-describedby": "turn-help",
    onkeydown: keys, onpointermove: pointer.move, onpointerup: pointer.up, onpointercancel: pointer.cancel,
  },
    s("rect", { class: "field", x: MIDDLE - least, y: MIDDLE - least, width: 2 * least, height: 2 * least }),
    s("circle", { class: "unit", cx: MIDDLE, cy: MIDDLE, r: REACH }),
    parts.axes, parts.points, parts.live);
  parts.holder.replaceChildren(parts.svg);
  parts.drawn = `${pair}`;
}

function inPlane() {
  const last = bench.wanted.turns.at(-1);
  if (last && last[0] === pair[0] && last[1] === pair[1]) return last[2];
  return last && last[0] === pair[1] && last[1] === pair[0] ? -last[2] : 0;
}

function list() {
  const { turns } = bench.wanted;
  const items = turns.map((each, n) => h("li", {}, named(each), " ",
    button(word("take_back"), () => want({ turns: turns.filter((_, other) => other !== n) }),
      { "aria-label": word("take_back_turn", { turn: named(each) }), "data-key": `back:${n}` })));
  return [h("h3", { id: "turns" }, word("turns")),
    items.length ? h("ol", { class: "turns" }, items) : h("p", {}, word("no_turns")),
    turns.length > 1 ? button(word("take_back_all"), () => want({ turns: [] }), { "data-key": "back:all" }) : ""];
}

function loadings() {
  const { plane, marks, names, order } = bench.view;
  const rows = order.filter((n) => pair.some((f) => Math.abs(plane[n][f]) > bench.view.least || marks[n][f]))
    .map((n) => [names[n], ...pair.map((f) => `${num(plane[n][f])}${marks[n][f] ? " ●" : ""}`)]);
  return parts.loadings(word("loadings"), [word("sort"), ...pair.map((f) => title(`f${f + 1}`))], rows);
}

function extremes() {
  const { scored, z, arrays } = bench.view;
  const { statements, texts } = bench.opened;
  return pair.map((f) => scored.findIndex((name) => name.replace(/[ab]$/, "") === `f${f + 1}`))
    .filter((column) => column >= 0)
    .map((column, place) => {
      const ranked = z.map((_, row) => row).sort((a, b) => z[b][column] - z[a][column]);
      const rows = [...ranked.slice(0, 3), ...ranked.slice(-3)].map((row) =>
        [`${statements[row]} ${texts[row]}`, signed(arrays[row][column]), num(z[row][column])]);
      const label = `${word("highest_statements")}: ${title(scored[column])}`;
      return parts.extremes[place](label, [word("statement"), word("array_score"), word("zscore")], rows);
    });
}

function beside() {
  const rows = bench.view.likeness.map(([factor, congruence], f) => [title(`f${f + 1}`), `f${factor + 1}`, num(congruence)]);
  return parts.beside(word("beside_varimax"), [word("factor"), word("varimax_factor"), word("congruence_word")], rows);
}

function side() {
  redrawn(parts.turns, bench.wanted.turns, list);
  const now = [parts.turns, loadings(), ...extremes(), beside()];
  if (now.length !== parts.side.children.length) parts.side.replaceChildren(...now);
}

function controls() {
  const factors = whole().map((name, n) => [n, title(name)]);
  const pick = (place) => (value) => {
    const other = pair[1 - place];
    pair[place] = Number(value);
    if (pair[place] === other) pair[1 - place] = factors.find(([n]) => n !== pair[place])[0];
    render(parts.root);
  };
  const degrees = h("input", { type: "number", step: "0.1", min: "-180", max: "180", value: "", "data-key": "degrees" });
  return [
    choice(word("horizontal"), "x", factors, pair[0], pick(0)),
    choice(word("vertical"), "y", factors, pair[1], pick(1)),
    radios(word("begin_from"), "base", [["varimax", word("base_varimax")], ["none", word("base_none")]],
      bench.wanted.base, (base) => anew({ base })),
    h("div", { class: "steps", role: "group", "aria-label": word("turn_axes", { x: `f${pair[0] + 1}`, y: `f${pair[1] + 1}` }) },
      [-5, -1, 1, 5].map((step) => button(`${step > 0 ? "+" : "\u2212"}${Math.abs(step)}°`, () => turn(step),
        { "data-key": `step:${step}`, "aria-label": word("turn_by", { degrees: num(step, 0) }) }))),
    h("div", { class: "steps" }, pair.map((f) => button(word("invert", { factor: `f${f + 1}` }), () => turn(180, [f, f]), { "data-key": `invert:${f}` }))),
    h("form", { class: "exact", onsubmit: (event) => {
      event.preventDefault();
      turn(tenth(Number(degrees.value)));
    } }, h("label", { class: "choice" }, h("span", {}, word("degrees")), degrees),
      h("button", { type: "submit", "data-key": "turn" }, word("turn"))),
  ];
}

export function render(root) {
  const count = bench.view.plane[0].length;
  if (count < 2) {
    parts = null;
    root.replaceChildren(h("h2", {}, word("part_rotation")), h("p", {}, word("one_factor")));
    return;
  }
  if (pair.some((f) => f >= count)) pair = [0, 1];
  if (!parts || parts.root !== root || !root.contains(parts.holder)) {
    parts = {
      root, controls: h("div", { class: "controls" }), holder: h("div", { class: "holder" }),
      pictures: h("p", { class: "tools" }), side: h("div", { class: "side" }),
      turns: h("section", { "aria-labelledby": "turns" }), loadings: titledTable(),
      extremes: [titledTable(), titledTable()], beside: titledTable(),
    };
    root.replaceChildren(h("h2", {}, word("part_rotation")), parts.controls,
      h("div", { class: "split" }, h("div", {}, parts.holder,
        h("p", { class: "note", id: "turn-help" }, word("turn_help")), parts.pictures), parts.side));
  }
  if (!drag) {
    if (parts.drawn !== `${pair}` || parts.least !== bench.view.least) draw();
    parts.least = bench.view.least;
    const name = `f${pair[0] + 1}-f${pair[1] + 1}`;
    redrawn(parts.controls, [pair, whole().map(title), bench.wanted.base], controls);
    redrawn(parts.pictures, name, () => buttons(() => parts.svg, name));
  }
  const now = inPlane();
  parts.svg.setAttribute("aria-valuenow", String(now));
  parts.svg.setAttribute("aria-valuetext", `${num(now, 1)}°`);
  points();
  side();
}
