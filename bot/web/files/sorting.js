// @ts-check
/** Laying and looking over: the piles in hand, the grid or the list, and the menu of outcomes. */
import { draggable } from "./drag.js";
import { free, left, lying, nextColumn, nextPile, PILES } from "./model.js";
import { announce, button, dialogue, h, narrow, picture, t } from "./ui.js";

/** @typedef {import("./model.js").Draft} Draft */
/** @typedef {import("./model.js").Instrument} Instrument */
/** @typedef {import("./model.js").Statement} Statement */
/** @typedef {import("./model.js").Column} Column */
/** @typedef {import("./model.js").Pile} Pile */
/** @typedef {import("./session.js").Session} Session */

export class Sorting {
  /** @param {Session} session @param {() => void} redraw */
  constructor(session, redraw) {
    this.session = session;
    this.redraw = redraw;
    /** @type {string | null} */ this.lifted = null;
    /** @type {Pile | null} */ this.pile = null;
    /** @type {"grid" | "list" | null} */ this.chosen = null;
    /** The place in the grid that Tab comes to. */ this.here = "";
    /** Where focus goes after the next drawing: a selector. */ this.focus = "";
    this.size = 1;
    const { signal } = session.left;
    narrow.addEventListener("change", () => this.redraw(), { signal });
    this.drag = draggable(/** @type {HTMLElement} */ (document.getElementById("main")), signal, {
      lift: (id) => {
        this.lifted = id;
        document.body.classList.add("lifting");
      },
      over: (target) => this.#over(target),
      drop: (id, target) => this.#drop(id, target),
    });
  }

  get study() {
    return /** @type {Instrument} */ (this.session.study);
  }

  get draft() {
    return /** @type {Draft} */ (this.session.draft);
  }

  get view() {
    return this.chosen ?? (narrow.matches ? "list" : "grid");
  }

  /** @param {string} id */
  statement(id) {
    return /** @type {Statement} */ (this.study.statements.find((s) => s.id === id));
  }

  /** @param {number} value */
  column(value) {
    return /** @type {Column} */ (this.study.grid.find((c) => c.value === value));
  }

  // --- Drawing -----------------------------------------------------------------------------------

