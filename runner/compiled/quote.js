/**
 * The listing's lines for the places of a report, which a compiled program's map of places does not hold.
 */
import { TEXT } from '../backend/abi.js';
import { TEXT_BYTES } from '../limits.js';

/** @import { Backend } from '../backend/backend.js' */
/** @import { Position, Report } from '../result.js' */

/**
 * @param {Backend} backend that holds the file
 * @param {Pick<Report, 'position' | 'stack'>} report
 * @returns {Pick<Report, 'position' | 'stack'>} the same with the texts, where there are any
 */
export function quoteLines(backend, { position, stack }) {
  const { text } = backend.text(TEXT.LISTING, TEXT_BYTES);
  if (text === null) return { position, stack };
  const numbers = backend.lines();
  const lines = text.split('\n');
  const quoted = (/** @type {Position} */ place) =>
    place.site === null ? place : { ...place, text: lines[numbers[place.site]]?.trim() ?? null };
  return { position: position && quoted(position), stack: stack.map(quoted) };
}
