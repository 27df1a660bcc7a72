// @ts-check
/**
 * Inside Teams alone: the theme, and closing the dialog. Nobody's identity is asked for.
 *
 * TeamsJS comes after the board works. It would fetch a list of hosts from a server of Microsoft;
 * nothing of this page goes anywhere but to the bot, so that fetch is refused before it is made.
 */

/** @param {string} theme */
function wear(theme) {
  const dark = /** @type {HTMLLinkElement} */ (document.getElementById("dark"));
  if (theme === "default") dark.media = "not all";
  if (theme === "dark" || theme === "contrast") dark.media = "all";
}

function keepRequestsHome() {
  const own = window.fetch;
  window.fetch = (asked, options) => {
    const { origin } = new URL(asked instanceof Request ? asked.url : String(asked), location.href);
    return origin === location.origin ? own(asked, options) : Promise.reject(new TypeError("not from here"));
  };
}

/** @returns {Promise<any>} */
function load() {
  return new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = "/tavle/fil/MicrosoftTeams.min.js";
    script.onload = () => loaded(/** @type {any} */ (window).microsoftTeams);
    script.onerror = failed;
    document.head.append(script);
  });
}

/** @type {(() => void) | null} */
let closing = null;

/** What closes the dialog in Teams; nothing where there is none. */
export const exit = () => closing;

/** @param {string} theme what the address says of it */
export async function settle(theme) {
  wear(theme);
  if (window.parent === window) return;
  keepRequestsHome();
  const teams = await load();
  await teams.app.initialize();
  teams.app.registerOnThemeChangeHandler(wear);
  teams.app.notifySuccess();
  if (teams.dialog?.url?.isSupported()) closing = () => teams.dialog.url.submit();
}
