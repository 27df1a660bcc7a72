// @ts-check
/** The steps beside the grid: reading, three piles, why, handing in, and the receipt. */
import { announce, button, dialogue, h, paragraphs, picture, t } from "./ui.js";

/** @typedef {import("./model.js").Draft} Draft */
/** @typedef {import("./model.js").Instrument} Instrument */
/** @typedef {import("./model.js").Pile} Pile */
/** @typedef {import("./model.js").Question} Question */
/** @typedef {import("./session.js").Session} Session */

/** Left to right as on the grid, with their keys. @type {[Pile, string][]} */
const KEYS = [["disagree", "1"], ["neutral", "2"], ["agree", "3"]];

/** @param {Session} session @param {boolean} isFromLink */
export function reading(session, isFromLink) {
  const study = /** @type {Instrument} */ (session.study);
  return h("div", { class: "reading" },
    isFromLink ? comeBack(session) : null,
    h("div", { class: "instruction" }, ...paragraphs(study.instruction)),
    h("p", {}, t("reading.task", { n: study.statements.length })),
    h("ol", { class: "statements" }, ...study.statements.map((s) => h("li", {}, picture(s) ?? s.text, help(s)))),
    h("div", { class: "bottom" },
      button(t("begin_sorting"), () => session.send({ verb: "read_all" }), { class: "primary" })));
}

/** The code of a draft from the link, which nobody else keeps. @param {Session} session */
function comeBack(session) {
  return h("div", { class: "important" }, h("p", {}, t("pause.link")),
    h("p", {}, h("code", {}, session.secret)), h("div", { class: "buttons" }, copy(session.secret)));
}

/** @param {import("./model.js").Statement} statement */
function help(statement) {
  if (!statement.help) return null;
  return h("details", {}, h("summary", {}, t("what", { number: statement.n })), h("p", {}, statement.help));
}

/** One statement at a time, large, with three buttons and three keys. */
export class Piles {
  /** @param {Session} session @param {() => void} redraw */
  constructor(session, redraw) {
    this.session = session;
    this.redraw = redraw;
    /** @type {string | null} */ this.again = null;
    this.isReady = false;
  }

  draw() {
    const study = /** @type {Instrument} */ (this.session.study);
    const draft = /** @type {Draft} */ (this.session.draft);
    const next = this.again
      ? study.statements.find((s) => s.id === this.again)
      : study.statements.find((s) => !draft.piles.has(s.id));
    const n = draft.piles.size;
    const total = study.statements.length;
    const box = h("div", { class: "piles" });
    box.addEventListener("keydown", (event) => {
      const pile = KEYS.find(([, key]) => key === event.key)?.[0];
      if (next && pile && !event.ctrlKey && !event.altKey && !event.metaKey) {
        event.preventDefault();
        this.#put(next.id, pile);
      }
    });
    if (next) {
      box.append(
        h("p", { class: "task" }, t("piles.task")),
        bar(n, total),
        h("div", { class: "one", tabindex: -1, id: "one", role: "group", "aria-labelledby": "one-text" },
          h("p", { class: "count" }, t("piles.count", { number: next.n, total })),
          h("p", { class: "large", id: "one-text" }, picture(next) ?? next.text), help(next)),
        h("div", { class: "three" }, ...KEYS.map(([pile, key]) => button("", () => this.#put(next.id, pile), {
          class: `pile ${pile}`, "aria-keyshortcuts": key, "data-put": pile,
          "aria-pressed": draft.piles.has(next.id) ? String(draft.piles.get(next.id) === pile) : null,
        })).map((element, i) => {
          element.append(h("b", {}, t(`pile.${KEYS[i][0]}`)), h("kbd", { "aria-hidden": "true" }, KEYS[i][1]));
          return element;
        })),
        h("p", { class: "hint keys" }, t("piles.keys")),
      );
    } else {
      box.append(
        h("p", { class: "task", id: "one", tabindex: -1 }, t("piles.done")),
        h("div", { class: "bottom" }, button(t("to_grid"),
          () => this.session.send({ verb: "piles_made" }), { class: "primary", id: "to-grid" })));
    }
    box.append(h("div", { class: "heaps" }, ...KEYS.map(([pile]) => this.#heap(study, draft, pile))));
    return box;
  }

  /** @param {Instrument} study @param {Draft} draft @param {Pile} pile */
  #heap(study, draft, pile) {
    const inside = study.statements.filter((s) => draft.piles.get(s.id) === pile);
    return h("details", { class: `heap ${pile}` },
      h("summary", {}, `${t(`pile.${pile}`)}: ${inside.length}`),
      h("ul", {}, ...inside.map((s) => h("li", {}, h("span", {}, `${s.n}. ${s.text}`),
        button(t("change"), () => {
          this.again = s.id;
          this.redraw();
          document.getElementById("one")?.focus();
        }, { class: "quiet", "aria-label": t("change.long", { number: s.n }) })))));
  }

  /** @param {string} id @param {Pile} pile */
  #put(id, pile) {
    const study = /** @type {Instrument} */ (this.session.study);
    const draft = /** @type {Draft} */ (this.session.draft);
    const number = study.statements.findIndex((s) => s.id === id) + 1;
    const n = study.statements.length - draft.piles.size - (draft.piles.has(id) ? 0 : 1);
    this.again = null;
    this.session.send({ verb: "put", statement: id, pile });
    announce(`${t("said.piled", { number, pile: t(`pile.${pile}`) })} ${n ? t("said.piles_left", { n }) : t("said.piles_done")}`);
    // The next statement is read out, and the keys go on working.
    document.getElementById("one")?.focus({ preventScroll: true });
  }
}

