// The bench's page: the parts, the one that is shown, and what stands above them all.

import { button, h, redrawn } from "./dom.js";
import * as factors from "./factors.js";
import * as flags from "./flags.js";
import * as number from "./number.js";
import * as rotation from "./rotation.js";
import * as saving from "./saving.js";
import * as sorts from "./sorts.js";
import { bench, num, onfound, redo, say, undo, want, word } from "./state.js";
import * as statements from "./statements.js";

const PARTS = { sorts, number, rotation, flags, factors, statements, saving };
let shown = "rotation";

function head() {
  const { view, opened, past, future } = bench;
  const summary = view ? word("summary", {
    factors: view.plane[0].length, explained: num(view.explained, 0),
    flagged: view.flagged, sorts: view.names.length,
  }) : "";
  const [back, forth] = [past.length > 0, future.length > 0];
  redrawn(document.getElementById("head"), [summary, back, forth], () => [
    h("div", {}, h("p", { class: "kind" }, word("title")), h("h1", {}, opened.title || word("untitled")),
      h("p", { id: "summary" }, summary)),
    h("div", { class: "tools" },
      button(word("undo"), undo, { disabled: !back, "data-key": "undo" }),
      button(word("redo"), redo, { disabled: !forth, "data-key": "redo" })),
  ]);
}

function parts() {
  const nav = document.getElementById("parts");
  nav.setAttribute("aria-label", word("parts"));
  redrawn(nav, shown, () => [h("ul", {}, Object.keys(PARTS).map((name) => h("li", {},
    h("a", { href: `#${name}`, "aria-current": name === shown ? "page" : null, "data-key": `part:${name}` },
      word(`part_${name}`)))))]);
}

function render() {
  const active = document.activeElement?.dataset?.key;
  head();
  parts();
  if (bench.view) PARTS[shown].render(document.getElementById("main"));
  if (active && document.activeElement?.dataset?.key !== active)
    document.querySelector(`[data-key="${CSS.escape(active)}"]`)?.focus();
}

function follow() {
  const name = location.hash.slice(1);
  if (!PARTS[name]) return;
  shown = name;
  document.getElementById("main").replaceChildren();
  render();
}

addEventListener("hashchange", follow);
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("input, textarea")) return;
  if (event.key === "z" && !event.shiftKey) { undo(); event.preventDefault(); }
  if (event.key === "y" || (event.key === "Z" && event.shiftKey)) { redo(); event.preventDefault(); }
});
onfound(render);

try {
  bench.opened = await (await fetch("opened")).json();
  bench.words = bench.opened.words;
  bench.wanted = bench.opened.wanted;
  shown = PARTS[location.hash.slice(1)] ? location.hash.slice(1) : shown;
  head();
  await want({}, true);
} catch (error) {
  say(String(error.message ?? error));
}