  draw() {
    const { study, draft } = this;
    if (this.lifted && !draft.piles.has(this.lifted)) this.lifted = null;
    if (!this.pile || !left(study, draft, this.pile).length) this.pile = nextPile(study, draft);
    const isFull = draft.stage === "reviewing";
    document.body.classList.toggle("lifting", this.lifted !== null);
    const board = this.view === "grid" ? this.#grid() : this.#list();
    const parts = h("div", { class: `sorting ${this.view}${isFull ? " full" : ""}` });
    parts.style.setProperty("--size", String(this.size));
    parts.addEventListener("keydown", (event) => this.#key(event));
    parts.append(
      h("div", { class: "tools" }, this.#hint(isFull), this.#tools()),
      ...(this.view === "grid" ? [this.#hand(isFull), board] : [board, this.#hand(isFull)]),
    );
    return parts;
  }

  /** @param {boolean} isFull */
  #hint(isFull) {
    const { study, draft } = this;
    if (this.lifted) {
      const { n } = this.statement(this.lifted);
      return h("p", { class: "hint" }, t("hint.lifted", { number: n }));
    }
    if (isFull) return h("p", { class: "hint" }, t("hint.review"));
    const pile = /** @type {Pile} */ (this.pile);
    const next = nextColumn(study, draft, pile);
    if (!next) return h("p", { class: "hint" });
    const n = Math.min(free(study, draft, next.value), left(study, draft, pile).length);
    if (this.study.isFree) return h("p", { class: "hint" }, t("hint.free"));
    return h("p", { class: "hint" }, t(`hint.${pile}`, { n, column: next.sign }));
  }

  #tools() {
    const other = this.view === "grid" ? "list" : "grid";
    return h("div", { class: "buttons", role: "group", "aria-label": t("view") },
      button(t(`view.${other}`), () => {
        this.chosen = other;
        this.focus = "#view";
        this.redraw();
      }, { id: "view" }),
      button("A−", () => this.#resize(-0.125), { id: "smaller", "aria-label": t("smaller") }),
      button("A+", () => this.#resize(0.125), { id: "larger", "aria-label": t("larger") }),
    );
  }

  /** @param {number} by */
  #resize(by) {
    this.size = Math.min(2, Math.max(0.75, this.size + by));
    this.focus = by < 0 ? "#smaller" : "#larger";
    this.redraw();
  }

  /** @param {boolean} isFull */
  #hand(isFull) {
    const { study, draft } = this;
    const pile = /** @type {Pile} */ (this.pile);
    const tabs = isFull ? [] : [...PILES].sort((a, b) => order(a) - order(b)).map((each) => {
      const n = left(study, draft, each).length;
      return button(`${t(`pile.${each}`)} (${n})`, () => {
        this.pile = each;
        this.focus = `[data-pile="${each}"]`;
        this.redraw();
      }, { class: `tab ${each}`, "aria-pressed": String(each === pile), "data-pile": each,
           disabled: n === 0 });
    });
    const lifted = this.lifted;
    const cards = isFull ? [] : left(study, draft, pile).map((s) => h("li", {}, this.#card(s, null)));
    const hand = h("section", { class: "hand", "data-hand": true, "aria-label": t("hand") },
      ...(this.view === "list" ? [this.#chips()] : []),
      // In the same row, so that nothing moves under the finger between two presses.
      lifted ? h("div", { class: "tabs" },
        button(t("put_down"), () => this.#cancel(), { class: "tab" }),
        draft.placed.has(lifted) ? button(t("to_pile"), () => this.#lower(lifted), { class: "tab" }) : null)
        : tabs.length ? h("div", { class: "tabs" }, ...tabs) : null,
      cards.length ? h("ul", { class: "cards" }, ...cards) : null,
      isFull && !lifted ? button(t("approve"), () => this.session.send({ verb: "approve" }),
        { class: "primary", id: "approve" }) : null,
    );
    return hand;
  }

  /** On a phone: the whole grid in a row, with what is free; a press lays what is lifted there. */
  #chips() {
    const { study, draft } = this;
    const next = draft.stage === "sorting" ? nextColumn(study, draft, /** @type {Pile} */ (this.pile)) : null;
    const label = this.lifted ? t("chips.lay", { number: this.statement(this.lifted).n }) : t("chips.see");
    return h("div", { class: "chips", role: "group", "aria-label": label },
      ...study.grid.map((column) => {
        const room = free(study, draft, column.value);
        const marks = [column.value > 0 ? "plus" : column.value < 0 ? "minus" : "zero",
          room ? "" : "taken", column === next ? "next" : ""].join(" ");
        return h("button", {
          type: "button", class: `chip ${marks}`, "data-column": column.value,
          "aria-label": t("chip", { column: column.sign, n: room, cells: column.cells }),
          onclick: () => this.lifted ? this.#layIn(this.lifted, column.value) : this.#show(column.value),
        }, h("b", {}, column.sign), h("span", {}, `${column.cells - room}/${column.cells}`));
      }));
  }

  /** @param {number} value */
  #show(value) {
    document.getElementById(`column${value}`)?.scrollIntoView({ block: "start" });
  }

  /**
   * @param {Statement} statement
   * @param {{ column: Column, place: number, isHere: boolean } | null} at
   */
  #card(statement, at) {
    const isLifted = this.lifted === statement.id;
    const where = at ? t("at", { column: at.column.sign, place: at.place, cells: at.column.cells }) : "";
    const inGrid = at !== null && this.view === "grid";
    return h("div", { class: `card${isLifted ? " lifted" : ""}`, "data-card": statement.id },
      h("button", {
        type: "button", class: "text", "data-grip": true, "data-id": statement.id,
        "aria-pressed": String(isLifted), tabindex: inGrid && !at?.isHere ? -1 : null,
        "aria-label": [`${statement.n}. ${statement.text}`, where].filter(Boolean).join(". "),
        onclick: () => this.#tap(statement.id),
      }, h("span", { class: "number" }, String(statement.n)), " ", picture(statement) ?? h("span", {}, statement.text)),
      h("button", {
        type: "button", class: "more", tabindex: inGrid ? -1 : null,
        "aria-label": t("menu", { number: statement.n }), onclick: () => this.menu(statement.id),
      }, "⋯"));
  }

  #grid() {
    const { study, draft } = this;
    // In free sorting a column has room for many: it shows one place more than it holds.
    const columns = study.grid.map((column) => {
      const ids = lying(draft, column.value);
      return { column, ids, places: study.isFree ? Math.min(column.cells, ids.length + 1) : column.cells };
    });
    const tallest = Math.max(...columns.map(({ places }) => places));
    const next = draft.stage === "sorting" ? nextColumn(study, draft, /** @type {Pile} */ (this.pile)) : null;
    const places = columns.flatMap((each) => range(each.places).map((row) => `${each.column.value}:${row}`));
    if (!places.includes(this.here)) this.here = places[0];
    const grid = h("div", {
      class: "grid", role: "grid", "aria-label": t("grid"), "aria-colcount": columns.length,
      "aria-rowcount": tallest + 1,
    });
    grid.style.setProperty("--columns", String(columns.length));
    const head = h("div", { role: "row" });
    columns.forEach(({ column }, i) => {
      const end = i === 0 ? t("least") : i === columns.length - 1 ? t("most") : "";
      const cell = h("div", {
        role: "columnheader", class: `head ${sideOf(column.value)}${column === next ? " next" : ""}`,
      }, h("b", {}, column.sign), end ? h("span", {}, ` ${end}`) : null);
      place(cell, i, 1);
      head.append(cell);
    });
    grid.append(head);
    for (const row of range(tallest)) {
      const line = h("div", { role: "row" });
      columns.forEach(({ column, ids, places: shown }, i) => {
        if (row >= shown) return;
        const name = `${column.value}:${row}`;
        const isHere = name === this.here;
        const cell = h("div", {
          role: "gridcell", "aria-colindex": i + 1, "data-column": column.value, "data-place": name,
          class: `cell ${sideOf(column.value)}${column === next ? " next" : ""}`,
        }, ids[row] ? this.#card(this.statement(ids[row]), { column, place: row + 1, isHere })
          : this.#empty(column, row, isHere));
        place(cell, i, row + 2);
        line.append(cell);
      });
      grid.append(line);
    }
    return h("div", { class: "wide", tabindex: -1 }, grid);
  }

  /** @param {Column} column @param {number} row @param {boolean} isHere */
  #empty(column, row, isHere) {
    return h("button", {
      type: "button", class: "empty", tabindex: this.view === "grid" && !isHere ? -1 : null,
      "aria-label": t("empty", { column: column.sign, place: row + 1, cells: column.cells }),
      onclick: () => this.#tapPlace(column.value),
    }, this.view === "list" ? t("empty.short", { n: column.cells - row }) : "");
  }

  /** From most to least, one column below the other: what a phone can show at a readable size. */
  #list() {
    const { study, draft } = this;
    const columns = [...study.grid].reverse();
    const pile = /** @type {Pile} */ (this.pile);
    const next = draft.stage === "sorting" ? nextColumn(study, draft, pile) : null;
    return h("div", { class: "list" }, ...columns.map((column, i) => {
      const ids = lying(draft, column.value);
      const end = i === 0 ? t("most") : i === columns.length - 1 ? t("least") : "";
      return h("section", {
        class: `column ${sideOf(column.value)}${column === next ? " next" : ""}`,
        id: `column${column.value}`, "data-column": column.value,
        "aria-label": [column.sign, end].filter(Boolean).join(" "),
      },
        h("h2", {}, h("b", {}, column.sign), end ? ` ${end}` : "",
          h("span", {}, ` ${ids.length}/${column.cells}`)),
        h("ul", {},
          ...ids.map((id, row) => h("li", {}, this.#card(this.statement(id),
            { column, place: row + 1, isHere: false }), this.#steps(id, column))),
          ids.length < column.cells ? h("li", {}, this.#empty(column, ids.length, false)) : null));
    }));
  }

  /** @param {string} id @param {Column} column */
  #steps(id, column) {
    const at = this.study.grid.indexOf(column);
    const step = (/** @type {Column | undefined} */ to, /** @type {string} */ sign, /** @type {string} */ name) => button(
      sign, () => to && this.#layIn(id, to.value),
      { disabled: !to, "aria-label": t(name, { number: this.statement(id).n }), "data-step": `${name}${id}` });
    return h("div", { class: "steps" }, step(this.study.grid[at + 1], "↑", "up"), step(this.study.grid[at - 1], "↓", "down"));
  }

  /** After drawing: focus where it belongs. */
  drawn() {
    if (!this.focus) return;
    const found = /** @type {HTMLElement | null} */ (document.querySelector(this.focus));
    this.focus = "";
    // The hand is in view always; the grid and the list come to where the statement went.
    found?.focus({ preventScroll: true });
    if (found && !found.closest(".hand, .tools")) found.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // --- What a press does -------------------------------------------------------------------------

  /** @param {string} id */
  #tap(id) {
    const { draft } = this;
    const other = this.lifted;
    const column = draft.placed.get(id);
    if (other === null || other === id) {
      this.#lift(other === id ? null : id);
    } else if (column !== undefined) {
      if (draft.placed.get(other) === column) this.#lift(id);
      else this.#lay(other, column, id);
    } else if (draft.placed.has(other)) {
      this.#lay(id, /** @type {number} */ (draft.placed.get(other)), other);
    } else this.#lift(id);
  }

  /** @param {string | null} id */
  #lift(id) {
    const before = this.lifted;
    this.lifted = id;
    const shown = id ?? before;
    if (shown) {
      this.focus = `[data-id="${shown}"]`;
      const { n } = this.statement(shown);
      announce(id ? t("said.lifted", { number: n }) : t("said.down", { number: n }));
    }
    this.redraw();
  }

  #cancel() {
    this.#lift(null);
  }

  /** @param {number} column */
  #tapPlace(column) {
    if (this.lifted) this.#layIn(this.lifted, column);
    else announce(t("said.lift_first"), true);
  }

  /** Into a column, or in the place of one that is chosen where it is full. @param {string} id @param {number} column */
  #layIn(id, column) {
    if (this.draft.placed.get(id) === column) return this.#cancel();
    if (free(this.study, this.draft, column) > 0) this.#lay(id, column, "");
    else {
      const there = lying(this.draft, column);
      if (there.length === 1) this.#lay(id, column, there[0]);
      else this.#exchange(id, column);
    }
  }

  /** @param {string} id @param {number} column @param {string} instead */
  #lay(id, column, instead) {
    const from = this.draft.placed.get(id);
    this.lifted = null;
    this.here = `${column}:${instead ? lying(this.draft, column).indexOf(instead) : lying(this.draft, column).length}`;
    this.focus = `[data-id="${id}"]`;
    this.session.send({ verb: "lay", statement: id, column, ...(instead && { instead }) });
    const n = this.study.statements.length - this.draft.placed.size;
    const number = this.statement(id).n;
    const sign = this.column(column).sign;
    const rest = n ? t("said.left", { n, total: this.study.statements.length }) : t("said.full");
    if (!instead) announce(`${t("said.laid", { number, column: sign })} ${rest}`);
    else {
      const other = this.statement(instead).n;
      const to = from === undefined ? t("said.back_in_pile", { other }) : t("said.other", { other, column: this.column(from).sign });
      announce(`${t("said.laid", { number, column: sign })} ${to}`, true);
    }
  }

  /** Back to its pile. @param {string} id */
  #lower(id) {
    this.lifted = null;
    this.pile = this.draft.piles.get(id) ?? this.pile;
    this.focus = `[data-id="${id}"]`;
    this.session.send({ verb: "lift", statement: id });
    announce(t("said.in_pile", { number: this.statement(id).n }), true);
  }

  /** @param {string} id @param {number} column */
  #exchange(id, column) {
    const { sign } = this.column(column);
    dialogue(t("exchange", { column: sign }), (close) => [
      h("p", {}, t("exchange.task", { column: sign, number: this.statement(id).n })),
      h("ul", { class: "choices" }, ...lying(this.draft, column).filter((each) => each !== id).map((each) =>
        h("li", {}, button(`${this.statement(each).n}. ${this.statement(each).text}`, () => {
          close();
          this.#lay(id, column, each);
        })))),
      button(t("leave"), () => close(), { class: "quiet" }),
    ]);
  }