/** @param {number} n @param {number} total */
function bar(n, total) {
  const element = h("progress", { max: total, value: n, "aria-label": t("progress") });
  return h("div", { class: "bar" }, element, h("span", {}, `${n}/${total}`));
}

/** The texts, saved while they are written; what tells who somebody is is asked about. */
export class Why {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.timer = 0;
    /** @type {Record<string, string>} */ this.typed = {};
    /** @type {{ kind: string, text: string, field: string }[]} */ this.said = [];
    this.mayStay = false;
  }

  draw() {
    const study = /** @type {Instrument} */ (this.session.study);
    const draft = /** @type {Draft} */ (this.session.draft);
    const form = h("form", { class: "why", novalidate: true });
    const sign = (/** @type {string} */ id) => study.grid.find((c) => c.value === draft.placed.get(id))?.sign ?? "";
    form.append(h("p", { class: "task" }, draft.asked.length ? t("why.task") : t("why.questions")));
    for (const id of draft.asked) {
      const s = /** @type {import("./model.js").Statement} */ (study.statements.find((each) => each.id === id));
      form.append(this.#text(`reason.${id}`, id, t("why.reason", { number: s.n, column: sign(id), text: s.text }),
        draft.reasons[id] ?? "", study.limits.reason));
    }
    for (const q of study.questions) {
      const given = draft.answers[q.id] ?? "";
      if (q.way === "several") form.append(this.#several(q, given));
      else if (q.way === "one") form.append(this.#choice(q, given));
      else form.append(this.#text(`answer.${q.id}`, q.id, q.text, given, study.limits.answer));
    }
    form.append(this.#text("comment", "comment", t("why.comment"), draft.comment, study.limits.comment));
    form.append(h("div", { class: "buttons bottom" },
      button(t("next"), () => this.#go(false), { class: "primary", id: "go" }),
      this.mayStay ? button(t("why.anyway"), () => this.#go(true), { id: "anyway" }) : null,
      button(t("back.grid"), () => this.#leave(), { class: "quiet" })));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.#written(form));
    return form;
  }

  /** @param {string} name @param {string} field @param {string} label @param {string} value @param {number} limit */
  #text(name, field, label, value, limit) {
    const found = this.said.find((each) => each.field === field);
    return h("div", { class: "field" },
      h("label", { for: name }, label),
      h("textarea", { id: name, name, rows: 3, maxlength: limit, value: this.typed[name] ?? value,
        "aria-describedby": found ? `${name}-said` : null, "aria-invalid": found ? "true" : null }),
      h("p", { id: `${name}-said`, class: "found" }, found?.text ?? ""));
  }

  /** @param {Question} question @param {string} given */
  #choice(question, given) {
    const name = `answer.${question.id}`;
    const value = this.typed[name] ?? given;
    return h("div", { class: "field" }, h("label", { for: name }, question.text),
      h("select", { id: name, name }, h("option", { value: "" }, t("choose")),
        ...question.choices.map((c) => h("option", { value: c.id, selected: c.id === value }, c.text))));
  }

  /** @param {Question} question @param {string} given */
  #several(question, given) {
    const name = `answer.${question.id}`;
    const picked = (this.typed[name] ?? given).split(",");
    return h("fieldset", { class: "field", "data-several": name }, h("legend", {}, question.text),
      ...question.choices.map((c) => h("label", { class: "option" },
        h("input", { type: "checkbox", value: c.id, checked: picked.includes(c.id) }), c.text)));
  }

  /** @param {HTMLElement} form */
  #written(form) {
    for (const each of form.querySelectorAll("textarea, select")) {
      const input = /** @type {HTMLInputElement} */ (each);
      this.typed[input.name] = input.value;
    }
    for (const each of form.querySelectorAll("[data-several]")) {
      const picked = /** @type {NodeListOf<HTMLInputElement>} */ (each.querySelectorAll("input:checked"));
      this.typed[each.getAttribute("data-several") ?? ""] = [...picked].map((input) => input.value).join(",");
    }
    this.mayStay = false;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), 800);
  }

  /** What has been written so far, and what there is to say of it, beside its field. */
  async save() {
    clearTimeout(this.timer);
    this.timer = 0;
    const reply = await this.session.send({ verb: "write", ...this.typed });
    this.#mark(reply?.said ?? []);
  }

  /** @param {{ kind: string, text: string, field: string }[]} said */
  #mark(said) {
    this.said = said.filter((each) => each.field);
    for (const element of document.querySelectorAll(".why .found")) {
      const field = element.id.replace(/-said$/, "");
      const found = this.said.find((each) => each.field === field.replace(/^(reason|answer)\./, ""));
      element.textContent = found?.text ?? "";
      const input = /** @type {HTMLElement} */ (document.getElementById(field));
      input.toggleAttribute("aria-invalid", Boolean(found));
      if (found) input.setAttribute("aria-describedby", element.id);
    }
  }

  /** @param {boolean} anyway */
  async #go(anyway) {
    clearTimeout(this.timer);
    const reply = await this.session.send({ verb: "explain", ...this.typed, ...(anyway && { anyway: "yes" }) });
    const said = (reply?.said ?? []).filter((/** @type {any} */ each) => each.field);
    this.mayStay = Boolean(reply?.mayStay);
    this.said = said;
    if (!said.length) {
      this.typed = {};
      return;
    }
    this.session.tell("changed");
    announce(said.map((/** @type {any} */ each) => each.text).join(" "));
    document.getElementById(this.mayStay ? "anyway" : "go")?.focus();
  }

  async #leave() {
    if (this.timer) await this.save();
    this.session.send({ verb: "back" });
  }
}

