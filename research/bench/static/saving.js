// Saving: the files of what was decided by hand, the command that repeats it, and its report.

import { h } from "./dom.js";
import { ask, bench, say, word } from "./state.js";

const form = { name: "solution-1", steps: 0, report: true };
let saved = "";
let command = "";
let asked = "";

function follow(output) {
  const body = { wanted: bench.wanted, ...form };
  const now = JSON.stringify(body);
  if (asked === now) return;
  asked = now;
  ask("command", body).then((answer) => { command = answer.command; output.textContent = command; }, (refused) => say(refused.message));
}

async function save(event, root) {
  event.preventDefault();
  say(word("saving"));
  try {
    const answer = await ask("save", { wanted: bench.wanted, ...form });
    saved = word("saved", { folder: answer.folder, files: answer.files.join(", ") });
    form.name = form.name.replace(/(\d+)$/, (n) => String(Number(n) + 1));
    say(saved);
  } catch (refused) {
    say(refused.message);
  }
  render(root, true);
}

export function render(root, anyway = false) {
  const output = h("pre", { class: "command", tabindex: "0", "aria-label": word("command_is") }, command);
  if (!anyway && root.querySelector(".command") && document.activeElement?.matches?.("input") && root.contains(document.activeElement)) return;
  const field = (key, part, attributes, value) => h("label", { class: "block" }, h("span", {}, word(key)),
    h("input", { ...attributes, value: form[part], "data-key": key,
      oninput: (event) => { form[part] = value(event.target); follow(output); } }));
  root.replaceChildren(h("h2", {}, word("part_saving")),
    h("p", {}, word("in_folder", { out: bench.opened.out })), h("p", { class: "note" }, word("not_automatic")),
    h("form", { onsubmit: (event) => save(event, root) },
      field("folder", "name", { type: "text", required: true, maxlength: 100 }, (input) => input.value),
      field("bootstrap_steps", "steps", { type: "number", min: 0, max: bench.opened.most_steps, step: 1 }, (input) => Number(input.value)),
      h("p", {}, h("label", { class: "check" }, h("input", { type: "checkbox", checked: form.report, "data-key": "report",
        onchange: (event) => { form.report = event.target.checked; } }), word("with_report"))),
      h("button", { type: "submit", "data-key": "save" }, word("save"))),
    h("h3", {}, word("command_is")), output, ...(saved ? [h("p", { class: "saved" }, saved)] : []));
  follow(output);
}
