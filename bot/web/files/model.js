// @ts-check
/**
 * The draft as the page knows it, and what a press makes of it before the server has answered.
 * The rules are those of `dialogs/studies/qsort.py`, which decides; this only does not wait.
 */

/** @typedef {"agree" | "neutral" | "disagree"} Pile */
/** @typedef {{ id: string, n: number, text: string, help: string, image: string }} Statement */
/** @typedef {{ value: number, sign: string, cells: number }} Column */
/** @typedef {{ id: string, text: string, way: "one" | "several" | "text", choices: { id: string, text: string }[] }} Question */
/**
 * @typedef {object} Instrument
 * @property {string} id @property {string} title @property {string} language
 * @property {string} instruction @property {Column[]} grid @property {Statement[]} statements
 * @property {Question[]} questions @property {boolean} hasBefore whether an earlier sort is asked for
 * @property {boolean} isFree whether every column takes as many as one likes
 * @property {Record<string, string[]>} words what the study calls the ends of its grid
 * @property {{ reason: number, answer: number, comment: number }} limits
 */
/**
 * @typedef {object} Draft
 * @property {string} stage @property {Map<string, Pile>} piles @property {Map<string, number>} placed
 * @property {string[]} asked @property {Record<string, string>} reasons
 * @property {Record<string, string>} answers @property {string} comment
 * @property {string} pseudonym @property {string} code @property {boolean} canUndo
 * @property {boolean} corrects whether it goes in the place of the answer with this code
 * @property {string} before of a correction: the pseudonym of the sort before
 */
/** @typedef {{ verb: string, [key: string]: any }} Press */

/** In the order in which they are laid on the grid. @type {Pile[]} */
export const PILES = ["agree", "disagree", "neutral"];

/** @param {any} wire @returns {Draft} */
export function fromWire(wire) {
  const stage = wire.stage === "exchanging" ? "reviewing" : wire.stage;
  return { ...wire, stage, piles: new Map(wire.piles), placed: new Map(wire.placed) };
}

/** @param {Draft} draft @param {number} column @returns {string[]} */
export function lying(draft, column) {
  return [...draft.placed].filter(([, at]) => at === column).map(([id]) => id);
}

/** @param {Instrument} study @param {Draft} draft @param {number} column */
export function free(study, draft, column) {
  const cells = study.grid.find((each) => each.value === column)?.cells ?? 0;
  return cells - lying(draft, column).length;
}

/** What is left of a pile. @param {Instrument} study @param {Draft} draft @param {Pile} pile */
export function left(study, draft, pile) {
  return study.statements.filter((s) => draft.piles.get(s.id) === pile && !draft.placed.has(s.id));
}

/** The pile to lay from next. @param {Instrument} study @param {Draft} draft @returns {Pile} */
export function nextPile(study, draft) {
  return PILES.find((pile) => left(study, draft, pile).length) ?? "agree";
}

/**
 * The column that a pile fills next, the extremes first.
 * @param {Instrument} study @param {Draft} draft @param {Pile} pile
 */
export function nextColumn(study, draft, pile) {
  const columns = pile === "disagree" ? study.grid : [...study.grid].reverse();
  return columns.find((column) => free(study, draft, column.value) > 0);
}

/**
 * What a press makes of a draft; null where only the server can tell.
 * @param {Instrument} study @param {Draft} draft @param {Press} press @returns {Draft | null}
 */
export function foresee(study, draft, press) {
  switch (press.verb) {
    case "read_all":
      return { ...draft, stage: "presorting", canUndo: true };
    case "put": {
      const lifted = draft.piles.get(press.statement) !== press.pile;
      const piles = new Map(draft.piles).set(press.statement, press.pile);
      const after = { ...draft, piles, canUndo: true };
      return lifted ? { ...after, placed: seated(draft.placed, new Map([[press.statement, null]])) } : after;
    }
    case "piles_made":
      return draft.piles.size === study.statements.length ? onward(study, draft, draft.placed) : null;
    case "lay": {
      /** @type {Map<string, number | null>} */
      const changes = new Map([[press.statement, press.column]]);
      if (press.instead) changes.set(press.instead, draft.placed.get(press.statement) ?? null);
      else if (free(study, draft, press.column) < 1) return null;
      return onward(study, draft, seated(draft.placed, changes));
    }
    case "lift":
      return onward(study, draft, seated(draft.placed, new Map([[press.statement, null]])));
    default:
      return null;
  }
}

/** @param {Instrument} study @param {Draft} draft @param {Map<string, number>} placed */
function onward(study, draft, placed) {
  const stage = placed.size === study.statements.length ? "reviewing" : "sorting";
  return { ...draft, stage, placed, canUndo: true };
}

/**
 * Who comes into a column takes the seat of who leaves it.
 * @param {Map<string, number>} placed @param {Map<string, number | null>} changes
 */
function seated(placed, changes) {
  const newcomers = new Map([...changes].filter(([, column]) => column !== null));
  /** @type {Map<string, number>} */
  const seats = new Map();
  for (const [id, column] of placed) {
    if (!changes.has(id)) seats.set(id, column);
    else {
      const heir = [...newcomers].find(([, to]) => to === column);
      if (heir) {
        seats.set(heir[0], column);
        newcomers.delete(heir[0]);
      }
    }
  }
  for (const [id, column] of newcomers) seats.set(id, /** @type {number} */ (column));
  return seats;
}
