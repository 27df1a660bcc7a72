// @ts-check
/** The page: takes the secret out of the address, and shows the step where the draft is. */
import { isResumeCode, newResumeCode, secretIn } from "./codes.js";
import { Session } from "./session.js";
import { Sorting } from "./sorting.js";
import * as steps from "./steps.js";
import { announce, button, dialogue, h, hush, t, useTexts } from "./ui.js";

const STEPS = ["reading", "presorting", "sorting", "reviewing", "explaining", "delivering"];
const KEPT = "kollegial";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const top_ = /** @type {HTMLElement} */ (document.getElementById("top"));
const state = /** @type {HTMLElement} */ (document.getElementById("state"));
useTexts(JSON.parse(document.getElementById("texts")?.textContent ?? "{}"));

let language = document.documentElement.lang;
/** @type {Session | null} */ let session = null;
/** @type {Sorting | null} */ let sorting = null;
/** @type {steps.Piles | null} */ let piles = null;
/** @type {steps.Why | null} */ let why = null;
/** @type {typeof import("./teams.js") | null} */ let teams = null;
let shown = "";
let isLinked = false;
/** @type {any} */ let last = null;

/** The secret of the address, which is taken out of it at once; else what this tab keeps. */
function takeSecret() {
  const found = secretIn(location.hash);
  if (found) {
    history.replaceState(null, "", location.pathname + location.search);
    keep(found);
    return found;
  }
  try {
    return sessionStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

/** As long as the tab lives, so that loading it again goes on. @param {string} secret */
function keep(secret) {
  try {
    if (secret) sessionStorage.setItem(KEPT, secret);
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A frame may forbid it: then one comes back by the card or the code.
  }
}

/** @param {string} secret */
function open(secret) {
  session?.left.abort();
  /** @type {Session} */ const mine = new Session(secret, language, (what, reply) => {
    if (session === mine) told(what, reply);  // one that was left says nothing any more
  });
  session = mine;
  sorting = new Sorting(mine, draw);
  piles = new steps.Piles(mine, draw);
  why = new steps.Why(mine);
  isLinked = isResumeCode(secret);
  shown = "";
  return mine;
}

/** @param {string} what @param {any} [reply] */
function told(what, reply) {
  switch (what) {
    case "offline":
      return status(t("offline"), "away");
    case "saved":
      return status(t("saved"), "");
    case "elsewhere":
      announce(t("elsewhere"), true);
      return draw();
    case "refused":
      announce(reply.text, true);
      return session?.draft ? draw() : start(reply.text);
    case "questionnaire":
      return onTheForm();
    case "delivered":
    case "ended":
      status("", "");
      last = reply;
      keep("");
      return draw();
    default:
      for (const each of reply?.said ?? []) {
        if (each.kind === "out_of_turn") announce(t("elsewhere"), true);
        else if (each.kind !== "placed" && !each.field) announce(each.text, true);
      }
      // What is on its way is not saved yet.
      if (session?.waiting.length && !state.className) status("", "");
      return draw();
  }
}

/** @param {string} text @param {string} kind */
function status(text, kind) {
  if (state.textContent !== text) state.textContent = text;
  state.className = kind;
}

function draw() {
  if (!session) return;
  const { draft, study } = session;
  const step = draft ? draft.stage : last?.kind ?? "";
  const isNew = step !== shown;
  if (sorting?.drag.isDragging()) return void setTimeout(draw, 50);
  const focused = nameOf(document.activeElement);
  const open_ = [...document.querySelectorAll("details[open]")].map((each) => each.className);
  const scrolled = document.querySelector(".cards")?.scrollLeft ?? 0;
  const wide = document.querySelector(".wide")?.scrollLeft ?? 0;
  if (step === "explaining" && !isNew && document.activeElement?.matches("textarea, select")) return;
  shown = step;
  document.body.className = `step-${step}`;
  top_.replaceChildren(...head(step, study?.title ?? ""));
  main.replaceChildren(h("h1", { id: "step", tabindex: -1 }, t(`step.${step}`)), body(step));
  for (const each of document.querySelectorAll("details.heap")) if (open_.includes(each.className)) each.setAttribute("open", "");
  const cards = document.querySelector(".cards");
  if (cards && !isNew) cards.scrollLeft = scrolled;
  const grid = document.querySelector(".wide");
  if (grid) grid.scrollLeft = wide;
  if (isNew) {
    hush();
    if (sorting) sorting.focus = sorting.focus && step === "reviewing" ? sorting.focus : "";
    if (!sorting?.focus) document.getElementById(step === "presorting" ? "one" : "step")?.focus({ preventScroll: true });
    if (step !== "reviewing") scrollTo(0, 0);
  } else if (focused && !sorting?.focus) refocus(focused);
  if (step === "sorting" || step === "reviewing") sorting?.drawn();
}

/** What finds an element again after it was drawn anew. @param {Element | null} element */
function nameOf(element) {
  if (!(element instanceof HTMLElement) || element === document.body) return "";
  if (element.id) return `#${CSS.escape(element.id)}`;
  for (const [key, value] of Object.entries(element.dataset)) {
    if (value) return `[data-${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}="${CSS.escape(value)}"]`;
  }
  const place = element.closest("[data-place]");
  return place ? `[data-place="${place.getAttribute("data-place")}"] :is(.text, .empty)` : "";
}

/** Keys speak to the statement: it has them again after a dialogue, or a press beside everything. @param {Event} event */
function toStatement(event) {
  const isNowhere = event.type === "close" || document.activeElement === document.body;
  if (isNowhere && shown === "presorting") refocus("#one");
}

document.addEventListener("close", toStatement, true);
document.addEventListener("click", toStatement);

/** @param {string} name */
function refocus(name) {
  const found = /** @type {HTMLElement | null} */ (document.querySelector(name));
  found?.focus({ preventScroll: true });
}

/** @param {string} step @returns {HTMLElement} */
function body(step) {
  const mine = /** @type {Session} */ (session);
  switch (step) {
    case "reading":
      return steps.reading(mine, isLinked);
    case "presorting":
      return /** @type {steps.Piles} */ (piles).draw();
    case "sorting":
    case "reviewing":
      return /** @type {Sorting} */ (sorting).draw();
    case "explaining":
      return /** @type {steps.Why} */ (why).draw();
    case "delivering":
      return steps.delivering(mine);
    case "delivered":
      return steps.delivered(last, () => {
        last = { kind: "ended", text: t("delivered.after") };
        draw();
      });
    default:
      return steps.ended(last?.text ?? "", teams?.exit() ?? null);
  }
}

/** @param {string} step @param {string} title */
function head(step, title) {
  const at = STEPS.indexOf(step);
  const mine = /** @type {Session} */ (session);
  const canGoBack = at > 0 && step !== "explaining" && step !== "delivering";
  return [
    h("p", { class: "title" }, title),
    at < 0 ? h("span", {}) : h("p", { class: "at" }, t("step", { number: at + 1, total: STEPS.length }),
      h("span", { class: "name" }, `: ${t(`step.${step}`)}`)),
    at < 0 ? h("span", {}) : h("div", { class: "buttons" },
      canGoBack ? button(t("back"), () => mine.send({ verb: "back" }), { class: "quiet", id: "back" }) : h("span", {}),
      button(t("undo"), () => {
        mine.send({ verb: "undo" });
        announce(t("said.undone"), true);
      }, { class: "quiet", id: "undo", disabled: !mine.draft?.canUndo && !mine.waiting.length }),
      button(t("help"), () => dialogue(t("help"), () => t(`help.${step}`).split("\n").map((line) => h("p", {}, line))),
        { class: "quiet", id: "help" }),
      button(t("pause"), () => steps.pause(mine, isLinked), { class: "quiet", id: "pause" })),
  ];
}

/** A questionnaire is a form that the server draws: the secret goes there in the body. */
function onTheForm() {
  const form = h("form", { method: "post", action: `/tavle/skjema?l=${language}`, hidden: true },
    h("input", { name: "verb", value: "look" }), h("input", { name: "token", value: session?.secret ?? "" }));
  keep("");
  document.body.append(form);
  /** @type {HTMLFormElement} */ (form).submit();
}

/** Without a draft: what the server wrote stays, and its forms are answered here. @param {string} [why_] */
function start(why_) {
  session?.left.abort();
  session = null;
  keep("");
  if (why_) status(why_, "away");
  document.body.classList.add("starting");
}

/** @param {SubmitEvent} event */
async function submitted(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const data = new FormData(form);
  const verb = String(data.get("verb"));
  if (session?.draft || verb === "read") return; // one's own answer is a page of its own
  event.preventDefault();
  if (verb === "look") return resume(secretIn(String(data.get("token"))));
  if (verb === "withdraw") return withdraw(String(data.get("code")));
  const secret = newResumeCode();
  const mine = open(secret);
  try {
    await mine.begin(String(data.get("study")), String(data.get("version")),
      String(data.get("code") ?? "").trim());
    if (mine.draft) keep(secret);
  } catch {
    start(t("offline.start"));
  }
}

/** @param {string} code */
async function withdraw(code) {
  const asking = new Session("", language, () => undefined);
  asking.left.abort();
  const reply = await asking.ask("withdraw", { code });
  status(reply.text, reply.kind === "refused" ? "away" : "");
  announce(reply.text);
}

/** @param {string} secret */
function resume(secret) {
  if (!secret) return start();
  keep(secret);
  return open(secret).look();
}

/** @param {Event} event */
async function speak(event) {
  const to = /** @type {HTMLElement} */ (event.target).closest("[data-language]");
  if (!(to instanceof HTMLElement) || !session) return;
  event.preventDefault();
  language = to.dataset.language ?? language;
  useTexts(await (await fetch(`/tavle/tekst/${language}`, { credentials: "omit" })).json());
  document.documentElement.lang = language;
  session.language = language;
  for (const each of document.querySelectorAll("[data-language]")) {
    each.toggleAttribute("aria-current", each === to);
  }
  shown = "";
  await session.look();
}

/** Inside Teams the address says so. */
async function inTeams() {
  const asked = new URLSearchParams(location.search);
  if (asked.get("i") !== "teams") return;
  teams = await import("./teams.js");
  await teams.settle(asked.get("tema") ?? "");
}

main.addEventListener("submit", (event) => submitted(/** @type {SubmitEvent} */ (event)));
document.getElementById("languages")?.addEventListener("click", speak);
window.addEventListener("hashchange", () => location.hash.length > 1 && resume(takeSecret()));
resume(takeSecret());
inTeams();
