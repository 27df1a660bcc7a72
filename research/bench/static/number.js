// How many factors: how they are extracted, what speaks for a number, and one's own reason.

import { button, choice, h, radios, s, table } from "./dom.js";
import { buttons } from "./pictures.js";
import { anew, ask, bench, note, num, say, word } from "./state.js";

let found = null;
let key = "";
let asked = "";

function scree({ eigenvalues, chance, low, high }) {
  const count = Math.min(20, eigenvalues.length);
  const most = Math.max(eigenvalues[0], chance[0]) * 1.05;
  const x = (n) => 60 + (n * 620) / Math.max(1, count - 1);
  const y = (value) => 320 - (value / most) * 290;
  const line = (values) => values.slice(0, count).map((value, n) => `${n ? "L" : "M"}${x(n)} ${y(value)}`).join("");
  const band = `${line(high)}${low.slice(0, count).map((_, n) => count - 1 - n).map((n) => `L${x(n)} ${y(low[n])}`).join("")}Z`;
  const ticks = Array.from({ length: Math.floor(most) + 1 }, (_, n) => n).filter((n) => most < 12 || n % 5 === 0);
  return s("svg", { viewBox: "0 0 720 370", class: "scree", role: "img", "aria-label": word("scree_caption") },
    s("path", { class: "band", d: band }),
    ...ticks.map((n) => s("text", { x: 48, y: y(n) + 4, "text-anchor": "end" }, String(n))),
    ...Array.from({ length: count }, (_, n) => s("text", { x: x(n), y: 345, "text-anchor": "middle" }, String(n + 1))),
    s("path", { class: "frame", d: "M60 20V320H690" }), s("path", { class: "one", d: `M60 ${y(1)}H690` }),
    s("path", { class: "chance", d: line(chance) }), s("path", { class: "values", d: line(eigenvalues) }),
    ...eigenvalues.slice(0, count).map((value, n) => s("circle", { class: "value", cx: x(n), cy: y(value), r: 4 })),
    s("text", { x: 690, y: 364, "text-anchor": "end" }, word("factor_number")),
    s("text", { class: "key-values", x: 680, y: 40, "text-anchor": "end" }, word("eigenvalue")),
    s("text", { class: "key-chance", x: 680, y: 58, "text-anchor": "end" }, word("parallel")));
}

function weighed(root) {
  const { recommended, between, reasons, beside } = found;
  const svg = scree(found);
  const none = "\u2013";
  return [
    h("p", {}, h("strong", {}, word("recommended_is", { n: recommended })), " ",
      between[0] === between[1] ? "" : word("between", { low: between[0], high: between[1] })),
    h("ul", {}, reasons.map((reason) => h("li", {}, reason))),
    h("div", { class: "drawing" }, svg), h("p", { class: "tools" }, buttons(() => svg, "eigenvalues")),
    h("h3", {}, word("beside")),
    table(word("beside"), ["factors_count", "explained", "flags_each", "confounded", "null", "unflagged", "greatest_correlation", "least_reliability", "stable"].map((each) => word(each)),
      beside.map((each) => [
        button(String(each.factors), () => anew({ factors: each.factors }), { "data-key": `number:${each.factors}`,
          "aria-label": word("choose_number", { n: each.factors }), "aria-pressed": String(each.factors === bench.wanted.factors) }),
        num(each.explained, 1), each.flagged.join(" "), String(each.confounded), String(each.null), String(each.unflagged),
        each.greatest_correlation === null ? none : num(each.greatest_correlation), num(each.least_reliability),
        each.stable === null ? none : num(100 * each.stable, 0)])),
    h("p", { class: "note" }, word("beside_chosen")),
  ];
}

function weigh(root) {
  const { exclude, extraction, compat, level, rule, base } = bench.wanted;
  const now = JSON.stringify([exclude, extraction, compat, level, rule, base]);
  if (key === now || asked === now) return;
  asked = now;
  ask("number", { wanted: bench.wanted }).then((answer) => {
    found = answer;
    key = now;
    if (root.querySelector("#number")) render(root);
    say(word("recommended_is", { n: answer.recommended }));
  }, (refused) => say(refused.message)).finally(() => { asked = ""; });
}

export function render(root) {
  weigh(root);
  if (document.activeElement?.matches?.("textarea") && root.contains(document.activeElement)) return;
  const { wanted, opened } = bench;
  const most = Math.min(opened.names.length - wanted.exclude.length, 12);
  root.replaceChildren(h("h2", { id: "number" }, word("part_number")),
    h("div", { class: "controls" },
      radios(word("extraction"), "extraction", ["pca", "centroid", "horst"].map((each) => [each, word(each)]), wanted.extraction, (extraction) => anew({ extraction })),
      radios(word("compat"), "compat", ["default", "r", "kade"].map((each) => [each, word(each)]), wanted.compat, (compat) => anew({ compat })),
      choice(word("how_many"), "factors", Array.from({ length: Math.max(most, wanted.factors) }, (_, n) => [n + 1, String(n + 1)]), wanted.factors, (value) => anew({ factors: Number(value) }))),
    ...(found ? weighed(root) : [h("p", {}, word("working"))]),
    h("label", { class: "block" }, h("span", {}, word("reason_ask")),
      h("textarea", { rows: 3, maxlength: 10000, value: wanted.reason, "data-key": "reason", oninput: (event) => note({ reason: event.target.value }) })));
}