  /** Everything that can become of a statement, as single presses. @param {string} id */
  menu(id) {
    const { study, draft } = this;
    const statement = this.statement(id);
    const at = draft.placed.get(id);
    const pile = draft.piles.get(id);
    dialogue(t("menu", { number: statement.n }), (close) => {
      const act = (/** @type {() => void} */ what) => () => (close(), what());
      return [
        h("p", { class: "whole" }, picture(statement) ?? statement.text),
        statement.help ? h("p", { class: "help" }, statement.help) : null,
        h("h3", {}, t("menu.column")),
        h("div", { class: "chips" }, ...study.grid.map((column) => {
          const room = free(study, draft, column.value);
          return h("button", {
            type: "button", class: `chip ${sideOf(column.value)}${room ? "" : " taken"}`, disabled: at === column.value,
            "aria-label": t(room ? "menu.to" : "menu.swap_in", { column: column.sign, n: room }),
            onclick: act(() => this.#layIn(id, column.value)),
          }, h("b", {}, column.sign), h("span", {}, room ? t("menu.free", { n: room }) : t("menu.full")));
        })),
        at === undefined ? null : button(t("to_pile"), act(() => this.#lower(id))),
        at !== undefined || draft.stage === "reviewing" ? null : h("div", { class: "buttons" },
          ...PILES.filter((each) => each !== pile).map((each) => button(t(`menu.pile.${each}`), act(() => {
            this.session.send({ verb: "put", statement: id, pile: each });
            announce(t("said.pile_changed", { number: statement.n, pile: t(`pile.${each}`) }));
          })))),
      ];
    });
  }

  // --- Keys and dragging ---------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const id = /** @type {HTMLElement | null} */ (target.closest("[data-card]"))?.dataset.card;
    if (event.key === "Escape" && this.lifted) {
      event.preventDefault();
      this.#cancel();
    } else if (id && event.key.toLowerCase() === "m") {
      event.preventDefault();
      this.menu(id);
    } else if (event.key === "Enter" && target.closest(".hand [data-grip]") && this.view === "grid" && this.lifted !== id) {
      // From the hand by key: on to the place where this pile goes on.
      event.preventDefault();
      this.#tap(/** @type {string} */ (id));
      const next = nextColumn(this.study, this.draft, /** @type {Pile} */ (this.pile));
      if (next && this.lifted) this.#goTo(`${next.value}:${lying(this.draft, next.value).length}`);
    } else if (target.closest(".grid")) this.#arrow(event);
    else if (target.closest(".hand .cards") && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      const all = [...document.querySelectorAll(".hand [data-grip]")];
      const to = all[all.indexOf(target) + (event.key === "ArrowRight" ? 1 : -1)];
      if (to) {
        event.preventDefault();
        /** @type {HTMLElement} */ (to).focus();
      }
    }
  }

  /** @param {KeyboardEvent} event */
  #arrow(event) {
    const [value, row] = (/** @type {HTMLElement} */ (event.target).closest("[data-place]")?.getAttribute("data-place") ?? this.here)
      .split(":").map(Number);
    const { grid } = this.study;
    const i = grid.findIndex((column) => column.value === value);
    const to = { ArrowLeft: [i - 1, row], ArrowRight: [i + 1, row], ArrowUp: [i, row - 1], ArrowDown: [i, row + 1],
      Home: [0, 0], End: [grid.length - 1, 0] }[event.key];
    if (!to) {
      if (event.key.toLowerCase() === "n" && !this.lifted) this.#nextInHand(event);
      return;
    }
    event.preventDefault();
    const column = grid[Math.min(grid.length - 1, Math.max(0, to[0]))];
    this.#goTo(`${column.value}:${Math.min(column.cells - 1, Math.max(0, to[1]))}`);
  }

  /** @param {Event} event */
  #nextInHand(event) {
    const first = /** @type {HTMLElement | null} */ (document.querySelector(".hand [data-grip], #approve"));
    if (first) {
      event.preventDefault();
      first.focus();
    }
  }

