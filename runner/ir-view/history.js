/**
 * One function of the IR through the passes of a level (TEXT_IR_HISTORY of backend/api/session.h): its text as lowered and
 * after each pass that changed it.
 */
import { functionsOf } from './functions.js';

/**
 * `positions`: how many passes have run, rising from 0; `texts`: what the function then is, without the last line end.
 * `cut`: from that position on nothing is known, Infinity = all is.
 * @typedef {{ function: { number: number, name: string }, positions: number[], texts: string[], cut: number }} IrHistory
 */

const HEAD = /(?:after|cut) (\d+)\n/y;

/** @param {string} text @returns {IrHistory} */
export function readHistory(text) {
  /** @type {IrHistory} */
  const history = { function: { number: 0, name: '' }, positions: [], texts: [], cut: Infinity };
  for (let at = 0; at < text.length;) {
    HEAD.lastIndex = at;
    const head = HEAD.exec(text);
    if (!head) throw new Error('the history of a function cannot be read');
    if (head[0].startsWith('cut')) return { ...history, cut: Number(head[1]) };
    // Line ends within literals are written as escapes: a line that is a brace alone ends a function.
    const start = HEAD.lastIndex;
    const end = text.indexOf('\n}\n', start) + 2;
    if (history.texts.length === 0) {
      const [{ number, name }] = functionsOf(text.slice(start, end + 1));
      history.function = { number, name };
    }
    history.positions.push(Number(head[1]));
    history.texts.push(text.slice(start, end));
    at = end + 1;
  }
  return history;
}

/** The function after so many passes; null = not known. @param {IrHistory} history @param {number} passes */
export function textAt({ positions, texts, cut }, passes) {
  if (passes >= cut) return null;
  return texts[positions.findLastIndex((position) => position <= passes)];
}

/**
 * The next position, before or behind one, whose pass changed the function.
 * @param {IrHistory} history
 * @param {number} passes
 * @param {1 | -1} direction
 * @returns {number | null} -1 = there is none; null = not known
 */
export function changeFrom({ positions, cut }, passes, direction) {
  if (direction < 0 && passes > cut) return null;
  const found =
    direction > 0
      ? positions.find((position) => position > passes)
      : positions.findLast((position) => position < passes && position > 0);
  if (found === undefined && direction > 0 && cut < Infinity) return null;
  return found ?? -1;
}
