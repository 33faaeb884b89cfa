// A call of an import in words: its arguments, its result, its times.

import { duration, number } from '../format.js';
import { cutName } from './names.js';

/** @import { CallLine } from '../../runner/abi/traced.js' */

/** Of each value in a row. */
const LONGEST_IN_ROW = 60;

/** Wide numbers, those that JSON has no word for, and WASI's errors come as texts. */
const NO_TEXT = /^(?:-?\d+|NaN|-?Infinity|-?inf|nan|E[A-Z0-9]+)$/;

/** Parameters without a name have their number for one, and are numbers. @param {CallLine} line */
export function argumentsText({ args }) {
  return Object.entries(args ?? {})
    .map(([name, value]) => {
      if (/^\d+$/.test(name)) return cutName(plainText(value), LONGEST_IN_ROW);
      return `${cutName(name, 30)} ${cutName(valueText(value), LONGEST_IN_ROW)}`;
    })
    .join(', ');
}

/** A program that exits has not failed. @param {CallLine} line */
export function resultLook({ failed }) {
  if (failed === undefined) return 'result-value';
  return /^exit \d+$/.test(String(failed)) ? 'dim' : 'failed';
}

/** @param {CallLine} line */
export function resultText(line) {
  if (line.failed !== undefined) return `ends the run: ${cutName(String(line.failed), LONGEST_IN_ROW)}`;
  return 'result' in line ? `= ${cutName(plainText(line.result), LONGEST_IN_ROW)}` : '';
}

/** A value that may be a number in a text. @param {unknown} value */
function plainText(value) {
  return typeof value === 'string' && NO_TEXT.test(value) ? value : valueText(value);
}

/** @param {unknown} value */
export function valueText(value) {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '');
}

/** @param {number} milliseconds */
export function precise(milliseconds) {
  return milliseconds < 1 ? microseconds(milliseconds) : duration(milliseconds);
}

/** @param {number} milliseconds */
export function microseconds(milliseconds) {
  return milliseconds < 1 ? `${number(Math.round(milliseconds * 1000))} µs` : duration(milliseconds);
}
