// @ts-check
/** The resume code of a draft that is begun from a link: drawn here, as `storage/codes.py` reads it. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 27;

/** @param {string} text */
function check(text) {
  let total = 0;
  [...text].reverse().forEach((character, i) => {
    const value = ALPHABET.indexOf(character) * (1 + ((i + 1) % 2));
    total += Math.floor(value / 32) + (value % 32);
  });
  return ALPHABET[(32 - (total % 32)) % 32];
}

/** @param {string} text */
const grouped = (text) => (text.match(/.{1,4}/g) ?? []).join("-");

/** 135 random bits and a check character, in seven groups of four. */
export function newResumeCode() {
  const random = crypto.getRandomValues(new Uint8Array(LENGTH));
  const secret = Array.from(random, (byte) => ALPHABET[byte % 32]).join("");
  return grouped(secret + check(secret));
}

/**
 * A secret from what somebody pasted or from the address: a whole link, a token or a resume code.
 * @param {string} typed
 */
export function secretIn(typed) {
  return typed.trim().replace(/^.*#/, "").replace(/^[tr]=/, "");
}

/** Whether it is a code for coming back, and not the token of a card. @param {string} secret */
export const isResumeCode = (secret) => /^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/i.test(secret);