  /** @param {string} name a place of the grid */
  #goTo(name) {
    for (const each of document.querySelectorAll(".grid [tabindex='0'], .grid button:not([tabindex])")) each.setAttribute("tabindex", "-1");
    this.here = name;
    const found = /** @type {HTMLElement | null} */ (document.querySelector(`[data-place="${name}"] :is(.text, .empty)`));
    found?.setAttribute("tabindex", "0");
    found?.focus();
  }

  /** @param {Element | null} target */
  #over(target) {
    for (const each of document.querySelectorAll(".over")) each.classList.remove("over");
    const place = target?.closest("[data-place], .chip[data-column], .column li, .column, [data-hand]");
    place?.classList.add("over");
  }

  /** @param {string} id @param {Element | null} target */
  #drop(id, target) {
    this.lifted = null;
    const over = /** @type {HTMLElement | null} */ (target?.closest("[data-card]"))?.dataset.card;
    const column = /** @type {HTMLElement | null} */ (target?.closest("[data-column]"))?.dataset.column;
    if (column !== undefined && over && over !== id && this.draft.placed.get(id) !== Number(column)) {
      this.#lay(id, Number(column), over);
    } else if (column !== undefined && over !== id) this.#layIn(id, Number(column));
    else if (target?.closest("[data-hand]") && this.draft.placed.has(id)) this.#lower(id);
    else this.#cancel();
    this.redraw();
  }
}

/** @param {number} value */
const sideOf = (value) => (value > 0 ? "plus" : value < 0 ? "minus" : "zero");

/** Left to right as on the grid. @param {Pile} pile */
const order = (pile) => ({ disagree: 0, neutral: 1, agree: 2 })[pile];

/** @param {number} n */
const range = (n) => Array.from({ length: Math.max(0, n) }, (_, i) => i);

/** @param {HTMLElement} cell @param {number} column counted from 0 @param {number} row counted from 1 */
function place(cell, column, row) {
  cell.style.gridColumn = String(column + 1);
  cell.style.gridRow = String(row);
}
