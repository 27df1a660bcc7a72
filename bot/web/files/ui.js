// @ts-check
/** Elements, words and the one live region: what every screen is made of. */

/** @type {Record<string, string[]>} */
let words = {};

/** @param {Record<string, string[]>} found */
export function useTexts(found) {
  words = found;
}

/** The words that the study has in place of the page's. @type {Record<string, string[]>} */
let own = {};

/** @param {Record<string, string[]>} found */
export function useOwn(found) {
  own = found;
}

/**
 * The page's own text of a name, with its values; `n` chooses between singular and plural.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export function t(name, values = {}) {
  const forms = own[name] ?? words[name];
  if (!forms) throw new Error(`no text for ${name}`);
  const form = forms.length > 1 && values.n !== 1 ? forms[1] : forms[0];
  return form.replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
}

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element. `on...` are listeners; null, undefined and false leave an attribute out.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") /** @type {HTMLInputElement} */ (element).value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) if (child || child === "") element.append(child);
  return element;
}

/**
 * @param {string} label
 * @param {(event: Event) => void} press
 * @param {Record<string, any>} [more]
 */
export function button(label, press, more = {}) {
  return h("button", { type: "button", onclick: press, ...more }, label);
}

/** The picture of a statement, whose text says what it shows. @param {{ image: string, text: string }} statement */
export function picture(statement) {
  return statement.image ? h("img", { src: statement.image, alt: statement.text, loading: "lazy" }) : null;
}

/** @param {string} text */
export function paragraphs(text) {
  return text.split(/\n\n+/).map((part) => h("p", {}, part));
}

let spoken = 0;
let presses = 0;
let saidFor = 0;
for (const kind of ["pointerdown", "keydown", "click"]) {
  addEventListener(kind, () => { presses += 1; }, true);
}

/**
 * One sentence for those who listen; the same one twice is heard twice. With `shown` it is also
 * shown for a while, where the page itself does not say it.
 * @param {string} text @param {boolean} [shown]
 */
export function announce(text, shown = false) {
  const region = /** @type {HTMLElement} */ (document.getElementById("live"));
  const mine = ++spoken;
  saidFor = presses;
  region.textContent = "";
  setTimeout(() => mine === spoken && (region.textContent = text), 30);
  document.getElementById("said")?.replaceWith(h("p", { id: "said", "aria-hidden": "true" }, shown ? text : ""));
}

/**
 * At another step an old sentence is over: whoever reads the page to its end would hear it again.
 * What was said of the press that led there stays.
 */
export function hush() {
  if (saidFor === presses) return;
  spoken += 1;
  for (const id of ["live", "said"]) document.getElementById(id)?.replaceChildren();
}

/**
 * A dialogue over the page; Escape and the close button end it, and focus goes back.
 * @param {string} title
 * @param {(close: () => void) => Child[]} fill
 */
export function dialogue(title, fill) {
  const box = /** @type {HTMLDialogElement} */ (h("dialog", { "aria-labelledby": "dialogue-title" }));
  const close = () => box.close();
  box.append(
    h("header", {}, h("h2", { id: "dialogue-title" }, title),
      button("×", close, { class: "close", "aria-label": t("close") })),
    ...fill(close).filter((child) => child !== null && child !== undefined && child !== false)
      .map((child) => /** @type {Node | string} */ (child)),
  );
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => event.target === box && close());
  document.body.append(box);
  box.showModal();
  return box;
}

/** Whether this is a screen on which a grid would be too small to read. */
export const narrow = matchMedia("(max-width: 59.99em)");
