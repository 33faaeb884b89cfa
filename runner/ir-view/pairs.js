/**
 * Which lines of an IR function and of its WebAssembly text belong together, from the origins that the code generator
 * keeps: quadruples of offset in the module, function, value (0 = the terminator), block. Instructions without a result have no
 * number in the text; since what they do cannot change places, they are found by their order within the block.
 */
import { blocksOf } from './blocks.js';

const QUAD = 4;
const VALUE = /^ {2}v(\d+) = /;
/** What leaves no code behind. */
const SILENT = /^ {2}(?:steps|mark\w*) /;

/** Origins of one function, in order of offset. @typedef {{ offset: number, value: number, block: number }} Origin */

/** @param {Uint32Array} origins @param {number} number of the IR function @returns {Origin[]} */
export function originsOf(origins, number) {
  /** @type {Origin[]} */
  const found = [];
  for (let at = 0; at + QUAD <= origins.length; at += QUAD) {
    if (origins[at + 1] === number) found.push({ offset: origins[at], value: origins[at + 2], block: origins[at + 3] });
  }
  return found;
}

/**
 * @param {string[]} lines of the IR function
 * @param {Origin[]} origins
 * @param {Uint32Array} offsets of each line of the WebAssembly text; what stands before the first instruction or repeats
 *   the offset of the line before belongs to nothing
 * @returns {Int32Array<ArrayBuffer>} for each line of the WebAssembly text, the line of the IR; -1 = none
 */
export function pairLines(lines, origins, offsets) {
  const lineOf = linesOfOrigins(lines, origins);
  const pairs = new Int32Array(offsets.length).fill(-1);
  let at = -1;
  for (let line = 0; line < offsets.length; line++) {
    while (at + 1 < origins.length && origins[at + 1].offset <= offsets[line]) at += 1;
    const isCode = line > 0 && offsets[line] > offsets[0];
    if (at >= 0 && isCode) pairs[line] = lineOf[at];
  }
  return pairs;
}

/** @param {string[]} lines @param {Origin[]} origins @returns {Int32Array} */
function linesOfOrigins(lines, origins) {
  const numbered = new Map();
  /** @type {Map<number, { head: number, last: number, effects: number[] }>} */
  const blocks = new Map();
  for (const { id, line, end } of blocksOf(lines)) {
    /** @type {number[]} */
    const unnumbered = [];
    let last = line;
    for (let at = line + 1; at < end; at++) {
      if (lines[at].startsWith('    ')) continue;
      const value = VALUE.exec(lines[at]);
      if (value) numbered.set(Number(value[1]), at);
      else if (!SILENT.test(lines[at])) unnumbered.push(at);
      last = at;
    }
    if (unnumbered.at(-1) === last) unnumbered.pop(); // the terminator
    blocks.set(id, { head: line, last, effects: unnumbered });
  }
  const parameters = parametersOf(lines, blocks);
  const unnumbered = valuesWithoutResult(origins, numbered, parameters);
  return Int32Array.from(origins, ({ value, block }) => {
    const found = blocks.get(block);
    if (value === 0) return found?.last ?? -1;
    const line = numbered.get(value) ?? parameters.get(value);
    if (line !== undefined) return line;
    const place = unnumbered.get(block)?.indexOf(value) ?? -1;
    return found?.effects[place] ?? -1;
  });
}

/** Values that heads of blocks declare. @param {string[]} lines @param {Map<number, { head: number }>} blocks */
function parametersOf(lines, blocks) {
  /** @type {Map<number, number>} */
  const parameters = new Map();
  for (const line of [0, ...Array.from(blocks.values(), ({ head }) => head)])
    for (const [, value] of (lines[line] ?? '').matchAll(/[(,] ?v(\d+) /g)) parameters.set(Number(value), line);
  return parameters;
}

/**
 * By block, in the order of the code.
 * @param {Origin[]} origins
 * @param {Map<number, number>} numbered
 * @param {Map<number, number>} parameters
 */
function valuesWithoutResult(origins, numbered, parameters) {
  /** @type {Map<number, Set<number>>} */
  const values = new Map();
  for (const { value, block } of origins) {
    if (value === 0 || numbered.has(value) || parameters.has(value)) continue;
    const known = values.get(block);
    if (known) known.add(value);
    else values.set(block, new Set([value]));
  }
  return new Map(Array.from(values, ([block, set]) => [block, [...set]]));
}
