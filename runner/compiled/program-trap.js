/**
 * How a compiled program failed, in the interpreter's words: from the number that it left in its global `jsrust_trap`, or
 * from what the engine threw, and the map of its places.
 */
import { wasmOffsets } from '../guest/traps.js';
import { MAP_SECTION, placeOfCall, placesOf } from './trap-map.js';
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
 * The global of a module that our generator wrote, or the function that stands for it at the MVP level. Any other module
 * may have one of the same name: a global counts only if it is a number that can be set.
 * @param {WebAssembly.Exports} exports
 * @returns {{ value: unknown } | null}
 */
export function trapGlobal(exports) {
  const global = exports[TRAP_GLOBAL];
  if (typeof global === 'function') return new TrapFunction(global);
  if (!(global instanceof WebAssembly.Global)) return null;
  try {
    const { value } = global;
    global.value = value;
    return typeof value === 'number' ? global : null;
  } catch {
    return null;
  }
}

/** Told as a global that keeps what it has. */
class TrapFunction {
  #read;

  /** @param {Function} read */
  constructor(read) {
    this.#read = read;
  }

  get value() {
    try {
      const value = this.#read();
      return typeof value === 'number' ? value : 0;
    } catch {
      return 0;
    }
  }

  set value(_) {}
}

/**
 * @param {{ value: unknown } | null} global of `trapGlobal`; a program that has no trap of its own has none
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
  const map = section ? new Uint8Array(section) : null;
  const place = number === 0 && map ? placeOfThrown(map, thrown) : number >>> KIND_BITS;
  const places = map ? placesOf(map, place, MOST_FRAMES) : [];
  const said = places.length > 0 ? ` in ${placeText(places[0])}` : '';
  return { message: `${sentence}${limit}${said}`, stack: places.map(positionOf) };
}

/** What only the engine notices, by the words of V8, SpiderMonkey and JavaScriptCore. @param {unknown} thrown */
function kindOfThrown(thrown) {
  const text = thrown instanceof Error ? thrown.message : '';
  if (/call stack|too much recursion/i.test(text)) return TRAP.STACK;
  return /out of bounds|out-of-bounds/i.test(text) && !/table/i.test(text) ? TRAP.BAD_POINTER : 0;
}

/**
 * Where the stack was exhausted: the innermost call that the map knows, of those that the engine's stack trace names.
 * @param {Uint8Array} map
 * @param {unknown} thrown
 */
function placeOfThrown(map, thrown) {
  for (const offset of wasmOffsets(thrown).slice(0, MOST_FRAMES)) {
    const place = placeOfCall(map, offset);
    if (place > 0) return place;
  }
  return 0;
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
