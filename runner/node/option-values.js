/**
 * How the values of options are read: the text in, and what it says put into the options. False: it has a wrong form; a
 * text: what is wrong with it.
 */
import { LEVELS } from '../backend/abi.js';
import { MOST_COLUMNS, MOST_ROWS } from '../limits.js';

/** @import { Options } from './options.js' */

const SIZES = `it takes a number of bytes from 1 up, or of K, M or G, ${Number.MAX_SAFE_INTEGER} bytes at most`;
const MOST_SECONDS = 1e9;

/** What a limit may be. */
const LIMITS = {
  steps: `it takes a whole number from 1 up to ${Number.MAX_SAFE_INTEGER}`,
  memory: SIZES,
  output: SIZES,
  seconds: `it takes a number above 0 and below ${MOST_SECONDS}, such as 0.5`,
};

/** Elsewhere 0 asks for no limit; here it would only be a slip. @param {Options} options @param {keyof LIMITS} key @param {number | null} value */
export function limit(options, key, value) {
  if (!value) return LIMITS[key];
  options[key] = value;
  return true;
}

/**
 * A name or a path: no function or file is called nothing.
 * @param {Options} options
 * @param {'entry' | 'out' | 'outBin' | 'printAfter' | 'traceOut'} key
 * @param {string} value
 */
export function name(options, key, value) {
  options[key] = value;
  return value !== '';
}

/** @param {Record<string, string>} record @param {string} text @param {string} separator */
export function pair(record, text, separator) {
  const at = text.indexOf(separator);
  if (at < 1) return false;
  record[text.slice(0, at)] = text.slice(at + separator.length);
  return true;
}

/** @param {Options} options @param {string} text */
export function level(options, text) {
  const found = LEVELS.find((each) => each.slice(1) === text || each === text);
  if (!found) return 'it takes 0, 1, 2 or s';
  options.level = found;
  return true;
}

/** The guest's path is the host's where only one is given. @param {Record<string, string>} dirs @param {string} text */
export function directory(dirs, text) {
  const at = text.lastIndexOf('::');
  const host = at < 0 ? text : text.slice(0, at);
  const guest = at < 0 ? text : text.slice(at + 2);
  if (host === '' || guest === '') return false;
  if (guest in dirs) return `${quoted(guest)} is ${quoted(dirs[guest])} already`;
  dirs[guest] = host;
  return true;
}

/** The name is the file's own where only that is given. @param {Record<string, string>} modules @param {string} text */
export function preload(modules, text) {
  const at = text.indexOf('=');
  const file = text.slice(at + 1);
  const name = at < 0 ? file.replace(/^.*[/\\]/, '').replace(/\.wasm$/, '') : text.slice(0, at);
  if (name === '' || file === '') return false;
  if (name in modules) return `${quoted(name)} is ${quoted(modules[name])} already`;
  modules[name] = file;
  return true;
}

/** @param {Options} options @param {string} text */
export function terminalSize(options, text) {
  const match = /^(\d{1,6})x(\d{1,6})$/i.exec(text);
  if (!match) return false;
  const columns = Number(match[1]);
  const rows = Number(match[2]);
  if (columns < 1 || rows < 1 || columns > MOST_COLUMNS || rows > MOST_ROWS)
    return `a terminal has 1 to ${MOST_COLUMNS} columns and 1 to ${MOST_ROWS} rows`;
  options.size = { columns, rows };
  return true;
}

/** @param {Options} options @param {string} text */
export function call(options, text) {
  const match = /^(.*?)\(([^()]*)\)$/s.exec(text);
  if (!match) return false;
  const values = match[2].trim() === '' ? [] : match[2].split(',').map((each) => each.trim());
  options.calls.push({ name: match[1], arguments: values });
  return true;
}

/** @param {string} text */
export function wholeNumber(text) {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}

/** Seconds. @param {string} text */
export function decimal(text) {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  return value < MOST_SECONDS ? value : null;
}

/** @param {string} text */
export function quoted(text) {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}
