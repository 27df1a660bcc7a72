// Factors: two arrays beside each other, what they are called, and who defines them.

import { choice, h, keptTable, redrawn } from "./dom.js";
import { arrayButtons } from "./pictures.js";
import { bench, note, num, signed, title, word } from "./state.js";

const sides = [0, 1];

function card(row, column) {
  const { stars } = bench.view;
  const { statements, texts } = bench.opened;
  const mark = stars[row][column];
  return h("li", { class: mark ? "card marked" : "card" }, h("b", {}, `${statements[row]}${mark}`), " ", texts[row]);
}

function grid(column) {
  const { arrays, z, scored } = bench.view;
  const values = [...new Set([...bench.opened.grid.map(([value]) => value), ...arrays.map((row) => row[column])])].sort((a, b) => a - b);
  const name = scored[column];
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": word("array_of", { factor: title(name) }) },
    h("ol", { class: "array" }, values.map((value) => {
      const rows = arrays.flatMap((row, n) => (row[column] === value ? [n] : [])).sort((a, b) => z[b][column] - z[a][column]);
      return h("li", {}, h("p", { class: "value" }, signed(value)), h("ul", {}, rows.map((row) => card(row, column))));
    })));
}

function words(name) {
  const own = bench.wanted.words[name] ?? { name: "", text: "" };
  const keep = (part) => (event) =>
    note({ words: { ...bench.wanted.words, [name]: { ...(bench.wanted.words[name] ?? { name: "", text: "" }), [part]: event.target.value } } });
  return [
    h("label", { class: "block" }, h("span", {}, word("factor_name", { factor: name })),
      h("input", { type: "text", maxlength: 80, value: own.name, "data-key": `name:${name}`, oninput: keep("name") })),
    h("label", { class: "block" }, h("span", {}, word("factor_text", { factor: name })),
      h("textarea", { rows: 4, maxlength: 10000, value: own.text, "data-key": `text:${name}`, oninput: keep("text") })),
  ];
}

function comments(name, column) {
  const { arrays } = bench.view;
  const { statements, texts, comments: said } = bench.opened;
  const items = bench.view.defining[name].flatMap(([sort]) => Object.entries(said[sort] ?? {}).map(([label, text]) => {
    const row = statements.indexOf(label);
    return h("li", {}, h("b", {}, sort), ` ${row < 0 ? label : `${signed(arrays[row][column])} ${label} ${texts[row]}`}`,
      h("blockquote", {}, text));
  }));
  return items.length ? [h("h4", {}, word("comments_of")), h("ul", { class: "comments" }, items)] : [];
}

// What a side is drawn from: a turn that changes none of it redraws nothing.
function seen(place) {
  const { scored, arrays, stars, z, defining } = bench.view;
  const column = sides[place];
  const ranked = z.map((_, row) => row).sort((a, b) => z[b][column] - z[a][column]);
  return [sides, scored.map(title), arrays.map((row) => row[column]), stars.map((row) => row[column]), ranked,
    defining[scored[column]].map(([sort, loading]) => [sort, num(loading)]), bench.wanted.words];
}

function side(root, place) {
  const { scored, defining } = bench.view;
  const column = sides[place];
  const name = scored[column];
  const defined = defining[name].map(([sort, loading]) => `${sort} ${num(loading)}`).join(", ");
  return [
    choice(word(place ? "right" : "left"), `side:${place}`, scored.map((each, n) => [n, title(each)]), column,
      (value) => { sides[place] = Number(value); render(root); }),
    h("h3", {}, `${word("factor")} ${title(name)}`),
    h("p", { class: "note" }, `${word("defined_by")}: ${defined}`),
    grid(column), h("p", { class: "tools" }, arrayButtons(() => bench.wanted, name)),
    ...(place && column === sides[0] ? [] : words(name)), ...comments(name, column)];
}

let parts = null;

export function render(root) {
  const { scored, related } = bench.view;
  sides.forEach((column, place) => { if (column >= scored.length) sides[place] = Math.min(place, scored.length - 1); });
  if (document.activeElement?.matches?.("textarea, input[type=text]") && root.contains(document.activeElement)) return;
  if (!parts || !root.contains(parts.twins)) {
    parts = { twins: h("div", { class: "twins" }), related: keptTable(),
      sides: ["left", "right"].map((place) => h("section", { "aria-label": word(place) })) };
    root.replaceChildren(h("h2", {}, word("part_factors")), h("p", { class: "note" }, word("levels_note")), parts.twins,
      h("h3", {}, word("factor_correlations")), parts.related(word("factor_correlations"), [], []));
  }
  const shown = scored.length > 1 ? [0, 1] : [0];
  redrawn(parts.twins, shown, () => shown.map((place) => parts.sides[place]));
  shown.forEach((place) => redrawn(parts.sides[place], seen(place), () => side(root, place)));
  parts.related(word("factor_correlations"), [word("factor"), ...scored.map(title)],
    related.map((row, n) => [title(scored[n]), ...row.map((value) => num(value))]));
}
