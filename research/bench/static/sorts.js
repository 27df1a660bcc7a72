// Sorts: what they are, where they come from, which to leave out, and how they correlate.

import { choice, h, redrawn, table, written } from "./dom.js";
import { anew, ask, bench, num, say, signed, word } from "./state.js";

let found = null;
let key = "";
let one = null;

function keep(name, kept) {
  const exclude = bench.wanted.exclude.filter((each) => each !== name);
  anew({ exclude: kept ? exclude : [...exclude, name] });
}

const flagged = (name) => {
  const n = bench.view.names.indexOf(name);
  return n < 0 ? "" : bench.view.marks[n].flatMap((mark, f) => (mark ? [`f${f + 1}`] : [])).join(", ");
};

function people(flags) {
  const { names, fields, comments, off } = bench.opened;
  const kinds = [...new Set(names.flatMap((name) => Object.keys(fields[name] ?? {})))].slice(0, 8);
  const { wanted } = bench;
  return table(word("sorts"), [word("sort"), word("keep"), ...kinds, word("comments_count"), word("flags_each"), word("remarks")], names.map((name) => {
    const kept = !wanted.exclude.includes(name);
    const remarks = [kept ? null : word("left_out"), off.includes(name) ? word("off_grid") : null].filter(Boolean);
    return [name, h("input", { type: "checkbox", checked: kept, "data-key": `keep:${name}`,
      "aria-label": word("keep_sort", { sort: name }), onchange: (event) => keep(name, event.target.checked) }),
      ...kinds.map((kind) => (fields[name] ?? {})[kind] ?? ""), String(Object.keys(comments[name] ?? {}).length || ""),
      flags.get(name), remarks.join(", ")];
  }), true);
}

function colour(r) {
  const far = Math.round(255 * (1 - Math.min(1, Math.abs(r))));
  return r < 0 ? [213 + Math.round((42 * far) / 255), 94 + Math.round((161 * far) / 255), far] : [far, 114 + Math.round((141 * far) / 255), 178 + Math.round((77 * far) / 255)];
}

const inOrder = (names) => (bench.view.names.length === names.length ? bench.view.order : names.map((_, n) => n));

function picture({ names, correlations }, order) {
  const canvas = h("canvas", { width: names.length, height: names.length, class: "correlations", role: "img", "aria-label": word("correlation_picture") });
  const context = canvas.getContext("2d");
  const image = context.createImageData(names.length, names.length);
  order.forEach((first, y) => order.forEach((second, x) => {
    image.data.set([...colour(correlations[first][second]), 255], 4 * (y * names.length + x));
  }));
  context.putImageData(image, 0, 0);
  const told = h("p", { class: "note", "aria-hidden": "true" }, "\u00a0");
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
      .map((part) => order[Math.min(names.length - 1, Math.max(0, Math.floor(part * names.length)))]);
    told.textContent = `${names[y]} × ${names[x]}: ${num(correlations[y][x])}`;
  });
  return [canvas, told];
}

function nearest(root, { names, correlations }, chosen) {
  const others = names.map((_, n) => n).filter((n) => n !== chosen).sort((a, b) => correlations[chosen][b] - correlations[chosen][a]);
  const row = (n) => [names[n], num(correlations[chosen][n])];
  return [choice(word("of_one_sort"), "one", names.map((name) => [name, name]), names[chosen], (value) => { one = value; render(root); }),
    table(word("most_alike"), [word("most_alike"), word("correlation")], others.slice(0, 5).map(row)),
    table(word("least_alike"), [word("least_alike"), word("correlation")], others.slice(-5).reverse().map(row))];
}

function load(root) {
  const wanted = bench.wanted;
  const now = JSON.stringify([wanted.exclude, wanted.compat]);
  if (key === now) return;
  key = now;
  ask("correlations", { wanted }).then((answer) => {
    found = answer;
    if (root.querySelector("#sorts")) render(root);
  }, (refused) => say(refused.message));
}

let parts = null;

export function render(root) {
  const { opened, wanted } = bench;
  load(root);
  if (!parts || !root.contains(parts.people)) {
    parts = { people: h("div"), flags: new Map(), picture: h("div"), side: h("div", { class: "side" }) };
    root.replaceChildren(h("h2", { id: "sorts" }, word("part_sorts")),
      h("p", {}, `${word("read_as")}: ${opened.read_as}. `, word("local")),
      ...opened.remarks.map((remark) => h("p", {}, remark)),
      h("p", {}, `${word("grid")}: `, opened.grid.map(([value, count]) => `${signed(value)}: ${count}`).join(" · ")),
      parts.people, h("h3", {}, word("correlations")), h("p", { class: "note" }, word("correlation_picture")),
      h("div", { class: "split" }, parts.picture, parts.side));
  }
  const scrolled = parts.people.firstChild?.scrollTop ?? 0;
  redrawn(parts.people, wanted.exclude, () => {
    parts.flags = new Map(opened.names.map((name) => [name, document.createTextNode("")]));
    return [people(parts.flags)];
  });
  parts.people.firstChild.scrollTop = scrolled;
  parts.flags.forEach((text, name) => written(text, flagged(name)));
  if (!found) return redrawn(parts.picture, "", () => [word("working")]);
  const order = inOrder(found.names);
  const chosen = Math.max(0, found.names.indexOf(one));
  redrawn(parts.picture, [key, found.names, order], () => picture(found, order));
  redrawn(parts.side, [key, found.names, chosen], () => nearest(root, found, chosen));
}