/** @param {Session} session */
export function delivering(session) {
  const draft = /** @type {Draft} */ (session.draft);
  const code = /** @type {HTMLInputElement} */ (h("input", { id: "earlier", name: "earlier",
    autocomplete: "off", spellcheck: "false", maxlength: 60, placeholder: "XXXX-XXXX-XXXX-XXXX-XXXX-XXXX" }));
  const before = /** @type {HTMLInputElement} */ (h("input", { id: "before", name: "before",
    autocomplete: "off", spellcheck: "false", maxlength: 60, placeholder: "XXXX-XXXX-XXXX-XXXX-XXXX-XXXX" }));
  const hasBefore = session.study?.hasBefore && !draft.before;
  return h("div", { class: "delivering" },
    h("p", { class: "task" }, t("deliver.task")),
    draft.corrects ? h("p", {}, t("deliver.correcting")) : null,
    identity(draft.pseudonym, draft.code),
    h("div", { class: "buttons" },
      draft.corrects ? null : button(t("redraw"), () => session.send({ verb: "redraw" }), { class: "quiet" }),
      copy(draft.code)),
    ...(draft.corrects ? [] : [
      h("p", { class: "important" }, t("deliver.code")),
      h("details", {}, h("summary", {}, t("deliver.earlier")),
        h("label", { for: "earlier" }, t("deliver.earlier.label")), code),
    ]),
    hasBefore ? h("details", { open: true }, h("summary", {}, t("deliver.before")),
      h("label", { for: "before" }, t("deliver.before.label")), before) : null,
    h("div", { class: "buttons bottom" },
      button(t("deliver"), () => session.send({ verb: "deliver", before_code: before.value.trim(),
        ...(draft.corrects ? { earlier_code: draft.code } : { code: draft.code, earlier_code: code.value.trim() }) }),
        { class: "primary", id: "deliver" }),
      button(t("back"), () => session.send({ verb: "back" }), { class: "quiet" })));
}

/** @param {string} pseudonym @param {string} code */
function identity(pseudonym, code) {
  return h("dl", { class: "identity" },
    h("dt", {}, t("pseudonym")), h("dd", { id: "pseudonym" }, pseudonym),
    h("dt", {}, t("code")), h("dd", { id: "code" }, h("code", {}, code)));
}

/** @param {string} text */
function copy(text) {
  return button(t("copy"), async () => {
    await navigator.clipboard.writeText(text);
    announce(t("copied"), true);
  }, { class: "quiet" });
}

/** @param {{ text: string, pseudonym: string, code: string }} reply @param {() => void} noted */
export function delivered(reply, noted) {
  return h("div", { class: "delivered" },
    h("p", { class: "task" }, reply.text),
    identity(reply.pseudonym, reply.code),
    h("p", { class: "important" }, t("delivered.note")),
    h("div", { class: "buttons" },
      button(t("delivered.noted"), noted, { class: "primary" }), copy(reply.code)));
}

/** @param {string} text @param {(() => void) | null} exit what closes it, inside Teams */
export function ended(text, exit) {
  return h("div", { class: "ended" }, h("p", { class: "task" }, text), h("p", {}, t("ended.close")),
    exit && button(t("close"), exit, { class: "primary", id: "exit" }));
}

/**
 * How to come back, and how to have everything deleted.
 * @param {Session} session @param {boolean} isFromLink
 */
export function pause(session, isFromLink) {
  dialogue(t("pause"), (close) => [
    h("p", {}, t("pause.saved")),
    isFromLink ? comeBack(session) : h("p", {}, t("pause.card")),
    h("h3", {}, t("break")),
    h("p", {}, t("break.question")),
    button(t("break.confirm"), () => {
      close();
      session.send({ verb: "break" });
    }, { class: "danger" }),
  ]);
}

