// Flags: by level and rule, or by a click in the table of loadings.

import { button, choice, h, radios, redrawn, written } from "./dom.js";
import { bench, num, title, want, whole, word } from "./state.js";

const LEVELS = [0.2, 0.15, 0.1, 0.05, 0.01, 0.005, 0.001, 0.0005, 0.0001, 0.000001];
let order = "size";

const level = (value) => {
  const text = value.toFixed(6).replace(/0+$/, "");
  return bench.opened.language !== "en" ? text.replace(".", ",") : text;
};

// A click takes the flags as they are into one's own hands.
function click(sort, factor) {
  const { marks, names } = bench.view;
  const flags = {};
  names.forEach((name, n) => {
    const own = marks[n].flatMap((flagged, f) => (flagged ? [f] : []));
    if (own.length) flags[name] = own;
  });
  const own = new Set(flags[sort] ?? []);
  if (own.has(factor)) own.delete(factor);
  else own.add(factor);
  want({ flags: { ...flags, [sort]: [...own].sort() } });
}

// The slider stays while it is dragged.
function slider() {
  const input = h("input", { type: "range", min: 0, max: LEVELS.length - 1, step: 1, "data-key": "level",
    oninput: () => want({ level: LEVELS[input.value], flags: null }) });
  const output = h("output");
  const element = h("label", { class: "choice" }, h("span", {}, word("level")), input, output);
  const follow = () => {
    const place = LEVELS.indexOf(bench.wanted.level);
    const text = word("level_is", { level: level(LEVELS[place]), least: num(bench.view.least) });
    input.value = place;
    input.setAttribute("aria-valuetext", text);
    output.textContent = text;
  };
  return { element, follow };
}

let drawn = null;

// A line of the table and the sort that stands there now.
function row(factors) {
  const line = { name: null };
  line.cells = Array.from({ length: factors }, (_, f) => {
    const input = h("input", { type: "checkbox", onchange: () => click(line.name, f) });
    const text = document.createTextNode("");
    return { input, text, cell: h("td", {}, h("label", {}, input, text)) };
  });
  line.head = document.createTextNode("");
  line.communality = document.createTextNode("");
  line.element = h("tr", {}, h("th", { scope: "row" }, line.head), line.cells.map(({ cell }) => cell), h("td", {}, line.communality));
  return line;
}

function stands(line, name) {
  if (line.name === name) return;
  line.name = name;
  line.head.data = name;
  line.cells.forEach(({ input }, f) => {
    input.dataset.key = `flag:${name}:${f}`;
    input.setAttribute("aria-label", word("flag_sort", { sort: name, factor: `f${f + 1}` }));
  });
}

// The table is drawn once; a turn, a flag or a level writes in its cells what has changed.
function loadings() {
  const { plane, marks, names, communalities, least } = bench.view;
  const places = order === "size" ? bench.view.order : names.map((_, n) => n);
  const heads = whole().map(title);
  const key = JSON.stringify([heads, places.length]);
  if (drawn?.key !== key) {
    const rows = places.map(() => row(heads.length));
    const region = h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": word("loadings") },
      h("table", { class: "flags" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, word("sort")),
          heads.map((head) => h("th", { scope: "col" }, head)), h("th", { scope: "col" }, word("communality")))),
        h("tbody", {}, rows.map(({ element }) => element))));
    drawn = { key, rows, region };
  }
  drawn.rows.forEach((line, place) => {
    const n = places[place];
    stands(line, names[n]);
    line.cells.forEach(({ input, text, cell }, f) => {
      const flagged = Boolean(marks[n][f]);
      if (input.checked !== flagged) input.checked = flagged;
      written(text, num(plane[n][f]));
      const kind = flagged ? "flag" : Math.abs(plane[n][f]) > least ? "significant" : "";
      if (cell.className !== kind) cell.className = kind;
    });
    written(line.communality, num(communalities[n]));
  });
  return drawn.region;
}

function undecided() {
  const { names } = bench.view;
  return h("dl", {}, ["confounded", "null", "unflagged"].map((kind) => h("div", {},
    h("dt", {}, word(`${kind}_sorts`)),
    h("dd", {}, bench.view.undecided[kind].map((n) => names[n]).join(", ") || word("nobody")))));
}

function found() {
  const { factors, characteristics } = bench.view;
  const kinds = [["flagged", 0], ["explained", 1], ["reliability", 2], ["standard_error", 2]];
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": word("factors") }, h("table", {},
    h("thead", {}, h("tr", {}, h("td"), factors.map((name) => h("th", { scope: "col" }, title(name))))),
    h("tbody", {}, kinds.map(([kind, decimals]) => h("tr", {}, h("th", { scope: "row" }, word(kind)),
      characteristics[kind].map((value) => h("td", {}, num(value, decimals))))))));
}

function controls(root, byHand, both) {
  return [
    radios(word("rule"), "rule", ["both", "significant", "majority"].map((rule) => [rule, word(`name_${rule}`)]),
      bench.wanted.rule, (rule) => want({ rule, flags: null })),
    h("p", { class: "state" }, `${word("flags_are")} ${word(byHand ? "flags_hand" : "flags_auto")}. `,
      byHand ? button(word("flags_back"), () => want({ flags: null }), { "data-key": "auto" }) : null),
    h("label", { class: "check" }, h("input", { type: "checkbox", checked: bench.wanted.split, "data-key": "split",
      onchange: (event) => want({ split: event.target.checked }) }), word("split")),
    h("p", { class: "state" }, both ? word("is_bipolar", { factors: both }) : word("none_bipolar")),
    choice(word("order"), "order", [["size", word("order_size")], ["file", word("order_file")]], order,
      (value) => { order = value; render(root); }),
  ];
}

let parts = null;

export function render(root) {
  const byHand = bench.wanted.flags !== null;
  const both = bench.view.bipolar.map((f) => title(`f${f + 1}`)).join(", ");
  if (!parts || !root.contains(parts.controls)) {
    parts = { level: slider(), controls: h("div", { class: "rest" }), table: h("div"), side: h("div", { class: "side" }) };
    root.replaceChildren(h("h2", {}, word("part_flags")),
      h("div", { class: "controls" }, parts.level.element, parts.controls),
      h("div", { class: "split" }, parts.table, parts.side));
  }
  parts.level.follow();
  redrawn(parts.controls, [bench.wanted.rule, byHand, bench.wanted.split, both, order], () => controls(root, byHand, both));
  const region = loadings();
  if (parts.table.firstChild !== region) parts.table.replaceChildren(region);
  const { factors, characteristics, undecided: left, names, doubts } = bench.view;
  redrawn(parts.side, [factors.map(title), characteristics, left, names, doubts], () => [
    h("h3", {}, word("factors")), found(), h("h3", {}, word("nobody_speaks")), undecided(), h("h3", {}, word("doubts")),
    doubts.length ? h("ul", {}, doubts.map((doubt) => h("li", {}, doubt))) : h("p", {}, word("no_doubts"))]);
}
