/**
 * Key names (aver-abi.md 6.3) as numbers for shared memory: a character is its code point, the others follow Unicode.
 */

const NAMED = ['up', 'down', 'left', 'right', 'esc', 'enter'];
const FIRST = 0x110000;

/** @param {string} name a key's name or one character @returns {number} -1: no such key */
export function keyNumber(name) {
  const index = NAMED.indexOf(name);
  if (index >= 0) return FIRST + index;
  const [character, more] = name;
  return character !== undefined && more === undefined ? /** @type {number} */ (character.codePointAt(0)) : -1;
}

/** @param {number} number from keyNumber */
export function keyName(number) {
  return number >= FIRST ? NAMED[number - FIRST] : String.fromCodePoint(number);
}
