// @ts-check
/**
 * One participant's draft: shown at once as it will be, and sent press by press.
 *
 * A press carries the nonce of the state that it was made on. Whatever becomes of the answer
 * (lost, late, twice), the server takes the press once. Where another window was quicker, what
 * still makes sense is sent again on the new state.
 */
import { foresee, fromWire } from "./model.js";
import { useOwn } from "./ui.js";

/** @typedef {import("./model.js").Draft} Draft */
/** @typedef {import("./model.js").Instrument} Instrument */
/** @typedef {import("./model.js").Press} Press */
/** @typedef {{ press: Press, id: string, tries: number, before: Draft, done: (reply: any) => void }} Waiting */

const PAUSES = [500, 1000, 2000, 4000, 8000];
const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");
const OUTCOMES = new Set(["put", "lay", "lift", "read_all", "piles_made"]);

/** @param {Draft | null} a @param {Draft | null} b */
function alike(a, b) {
  const essence = (/** @type {Draft | null} */ draft) => draft && JSON.stringify([draft.stage, [...draft.piles],
    [...draft.placed], draft.canUndo, draft.pseudonym, draft.code, draft.stage === "explaining" ? draft.asked : 0]);
  return essence(a) === essence(b);
}

export class Session {
  /** @param {string} secret @param {string} language @param {(what: string, reply?: any) => void} tell */
  constructor(secret, language, tell) {
    this.secret = secret;
    this.language = language;
    this.tell = tell;
    /** @type {Instrument | null} */ this.study = null;
    /** @type {Draft | null} */ this.base = null;
    /** @type {Draft | null} */ this.draft = null;
    /** @type {Waiting[]} */ this.waiting = [];
    /** @type {Draft[]} */ this.past = [];
    this.nonce = "";
    this.isSending = false;
    this.failures = 0;
    /** Aborted when the page goes on with another draft: this one hears nothing any more. */
    this.left = new AbortController();
    const { signal } = this.left;
    window.addEventListener("online", () => this.#wake(), { signal });
    window.addEventListener("beforeunload", (event) => this.waiting.length && event.preventDefault(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look(), { signal });
  }

  /** Where the draft is now: a card or another window may have gone on with it. */
  async look() {
    if (this.isSending || this.waiting.length) return;
    try {
      const reply = await this.ask("look", {});
      if (!this.waiting.length && !this.isSending) this.#take(reply);
    } catch {
      this.tell("offline");
    }
  }

  /**
   * Begin after the information was accepted.
   * @param {string} study @param {string} version @param {string} code
   */
  async begin(study, version, code) {
    this.#take(await this.ask("begin", { study, version, code }));
  }

  /** @param {Press} press @returns {Promise<any>} what the server answers in the end */
  send(press) {
    const draft = /** @type {Draft} */ (this.draft);
    const study = /** @type {Instrument} */ (this.study);
    const unsent = this.waiting.length > (this.isSending ? 1 : 0);
    if (press.verb === "undo" && unsent && OUTCOMES.has(this.waiting[this.waiting.length - 1].press.verb)) {
      const last = /** @type {Waiting} */ (this.waiting.pop());
      this.past.pop();
      this.draft = last.before;
      last.done(null);
      this.tell("changed");
      return Promise.resolve(null);
    }
    let next = foresee(study, draft, press);
    if (press.verb === "undo") next = this.past.pop() ?? null;
    else if (next) this.past.push(draft);
    return new Promise((done) => {
      this.waiting.push({ press, id: newId(), tries: 0, before: draft, done });
      if (next) this.draft = next;
      this.tell("changed");
      this.#flush();
    });
  }

  async #flush() {
    if (this.isSending) return;
    this.isSending = true;
    while (this.waiting.length) {
      const first = this.waiting[0];
      let reply;
      try {
        const { verb, ...data } = first.press;
        reply = await this.ask(verb, { ...data, nonce: this.nonce, id: first.id });
      } catch {
        this.failures += 1;
        this.tell("offline");
        await this.#pause();
        continue;
      }
      this.failures = 0;
      this.#answered(first, reply);
    }
    this.isSending = false;
    this.tell("saved");
  }

  /** @param {Waiting} first @param {any} reply */
  #answered(first, reply) {
    const elsewhere = reply.said?.some((/** @type {any} */ each) => each.kind === "out_of_turn");
    if (elsewhere && OUTCOMES.has(first.press.verb) && first.tries < 3) {
      first.tries += 1;
      this.#rebase(reply);
      this.tell("elsewhere");
      return;
    }
    this.waiting.shift();
    const shown = this.draft;
    first.done(reply);
    if (reply.kind === "draft") {
      this.#rebase(reply);
      // What is shown already is not drawn again under somebody's hand.
      if (!reply.said.length && alike(shown, this.draft)) return;
    } else if (reply.kind === "refused") this.draft = this.#replayed();
    else {
      this.waiting = [];
      this.base = this.draft = null;
    }
    this.tell(reply.kind === "draft" ? "changed" : reply.kind, reply);
  }

  /** The newest state of the server, with what has not come there yet. @param {any} reply */
  #rebase(reply) {
    this.nonce = reply.nonce;
    this.base = fromWire(reply.draft);
    if (reply.instrument) {
      this.study = reply.instrument;
      useOwn(reply.instrument.words);
    }
    this.draft = this.#replayed();
  }

  #replayed() {
    let draft = this.base;
    for (const { press } of this.waiting) {
      if (press.verb === "undo") return this.draft;
      if (draft) draft = foresee(/** @type {Instrument} */ (this.study), draft, press) ?? draft;
    }
    return draft;
  }

  /** @param {any} reply */
  #take(reply) {
    if (reply.kind === "draft") {
      if (this.nonce !== reply.nonce) this.past = [];
      this.#rebase(reply);
    }
    this.tell(reply.kind === "draft" ? "changed" : reply.kind, reply);
  }

  /** @returns {Promise<void>} until it is worth trying again */
  #pause() {
    const pause = PAUSES[Math.min(this.failures, PAUSES.length) - 1];
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pause);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #wake() {
    this.wake?.();
  }

  /**
   * @param {string} verb @param {object} data
   * @returns {Promise<any>} throws where no answer comes, or the server is about to be back
   */
  async ask(verb, data) {
    const response = await fetch(`/tavle/api/${verb}?l=${this.language}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${this.secret}`, "Content-Type": "application/json" },
      body: JSON.stringify(data),
      credentials: "omit",
      cache: "no-store",
      keepalive: true,
    });
    if ([429, 502, 503, 504].includes(response.status)) throw new Error(String(response.status));
    return response.json();
  }
}
