/**
 * The names of variants, which a module lists in its memory (spec aver-abi.md 5.4, 5.5). They are read before the program
 * starts: in early builds the heap overwrites them.
 */

/** @import { Guest } from '../../guest/types.js' */

/** Longest list that is read. */
const MOST_BYTES = 1024 * 1024;
/** What pointers below -1 stand for in the one development layout that has them. */
const SENTINELS = new Map([
  [-2, 'Result.Ok(true)'],
  [-3, 'Result.Ok(false)'],
  [-4, 'Result.Ok(Unit)'],
  [-5, 'Result.Err(true)'],
  [-6, 'Result.Err(false)'],
  [-7, 'Result.Err(Unit)'],
  [-8, 'Option.Some(true)'],
  [-9, 'Option.Some(false)'],
  [-10, 'Option.Some(Unit)'],
]);

export class Names {
  /** @type {Map<number, string>} */
  #variants = new Map();
  /** @type {Map<number, string>} */
  #sentinels = new Map();

  /** @param {Guest} guest after instantiation */
  read(guest) {
    this.#variants = readList(guest, '$variant_names') ?? new Map();
    const named = readList(guest, '$sentinel_names');
    if (named) this.#sentinels = new Map([...named, ...SENTINELS]);
  }

  /** @param {number} tag */
  variant(tag) {
    return this.#variants.get(tag) ?? `Variant#${tag}`;
  }

  /** @param {number} pointer signed */
  sentinel(pointer) {
    return this.#sentinels.get(pointer);
  }
}

/**
 * `number:name|number:name|...`, or null when the module has no such list.
 * @param {Guest} guest @param {string} name of the two globals, without `_ptr` and `_len`
 */
function readList(guest, name) {
  const pointer = globalValue(guest, `${name}_ptr`);
  const length = globalValue(guest, `${name}_len`);
  const bytes = pointer === null || length === null ? null : guest.memory.slice(pointer, length);
  if (bytes === null || bytes.length > MOST_BYTES) return null;
  const names = new Map();
  for (const entry of new TextDecoder().decode(bytes.slice()).split('|')) {
    const match = /^(-?\d+):(.*)$/s.exec(entry);
    if (match) names.set(Number(match[1]), match[2]);
  }
  return names;
}

/** @param {Guest} guest @param {string} name */
function globalValue(guest, name) {
  const global = guest.exports[name];
  if (!(global instanceof WebAssembly.Global)) return null;
  try {
    return typeof global.value === 'number' ? global.value : null;
  } catch {
    // One of a type that JavaScript has no value for.
    return null;
  }
}
