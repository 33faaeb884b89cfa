// The functions of a module by index, imported ones first, each with a name to show: its own, else the one it is exported
// under, else its number. The description lists the first of very many; all can be shown by index.

import { demangled } from '../../runner/module/demangle.js';

/** @import { WasmInfo } from '../../runner/module/info.js' */

/**
 * @typedef {object} FunctionRow
 * @property {number} index among all functions
 * @property {string} name
 * @property {string} type
 * @property {number} size of its body in bytes; 0 of an imported one
 * @property {number} instructions
 * @property {boolean} isImported
 */

export class Functions {
  /** @type {Map<number, FunctionRow>} */
  #rows = new Map();

  /** @param {WasmInfo} info */
  constructor({ imports, exports, functions, importedFunctions, omitted }) {
    /** @type {Map<number, string>} */
    const exported = new Map();
    for (const { kind, index, name } of exports)
      if (kind === 'function' && !exported.has(index)) exported.set(index, name);
    for (const { kind, index, module, name, type } of imports) {
      if (kind !== 'function') continue;
      this.#rows.set(index, { index, name: `${module}.${name}`, type, size: 0, instructions: 0, isImported: true });
    }
    for (const { index, name, type, size, instructions } of functions) {
      const shown = (name && demangled(name)) || exported.get(index) || `function ${index}`;
      this.#rows.set(index, { index, name: shown, type, size, instructions, isImported: false });
    }
    /** How many the module has. */
    this.count = importedFunctions + functions.length + (omitted.functions ?? 0);
    /** Those that are described. */
    this.rows = [...this.#rows.values()].sort((a, b) => a.index - b.index);
    /** Those with a body, in the file's order. */
    this.defined = this.rows.filter(({ isImported }) => !isImported);
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
