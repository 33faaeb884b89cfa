/**
 * How a compiled program failed, in the interpreter's words: from the number that it left in its global `jsrust_trap`, or
 * from what the engine threw, and the map of its places.
 */
import { cutStack } from '../guest/traps.js';
import { MAP_SECTION, chainsOf, placesOfCalls } from './trap-map.js';
import { TRAP, TRAP_SENTENCES } from './trap-kinds.js';

/** @import { Position } from '../result.js' */
/** @import { MapPlace } from './trap-map.js' */

const TRAP_GLOBAL = 'jsrust_trap';

const KIND_BITS = 6;

/**
 * `stack`: places in the JSRS file, innermost first: where it failed, the calls that were inlined there, and those that the
 * engine's stack names. Empty when the module does not tell. `omitted`: frames that were cut from its
 * middle; null where the engine cut its end.
 * @typedef {{ message: string, stack: Position[], omitted: number | null }} ProgramTrap
 */
/**
 * `trap`: of `trapGlobal`; a program that has no trap of its own has none. `offsets`: in the module, of the frames of what
 * was thrown, innermost first. `whole`: the engine cut none of them. `limits`: bytes of memory, and of output where it ended for that.
 * @typedef {{ trap: { value: unknown } | null, thrown: unknown, offsets: number[], whole: boolean, module: WebAssembly.Module,
 *   limits: { memory: number, output: number | null } }} Failure
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
 * @param {Failure} failure
 * @returns {ProgramTrap | null} null: it is no program of our generator, or neither it nor we have words for what happened
 */
export function describeProgramTrap({ trap, thrown, offsets, whole, module, limits }) {
  const [section] = WebAssembly.Module.customSections(module, MAP_SECTION);
  if (!trap && !section) return null;
  const number = Number(trap?.value ?? 0);
  const kind =
    limits.output !== null ? TRAP.OUTPUT_LIMIT : number === 0 ? kindOfThrown(thrown) : number & ((1 << KIND_BITS) - 1);
  const sentence = TRAP_SENTENCES[kind];
  if (kind === 0 || sentence === undefined) return null;
  const places = section ? stackOf(new Uint8Array(section), kind, number >>> KIND_BITS, offsets) : [];
  const { shown, omitted } = cutStack(places, whole);
  /** @type {Partial<Record<number, string>>} */
  const amounts = {
    [TRAP.MEMORY]: `: ${limits.memory} bytes`,
    [TRAP.OUTPUT_LIMIT]: `: ${limits.output} bytes`,
    // A recursion that the optimiser made a loop of ends by itself, and has no frames.
    [TRAP.STACK]: number === 0 ? nestedCalls(places.length, whole) : '',
  };
  const said = shown.length > 0 ? ` in ${placeText(shown[0])}` : '';
  return { message: `${sentence}${amounts[kind] ?? ''}${said}`, stack: shown.map(positionOf), omitted };
}

/** What only the engine notices, by the words of V8, SpiderMonkey and JavaScriptCore. @param {unknown} thrown */
function kindOfThrown(thrown) {
  const text = thrown instanceof Error ? thrown.message : '';
  if (/call stack|too much recursion/i.test(text)) return TRAP.STACK;
  return /out of bounds|out-of-bounds/i.test(text) && !/table/i.test(text) ? TRAP.BAD_POINTER : 0;
}

/**
 * All frames, those of calls that were inlined among them.
 * @param {Uint8Array} map
 * @param {number} kind
 * @param {number} place where it failed; 0 = that is what the innermost frame calls
 * @param {number[]} offsets
 */
function stackOf(map, kind, place, offsets) {
  // Where memory is left is not known, only who called what left it.
  if (kind === TRAP.BAD_POINTER && place === 0) return [];
  const calls = placesOfCalls(map, offsets);
  const numbers = offsets.map((offset) => calls.get(offset) ?? 0).filter((number) => number > 0);
  return chainsOf(map, place > 0 ? [place, ...numbers] : numbers);
}

/** As the interpreter says it, as far as the engine's stack goes. @param {number} calls @param {boolean} whole */
function nestedCalls(calls, whole) {
  if (calls === 0) return '';
  return `: ${whole ? '' : 'more than '}${calls} nested calls`;
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
