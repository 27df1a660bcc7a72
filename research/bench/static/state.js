// What is wanted, what was found, and the way back. One question is under way at a time; of those
// that come meanwhile only the last is asked, so that dragging never queues.

export const bench = { opened: null, wanted: null, view: null, words: {}, past: [], future: [] };

const listeners = [];
let asking = false;
let next = null;

export function onfound(listener) {
  listeners.push(listener);
}

export function word(key, about = {}) {
  return (bench.words[key] ?? key).replace(/\{(\w+)\}/g, (gap, name) => about[name] ?? gap);
}

export function num(value, decimals = 2) {
  let text = value.toFixed(decimals);
  if (Number(text) === 0) text = text.replace("-", "");
  text = text.replace("-", "\u2212");
  return bench.opened.language !== "en" ? text.replace(".", ",") : text;
}

export const signed = (value) => (value > 0 ? `+${value}` : value < 0 ? `\u2212${-value}` : "0");

export function title(factor) {
  const words = bench.wanted.words[factor] ?? bench.wanted.words[factor.replace(/[ab]$/, "")];
  return words?.name ? `${factor} ${words.name}` : factor;
}

export const whole = () => bench.view.plane[0].map((_, n) => `f${n + 1}`);

let hush = 0;

export function say(text) {
  const told = document.getElementById("told");
  told.textContent = text;
  clearTimeout(hush);
  if (!document.body.classList.contains("ended")) hush = setTimeout(() => { told.textContent = ""; }, 8000);
}

class Refused extends Error {}

export async function post(what, body) {
  let response;
  try {
    response = await fetch(what, {
      method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
    });
  } catch {
    document.body.classList.add("ended");
    throw new Refused(word("ended"));
  }
  if (response.status === 409) throw new Refused((await response.json()).refused);
  if (!response.ok) throw new Refused(`${response.status}`);
  return response;
}

export async function ask(what, body) {
  return (await post(what, body)).json();
}

// A new choice, with a way back. `keep` makes it part of the same step as the one before.
export function want(changes, keep = false) {
  if (!keep) bench.past.push(bench.wanted);
  bench.future = [];
  bench.wanted = { ...bench.wanted, ...changes };
  return find();
}

// A choice while it is being made: seen, and not yet one to come back to.
export function preview(wanted) {
  return find(wanted);
}

export function undo() {
  if (!bench.past.length) return;
  bench.future.push(bench.wanted);
  bench.wanted = bench.past.pop();
  find();
}

export function redo() {
  if (!bench.future.length) return;
  bench.past.push(bench.wanted);
  bench.wanted = bench.future.pop();
  find();
}

// Words change no number: they are kept without asking.
export function note(changes) {
  bench.wanted = { ...bench.wanted, ...changes };
}

async function find(previewed = null) {
  next = previewed ?? bench.wanted;
  if (asking) return true;
  asking = true;
  let answered = true;
  while (next) {
    const now = next;
    next = null;
    try {
      bench.view = await ask("step", { wanted: now });
      bench.good = now;
      answered = true;
      document.body.dataset.step = String(Number(document.body.dataset.step ?? 0) + 1);
    } catch (refused) {
      answered = false;
      say(refused.message);
      if (bench.good && now === bench.wanted) {
        bench.wanted = bench.good;
        if (bench.past.at(-1) === bench.good) bench.past.pop();
      }
    }
    listeners.forEach((listener) => listener());
  }
  asking = false;
  return answered;
}

// What hangs on the factors as they are goes when they become others.
export function anew(changes) {
  return want({ ...changes, turns: [], flags: null });
}
