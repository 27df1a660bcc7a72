// @ts-check
/** The screen of a sorting hour: a clock that can be given more time, and the counts anew. */

const clock = /** @type {HTMLElement} */ (document.getElementById("clock"));
const begin = /** @type {HTMLButtonElement} */ (document.getElementById("begin"));
const more = /** @type {HTMLButtonElement} */ (document.getElementById("more"));
const counts = /** @type {HTMLElement} */ (document.getElementById("counts"));

let left = Number(clock.dataset.minutes) * 60;
/** @type {number | undefined} */ let ticking;

function show() {
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

function tick() {
  left = Math.max(0, left - 1);
  show();
}

begin.hidden = more.hidden = false;
begin.addEventListener("click", () => {
  begin.hidden = true;
  show();
  ticking ??= window.setInterval(tick, 1000);
});
more.addEventListener("click", () => {
  left += 120;
  show();
});

async function count() {
  try {
    const found = await (await fetch(`${location.pathname}/tall`, { credentials: "omit", cache: "no-store" })).json();
    for (const each of counts.querySelectorAll("li")) {
      const n = found[each.dataset.step ?? ""];
      const shown = /** @type {HTMLElement} */ (each.querySelector("b"));
      shown.textContent = n ? (counts.dataset.words ?? "%").replace("%", n) : "";
    }
  } catch {
    // Without network the counts stay as they were.
  }
}

setInterval(count, 15000);
