/**
 * How a compiled program failed, in the interpreter's words: from the number that it left in its global `jsrust_trap`, or
 * from what the engine threw, and the map of its places.
 */
import { MAP_SECTION, placesOf } from './trap-map.js';
import { TRAP, TRAP_SENTENCES } from './trap-kinds.js';

/** @import { Position } from '../result.js' */
/** @import { MapPlace } from './trap-map.js' */

const TRAP_GLOBAL = 'jsrust_trap';

const KIND_BITS = 6;
/** As many as the interpreter's reports show. */
const MOST_FRAMES = 20;

/**
 * `stack`: places in the JSRS file, innermost first: where it failed, and the calls that were inlined there. Empty when the
 * module does not tell.
 * @typedef {{ message: string, stack: Position[] }} ProgramTrap
 */

/**
 * The global of a module that our generator wrote. Any other module may have one of the same name: it counts only if it is
 * a number that can be set.
 * @param {WebAssembly.Exports} exports
 * @returns {WebAssembly.Global | null}
 */
export function trapGlobal(exports) {
  const global = exports[TRAP_GLOBAL];
  if (!(global instanceof WebAssembly.Global)) return null;
  try {
    const { value } = global;
    global.value = value;
    return typeof value === 'number' ? global : null;
  } catch {
    return null;
  }
}

/**
 * @param {WebAssembly.Global | null} global of `trapGlobal`; a program that has no trap of its own has none
 * @param {unknown} thrown by the instance
 * @param {WebAssembly.Module} module
 * @param {number} memory bytes that it could have at most
 * @returns {ProgramTrap | null} null: it is no program of our generator, or neither it nor we have words for what happened
 */
export function describeProgramTrap(global, thrown, module, memory) {
  const [section] = WebAssembly.Module.customSections(module, MAP_SECTION);
  if (!global && !section) return null;
  const number = Number(global?.value ?? 0);
  const kind = number === 0 ? kindOfThrown(thrown) : number & ((1 << KIND_BITS) - 1);
  const sentence = TRAP_SENTENCES[kind];
  if (kind === 0 || sentence === undefined) return null;
  const limit = kind === TRAP.MEMORY ? `: ${memory} bytes` : '';
  const places = section ? placesOf(new Uint8Array(section), number >>> KIND_BITS, MOST_FRAMES) : [];
  const place = places.length > 0 ? ` in ${placeText(places[0])}` : '';
  return { message: `${sentence}${limit}${place}`, stack: places.map(positionOf) };
}

/** What only the engine notices, by the words of V8, SpiderMonkey and JavaScriptCore. @param {unknown} thrown */
function kindOfThrown(thrown) {
  const text = thrown instanceof Error ? thrown.message : '';
  if (/call stack|too much recursion/i.test(text)) return TRAP.STACK;
  return /out of bounds|out-of-bounds/i.test(text) && !/table/i.test(text) ? TRAP.BAD_POINTER : 0;
}

/** As backend/api/report.c says it. @param {MapPlace} place */
function placeText({ shown, block, instruction, terminator }) {
  const inside = terminator ? ', terminator' : instruction === null ? '' : `, instruction ${instruction}`;
  return `\`${shown}\`, block ${block}${inside}`;
}

/** @param {MapPlace} place @returns {Position} */
function positionOf({ function: name, functionIndex, block, instruction, offset, source }) {
  return { function: name, functionIndex, block, instruction, offset, site: source, text: null };
}
