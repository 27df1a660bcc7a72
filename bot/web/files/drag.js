// @ts-check
/**
 * Dragging with mouse, pen and finger, by pointer events. A finger lifts by a long press, so that
 * a swipe still scrolls. Everything here can be done by single presses as well.
 */

const THRESHOLD = 6;
const LONG_PRESS = 200;
const EDGE = 56;

/**
 * @param {HTMLElement} root
 * @param {AbortSignal} signal ends it
 * @param {{ lift: (id: string) => void, drop: (id: string, target: Element | null) => void,
 *   over: (target: Element | null) => void }} told
 */
export function draggable(root, signal, told) {
  /** @type {{ id: string, pointer: number, x: number, y: number, source: HTMLElement, timer: number } | null} */
  let pressed = null;
  /** @type {HTMLElement | null} */
  let ghost = null;
  let frame = 0;
  let at = { x: 0, y: 0 };

  root.addEventListener("pointerdown", (event) => {
    const source = /** @type {Element} */ (event.target).closest("[data-grip]");
    if (!source || event.button !== 0 || pressed) return;
    const card = /** @type {HTMLElement} */ (source.closest("[data-card]"));
    pressed = {
      id: card.dataset.card ?? "", pointer: event.pointerId, x: event.clientX, y: event.clientY,
      source: card, timer: 0,
    };
    at = { x: event.clientX, y: event.clientY };
    if (event.pointerType === "touch") pressed.timer = window.setTimeout(lift, LONG_PRESS);
  }, { signal });

  window.addEventListener("pointermove", (event) => {
    if (!pressed || event.pointerId !== pressed.pointer) return;
    at = { x: event.clientX, y: event.clientY };
    const moved = Math.hypot(at.x - pressed.x, at.y - pressed.y) > THRESHOLD;
    if (ghost) follow();
    else if (moved && event.pointerType === "touch") forget();
    else if (moved) lift();
  }, { signal });

  window.addEventListener("pointerup", (event) => {
    if (!pressed || event.pointerId !== pressed.pointer) return;
    const { id } = pressed;
    if (!ghost) return forget();
    const target = under();
    settle();
    // The click that follows a drag is no press.
    const swallow = (/** @type {Event} */ click) => (click.stopPropagation(), click.preventDefault());
    const end = () => window.removeEventListener("click", swallow, { capture: true });
    window.addEventListener("click", swallow, { capture: true, once: true });
    // A click after another press is that press's, however late this timer comes.
    window.addEventListener("pointerdown", end, { capture: true, once: true });
    setTimeout(end, 50);
    told.drop(id, target);
  }, { signal });

  window.addEventListener("pointercancel", () => pressed && (ghost ? settle() : forget()), { signal });
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && ghost) {
      event.stopImmediatePropagation();
      settle();
    }
  }, { capture: true, signal });
  // A finger that carries a statement does not scroll, nor open the menu of the page.
  root.addEventListener("touchmove", (event) => ghost && event.preventDefault(), { passive: false, signal });
  root.addEventListener("contextmenu", (event) => (ghost || pressed?.timer) && event.preventDefault(), { signal });

  function lift() {
    if (!pressed) return;
    const box = pressed.source.getBoundingClientRect();
    ghost = /** @type {HTMLElement} */ (pressed.source.cloneNode(true));
    ghost.classList.add("ghost");
    ghost.setAttribute("aria-hidden", "true");
    ghost.removeAttribute("data-card");
    ghost.style.width = `${Math.min(box.width, 260)}px`;
    document.body.append(ghost);
    document.body.classList.add("dragging");
    pressed.source.classList.add("away");
    told.lift(pressed.id);
    follow();
    scroll();
  }

  function follow() {
    if (ghost) ghost.style.transform = `translate(${at.x + 8}px, ${at.y + 8}px)`;
    told.over(under());
  }

  /** Near an edge the page, or the part of it that scrolls, comes along. */
  function scroll() {
    if (!ghost) return;
    const by = at.y < EDGE ? -10 : at.y > innerHeight - EDGE ? 10 : 0;
    if (by) scrollBy(0, by);
    const wide = document.querySelector(".wide");
    const side = at.x < EDGE ? -10 : at.x > innerWidth - EDGE ? 10 : 0;
    if (wide && side) wide.scrollLeft += side;
    frame = requestAnimationFrame(scroll);
  }

  function under() {
    return document.elementFromPoint(at.x, at.y);
  }

  function settle() {
    ghost?.remove();
    ghost = null;
    cancelAnimationFrame(frame);
    document.body.classList.remove("dragging");
    pressed?.source.classList.remove("away");
    told.over(null);
    forget();
  }

  function forget() {
    if (pressed) clearTimeout(pressed.timer);
    pressed = null;
  }

  return { isDragging: () => ghost !== null };
}
