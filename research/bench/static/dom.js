// Elements from a name, attributes and children. Texts are always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "selected")
      element[name] = value;
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function s(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

// A table in a region that scrolls sideways and can be reached by keyboard.
export function table(label, header, rows, tall = false) {
  return h("div", { class: tall ? "scroll tall" : "scroll", tabindex: "0", role: "region", "aria-label": label },
    h("table", {},
      h("thead", {}, h("tr", {}, header.map((cell) =>
        cell === "" ? h("td") : h("th", { scope: "col" }, cell)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, column) =>
        column === 0 ? h("th", { scope: "row" }, cell) : h("td", {}, cell)))))));
}

// What an element holds is drawn anew only where what it is drawn from is another.
const from = new WeakMap();

export function redrawn(element, now, draw) {
  const key = JSON.stringify(now);
  if (from.get(element) === key) return;
  from.set(element, key);
  element.replaceChildren(...draw());
}

export function written(text, now) {
  if (text.data !== now) text.data = now;
}

// A table of texts that stays where it is: only cells that have changed are written, so that a step
// is quick and the place one has scrolled to is kept.
export function keptTable() {
  const body = h("tbody");
  const columns = h("tr");
  const region = h("div", { class: "scroll", tabindex: "0", role: "region" },
    h("table", {}, h("thead", {}, columns), body));
  return (label, header, rows) => {
    redrawn(columns, [label, header], () => {
      region.setAttribute("aria-label", label);
      body.replaceChildren();
      return header.map((cell) => h("th", { scope: "col" }, cell));
    });
    while (body.rows.length > rows.length) body.lastChild.remove();
    rows.forEach((row, n) => {
      const line = body.children[n];
      if (line) row.forEach((cell, column) => written(line.children[column].firstChild, cell));
      else body.append(h("tr", {}, row.map((cell, column) =>
        column === 0 ? h("th", { scope: "row" }, cell) : h("td", {}, cell))));
    });
    return region;
  };
}

// The same with its label as a heading above it.
export function titledTable() {
  const heading = h("h3");
  const kept = keptTable();
  const element = h("section", {}, heading);
  return (label, header, rows) => {
    heading.textContent = label;
    const region = kept(label, header, rows);
    if (!region.parentNode) element.append(region);
    return element;
  };
}

export function choice(label, key, options, chosen, onchange) {
  return h("label", { class: "choice" }, h("span", {}, label),
    h("select", { "data-key": key, onchange: (event) => onchange(event.target.value) },
      options.map(([value, text]) => h("option", { value, selected: String(value) === String(chosen) }, text))));
}

export function radios(legend, name, options, chosen, onchange) {
  return h("fieldset", { class: "radios" }, h("legend", {}, legend),
    options.map(([value, text]) => h("label", {},
      h("input", { type: "radio", name, value, checked: value === chosen, "data-key": `${name}:${value}`,
        onchange: () => onchange(value) }), text)));
}

export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, text);
}
