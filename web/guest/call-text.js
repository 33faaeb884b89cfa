// A call of an import in words: its arguments, its result, its times.

import { duration, number } from '../format.js';
import { cutName } from './names.js';

/** @import { CallLine } from '../../runner/abi/traced.js' */
/** @import { Plan } from '../../runner/module/plan.js' */
/**
 * By call: the names of parameters that are numbers though they come as texts, and whether what it gives is a text.
 * @typedef {ReadonlyMap<string, { wide: readonly string[], givesText: boolean }>} WideNumbers
 */

/** Of each value in a row. */
const LONGEST_IN_ROW = 60;

/** Wide numbers, those that JSON has no word for, and what WASI's functions say come as texts. */
const NO_TEXT = /^(?:-?\d+|NaN|-?Infinity|-?inf|nan|SUCCESS|E[A-Z0-9]+|0x[0-9a-f]+)$/;

/** Parameters without a name have their number for one, and are numbers. */
const UNNAMED = /^\d+$/;

/** @param {Plan} plan @returns {WideNumbers} */
export function wideNumbers({ imports, linked }) {
  const all = [...imports, ...linked.flatMap(({ plan }) => plan.imports)];
  return new Map(
    all.map(({ module, name, wide = [], givesText = false }) => [`${module}.${name}`, { wide, givesText }]),
  );
}

/** @param {CallLine} line @param {WideNumbers} wide */
export function argumentsText(line, wide) {
  return argumentTexts(line, wide)
    .map(([name, text]) => (UNNAMED.test(name) ? '' : `${cutName(name, 30)} `) + cutName(text, LONGEST_IN_ROW))
    .join(', ');
}

/**
 * Names and values; what is a number is written as one, and a text that looks like one is not.
 * @param {CallLine} line @param {WideNumbers} wide
 */
export function argumentTexts({ call, args }, wide) {
  return Object.entries(args ?? {}).map(([name, value]) => {
    const isNumber = UNNAMED.test(name) || wide.get(call)?.wide.includes(name);
    return [name, isNumber ? plainText(value) : valueText(value)];
  });
}

/** A program that exits has not failed. @param {CallLine} line */
export function resultLook({ failed }) {
  if (failed === undefined) return 'result-value';
  return /^exit \d+$/.test(String(failed)) ? 'dim' : 'failed';
}

/** @param {CallLine} line @param {WideNumbers} wide */
export function resultText(line, wide) {
  if (line.failed !== undefined) return `ends the run: ${cutName(String(line.failed), LONGEST_IN_ROW)}`;
  return 'result' in line ? `= ${cutName(wholeResult(line, wide), LONGEST_IN_ROW)}` : '';
}

/** @param {CallLine} line @param {WideNumbers} wide */
export function wholeResult({ call, result }, wide) {
  return wide.get(call)?.givesText ? valueText(result) : plainText(result);
}

/** A value that may be a number in a text. @param {unknown} value */
function plainText(value) {
  return typeof value === 'string' && NO_TEXT.test(value) ? value : valueText(value);
}

/** @param {unknown} value */
function valueText(value) {
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
