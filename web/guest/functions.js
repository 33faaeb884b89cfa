// The functions of a module by index, imported ones first, each with a name to show: its own, else the one it is exported
// under, else its number. The description lists the first of very many; the others are asked for piece by piece.

import { demangled } from '../../runner/module/demangle.js';

/** @import { WasmFunction, WasmInfo } from '../../runner/module/info.js' */

/**
 * @typedef {object} FunctionRow
 * @property {number} index among all functions
 * @property {string} name
 * @property {string} type
 * @property {number} size of its body in bytes; 0 of an imported one
 * @property {number} instructions
 * @property {boolean} isImported
 */

/** Functions with a body that are listed at most. */
const MOST = 100_000;

export class Functions {
  /** @type {Map<number, FunctionRow>} */
  #rows = new Map();
  /** Names of exports by the functions that they stand for. @type {Map<number, string>} */
  #exported = new Map();
  /** All that are described, in the order of their indices. @type {FunctionRow[]} */
  rows = [];
  /** Those with a body, likewise. @type {FunctionRow[]} */
  defined = [];
  /** Resolves when all are described that will be. @type {Promise<void>} */
  listed = Promise.resolve();

  /** @param {WasmInfo} info */
  constructor({ imports, exports, functions, importedFunctions, omitted }) {
    for (const { kind, index, name } of exports)
      if (kind === 'function' && !this.#exported.has(index)) this.#exported.set(index, name);
    for (const { kind, index, module, name, type } of imports) {
      if (kind !== 'function') continue;
      this.#add({ index, name: `${module}.${name}`, type, size: 0, instructions: 0, isImported: true });
    }
    this.#define(functions);
    /** How many the module has. */
    this.count = importedFunctions + functions.length + (omitted.functions ?? 0);
  }

  /**
   * Has the functions that the description leaves out described, a piece at a time.
   * @param {(first: number) => Promise<WasmFunction[]>} ask for functions with a body from that one on
   */
  describeAll(ask) {
    this.listed = this.#askOn(ask).catch(() => {}); // the worker was lost: the list ends where it ends
  }

  /** @param {(first: number) => Promise<WasmFunction[]>} ask */
  async #askOn(ask) {
    while (this.rows.length < this.count && this.defined.length < MOST) {
      const more = await ask(this.defined.length);
      if (more.length === 0) return;
      this.#define(more);
    }
  }

  /** @param {readonly WasmFunction[]} functions */
  #define(functions) {
    for (const { index, name, type, size, instructions } of functions) {
      const shown = (name && demangled(name)) || this.#exported.get(index) || `function ${index}`;
      const row = { index, name: shown, type, size, instructions, isImported: false };
      this.#add(row);
      this.defined.push(row);
    }
  }

  /** @param {FunctionRow} row */
  #add(row) {
    this.#rows.set(row.index, row);
    this.rows.push(row);
  }

  /** @param {number} index @returns {FunctionRow | null} null: it is one that the description leaves out */
  at(index) {
    return this.#rows.get(index) ?? null;
  }

  /** @param {number} index */
  nameOf(index) {
    return this.at(index)?.name ?? `function ${index}`;
  }
}

/** `module.` where all imports are of one module: what nobody needs to read on every line. @param {WasmInfo} info */
export function commonModule({ imports }) {
  const [first] = imports;
  return first && imports.every(({ module }) => module === first.module) ? `${first.module}.` : '';
}
